"""Frames by themselves, as they are stored or in another encoding, as pictures or thumbnails.

References
----------
PS3.18 10.4.1.1.6 (frames), 10.4.1.1.3 (rendered), 10.4.1.1.4 (thumbnails), 8.3.5 (parameters).
"""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import FrameNotFoundError, InvalidInputError, NotSupportedError
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.documents import Documents
from isocenter.http.dicomweb.media_types import OCTETS, frame_forms, frame_syntax, media_type_of
from isocenter.http.dicomweb.negotiation import RELATED, Form, not_acceptable, wishes
from isocenter.http.dicomweb.sending import CACHED, HeldBytes, Sender, SentPart, tag_of
from isocenter.http.dicomweb.stow import own_url
from isocenter.http.dicomweb.wado import WadoApi
from isocenter.http.errors import StatusError
from isocenter.http.ranges import is_unchanged
from isocenter.http.transfer import Transfers
from isocenter.services.retrieval import Frame, Place, Retrieval

_FRAMES_MAX = 10_000
# Up to so much is sent as one piece; more is read while it is sent.
_HELD_BYTES = 4 << 20
_KINDS = {"image/jpeg": "jpeg", "image/png": "png", "image/gif": "gif", "video/mp4": "mp4"}
_VIDEO = "mp4"
_PICTURES = tuple(Form(media_type) for media_type in _KINDS)
_STILLS = (Form("image/jpeg"), Form("image/png"))
_PARTS = tuple(Form(RELATED, form.media_type) for form in _STILLS)
_THUMBNAIL = "128,128"
_PATIENT = "patient"


class _Begun(NamedTuple):
    form: Form
    key: str
    held: list[Frame]
    others: Iterator[Frame]
    is_all: bool


class Look(NamedTuple):
    """How a picture shall look: what ``Retrieval.rendered`` takes."""

    window: str
    viewport: str
    quality: int
    region: str
    annotations: bool


class FramesApi:
    """Sends Frames."""

    def __init__(
        self,
        retrieval: Retrieval,
        wado: WadoApi,
        documents: Documents,
        blocking: Blocking,
        transfers: Transfers,
    ) -> None:
        self._retrieval = retrieval
        self._documents = documents
        self._wado = wado
        self._blocking = blocking
        self._sender = Sender(transfers, blocking)

    async def frames(self, request: Request) -> Response:
        """Send Frames in an encoding that the client takes."""
        place = await self._wado.place(request)
        numbers = read_frame_numbers(request.path_params["frames"])
        wishes(request, frame_forms(EXPLICIT, is_single=len(numbers) == 1))  # or it is refused
        begun = await self._blocking.bulk(self._begin, request, place, numbers)
        return await self._send(request, begun)

    async def rendered(self, request: Request) -> Response:
        """Send a picture of a Frame, an Instance, a Series or a Study; or the document in it."""
        try:
            return await self._picture(request, _PICTURES, "")
        except StatusError as refusal:
            place = await self._wado.place(request)
            media_type = await self._documents.type_of(place)
            if refusal.status != 406 or not media_type or "frames" in request.path_params:
                raise
            wishes(request, [Form(media_type)])
            return await self._documents.send(request, place, media_type)

    async def thumbnail(self, request: Request) -> Response:
        """Send a small picture."""
        return await self._picture(request, _STILLS, _THUMBNAIL)

    async def picture(self, request: Request, place: Place, kind: str, number: int) -> Response:
        """Send one picture, as the parameters of the query want it."""
        found = await self._blocking.call(self._retrieval.instances, place)
        key = hashlib.sha256("".join(one.blob_key for one in found).encode()).hexdigest()
        look = read_look(request)
        etag = tag_of(key, str(number), kind, *map(str, look))
        headers = {"ETag": etag, **CACHED, **warnings_of(request)}
        if is_unchanged(request.headers, etag):
            return Response(status_code=304, headers=headers)
        data = await self._blocking.bulk(
            self._retrieval.rendered, place, number, kind=kind, **look._asdict()
        )
        media_type = next(name for name, known in _KINDS.items() if known == kind)
        if kind == _VIDEO:
            # Players ask for ranges: without them nobody can wind.
            return self._sender.whole(request, HeldBytes(data), media_type, etag)
        return Response(data, headers=headers, media_type=media_type)

    async def _picture(self, request: Request, forms: Sequence[Form], viewport: str) -> Response:
        place = await self._wado.place(request)
        numbers = read_frame_numbers(request.path_params.get("frames", "1"))
        if len(numbers) > 1 and not viewport:
            return await self._pictures(request, place, numbers)
        if len(numbers) > 1:
            raise InvalidInputError("one thumbnail is made of one frame")
        wanted = wishes(request, forms)
        if viewport and "viewport" not in request.query_params:
            pairs = f"{request.url.query}&viewport={viewport}".lstrip("&")
            request = Request({**request.scope, "query_string": pairs.encode()}, request.receive)
        reason = ""
        for wish in wanted:
            kind = _KINDS[wish.form.media_type]
            try:
                return await self.picture(request, place, kind, numbers[0])
            except NotSupportedError as error:
                reason = reason or str(error)
        raise not_acceptable(forms, reason)

    async def _pictures(self, request: Request, place: Place, numbers: Sequence[int]) -> Response:
        """Send a picture of each Frame, in parts; each is made when the one before is sent."""
        kind = wishes(request, _PARTS)[0].form.related_type
        look = read_look(request)
        found = await self._blocking.call(self._retrieval.instances, place)
        if max(numbers) > found[0].frames:
            raise FrameNotFoundError(max(numbers), found[0].frames)

        def parts() -> Iterator[SentPart]:
            for address, number in zip(_addresses(request), numbers, strict=True):
                data = self._retrieval.rendered(place, number, kind=_KINDS[kind], **look._asdict())
                yield SentPart(kind, address, HeldBytes(data))

        key = " ".join(map(str, (found[0].blob_key, numbers, *look)))
        try:
            return await self._sender.related(request, parts(), kind, key)
        except NotSupportedError as error:
            raise not_acceptable(_PARTS, str(error)) from None

    def _begin(self, request: Request, place: Place, numbers: Sequence[int]) -> _Begun:
        """Return the first Frames, all of them if they are not large, and the others.

        What is stored decides what is best of what the client takes.
        """
        image = self._retrieval.image(place, numbers)
        stored_uid = image.instance.transfer_syntax_uid
        wanted = wishes(request, frame_forms(stored_uid, is_single=len(numbers) == 1))
        reason = ""
        for wish in wanted:
            uid = frame_syntax(wish, stored_uid)
            if uid is None:
                reason = "this media type has no such transfer syntax"
                continue
            held: list[Frame] = []
            held_bytes = 0
            try:
                frames = self._retrieval.frames_of(image, numbers, uid)
                while len(held) < len(numbers) and held_bytes < _HELD_BYTES:
                    held.append(next(frames))
                    held_bytes += len(held[-1].data)
            except NotSupportedError as error:
                reason = str(error)
                continue
            key = f"{image.instance.blob_key} {uid} {numbers}"
            return _Begun(wish.form, key, held, frames, is_all=len(held) == len(numbers))
        raise not_acceptable([wish.form for wish in wanted], reason)

    async def _send(self, request: Request, begun: _Begun) -> Response:
        form, key = begun.form, begun.key
        if form.media_type != RELATED:
            frame = begun.held[0]
            content_type = _content_type(form.media_type, frame)
            return self._sender.whole(request, HeldBytes(frame.data), content_type, key)
        kind = form.related_type

        def parts() -> Iterator[SentPart]:
            frames = itertools.chain(begun.held, begun.others)
            for address, frame in zip(_addresses(request), frames, strict=True):
                yield SentPart(_content_type(kind, frame), address, HeldBytes(frame.data))

        if begun.is_all:
            return self._sender.held(request, parts(), kind, key)
        return await self._sender.related(request, parts(), kind, key)


