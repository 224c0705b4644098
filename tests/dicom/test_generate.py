"""The judges are pydicom for values and dciodvfy for the modules."""

import io
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread

from isocenter.dicom.generate import (
    PictureFormat,
    PictureFrame,
    make_instance,
    multi_frame_class,
)
from isocenter.dicom.given_identity import NewInstance, given_identity
from isocenter.dicom.streams import ByteRange, BytesSource, read_pieces
from isocenter.dicom.uids import (
    EXPLICIT,
    SC,
    SC_MULTI_FRAME_BIT,
    SC_MULTI_FRAME_BYTE,
    SC_MULTI_FRAME_COLOUR,
    SC_MULTI_FRAME_WORD,
)
from isocenter.errors import NotSupportedError
from tests.foreign import srgb_profile
from tests.judges import errors_of

JPEG = "1.2.840.10008.1.2.4.50"
NEW = NewInstance("", b"content", b"group", 3)
BYTE = PictureFormat(EXPLICIT, 2, 4, 1, "MONOCHROME2", 8, 8)
BIT = PictureFormat(EXPLICIT, 2, 4, 1, "MONOCHROME2", 1, 1)
WORD = PictureFormat(EXPLICIT, 2, 4, 1, "MONOCHROME2", 16, 12)
COLOUR = PictureFormat(EXPLICIT, 2, 4, 3, "RGB", 8, 8)
DEEP_COLOUR = PictureFormat(EXPLICIT, 2, 4, 3, "RGB", 16, 16)


def frames_of(picture: PictureFormat, count: int, **about: float) -> list[PictureFrame]:
    length = picture.native_bytes
    return [
        PictureFrame(ByteRange(0, number * length, length), **about)  # type: ignore[arg-type]  # passed on
        for number in range(count)
    ]


def made(
    picture: PictureFormat,
    frames: list[PictureFrame],
    *supplied: str,
    is_multi_frame: bool | None = None,
) -> bytes:
    is_multi = len(frames) > 1 if is_multi_frame is None else is_multi_frame
    pieces = make_instance(picture, frames, given_identity(supplied), NEW, is_multi_frame=is_multi)
    pixels = bytes(range(256))
    return b"".join(read_pieces(pieces, [BytesSource(pixels)]))


def parsed(data: bytes) -> Dataset:
    return dcmread(io.BytesIO(data))


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("picture", [BYTE, BIT, WORD, COLOUR, DEEP_COLOUR])
@pytest.mark.parametrize("frames", [1, 3])
def test_instances_are_valid(picture: PictureFormat, frames: int, tmp_path: Path) -> None:
    if picture is DEEP_COLOUR and frames > 1:
        with pytest.raises(NotSupportedError):
            made(picture, frames_of(picture, frames))
        return
    path = tmp_path / "a.dcm"
    path.write_bytes(made(picture, frames_of(picture, frames)))

    assert errors_of(path) == ()
    assert dcmread(path).pixel_array.shape[: 1 if frames > 1 else 0] == ((3,) if frames > 1 else ())


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize(
    "supplied",
    [
        "ConversionType=SD",
        "BodyPartExamined=KNEE",
        "Modality=XC",
        "AnatomicRegionSequence=69536005^SCT^Head",
    ],
)
def test_what_is_supplied_keeps_instances_valid(supplied: str, tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(made(COLOUR, frames_of(COLOUR, 1), supplied))

    assert errors_of(path) == ()


def test_classes_follow_bits_and_colours() -> None:
    assert [multi_frame_class(one) for one in (BIT, BYTE, WORD, COLOUR)] == [
        SC_MULTI_FRAME_BIT,
        SC_MULTI_FRAME_BYTE,
        SC_MULTI_FRAME_WORD,
        SC_MULTI_FRAME_COLOUR,
    ]
    assert parsed(made(BYTE, frames_of(BYTE, 1))).SOPClassUID == SC
    single = parsed(made(BYTE, frames_of(BYTE, 1), is_multi_frame=True))
    assert (single.SOPClassUID, single.NumberOfFrames) == (SC_MULTI_FRAME_BYTE, 1)
    assert "FrameIncrementPointer" not in single


def test_pixels_and_their_description_are_what_was_given() -> None:
    dataset = parsed(made(WORD, frames_of(WORD, 2)))

    assert dataset.PixelData == bytes(range(32))
    assert dataset.file_meta.TransferSyntaxUID == EXPLICIT
    assert dataset["PixelData"].VR == "OW"
    assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit) == (16, 12, 11)
    assert (dataset.Rows, dataset.Columns, dataset.InstanceNumber) == (2, 4, 3)
    assert list(dataset.PageNumberVector) == [1, 2]
    assert dataset.BurnedInAnnotation == "YES"
    assert dataset.ConversionType == "WSD"
    for keyword in ("ContentDate", "InstanceCreationDate", "LossyImageCompression"):
        assert keyword not in dataset


