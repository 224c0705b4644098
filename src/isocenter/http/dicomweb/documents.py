"""Documents that Instances hold, in the type that their SOP Class says: PDF, CDA, models, reports.

The type is never taken from the Instance: whoever made it would choose how a browser reads it.

References
----------
PS3.18 8.7.4 (rendered media types), PS3.3 C.24.2 (Encapsulated Document Module).
"""

import contextlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from isocenter.dicom.report_html import REPORTS, report_html
from isocenter.errors import NotFoundError
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.sending import HeldBytes, Sender
from isocenter.http.dicomweb.xml_answers import documents_of
from isocenter.http.transfer import Transfers
from isocenter.services.bulk_data import BulkData, BulkValues
from isocenter.services.retrieval import Place, Retrieval

_ENCAPSULATED = "1.2.840.10008.5.1.4.1.1.104"
TYPES: Mapping[str, str] = {
    f"{_ENCAPSULATED}.1": "application/pdf",
    f"{_ENCAPSULATED}.2": "text/xml",
    f"{_ENCAPSULATED}.3": "model/stl",
    f"{_ENCAPSULATED}.4": "model/obj",
    f"{_ENCAPSULATED}.5": "model/mtl",
}
# Viewers of this server show PDF inside of their pages.
_PDF = "application/pdf"
_SHOWN_INSIDE = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)
HTML = "text/html"
_DOCUMENT, _LENGTH = "00420011", "00420015"


class Documents:
    """Sends documents."""

    def __init__(
        self, values: BulkValues, retrieval: Retrieval, blocking: Blocking, transfers: Transfers
    ) -> None:
        self._values = values
        self._retrieval = retrieval
        self._blocking = blocking
        self._sender = Sender(transfers, blocking)

    async def type_of(self, place: Place) -> str:
        """Return the media type of the document that an Instance holds, ``""`` for none."""
        found = await self._blocking.call(self._retrieval.instances, place)
        sop_class_uid = found[0].sop_class_uid if place.sop_instance_uid else ""
        return HTML if sop_class_uid.startswith(REPORTS) else TYPES.get(sop_class_uid, "")

    async def send(self, request: Request, place: Place, media_type: str) -> Response:
        """Send the document of an Instance, whose type ``type_of`` told.

        Raises
        ------
        NotFoundError
            If there is none in it.
        """
        if media_type == HTML:
            page = HeldBytes(await self._blocking.bulk(self._report, place))
            key = await self._blocking.call(self._retrieval.metadata_tag, place)
            return self._sender.whole(request, page, f"{HTML}; charset=utf-8", key)
        document = await self._blocking.bulk(self._open, place)
        response = self._sender.whole(request, document, media_type, document.key)
        if media_type == _PDF:
            response.headers["Content-Security-Policy"] = _SHOWN_INSIDE
        return response

    def _report(self, place: Place) -> bytes:
        """Return a structured report as a page."""
        (document,) = documents_of(list(self._retrieval.metadata(place, "")))
        return report_html(document).encode()

    def _open(self, place: Place) -> "_Document":
        value = self._values.open(place, _DOCUMENT)
        with contextlib.ExitStack() as stack:
            stack.callback(value.close)
            document = _Document(value, self._length(place, value))
            stack.pop_all()
            return document

    def _length(self, place: Place, value: BulkData) -> int:
        """Return how long a document is without the byte that makes its value even."""
        try:
            with contextlib.closing(self._values.open(place, _LENGTH)) as told:
                length = int.from_bytes(told.read_at(0, 4), "little")
        except NotFoundError:
            is_padded = value.read_at(value.size - 1, 1) == b"\0"
            return value.size - 1 if is_padded else value.size
        return length if value.size - 1 <= length <= value.size else value.size


class _Document:
    """The bytes of a document, without what pads them."""

    def __init__(self, value: BulkData, length: int) -> None:
        self._value = value
        self.key = f"{value.key} document"
        self.size = length

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes from ``offset``, fewer at the end."""
        return self._value.read_at(offset, min(length, self.size - offset))

    def close(self) -> None:
        """Close what it is read from."""
        self._value.close()
