import io
import struct

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from isocenter.dicom.describe import Summary, header_json, header_text, printable, read_info
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.streams import BytesSource
from tests.builders import CANARY, add_private, instance, set_fragments, to_bytes

EXPLICIT = "1.2.840.10008.1.2.1"
RLE = "1.2.840.10008.1.2.5"


def _index(dataset: Dataset) -> HeaderIndex:
    return index_header(BytesSource(to_bytes(dataset)))


def _raw_index(*elements: tuple[int, bytes, bytes]) -> HeaderIndex:
    data = [bytes(128), b"DICM"]
    for tag, vr, value in ((0x00020010, b"UI", EXPLICIT.encode() + b"\0"), *elements):
        data.append(struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr, len(value)) + value)
    return index_header(BytesSource(b"".join(data)))


def _lines(header: HeaderIndex) -> list[str]:
    return header_text(header, "file", EXPLICIT).splitlines()


def test_a_header_has_the_documented_sections() -> None:
    lines = header_text(_index(instance()), "folder/a.dcm", EXPLICIT, ["it is odd"]).splitlines()

    assert lines[:5] == [
        "DICOM header: folder/a.dcm",
        "=" * 80,
        "Warning: it is odd",
        "",
        "--- File Meta Information ---",
    ]
    assert lines.count("--- Dataset ---") == 1
    assert lines[lines.index("--- Dataset ---") - 1] == ""


@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
def test_lines_at_the_top_are_those_that_pydicom_prints(modality: str) -> None:
    dataset = add_private(instance(3, modality=modality))
    read = pydicom.dcmread(io.BytesIO(to_bytes(dataset)))

    ours = [line for line in _lines(_index(dataset)) if line.startswith("(")]

    assert ours == [str(element) for element in (*read.file_meta, *read)]


def test_items_are_shown_indented_below_their_sequence() -> None:
    dataset = instance()
    inner, outer = Dataset(), Dataset()
    inner.CodeMeaning = "deep"
    outer.PurposeOfReferenceCodeSequence = [inner]
    dataset.SourceImageSequence = [outer, Dataset()]

    lines = _lines(_index(dataset))

    start = next(n for n, line in enumerate(lines) if line.startswith("(0008,2112)"))
    assert lines[start : start + 6] == [
        "(0008,2112) Source Image Sequence               SQ: <Sequence, length 2>",
        "   Item 1",
        "   (0040,A170) Purpose of Reference Code Sequence  SQ: <Sequence, length 1>",
        "      Item 1",
        "      (0008,0104) Code Meaning                        LO: 'deep'",
        "   Item 2",
    ]


HOSTILE = "a\x1b[2J\r\n\u202egnp.exe\u2066\x9b1m\u2028"


def test_no_character_of_a_value_reaches_the_terminal_unescaped() -> None:
    values = ((0x00080020, b"DA"), (0x00100010, b"PN"), (0x00100020, b"LO"), (0x00204000, b"LT"))
    header = _raw_index(
        (0x00080005, b"CS", b"ISO_IR 192"),
        *((tag, vr, HOSTILE.encode()) for tag, vr in values),
        (0x0020000D, b"UI", HOSTILE.encode()),
        (0x00200032, b"DS", HOSTILE.encode() + b"\\\x1b"),
    )

    text = header_text(header, f"name{HOSTILE}", HOSTILE, [HOSTILE])
    info = read_info(header, f"path{HOSTILE}", EXPLICIT)
    summary = Summary()
    summary.add(info, 1)

    for shown in (text, "\n".join(info.lines()), summary.text(HOSTILE)):
        assert all(line.isprintable() for line in shown.split("\n"))
    assert "\\x1b[2J" in text
    assert len(info.lines()) == 15


def test_printable_text_stays_as_it_is() -> None:
    assert printable("Jörg 山田 back\\slash") == "Jörg 山田 back\\slash"
    assert printable("\udcff\t") == "\\udcff\\t"


def test_long_values_are_cut_with_a_note() -> None:
    dataset = instance()
    dataset.ImageComments = "x" * 500
    dataset.GridFrameOffsetVector = list(range(40))
    dataset.add_new(0x00091010, "OB", bytes(100))
    dataset.add_new(0x00091011, "OB", b"short")
    dataset.add_new(0x00091012, "UT", "y" * 70000)

    text = header_text(_index(dataset), "file", EXPLICIT)

    assert f"LT: '{'x' * 200}' ... (500 characters)\n" in text
    assert "15.0, ...] (40 values)\n" in text
    assert "OB: Array of 100 elements\n" in text
    assert "OB: b'short\\x00'\n" in text
    assert "UT: Array of 70000 elements\n" in text


def test_encapsulated_pixels_are_shown_by_length_and_fragments() -> None:
    dataset = set_fragments(instance(), [b"abcd", b"efgh"], RLE)

    line = next(line for line in _lines(_index(dataset)) if line.startswith("(7FE0,0010)"))

    # An offset table of 2 entries and two fragments of 4 bytes, each with an item header of 8.
    assert line.endswith("OB: Array of 40 elements in 3 fragments")


