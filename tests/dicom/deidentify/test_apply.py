import contextlib
import csv
import io
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.encaps import generate_fragments
from pydicom.uid import UID, RLELossless

from isocenter.dicom.deidentify.apply import Kind, action_letters, deidentify
from isocenter.dicom.deidentify.profile import Held, Option, Profile
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import ByteRange, BytesSource, read_pieces
from isocenter.dicom.uids import IMPLEMENTATION_CLASS
from isocenter.errors import HeldBackError, IsocenterError, NotSupportedError
from tests.builders import (
    add_private,
    instance,
    series,
    set_fragments,
    to_bytes,
    write_series,
)
from tests.dicom.deidentify.deidentifying import (
    BASIC,
    KEY,
    OTHER_KEY,
    deidentified,
    profile,
    read,
    run,
)
from tests.judges import assert_same_volumes, errors_of, volumes_of

# What every analysis of images needs; nothing of it may get lost.
ACQUISITION = (
    *("ImageType", "Modality", "SOPClassUID", "Rows", "Columns", "BitsAllocated", "BitsStored"),
    *("HighBit", "PixelSpacing", "PixelRepresentation", "PhotometricInterpretation"),
    *("SamplesPerPixel", "ImagePositionPatient", "ImageOrientationPatient", "SliceThickness"),
    *("RescaleSlope", "RescaleIntercept", "InstanceNumber", "SeriesNumber"),
    *("AcquisitionNumber", "PatientPosition"),
)
CT = "1.2.840.10008.5.1.4.1.1.2"
EVERYTHING = frozenset(Held)
CHOICES = {
    "basic": frozenset[Option](),
    "for research": frozenset(
        {
            *(Option.RETAIN_MODIFIED_DATES, Option.RETAIN_PATIENT_CHARACTERISTICS),
            *(Option.CLEAN_DESCRIPTORS, Option.CLEAN_STRUCTURED_CONTENT, Option.CLEAN_GRAPHICS),
        }
    ),
}


@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
def test_acquisition_geometry_and_pixels_stay(modality: str) -> None:
    dataset = add_private(instance(modality=modality))

    made = deidentified(dataset)

    for keyword in ACQUISITION:
        assert made.get(keyword) == dataset.get(keyword), keyword
    assert np.array_equal(made.pixel_array, dataset.pixel_array)


def test_the_patient_is_a_pseudonym_and_the_rest_of_the_identity_gone() -> None:
    dataset = instance()

    made, raw = run(to_bytes(dataset))

    result = read(raw)
    assert b"CANARY" not in raw
    assert result.PatientID == result.PatientName != ""
    assert result.PatientBirthDate == ""
    assert result.StudyDate == ""
    assert {(one.kind, one.original) for one in made.replacements} >= {
        (Kind.PATIENT_ID, dataset.PatientID),
        (Kind.UID, dataset.StudyInstanceUID),
        (Kind.UID, dataset.SOPInstanceUID),
    }


def test_the_same_input_gives_the_same_bytes() -> None:
    raw = to_bytes(instance())

    assert run(raw)[1] == run(raw)[1]


def test_instances_of_a_series_stay_one_series_and_two_keys_share_nothing() -> None:
    mine = [deidentified(dataset) for dataset in series(3)]
    (theirs, *_) = [deidentified(dataset, profile(key=OTHER_KEY)) for dataset in series(1)]

    assert len({dataset.SeriesInstanceUID for dataset in mine}) == 1
    assert len({dataset.FrameOfReferenceUID for dataset in mine}) == 1
    assert len({dataset.SOPInstanceUID for dataset in mine}) == 3
    for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        assert mine[0][keyword].value != theirs[keyword].value


def test_a_patient_is_the_same_in_every_character_set() -> None:
    latin, unicode = series(2)
    for dataset, terms in ((latin, "ISO_IR 100"), (unicode, "ISO_IR 192")):
        dataset.SpecificCharacterSet = terms
        dataset.PatientID, dataset.PatientName = "J\u00f6rg-7", "J\u00f6rg"
    options = profile(Option.RETAIN_MODIFIED_DATES)

    first, second = (deidentified(dataset, options) for dataset in (latin, unicode))

    assert first.PatientID == second.PatientID
    assert first.StudyDate == second.StudyDate
    made, _ = run(to_bytes(unicode))
    assert "J\u00f6rg" in {one.original for one in made.replacements}


def test_references_follow_the_instances_that_they_name() -> None:
    first, second = series(2)
    reference = Dataset()
    reference.ReferencedSOPClassUID = first.SOPClassUID
    reference.ReferencedSOPInstanceUID = first.SOPInstanceUID
    second.SourceImageSequence = [reference]

    named = deidentified(second).SourceImageSequence[0].ReferencedSOPInstanceUID

    assert named == deidentified(first).SOPInstanceUID


