"""Files of a session come into the archive without a copy, and stay when the session goes."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.limits import DEFAULT
from isocenter.services.archive import Archive, open_archive
from isocenter.services.retrieval import Place
from isocenter.services.session_keeping import SessionKeeping
from isocenter.store.tables import audit_events
from tests.builders import series, to_bytes
from tests.sessions import OWNER, STRANGER, Bench, open_bench, slices

STUDY = str(series(1)[0].StudyInstanceUID)


@dataclass
class Desk:
    bench: Bench
    archive: Archive
    keeping: SessionKeeping

    def archived(self, owner: str = OWNER) -> list[bytes]:
        try:
            found = self.archive.retrieval.instances(Place(owner, STUDY))
        except NotFoundError:
            return []
        read = []
        for one in found:
            with contextlib.closing(self.archive.retrieval.open(one)) as opened:
                read.append(opened.read_at(0, opened.size))
        return read


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    limits = replace(DEFAULT, keep_files=3)
    scratch = tmp_path / "archive-scratch"
    scratch.mkdir()
    with (
        open_bench(tmp_path, limits=limits) as bench,
        open_archive(
            bench.database,
            bench.blobs,
            bench.audit,
            scratch,
            clock=bench.clock,
            limits=limits,
            jobs=1,
        ) as archive,
    ):
        keeping = SessionKeeping(
            bench.database,
            bench.blobs,
            archive.studies,
            bench.audit,
            clock=bench.clock,
            limits=limits,
        )
        yield Desk(bench, archive, keeping)


def test_what_is_kept_outlives_the_session_and_is_no_copy(desk: Desk) -> None:
    files = slices(2)
    session_id = desk.bench.new_session(files)
    before = desk.bench.blob_files()

    kept = desk.keeping.keep(OWNER, session_id, list(files), source="input")

    assert [(one.name, one.status, one.study_uid) for one in kept] == [
        (name, "stored", STUDY) for name in files
    ]
    assert desk.bench.blob_files() == before
    desk.bench.sessions.delete(OWNER, session_id)
    desk.bench.clock.now_ms += 10**9
    desk.bench.sweep()
    assert sorted(desk.archived()) == sorted(files.values())
    assert desk.archived(STRANGER) == []


def test_the_outputs_that_are_dicom_are_meant_where_nothing_is_named(desk: Desk) -> None:
    session_id = desk.bench.new_session(slices(2))
    with desk.bench.working():
        desk.bench.run(session_id, "headers")
        desk.bench.run(session_id, "merge")

    kept = desk.keeping.keep(OWNER, session_id)

    assert [one.status for one in kept] == ["stored"]
    assert kept[0].name.endswith("_multiframe.dcm")
    assert desk.archived() == [desk.bench.read(session_id, kept[0].name)]


def test_the_same_bytes_again_change_nothing(desk: Desk) -> None:
    session_id = desk.bench.new_session(slices(1))
    for status in ("stored", "present"):
        kept = desk.keeping.keep(OWNER, session_id, ["0000.dcm"], source="input")
        assert [one.status for one in kept] == [status]
    assert len(desk.archived()) == 1


def test_other_bytes_under_a_uid_are_a_conflict_that_names_the_element(desk: Desk) -> None:
    first, other = series(1)[0], series(1)[0]
    other.ImageComments = "other"
    names = ["a.dcm", "b.dcm"]
    files = dict(zip(names, (to_bytes(first), to_bytes(other)), strict=True))
    session_id = desk.bench.new_session(files)

    kept = desk.keeping.keep(OWNER, session_id, names, source="input")

    assert [one.status for one in kept] == ["stored", "conflict"]
    assert "ImageComments" in kept[1].reason
    assert desk.archived() == [files["a.dcm"]]
    replaced = desk.keeping.keep(OWNER, session_id, ["b.dcm"], source="input", policy="replace")
    assert [one.status for one in replaced] == ["replaced"]
    assert desk.archived() == [files["b.dcm"]]


def test_what_is_no_instance_fails_with_its_reason_and_keeps_nobody_back(desk: Desk) -> None:
    session_id = desk.bench.new_session({"notes.txt": b"no image", **slices(1)})

    kept = desk.keeping.keep(OWNER, session_id, ["notes.txt", "0000.dcm"], source="input")

    assert [(one.name, one.status) for one in kept] == [
        ("notes.txt", "failed"),
        ("0000.dcm", "stored"),
    ]
    assert kept[0].reason


def test_others_keep_nothing_of_it(desk: Desk) -> None:
    session_id = desk.bench.new_session(slices(1))
    with pytest.raises(NotFoundError):
        desk.keeping.keep(STRANGER, session_id, source="input")
    with pytest.raises(NotFoundError):
        desk.keeping.keep(OWNER, session_id, ["nothing.dcm"], source="input")


def test_wrong_wishes_are_refused(desk: Desk) -> None:
    session_id = desk.bench.new_session(slices(4))
    for wish in ({"source": "both"}, {"policy": "guess"}, {"source": "input"}):
        with pytest.raises(InvalidInputError):
            desk.keeping.keep(OWNER, session_id, **wish)
    assert desk.archived() == []


def test_a_session_that_ends_meanwhile_leaves_nothing_half(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = desk.bench.new_session(slices(1))
    searched = desk.archive.studies.searched

    def end_first() -> dict[int, frozenset[str]]:
        desk.bench.sessions.delete(OWNER, session_id)
        return searched()

    monkeypatch.setattr(desk.archive.studies, "searched", end_first)

    with pytest.raises(NotFoundError):
        desk.keeping.keep(OWNER, session_id, ["0000.dcm"], source="input")

    assert desk.archived() == []
    assert desk.bench.sweep().missing_keys == ()


def test_it_is_in_the_audit(desk: Desk) -> None:
    session_id = desk.bench.new_session(slices(1))
    desk.keeping.keep(OWNER, session_id, source="input")
    with desk.bench.database.read() as connection:
        rows = connection.execute(select(audit_events).order_by(audit_events.c.number)).all()
    acts = [(row.principal, row.action) for row in rows][-2:]
    assert acts == [(OWNER, "study.store"), (OWNER, "session.keep")]
    assert rows[-1].object_id == session_id
