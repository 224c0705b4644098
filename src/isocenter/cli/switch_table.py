"""The documented switches of `dicompressor`: names and options in the table of actions, lines.

What is printed, and when, is a contract (docs of the tool; decisions in `specs/cli.md` 1.3).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from isocenter.cli.process import shown
from isocenter.services.reports import Report

_MEBIBYTE = 1 << 20


class Switch(NamedTuple):
    """One action of the tool: its flags, its name and options in the table, its lines.

    Attributes
    ----------
    takes
        The option of the action that the switch's own argument is; empty for none.
    metavar
        What help calls that argument; empty: the name of the option.
    if_alone
        That argument where the switch is given without one; empty: there must be one.
    """

    flags: tuple[str, ...]
    name: str
    action: str
    options: Mapping[str, object]
    lines: Callable[[Report, Path], list[str]]
    sentence: str
    takes: str = ""
    metavar: str = ""
    if_alone: str = ""


def _merged_lines(report: Report, _: Path) -> list[str]:
    sizes = ((shown(output.path), output.size_bytes / _MEBIBYTE) for output in report.outputs)
    return [
        f"Created {len(report.outputs)} multi-frame file(s)",
        *(f"  -> {name} ({mebibytes:.1f} MB)" for name, mebibytes in sizes),
    ]


def _split_lines(report: Report, _: Path) -> list[str]:
    return [f"Split into {len(report.outputs)} single-frame file(s)"]


def _header_lines(report: Report, path: Path) -> list[str]:
    if path.is_dir():
        return [f"Exported {len(report.outputs)} header(s) to text"]
    return [f"Exported header: {shown(output.path)}" for output in report.outputs]


def _changed_lines(verb: str, how: str = "") -> Callable[[Report, Path], list[str]]:
    """Return what tells of files that came out anew: all in one line, a single one by name.

    Files that were so before are counted too, as the documented tool does, and said to be.
    """

    def lines(report: Report, path: Path) -> list[str]:
        if not path.is_dir():
            if report.unchanged:
                return [f"{verb}: {shown(path)}", "  it was so before"]
            return [f"{verb}: {shown(output.path)}" for output in report.outputs]
        line = f"{verb} {report.settled} file(s){how}"
        before = report.unchanged
        return [line, f"  {before} of them were so before"] if before else [line]

    return lines


def _picture_lines(how: str = "") -> Callable[[Report, Path], list[str]]:
    return lambda report, _: [f"Exported {len(report.outputs)} image(s){how}"]


def _directory_lines(report: Report, _: Path) -> list[str]:
    return [f"Created DICOMDIR: {shown(report.outputs[0].path)}"]


def _video_lines(how: str = "") -> Callable[[Report, Path], list[str]]:
    def lines(report: Report, path: Path) -> list[str]:
        if path.is_dir():
            return [f"Exported {len(report.outputs)} video(s){how}"]
        return [f"Exported: {shown(output.path)}" for output in report.outputs]

    return lines


def _converted_video_lines(report: Report, path: Path) -> list[str]:
    if path.is_dir():
        return [f"Converted {len(report.outputs)} video(s) to DICOM"]
    return [f"Converted: {shown(output.path)}" for output in report.outputs]


def _text_lines(report: Report, _: Path) -> list[str]:
    return report.text.rstrip("\n").split("\n")


def _image_lines(report: Report, path: Path) -> list[str]:
    if path.is_dir():
        return [f"Converted {report.settled} image(s) to DICOM"]
    return [f"Converted: {shown(output.path)}" for output in report.outputs]


def _multi_frame_lines(report: Report, _: Path) -> list[str]:
    return [f"Created {len(report.outputs)} multi-frame DICOM file(s)"]


# In the order in which the documented tool looks at them, should several be given.
SWITCHES = (
    Switch(
        flags=("-a",),
        name="anonymize",
        action="anonymize",
        options={},
        lines=_changed_lines("Anonymized"),
        sentence="de-identify, and set what the lines of FILE say: {stem}_anon",
        takes="params",
        metavar="FILE",
    ),
    Switch(
        flags=("-A",),
        name="anonymize_in_place",
        action="anonymize",
        options={"in_place": True},
        lines=_changed_lines("Anonymized"),
        sentence="de-identify, and set what the lines of FILE say, in place of the files",
        takes="params",
        metavar="FILE",
    ),
    Switch(
        flags=("-m",),
        name="modify",
        action="modify",
        options={},
        lines=_changed_lines("Modified"),
        sentence="change elements as the lines of FILE say: {stem}_mod",
        takes="params",
        metavar="FILE",
    ),
    Switch(
        flags=("-M",),
        name="modify_in_place",
        action="modify",
        options={"in_place": True},
        lines=_changed_lines("Modified"),
        sentence="change elements as the lines of FILE say, in place of the files",
        takes="params",
        metavar="FILE",
    ),
    Switch(
        flags=("-w",),
        name="convert_images",
        action="convert_images",
        options={},
        lines=_image_lines,
        sentence="make a DICOM file of each picture: {stem}.dcm",
    ),
    Switch(
        flags=("-W",),
        name="convert_images_multiframe",
        action="convert_images",
        options={"multiframe": True},
        lines=_multi_frame_lines,
        sentence="make one DICOM file of all pictures of a folder: multiframe.dcm",
    ),
    Switch(
        flags=("-v",),
        name="convert_video",
        action="convert_video",
        options={},
        lines=_converted_video_lines,
        sentence="make DICOM files of videos: {stem}.dcm",
    ),
    Switch(
        flags=("-i",),
        name="export_annotated",
        action="export",
        options={"annotations": True},
        lines=_picture_lines(" with annotations"),
        sentence="export pictures with name, ID and date: {stem}.png, {stem}_frame0000.png, ...",
        takes="type",
    ),
    Switch(
        flags=("-I",),
        name="export",
        action="export",
        options={},
        lines=_picture_lines(),
        sentence="export pictures without annotations",
        takes="type",
    ),
    Switch(
        flags=("-e",),
        name="video_annotated",
        action="video",
        options={"annotations": True},
        lines=_video_lines(" with annotations"),
        sentence="export videos with name, ID and date: {stem}.mp4, one of each series of slices",
        takes="container",
        metavar="TYPE",
        if_alone="mp4",
    ),
    Switch(
        flags=("-E",),
        name="video",
        action="video",
        options={},
        lines=_video_lines(),
        sentence="export videos without annotations",
        takes="container",
        metavar="TYPE",
        if_alone="mp4",
    ),
    Switch(
        flags=("-d",),
        name="dicomdir",
        action="dicomdir",
        options={},
        lines=_directory_lines,
        sentence="make a DICOMDIR in the folder, if all names are legal there",
    ),
    Switch(
        flags=("-D",),
        name="dicomdir_in_parent",
        action="dicomdir",
        options={"parent": True},
        lines=_directory_lines,
        sentence="make a DICOMDIR in the folder above",
    ),
    Switch(
        flags=("-j",),
        name="merge",
        action="merge",
        options={},
        lines=_merged_lines,
        sentence="merge the single-frame files of a folder, one multi-frame file a series",
    ),
    Switch(
        flags=("-s",),
        name="split",
        action="split",
        options={},
        lines=_split_lines,
        sentence="split multi-frame files: {stem}_frame0000.dcm, ...",
    ),
    Switch(
        flags=("-p",),
        name="convert_dicom3",
        action="convert_dicom3",
        options={},
        lines=_changed_lines("Converted", " from NEMA2 to DICOM3"),
        sentence="convert ACR-NEMA 2.0 images to DICOM: {stem}_dcm3",
    ),
    Switch(
        flags=("-P",),
        name="convert_dicom3_in_place",
        action="convert_dicom3",
        options={"in_place": True},
        lines=_changed_lines("Converted", " from NEMA2 to DICOM3"),
        sentence="convert ACR-NEMA 2.0 images to DICOM, in place of the files",
    ),
    Switch(
        flags=("-n",),
        name="convert_nema2",
        action="convert_nema2",
        options={},
        lines=_changed_lines("Converted", " from DICOM3 to NEMA2"),
        sentence="convert images to ACR-NEMA 2.0: {stem}_nema2",
    ),
    Switch(
        flags=("-N",),
        name="convert_nema2_in_place",
        action="convert_nema2",
        options={"in_place": True},
        lines=_changed_lines("Converted", " from DICOM3 to NEMA2"),
        sentence="convert images to ACR-NEMA 2.0, in place of the files",
    ),
    Switch(
        flags=("-l",),
        name="convert_little_endian",
        action="convert_little_endian",
        options={},
        lines=_changed_lines("Converted", " to Little Endian"),
        sentence="convert to little endian: {stem}_le",
    ),
    Switch(
        flags=("-L",),
        name="convert_little_endian_in_place",
        action="convert_little_endian",
        options={"in_place": True},
        lines=_changed_lines("Converted", " to Little Endian"),
        sentence="convert to little endian, in place of the files",
    ),
    Switch(
        flags=("-b",),
        name="convert_big_endian",
        action="convert_big_endian",
        options={},
        lines=_changed_lines("Converted", " to Big Endian"),
        sentence="convert to big endian: {stem}_be",
    ),
    Switch(
        flags=("-B",),
        name="convert_big_endian_in_place",
        action="convert_big_endian",
        options={"in_place": True},
        lines=_changed_lines("Converted", " to Big Endian"),
        sentence="convert to big endian, in place of the files",
    ),
    Switch(
        flags=("-x",),
        name="compress",
        action="compress_lossless",
        options={},
        lines=_changed_lines("Compressed", " with JPEG 2000 lossless"),
        sentence="compress without loss: {stem}_jll",
    ),
    Switch(
        flags=("-X",),
        name="compress_in_place",
        action="compress_lossless",
        options={"in_place": True},
        lines=_changed_lines("Compressed", " with JPEG 2000 lossless"),
        sentence="compress without loss, in place of the files",
    ),
    Switch(
        flags=("-z",),
        name="compress_lossy",
        action="compress_lossy",
        options={},
        lines=_changed_lines("Compressed", " with JPEG 2000 lossy"),
        sentence="compress with loss: {stem}_jl",
    ),
    Switch(
        flags=("-Z",),
        name="compress_lossy_in_place",
        action="compress_lossy",
        options={"in_place": True},
        lines=_changed_lines("Compressed", " with JPEG 2000 lossy"),
        sentence="compress with loss, in place of the files",
    ),
    Switch(
        flags=("-u",),
        name="decompress",
        action="decompress",
        options={},
        lines=_changed_lines("Decompressed"),
        sentence="decompress: {stem}_unc",
    ),
    Switch(
        flags=("-U",),
        name="decompress_in_place",
        action="decompress",
        options={"in_place": True},
        lines=_changed_lines("Decompressed"),
        sentence="decompress, in place of the files",
    ),
    Switch(
        flags=("-t",),
        name="headers",
        action="headers",
        options={"write": True},
        lines=_header_lines,
        sentence="export headers to text: {stem}.txt",
    ),
    Switch(
        flags=("--info",),
        name="info",
        action="info",
        options={},
        lines=_text_lines,
        sentence="show the main facts of a file, or of the first files of a folder",
    ),
    Switch(
        flags=("--summary",),
        name="summary",
        action="summary",
        options={},
        lines=_text_lines,
        sentence="count the files, patients, series and frames of a folder",
    ),
)
