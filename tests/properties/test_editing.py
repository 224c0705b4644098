"""What is done and undone gives the same again: edits, byte orders, ACR-NEMA."""

import contextlib
import io

from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from isocenter.dicom.edited import apply_edits
from isocenter.dicom.edits import make_edit, parse_edit, parse_edits, parse_path
from isocenter.dicom.endianness import to_big_endian, to_little_endian
from isocenter.dicom.header_index import index_header, walk
from isocenter.dicom.modify import modify
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.errors import InvalidInputError, IsocenterError
from tests.properties.test_header_index import data_sets

NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\\^="), max_size=60
)
CHARACTER_SETS = st.sampled_from(
    ["", "ISO_IR 100", "ISO_IR 144", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87",
     "ISO 2022 IR 13\\ISO 2022 IR 87", "\\ISO 2022 IR 149", "ISO 2022 IR 100\\ISO 2022 IR 126"]
)  # fmt: skip
UIDS = st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian])


def to_bytes(dataset: Dataset, uid: str = ExplicitVRLittleEndian) -> bytes:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(uid)
    dataset.file_meta.MediaStorageSOPClassUID = UID("1.2.3")
    dataset.file_meta.MediaStorageSOPInstanceUID = UID("1.2.4")
    stream = io.BytesIO()
    dcmwrite(stream, dataset, enforce_file_format=True)
    return stream.getvalue()


def edited(data: bytes, text: str) -> bytes:
    source = BytesSource(data)
    result = modify(index_header(source), source, parse_edits(text))
    return b"".join(read_pieces(result.pieces, [source]))


def big(data: bytes) -> bytes:
    source = BytesSource(data)
    return b"".join(read_pieces(to_big_endian(index_header(source), source).pieces, [source]))


def little(data: bytes) -> bytes:
    plain = io.BytesIO()
    rewrite(io.BytesIO(data), plain)
    source = BytesSource(plain.getvalue())
    return b"".join(read_pieces(to_little_endian(index_header(source), source).pieces, [source]))


def values_of(data: bytes) -> list[tuple[tuple[int, ...], int, bytes]]:
    """Return path, tag and value of every element but sequences and group lengths."""
    return [
        (path, tag, level.value(tag))
        for path, level, tag in walk(index_header(BytesSource(data)).dataset)
        if level.vr(tag) != "SQ" and tag & 0xFFFF
    ]


@given(data_sets(), UIDS)
def test_edits_there_and_back_give_the_same_bytes(dataset: Dataset, uid: str) -> None:
    dataset.PatientID, dataset.StudyID = "1", "2"
    for keyword in ("AccessionNumber", "PatientComments"):
        dataset.pop(keyword, None)
    first = edited(to_bytes(dataset, uid), "PatientID=1")

    there = edited(first, "PatientID=long\nr StudyID\nAccessionNumber=7\nPatientComments=x")
    back = edited(there, "PatientID=1\nStudyID=2\nr AccessionNumber\nr PatientComments")

    assert back == first
    assert there != first


@given(data_sets(), UIDS)
def test_little_of_big_is_little(dataset: Dataset, uid: str) -> None:
    dataset.Modality = "CT"  # an empty Data Set has no byte order
    data = little(to_bytes(dataset, uid))

    settled = little(big(data))

    # Items inside of UN become a sequence, which is no longer UN; nothing else changes.
    assert values_of(settled) == values_of(data)
    assert little(big(settled)) == settled


@given(NAMES, CHARACTER_SETS)
def test_pydicom_reads_every_text_that_was_written(text: str, terms: str) -> None:
    dataset = Dataset()
    dataset.SpecificCharacterSet = terms.split("\\")
    dataset.Modality = "CT"
    data = to_bytes(dataset)
    try:
        after = edited(data, f"StudyDescription={text}")
    except InvalidInputError:
        return

    assert dcmread(io.BytesIO(after)).get("StudyDescription", "") == text.strip()


@given(st.text(max_size=80))
def test_any_line_is_an_edit_or_refused(line: str) -> None:
    try:
        edit = parse_edit(line, "line 1")
    except InvalidInputError as error:
        said, edit = str(error), None
    else:
        said = "line 1: "
    assert said.startswith("line 1: ")
    assert edit is None or edit.path


@given(
    data_sets(), st.integers(0, 0xFFFFFFFF), st.sampled_from(["", "1", "Ä", "1\\2"]), st.booleans()
)
def test_any_element_is_set_or_refused(
    dataset: Dataset,
    tag: int,
    text: str,
    nested: bool,
) -> None:
    source = BytesSource(to_bytes(dataset))
    name = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    path, _ = parse_path(f"(0008,1140)[0].{name}" if nested else name, "")
    with contextlib.suppress(IsocenterError):
        changes = apply_edits(index_header(source).dataset, [make_edit(path, text, "", "x")])
        assert changes.elements
