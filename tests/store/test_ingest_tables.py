"""Tickets refer to bytes, so that no sweep takes what waits or lies in quarantine."""

from isocenter.store.blob_rows import _REFERENCES
from isocenter.store.ingest_tables import tickets


def test_bytes_of_tickets_count_as_used() -> None:
    assert tickets.c.blob_key in _REFERENCES
