"""What comes in: facts as pydicom reads them, archives within bounds, hostile ones refused."""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.data import get_testdata_file

from isocenter.dicom.streams import BytesSource
from isocenter.errors import InvalidInputError, IsocenterError, TooLargeError, TooManyFilesError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.intake import expand, is_archive, read_facts
from tests.builders import instance, to_bytes

SMALL = replace(DEFAULT, session_files=10)
MIB = 1 << 20


def archive(entries: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for name, data in entries:
            packed.writestr(name, data)
    return stream.getvalue()


def expanded(data: bytes, limits: Limits = DEFAULT) -> list[tuple[str, bytes]]:
    return [(one.name, b"".join(one.chunks)) for one in expand(BytesSource(data), limits)]


@pytest.mark.parametrize(
    "name",
    ["CT_small.dcm", "MR_small_RLE.dcm", "JPEG2000.dcm", "rtdose.dcm", "SC_rgb_rle_2frame.dcm"],
)
def test_facts_are_those_that_pydicom_reads(name: str) -> None:
    path = get_testdata_file(name)
    assert isinstance(path, str)
    dataset = dcmread(path)
    with open(path, "rb") as stream:  # noqa: PTH123 - a name of pydicom
        facts = read_facts(BytesSource(stream.read()))

    assert facts["is_dicom"] is True
    assert facts["rows"] == dataset.Rows
    assert facts["columns"] == dataset.Columns
    assert facts["num_frames"] == int(dataset.get("NumberOfFrames", 1))
    assert facts["series_uid"] == dataset.SeriesInstanceUID
    assert facts["sop_instance_uid"] == dataset.SOPInstanceUID
    assert facts["transfer_syntax"] == dataset.file_meta.TransferSyntaxUID
    if "ImagePositionPatient" in dataset:
        assert facts["position"] == [float(one) for one in dataset.ImagePositionPatient]


def test_what_is_no_dicom_is_told() -> None:
    assert read_facts(BytesSource(b"")) == {"is_dicom": False}
    assert read_facts(BytesSource(b"just some text" * 100)) == {"is_dicom": False}


def test_damaged_and_odd_files_are_dicom_with_a_problem() -> None:
    data = to_bytes(instance())
    deflated = get_testdata_file("image_dfl.dcm")
    assert isinstance(deflated, str)
    with open(deflated, "rb") as stream:  # noqa: PTH123 - a name of pydicom
        odd = read_facts(BytesSource(stream.read()))

    cut = read_facts(BytesSource(data[:-10]))

    assert cut["is_dicom"] is True
    assert "ends inside" in str(cut["problem"])
    assert odd["is_dicom"] is True
    assert "problem" in odd


def test_a_header_beyond_the_budget_is_left_to_the_actions() -> None:
    limits = replace(DEFAULT, intake_elements=5)

    facts = read_facts(BytesSource(to_bytes(instance())), limits)

    assert facts["is_dicom"] is True
    assert "intake" not in str(facts["problem"])


def test_long_values_are_cut() -> None:
    dataset = instance()
    dataset.SeriesDescription = "y" * 60
    data = to_bytes(dataset)
    short = b"LO" + struct.pack("<H", 60) + b"y" * 60

    facts = read_facts(
        BytesSource(data.replace(short, b"LO" + struct.pack("<H", 6000) + b"y" * 6000))
    )

    assert facts["series_description"] == "y" * 256

    assert all(len(value) <= 256 for value in facts.values() if isinstance(value, str))


def test_archives_are_told_from_dicom_and_documents() -> None:
    zipped = archive([("a", b"x" * 200)])
    dicom = bytearray(to_bytes(instance()))
    dicom[:4] = b"PK\x03\x04"

    assert is_archive("a.zip", zipped[:132])
    assert is_archive("folder/A.ZIP", zipped[:132])
    assert is_archive("upload", zipped[:132])
    assert not is_archive("report.docx", zipped[:132])
    assert not is_archive("a.zip", bytes(dicom[:132]))
    assert not is_archive("a.zip", b"no archive")


def test_files_of_an_archive_come_without_folders_and_hidden_files() -> None:
    inner = archive([("c.dcm", b"c")])
    data = archive(
        [
            ("disc/", b""),
            ("disc/a.dcm", b"a"),
            ("../../b.dcm", b"b"),
            (".DS_Store", b"x"),
            ("__MACOSX/disc/._a.dcm", b"x"),
            ("inner.zip", inner),
        ]
    )

    assert expanded(data) == [
        ("disc/a.dcm", b"a"),
        ("../../b.dcm", b"b"),
        ("inner.zip", inner),
    ]


def test_an_archive_that_expands_a_thousandfold_is_refused() -> None:
    data = archive([(f"{k}", bytes(64 * MIB)) for k in range(2)])

    with pytest.raises(TooLargeError) as refused:
        expanded(data)

    assert refused.value.limit == "archive_bytes"
    assert refused.value.used <= 66 * MIB


def test_a_few_black_slices_are_no_bomb() -> None:
    data = archive([(f"{k}.dcm", bytes(MIB)) for k in range(20)])

    assert len(expanded(data)) == 20


def test_an_archive_is_bounded_whatever_its_ratio() -> None:
    data = archive([("a", bytes(3 * MIB))], zipfile.ZIP_STORED)

    with pytest.raises(TooLargeError):
        expanded(data, replace(DEFAULT, archive_bytes=2 * MIB))


def test_too_many_files_in_an_archive_are_refused_before_any_is_read() -> None:
    data = archive([(f"{k}", b"") for k in range(11)])

    with pytest.raises(TooManyFilesError):
        next(expand(BytesSource(data), SMALL))


def test_a_directory_that_fills_memory_is_refused() -> None:
    data = archive([(f"{k:0>1000}", b"") for k in range(3000)])

    with pytest.raises(InvalidInputError):
        expanded(data, SMALL)


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(archive([("a.dcm", b"secret")]))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.index(signature) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)

    with pytest.raises(InvalidInputError, match="encrypted"):
        expanded(bytes(data))


def test_other_ways_to_pack_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="another way"):
        expanded(archive([("a", b"x" * 100)], zipfile.ZIP_LZMA))


def test_a_wrong_checksum_is_noticed() -> None:
    data = archive([("a", b"x" * 1000)], zipfile.ZIP_STORED).replace(b"xx" * 10, b"yy" * 10, 1)

    with pytest.raises(InvalidInputError, match="damaged"):
        expanded(data)


def test_what_is_cut_off_is_refused() -> None:
    data = archive([("a", b"x" * 1000)])

    with pytest.raises(InvalidInputError):
        expanded(data[: len(data) // 2])


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_damaged_archives_expand_or_are_refused(junk: bytes, start: int, end: int) -> None:
    data = archive([("a.dcm", b"abc" * 100), ("b/c.dcm", b"x" * 300)])
    data = data[:start] + junk + data[end:]

    try:
        files = expanded(data, SMALL)
    except IsocenterError:
        return

    assert len(files) <= SMALL.session_files
