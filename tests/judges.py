"""Independent programs that judge our files, called from tests: what they say, as typed values.

`dciodvfy` (dicom3tools) knows the IODs, `dcm2niix` builds volumes, DCMTK and GDCM read pixels.
Tests that call them carry `@pytest.mark.judge("dciodvfy")` and the like.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.datadict import keyword_for_tag

_ABOUT = re.compile(
    r"Element=<(?P<keyword>\w+)>|\((?P<group>0x[0-9a-f]{4}),(?P<element>0x[0-9a-f]{4})\)"
    r"|attribute <(?P<name>[^>]+)>"
)
_UNASSIGNED = frozenset(
    {
        "UnassignedSharedConvertedAttributesSequence",
        "UnassignedPerFrameConvertedAttributesSequence",
    }
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error of dciodvfy.

    Attributes
    ----------
    about
        Keyword of the attribute, `gggg,eeee` where it has none, the line where it names none.
    line
        The whole error.
    """

    about: str
    line: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """An error of dciodvfy that is none.

    Attributes
    ----------
    about
        What the error is about.
    inside
        The attribute that provokes it; waived only while that stands in the Unassigned Converted
        Attributes sequences and nowhere else.
    section, reason
        Where PS3.3 decides, and why the program is mistaken.
    """

    about: str
    inside: str
    section: str
    reason: str


WAIVERS = (
    Waiver(
        "ReferencedImageSequence",
        "ReferencedImageSequence",
        "PS3.3 C.7.6.16.2.25 and C.7.6.16.2.26",
        "The program searches Items recursively and takes a Referenced Image Sequence kept in the "
        "Unassigned Converted Attributes for the Referenced Image functional group, which asks "
        "for a purpose that the source never named.",
    ),
    Waiver(
        "ReferencedImageEvidenceSequence",
        "ReferencedImageSequence",
        "PS3.3 C.7.6.16.2.25 and C.7.6.16.2.26",
        "Required with the Referenced Image functional group; an unassigned converted attribute "
        "is no such group, and the Series that the evidence would name is not recorded.",
    ),
    Waiver(
        "SourceImageEvidenceSequence",
        "SourceImageSequence",
        "PS3.3 C.7.6.16.2.25 and C.7.6.16.2.26",
        "Required with the Derivation Image functional group; an unassigned converted attribute "
        "is no such group, and the Series that the evidence would name is not recorded.",
    ),
)


@dataclass(frozen=True, slots=True)
class Volume:
    """One image that dcm2niix made: `(x, y, z[, t])` scaled values and affine in millimetres."""

    name: str
    data: npt.NDArray[np.generic]
    affine: npt.NDArray[np.float64]


