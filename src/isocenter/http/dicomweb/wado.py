"""WADO-RS: Studies, Series and Instances as files, and their metadata.

References
----------
PS3.18 10.4 (Retrieve Transaction), 9 (URI Service).
"""

from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.responses import Response

from isocenter.errors import InvalidInputError, NotSupportedError
from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.json_answers import compressed, takes_gzip
from isocenter.http.dicomweb.media_types import usual_syntax
from isocenter.http.dicomweb.negotiation import (
    JSON,
    PLAIN_JSON,
    RELATED,
    STORED,
    XML,
    Form,
    Wish,
    not_acceptable,
    wishes,
)
from isocenter.http.dicomweb.sending import CACHED, PartSize, Sender, SentPart
from isocenter.http.dicomweb.stow import DICOM, archive_url, read_uids
from isocenter.http.dicomweb.xml_answers import documents_of, xml_parts
from isocenter.http.ranges import is_unchanged
from isocenter.http.transfer import Transfers, attachment
from isocenter.services.retrieval import ArchivedInstance, OpenedBytes, Place, Retrieval

ZIP = "application/zip"
_SEVERAL = (Form(RELATED, DICOM), Form(ZIP))
_ONE = (Form(RELATED, DICOM), Form(DICOM), Form(ZIP))
_METADATA = (Form(JSON), Form(PLAIN_JSON), Form(RELATED, XML))
_METADATA_OF_ONE = (*_METADATA, Form(XML))


