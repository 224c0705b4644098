"""The table of endpoints of DICOMweb: what ``/openapi.json`` says and ``app.py`` routes."""

from collections.abc import Mapping

from isocenter.http.auth import Callers
from isocenter.http.blocking import Blocking
from isocenter.http.dicomweb.bulk_data import BulkDataApi
from isocenter.http.dicomweb.documents import Documents
from isocenter.http.dicomweb.frames import FramesApi
from isocenter.http.dicomweb.history import HistoryApi
from isocenter.http.dicomweb.negotiation import JSON, RELATED, XML
from isocenter.http.dicomweb.qido import QidoApi
from isocenter.http.dicomweb.stow import DICOM, PREFIX, StowApi
from isocenter.http.dicomweb.wado import WadoApi
from isocenter.http.dicomweb.wado_uri import WadoUriApi
from isocenter.http.endpoints import Endpoint, Handler
from isocenter.http.openapi import parameter
from isocenter.http.transfer import Transfers
from isocenter.limits import Limits
from isocenter.services.archive import Archive

_STUDIES = f"{PREFIX}/studies"
_STUDY = f"{_STUDIES}/{{study}}"
_SERIES = f"{_STUDY}/series/{{series}}"
_INSTANCE = f"{_SERIES}/instances/{{instance}}"
_FRAMES = f"{_INSTANCE}/frames/{{frames}}"
_LEVELS = ((_STUDY, "a study"), (_SERIES, "a series"), (_INSTANCE, "an instance"))
_NOTHING = "No such study, series or instance, or somebody else's"
_UNWANTED = "None of what the client takes can be given; the answer says what can"
_GIVEN: Mapping[int, str] = {
    200: "What was asked for",
    304: "The client has it already",
    404: _NOTHING,
    406: _UNWANTED,
}
_IN_PARTS: Mapping[int, str] = {
    **_GIVEN,
    206: "The range that was asked for",
    412: "The client wants other bytes",
    416: "The range lies behind the end",
}
_STORED: Mapping[int, str] = {
    200: "All instances are stored",
    202: "Some are not, or with warnings",
    406: _UNWANTED,
    409: "None is stored; the reasons are in the answer",
    413: "It is too large",
    415: "The body is of a type that cannot be stored",
}
_FOUND: Mapping[int, str] = {
    200: "The matches",
    204: "There are none",
    404: "The address names what is no UID",
    406: _UNWANTED,
}
_QUERY = (
    parameter("limit", "At most so many matches"),
    parameter("offset", "Without the first so many"),
    parameter("includefield", "Attributes to return too, or all"),
    parameter("fuzzymatching", "true: names by the words they begin with"),
)
_PICTURE = (
    parameter("window", "CENTER,WIDTH, own or full"),
    parameter("viewport", "width,height of the picture in pixels"),
    parameter("quality", "1 to 100, of JPEG"),
    parameter("annotation", "patient: name, ID and date are written into the picture"),
    parameter("iccprofile", "no: pictures have no colour profile"),
)
_BODY: Mapping[str, object] = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "format": "binary"}}
        for kind in (RELATED, DICOM, JSON, XML)
    },
}


def dicomweb_endpoints(
    archive: Archive,
    callers: Callers,
    blocking: Blocking,
    transfers: Transfers,
    limits: Limits,
) -> list[Endpoint]:
    """Return all endpoints of DICOMweb, and what tells more of the archive."""
    retrieval = archive.retrieval
    stow = StowApi(archive.studies, archive.told, callers, blocking, limits)
    wado = WadoApi(retrieval, callers, blocking, transfers)
    documents = Documents(archive.bulk, retrieval, blocking, transfers)
    frames = FramesApi(retrieval, wado, documents, blocking, transfers)
    bulk = BulkDataApi(archive.bulk, retrieval, wado, frames, blocking, transfers)
    return [
        *_storing(stow),
        *_searching(QidoApi(archive.search, callers, blocking, transfers)),
        *_retrieving(wado, frames, bulk),
        *HistoryApi(archive.history, callers, blocking, transfers).endpoints(),
        Endpoint(
            "GET",
            f"{PREFIX}/wado",
            WadoUriApi(wado, frames, documents, callers).retrieve,
            "An instance, or a picture of it, by the parameters of WADO-URI",
            _IN_PARTS,
            answer_type="image/jpeg",
            is_bulk=True,
        ),
    ]


def _storing(stow: StowApi) -> list[Endpoint]:
    made = []
    for path, where in ((_STUDIES, ""), (_STUDY, " of one study")):
        for method, what in (("POST", "Store"), ("PUT", "Store or replace")):
            summary = f"{what} instances{where}"
            made.append(
                Endpoint(
                    method,
                    path,
                    stow.store,
                    summary,
                    _STORED,
                    body=_BODY,
                    answer_type=JSON,
                    is_bulk=True,
                )
            )
    for path, what in _LEVELS:
        summary = f"Remove {what}"
        answers = {204: "It is gone", 404: _NOTHING}
        made.append(Endpoint("DELETE", path, stow.delete, summary, answers))
    return made


def _searching(qido: QidoApi) -> list[Endpoint]:
    table: tuple[tuple[str, Handler, str], ...] = (
        (_STUDIES, qido.studies, "Search for studies"),
        (f"{PREFIX}/series", qido.series, "Search for series"),
        (f"{_STUDY}/series", qido.series, "Search for series of a study"),
        (f"{PREFIX}/instances", qido.instances, "Search for instances"),
        (f"{_STUDY}/instances", qido.instances, "Search for instances of a study"),
        (f"{_SERIES}/instances", qido.instances, "Search for instances of a series"),
    )
    return [
        Endpoint("GET", path, handler, summary, _FOUND, parameters=_QUERY, answer_type=JSON)
        for path, handler, summary in table
    ]


def _retrieving(wado: WadoApi, frames: FramesApi, bulk: BulkDataApi) -> list[Endpoint]:
    made = []
    for path, what in _LEVELS:
        made += [
            _bulk(path, wado.instances, f"The instances of {what}", RELATED),
            _bulk(f"{path}/metadata", wado.metadata, f"The attributes of {what}", JSON),
            _picture(f"{path}/rendered", frames.rendered, f"A picture of {what}"),
            _picture(f"{path}/thumbnail", frames.thumbnail, f"A small picture of {what}"),
        ]
    return [
        *made,
        _bulk(_FRAMES, frames.frames, "Frames, numbered from 1", RELATED),
        _picture(f"{_FRAMES}/rendered", frames.rendered, "A picture of a frame"),
        _picture(f"{_FRAMES}/thumbnail", frames.thumbnail, "A small picture of a frame"),
        _bulk(
            f"{_INSTANCE}/bulkdata/{{path:path}}",
            bulk.value,
            "One value, as metadata names it",
            "application/octet-stream",
        ),
    ]


def _bulk(path: str, handler: Handler, summary: str, answer_type: str) -> Endpoint:
    return Endpoint("GET", path, handler, summary, _IN_PARTS, answer_type=answer_type, is_bulk=True)


def _picture(path: str, handler: Handler, summary: str) -> Endpoint:
    return Endpoint(
        "GET", path, handler, summary, _GIVEN, parameters=_PICTURE, answer_type="image/jpeg"
    )
