"""What a server prepared to learn from: the list of resources that stands in ``dataset.json``.

Names of files come from the server; only relative ones that stay inside the folder are taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import orjson

from isocenter.errors import InvalidInputError

LIST_NAME = "dataset.json"

_FORBIDDEN = frozenset('\\:*?"<>|\0')
_NAME_CHARACTERS_MAX = 255

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file of the set: where it lies, and what it must be; ``None`` and ``""`` if not said."""

    path: str
    size_bytes: int | None = None
    sha256: str = ""

    def __post_init__(self) -> None:
        parts = PurePosixPath(self.path).parts
        is_inside = bool(parts) and not self.path.startswith("/") and ".." not in parts
        # A name with a leading dot could be one of those that the cache uses itself.
        is_plain = all(
            len(part) <= _NAME_CHARACTERS_MAX
            and not part.startswith(".")
            and _FORBIDDEN.isdisjoint(part)
            and part.isprintable()
            for part in parts
        )
        if not is_inside or not is_plain or self.path == LIST_NAME:
            raise InvalidInputError("the dataset names a file outside of its folder")


@dataclass(frozen=True, slots=True)
class PreparedMask:
    """A segmentation: of one Frame (0-based), or, where there is no index, of all of them.

    ``names`` says which value of the file is what; empty: all that is not 0 is ``name``.
    """

    name: str
    file: PreparedFile
    frame_index: int | None
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class PreparedResource:
    """One resource: its file, what is known of it as JSON, and its segmentations."""

    id: str
    file: PreparedFile
    mimetype: str
    facts: Json
    masks: tuple[PreparedMask, ...]


@dataclass(frozen=True, slots=True)
class PreparedSet:
    """A learning set as it was at one time."""

    id: str
    name: str
    version: str
    updated_at: str
    resources: tuple[PreparedResource, ...]


def read_prepared(raw: bytes) -> PreparedSet:
    """Return what ``dataset.json`` says, in the form of any generation of servers.

    Raises
    ------
    InvalidInputError
        If it is not such a list, or names files outside of its folder.
    """
    try:
        said = orjson.loads(raw)
        resources = said["resources"] if "resources" in said else said["images"]
        return PreparedSet(
            id=str(said.get("id", "")),
            name=str(said.get("name", "")),
            version=str(said.get("version", "")),
            updated_at=str(said.get("updated_at", "")),
            resources=tuple(_read_resource(facts) for facts in resources),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InvalidInputError("dataset.json is no list of resources") from None


def _read_resource(facts: dict[str, Any]) -> PreparedResource:
    path = facts.get("file") or facts["image_file"]
    size = facts.get("size")
    file = PreparedFile(
        path, int(size) if size is not None else None, str(facts.get("sha256") or "")
    )
    named = facts.get("annotations") or ()
    masks = [_read_mask(annotation) for annotation in named if annotation.get("file")]
    masks += [_read_volume(volume) for volume in facts.get("segmentation_files") or ()]
    labels = [str(label) for label in facts.get("labels") or ()]
    known = {
        **facts,
        "id": str(facts.get("id", "")),
        "filename": str(facts.get("filename") or PurePosixPath(path).name),
        "labels": labels,
    }
    mimetype = str(facts.get("mimetype") or "")
    return PreparedResource(known["id"], file, mimetype, known, tuple(masks))


def _read_mask(annotation: Json) -> PreparedMask:
    index = annotation.get("frame_index", annotation.get("index"))
    name = str(annotation.get("name") or annotation.get("identifier") or "")
    return PreparedMask(
        name, _named_file(annotation), None if index is None else int(index), _names(annotation)
    )


def _read_volume(volume: Json) -> PreparedMask:
    return PreparedMask(str(volume.get("name") or ""), _named_file(volume), None, _names(volume))


def _named_file(said: Json) -> PreparedFile:
    return PreparedFile(str(said["file"]), None, str(said.get("sha256") or ""))


def _names(said: Json) -> dict[int, str]:
    """Return names by value; servers say either by the other."""
    found = said.get("segmentation_map") or {}
    return {
        int(key if str(key).isdecimal() else value): str(value if str(key).isdecimal() else key)
        for key, value in found.items()
    }
