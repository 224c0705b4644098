"""WADO-URI: one Instance, or a picture of it, by the parameters of one address.

References
----------
PS3.18 chapter 9 (URI Service).
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import InvalidInputError, NotFoundError, NotSupportedError
from isocenter.http.auth import Callers
from isocenter.http.dicomweb.documents import Documents
from isocenter.http.dicomweb.frames import FramesApi, read_frame_numbers
from isocenter.http.dicomweb.negotiation import Form, is_uid, not_acceptable, read_accept
from isocenter.http.dicomweb.stow import DICOM
from isocenter.http.dicomweb.wado import WadoApi
from isocenter.services.retrieval import Place

_KINDS = {"image/jpeg": "jpeg", "image/png": "png", "image/gif": "gif", "video/mp4": "mp4"}
_FORMS = (Form("image/jpeg"), Form(DICOM), *(Form(kind) for kind in list(_KINDS)[1:]))


class WadoUriApi:
    """Answers the older way of asking, which many viewers still use."""

    def __init__(
        self, wado: WadoApi, frames: FramesApi, documents: Documents, callers: Callers
    ) -> None:
        self._wado = wado
        self._documents = documents
        self._frames = frames
        self._callers = callers

    async def retrieve(self, request: Request) -> Response:
        """Send the Instance that the query names."""
        principal = await self._callers.principal(request, "read")
        query = request.query_params
        if query.get("requestType", "") != "WADO":
            raise InvalidInputError("requestType must be WADO")
        if query.get("anonymize", "no") != "no":
            raise InvalidInputError("this interface de-identifies nothing: ask without anonymize")
        uids = [query.get(name, "") for name in ("studyUID", "seriesUID", "objectUID")]
        if not all(uids):
            raise InvalidInputError("studyUID, seriesUID and objectUID are needed")
        if not all(is_uid(uid) for uid in uids):
            raise NotFoundError("there is no such study, series or instance")
        place = Place(principal.id, *uids)
        document = await self._documents.type_of(place)
        for wanted in read_accept(query.get("contentType", document or "image/jpeg")):
            if wanted.media_type == DICOM:
                uid = query.get("transferSyntax", "")
                if uid and not is_uid(uid):
                    raise InvalidInputError("the transfer syntax is no UID")
                return await self._file(request, place, uid)
            if document and wanted.media_type in {document, "*/*"}:
                return await self._documents.send(request, place, document)
            if not document and wanted.media_type in {*_KINDS, "image/*", "*/*"}:
                kind = _KINDS.get(wanted.media_type, "jpeg")
                return await self._picture(request, place, kind)
        raise not_acceptable([Form(document), Form(DICOM)] if document else _FORMS)

    async def _file(self, request: Request, place: Place, transfer_syntax_uid: str) -> Response:
        try:
            return await self._wado.send_one(request, place, transfer_syntax_uid)
        except NotSupportedError as error:
            raise not_acceptable(_FORMS, str(error)) from None

    async def _picture(self, request: Request, place: Place, kind: str) -> Response:
        number = read_frame_numbers(request.query_params.get("frameNumber", "1"))[0]
        pairs = urlencode(_options(request))
        plain = Request({**request.scope, "query_string": pairs.encode()}, request.receive)
        try:
            return await self._frames.picture(plain, place, kind, number)
        except NotSupportedError as error:
            raise not_acceptable(_FORMS, str(error)) from None


def _options(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of the query as those of rendered resources.

    Raises
    ------
    InvalidInputError
        If only one of two that belong together is given, or one that is not supported.
    """
    query = request.query_params
    if "presentationUID" in query:
        # A picture without it would look right and show something else.
        raise InvalidInputError("presentation states are not applied: ask without presentationUID")
    options = [
        (name, query[name]) for name in ("region", "annotation", "iccprofile") if name in query
    ]
    for name, first, second in (
        ("window", "windowCenter", "windowWidth"),
        ("viewport", "columns", "rows"),
    ):
        given = [query[key] for key in (first, second) if key in query]
        if len(given) == 1:
            raise InvalidInputError(f"{first} and {second} belong together")
        if given:
            options.append((name, ",".join(given)))
    if "imageQuality" in query:
        options.append(("quality", query["imageQuality"]))
    return options
