"""Metadata of Instances: their DICOM JSON, some of one Series compressed together.

Reading a Series is one query and one decompression a chunk. A chunk takes new documents until it
is full, so that Instances that came one by one lie together, too. Documents are compact JSON,
which never holds a line end: that is what stands between them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from isal import isal_zlib
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from isocenter.store.prepared import Prepared, PreparedList
from isocenter.store.tables import instances, metadata_chunks

# A new document costs the chunk that it is added to: some kilobytes of work and of log.
DOCUMENTS_MAX = 32
_PLAIN_BYTES_MAX = 256 * 1024
_BETWEEN = b",\n"
_LEVEL = 1


# Made once: a statement that is built anew for every Instance costs more than its answer.
_LAST = PreparedList(
    lambda numbers: select(
        metadata_chunks.c.number,
        metadata_chunks.c.series_number,
        metadata_chunks.c.documents,
        metadata_chunks.c.plain_bytes,
        metadata_chunks.c.data,
    ).where(
        metadata_chunks.c.number.in_(
            select(func.max(metadata_chunks.c.number))
            .where(metadata_chunks.c.series_number.in_(numbers))
            .group_by(metadata_chunks.c.series_number)
        )
    )
)
_INSERT = insert(metadata_chunks)
_REWRITE = Prepared(
    update(metadata_chunks)
    .where(metadata_chunks.c.number == bindparam("key"))
    .values(
        documents=bindparam("documents"),
        plain_bytes=bindparam("plain_bytes"),
        data=bindparam("data"),
    )
)


class _Chunk(NamedTuple):
    """The last chunk of a Series."""

    number: int
    series_number: int
    documents: int
    plain_bytes: int
    data: bytes


class Place(NamedTuple):
    """Where a document is: its chunk, and which one of it, from 0."""

    chunk_number: int
    position: int


def add_documents(
    connection: Connection, documents: Mapping[int, Sequence[bytes]]
) -> dict[int, list[Place]]:
    """Add documents of Instances by the number of their Series; return their places, in order."""
    places: dict[int, list[Place]] = {}
    rewritten = []
    for last in map(_Chunk._make, _LAST.run(connection, {}, documents)):
        waiting = documents[last.series_number]
        taken = _fitting(waiting, last.documents, last.plain_bytes)
        if taken:
            plain = _BETWEEN.join((_expand(last.data), *waiting[:taken]))
            rewritten.append(_row(last.number, plain, last.documents + taken))
            places[last.series_number] = [
                Place(last.number, last.documents + at) for at in range(taken)
            ]
    if rewritten:
        _REWRITE.run_many(connection, rewritten)
    for number, own in documents.items():
        assert not any(b"\n" in document for document in own)
        done = places.setdefault(number, [])
        done += _add_chunks(connection, number, own[len(done) :])
    return places


def _add_chunks(
    connection: Connection, series_number: int, documents: Sequence[bytes]
) -> list[Place]:
    """Add documents in new chunks."""
    places: list[Place] = []
    waiting = list(documents)
    while waiting:
        taken = max(1, _fitting(waiting, 0, 0))
        plain = _BETWEEN.join(waiting[:taken])
        row = {
            "series_number": series_number,
            "documents": taken,
            "plain_bytes": len(plain),
            "data": _compress(plain),
        }
        made = connection.execute(_INSERT, row).inserted_primary_key
        assert made is not None
        places += [Place(made[0], at) for at in range(taken)]
        del waiting[:taken]
    return places


def remove_documents(connection: Connection, places: Sequence[Place]) -> None:
    """Remove documents; the rows of their Instances must be gone, others get new positions."""
    by_chunk: dict[int, set[int]] = {}
    for place in places:
        by_chunk.setdefault(place.chunk_number, set()).add(place.position)
    for number, positions in by_chunk.items():
        here = metadata_chunks.c.number == number
        documents = _split(connection.execute(select(metadata_chunks.c.data).where(here)).scalar())
        kept = [text for at, text in enumerate(documents) if at not in positions]
        if not kept:
            connection.execute(delete(metadata_chunks).where(here))
            continue
        _rewrite(connection, number, _BETWEEN.join(kept), len(kept))
        mine = instances.c.chunk_number == number
        moved = [at for at in range(len(documents)) if at not in positions]
        for position, before in enumerate(moved):
            if position != before:
                connection.execute(
                    update(instances)
                    .where(mine, instances.c.chunk_position == before)
                    .values(chunk_position=position)
                )


def read_series(connection: Connection, series_number: int) -> Iterator[bytes]:
    """Yield the documents of a Series, several at a time, joined by commas."""
    query = (
        select(metadata_chunks.c.data)
        .where(metadata_chunks.c.series_number == series_number)
        .order_by(metadata_chunks.c.number)
    )
    for data in connection.scalars(query):
        yield _expand(data)


def read_documents(connection: Connection, places: Sequence[Place]) -> list[bytes]:
    """Return single documents in the order of their places; each chunk is read once."""
    wanted = sorted({place.chunk_number for place in places})
    query = select(metadata_chunks.c.number, metadata_chunks.c.data).where(
        metadata_chunks.c.number.in_(wanted)
    )
    chunks = {number: _split(data) for number, data in connection.execute(query)}
    return [chunks[place.chunk_number][place.position] for place in places]


def _fitting(documents: Sequence[bytes], present: int, plain_bytes: int) -> int:
    """Return how many of the first documents fit into a chunk that holds so much."""
    for count, document in enumerate(documents):
        plain_bytes += len(document) + len(_BETWEEN)
        if present + count >= DOCUMENTS_MAX or plain_bytes > _PLAIN_BYTES_MAX:
            return count
    return len(documents)


def _rewrite(connection: Connection, number: int, plain: bytes, documents: int) -> None:
    _REWRITE.run(connection, _row(number, plain, documents))


def _row(number: int, plain: bytes, documents: int) -> dict[str, int | bytes]:
    return {
        "key": number,
        "documents": documents,
        "plain_bytes": len(plain),
        "data": _compress(plain),
    }


def _compress(plain: bytes) -> bytes:
    return isal_zlib.compress(plain, _LEVEL)


def _expand(data: bytes) -> bytes:
    return isal_zlib.decompress(data)


def _split(data: bytes | None) -> list[bytes]:
    assert data is not None, "every Instance has its chunk"
    return _expand(data).split(_BETWEEN)
