"""Slices as zip archives, for viewers that take a volume apart into slices themselves badly.

Of a file of a session, or of a Study or Series in the archive; whoever asks has a key, a cookie,
or the token that ``http/viewers.py`` put into the address.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from isocenter.access.authenticator import Grant
from isocenter.errors import NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.stow import read_uids
from isocenter.http.endpoints import Endpoint
from isocenter.http.sessions import VIEW
from isocenter.http.transfer import Transfers, attachment
from isocenter.http.viewer_links import (
    ARCHIVE_SUFFIX,
    SLICES_PATH,
    STUDY_ARCHIVE,
    STUDY_SLICES_PATH,
    StudyLink,
)
from isocenter.services.retrieval import OpenedBytes, Place
from isocenter.services.sessions import StoredFile
from isocenter.services.slice_archives import SliceArchives, Volume
from isocenter.services.study_slices import StudySlices

_ZIP = "application/zip"

OpenFile = Callable[[str, str, str], StoredFile]
"""Owner, session and name to an open file, as ``Sessions.open_file``."""


class SliceApi:
    """Sends archives of slices."""

    def __init__(
        self,
        callers: Callers,
        open_file: OpenFile,
        archives: SliceArchives,
        studies: StudySlices,
        transfers: Transfers,
        blocking: Blocking,
    ) -> None:
        self._callers = callers
        self._open_file = open_file
        self._archives = archives
        self._studies = studies
        self._transfers = transfers
        self._blocking = blocking

    def endpoints(self) -> list[Endpoint]:
        """Return what is offered; the more special paths come first."""
        study = f"{STUDY_SLICES_PATH}/{{study}}"
        file = f"{SLICES_PATH}/{{session_id}}"
        found = {200: "The archive", 401: "No key, or a wrong one", 404: "Nothing of this name"}
        return [
            Endpoint(
                "GET",
                path,
                handler,
                summary,
                found,
                answer_type=_ZIP,
                is_bulk=path.startswith("/v1"),
            )
            for path, handler, summary in (
                (f"{file}/{{filename}}", self.of_file, "Slices of a volume, as a zip"),
                (f"{file}/{{token}}/{{filename}}", self.of_file, "The same, by a token"),
                (f"{study}/{STUDY_ARCHIVE}", self.of_study, "Slices of a study, as a zip"),
                (
                    f"{study}/series/{{series}}/{STUDY_ARCHIVE}",
                    self.of_study,
                    "Slices of a series, as a zip",
                ),
            )
        ]

    async def of_file(self, request: Request) -> Response:
        """Send the slices of a file of a session."""
        path = request.path_params
        session_id, name = path["session_id"], path["filename"]
        if not name.endswith(ARCHIVE_SUFFIX):
            raise NotFoundError("there is no such archive")
        name = name.removesuffix(ARCHIVE_SUFFIX)
        principal = await self._callers.principal(
            request,
            "read",
            grant=Grant(VIEW, f"{session_id}/{name}"),
            token=path.get("token"),
        )
        stored = await self._blocking.call(self._open_file, principal.id, session_id, name)
        with stored:
            volume = Volume(session_id, stored.key, stored.reader)
            archive = await self._blocking.bulk(self._archives.open, volume)
        sent = StoredFile(name, archive.source.size, archive.key, {}, archive.source)
        return self._transfers.file(request, sent, _ZIP, {})

    async def of_study(self, request: Request) -> Response:
        """Send what a viewer can show of a Study or a Series; volumes in it as their slices."""
        study_uid, series_uid, _ = read_uids(request)
        grant = StudyLink(study_uid, series_uid).grant
        principal = await self._callers.principal(request, "read", grant=grant)
        place = Place(principal.id, study_uid, series_uid)
        entries = await self._blocking.bulk(self._studies.entries, place)
        named = {entry.name: entry for entry in entries}

        def open_named(name: str) -> OpenedBytes:
            return self._studies.open(named[name])

        sizes = [(entry.name, entry.size_bytes) for entry in entries]
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": attachment(STUDY_ARCHIVE),
        }
        return self._transfers.archive(sizes, open_named, headers)
