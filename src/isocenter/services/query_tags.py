"""Attributes that searches know besides the usual ones, added while the archive is in use.

What is in the archive already is read again from its metadata, never from its bytes, some
Instances in each transaction, so that others write in between.
"""

import threading

import orjson
from sqlalchemy import Connection, delete, insert, select

from isocenter.access.audit import SYSTEM, Audit
from isocenter.errors import ConflictError, InvalidInputError
from isocenter.services.search_attributes import SEARCHED, search_values, vr_of_path
from isocenter.services.search_terms import parse_path
from isocenter.store.catalog_facts import INSTANCE, SERIES, STUDY
from isocenter.store.catalog_rows import add_values
from isocenter.store.database import Database
from isocenter.store.metadata_chunks import Place, read_documents
from isocenter.store.query import COLUMNS, AnyRow
from isocenter.store.tables import instances, query_tags, series
from isocenter.store.tables import search_values as search_rows

LEVELS = {"study": STUDY, "series": SERIES, "instance": INSTANCE}
_AT_ONCE = 500
_TAGS_MAX = 64
_NOT_SEARCHED = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UN", "AT"})


class QueryTags:
    """The extra attributes; safe for any number of threads."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._turn = threading.Lock()
        self._known: dict[int, frozenset[str]] | None = None

    def by_level(self) -> dict[int, frozenset[str]]:
        """Return the attributes of each level."""
        known = self._known
        if known is None:
            with self._database.read() as connection:
                rows = connection.execute(select(query_tags)).all()
            known = {
                level: frozenset(row.attribute for row in rows if row.level == level)
                for level in (STUDY, SERIES, INSTANCE)
            }
            self._known = known
        return known

    def add(self, name: str, level: str) -> int:
        """Add an attribute, and read it from all that is in the archive.

        Parameters
        ----------
        name
            A keyword, a tag, or several of them with dots for attributes in sequences.
        level
            ``study``, ``series`` or ``instance``: what has one value of it.

        Returns
        -------
        int
            How many Instances were looked at.

        Raises
        ------
        InvalidInputError
            If there is no such attribute or level, or it cannot be searched.
        ConflictError
            If it is searched already.
        """
        path, number = parse_path(name), LEVELS.get(level)
        if number is None:
            raise InvalidInputError(f"the level is one of {', '.join(LEVELS)}")
        if vr_of_path(path) in _NOT_SEARCHED:
            raise InvalidInputError("an attribute of this kind cannot be searched")
        with self._turn:
            self._check_new(path)
            with self._database.begin() as connection:
                row = {"level": number, "attribute": path, "vr": vr_of_path(path)}
                connection.execute(insert(query_tags).values(row))
                self._audit.record(connection, SYSTEM, "archive.tag", ("tag", path))
            self._known = None
            return self._read_again(path, number)

    def remove(self, name: str) -> None:
        """Remove an extra attribute and what was kept for it; does nothing where there is none."""
        path = parse_path(name)
        with self._turn, self._database.begin() as connection:
            if connection.execute(
                delete(query_tags).where(query_tags.c.attribute == path)
            ).rowcount:
                connection.execute(delete(search_rows).where(search_rows.c.attribute == path))
            self._known = None

    def _check_new(self, path: str) -> None:
        extra = self.by_level()
        if sum(map(len, extra.values())) >= _TAGS_MAX:
            raise InvalidInputError(f"at most {_TAGS_MAX} attributes can be added")
        for level in (STUDY, SERIES, INSTANCE):
            if path in SEARCHED[level] or path in extra[level] or (level, path) in COLUMNS:
                raise ConflictError("this attribute is searched already")

    def _read_again(self, path: str, level: int) -> int:
        """Add the values that everything in the archive has; the first Instance of a thing decides.

        What comes in meanwhile is known by the new attribute already.
        """
        seen = last = 0
        done: set[int] = set()
        while True:
            with self._database.begin() as connection:
                rows = _next_instances(connection, last)
                texts = read_documents(
                    connection, [Place(row.chunk_number, row.chunk_position) for row in rows]
                )
                for row, text in zip(rows, texts, strict=True):
                    items = {STUDY: row.study_number, SERIES: row.series_number}
                    item = items.get(level, row.number)
                    if item not in done:
                        done.add(item)
                        _replace_values(connection, row.owner, level, item, path, text)
            if not rows:
                return seen
            seen += len(rows)
            last = rows[-1].number


def _next_instances(connection: Connection, last: int) -> list[AnyRow]:
    query = (
        select(instances, series.c.study_number)
        .join(series, series.c.number == instances.c.series_number)
        .where(instances.c.number > last)
        .order_by(instances.c.number)
        .limit(_AT_ONCE)
    )
    return list(connection.execute(query))


def _replace_values(
    connection: Connection, owner: int, level: int, item: int, path: str, text: bytes
) -> None:
    connection.execute(
        delete(search_rows).where(
            search_rows.c.level == level,
            search_rows.c.item == item,
            search_rows.c.attribute == path,
        )
    )
    add_values(connection, owner, level, {item: search_values(orjson.loads(text), [path])})
