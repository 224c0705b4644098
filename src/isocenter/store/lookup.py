"""Looking things up in the catalog by their UIDs: where bytes, Frames and metadata are."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from isocenter.store.metadata_chunks import Place, read_documents, read_series
from isocenter.store.tables import archive_owners, instances, series, studies

AnyRow = Row[tuple[Any, ...]]


class CatalogPlace(NamedTuple):
    """A Study of an owner, a Series in it or an Instance in that."""

    owner: str
    study_uid: str
    series_uid: str = ""
    sop_instance_uid: str = ""


class SeriesMetadata(NamedTuple):
    """Documents of one Series, joined by commas, several in each of ``texts``."""

    series_uid: str
    texts: Iterator[bytes]


_COLUMNS = (
    instances.c.number,
    instances.c.uid,
    instances.c.sop_class_uid,
    instances.c.transfer_syntax_uid,
    instances.c.blob_key,
    instances.c.size_bytes,
    instances.c.instance_number,
    instances.c.frames,
    instances.c.is_plain,
    instances.c.chunk_number,
    instances.c.chunk_position,
    series.c.uid.label("series_uid"),
    studies.c.uid.label("study_uid"),
)


def _joined(*columns: Any) -> Select[Any]:  # noqa: ANN401 - as SQLAlchemy's own select
    return (
        select(*columns)
        .join(series, series.c.number == instances.c.series_number)
        .join(studies, studies.c.number == series.c.study_number)
        .join(archive_owners, archive_owners.c.number == studies.c.owner)
        .where(
            archive_owners.c.owner == bindparam("owner"), studies.c.uid == bindparam("study_uid")
        )
    )


# Made once: a statement that is built anew for every Frame costs more than its answer.
_ONE = (
    _joined(*_COLUMNS, instances.c.frame_offsets)
    .where(series.c.uid == bindparam("series_uid"))
    .where(
        instances.c.owner == archive_owners.c.number,
        instances.c.uid == bindparam("sop_instance_uid"),
    )
)
_STATE = _joined(
    func.count(), func.max(instances.c.number), func.max(series.c.changed_ms)
).select_from(instances)
_LIST = _joined(*_COLUMNS).order_by(
    series.c.series_number.asc().nulls_last(),
    series.c.number,
    instances.c.instance_number.asc().nulls_last(),
    instances.c.number,
)
_SERIES = (
    select(series.c.number, series.c.uid)
    .join(studies, studies.c.number == series.c.study_number)
    .join(archive_owners, archive_owners.c.number == studies.c.owner)
    .where(archive_owners.c.owner == bindparam("owner"), studies.c.uid == bindparam("study_uid"))
    .order_by(series.c.series_number.asc().nulls_last(), series.c.number)
)


class _Levels(NamedTuple):
    """One statement for each level of a place."""

    study: Select[Any]
    series: Select[Any]
    instance: Select[Any]

    def of(self, place: CatalogPlace) -> Select[Any]:
        """Return the one that a place needs."""
        if place.sop_instance_uid:
            return self.instance
        return self.series if place.series_uid else self.study


def _levels(statement: Select[Any]) -> _Levels:
    in_series = statement.where(series.c.uid == bindparam("series_uid"))
    alone = in_series.where(
        instances.c.owner == archive_owners.c.number,
        instances.c.uid == bindparam("sop_instance_uid"),
    )
    return _Levels(statement, in_series, alone)


_STATES, _LISTS = _levels(_STATE), _levels(_LIST)
_SERIES_OF = _Levels(_SERIES, _SERIES.where(series.c.uid == bindparam("series_uid")), _SERIES)


def find_instance(connection: Connection, place: CatalogPlace) -> AnyRow | None:
    """Return the row of an Instance with ``frame_offsets``; ``None`` where there is none."""
    return connection.execute(_ONE, place._asdict()).one_or_none()


def list_instances(connection: Connection, place: CatalogPlace) -> list[AnyRow]:
    """Return the Instances of a place, by Series and by their numbers."""
    return list(connection.execute(_LISTS.of(place), place._asdict()))


def state_of(connection: Connection, place: CatalogPlace) -> tuple[int, int, int]:
    """Return numbers that change when anything at a place does; the first is 0 without any."""
    row = connection.execute(_STATES.of(place), place._asdict()).one()
    return int(row[0]), int(row[1] or 0), int(row[2] or 0)


def read_metadata(connection: Connection, place: CatalogPlace) -> Iterator[SeriesMetadata]:
    """Yield the metadata of a place, Series by Series; nothing where there is none."""
    if place.sop_instance_uid:
        row = find_instance(connection, place)
        if row is not None:
            spot = Place(row.chunk_number, row.chunk_position)
            yield SeriesMetadata(row.series_uid, iter(read_documents(connection, [spot])))
        return
    found = connection.execute(_SERIES_OF.of(place), place._asdict()).all()
    for number, uid in found:
        yield SeriesMetadata(uid, read_series(connection, number))
