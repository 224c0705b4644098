"""XML as an answer: one Native DICOM Model in each part.

References
----------
PS3.18 8.7.3.2 (metadata in XML), PS3.19 A.1.
"""

from collections.abc import Iterable, Iterator

import orjson

from isocenter.dicom.json_model import JSONObject
from isocenter.dicom.native_xml import to_xml
from isocenter.http.dicomweb.negotiation import XML
from isocenter.http.dicomweb.sending import HeldBytes, SentPart


def xml_parts(documents: Iterable[JSONObject]) -> Iterator[SentPart]:
    """Yield a part for each object of DICOM JSON."""
    for document in documents:
        yield SentPart(XML, "", HeldBytes(to_xml(document)))


def documents_of(chunks: Iterable[bytes]) -> Iterator[JSONObject]:
    """Yield the objects of one JSON array that comes in chunks of whole objects.

    Each chunk begins with what separates it from the one before: a bracket or a comma.
    """
    for chunk in chunks:
        if chunk not in {b"]", b"[]"}:
            yield from orjson.loads(b"[%b]" % chunk[1:])
