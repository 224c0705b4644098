"""Files of a session kept in the archive, which the session's end does not take away.

The bytes are in the store already: nothing is copied, only rows are added that refer to them. One
transaction sees that the session is still there, adds the Instances, and notes both in the audit.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from isocenter.access.audit import Audit
from isocenter.errors import (
    ConflictError,
    DeadlineExceededError,
    InvalidInputError,
    NotFoundError,
    TooLargeError,
)
from isocenter.limits import Limits
from isocenter.services.instance_facts import Bytes, read_facts
from isocenter.services.session_files import Kind, SessionFile, list_files
from isocenter.services.session_rows import find_session
from isocenter.services.studies import Studies, conflict_of
from isocenter.store.blob_rows import drop_unused
from isocenter.store.blobs import BlobStore
from isocenter.store.catalog import POLICIES, Outcome, Policy, State, add_instances
from isocenter.store.catalog_facts import InstanceFacts
from isocenter.store.database import Database

_KINDS: dict[str, Kind] = {"input": "input", "output": "output"}


class Kept(NamedTuple):
    """What became of one file.

    ``status``: ``stored``; ``present``: the same bytes were in the archive; ``replaced`` others
    were; ``kept`` beside others; ``conflict``: others are there and stay; ``failed``: it is no
    Instance. ``reason`` says why of the last two; UIDs are empty where they are not known.
    """

    name: str
    status: State | Literal["failed"]
    reason: str = ""
    study_uid: str = ""
    series_uid: str = ""
    sop_instance_uid: str = ""


class _Read(NamedTuple):
    file: SessionFile
    facts: InstanceFacts | None
    reason: str = ""


class SessionKeeping:
    """Keeps files of sessions; safe for any number of threads.

    Parameters
    ----------
    clock
        Milliseconds since 1970 UTC.
    """

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        studies: Studies,
        audit: Audit,
        *,
        clock: Callable[[], int],
        limits: Limits,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._studies = studies
        self._audit = audit
        self._clock = clock
        self._limits = limits

    def keep(
        self,
        owner: str,
        session_id: str,
        names: Sequence[str] | None = None,
        *,
        source: str = "output",
        policy: str = "reject",
    ) -> list[Kept]:
        """Keep files in the owner's archive and return what became of each, in their order.

        Parameters
        ----------
        names
            Files of the source; by default all that are DICOM.
        source
            ``output`` or ``input``.
        policy
            As ``Studies.begin`` takes it.

        Raises
        ------
        InvalidInputError
            If too many files are meant, or source or policy is none.
        NotFoundError
            If the owner has no such session, or it has no file of a name.
        UnavailableError
            If store or database fail; nothing is kept then.
        """
        kind, chosen = _KINDS.get(source), next((one for one in POLICIES if one == policy), None)
        if kind is None:
            raise InvalidInputError("input is input or output")
        if chosen is None:
            raise InvalidInputError(f"the policy is one of {', '.join(POLICIES)}")
        files = self._files(owner, session_id, kind, names)
        read = [self._read(file) for file in files]
        outcomes = iter(self._commit(owner, session_id, read, chosen))
        return [_kept(one, next(outcomes) if one.facts else None) for one in read]

    def _files(
        self, owner: str, session_id: str, kind: Kind, names: Sequence[str] | None
    ) -> list[SessionFile]:
        with self._database.read() as connection:
            find_session(connection, owner, session_id, self._clock())
            found = {file.name: file for file in list_files(connection, session_id, kind)}
        if names is None:
            files = [file for file in found.values() if file.facts.get("is_dicom")]
        elif set(names) <= found.keys():
            files = [found[name] for name in dict.fromkeys(names)]
        else:
            raise NotFoundError("the session has no file of a name that was given")
        if len(files) > self._limits.keep_files:
            raise InvalidInputError(f"at most {self._limits.keep_files} files are kept at once")
        return files

    def _read(self, file: SessionFile) -> _Read:
        """Return what the archive wants to know of a file, or why it is no Instance."""
        try:
            with self._studies.open_kept(file.blob_key) as plain:
                uid, is_same = plain.transfer_syntax_uid, plain.is_same
                kept = Bytes(file.blob_key, file.size_bytes, uid, is_same)
                searched = self._studies.searched()
                return _Read(
                    file, read_facts(plain.header, plain.source, kept, self._limits, searched)
                )
        except (InvalidInputError, TooLargeError, DeadlineExceededError, ConflictError) as error:
            return _Read(file, None, str(error))

    def _commit(
        self, owner: str, session_id: str, read: Sequence[_Read], policy: Policy
    ) -> list[Outcome]:
        facts = [one.facts for one in read if one.facts is not None]
        with self._database.begin() as connection:
            # While the session is there, so are its bytes; others wait for this transaction.
            find_session(connection, owner, session_id, self._clock())
            added = add_instances(
                connection,
                owner,
                facts,
                policy=policy,
                now_ms=self._clock(),
                keep=lambda _: None,
            )
            for number in sorted(added.study_numbers):
                self._audit.record(connection, owner, "study.store", ("study", str(number)))
            self._audit.record(connection, owner, "session.keep", ("session", session_id))
        if added.dropped:
            drop_unused(self._database, self._blobs, added.dropped)
        return added.outcomes


def _kept(read: _Read, outcome: Outcome | None) -> Kept:
    name, facts = read.file.name, read.facts
    if facts is None or outcome is None:
        return Kept(name, "failed", read.reason)
    uids = (facts.study.uid, facts.series.uid, facts.instance.uid)
    if outcome.state != "conflict":
        return Kept(name, outcome.state, "", *uids)
    return Kept(name, "conflict", conflict_of(facts, int(outcome.tag, 16)).sentence, *uids)
