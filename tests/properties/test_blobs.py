"""The blob store with its rows, against a model, through any order of what services do."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import delete, insert, select

from isocenter.store.blob_rows import drop_unused, keep, sweep
from isocenter.store.blobs import StagedBlob
from isocenter.store.database import Database
from isocenter.store.tables import blobs, session_files, sessions
from tests.stores import (
    HOUR_MS,
    Clock,
    files_under,
    key_of,
    local_blobs,
    read_all,
    sqlite_database,
    stage,
)

# Few different contents, so that sessions share bytes; one is written in several parts.
CONTENTS = [b"", b"a", b"b", bytes(300_000), b"c" * 300_000]


class FailedError(Exception):
    """Ends a transaction."""


class StoreMachine(RuleBasedStateMachine):
    """Sessions with files come, share bytes, go; transactions fail; processes start anew."""

    staged = Bundle("staged")

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.store = local_blobs(self.folder, self.clock)
        self.database: Database = sqlite_database(self.folder)
        self.database.migrate()
        self.sessions: dict[str, list[bytes]] = {}
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.store.close()
            self.database.close()
            shutil.rmtree(self.folder)

    @rule(target=staged, data=st.sampled_from(CONTENTS))
    def stage_bytes(self, data: bytes) -> tuple[StagedBlob, bytes]:
        return stage(self.store, data), data

    @rule(target=staged, data=st.sampled_from(CONTENTS))
    def stage_file(self, data: bytes) -> tuple[StagedBlob, bytes]:
        made = self.folder / "made"
        made.write_bytes(data)
        staged = self.store.stage_file(made)
        made.unlink()
        return staged, data

    @rule(files=st.lists(consumes(staged), max_size=4), fails=st.booleans())
    def add_session(self, files: list[tuple[StagedBlob, bytes]], *, fails: bool) -> None:
        self.number += 1
        name = str(self.number)
        with contextlib.suppress(FailedError), self.database.begin() as connection:
            keep(connection, self.store, [blob for blob, _ in files], self.clock())
            connection.execute(
                insert(sessions).values(id=name, owner="me", created_ms=0, expires_ms=0)
            )
            for number, (blob, _) in enumerate(files):
                connection.execute(
                    insert(session_files).values(
                        id=f"{name}-{number}",
                        session_id=name,
                        kind="input",
                        number=number,
                        name=str(number),
                        blob_key=blob.key,
                        size_bytes=blob.size_bytes,
                        facts={},
                        created_ms=0,
                    )
                )
            if fails:
                raise FailedError
        if not fails:
            self.sessions[name] = [data for _, data in files]

    @rule(file=consumes(staged))
    def discard(self, file: tuple[StagedBlob, bytes]) -> None:
        self.store.discard(file[0])

    @rule(data=st.data(), drops=st.booleans())
    def remove_session(self, data: st.DataObject, *, drops: bool) -> None:
        if not self.sessions:
            return
        name = data.draw(st.sampled_from(sorted(self.sessions)))
        keys = [key_of(content) for content in self.sessions.pop(name)]
        with self.database.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.id == name))
        if drops:
            drop_unused(self.database, self.store, keys)
            for key in set(keys) - self.known():
                assert not (self.folder / "blobs" / key[:2] / key).exists()

    @rule(files=st.lists(consumes(staged), max_size=8))
    def start_anew(self, files: list[tuple[StagedBlob, bytes]]) -> None:
        """End the process, which forgets what these had staged."""
        assert isinstance(files, list)
        self.store.close()
        self.database.close()
        self.store = local_blobs(self.folder, self.clock)
        self.database = sqlite_database(self.folder)
        self.database.migrate()

    @rule(hours=st.integers(0, 3))
    def pass_time(self, hours: int) -> None:
        self.clock.now_ms += hours * HOUR_MS

    @rule()
    def sweep_old(self) -> None:
        swept = sweep(self.database, self.store, self.clock.now_ms - HOUR_MS)
        assert swept.missing_keys == ()

    @rule()
    def sweep_all(self) -> None:
        """Only what sessions have is left of what was published."""
        sweep(self.database, self.store, self.clock.now_ms + 1)
        published = {
            path.name for path in files_under(self.folder / "blobs") if len(path.name) == 64
        }
        assert published == self.known()
        with self.database.read() as connection:
            assert set(connection.scalars(select(blobs.c.key))) == self.known()

    @invariant()
    def sessions_have_their_bytes(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.read() as connection:
            rows = connection.execute(
                select(session_files.c.session_id, session_files.c.blob_key)
            ).all()
        expected = [(name, key_of(data)) for name, files in self.sessions.items() for data in files]
        assert sorted(tuple(row) for row in rows) == sorted(expected)
        for key in self.known():
            assert key_of(read_all(self.store, key)) == key

    def known(self) -> set[str]:
        return {key_of(data) for files in self.sessions.values() for data in files}


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=60, stateful_step_count=30)
