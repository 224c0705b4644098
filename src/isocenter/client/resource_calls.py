"""Calls about resources: lists, files, publishing, labels, channels, deletion."""

import contextlib
import datetime as dt
import io
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, overload

import isocenter.client as doors
from isocenter.client.calls import (
    Calls,
    Json,
    id_of,
    ids_of,
    object_of,
    only_given,
    path_text,
    texts_of,
)
from isocenter.client.file_names import DICOM
from isocenter.client.sequences import LazySequence, Page
from isocenter.client.transport import About
from isocenter.errors import InvalidInputError, NotSupportedError, ResourceNotFoundError
from isocenter.system_errors import safe_error

Date = dt.date | str
Status = Literal["inbox", "published", "archived"]

# What the contract says of a resource that is published already; that is no error.
_ALREADY = "Resource must be in inbox status to be approved"
# As many as one request publishes.
_BULK = 500
_UNSAFE = re.compile(r"[^\w.() -]+")
_NAME_CHARACTERS_MAX = 200
_RESOURCES = About("resources", {})


class ResourceCalls(Calls):
    """Resources of the server."""

    @overload
    def get_resources(
        self,
        status: Status | None = ...,
        *,
        from_date: Date | None = ...,
        to_date: Date | None = ...,
        labels: str | Sequence[str] | None = ...,
        modality: str | None = ...,
        mimetype: str | None = ...,
        return_ids_only: Literal[False] = ...,
        order_field: str | None = ...,
        order_ascending: bool | None = ...,
        channel: str | None = ...,
        tags: str | Sequence[str] | None = ...,
        filename: str | None = ...,
        project: str | None = ...,
        limit: int | None = ...,
    ) -> LazySequence[Json]: ...

    @overload
    def get_resources(
        self,
        status: Status | None = ...,
        *,
        from_date: Date | None = ...,
        to_date: Date | None = ...,
        labels: str | Sequence[str] | None = ...,
        modality: str | None = ...,
        mimetype: str | None = ...,
        return_ids_only: Literal[True],
        order_field: str | None = ...,
        order_ascending: bool | None = ...,
        channel: str | None = ...,
        tags: str | Sequence[str] | None = ...,
        filename: str | None = ...,
        project: str | None = ...,
        limit: int | None = ...,
    ) -> LazySequence[str]: ...

    def get_resources(  # noqa: PLR0913 - the documented arguments
        self,
        status: Status | None = None,
        *,
        from_date: Date | None = None,
        to_date: Date | None = None,
        labels: str | Sequence[str] | None = None,
        modality: str | None = None,
        mimetype: str | None = None,
        return_ids_only: bool = False,
        order_field: str | None = None,
        order_ascending: bool | None = None,
        channel: str | None = None,
        tags: str | Sequence[str] | None = None,
        filename: str | None = None,
        project: str | None = None,
        limit: int | None = None,
    ) -> LazySequence[Json] | LazySequence[str]:
        """Return the resources that fit all filters, as a sequence that asks when it must.

        Parameters
        ----------
        from_date, to_date
            Of the upload, both included.
        labels, tags
            Two names for one thing; a resource fits that has one of them.
        return_ids_only
            The items are ids instead of resources.
        order_field
            ``filename``, ``created_at``, ``modality``, ``created_by``, ``published_on``,
            ``published_by``.
        limit
            How many at most.

        Raises
        ------
        IsocenterError
            When items are asked for and the server does not give them.
        """
        wanted = {
            "status": status,
            "from": _day(from_date),
            "to": _day(to_date),
            "modality": modality,
            "mimetype": mimetype,
            "ids": return_ids_only,
            "order_field": order_field,
            "order_by_asc": order_ascending,
            "channel_name": channel,
            "filename": filename,
            "project": project,
        }
        for number, label in enumerate([*texts_of(labels), *texts_of(tags)]):
            wanted[f"labels[{number}]"] = label
        found = self._sequence(["resources"], only_given(wanted), about=_RESOURCES, limit=limit)
        return _ids(found, limit) if return_ids_only else found

    @overload
    def get_resources_by_ids(self, ids: str) -> Json: ...

    @overload
    def get_resources_by_ids(self, ids: list[str] | tuple[str, ...]) -> list[Json]: ...

    def get_resources_by_ids(self, ids: str | Sequence[str]) -> Json | list[Json]:
        """Return one resource, or those of several ids in their order.

        Raises
        ------
        ResourceNotFoundError
            If one of them is not there.
        """
        found = [
            object_of(self._transport.call("GET", ["resources", one], about=_about(one)))
            for one in ids_of(ids)
        ]
        return found[0] if isinstance(ids, str) else found

    def get_resource(self, resource_id: str) -> Json:
        """Return one resource.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        return self.get_resources_by_ids(resource_id)

    def download_resource_file(
        self,
        resource_id: str | Mapping[str, object],
        save_path: str | os.PathLike[str] | None = None,
        auto_convert: bool = True,  # noqa: FBT001, FBT002 - documented
    ) -> object:
        """Return the content of a resource, and write it to a file if one is named.

        Parameters
        ----------
        save_path
            A file, whose folders are made, or a folder, in which the file has its own name. It is
            complete or not there.
        auto_convert
            DICOM comes as a pydicom Data Set, pictures as Pillow's, videos as a PyAV container,
            NIfTI as a nibabel image, arrays as NumPy's, JSON as what it says; all else as bytes.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        NotSupportedError
            If the library for it is not installed.
        InvalidInputError
            If that library cannot read it: ``auto_convert=False`` gives the bytes.
        UnavailableError
            If it comes damaged, or the file cannot be written.
        """
        one = id_of(resource_id)
        path = None if save_path is None else Path(path_text(save_path))
        needs_facts = auto_convert or (path is not None and path.is_dir())
        facts = self.get_resource(one) if needs_facts else {}
        name = str(facts.get("filename") or "")
        if path is None:
            target = io.BytesIO()
            self._transport.fetch(["resources", one, "file"], target, about=_about(one))
            data = target.getvalue()
        else:
            path = path / _safe_name(name, one) if path.is_dir() else path
            self._save(one, path)
            data = path.read_bytes()
        return _convert(data, str(facts.get("mimetype") or ""), name) if auto_convert else data

    download_resources = download_resource_file

    def publish_resources(self, resource_ids: object) -> None:
        """Publish one resource or many; those that are published already stay so.

        Raises
        ------
        ResourceNotFoundError
            If one of them is not there.
        """
        ids = ids_of(resource_ids)
        for begin in range(0, len(ids), _BULK):
            several = ids[begin : begin + _BULK]
            if len(several) == 1 or not self._published_together(several):
                for one in several:
                    self._publish(one)

    def publish_resource(self, resource_id: object, dataset_id: str | None = None) -> None:
        """Publish a resource, and add it to a dataset if one is named.

        Raises
        ------
        ResourceNotFoundError
            If one of them is not there.
        """
        one = id_of(resource_id)
        self.publish_resources(one)
        if dataset_id is not None:
            self._transport.call(
                "POST",
                ["datasets", dataset_id, "resources"],
                about=About("dataset", {"id": dataset_id}),
                body={"resource_ids_to_add": [one]},
            )

    def set_resource_labels(
        self,
        resource_id: object,
        labels: str | Sequence[str] | None = None,
        frame_labels: Sequence[Mapping[str, object]] | None = None,
    ) -> None:
        """Give a resource exactly these labels, and its frames theirs; ``None`` leaves them.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        body: dict[str, object] = {}
        if labels is not None:
            body["labels"] = texts_of(labels)
        if frame_labels is not None:
            body["frame_labels"] = [dict(one) for one in frame_labels]
        one = id_of(resource_id)
        self._transport.call("PUT", ["resources", one, "labels"], about=_about(one), body=body)

    def set_resource_tags(self, resource_id: object, tags: str | Sequence[str]) -> None:
        """Give a resource exactly these tags, the newer name of labels.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        one = id_of(resource_id)
        body = {"tags": texts_of(tags)}
        self._transport.call("PUT", ["resources", one, "tags"], about=_about(one), body=body)

    def archive_resources(self, resource_ids: object) -> None:
        """Archive one resource or many.

        Raises
        ------
        ResourceNotFoundError
            If one of them is not there.
        """
        for one in ids_of(resource_ids):
            self._transport.call("POST", ["resources", one, "archive"], about=_about(one))

    def delete_resources(self, resource_ids: object) -> None:
        """Delete one resource or many, for good.

        Raises
        ------
        ResourceNotFoundError
            If one of them is not there.
        """
        for one in ids_of(resource_ids):
            self._transport.call("DELETE", ["resources", one], about=_about(one))

    delete_resource = delete_resources

    def get_channels(self) -> LazySequence[Json]:
        """Return the channels with what is in them."""
        return self._sequence(["resources", "channels"], {}, about=About("channels", {}))

    def get_users(self) -> list[Json]:
        """Return the people of the account."""
        return list(self._sequence(["users"], {}, about=About("users", {})))

    def _published_together(self, ids: Sequence[str]) -> bool:
        """Publish several with one request; return whether the server can do that."""
        try:
            self._transport.call(
                "POST", ["resources", "bulk-publish"], about=_RESOURCES, body={"resource_ids": ids}
            )
        except (ResourceNotFoundError, InvalidInputError):
            return False  # one by one it says which is not there
        return True

    def _publish(self, one: str) -> None:
        try:
            self._transport.call("POST", ["resources", one, "publish"], about=_about(one))
        except InvalidInputError as error:
            if _ALREADY not in str(error):
                raise

    def _save(self, one: str, path: Path) -> None:
        """Write a file beside its name, and give it the name when it is complete."""
        temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("w+b") as target:
                self._transport.fetch(["resources", one, "file"], target, about=_about(one))
                target.flush()
                os.fsync(target.fileno())
            temporary.replace(path)
        except OSError as error:
            raise safe_error(error) from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _about(resource_id: str) -> About:
    return About("resource", {"id": resource_id})


def _ids(found: LazySequence[Json], limit: int | None) -> LazySequence[str]:
    def ask(offset: int, most: int) -> Page[str]:
        page = found.ask_page(offset, most)
        return Page([str(one["id"]) for one in page.items], page.total)

    return LazySequence(ask, limit)


def _day(given: Date | None) -> str | None:
    return given.isoformat() if isinstance(given, dt.date) else given


def _safe_name(name: str, resource_id: str) -> str:
    """Return the name of a file, of what the server calls it, that cannot lead elsewhere."""
    last = name.replace("\\", "/").rpartition("/")[2]
    safe = _UNSAFE.sub("_", last).strip(". ")[-_NAME_CHARACTERS_MAX:]
    return safe or resource_id


def _convert(data: bytes, mimetype: str, name: str) -> object:
    """Return an object of the library that reads such files; bytes where there is none."""
    lower = name.lower()
    is_nifti = "nifti" in mimetype or lower.endswith((".nii", ".nii.gz", ".nifti"))
    readers = [
        (mimetype == DICOM, "read_dicom"),
        (is_nifti, "read_nifti"),
        (mimetype.startswith("image/"), "read_picture"),
        (mimetype.startswith("video/"), "read_video"),
        (lower.endswith((".npy", ".npz")), "read_array"),
    ]
    for fits, reader in readers:
        if fits:
            return _library_reader(reader)(data)
    return _read_json(data) if mimetype == "application/json" else data


def _read_json(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        raise InvalidInputError("the file is no JSON") from None


def _library_reader(name: str) -> Callable[[bytes], object]:
    """Return a reader, whose library is imported now."""
    try:
        reader: Callable[[bytes], object] = getattr(doors, name)
    except ImportError as error:
        raise NotSupportedError(
            f"{error.name} is needed to read this file: install it, or say auto_convert=False"
        ) from None
    return reader
