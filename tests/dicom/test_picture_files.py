import imagecodecs
import pytest

from isocenter.dicom.generate import PictureFormat
from isocenter.dicom.picture_files import format_facts, icc_range, picture_kind, read_facts
from isocenter.dicom.streams import ByteRange
from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import InvalidInputError
from tests.builders import instance, to_bytes
from tests.foreign import colours, encoded, grey

FORMAT = PictureFormat(EXPLICIT, 2, 3, 1, "MONOCHROME2", 8, 8)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("png", "PNG"),
        ("jpeg", "JPEG"),
        ("gif", "GIF"),
        ("tiff", "TIFF"),
        ("bmp", "BMP"),
        ("jp2", "JPEG2000"),
        ("pnm", "PPM"),
    ],
)
def test_pictures_are_known_by_their_first_bytes(kind: str, written: str) -> None:
    assert picture_kind(encoded(colours(), written)[:256]) == kind


def test_bare_codestreams_are_known() -> None:
    assert picture_kind(bytes(imagecodecs.jpegls_encode(grey()))) == "jpeg"
    assert picture_kind(bytes(imagecodecs.htj2k_encode(grey()))) == "jp2"


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"BM", b"P5", b"P5x", b"RIFF....WEBP", b"%PDF-1.7"]
)
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert picture_kind(data) == ""
    assert picture_kind(to_bytes(instance())) == ""


def facts(**changes: object) -> dict[str, object]:
    formats = [format_facts(FORMAT, 12)]
    frames = [[0, 6, 0, 0.0], [0, 6, 4, 80]]
    return {"formats": formats, "frames": frames, "warnings": ["odd"], **changes}


def test_facts_come_back_as_they_were_told() -> None:
    found = read_facts(facts(), [b""])

    assert found.formats == (FORMAT,)
    assert [frame.content for _, frame in found.frames] == [ByteRange(0, 0, 6), ByteRange(0, 6, 6)]
    assert found.frames[1][1].lossy_bytes == 4
    assert found.frames[1][1].milliseconds == 80
    assert found.warnings == ("odd",)
    assert icc_range(format_facts(FORMAT, 12)) == ByteRange(0, 12, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"formats": None},
        {"frames": []},
        {"frames": [[1, 6, 0, 0]]},
        {"frames": [[-1, 6, 0, 0]]},
        {"frames": [[0, 5, 0, 0]]},
        {"frames": [[0, "6", 0, 0]]},
        {"frames": [[0, 6, -1, 0]]},
        {"frames": [[0, 6, 0, float("nan")]]},
        {"frames": [[0, 6, 0]]},
        {"frames": 7},
        {"warnings": 7},
        {"formats": [["no UID", *format_facts(FORMAT, 0)[1:]]]},
        {"formats": [[EXPLICIT, 70000, *format_facts(FORMAT, 0)[2:]]]},
        {"formats": [[EXPLICIT, 2]]},
    ],
)
def test_facts_are_not_trusted(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        read_facts(facts(**changes), [b""])


@pytest.mark.parametrize("row", [None, [], [*format_facts(FORMAT, 0)[:10], -1, 5]])
def test_places_of_profiles_are_not_trusted(row: object) -> None:
    with pytest.raises(InvalidInputError):
        icc_range(row)
