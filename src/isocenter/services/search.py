"""Searching the archive: what QIDO-RS asks, answered by indexes and kept documents alone.

References
----------
PS3.18 10.6 (Search Transaction).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from isocenter.dicom.json_model import JSONObject
from isocenter.limits import Limits
from isocenter.services.query_tags import QueryTags
from isocenter.services.search_attributes import (
    INSTANCE_ATTRIBUTES,
    MODALITIES_IN_STUDY,
    SERIES_ATTRIBUTES,
    STUDY_ATTRIBUTES,
    tags,
)
from isocenter.services.search_terms import Query, parse_query
from isocenter.store.catalog_facts import INSTANCE, SERIES, STUDY
from isocenter.store.database import Database
from isocenter.store.metadata_chunks import Place, read_documents
from isocenter.store.query import AnyRow, Scope, count, find, modalities_of

# What results have without being asked for (PS3.18 10.6.3.3), besides what is computed.
_STUDY_RETURNED = tags(
    """
    00080005 00080020 00080030 00080050 00080090 00080201 00081030 00100010 00100020 00100030
    00100040 0020000D 00200010
    """
)
_SERIES_RETURNED = tags(
    "00080005 00080060 00080201 0008103E 0020000E 00200011 00400244 00400245 00400275"
)
_AVAILABILITY = "00080056"
_COUNTS = {"study_series": "00201206", "study_instances": "00201208", "series": "00201209"}


@dataclass(frozen=True, slots=True)
class Match:
    """One result: which thing it is, and its attributes in DICOM JSON, sorted."""

    study_uid: str
    series_uid: str
    sop_instance_uid: str
    attributes: JSONObject


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results.

    Attributes
    ----------
    ignored
        Attributes that were not searched by, as the client named them.
    has_more
        Whether there are results after this page.
    """

    matches: tuple[Match, ...]
    ignored: tuple[str, ...]
    has_more: bool


class Search:
    """Finds Studies, Series and Instances; safe for any number of threads."""

    def __init__(self, database: Database, tags: QueryTags, limits: Limits) -> None:
        self._database = database
        self._tags = tags
        self._limits = limits

    def parse(self, pairs: Sequence[tuple[str, str]]) -> Query:
        """Return the query of a URL's decoded names and values.

        Raises
        ------
        InvalidInputError
            As ``parse_query`` does.
        """
        return parse_query(pairs, self._limits, self._tags.by_level())

    def find_studies(self, owner: str, query: Query) -> Found:
        """Return Studies, the latest first."""
        rows, has_more = self._page(STUDY, Scope(owner), query)
        with self._database.read() as connection:
            modalities = modalities_of(connection, [row.number for row in rows])
        matches = [
            Match(row.uid, "", "", _study(row, modalities.get(row.number, []), query))
            for row in rows
        ]
        return Found(tuple(matches), query.ignored, has_more)

    def find_series(self, owner: str, query: Query, study_uid: str = "") -> Found:
        """Return Series of a Study in the order of their numbers, or of all Studies."""
        rows, has_more = self._page(SERIES, Scope(owner, study_uid), query)
        matches = [
            Match(row.study_uid, row.uid, "", _series(row, query, with_study=not study_uid))
            for row in rows
        ]
        return Found(tuple(matches), query.ignored, has_more)

    def find_instances(
        self, owner: str, query: Query, study_uid: str = "", series_uid: str = ""
    ) -> Found:
        """Return Instances in the order of their numbers, or of all Studies or Series."""
        scope = Scope(owner, study_uid, series_uid)
        rows, has_more = self._page(INSTANCE, scope, query)
        documents = self._instance_documents(rows, query)
        matches = [
            Match(row.study_uid, row.series_uid, row.uid, _instance(row, document, query, scope))
            for row, document in zip(rows, documents, strict=True)
        ]
        return Found(tuple(matches), query.ignored, has_more)

    def count_studies(self, owner: str, query: Query) -> int:
        """Return how many Studies there are on all pages; this looks at each of them."""
        return self._count(STUDY, Scope(owner), query)

    def count_series(self, owner: str, query: Query, study_uid: str = "") -> int:
        """Return how many Series there are on all pages."""
        return self._count(SERIES, Scope(owner, study_uid), query)

    def count_instances(
        self, owner: str, query: Query, study_uid: str = "", series_uid: str = ""
    ) -> int:
        """Return how many Instances there are on all pages."""
        return self._count(INSTANCE, Scope(owner, study_uid, series_uid), query)

    def _count(self, level: int, scope: Scope, query: Query) -> int:
        with self._database.read() as connection:
            return count(connection, level, scope, query.conditions)

    def _page(self, level: int, scope: Scope, query: Query) -> tuple[list[AnyRow], bool]:
        """Return the rows of a page, and whether another one follows."""
        if not query.limit:
            return [], self._count(level, scope, query) > query.offset
        with self._database.read() as connection:
            rows = find(
                connection,
                level,
                scope,
                query.conditions,
                limit=query.limit + 1,
                offset=query.offset,
            )
        return rows[: query.limit], len(rows) > query.limit

    def _instance_documents(self, rows: Sequence[AnyRow], query: Query) -> list[JSONObject]:
        """Return documents that have what is asked for: short ones, or the whole metadata."""
        own = query.include - INSTANCE_ATTRIBUTES - SERIES_ATTRIBUTES - STUDY_ATTRIBUTES
        if not rows or not (own or query.include_all):
            return [orjson.loads(row.document) for row in rows]
        places = [Place(row.chunk_number, row.chunk_position) for row in rows]
        with self._database.read() as connection:
            return [orjson.loads(text) for text in read_documents(connection, places)]