def test_the_transfer_syntax_shown_is_that_of_the_file_as_it_was_found() -> None:
    header = _index(instance())

    text = header_text(header, "file", "1.2.840.10008.1.2.2")
    made = header_json(header, "1.2.840.10008.1.2.2")

    assert "Transfer Syntax UID                 UI: Explicit VR Big Endian\n" in text
    assert made["00020010"] == {"vr": "UI", "Value": ["1.2.840.10008.1.2.2"]}


def test_header_json_holds_meta_and_dataset_without_pixels() -> None:
    made = header_json(_index(instance()), EXPLICIT)

    assert made["00100020"] == {"vr": "LO", "Value": [f"{CANARY}-1"]}
    assert "00020002" in made
    assert "7FE00010" not in made


def test_info_has_the_fifteen_documented_lines() -> None:
    dataset = instance(rows=8, columns=6)

    lines = read_info(_index(dataset), "a.dcm", EXPLICIT).lines()

    assert lines == [
        "  filepath                 : a.dcm",
        f"  patient_name             : {CANARY}^Jörg=山田^太郎",
        f"  patient_id               : {CANARY}-1",
        "  study_date               : 20240131",
        "  modality                 : CT",
        "  rows                     : 8",
        "  columns                  : 6",
        "  bits_allocated           : 16",
        "  num_frames               : 1",
        f"  transfer_syntax          : {EXPLICIT}",
        f"  series_uid               : {dataset.SeriesInstanceUID}",
        f"  study_uid                : {dataset.StudyInstanceUID}",
        "  sop_class                : 1.2.840.10008.5.1.4.1.1.2",
        "  photometric              : MONOCHROME2",
        "  compressed               : False",
    ]


def test_info_of_what_is_missing_is_empty() -> None:
    info = read_info(_raw_index((0x00280008, b"IS", b"x "), (0x00280010, b"US", b"abc")), "", "")

    assert info.rows is None
    assert (info.num_frames, info.patient_name, info.compressed) == (0, "", False)
    assert info.lines()[5] == "  rows                     : "


@pytest.mark.parametrize(
    ("number", "frames"), [(b"12", 12), (b"0 ", 1), (b"9" * 12, 1), (b"-3", 1)]
)
def test_frames_are_counted_by_number_of_frames_and_at_least_one(
    number: bytes, frames: int
) -> None:
    header = _raw_index((0x00280008, b"IS", number), (0x00280010, b"US", b"\1\0"))

    assert read_info(header, "", RLE).num_frames == frames
    assert read_info(header, "", RLE).compressed


def test_a_summary_counts_patients_by_id_and_prints_the_documented_lines() -> None:
    summary = Summary()
    for index, (patient_id, modality) in enumerate([("B", "CT"), ("A", "MR"), ("B", "CT")]):
        dataset = instance(index, modality=modality)
        dataset.PatientID = patient_id
        summary.add(read_info(_index(dataset), "", EXPLICIT), 1_000_000)

    assert summary.text("the/folder").splitlines() == [
        "Folder Summary: the/folder",
        "=" * 60,
        "Total files: 3",
        "Total patients: 2",
        "Total series: 2",
        "Modalities: CT, MR",
        "Total frames: 3",
        "Total size (MB): 3.0",
        "Patients: A, B",
    ]
    assert summary.to_json() == {
        "total_files": 3,
        "total_patients": 2,
        "total_series": 2,
        "modalities": ["CT", "MR"],
        "total_frames": 3,
        "total_size_bytes": 3_000_000,
        "total_size_mb": 3.0,
        "patients": ["A", "B"],
    }


def test_a_dicomdir_counts_as_a_file_of_nobody() -> None:
    summary = Summary()
    summary.add(read_info(_raw_index((0x00041130, b"CS", b"DISK")), "", EXPLICIT), 10)

    assert (summary.files, summary.patients, summary.series, summary.frames) == (1, set(), set(), 0)


vrs = st.sampled_from(
    [
        "AE",
        "AS",
        "AT",
        "CS",
        "DA",
        "DS",
        "DT",
        "FD",
        "FL",
        "IS",
        "LO",
        "LT",
        "PN",
        "SH",
        "SL",
        "SS",
        "ST",
        "TM",
        "UI",
        "UL",
        "US",
    ]
)


@given(st.lists(st.tuples(st.integers(0x00080006, 0x60FFFFFF), vrs, st.binary(max_size=60))))
def test_any_values_give_lines_that_are_safe_to_print(
    elements: list[tuple[int, str, bytes]],
) -> None:
    header = _raw_index(
        (0x00080005, b"CS", b"ISO_IR 192"),
        *((tag, vr.encode(), value) for tag, vr, value in sorted(elements)),
    )

    lines = _lines(header)

    assert all(line.isprintable() for line in lines)
    assert len(read_info(header, "", "").lines()) == 15
