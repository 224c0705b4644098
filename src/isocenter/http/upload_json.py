"""Tickets and their reports in JSON, and what clients say of what they want to send."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import orjson

from isocenter.errors import InvalidInputError
from isocenter.services.uploads import STATES, Announced
from isocenter.store.tickets import Ticket

DICOM = "application/dicom"
_FILE_FIELDS = frozenset({"name", "size", "sha256", "content_type"})
Address = Callable[[Ticket], str]
State = Callable[[Ticket], str]


def ticket_json(
    ticket: Ticket, address: Address, *, storage: str, bytes_max: int
) -> dict[str, object]:
    """Return a ticket as whoever asked for it gets it."""
    is_open = ticket.state == "issued"
    announced = ticket.announced_bytes
    said: dict[str, object] = {
        "url": address(ticket) if is_open else None,
        "key": ticket.id,
        "id": ticket.id,
        "method": "PUT" if is_open else None,
        "headers": {"Content-Type": DICOM} if is_open else {},
        "expires_at": time_text(ticket.expires_ms) if is_open else None,
        "max_bytes": (bytes_max if announced is None else announced) if is_open else 0,
        "storage": storage,
    }
    if ticket.batch is not None:
        said |= {
            "name": ticket.name,
            "size": announced,
            "sha256": ticket.announced_sha256,
            "state": ticket.state,
        }
    if ticket.state == "stored":
        said |= {"outcome": ticket.outcome, **_uids(ticket)}
    return said


def upload_json(ticket: Ticket, state: str) -> dict[str, object]:
    """Return what became of a ticket."""
    reason = None
    if ticket.state == "rejected":
        reason = {"code": ticket.reason, "detail": ticket.detail}
    sha256 = ticket.sha256 or ticket.announced_sha256
    size_bytes = ticket.announced_bytes if ticket.size_bytes is None else ticket.size_bytes
    return {
        "key": ticket.id,
        "id": ticket.id,
        "batch": ticket.batch,
        "name": ticket.name,
        "state": state,
        "size": size_bytes,
        "sha256": sha256,
        "issued_at": time_text(ticket.created_ms),
        "expires_at": time_text(ticket.expires_ms),
        "received_at": time_text(ticket.received_ms),
        "finished_at": time_text(ticket.finished_ms),
        "outcome": ticket.outcome,
        **_uids(ticket),
        "reason": reason,
        "warning": ticket.detail if ticket.state == "stored" else None,
    }


def report_json(
    tickets: Sequence[Ticket], state: State, missing: Sequence[str]
) -> dict[str, object]:
    """Return what became of several tickets, and how many there are of each state."""
    uploads = [upload_json(ticket, state(ticket)) for ticket in tickets]
    counts = dict.fromkeys(STATES, 0)
    for upload in uploads:
        counts[str(upload["state"])] += 1
    return {"uploads": uploads, "counts": counts, "missing": list(missing)}


def time_text(at_ms: int | None) -> str | None:
    """Return a time as RFC 3339 writes it."""
    if at_ms is None:
        return None
    moment = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_object(body: bytes) -> Mapping[str, object]:
    """Return the JSON object of a body.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    try:
        said = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise InvalidInputError("the body is not JSON") from None
    if not isinstance(said, dict):
        raise InvalidInputError("the body is a JSON object")
    return said


def read_batch(body: bytes, most: int) -> list[Announced]:
    """Return what a client wants to send: ``{"files": [...]}`` or ``{"count": N}``.

    Raises
    ------
    InvalidInputError
        If the body is not such.
    """
    said = read_object(body)
    files, count = said.get("files"), said.get("count")
    if files is None and isinstance(count, int) and not isinstance(count, bool):
        if not 1 <= count <= most:
            raise InvalidInputError(f"a batch has 1 to {most} files")
        return [Announced()] * count
    if not isinstance(files, list) or count is not None:
        raise InvalidInputError("the body says either files, a list, or count, a number")
    if len(files) > most:
        raise InvalidInputError(f"a batch has 1 to {most} files")
    return [_announced(file, number) for number, file in enumerate(files, start=1)]


def read_keys(value: object, most: int) -> list[str]:
    """Return keys of uploads.

    Raises
    ------
    InvalidInputError
        If they are no list of texts, or too many.
    """
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidInputError("keys is a list of keys")
    if len(value) > most:
        raise InvalidInputError(f"at most {most} keys are reported at once")
    return value


def _announced(file: object, number: int) -> Announced:
    if not isinstance(file, dict) or not file.keys() <= _FILE_FIELDS:
        raise InvalidInputError(f"file {number} has other fields than name, size and sha256")
    name, size, sha256 = file.get("name"), file.get("size"), file.get("sha256")
    is_size = size is None or (isinstance(size, int) and not isinstance(size, bool))
    if not is_size or any(one is not None and not isinstance(one, str) for one in (name, sha256)):
        raise InvalidInputError(f"file {number}: name and sha256 are texts, size is a number")
    if file.get("content_type", DICOM) != DICOM:
        raise InvalidInputError(f"file {number}: the content_type is {DICOM}")
    try:
        return Announced(name, size, sha256)
    except InvalidInputError as error:
        raise InvalidInputError(f"file {number}: {error}") from None


def _uids(ticket: Ticket) -> dict[str, str | None]:
    return {
        "study_uid": ticket.study_uid,
        "series_uid": ticket.series_uid,
        "sop_instance_uid": ticket.sop_instance_uid,
        "sop_class_uid": ticket.sop_class_uid,
    }
