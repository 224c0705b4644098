"""Statements that are compiled once for each kind of database, and then run by its driver alone.

SQLAlchemy looks at every statement and its parameters anew, 50 to 60 µs each time, and storing one
Instance takes a dozen of them. These have the same text: SQLAlchemy makes it from the same tables.
Nothing is converted, so that parameters and results are texts, numbers and bytes only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ClauseElement, Connection, bindparam
from sqlalchemy.exc import DBAPIError

Value = str | int | bytes | None
_Given = Mapping[str, Value]
# Lists are filled up to one of these lengths, so that there are few statements.
_LENGTHS = (1, 8, 64, 512)


class Prepared:
    """One statement; safe for any number of threads.

    Parameters
    ----------
    columns
        What an insert sets. It gives no key back, so that it is to be made ``inline``.
    """

    def __init__(self, statement: ClauseElement, columns: Iterable[str] | None = None) -> None:
        self._statement = statement
        self._columns = None if columns is None else list(columns)
        self._texts: dict[str, _Text] = {}

    def run(self, connection: Connection, parameters: _Given) -> list[tuple[Any, ...]]:
        """Run it in the connection's transaction; return the rows, ``[]`` where it gives none.

        Raises
        ------
        DBAPIError
            As SQLAlchemy's own ``execute``.
        """
        text = self._of(connection)
        with _Cursor(connection, text.sql) as cursor:
            cursor.execute(text.sql, text.arranged(parameters))
            return list(cursor.fetchall()) if cursor.description else []

    def run_many(self, connection: Connection, rows: Sequence[_Given]) -> None:
        """Run it for each of the rows.

        Raises
        ------
        DBAPIError
            As ``run`` does.
        """
        text = self._of(connection)
        with _Cursor(connection, text.sql) as cursor:
            cursor.executemany(text.sql, [text.arranged(row) for row in rows])

    def _of(self, connection: Connection) -> "_Text":
        """Return the text for this database."""
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy's own `execute` does
        dialect = connection.dialect
        found = self._texts.get(dialect.name)
        if found is None:
            made = self._statement.compile(dialect=dialect, column_keys=self._columns)
            constants = {name: value for name, value in made.params.items() if value is not None}
            found = _Text(str(made), getattr(made, "positiontup", None), constants)
            self._texts[dialect.name] = found
        return found


class PreparedList:
    """A statement about the values of a list; safe for any number of threads.

    Parameters
    ----------
    make
        Returns the statement for parameters that stand for the values, some of which may be the
        same.
    """

    def __init__(self, make: Callable[[Sequence[BindParameter[Any]]], ClauseElement]) -> None:
        self._by_length = {
            length: Prepared(make([bindparam(f"value_{at}") for at in range(length)]))
            for length in _LENGTHS
        }

    def run(
        self, connection: Connection, parameters: _Given, values: Iterable[Value]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows for all values; the list may be as long as it likes.

        Raises
        ------
        DBAPIError
            As ``Prepared.run`` does.
        """
        listed = list(values)
        for start in range(0, len(listed), _LENGTHS[-1]):
            some = listed[start : start + _LENGTHS[-1]]
            length = next(length for length in _LENGTHS if length >= len(some))
            some += [some[-1]] * (length - len(some))
            named = {f"value_{at}": value for at, value in enumerate(some)}
            yield from self._by_length[length].run(connection, {**parameters, **named})


class _Text(NamedTuple):
    """A compiled statement: its order of parameters, where they have no names, and constants."""

    sql: str
    names: Sequence[str] | None
    constants: _Given

    def arranged(self, parameters: _Given) -> _Given | list[Value]:
        """Return parameters as the driver takes them."""
        given = {**self.constants, **parameters} if self.constants else parameters
        return given if self.names is None else [given[name] for name in self.names]


class _Cursor:
    """The driver's cursor; its errors become SQLAlchemy's, without values of parameters."""

    def __init__(self, connection: Connection, sql: str) -> None:
        self._dialect = connection.dialect
        self._sql = sql
        self._cursor = connection.connection.cursor()

    def __enter__(self) -> Any:  # noqa: ANN401 - each driver has a class of its own
        return self._cursor

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self._cursor.close()
        base = self._dialect.loaded_dbapi.Error
        if isinstance(error, base):
            raise DBAPIError.instance(
                self._sql, None, error, base, hide_parameters=True, dialect=self._dialect
            ) from error
