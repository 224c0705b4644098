"""The table of endpoints of the session API: what ``/openapi.json`` says and ``app.py`` routes."""

from collections.abc import Mapping

from isocenter.http.endpoints import Endpoint
from isocenter.http.events import JobEvents
from isocenter.http.frames import FrameApi
from isocenter.http.openapi import parameter
from isocenter.http.sessions import DICOM, FIELD, SessionApi
from isocenter.limits import Limits

REQUESTS = "requests"
SESSIONS = "sessions"

_STRING: Mapping[str, object] = {"type": "string"}
_INTEGER: Mapping[str, object] = {"type": "integer"}
_BINARY: Mapping[str, object] = {"type": "string", "format": "binary"}
_FILE: Mapping[str, object] = {
    "type": "object",
    "required": ["name", "size"],
    "properties": {"name": _STRING, "size": _INTEGER, "view_url": _STRING},
}
_FILES: Mapping[str, object] = {"type": "array", "items": _FILE}
_SESSION: Mapping[str, object] = {
    "type": "object",
    "required": ["session_id"],
    "properties": {
        "session_id": {"type": "string", "format": "uuid"},
        "expires_at": {"type": "string", "format": "date-time"},
    },
}
_UPLOADED: Mapping[str, object] = {
    "type": "object",
    "required": ["uploaded", "files"],
    "properties": {"uploaded": _INTEGER, "files": {"type": "array", "items": _STRING}},
}
_LISTING: Mapping[str, object] = {
    "type": "object",
    "required": ["input", "output"],
    "properties": {"input": _FILES, "output": _FILES},
}
_RESULT: Mapping[str, object] = {
    "type": "object",
    "required": ["success", "action", "log", "output_files"],
    "properties": {
        "success": {"type": "boolean"},
        "action": _STRING,
        "log": _STRING,
        "output_files": _FILES,
        "failed": {"type": "array", "items": {"type": "object"}},
        "error": _STRING,
    },
}
_JOB: Mapping[str, object] = {
    "type": "object",
    "required": ["job_id", "status"],
    "properties": {"job_id": _STRING, "status": _STRING, "result": _RESULT},
}
_UPLOAD_BODY: Mapping[str, object] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [FIELD],
                "properties": {FIELD: {"type": "array", "items": _BINARY}},
            }
        }
    },
}
_PROCESS_BODY: Mapping[str, object] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["action"],
                "properties": {
                    "action": _STRING,
                    "params": {"type": ["string", "null"]},
                    "options": {"type": ["object", "null"]},
                    "input": {"type": "string", "enum": ["input", "output"]},
                    "files": {"type": ["array", "null"], "items": _STRING},
                },
            },
            "example": {"action": "merge"},
        }
    },
}
_NO_SESSION = "No such session or file, or somebody else's"
_RANGES = (
    parameter("Range", "A part of the file: bytes=0-99", place="header"),
    parameter("If-None-Match", "An ETag that the caller has", place="header"),
    parameter("If-Range", "The ETag that the range belongs to", place="header"),
)
_FILE_ANSWERS: Mapping[int, str] = {
    200: "The bytes",
    206: "The part that was asked for",
    304: "The caller has these bytes",
    404: _NO_SESSION,
    412: "The caller wants other bytes",
    416: "The range lies behind the end",
}


def session_endpoints(
    api: SessionApi, events: JobEvents, frames: FrameApi, limits: Limits
) -> list[Endpoint]:
    """Return all endpoints of sessions."""
    return [
        *_documented(api, limits),
        *_transfers(api),
        *_added(api),
        *_jobs(api, events),
        Endpoint(
            "GET",
            "/api/frames/{session_id}/{filename}/{frame_number}",
            frames.frame,
            "One frame as a picture; frames are counted from 1",
            {200: "The picture", 304: "The caller has it", 400: "No such window", 404: _NO_SESSION},
            parameters=(
                parameter("window", "own, full, or CENTER,WIDTH"),
                parameter("type", "jpeg or png", {"type": "string", "enum": ["jpeg", "png"]}),
            ),
            answer_type="image/jpeg",
        ),
    ]


