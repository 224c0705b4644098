"""Slices in every encoding, written and decoded by DCMTK and GDCM: pixels stay as they are."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pydicom
import pytest

from tests.builders import series, write_series
from tests.judges import errors_of, frames_by_dcmtk, run
from tests.round_trip import assert_gives_back, merge_files, outputs_of, uid_of


@dataclass(frozen=True, slots=True)
class Encoding:
    """A program that encodes one slice, and an independent one that decodes the merged file.

    Attributes
    ----------
    decode
        Empty where Pixel Data is native.
    transfer_syntax
        Name of the merged file's: what was compressed stays so, everything else is little endian.
    """

    name: str
    encode: tuple[str, ...]
    decode: tuple[str, ...]
    transfer_syntax: str

    def __str__(self) -> str:
        return self.name

    @property
    def is_native(self) -> bool:
        """Whether Pixel Data is not compressed."""
        return not self.decode


_JPEG = "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])"
ENCODINGS = (
    Encoding("implicit", ("dcmconv", "+ti"), (), "Implicit VR Little Endian"),
    Encoding("undefined-lengths", ("dcmconv", "+te", "-e"), (), "Explicit VR Little Endian"),
    Encoding("big-endian", ("dcmconv", "+tb"), (), "Explicit VR Little Endian"),
    Encoding("deflated", ("dcmconv", "+td"), (), "Explicit VR Little Endian"),
    Encoding("jpeg-lossless", ("dcmcjpeg", "+e1"), ("dcmdjpeg",), _JPEG),
    Encoding("jpeg-in-fragments", ("dcmcjpeg", "+e1", "+fs", "1"), ("dcmdjpeg",), _JPEG),
    Encoding("jpeg-without-offsets", ("dcmcjpeg", "+e1", "-ot"), ("dcmdjpeg",), _JPEG),
    Encoding("jpeg-ls", ("dcmcjpls",), ("dcmdjpls",), "JPEG-LS Lossless Image Compression"),
    Encoding("rle", ("dcmcrle",), ("dcmdrle",), "RLE Lossless"),
    Encoding(
        "jpeg-2000",
        ("gdcmconv", "--j2k"),
        ("gdcmconv", "--raw"),
        "JPEG 2000 Image Compression (Lossless Only)",
    ),
)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A series as it was made, as encoded, and merged."""

    plain: Sequence[Path]
    encoded: Sequence[Path]
    merged: Path


@pytest.fixture(params=ENCODINGS, ids=str)
def encoding(request: pytest.FixtureRequest) -> Encoding:
    made: Encoding = request.param
    return made


@pytest.fixture
def case(encoding: Encoding, tmp_path: Path) -> Encoded:
    plain = write_series(series(6, rows=48, columns=40), tmp_path / "plain")
    folder = tmp_path / "encoded"
    folder.mkdir()
    for path in plain:
        run(*encoding.encode, path, folder / path.name)
    (merged,) = outputs_of(merge_files(tmp_path / "merged", folder))
    return Encoded(plain, sorted(folder.iterdir()), merged)


@pytest.mark.judge("dcmconv", "dcmdjpeg", "dciodvfy", "gdcmconv", "dcmdump")
def test_merged_pixels_of_every_encoding_are_those_of_the_slices(
    encoding: Encoding, case: Encoded, tmp_path: Path
) -> None:
    assert pydicom.dcmread(case.merged).file_meta.TransferSyntaxUID.name == encoding.transfer_syntax
    assert errors_of(case.merged) == ()

    native = case.merged
    if not encoding.is_native:
        native = tmp_path / "decoded.dcm"
        run(*encoding.decode, case.merged, native)

    expected = [pydicom.dcmread(path).PixelData for path in case.plain]
    frames = frames_by_dcmtk(native, tmp_path / "frames")
    assert list(map(digest, frames)) == list(map(digest, expected))


@pytest.mark.judge("dcmconv", "dcmdjpeg", "gdcmconv")
def test_split_gives_back_the_slices_of_every_encoding(
    encoding: Encoding, case: Encoded, tmp_path: Path
) -> None:
    # Big endian and deflated ones come back plain: encoding is no part of being equal.
    sources = case.plain if encoding.is_native else case.encoded
    if encoding.name == "implicit":
        sources = case.encoded

    assert_gives_back([case.merged], sources, tmp_path)


@pytest.mark.judge("dcmconv", "dcmdjpeg", "gdcmconv")
def test_references_name_the_encoded_slices(case: Encoded) -> None:
    dataset = pydicom.dcmread(case.merged, stop_before_pixels=True)

    named = [
        frame.ConversionSourceAttributesSequence[0].ReferencedSOPInstanceUID
        for frame in dataset.PerFrameFunctionalGroupsSequence
    ]

    assert named == [uid_of(path) for path in case.encoded]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
