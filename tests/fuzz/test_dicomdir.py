"""Fuzz of DICOMDIRs: a mutated header is refused cleanly, or gives a directory that others read."""

import io
import time
from collections import Counter

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import BasicTextSRStorage, ImplicitVRLittleEndian

from isocenter.dicom.dicomdir import directory_pieces
from isocenter.dicom.dicomdir_entry import Entry, read_entry
from isocenter.dicom.dicomdir_tree import arrange, name_files, profile_warnings
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import IsocenterError
from isocenter.limits import Limits
from tests.builders import instance, to_bytes
from tests.fuzz.mutations import mutations

CPU_SECONDS_MAX = 2.0
LIMITS = Limits(header_value_bytes=1_000_000)
MUTATIONS, MUTATIONS_FULL = 400, 20_000


def seeds() -> list[bytes]:
    """Return an image, one in Implicit VR and another character set, and a report."""
    image, implicit, report = instance(0), instance(1), instance(2)
    implicit.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    implicit.PatientName = "Yamada^Tarou=山田^太郎"
    implicit.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    code, modifier = Dataset(), Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "1", "99BUILDER", "für"
    modifier.RelationshipType, modifier.ConceptNameCodeSequence = "HAS CONCEPT MOD", [code]
    report.SOPClassUID = BasicTextSRStorage
    report.CompletionFlag, report.VerificationFlag = "COMPLETE", "VERIFIED"
    report.ConceptNameCodeSequence, report.ContentSequence = [code], [modifier]
    del report.PixelData
    return [to_bytes(dataset) for dataset in (image, implicit, report)]


def check(entries: list[Entry]) -> None:
    """Make a directory of what was read; pydicom must be able to read every key."""
    arranged = arrange(entries)
    ids = name_files(arranged)
    raw = b"".join(directory_pieces(arranged, ids))
    profile_warnings(arranged)
    records = dcmread(io.BytesIO(raw)).DirectoryRecordSequence
    assert sum("ReferencedFileID" in record for record in records) == len(ids)
    for record in records:
        str(record)
        assert record.RecordInUseFlag == 0xFFFF


def run(count: int) -> Counter[str]:
    """Return how the mutations ended."""
    found: Counter[str] = Counter()
    originals = seeds()
    for number, data in enumerate(originals):
        entries = []
        for mutated in mutations(data, originals[number - 1], count, number):
            started = time.process_time()
            try:
                entries.append(read_entry(index_header(BytesSource(mutated), LIMITS)))
                found["read"] += 1
            except IsocenterError as error:
                found[type(error).__name__] += 1
            assert time.process_time() - started < CPU_SECONDS_MAX
        check(entries)
    return found


@pytest.mark.usefixtures("odd_values_allowed")
def test_mutated_headers_end_clean() -> None:
    found = run(MUTATIONS)

    assert found["read"] > MUTATIONS // 10
    assert len(found) > 3


@pytest.mark.slow
@pytest.mark.usefixtures("odd_values_allowed")
def test_many_mutated_headers_end_clean() -> None:
    assert run(MUTATIONS_FULL)["read"] > MUTATIONS_FULL // 10