def _documented(api: SessionApi, limits: Limits) -> list[Endpoint]:
    return [
        Endpoint(
            "POST",
            "/api/session",
            api.create,
            "Make a session, which is removed after an hour",
            {200: "The session", 503: "As many sessions are there as may be"},
            answer_schema=_SESSION,
            counts=(REQUESTS, SESSIONS),
        ),
        Endpoint(
            "POST",
            "/api/upload/{session_id}",
            api.upload,
            "Upload files into a session: all of a request are stored, or none",
            {
                200: "Names under which they are stored",
                400: f"No files, or more than {limits.session_files} in the session",
                404: _NO_SESSION,
                408: "The body came too slowly",
                413: f"More than {limits.upload_bytes} bytes",
            },
            body=_UPLOAD_BODY,
            answer_schema=_UPLOADED,
            is_bulk=True,
        ),
        Endpoint(
            "GET",
            "/api/files/{session_id}",
            api.files,
            "List the files of a session",
            {200: "Inputs and outputs", 404: _NO_SESSION},
            parameters=(parameter("facts", "1: with what is known of each file"),),
            answer_schema=_LISTING,
            counts=(REQUESTS,),
        ),
        Endpoint(
            "POST",
            "/api/process/{session_id}",
            api.process,
            "Run an action on the files of a session",
            {
                200: "What became of it",
                202: "The job, where the caller does not wait",
                400: "No such action, wrong options, or no file that suits",
                404: _NO_SESSION,
                409: "Too many jobs of the session are waiting",
                413: "The body is too long",
                504: f"It took longer than {limits.process_seconds} seconds",
            },
            parameters=(
                parameter("async", "1: answer at once with the job"),
                parameter("Prefer", "respond-async: the same", place="header"),
                parameter("Idempotency-Key", "Names the request, to repeat it", place="header"),
            ),
            body=_PROCESS_BODY,
            answer_schema=_RESULT,
            counts=(REQUESTS,),
        ),
    ]


def _transfers(api: SessionApi) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            path,
            handler,
            summary,
            _FILE_ANSWERS,
            parameters=_RANGES,
            answer_type=media_type,
            is_bulk=True,
        )
        for path, handler, summary, media_type in (
            (
                "/api/download/{session_id}/{filename}",
                api.download,
                "Download a file",
                "application/octet-stream",
            ),
            (
                "/api/view/{session_id}/{filename}",
                api.view,
                "Show a file, as viewers want it",
                DICOM,
            ),
            (
                "/api/view/{session_id}/{token}/{filename}",
                api.view,
                "Show a file by the address that an answer gave as view_url",
                DICOM,
            ),
        )
    ]


def _added(api: SessionApi) -> list[Endpoint]:
    return [
        Endpoint(
            "GET",
            "/api/download/{session_id}",
            api.archive,
            "Download all outputs as one zip archive",
            {200: "The archive", 400: "There are no outputs", 404: _NO_SESSION},
            answer_type="application/zip",
            is_bulk=True,
        ),
        Endpoint(
            "GET",
            "/api/session/{session_id}",
            api.show,
            "Until when a session lives",
            {200: "The session", 404: _NO_SESSION},
            answer_schema=_SESSION,
        ),
        Endpoint(
            "DELETE",
            "/api/session/{session_id}",
            api.delete,
            "Remove a session with all its bytes, now",
            {200: "It is gone", 404: _NO_SESSION},
        ),
    ]


def _jobs(api: SessionApi, events: JobEvents) -> list[Endpoint]:
    path = "/api/jobs/{session_id}"
    return [
        Endpoint(
            "GET",
            path,
            api.jobs,
            "List the jobs of a session",
            {200: "The jobs, oldest first", 404: _NO_SESSION},
        ),
        Endpoint(
            "GET",
            f"{path}/{{job_id}}",
            api.job,
            "How far a job is, and its result",
            {200: "The job", 404: _NO_SESSION},
            answer_schema=_JOB,
        ),
        Endpoint(
            "DELETE",
            f"{path}/{{job_id}}",
            api.cancel,
            "Cancel a job",
            {202: "It will end", 404: _NO_SESSION},
            answer_schema=_JOB,
        ),
        Endpoint(
            "GET",
            f"{path}/{{job_id}}/events",
            events.stream,
            "What a job tells, as Server-Sent Events",
            {200: "The events", 204: "They were all told", 400: "No number", 404: _NO_SESSION},
            parameters=(
                parameter("Last-Event-ID", "The last one that was seen", place="header"),
                parameter("after", "The same, in the address"),
            ),
            answer_type="text/event-stream",
        ),
    ]
