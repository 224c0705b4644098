"""Who did what to which thing, when, with what result: rows that are only ever added.

Each row is signed together with the signature of the row before it. Whoever changes, inserts or
removes a row in the database cannot make the signatures fit again without the secret of the
server, which is not in the database. Rows that are cut off at the end leave a chain that fits:
``Chain.hash`` and ``Chain.rows``, noted elsewhere now and then, tell that too.

A row holds ids, never a name, a value of an element, an address or a credential.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, text

from isocenter.access.server_secret import ServerSecret
from isocenter.store.prepared import Prepared
from isocenter.store.tables import audit_events

SYSTEM = "system"
NOBODY = "nobody"
FIRST_HASH = "0" * 64
_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_PRINCIPAL = re.compile(r"[A-Za-z0-9:._-]{1,64}")
_ID = re.compile(r"[A-Za-z0-9:._/-]{0,128}")
_ROWS_AT_ONCE = 1000
# All that is signed, and last the signature.
_SIGNED = select(
    *(column for column in audit_events.columns if column is not audit_events.c.hash),
    audit_events.c.hash,
)
# Made once: a statement that is built anew for every row costs more than its answer.
_LAST = Prepared(
    select(audit_events.c.number, audit_events.c.hash)
    .order_by(audit_events.c.number.desc())
    .limit(1)
)
_INSERT = Prepared(insert(audit_events).inline(), audit_events.columns.keys())
_LOCK = 7201418854  # any number, the same in all versions: one row is added at a time


class Act(NamedTuple):
    """What somebody did; see ``Audit.record``."""

    principal: str
    action: str
    subject: tuple[str, str]
    result: str = "ok"


@dataclass(frozen=True, slots=True)
class Chain:
    """What checking the chain found.

    ``rows`` fit, from the first one on; ``hash`` is that of the last of them. ``broken`` is the
    number of the first row that does not fit, ``None`` where all do.
    """

    rows: int
    hash: str
    broken: int | None = None


class Audit:
    """Adds and checks rows.

    Parameters
    ----------
    secret
        Of this server.
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(self, secret: ServerSecret, clock: Callable[[], int]) -> None:
        self._secret = secret
        self._clock = clock

    def record(
        self,
        connection: Connection,
        principal: str,
        action: str,
        subject: tuple[str, str],
        result: str = "ok",
    ) -> int:
        """Add a row in the transaction of the act itself; return its number.

        Parameters
        ----------
        principal
            ``Principal.id``, ``SYSTEM`` for what nobody asked for, or ``NOBODY`` for who did not
            say who they are.
        action
            A word such as ``session.create``.
        subject
            The kind of thing and its id, such as ``("session", session_id)``.
        result
            A word: ``ok``, ``denied``, ``failed`` ...
        """
        return self.record_all(connection, [Act(principal, action, subject, result)])

    def record_all(self, connection: Connection, acts: Sequence[Act]) -> int:
        """Add rows, at least one, as ``record`` does; return the number of the last one."""
        assert acts
        if connection.dialect.name == "postgresql":
            # Two rows that both follow the last one would have the same number.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        last = _LAST.run(connection, {})
        number, previous = (int(last[0][0]), str(last[0][1])) if last else (0, FIRST_HASH)
        now_ms = self._clock()
        rows: list[dict[str, str | int]] = []
        for act in acts:
            number += 1
            row = _row(number, now_ms, act, previous)
            previous = row["hash"] = self._sign(row.values())
            rows.append(row)
        _INSERT.run_many(connection, rows)
        return number

    def is_ours(self, connection: Connection) -> bool:
        """Whether the first row was written with this secret; true if there is none."""
        query = _SIGNED.order_by(audit_events.c.number).limit(1)
        row = connection.execute(query).one_or_none()
        return row is None or self._is_signed(tuple(row))

    def verify_chain(self, connection: Connection) -> Chain:
        """Check every row, with memory for some at once only."""
        query = _SIGNED.order_by(audit_events.c.number)
        rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query)
        chain = Chain(0, FIRST_HASH)
        for row in rows:
            follows = row.number == chain.rows + 1 and row.previous_hash == chain.hash
            if not follows or not self._is_signed(tuple(row)):
                return Chain(chain.rows, chain.hash, row.number)
            chain = Chain(row.number, row.hash)
        return chain

    def _is_signed(self, row: tuple[object, ...]) -> bool:
        """Whether the last value of a row signs the others."""
        expected = self._sign(row[:-1]).encode()
        return hmac.compare_digest(str(row[-1]).encode(), expected)

    def _sign(self, values: Iterable[object]) -> str:
        return self._secret.sign("audit", *(str(value).encode() for value in values)).hex()


def _row(number: int, now_ms: int, act: Act, previous_hash: str) -> dict[str, str | int]:
    """Return what is signed, in its order."""
    kind, object_id = act.subject
    assert _WORD.fullmatch(act.action)
    assert _WORD.fullmatch(kind)
    assert _WORD.fullmatch(act.result)
    assert _PRINCIPAL.fullmatch(act.principal)
    assert _ID.fullmatch(object_id), "ids only, nothing that a client could have named"
    return {
        "number": number,
        "at_ms": now_ms,
        "principal": act.principal,
        "action": act.action,
        "object_kind": kind,
        "object_id": object_id,
        "result": act.result,
        "previous_hash": previous_hash,
    }