def test_codestreams_have_an_offset_table_and_even_lengths() -> None:
    picture = PictureFormat(JPEG, 2, 4, 1, "MONOCHROME2", 8, 8, lossy_method="ISO_10918_1")
    frames = [
        PictureFrame(ByteRange(0, 0, 3), lossy_bytes=3),
        PictureFrame(ByteRange(0, 3, 5), lossy_bytes=5),
    ]

    dataset = parsed(made(picture, frames))

    assert dataset.PixelData == bytes.fromhex(
        "feff00e008000000000000000c000000feff00e00400000000010200feff00e006000000030405060700"
    )
    assert dataset.LossyImageCompression == "01"
    assert dataset.LossyImageCompressionMethod == "ISO_10918_1"
    assert dataset.LossyImageCompressionRatio == 2


def test_times_of_an_animation_are_told() -> None:
    even = parsed(made(BYTE, frames_of(BYTE, 3, milliseconds=80.0)))
    odd = parsed(
        made(
            BYTE,
            [
                PictureFrame(ByteRange(0, 8 * number, 8), milliseconds=time)
                for number, time in enumerate((80.0, 40.0, 500.0))
            ],
        )
    )

    assert (even.FrameTime, even.FrameIncrementPointer) == (80, 0x00181063)
    assert (list(odd.FrameTimeVector), odd.FrameIncrementPointer) == ([0, 80, 40], 0x00181065)


def test_density_is_a_size_on_scanned_paper_only() -> None:
    dense = PictureFormat(EXPLICIT, 2, 4, 1, "MONOCHROME2", 8, 8, density=(10.0, 20.0))

    screen = parsed(made(dense, frames_of(dense, 1)))
    paper = parsed(made(dense, frames_of(dense, 1), "ConversionType=SD"))

    assert "NominalScannedPixelSpacing" not in screen
    assert "PixelSpacing" not in screen
    # Pixels are half as high as wide.
    assert list(screen.PixelAspectRatio) == [10000, 20000]
    assert list(paper.NominalScannedPixelSpacing) == [0.05, 0.1]
    assert "PixelAspectRatio" not in paper


def test_profiles_stand_in_the_instance() -> None:
    coloured = PictureFormat(EXPLICIT, 2, 4, 3, "RGB", 8, 8, icc=srgb_profile())

    assert parsed(made(coloured, frames_of(coloured, 1))).ICCProfile.rstrip(b"\0") == (
        srgb_profile().rstrip(b"\0")
    )


def test_what_is_supplied_goes_before_what_is_usual() -> None:
    dataset = parsed(
        made(BYTE, frames_of(BYTE, 2), "BurnedInAnnotation=NO", "PatientOrientation=L\\F")
    )

    assert dataset.BurnedInAnnotation == "NO"
    assert list(dataset.PatientOrientation) == ["L", "F"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert made(BYTE, frames_of(BYTE, 2)) == made(BYTE, frames_of(BYTE, 2))
    assert np.frombuffer(made(BYTE, frames_of(BYTE, 1))[:128], "u1").sum() == 0
