"""Frames of session files as pictures, for thumbnails and sliders of the web tool."""

from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.ranges import is_unchanged
from isocenter.services.frame_pictures import FramePictures
from isocenter.services.sessions import Sessions, StoredFile

_MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg"}


class FrameApi:
    """Sends Frames, rendered in child processes."""

    def __init__(
        self,
        sessions: Sessions,
        pictures: FramePictures,
        callers: Callers,
        blocking: Blocking,
    ) -> None:
        self._sessions = sessions
        self._pictures = pictures
        self._callers = callers
        self._blocking = blocking

    async def frame(self, request: Request) -> Response:
        """Send one Frame; a browser that has it already is told so without rendering."""
        principal = await self._callers.principal(request, "read")
        path, query = request.path_params, request.query_params
        frame_number = path["frame_number"]
        if not frame_number.isascii() or not frame_number.isdigit() or len(frame_number) > 9:
            raise NotFoundError("there is no such frame")
        kind, window = query.get("type", "jpeg"), query.get("window", "own")
        if kind not in _MEDIA_TYPES:
            raise InvalidInputError(f"the type is one of {', '.join(_MEDIA_TYPES)}")
        stored = await self._blocking.call(
            self._sessions.open_file, principal.id, path["session_id"], path["filename"]
        )
        with stored:
            etag = f'"{stored.key[:32]}.{int(frame_number)}.{kind}.{_plain(window)}"'
            # Kept by the browser alone, and asked for again each time: the session may be gone.
            headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
            if is_unchanged(request.headers, etag):
                return Response(status_code=304, headers=headers)
            picture = await self._blocking.bulk(
                self._render, stored, int(frame_number), kind, window
            )
        return Response(picture, media_type=_MEDIA_TYPES[kind], headers=headers)

    def _render(self, stored: StoredFile, frame_number: int, kind: str, window: str) -> bytes:
        with stored.reader.as_file() as path:
            return self._pictures.render(path, frame_number=frame_number, kind=kind, window=window)


def _plain(window: str) -> str:
    return "".join(letter for letter in window if letter.isascii() and letter.isalnum())[:40]