def _study(row: AnyRow, modalities: Sequence[str], query: Query) -> JSONObject:
    found = _chosen(orjson.loads(row.document), _STUDY_RETURNED, query)
    found[_AVAILABILITY] = _online()
    found[MODALITIES_IN_STUDY] = {"vr": "CS", "Value": [*modalities]}
    found[_COUNTS["study_series"]] = _integer(row.series)
    found[_COUNTS["study_instances"]] = _integer(row.instances)
    return _sorted(found)


def _series(row: AnyRow, query: Query, *, with_study: bool) -> JSONObject:
    found = _above(row, query, is_whole=with_study, has_series=False)
    found |= _chosen(orjson.loads(row.document), _SERIES_RETURNED, query)
    found[_AVAILABILITY] = _online()
    found[_COUNTS["series"]] = _integer(row.instances)
    return _sorted(found)


def _instance(row: AnyRow, document: JSONObject, query: Query, scope: Scope) -> JSONObject:
    found = _above(row, query, is_whole=not scope.study_uid, has_series=not scope.series_uid)
    found |= _chosen(document, INSTANCE_ATTRIBUTES, query)
    found[_AVAILABILITY] = _online()
    return _sorted(found)


def _above(row: AnyRow, query: Query, *, is_whole: bool, has_series: bool) -> JSONObject:
    """Return attributes of the levels above: all that are usual, or those that are asked for.

    Their UIDs are always there, because a result without them could not be followed.
    """
    found: JSONObject = {}
    study: Mapping[str, Any] = orjson.loads(row.study_document)
    usual = _STUDY_RETURNED if is_whole else frozenset({"0020000D"})
    found |= _chosen(study, usual, query)
    if hasattr(row, "series_document"):
        series: Mapping[str, Any] = orjson.loads(row.series_document)
        usual = _SERIES_RETURNED if has_series else frozenset({"0020000E"})
        found |= _chosen(series, usual, query)
    return found


def _chosen(document: Mapping[str, Any], usual: frozenset[str], query: Query) -> JSONObject:
    if query.include_all:
        return dict(document)
    wanted = usual | query.include
    return {tag: value for tag, value in document.items() if tag in wanted}


def _online() -> JSONObject:
    return {"vr": "CS", "Value": ["ONLINE"]}


def _integer(number: int) -> JSONObject:
    return {"vr": "IS", "Value": [number]}


def _sorted(document: JSONObject) -> JSONObject:
    return {tag: document[tag] for tag in sorted(document)}