def read_frame_numbers(text: str) -> list[int]:
    """Return the numbers of a list with commas.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    words = text.split(",")
    is_list = all(word.isascii() and word.isdigit() and len(word) <= 9 for word in words)
    if not is_list or len(words) > _FRAMES_MAX:
        raise InvalidInputError("frames are given as a list of numbers from 1, with commas")
    return [int(word) for word in words]


def _addresses(request: Request) -> Iterator[str]:
    """Yield the address of each Frame that a request names."""
    before, _, after = own_url(request).partition("/frames/")
    for number in request.path_params["frames"].split(","):
        yield f"{before}/frames/{number}{after[after.find('/') :] if '/' in after else ''}"


def _content_type(kind: str, frame: Frame) -> str:
    uid = frame.transfer_syntax_uid
    kind = kind if kind == OCTETS else media_type_of(uid)
    return f"{kind}; transfer-syntax={uid}"


def read_look(request: Request) -> Look:
    """Return how the query wants a picture to look.

    Raises
    ------
    InvalidInputError
        If a value is none, or asks for colours that we do not make.
    """
    query = request.query_params
    if query.get("iccprofile", "no") != "no":
        raise InvalidInputError("pictures are given without a colour profile: iccprofile=no")
    annotations = _PATIENT in _words(query.get("annotation", ""))
    return Look(
        window=query.get("window", "own"),
        viewport=query.get("viewport", ""),
        quality=_quality(query.get("quality", "")),
        region=query.get("region", ""),
        annotations=annotations,
    )


def warnings_of(request: Request) -> dict[str, str]:
    """Return the header that tells which annotations are not drawn; none if all are."""
    if not _words(request.query_params.get("annotation", "")) - {_PATIENT}:
        return {}
    where = request.state.origin.base_url
    return {"Warning": f'299 {where} "of annotations, only those of the patient are drawn"'}


def _words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(",") if word.strip()}


def _quality(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= 100:
        raise InvalidInputError("the quality is a number from 1 to 100")
    return int(text)