def run(*command: str | Path) -> str:
    """Run a program and return what it printed on both streams; its exit code must be 0."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}: {printed[-2000:]}"
    return printed


def errors_of(path: Path) -> tuple[Complaint, ...]:
    """Return the errors that dciodvfy finds; its exit code tells nothing."""
    done = subprocess.run(
        ["dciodvfy", str(path)], capture_output=True, text=True, errors="replace", check=False
    )
    lines = (done.stdout + done.stderr).splitlines()
    assert lines, "dciodvfy always names at least the IOD"
    return tuple(Complaint(_subject(line), line) for line in lines if "Error" in line)


def _subject(line: str) -> str:
    found = _ABOUT.search(line)
    if found is None:
        return line
    if found["group"]:
        tag = int(found["group"], 16) << 16 | int(found["element"], 16)
        return keyword_for_tag(tag) or f"{tag >> 16:04x},{tag & 0xFFFF:04x}"
    return found["keyword"] or found["name"]


def errors_of_its_own(merged: Path, sources: Sequence[Path], scratch: Path) -> list[str]:
    """Return errors of a merged file that are neither its sources' fault nor waived.

    An error about an attribute is the sources' fault if dciodvfy complains about the same
    attribute of a source, or if a source has the attribute with an empty value.
    """
    dataset = pydicom.dcmread(merged, stop_before_pixels=True)
    complaints = [one for one in errors_of(merged) if not is_waived(one, dataset)]
    for source in sources:
        if not complaints:
            break
        known = {one.about for one in errors_of(classified(source, scratch))}
        known |= _empty_attributes(pydicom.dcmread(source, stop_before_pixels=True, force=True))
        complaints = [one for one in complaints if one.about not in known]
    return [one.line for one in complaints]


def is_waived(complaint: Complaint, dataset: pydicom.Dataset) -> bool:
    """Return whether a row of `WAIVERS` applies to an error about the Data Set."""
    for waiver in WAIVERS:
        if waiver.about == complaint.about:
            holders = set(holders_of(waiver.inside, dataset))
            return bool(holders) and holders <= _UNASSIGNED
    return False


def holders_of(keyword: str, dataset: pydicom.Dataset, holder: str = "") -> Iterator[str]:
    """Yield for each occurrence of an attribute the sequence that holds it, `""` for the root."""
    for element in dataset:
        if element.keyword == keyword:
            yield holder
        elif element.VR == "SQ" and not element.tag.is_private:
            for item in element.value:
                yield from holders_of(keyword, item, element.keyword)


def _empty_attributes(dataset: pydicom.Dataset) -> set[str]:
    return {element.keyword for element in dataset if element.is_empty and element.keyword}


def classified(source: Path, scratch: Path) -> Path:
    """Return a source that dciodvfy can judge: one without SOP Class gets that of its file meta.

    DCMTK writes it, so that our own reading of the file has no part in it.
    """
    dataset = pydicom.dcmread(source, stop_before_pixels=True, force=True)
    if dataset.get("SOPClassUID"):
        return source
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / f"{source.name}.dcm"
    shutil.copyfile(source, copy)
    uid = dataset.file_meta.MediaStorageSOPClassUID
    run("dcmodify", "--no-backup", "--insert", f"(0008,0016)={uid}", copy)
    return copy


def volumes_of(folder: Path, out: Path) -> list[Volume]:
    """Return what dcm2niix makes of a folder, in order of name."""
    out.mkdir(parents=True)
    run("dcm2niix", "-b", "n", "-z", "n", "-f", "volume", "-o", out, folder)
    volumes = []
    for path in sorted(out.glob("*.nii")):
        image = nibabel.Nifti1Image.from_filename(path)
        volumes.append(Volume(path.name, np.asanyarray(image.dataobj), image.affine))
    return volumes


def assert_same_volumes(ours: Sequence[Volume], theirs: Sequence[Volume]) -> None:
    """Compare names, values and affines, all exactly."""
    assert [volume.name for volume in ours] == [volume.name for volume in theirs]
    assert ours, "dcm2niix made no volume"
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one.affine, other.affine)
        assert one.data.shape == other.data.shape
        assert np.array_equal(one.data, other.data), f"values of {one.name} differ"


def decompressed(path: Path, out: Path) -> Path:
    """Return the file with native pixels, decoded by GDCM."""
    out.mkdir(parents=True, exist_ok=True)
    run("gdcmconv", "--raw", path, out / path.name)
    return out / path.name


def frames_by_dcmtk(path: Path, out: Path) -> list[bytes]:
    """Return the native Frames as DCMTK reads them."""
    out.mkdir(parents=True)
    run("dcmdump", "--quiet", "+W", out, "+P", "PixelData", path)
    (raw,) = out.iterdir()
    return _cut(raw.read_bytes(), path)


def frames_by_gdcm(path: Path, out: Path) -> list[bytes]:
    """Return the native Frames as GDCM reads them."""
    out.mkdir(parents=True)
    run("gdcmraw", "-i", path, "-o", out / "pixels.raw")  # its long options do not work
    return _cut((out / "pixels.raw").read_bytes(), path)


def _cut(data: bytes, path: Path) -> list[bytes]:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    number_of_frames = int(dataset.get("NumberOfFrames", 1))
    pixels = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel
    length = pixels * dataset.BitsAllocated // 8
    assert length * number_of_frames <= len(data) <= length * number_of_frames + 1
    return [data[length * index : length * (index + 1)] for index in range(number_of_frames)]
