"""The bytes of a DICOMDIR, as pydicom, DCMTK and dciodvfy read them."""

import io
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import MediaStorageDirectoryStorage

from isocenter.dicom.dicomdir import directory_pieces, is_file_id
from isocenter.dicom.dicomdir_entry import Entry
from isocenter.dicom.dicomdir_tree import arrange, name_files
from tests.dicom.test_dicomdir_tree import entry, protocol
from tests.judges import errors_of, run


def directory(*entries: Entry) -> bytes:
    arranged = arrange(entries)
    return b"".join(directory_pieces(arranged, name_files(arranged)))


def chain(raw: bytes, offset: int, records: dict[int, Dataset]) -> list[Dataset]:
    """Return the records of a directory entity, which begins at an offset of the file."""
    found = []
    while offset:
        assert raw[offset : offset + 4] == b"\xfe\xff\x00\xe0"
        found.append(records[offset])
        offset = records[offset].OffsetOfTheNextDirectoryRecord
    return found


def by_offset(dataset: Dataset) -> dict[int, Dataset]:
    return {item.seq_item_tell: item for item in dataset.DirectoryRecordSequence}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("IM000000",), True),
        (("A", "B_1", "3", "D", "E", "F", "G", "12345678"), True),
        (("A", "B", "C", "D", "E", "F", "G", "H", "I"), False),
        (("IM0000000",), False),
        (("image",), False),
        (("A.DCM",), False),
        (("A B",), False),
        (("A\n",), False),
        (("Ä",), False),
        (("..", "A"), False),
        (("",), False),
        ((), False),
        (("DICOMDIR",), False),
        (("DISC1", "DICOMDIR"), True),
    ],
)
def test_file_ids_are_those_of_the_standard(parts: tuple[str, ...], expected: bool) -> None:
    assert is_file_id(parts) is expected


def test_offsets_lead_from_record_to_record() -> None:
    raw = directory(
        entry(0),
        entry(1),
        entry(0, series="b", SeriesNumber=32),
        protocol(),
        entry(0, series="c", StudyInstanceUID="1.9", PatientID="2", PatientName="Zoe"),
    )
    dataset = dcmread(io.BytesIO(raw))
    records = by_offset(dataset)

    root = chain(raw, dataset.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity, records)

    assert [record.DirectoryRecordType for record in root] == [
        *("PATIENT", "PATIENT", "HANGING PROTOCOL")
    ]
    last = dataset.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity
    assert records[last] is root[-1]
    (study,) = chain(raw, root[0].OffsetOfReferencedLowerLevelDirectoryEntity, records)
    series = chain(raw, study.OffsetOfReferencedLowerLevelDirectoryEntity, records)
    assert [one.SeriesNumber for one in series] == [31, 32]
    images = chain(raw, series[0].OffsetOfReferencedLowerLevelDirectoryEntity, records)
    assert [one.InstanceNumber for one in images] == [1, 2]
    assert [one.ReferencedFileID[-1] for one in images] == ["IM000000", "IM000001"]
    assert {one.RecordInUseFlag for one in records.values()} == {0xFFFF}
    assert dataset.FileSetConsistencyFlag == 0
    assert dataset.file_meta.MediaStorageSOPClassUID == MediaStorageDirectoryStorage
    assert len(raw) == max(records) + 8 + int.from_bytes(raw[max(records) + 4 :][:4], "little")


def test_the_same_instances_give_the_same_bytes_in_any_order() -> None:
    entries = [entry(number) for number in range(5)]

    assert directory(*entries) == directory(*reversed(entries))
    assert directory(*entries) != directory(*entries[:4])


def test_numbers_that_are_missing_come_after_those_that_are_not() -> None:
    raw = directory(entry(0, InstanceNumber=7), entry(1, InstanceNumber=""))

    numbers = [
        record.InstanceNumber
        for record in dcmread(io.BytesIO(raw)).DirectoryRecordSequence
        if record.DirectoryRecordType == "IMAGE"
    ]
    assert numbers == [7, 8]


def test_an_empty_directory_has_no_offsets() -> None:
    dataset = dcmread(io.BytesIO(directory()))

    assert dataset.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity == 0
    assert len(dataset.DirectoryRecordSequence) == 0


@pytest.mark.judge("dciodvfy", "dcmdump")
def test_others_find_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "DICOMDIR"
    path.write_bytes(directory(entry(0), entry(1, PatientID=""), protocol()))

    assert errors_of(path) == ()
    printed = run("dcmdump", path)
    assert not [line for line in printed.splitlines() if line.startswith(("E:", "W:"))]
    assert 'refFileID="PT000000\\ST000000\\SE000000\\IM000001"' in printed