def test_dates_of_a_patient_move_together_and_times_stay() -> None:
    dataset = instance()
    dataset.AcquisitionDateTime = "20240131101500"
    dataset.SeriesDate = "20240207"

    made = deidentified(dataset, profile(Option.RETAIN_MODIFIED_DATES))

    assert made.StudyDate != dataset.StudyDate
    assert made.AcquisitionDateTime == made.StudyDate + "101500"
    assert made.StudyTime == dataset.StudyTime
    days = [pydicom.valuerep.DA(value) for value in (made.SeriesDate, made.StudyDate)]
    assert (days[0] - days[1]).days == 7


def test_preamble_meta_and_what_follows_the_data_set_say_nothing() -> None:
    dataset = instance()
    dataset.file_meta.SourceApplicationEntityTitle = "XANTHIPPE"
    dataset.file_meta.PrivateInformationCreatorUID = UID("1.2.3")
    dataset.file_meta.PrivateInformation = b"XANTHIPPE "
    dataset.DataSetTrailingPadding = b"XANTHIPPE "
    raw = b"XANTHIPPE".ljust(128) + to_bytes(dataset)[128:]

    made = run(raw)[1]

    assert b"XANTHIPPE" not in made
    assert made[:132] == bytes(128) + b"DICM"
    meta = read(made).file_meta
    assert meta.ImplementationClassUID == IMPLEMENTATION_CLASS
    assert meta.MediaStorageSOPInstanceUID == read(made).SOPInstanceUID
    assert "SourceApplicationEntityTitle" not in meta


def test_a_file_without_meta_gets_one() -> None:
    raw = to_bytes(instance())
    end = 144 + int.from_bytes(raw[140:144], "little")

    made = read(run(raw[end:])[1])

    assert made.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert made.SOPClassUID == made.file_meta.MediaStorageSOPClassUID


def test_an_instance_without_a_uid_gets_one_that_depends_on_its_bytes() -> None:
    first, second = series(2)
    for dataset in (first, second):
        del dataset.SOPInstanceUID
        dataset.file_meta.MediaStorageSOPClassUID = UID(CT)

    def made(dataset: Dataset) -> Dataset:
        raw = to_bytes_as_it_is(dataset)
        return read(run(raw)[1])

    uids = {made(first).SOPInstanceUID, made(second).SOPInstanceUID}
    assert len(uids) == 2
    assert made(first).SOPInstanceUID in uids


def to_bytes_as_it_is(dataset: Dataset) -> bytes:
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, dataset, enforce_file_format=False)
    return stream.getvalue()


def test_retained_uids_stay_in_header_and_meta() -> None:
    dataset = instance()

    made = deidentified(dataset, profile(Option.RETAIN_UIDS))

    assert (
        made.SOPInstanceUID == dataset.SOPInstanceUID == made.file_meta.MediaStorageSOPInstanceUID
    )
    assert made.StudyInstanceUID == dataset.StudyInstanceUID


def test_native_pixels_are_a_range_of_the_source() -> None:
    raw = to_bytes(instance(rows=64, columns=64, bits_stored=16))

    made, _ = run(raw)

    assert any(isinstance(piece, ByteRange) for piece in made.pieces)
    assert sum(len(piece) for piece in made.pieces if isinstance(piece, bytes)) < 4096


def test_compressed_frames_stay_as_they_are() -> None:
    dataset = instance(rows=4, columns=4)
    dataset.compress(RLELossless)
    frames = list(generate_fragments(dataset.PixelData))

    made = deidentified(dataset)

    assert made.file_meta.TransferSyntaxUID == RLELossless
    assert list(generate_fragments(made.PixelData))[-1] == frames[-1]


def test_regions_ask_for_work_on_the_pixels() -> None:
    source = BytesSource(to_bytes(instance()))
    region = Region(0, 0, 2, 2)

    made = deidentify(index_header(source), source, Profile(KEY, regions=(region,)))

    assert made.pixel_work
    assert made.pixel_work.regions == (region,)
    assert not run(to_bytes(instance()))[0].pixel_work


def test_a_private_transfer_syntax_is_refused() -> None:
    raw = to_bytes(instance()).replace(b"1.2.840.10008.1.2.1\0", b"1.2.826.0.1.3680.43\0")

    with pytest.raises(NotSupportedError, match="none of the standard"):
        run(raw)


