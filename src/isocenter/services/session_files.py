"""Files of a session as rows: listed, named, added, replaced.

Everything here runs within the transaction of its caller, who looked at the owner before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

from sqlalchemy import Connection, Row, delete, func, insert, select

from isocenter.errors import NotFoundError
from isocenter.services.reports import Json
from isocenter.services.session_names import input_name, output_name, resolve_alias
from isocenter.store.blobs import StagedBlob
from isocenter.store.tables import session_files

Kind = Literal["input", "output"]
Facts = Mapping[str, Json]

_AT_ONCE = 500
_COLUMNS = [column for column in session_files.columns if column.name != "session_id"]


@dataclass(frozen=True, slots=True)
class SessionFile:
    """One file of a session.

    Attributes
    ----------
    number
        Inputs are numbered from 1 as they came, outputs as they were made.
    name
        Of harmless characters (``services/session_names.py``).
    facts
        Of an input what ``services/intake.py`` read in its header; an output has ``action``
        and ``run`` besides, which say what it came of.
    """

    id: str
    kind: Kind
    number: int
    name: str
    blob_key: str
    size_bytes: int
    facts: Facts
    job_id: str | None
    created_ms: int


class Files(NamedTuple):
    """All files of a session: inputs by number, outputs by number."""

    inputs: list[SessionFile]
    outputs: list[SessionFile]


class NewFile(NamedTuple):
    """A file to be added: a harmless name, its bytes, what is known of it."""

    name: str
    staged: StagedBlob
    facts: Facts


def list_files(connection: Connection, session_id: str, kind: Kind) -> list[SessionFile]:
    """Return the files of one kind, by number."""
    query = (
        select(*_COLUMNS)
        .where(session_files.c.session_id == session_id, session_files.c.kind == kind)
        .order_by(session_files.c.number)
    )
    return [_file(row) for row in connection.execute(query)]


def list_names(connection: Connection, session_id: str, kind: Kind) -> list[tuple[str, str]]:
    """Return names and keys of the files of one kind; costs less than ``list_files``."""
    query = select(session_files.c.name, session_files.c.blob_key).where(
        session_files.c.session_id == session_id, session_files.c.kind == kind
    )
    return [(row.name, row.blob_key) for row in connection.execute(query)]


def files_named(
    connection: Connection, session_id: str, kind: Kind, names: Sequence[str]
) -> dict[str, SessionFile]:
    """Return the files that have these names."""
    found = {}
    for some in _portions(names):
        query = select(*_COLUMNS).where(
            session_files.c.session_id == session_id,
            session_files.c.kind == kind,
            session_files.c.name.in_(some),
        )
        found.update({row.name: _file(row) for row in connection.execute(query)})
    return found


def size_of_session(connection: Connection, session_id: str) -> int:
    """Return how many bytes all files of a session have, each file counted."""
    query = select(func.sum(session_files.c.size_bytes)).where(
        session_files.c.session_id == session_id
    )
    return int(connection.scalar(query) or 0)


def find_file(connection: Connection, session_id: str, name: str) -> SessionFile:
    """Return the file that a name means: an output, the alias of the only merge, or an input.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    query = select(*_COLUMNS).where(
        session_files.c.session_id == session_id, session_files.c.name == name
    )
    found = {row.kind: _file(row) for row in connection.execute(query)}
    if "output" in found:
        return found["output"]
    outputs = list_files(connection, session_id, "output")
    merged = {one.name: one for one in outputs if one.facts.get("action") == "merge"}
    meant = resolve_alias(name, merged)
    if meant is not None:
        return merged[meant]
    if "input" in found:
        return found["input"]
    raise NotFoundError("the session has no file of this name")


class Naming:
    """Names within one session and kind, given with the keys of their bytes."""

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        self._keys: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for name, key in files:
            self._keys[name.lower()] = key
            self._names[name.lower()] = name

    def name_input(self, name: str, key: str) -> tuple[str, bool]:
        """Return the name for an input, and whether it is there already with these bytes."""
        return self._take(input_name, name, key)

    def name_output(self, name: str, key: str) -> tuple[str, bool]:
        """Return the name for an output, and whether it is there already with these bytes."""
        return self._take(output_name, name, key)

    def _take(self, choose: "_Choose", name: str, key: str) -> tuple[str, bool]:
        chosen, is_there = choose(name, key, lambda tried: self._keys.get(tried.lower()))
        if is_there:
            return self._names[chosen.lower()], True
        self._keys[chosen.lower()] = key
        self._names[chosen.lower()] = chosen
        return chosen, False


_Choose = Callable[[str, str, Callable[[str], str | None]], tuple[str, bool]]


def next_number(connection: Connection, session_id: str, kind: Kind) -> int:
    """Return the number that the next file of a kind gets."""
    query = select(func.max(session_files.c.number)).where(
        session_files.c.session_id == session_id, session_files.c.kind == kind
    )
    return int(connection.scalar(query) or 0) + 1


def add_files(connection: Connection, session_id: str, files: Sequence[SessionFile]) -> None:
    """Add rows; their bytes were kept in the same transaction before."""
    if files:
        rows = [
            {column.name: getattr(one, column.name) for column in _COLUMNS}
            | {"session_id": session_id, "facts": dict(one.facts)}
            for one in files
        ]
        connection.execute(insert(session_files), rows)


def remove_files(connection: Connection, ids: Sequence[str]) -> None:
    """Remove rows; ``store/blob_rows.drop_unused`` follows after the transaction."""
    for some in _portions(ids):
        connection.execute(delete(session_files).where(session_files.c.id.in_(some)))


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield values in such numbers as one statement takes."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _file(row: Row[tuple[object, ...]]) -> SessionFile:
    values = row._mapping  # noqa: SLF001 -- SQLAlchemy's public name for a row as a mapping
    return SessionFile(**cast("Mapping[str, object]", values))  # type: ignore[arg-type]  # columns are the fields
