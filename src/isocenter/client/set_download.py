"""A learning set brought to this machine: prepared by the server, downloaded, kept up to date.

A download that was cut goes on where it was, also in the next run: the archive stays beside the
folder until it is unpacked, with a note of its ETag.
"""

import contextlib
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import orjson

from isocenter.client.dataset_calls import DatasetCalls
from isocenter.client.prepared import PreparedSet
from isocenter.client.set_files import read_list, remove_others, unpack
from isocenter.client.transport import About
from isocenter.errors import InvalidInputError, UnavailableError
from isocenter.system_errors import safe_error

LATEST = "latest"


class Wanted(NamedTuple):
    """Which set, by its own name or that of its project, in which version."""

    dataset_name: str | None
    project_name: str | None
    version: str = LATEST


def up_to_date(
    folder: Path, wanted: Wanted, *, server_url: str | None, api_key: str | None, is_asked: bool
) -> PreparedSet:
    """Return the list of a set whose files are in a folder, downloaded where they are not.

    A version by number is asked for once; the latest one is compared each time, unless
    ``is_asked`` is false. To be called by one process at a time (``set_files.locked``).

    Raises
    ------
    ResourceNotFoundError
        If the server has no such set or version.
    UnavailableError
        If the server cannot be reached and nothing is here; if what comes is damaged.
    IsocenterError
        As the calls of the client do.
    """
    here = read_list(folder)
    known = LATEST if not is_asked else None
    if here is not None and wanted.version in (known, here.version):
        return here
    with SetDownloads(server_url=server_url, api_key=api_key) as downloads:
        try:
            return downloads.bring(folder, wanted, here)
        except UnavailableError:
            if here is None or wanted.version != LATEST or downloads.has_begun:
                raise
    warnings.warn(
        "the server cannot be reached: the dataset is the version that is here", stacklevel=3
    )
    return here


class SetDownloads(DatasetCalls):
    """The calls that bring a set here."""

    has_begun = False

    def bring(self, folder: Path, wanted: Wanted, here: PreparedSet | None) -> PreparedSet:
        """Return the list of a set, downloaded where what is here is another version.

        Raises
        ------
        IsocenterError
            As ``up_to_date``.
        """
        name = wanted.dataset_name
        if wanted.project_name is not None:
            name = str(self.get_project(wanted.project_name)["dataset_id"])
        found = self.get_dataset(name or "")
        is_same = here is not None and here.id in ("", str(found["id"]))
        if here is not None and is_same and wanted.version == LATEST:
            told = str(found.get("updated_at", ""))
            if told == here.updated_at and told:
                return here
        self.has_begun = True
        token = self._prepare(str(found["id"]), wanted.version)
        archive = folder.with_name(f"{folder.name}.zip")
        self._download(token, archive)
        try:
            now = unpack(archive, folder)
        finally:
            # Damaged or not: what could not be unpacked once cannot be so another time.
            _note_path(archive).unlink(missing_ok=True)
            archive.unlink(missing_ok=True)
        if here is not None:
            remove_others(folder, here, now)
        return now

    def _prepare(self, dataset: str, version: str) -> str:
        """Have the server put an archive together; return the token that it gives for it."""
        about = About("dataset", {"id": dataset, "version": version})
        query = {"version": version}
        path = ["datasets", dataset, "download", "dicom"]
        for said in events(self._transport.lines(path, about=about, query=query)):
            if said.get("zip"):
                return str(said["zip"])
        raise UnavailableError("the server ended before the dataset was prepared: try again")

    def _download(self, token: str, archive: Path) -> None:
        about = About("prepared dataset", {})
        path = ["datasets", "download", token]
        note = _note_path(archive)
        try:
            etag = note.read_text(encoding="utf-8") if archive.exists() and note.exists() else ""
            with archive.open("r+b" if etag else "w+b") as target:
                try:
                    self._transport.fetch(
                        path, target, about=about, etag=etag, told_etag=_Noting(note)
                    )
                except InvalidInputError:
                    if not etag:
                        raise
                    # It has nothing more to send: all was here, or it is another one by now.
                    self._transport.fetch(path, target, about=about, told_etag=_Noting(note))
        except OSError as error:
            raise safe_error(error) from None


class _Noting:
    """Writes down the ETag of what is coming."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, etag: str) -> None:
        self._path.write_text(etag, encoding="utf-8")


def events(lines: Iterable[str]) -> Iterable[Mapping[str, object]]:
    """Yield the objects of a stream of events.

    Raises
    ------
    UnavailableError
        If one of them is an error.

    References
    ----------
    HTML Living Standard 9.2.6 (event streams).
    """
    kind, data = "", [""]
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif not line:
            text = "\n".join(data).strip()
            if kind == "error":
                raise UnavailableError(f"the server cannot prepare the dataset: {text[:300]}")
            with contextlib.suppress(orjson.JSONDecodeError):
                said = orjson.loads(text) if text else None
                if isinstance(said, dict):
                    yield said
            kind, data = "", [""]


def _note_path(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}.etag")