class WadoApi:
    """Sends what is in the archive."""

    def __init__(
        self,
        retrieval: Retrieval,
        callers: Callers,
        blocking: Blocking,
        transfers: Transfers,
    ) -> None:
        self._retrieval = retrieval
        self._callers = callers
        self._blocking = blocking
        self._transfers = transfers
        self._sender = Sender(transfers, blocking)

    async def instances(self, request: Request) -> Response:
        """Send the Instances of a Study, a Series, or one."""
        place = await self.place(request)
        wanted = wishes(request, _ONE if place.sop_instance_uid else _SEVERAL)
        found = await self._blocking.call(self._retrieval.instances, place)
        reason = ""
        for wish in wanted:
            try:
                return await self._send(request, wish, found)
            except NotSupportedError as error:
                reason = str(error)
        raise not_acceptable([wish.form for wish in wanted], reason)

    async def metadata(self, request: Request) -> Response:
        """Send the attributes of all Instances of a place."""
        place = await self.place(request)
        forms = _METADATA_OF_ONE if place.sop_instance_uid else _METADATA
        form = wishes(request, forms)[0].form
        url = archive_url(request)
        key = await self._blocking.call(self._retrieval.metadata_tag, place)
        if XML in form:
            return await self._xml_metadata(request, place, form, key)
        etag = f'"{key}"'
        headers = {**CACHED, "ETag": f"W/{etag}", "Vary": "Accept, Accept-Encoding"}
        if is_unchanged(request.headers, etag):
            return Response(status_code=304, headers=headers)
        is_packed = takes_gzip(request)
        if is_packed:
            headers["Content-Encoding"] = "gzip"

        def made() -> bytes:
            chunks = self._retrieval.metadata(place, url)
            return b"".join(compressed(chunks) if is_packed else chunks)

        body = await self._blocking.bulk(made)
        return Response(body, headers=headers, media_type=form.media_type)

    async def _xml_metadata(self, request: Request, place: Place, form: Form, key: str) -> Response:
        """Send metadata as XML, each Instance made into it when it is sent."""
        url = archive_url(request)
        # The address is in it, and not in the key.
        key = f"{key} {url}"

        def read() -> list[bytes]:
            return list(self._retrieval.metadata(place, url))

        documents = documents_of(await self._blocking.bulk(read))
        if form.media_type == XML:
            part = await self._blocking.bulk(next, xml_parts(documents))
            return self._sender.whole(request, part.source, XML, key)
        return await self._sender.related(request, xml_parts(documents), XML, key)

    async def place(self, request: Request) -> Place:
        """Return what the path names, of whoever asks."""
        principal = await self._callers.principal(request, "read")
        return Place(principal.id, *read_uids(request))

    async def send_one(self, request: Request, place: Place, transfer_syntax_uid: str) -> Response:
        """Send one Instance as a file."""
        found = await self._blocking.call(self._retrieval.instances, place)
        return await self._send_file(request, found[0], transfer_syntax_uid)

    async def _send(
        self, request: Request, wish: Wish, found: Sequence[ArchivedInstance]
    ) -> Response:
        media_type = wish.form.media_type
        if media_type == ZIP:
            return self._zip(found)
        if media_type == DICOM:
            return await self._send_file(request, found[0], wish.transfer_syntax_uid)
        key = " ".join((wish.transfer_syntax_uid, *(one.blob_key for one in found)))
        url, wanted_uid = archive_url(request), wish.transfer_syntax_uid
        parts = self._parts(found, wanted_uid, url)
        return await self._sender.related(
            request, parts, DICOM, key, _sizes(found, wanted_uid, url)
        )

    async def _send_file(
        self, request: Request, instance: ArchivedInstance, wanted_uid: str
    ) -> Response:
        opened, uid = await self._blocking.bulk(self._open, instance, wanted_uid)
        key = f"{instance.blob_key} {uid}"
        return self._sender.whole(request, opened, with_syntax(DICOM, uid), key)

    def _parts(
        self, found: Sequence[ArchivedInstance], wanted_uid: str, url: str
    ) -> Iterator[SentPart]:
        for number, instance in enumerate(found):
            try:
                opened, uid = self._open(instance, wanted_uid)
            except (NotSupportedError, InvalidInputError):
                if not number:
                    raise
                # The status is sent: better as it is stored, and said so, than not at all.
                opened, uid = self._open(instance, "*")
            yield SentPart(with_syntax(DICOM, uid), _address(instance, url), opened)

    def _open(self, instance: ArchivedInstance, wanted_uid: str) -> tuple[OpenedBytes, str]:
        """Return the bytes in the wanted transfer syntax, and which one it is.

        Raises
        ------
        NotSupportedError
            If the client names one that cannot be had.
        """
        stored_uid = instance.transfer_syntax_uid
        uid = wanted_uid or usual_syntax(stored_uid)
        try:
            opened = self._retrieval.open(instance, uid)
        except (NotSupportedError, InvalidInputError):
            # Whoever names no encoding gets an odd object as it is rather than not at all.
            if wanted_uid:
                raise
            uid, opened = "*", self._retrieval.open(instance)
        return opened, stored_uid if uid == "*" else uid

    def _zip(self, found: Sequence[ArchivedInstance]) -> Response:
        """Return the answer with an archive of the stored bytes, under names of numbers."""
        series = {uid: n for n, uid in enumerate(dict.fromkeys(o.series_uid for o in found), 1)}
        named = {
            f"series{series[one.series_uid]:04d}/{number:06d}.dcm": one
            for number, one in enumerate(found, 1)
        }

        def open_named(name: str) -> OpenedBytes:
            return self._retrieval.open(named[name])

        sizes = [(name, one.size_bytes) for name, one in named.items()]
        headers = {**CACHED, "Content-Disposition": attachment("dicom.zip")}
        return self._transfers.archive(sizes, open_named, headers)


def _sizes(found: Sequence[ArchivedInstance], wanted_uid: str, url: str) -> list[PartSize]:
    """Return the sizes of all parts if each is sent as it is stored; else nothing is known."""
    sizes = []
    for one in found:
        stored_uid = one.transfer_syntax_uid
        if (wanted_uid or usual_syntax(stored_uid)) not in {STORED, stored_uid}:
            return []
        sizes.append(PartSize(with_syntax(DICOM, stored_uid), _address(one, url), one.size_bytes))
    return sizes


def _address(instance: ArchivedInstance, url: str) -> str:
    return (
        f"{url}/studies/{instance.study_uid}/series/{instance.series_uid}"
        f"/instances/{instance.sop_instance_uid}"
    )


def with_syntax(media_type: str, transfer_syntax_uid: str) -> str:
    """Return a media type with a transfer syntax, if there is one."""
    if not transfer_syntax_uid:
        return media_type
    return f"{media_type}; transfer-syntax={transfer_syntax_uid}"
