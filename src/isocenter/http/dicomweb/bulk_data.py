"""Single values of Instances; Pixel Data in any encoding, whole or Frame by Frame.

References
----------
PS3.18 10.4.1.1.5 (bulk data), 8.7.3.3 (its media types).
"""

import re

from starlette.requests import Request
from starlette.responses import Response

from isocenter.dicom.uids import EXPLICIT, NATIVE, VIDEO
from isocenter.errors import InvalidInputError, NotFoundError, NotSupportedError
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.frames import FramesApi
from isocenter.http.dicomweb.media_types import OCTETS, frame_forms, usual_syntax
from isocenter.http.dicomweb.negotiation import (
    RELATED,
    STORED,
    Form,
    Wish,
    not_acceptable,
    wishes,
)
from isocenter.http.dicomweb.sending import Sender, SentPart
from isocenter.http.dicomweb.stow import own_url
from isocenter.http.dicomweb.wado import WadoApi, with_syntax
from isocenter.http.transfer import Transfers
from isocenter.services.bulk_data import BulkData, BulkValues, is_pixels
from isocenter.services.retrieval import Place, Retrieval

_PATH = re.compile(r"[0-9A-Fa-f]{1,8}(/[0-9A-Fa-f]{1,8})*")
_FRAMES = "/frames/"
_FORMS = (Form(OCTETS), Form(RELATED, OCTETS))


class BulkDataApi:
    """Sends values."""

    def __init__(
        self,
        values: BulkValues,
        retrieval: Retrieval,
        wado: WadoApi,
        frames: FramesApi,
        blocking: Blocking,
        transfers: Transfers,
    ) -> None:
        self._values = values
        self._retrieval = retrieval
        self._wado = wado
        self._frames = frames
        self._blocking = blocking
        self._sender = Sender(transfers, blocking)

    async def value(self, request: Request) -> Response:
        """Send one value of an Instance, or Frames of its Pixel Data."""
        place = await self._wado.place(request)
        path = request.path_params["path"]
        before, separator, numbers = path.partition(_FRAMES)
        if separator and is_pixels(before):
            return await self._frames.frames(_with_frames(request, numbers))
        if _PATH.fullmatch(path) is None:
            raise NotFoundError("there is no such value")
        if is_pixels(path):
            return await self._pixels(request, place, path)
        wish = wishes(request, _FORMS)[0]
        value = await self._blocking.bulk(self._values.open, place, path)
        return await self._send(request, wish, value)

    async def _pixels(self, request: Request, place: Place, path: str) -> Response:
        """Send Pixel Data as a client takes it: a value, or a part for each Frame."""
        instance = (await self._blocking.call(self._retrieval.instances, place))[0]
        stored_uid = instance.transfer_syntax_uid
        has_frames = instance.frames > 0 and not stored_uid.startswith(VIDEO)
        related = frame_forms(stored_uid, is_single=False) if has_frames else ()
        forms = (*_FORMS, *(form for form in related if form.related_type != OCTETS))
        wanted = wishes(request, forms)
        reason = ""
        for wish in wanted:
            if wish.form not in _FORMS:
                numbers = ",".join(map(str, range(1, instance.frames + 1)))
                return await self._frames.frames(_with_frames(request, numbers))
            uid = wish.transfer_syntax_uid or usual_syntax(stored_uid)
            if uid in NATIVE:
                uid = STORED if stored_uid in NATIVE else EXPLICIT
            try:
                value = await self._blocking.bulk(self._values.open, place, path, uid)
            except (NotSupportedError, InvalidInputError) as error:
                reason = str(error)
                if wish.transfer_syntax_uid:
                    continue
                # Whoever names no encoding gets an odd value as it is rather than not at all.
                value = await self._blocking.bulk(self._values.open, place, path)
            return await self._send(request, wish, value)
        raise not_acceptable([wish.form for wish in wanted], reason)

    async def _send(self, request: Request, wish: Wish, value: BulkData) -> Response:
        content_type = with_syntax(OCTETS, value.transfer_syntax_uid)
        if wish.form.media_type != RELATED:
            return self._sender.whole(request, value, content_type, value.key)
        parts = iter([SentPart(content_type, own_url(request), value)])
        return await self._sender.related(request, parts, OCTETS, value.key)


def _with_frames(request: Request, numbers: str) -> Request:
    """Return the request for Frames that stands for one of bulk data."""
    parameters = {**request.path_params, "frames": numbers}
    return Request({**request.scope, "path_params": parameters}, request.receive)
