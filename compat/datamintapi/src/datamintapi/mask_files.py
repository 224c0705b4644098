"""Which segmentations belong to which files, and what their values are called."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.system_errors import safe_error

_ENDINGS = (".nii.gz", ".nii", ".nifti", ".png")
_ENTRY = re.compile(r"""\s*["']?(?P<name>[^"':]+)["']?\s*:(?P<value>.*)""")
_FILE_BYTES_MAX = 1 << 20


class Names(NamedTuple):
    """What a file of names says.

    Attributes
    ----------
    segmentations
        A segmentation has the first of these names that stands in its own.
    classes
        The name of each value.
    """

    segmentations: tuple[str, ...] = ()
    classes: dict[int, str] = {}  # noqa: RUF012 - of a tuple, never changed


def find_masks(
    files: Sequence[Path], root: Path, masks: Path, names: Names
) -> list[dict[str, object] | None]:
    """Return for each file what `upload_resources` takes as its segmentations.

    The folder of segmentations is laid out as that of the files: a segmentation of ``a/x.dcm`` is
    ``a/x.nii.gz``, ``a/x_*.png``, or any in ``a/x/``; in ``a/`` any if ``x.dcm`` is alone in its
    folder. A picture with a number as its name is of that frame.

    Raises
    ------
    InvalidInputError
        If one segmentation is named for several files.
    """
    if masks.is_file():
        if len(files) != 1:
            raise InvalidInputError("one segmentation is for one file: name a folder of them")
        return [_entry([masks], names)]
    base = root if root.is_dir() else root.parent
    alone = [sum(other.parent == file.parent for other in files) == 1 for file in files]
    return [
        _entry(_masks_of(file, masks / file.parent.relative_to(base), is_alone=is_alone), names)
        for file, is_alone in zip(files, alone, strict=True)
    ]


def _masks_of(file: Path, folder: Path, *, is_alone: bool) -> list[Path]:
    stem = _stem(file)
    inside = _segmentations(folder / stem)
    if inside:
        return inside
    beside = _segmentations(folder)
    named = [one for one in beside if _stem(one) == stem or _stem(one).startswith(f"{stem}_")]
    return named or (beside if is_alone else [])


def _segmentations(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if one.name.lower().endswith(_ENDINGS))


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").rpartition(".")[0] or path.name


def _entry(masks: Sequence[Path], names: Names) -> dict[str, object] | None:
    if not masks:
        return None
    frames = [int(one.stem) if one.stem.isdecimal() else None for one in masks]
    return {
        "files": [str(one) for one in masks],
        "names": [_name(one, names) for one in masks],
        "frame_index": frames,
    }


def _name(mask: Path, names: Names) -> str | dict[int | str, str] | None:
    classes: dict[int | str, str] = {value: called for value, called in names.classes.items()}  # noqa: C416 - other keys
    for name in sorted(names.segmentations, key=len, reverse=True):
        if name in mask.name:
            if not classes:
                return name
            return {"default": name} | {value: f"{name}_{classes[value]}" for value in classes}
    return classes or None


def read_names(path: Path) -> Names:
    """Return the names of a file: YAML with the documented two keys, or ITK-SNAP's labels (CSV).

    Raises
    ------
    InvalidInputError
        If a line says nothing; the error names it.
    NotFoundError, UnavailableError
        If it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(_FILE_BYTES_MAX).decode("utf-8", "replace")
    except FileNotFoundError:
        raise NotFoundError("there is no such file of names") from None
    except OSError as error:
        raise safe_error(error) from None
    return _of_csv(text) if path.suffix.lower() in (".csv", ".txt") else _of_yaml(text)


def _of_csv(text: str) -> Names:
    """Return the names of lines ``index, r, g, b, ..., name``."""
    classes = {}
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for number, row in enumerate(csv.reader(lines, skipinitialspace=True), 1):
        if len(row) < 2 or not row[0].strip().isdecimal():
            raise InvalidInputError(f"the names have no `index, ..., name` in line {number}")
        if int(row[0]):
            classes[int(row[0])] = row[-1].strip()
    return Names((), classes)


def _of_yaml(text: str) -> Names:
    """Return the names of ``segmentation_names``, a list, and ``class_names``, a mapping."""
    segmentations: list[str] = []
    classes: dict[int, str] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.partition(" #")[0].rstrip()
        if not plain or plain.lstrip().startswith(("#", "---")):
            continue
        stripped = plain.lstrip()
        if stripped.startswith("- ") and section == "segmentation_names":
            segmentations.append(stripped[2:].strip("\"' "))
            continue
        found = _ENTRY.fullmatch(plain)
        if found is None:
            raise InvalidInputError(f"the names cannot be read in line {number}")
        name, value = found["name"].strip(), found["value"].strip(" \"'")
        if not plain[0].isspace():
            section = name
            if value.startswith("[") and name == "segmentation_names":
                parts = value.strip("[]").split(",")
                segmentations += [part.strip("\"' ") for part in parts if part.strip()]
        elif section == "class_names" and name.isdecimal():
            classes[int(name)] = value
    return Names(tuple(segmentations), classes)
