"""Annotations: made, found, approved, deleted, and the files that they have.

An annotation is about a whole resource or one of its frames. A segmentation has a file: the mask
of a frame as PNG, or a volume, which is kept as it came. Bytes lie in the store like all others.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Select, select

from isocenter.access.audit import Act
from isocenter.errors import InvalidInputError, NotFoundError, TooLargeError
from isocenter.services.annotation_files import NIFTI, PNG, AnnotationFiles, CheckedFile
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.resource_kinds import checked_text, display_name
from isocenter.services.resource_uploads import name_of
from isocenter.services.volume_masks import VolumeMasks
from isocenter.store.annotation_rows import (
    Annotation,
    AnnotationPage,
    AnnotationQuery,
    add_annotations,
    annotations_of,
    change_annotations,
    count_annotations,
    find_annotations,
    remove_annotations,
)
from isocenter.store.blob_rows import drop_unused, keep
from isocenter.store.blobs import BlobReader, BlobWriter, StagedBlob
from isocenter.store.learning_changes import SHOWN_AS, touch_sets
from isocenter.store.learning_rows import find_project
from isocenter.store.learning_tables import annotations
from isocenter.store.resource_rows import Resource, rows_of

SEGMENTATION = "segmentation"
KINDS = frozenset(
    {SEGMENTATION, "label", "category", "area", "distance", "angle", "line", "point", "polygon"}
    | {"square", "circle", "text", "integer", "float", "region", "bbox", "numeric"}
)
_VALUE = re.compile(r"[1-9]\d{0,4}")
_FACTS_MAX = 32
_FACT_CHARACTERS_MAX = 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """An annotation to be made.

    Attributes
    ----------
    frame_index
        From 0; ``None``: it is about the whole resource.
    about
        Further facts that clients keep: units, model, where it comes from.
    """

    name: str
    kind: str
    frame_index: int | None = None
    value: object = None
    geometry: Mapping[str, object] | Sequence[object] | None = None
    about: Mapping[str, object] | None = None
    project_id: str = ""


@dataclass(frozen=True, slots=True)
class Volume:
    """What is said of a volume of segments: its name, or the name of each value in it."""

    file_name: str
    name: str = ""
    segment_names: Mapping[str, str] | None = None
    about: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class StoredAnnotationFile:
    """The open file of an annotation; close it, best with ``with``."""

    annotation: Annotation
    reader: BlobReader

    @property
    def key(self) -> str:
        """The SHA-256 of the bytes."""
        assert self.annotation.file_key
        return self.annotation.file_key

    @property
    def size_bytes(self) -> int:
        """How many bytes there are."""
        return self.reader.size

    @property
    def media_type(self) -> str:
        """What kind of file it is."""
        return self.annotation.file_type or ""

    def close(self) -> None:
        """Close the bytes."""
        self.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Annotations:
    """All annotations; safe for any number of threads."""

    def __init__(
        self, engines: LearningEngines, files: AnnotationFiles, volumes: VolumeMasks
    ) -> None:
        self._engines = engines
        self._files = files
        self._volumes = volumes

    def create(self, owner: str, resource_id: str, drafts: Sequence[Draft]) -> list[str]:
        """Make annotations of a resource, all or none; return their ids in the same order.

        Raises
        ------
        InvalidInputError
            If one of them is none, or about a frame that there is not.
        NotFoundError
            If the owner lacks the resource or a project.
        TooLargeError
            If there are more than may be.
        """
        engines = self._engines
        with engines.database.begin() as connection:
            resource = rows_of(connection, owner, [resource_id])[0]
            self._check_count(connection, resource, len(drafts))
            rows = [self._row(connection, owner, resource, one) for one in drafts]
            ids = [str(row["id"]) for row in rows]
            add_annotations(connection, rows)
            self._changed(connection, owner, "annotation.create", [resource.number], ids)
        return ids

    def find(self, owner: str, query: AnnotationQuery) -> AnnotationPage:
        """Return one page of what fits, and how many there are of all pages."""
        with self._engines.database.read() as connection:
            return find_annotations(connection, owner, query)

    def get(self, owner: str, annotation_id: str) -> Annotation:
        """Return one annotation.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        with self._engines.database.read() as connection:
            return annotations_of(connection, owner, [annotation_id])[0]

    def change(
        self, owner: str, annotation_id: str, *, name: str | None = None, project_id: str = ""
    ) -> Annotation:
        """Give an annotation another name or project.

        Raises
        ------
        InvalidInputError, NotFoundError
            If the name cannot be one, or the owner lacks the annotation or the project.
        """
        values: dict[str, object] = {}
        if name is not None:
            values["name"] = checked_text(name, "name of an annotation")
        with self._engines.database.begin() as connection:
            found = annotations_of(connection, owner, [annotation_id])
            if project_id:
                values["project_number"] = find_project(connection, owner, project_id).number
            self._change(connection, owner, "annotation.change", found, values)
        return self.get(owner, annotation_id)

    def approve(self, owner: str, annotation_id: str) -> Annotation:
        """Note that somebody approved an annotation, who is noted with it.

        Raises
        ------
        NotFoundError
            If the owner has no such one.
        """
        now_ms = self._engines.clock()
        with self._engines.database.begin() as connection:
            found = annotations_of(connection, owner, [annotation_id])
            values: dict[str, object] = {"status": "published", "approved_ms": now_ms}
            values["approved_by"] = name_of(connection, owner)
            self._change(connection, owner, "annotation.approve", found, values)
        return self.get(owner, annotation_id)

    def delete(self, owner: str, ids: Sequence[str]) -> int:
        """Remove annotations with their files; return how many are gone.

        Raises
        ------
        NotFoundError
            If the owner lacks one of them; nothing changes then.
        """
        engines = self._engines
        with engines.database.begin() as connection:
            found = annotations_of(connection, owner, ids)
            remove_annotations(connection, [one.number for one in found])
            numbers = [one.resource_number for one in found]
            gone = [one.id for one in found]
            self._changed(connection, owner, "annotation.delete", numbers, gone)
        for one in found:
            self._hide(owner, one)
        self._drop(one.file_key for one in found)
        return len(found)

    def new_writer(self) -> BlobWriter:
        """Return where the bytes of a file are written to; it is closed by ``with``."""
        return self._engines.blobs.new_writer()

    def give_up(self, staged: StagedBlob) -> None:
        """Remove bytes that nobody wants."""
        self._engines.blobs.discard(staged)

    @property
    def file_bytes_max(self) -> int:
        """How many bytes the file of an annotation may have."""
        return self._engines.limits.annotation_file_bytes

    def attach(
        self, owner: str, resource_id: str, annotation_id: str, staged: StagedBlob, name: str
    ) -> Annotation:
        """Give an annotation its file, in place of the one that it had.

        Raises
        ------
        InvalidInputError, TooLargeError
            If the file is none, or does not fit the resource.
        NotFoundError
            If the owner lacks the resource or the annotation.
        """
        engines = self._engines
        with self._discarding(staged):
            with engines.database.read() as connection:
                resource = rows_of(connection, owner, [resource_id])[0]
                annotations_of(connection, owner, [annotation_id], resource_id=resource_id)
            checked = self._files.check(staged, resource)
            with engines.database.begin() as connection:
                keep(connection, engines.blobs, [staged], engines.clock())
                found = annotations_of(connection, owner, [annotation_id], resource_id=resource_id)
                values = _file_values(staged, checked, name)
                self._change(connection, owner, "annotation.file", found, values)
        self._drop(one.file_key for one in found if one.file_key != staged.key)
        return self.get(owner, annotation_id)

    def add_volume(
        self, owner: str, resource_id: str, staged: StagedBlob, volume: Volume
    ) -> Annotation:
        """Make a segmentation of a whole resource, which is a file.

        A PNG is taken for a resource of one frame.

        Raises
        ------
        InvalidInputError, TooLargeError
            If the file is none, or does not fit the resource.
        NotFoundError
            If the owner lacks the resource.
        """
        engines = self._engines
        names = checked_segment_names(volume.segment_names)
        with self._discarding(staged):
            with engines.database.read() as connection:
                resource = rows_of(connection, owner, [resource_id])[0]
            checked = self._files.check(staged, resource)
            if checked.is_mask and resource.frames > 1:
                raise InvalidInputError(
                    "a PNG is the mask of one frame: name the frame, or send a NIfTI volume"
                )
            name = volume.name or ", ".join(names.values())[:200] or "segmentation"
            index = 0 if checked.is_mask else None
            about = dict(volume.about or {})
            if checked.media_type.startswith(NIFTI):
                about |= self._show(resource, staged, name, names)
            draft = Draft(name, SEGMENTATION, index, about=about)
            with engines.database.begin() as connection:
                keep(connection, engines.blobs, [staged], engines.clock())
                resource = rows_of(connection, owner, [resource_id])[0]
                self._check_count(connection, resource, 1)
                row = self._row(connection, owner, resource, draft)
                row |= _file_values(staged, checked, volume.file_name)
                row["segment_names"] = names or None
                add_annotations(connection, [row])
                ids = [str(row["id"])]
                self._changed(connection, owner, "annotation.create", [resource.number], ids)
        return self.get(owner, ids[0])

    def open_file(
        self, owner: str, annotation_id: str, resource_id: str = ""
    ) -> StoredAnnotationFile:
        """Return the file of an annotation; the caller closes it.

        Raises
        ------
        NotFoundError
            If the owner lacks the annotation, or it has no file.
        """
        with self._engines.database.read() as connection:
            found = annotations_of(connection, owner, [annotation_id], resource_id=resource_id)[0]
        if found.file_key is None:
            raise NotFoundError("the annotation has no file")
        return StoredAnnotationFile(found, self._engines.blobs.open(found.file_key))

    def mask(
        self,
        owner: str,
        annotation_id: str,
        resource_id: str,
        frame_index: int,
        value: int = 0,
    ) -> bytes:
        """Return the mask of one frame of a segmentation as PNG, whatever its file is.

        Parameters
        ----------
        value
            Of one segment of a volume; 0: of all.

        Raises
        ------
        NotFoundError
            If the owner lacks the annotation, or it has no file, or no mask of this frame.
        InvalidInputError, NotSupportedError, TooLargeError
            If its volume does not lie on the resource.
        """
        with self._engines.database.read() as connection:
            resource = rows_of(connection, owner, [resource_id])[0]
        with self.open_file(owner, annotation_id, resource_id) as stored:
            kind, index = stored.media_type, stored.annotation.frame_index
            if kind.startswith(NIFTI):
                with stored.reader.as_file() as path:
                    return self._volumes.mask(resource, stored.key, path, frame_index, value)
            if kind == PNG and index == frame_index:
                return stored.reader.read_at(0, stored.size_bytes)
        raise NotFoundError("the annotation has no mask of this frame")

    def annotated(self, owner: str) -> Select[tuple[int]]:
        """Return what selects the numbers of resources that have annotations."""
        return select(annotations.c.resource_number).where(annotations.c.owner == owner)

    def _show(
        self, resource: Resource, staged: StagedBlob, name: str, names: Mapping[str, str]
    ) -> dict[str, object]:
        """Have viewers show a volume; return where, or why they do not."""
        with self._engines.blobs.open_staged(staged) as reader, reader.as_file() as path:
            shown = self._volumes.show(resource, path, name, names)
        if shown.instance is None:
            return {"note": shown.note}
        uids = shown.instance
        named = (uids.study_uid, uids.series_uid, uids.sop_instance_uid)
        return dict(zip(SHOWN_AS, named, strict=True))

    def _hide(self, owner: str, one: Annotation) -> None:
        uids = [str(one.about.get(name, "")) for name in SHOWN_AS]
        if all(uids):
            self._volumes.hide(owner, *uids)

    def _row(
        self, connection: Connection, owner: str, resource: Resource, draft: Draft
    ) -> dict[str, Any]:
        now_ms = self._engines.clock()
        project = find_project(connection, owner, draft.project_id) if draft.project_id else None
        if draft.kind not in KINDS:
            raise InvalidInputError(
                f"the type of an annotation is one of {', '.join(sorted(KINDS))}"
            )
        index = draft.frame_index
        if index is not None and not 0 <= index < max(resource.frames, 1):
            raise InvalidInputError(
                f"the resource has the frames 0 to {max(resource.frames, 1) - 1}, not {index}"
            )
        return {
            "id": self._engines.new_id(),
            "owner": owner,
            "resource_number": resource.number,
            "project_number": None if project is None else project.number,
            "name": checked_text(draft.name, "name of an annotation"),
            "kind": draft.kind,
            "frame_index": index,
            # A number alone would come out of SQLite as something else than JSON.
            "value": None if draft.value is None else [draft.value],
            "geometry": draft.geometry,
            "about": _checked_facts(draft.about or {}),
            "status": "new",
            "created_ms": now_ms,
            "created_by": name_of(connection, owner),
            "changed_ms": now_ms,
        }

    def _check_count(self, connection: Connection, resource: Resource, new: int) -> None:
        most = self._engines.limits.annotations
        if (count := count_annotations(connection, resource.number) + new) > most:
            raise TooLargeError("annotations", most, count, "annotations of one resource")

    def _change(
        self,
        connection: Connection,
        owner: str,
        action: str,
        found: Sequence[Annotation],
        values: Mapping[str, object],
    ) -> None:
        now_ms = self._engines.clock()
        numbers = [one.number for one in found]
        change_annotations(connection, numbers, changed_ms=now_ms, **values)
        resources = [one.resource_number for one in found]
        self._changed(connection, owner, action, resources, [one.id for one in found])

    def _changed(
        self,
        connection: Connection,
        owner: str,
        action: str,
        resource_numbers: Sequence[int],
        ids: Sequence[str],
    ) -> None:
        """Note a change in the audit, and in all lists that have these resources."""
        touch_sets(connection, sorted(set(resource_numbers)), self._engines.clock())
        acts = [Act(owner, action, ("annotation", one)) for one in ids]
        if acts:
            self._engines.audit.record_all(connection, acts)

    @contextlib.contextmanager
    def _discarding(self, staged: StagedBlob) -> Iterator[None]:
        """Give up the bytes if the block fails."""
        try:
            yield
        except BaseException:
            self._engines.blobs.discard(staged)
            raise

    def _drop(self, keys: Iterable[str | None]) -> None:
        unused = [key for key in keys if key is not None]
        if unused:
            drop_unused(self._engines.database, self._engines.blobs, unused)


def checked_segment_names(given: Mapping[str, str] | None) -> dict[str, str]:
    """Return the name of each value of a volume.

    Raises
    ------
    InvalidInputError
        If a value is no whole number from 1, or a name is none.
    """
    names = {}
    for value, name in (given or {}).items():
        if not _VALUE.fullmatch(value):
            raise InvalidInputError("segmentation_map goes from whole numbers from 1 to names")
        names[value] = checked_text(name, "name of a segment")
    return names


def _file_values(staged: StagedBlob, checked: CheckedFile, name: str) -> dict[str, object]:
    return {
        "file_key": staged.key,
        "file_name": display_name(name),
        "file_type": checked.media_type,
        "file_bytes": staged.size_bytes,
    }


def _checked_facts(about: Mapping[str, object]) -> dict[str, object]:
    kept = {name: value for name, value in about.items() if value is not None}
    texts = [*kept, *(value for value in kept.values() if isinstance(value, str))]
    if len(kept) > _FACTS_MAX or any(len(one) > _FACT_CHARACTERS_MAX for one in texts):
        raise InvalidInputError(
            f"an annotation has at most {_FACTS_MAX} further facts of at most "
            f"{_FACT_CHARACTERS_MAX} characters"
        )
    return kept
