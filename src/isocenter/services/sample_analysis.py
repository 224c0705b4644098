"""The built-in analysis: what a Study holds, as a page of pictures, as text and as values.

It proves the way from an upload to a report, and is of use by itself. Nothing in it says who the
patient is: it counts and measures, and shows each Series by the Frame in its middle.
"""

import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw
from pydicom.uid import UID

from isocenter.dicom.header_index import DataSetIndex, index_header
from isocenter.dicom.uids import VIDEO
from isocenter.dicom.values import first_string, floats, numbers
from isocenter.errors import InvalidInputError, IsocenterError
from isocenter.limits import Limits
from isocenter.services.files import FileSource, natural_key
from isocenter.services.frame_pictures import FramePictures
from isocenter.services.reports import Json

SHEET, TEXT, VALUES, PAGES = "contact-sheet.png", "report.txt", "report.json", "report.pdf"
_SERIES_SHOWN = 24
_COLUMNS = 4
_SIDE, _CAPTION, _MARGIN = 220, 44, 12
_BLACK, _WHITE, _GREY = 0, 255, 160
_MODALITY, _SERIES_UID, _SERIES_NUMBER = 0x00080060, 0x0020000E, 0x00200011
_SOP_CLASS, _INSTANCE_NUMBER, _BODY_PART = 0x00080016, 0x00200013, 0x00180015
_ROWS, _COLUMNS_TAG, _FRAMES, _SPACING = 0x00280010, 0x00280011, 0x00280008, 0x00280030
_THICKNESS = 0x00180050


@dataclass(slots=True)
class _Image:
    """One file of a Series."""

    path: Path
    number: str
    frames: int
    size: str


