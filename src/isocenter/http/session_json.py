"""Sessions, files and jobs as the documents want them written in JSON."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from isocenter.errors import InvalidInputError
from isocenter.jobs.queue import Job
from isocenter.services.session_files import Files, SessionFile
from isocenter.services.sessions import ProcessResult, Session

Url = Callable[[str], str]
"""Gives the address under which a file of this name can be viewed."""

_SOURCES = frozenset({"input", "output"})


@dataclass(frozen=True, slots=True)
class ProcessRequest:
    """What the body of a process request says."""

    action: str
    params: str | None
    options: Mapping[str, object] | None
    source: str
    names: Sequence[str] | None


def read_process_request(body: bytes) -> ProcessRequest:
    """Return what a body says, whatever its Content-Type.

    Raises
    ------
    InvalidInputError
        If it is no JSON object with the documented types.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidInputError("the body is not JSON") from None
    if not isinstance(value, dict):
        raise InvalidInputError("the body is not a JSON object")
    action, params = value.get("action"), value.get("params")
    options, source = value.get("options"), value.get("input", "input")
    if not isinstance(action, str):
        raise InvalidInputError("action must be the name of an action")
    if not isinstance(params, str | None):
        raise InvalidInputError("params must be a text with one DICOM tag=value a line")
    if not isinstance(options, dict | None):
        raise InvalidInputError("options must be an object")
    if not isinstance(source, str) or source not in _SOURCES:
        raise InvalidInputError("input must be input or output")
    names = value.get("files")
    if names is not None and not (
        isinstance(names, list) and all(isinstance(name, str) for name in names)
    ):
        raise InvalidInputError("files must be a list of names")
    return ProcessRequest(action, params, options, source, names)


def session_json(session: Session) -> dict[str, object]:
    """Return what the creation of a session answers."""
    return {"session_id": session.id, "expires_at": time_text(session.expires_ms)}


def files_json(files: Files, view_url: Url, *, with_facts: bool) -> dict[str, object]:
    """Return the listing of a session."""

    def one(file: SessionFile) -> dict[str, object]:
        said: dict[str, object] = {"name": file.name, "size": file.size_bytes}
        if file.kind == "output" or with_facts:
            said["view_url"] = view_url(file.name)
        if with_facts:
            said["facts"] = file.facts
        return said

    return {
        "input": [one(file) for file in files.inputs],
        "output": [one(file) for file in files.outputs],
    }


def result_json(result: ProcessResult, view_url: Url) -> dict[str, object]:
    """Return the answer to a process request."""
    said: dict[str, object] = {
        "success": result.success,
        "action": result.action,
        "log": result.log,
        "output_files": [
            {"name": file.name, "size": file.size_bytes, "view_url": view_url(file.name)}
            for file in result.output_files
        ],
    }
    if result.failed:
        said["failed"] = [{"name": one.name, "reason": one.reason} for one in result.failed]
    if result.error:
        said["error"] = result.error
    return said


def job_json(
    job: Job, result: ProcessResult, session_id: str, base_url: str, view_url: Url
) -> dict[str, object]:
    """Return how far a job is, with its result when it has ended."""
    address = f"{base_url}/api/jobs/{session_id}/{job.id}"
    said: dict[str, object] = {
        "job_id": job.id,
        "session_id": session_id,
        "action": result.action,
        "status": "timed_out" if result.ended == "timed_out" else job.state,
        "progress": progress_json(job),
        "created_at": time_text(job.created_ms),
        "started_at": None if job.started_ms is None else time_text(job.started_ms),
        "finished_at": None if job.finished_ms is None else time_text(job.finished_ms),
        "status_url": address,
        "events_url": f"{address}/events",
    }
    if job.is_ended:
        said["result"] = result_json(result, view_url)
    return said


def progress_json(job: Job) -> dict[str, object]:
    """Return so many of so many, and what is done now."""
    return {"done": job.progress_done, "total": job.progress_total, "label": job.label}


def time_text(at_ms: int) -> str:
    """Return a time as RFC 3339 writes it, in UTC.

    >>> time_text(0)
    '1970-01-01T00:00:00.000Z'
    """
    at = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