def test_letters_are_those_of_the_profile() -> None:
    assert action_letters(BASIC)(0x00080020, "DA") == "X"
    assert action_letters(profile(Option.RETAIN_FULL_DATES))(0x00080020, "DA") == "K"


def test_counts_are_of_elements() -> None:
    made, raw = run(to_bytes(add_private(instance())))

    total = len(list(read(raw).iterall()))
    assert made.counts.removed >= 4
    assert made.counts.kept + made.counts.replaced <= total


def test_video_is_held_back() -> None:
    dataset = set_fragments(instance(), [b"video "], "1.2.840.10008.1.2.4.102")

    with pytest.raises(HeldBackError, match="video"):
        run(to_bytes(dataset))


RICH = to_bytes(add_private(instance(rows=4, columns=4)))


@given(st.integers(132, len(RICH)), st.binary(min_size=1, max_size=12))
def test_damaged_files_are_refused_or_de_identified(at: int, junk: bytes) -> None:
    damaged = RICH[:at] + junk + RICH[at + len(junk) :]

    with contextlib.suppress(IsocenterError):
        made = run(damaged)[1]
        assert index_header(BytesSource(made)).dataset.elements


@pytest.mark.judge("dcm2niix")
def test_dcm2niix_builds_the_same_volume_before_and_after(tmp_path: Path) -> None:
    slices = series(6, rows=16, columns=16)
    before, after = tmp_path / "before", tmp_path / "after"
    write_series(slices, before)
    after.mkdir()
    for number, dataset in enumerate(slices):
        (after / f"{number}.dcm").write_bytes(run(to_bytes(dataset))[1])

    volumes = [
        volumes_of(tmp_path / name, tmp_path / f"{name} out") for name in ("before", "after")
    ]

    assert_same_volumes(*volumes)


# --- real files -----------------------------------------------------------------------------------


def one_of_each_class(folder: Path) -> Iterator[Path]:
    """Yield a file of each SOP class and Transfer Syntax that the index reads by itself."""
    seen: Counter[tuple[str, str]] = Counter()
    with (folder / "MANIFEST.csv").open() as stream:
        for row in csv.DictReader(stream):
            key = (row["sop_class_uid"], row["transfer_syntax_uid"])
            if row["sop_class_uid"] and not seen[key] and int(row["size"] or 0) < 4_000_000:
                seen[key] += 1
                yield folder / row["path"]


@pytest.fixture(scope="module")
def real_files(shared_data: Path) -> list[tuple[Path, BytesSource]]:
    """Return real files that can be de-identified, with their bytes."""
    found = []
    for path in one_of_each_class(shared_data / "dicom"):
        source = BytesSource(path.read_bytes())
        try:
            deidentify(index_header(source), source, Profile(KEY, accepted=EVERYTHING))
        except IsocenterError:
            continue  # test_real_files_pass_or_say_why has them
        found.append((path, source))
    return found


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("choice", CHOICES)
def test_valid_objects_stay_valid(
    choice: str, real_files: list[tuple[Path, BytesSource]], tmp_path: Path
) -> None:
    chosen = Profile(KEY, CHOICES[choice], EVERYTHING)
    target = tmp_path / "made.dcm"
    assert len(real_files) > 40

    for path, source in real_files:
        made = deidentify(index_header(source), source, chosen)
        target.write_bytes(b"".join(read_pieces(made.pieces, [source])))
        before, after = (Counter(c.about for c in errors_of(one)) for one in (path, target))
        new = {about: count for about, count in after.items() if count > before[about]}
        same = {about for about in new if "has same value as" in about or "2.25." in about}
        assert new.keys() == same, f"{path.name}: {new}"


@pytest.mark.filterwarnings("ignore:Incorrect value for Specific Character Set")
def test_acquisition_attributes_of_real_images_stay(
    real_files: list[tuple[Path, BytesSource]],
) -> None:
    kept = total = 0
    for path, source in real_files:
        dataset = pydicom.dcmread(path, stop_before_pixels=True, force=True)
        made = deidentify(index_header(source), source, Profile(KEY, accepted=EVERYTHING))
        result = read(b"".join(read_pieces(made.pieces, [source])))
        there = [keyword for keyword in ACQUISITION if keyword in dataset]
        total += len(there)
        kept += sum(str(result.get(keyword)) == str(dataset.get(keyword)) for keyword in there)

    assert kept / total > 0.99


def test_speed_is_that_of_a_header_rewritten() -> None:
    raw = to_bytes(instance(rows=64, columns=64))
    run(raw)
    start = time.process_time()
    for _ in range(50):
        run(raw)

    # 0.5 ms on the machine that this was written on; ten times that is a mistake of ours.
    assert (time.process_time() - start) / 50 < 0.02
