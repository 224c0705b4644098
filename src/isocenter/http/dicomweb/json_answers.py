"""JSON as an answer: whole or as a stream, compressed where the client takes that."""

from collections.abc import Iterable, Iterator, Mapping

from isal import isal_zlib
from starlette.requests import Request
from starlette.responses import Response

_GZIP_WINDOW = 31  # 15 bits, with the header of gzip
_LEVEL = 1
_SMALLEST_BYTES = 1024  # less is not worth it


def takes_gzip(request: Request) -> bool:
    """Whether the client takes gzip (RFC 9110 section 12.5.3)."""
    for given in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, quality = given.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def json_answer(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return JSON as an answer."""
    shared = {"Vary": "Accept, Accept-Encoding", **headers}
    if len(body) >= _SMALLEST_BYTES and takes_gzip(request):
        shared["Content-Encoding"] = "gzip"
        body = b"".join(compressed([body]))
    return Response(body, headers=shared, media_type=media_type)


def compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield bytes compressed by gzip."""
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP_WINDOW)
    for chunk in chunks:
        piece = compressor.compress(chunk)
        if piece:
            yield piece
    yield compressor.flush()
