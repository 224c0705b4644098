"""What clients say of files, and what they are told, without a server."""

from dataclasses import replace

import pytest

from isocenter.errors import InvalidInputError
from isocenter.http.upload_json import (
    read_batch,
    read_keys,
    read_object,
    report_json,
    ticket_json,
    time_text,
    upload_json,
)
from isocenter.services.uploads import Announced
from tests.store.test_tickets import TICKET


def test_times_are_those_of_rfc_3339() -> None:
    assert time_text(1_700_000_000_123) == "2023-11-14T22:13:20.123Z"
    assert time_text(None) is None


def test_ticket_says_where_and_how_to_send() -> None:
    said = ticket_json(TICKET, lambda one: f"https://{one.id}", storage="server", bytes_max=9)

    assert said == {
        "url": "https://0",
        "key": "0",
        "id": "0",
        "method": "PUT",
        "headers": {"Content-Type": "application/dicom"},
        "expires_at": "1970-01-01T00:00:00.100Z",
        "max_bytes": 9,
        "storage": "server",
    }


def test_warning_is_of_what_is_stored_and_reason_of_what_is_not() -> None:
    stored = upload_json(replace(TICKET, state="stored", detail="odd"), "stored")
    rejected = upload_json(replace(TICKET, state="rejected", reason="size", detail="why"), "x")

    assert (stored["warning"], stored["reason"]) == ("odd", None)
    assert (rejected["warning"], rejected["reason"]) == (None, {"code": "size", "detail": "why"})


def test_report_counts_every_state() -> None:
    said = report_json([TICKET], lambda _: "expired", ["x"])

    assert said["counts"] == {
        "issued": 0,
        "received": 0,
        "stored": 0,
        "rejected": 0,
        "expired": 1,
    }
    assert said["missing"] == ["x"]


def test_batch_is_read_as_files_or_as_a_number() -> None:
    assert read_batch(b'{"count": 2}', 5) == [Announced(), Announced()]
    assert read_batch(b'{"files": [{"name": "a", "size": 0}]}', 5) == [Announced("a", 0)]
    with pytest.raises(InvalidInputError, match="file 2: a size is a number of bytes"):
        read_batch(b'{"files": [{}, {"size": -1}]}', 5)


def test_what_has_another_form_is_refused() -> None:
    assert read_object(b"") == {}
    with pytest.raises(InvalidInputError):
        read_object(b"nothing")
    with pytest.raises(InvalidInputError):
        read_keys([1], 5)