@dataclass(slots=True)
class _Series:
    """What is counted of a Series."""

    modality: str
    number: str
    body_part: str
    size_bytes: int = 0
    instances: int = 0
    images: list[_Image] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)
    syntaxes: Counter[str] = field(default_factory=Counter)
    spacing_mm: tuple[float, ...] = ()
    thickness_mm: float | None = None

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return sum(image.frames for image in self.images)

    @property
    def title(self) -> str:
        """What stands below its picture."""
        number = f"Series {self.number}" if self.number else "Series"
        return f"{number}, {self.modality or 'no modality'}"

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON values."""
        return {
            "modality": self.modality,
            "series_number": self.number,
            "body_part": self.body_part,
            "instances": self.instances,
            "frames": self.frames,
            "size_bytes": self.size_bytes,
            "sizes": [*sorted({image.size for image in self.images})],
            "sop_classes": {_name_of(uid): count for uid, count in sorted(self.classes.items())},
            "transfer_syntaxes": {
                _name_of(uid): count for uid, count in sorted(self.syntaxes.items())
            },
            "pixel_spacing_mm": list(self.spacing_mm),
            "slice_thickness_mm": self.thickness_mm,
        }

    def lines(self) -> list[str]:
        """Return it as lines of text."""
        sizes = ", ".join(sorted({image.size for image in self.images})) or "no pixels"
        told = [
            f"{self.title}: {self.instances} instances, {self.frames} frames, {sizes}",
            *(f"  {_name_of(uid)}: {count}" for uid, count in sorted(self.classes.items())),
        ]
        if self.spacing_mm:
            told.append("  pixel spacing " + " x ".join(f"{one:g}" for one in self.spacing_mm))
        return told


def analyze(study: Path, output: Path, limits: Limits) -> None:
    """Write what a folder of Instances holds into another folder: PNG, PDF, TXT and JSON.

    Raises
    ------
    InvalidInputError
        If none of the files can be read.
    """
    found: dict[tuple[str, str], _Series] = {}
    unreadable = 0
    for path in sorted(study.iterdir(), key=lambda path: natural_key(path.name)):
        try:
            _count(found, path, limits)
        except IsocenterError:
            unreadable += 1
    if not found:
        raise InvalidInputError("none of the files can be read")
    series = sorted(found.values(), key=lambda one: natural_key(one.number))
    told: dict[str, Json] = {
        "series": [one.to_json() for one in series],
        "instances": sum(one.instances for one in series),
        "frames": sum(one.frames for one in series),
        "size_bytes": sum(one.size_bytes for one in series),
        "unreadable": unreadable,
    }
    (output / VALUES).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    (output / TEXT).write_text(_text(series, unreadable), encoding="utf-8")
    shown = [one for one in series if one.images][:_SERIES_SHOWN]
    if shown:
        sheet = _contact_sheet(shown, limits)
        sheet.save(output / SHEET)
        # A page of pictures that every viewer opens; times would make each one another.
        sheet.save(output / PAGES, resolution=100, creationDate=None, modDate=None)


def _count(found: dict[tuple[str, str], _Series], path: Path, limits: Limits) -> None:
    """Add one Instance to its Series."""
    with FileSource(path) as source:
        header = index_header(source, limits)
        dataset = header.dataset
        modality = first_string(dataset, _MODALITY)
        key = (first_string(dataset, _SERIES_UID), modality)
        if key not in found:
            number, body_part = (first_string(dataset, one) for one in (_SERIES_NUMBER, _BODY_PART))
            found[key] = _Series(modality, number, body_part)
        series = found[key]
        series.instances += 1
        series.size_bytes += source.size
        series.classes[first_string(dataset, _SOP_CLASS)] += 1
        series.syntaxes[header.transfer_syntax_uid] += 1
        rows, columns = (_integer(dataset, tag) for tag in (_ROWS, _COLUMNS_TAG))
        if rows and columns and not header.transfer_syntax_uid.startswith(VIDEO):
            frames = first_string(dataset, _FRAMES)
            count = int(frames) if frames.isdecimal() else 1
            number = first_string(dataset, _INSTANCE_NUMBER)
            series.images.append(_Image(path, number, count, f"{columns} x {rows}"))
            _measure(series, dataset)


def _measure(series: _Series, dataset: DataSetIndex) -> None:
    """Note spacing and thickness where the first image that has them says so."""
    try:
        series.spacing_mm = series.spacing_mm or tuple(floats(dataset, _SPACING))
        thickness = floats(dataset, _THICKNESS)
    except InvalidInputError:
        return  # what an image says wrongly is not told
    if series.thickness_mm is None and thickness:
        series.thickness_mm = thickness[0]


def _integer(dataset: DataSetIndex, tag: int) -> int:
    values = numbers(dataset, tag)
    return int(values[0]) if values else 0


def _counts(series: _Series) -> tuple[int, int]:
    return series.instances, series.frames


def _name_of(uid: str) -> str:
    return UID(uid).name or "unknown"


def _text(series: Sequence[_Series], unreadable: int) -> str:
    instances, frames = (sum(counts) for counts in zip(*map(_counts, series), strict=True))
    counted = f"{len(series)} series, {instances} instances, {frames} frames"
    lines = ["What this study holds", "", counted, ""]
    for one in series:
        lines += one.lines()
    if unreadable:
        lines += ["", f"{unreadable} files cannot be read"]
    return "\n".join(lines) + "\n"


def _contact_sheet(series: Sequence[_Series], limits: Limits) -> Image.Image:
    """Return one picture with the middle of each Series."""
    columns = min(_COLUMNS, len(series))
    rows = -(-len(series) // columns)
    wide, high = _SIDE + _MARGIN, _SIDE + _CAPTION + _MARGIN
    sheet = Image.new("RGB", (columns * wide + _MARGIN, rows * high + _MARGIN), "black")
    draw = ImageDraw.Draw(sheet)
    with FramePictures(1, limits) as pictures:
        for place, one in enumerate(series):
            left, top = (place % columns) * wide + _MARGIN, (place // columns) * high + _MARGIN
            picture = _middle(one, pictures)
            if picture is None:
                draw.text((left, top), "cannot be shown", fill="grey")
            else:
                picture.thumbnail((_SIDE, _SIDE))
                beside = ((_SIDE - picture.width) // 2, (_SIDE - picture.height) // 2)
                sheet.paste(picture, (left + beside[0], top + beside[1]))
            draw.text((left, top + _SIDE + 4), one.title, fill="white")
            draw.text((left, top + _SIDE + 20), f"{one.frames} frames", fill="grey")
    return sheet


def _middle(series: _Series, pictures: FramePictures) -> Image.Image | None:
    """Return the Frame in the middle of a Series; ``None`` where it cannot be shown."""
    images = sorted(series.images, key=lambda image: natural_key(image.number))
    wanted = series.frames // 2
    for image in images:
        if wanted < image.frames:
            break
        wanted -= image.frames
    try:
        data = pictures.render(image.path, frame_number=wanted + 1, kind="png", window="own")
    except IsocenterError:
        return None
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGB")
