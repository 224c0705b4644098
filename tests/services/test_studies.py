"""Instances come into the archive as they are, or are refused with the reason and the attribute."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from isocenter.errors import InvalidInputError, NotFoundError
from isocenter.limits import DEFAULT
from isocenter.services.retrieval import Place
from isocenter.services.studies import (
    CANNOT_UNDERSTAND,
    DATA_SET_ODD,
    DUPLICATE,
    MISMATCH,
    OUT_OF_RESOURCES,
)
from isocenter.store.tables import audit_events, blobs, changes, instances, patients, studies
from tests.archives import OWNER, STRANGER, Desk, open_desk, place_of
from tests.builders import add_private, instance, series, to_bytes, uid
from tests.stores import files_under

WITHOUT_UIDS = 53  # files of the shared data in which one of the four UIDs is missing
NO_DICOM = 4
REQUIRED = [
    ("SOPClassUID", 0x00080016),
    ("SOPInstanceUID", 0x00080018),
    ("StudyInstanceUID", 0x0020000D),
    ("SeriesInstanceUID", 0x0020000E),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as made:
        yield made


def count(desk: Desk, table: object = instances) -> int:
    with desk.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


@pytest.mark.slow
def test_every_file_with_uids_comes_back_byte_for_byte(desk: Desk, shared_data: Path) -> None:
    stored, refused, unreadable = 0, 0, 0
    for number, path in enumerate(sorted((shared_data / "dicom").rglob("*"))):
        if not path.is_file() or path.suffix in {".md", ".csv", ".jsonl"}:
            continue
        data, owner = path.read_bytes(), f"account:{number}"
        result = desk.store(data, owner=owner)
        for one in result.stored:
            assert desk.read(Place(owner, one.study_uid)) == [data], path.name
            stored += 1
        for failed in result.failed:
            assert failed.reason == CANNOT_UNDERSTAND
            refused += failed.tag is not None
            unreadable += failed.tag is None
    assert (stored > 800, refused, unreadable) == (True, WITHOUT_UIDS, NO_DICOM)


def test_private_elements_and_preamble_are_kept(desk: Desk) -> None:
    data = b"preamble".ljust(128, b"!") + to_bytes(add_private(instance()))[128:]

    assert desk.store(data).stored[0].state == "stored"

    assert desk.read(place_of(instance())) == [data]


def test_same_bytes_again_are_a_success_without_a_row(desk: Desk) -> None:
    first = desk.store(instance()).stored[0]
    again = desk.store(instance()).stored[0]

    assert (first.state, again.state) == ("stored", "present")
    assert (count(desk), count(desk, blobs), count(desk, changes)) == (1, 1, 1)


def test_same_instance_twice_in_a_request_is_stored_once(desk: Desk) -> None:
    result = desk.store(instance(), instance(), instance(1))

    assert [one.state for one in result.stored] == ["stored", "present", "stored"]
    assert count(desk) == 2


@pytest.mark.parametrize("policy", ["reject", "replace", "keep-both"])
def test_other_bytes_under_a_uid_follow_the_policy(desk: Desk, policy: str) -> None:
    before, after = instance(), instance()
    after.KVP = 140
    desk.store(before)

    result = desk.store(after, policy=policy)

    kept = {"reject": before, "replace": after, "keep-both": before}[policy]
    assert desk.read(place_of(before)) == [to_bytes(kept)]
    assert count(desk) == 1
    assert count(desk, blobs) == (2 if policy == "keep-both" else 1)
    if policy == "reject":
        (failed,) = result.failed
        assert (failed.reason, failed.tag) == (DUPLICATE, 0x00180060)
        assert "KVP" in failed.sentence
    else:
        assert result.stored[0].state == ("kept" if policy == "keep-both" else "replaced")
        assert desk.store(after).stored[0].state == "present"


def test_pixels_that_differ_are_named(desk: Desk) -> None:
    desk.store(instance(rows=64, columns=64))
    changed = instance(rows=64, columns=64)
    changed.PixelData = bytes(len(changed.PixelData))

    assert desk.store(changed).failed[0].tag == 0x7FE00010


@pytest.mark.parametrize("policy", ["reject", "replace", "keep-both"])
def test_series_never_moves_to_another_study(desk: Desk, policy: str) -> None:
    desk.store(instance())
    moved = instance(1)
    moved.StudyInstanceUID = uid("elsewhere")

    (failed,) = desk.store(moved, policy=policy).failed

    assert failed.tag == 0x0020000D
    assert count(desk, studies) == 1


@pytest.mark.parametrize(("keyword", "tag"), REQUIRED)
@pytest.mark.parametrize("value", [None, "", "not-a-uid", "1." * 33 + "1"])
def test_uid_that_is_missing_or_none_fails_with_its_attribute(
    desk: Desk, keyword: str, tag: int, value: str | None
) -> None:
    dataset = instance()
    data = to_bytes(dataset)
    element = dataset[keyword]
    old = str(element.value).encode()
    old += b"\0" * (len(old) % 2)
    new = b"" if value is None else value.encode()[: len(old)]
    # The same length, so that nothing else of the file changes; a space is no value.
    data = data.replace(old, new.ljust(len(old), b" "))

    (failed,) = desk.store(data).failed

    assert (failed.reason, failed.tag) == (CANNOT_UNDERSTAND, tag)
    assert count(desk, blobs) == 0


@pytest.mark.parametrize("data", [b"", b"hello", bytes(1000), b"%PDF-1.4" * 100])
def test_what_is_no_dicom_fails_and_others_are_stored(desk: Desk, data: bytes) -> None:
    result = desk.store(instance(0), data, instance(1))

    assert len(result.stored) == 2
    assert [one.reason for one in result.failed] == [CANNOT_UNDERSTAND]
    assert result.failed[0].sop_instance_uid == ""


def test_file_that_ends_too_early_is_stored_with_a_warning(desk: Desk) -> None:
    data = to_bytes(instance())[:-20]

    (stored,) = desk.store(data).stored

    assert stored.warning_reason == DATA_SET_ODD
    assert desk.read(place_of(instance())) == [data]


def test_instance_of_another_study_than_the_one_named_fails(desk: Desk) -> None:
    (failed,) = desk.store(instance(), study_uid=uid("another")).failed

    assert (failed.reason, failed.tag) == (MISMATCH, 0x0020000D)
    assert failed.sop_instance_uid == instance().SOPInstanceUID


def test_instance_that_is_too_large_fails_and_leaves_nothing(tmp_path: Path) -> None:
    with open_desk(tmp_path, limits=replace(DEFAULT, stored_instance_bytes=1000)) as desk:
        result = desk.store(instance())

        assert [one.reason for one in result.failed] == [OUT_OF_RESOURCES]
        assert count(desk, blobs) == 0


def test_unknown_policy_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInputError):
        desk.archive.studies.begin(OWNER, policy="merge")


def test_leaving_without_finishing_leaves_nothing(desk: Desk) -> None:
    with desk.archive.studies.begin(OWNER) as intake:
        part = intake.add_part()
        part.write(to_bytes(instance()))
        part.close()
        intake.add_part().write(b"half")

    assert count(desk) == 0
    assert desk.blobs.sweep_staged(1 << 62).removed == 0


def test_more_instances_than_are_committed_at_once_keep_their_order(desk: Desk) -> None:
    slices = list(series(300))

    result = desk.store(*slices)

    assert [one.sop_instance_uid for one in result.stored] == [s.SOPInstanceUID for s in slices]
    assert count(desk) == 300


def test_owners_do_not_see_one_another(desk: Desk) -> None:
    desk.store(instance())
    changed = instance()
    changed.KVP = 140

    assert desk.store(changed, owner=STRANGER).stored[0].state == "stored"
    with pytest.raises(NotFoundError):
        desk.archive.studies.delete("account:nobody", str(instance().StudyInstanceUID))
    assert desk.read(place_of(instance())) == [to_bytes(instance())]


def test_bytes_that_two_owners_have_stay_until_the_last_deletes_them(desk: Desk) -> None:
    study = str(instance().StudyInstanceUID)
    desk.store(instance())
    desk.store(instance(), owner=STRANGER)

    assert desk.archive.studies.delete(OWNER, study) == 1
    assert count(desk, blobs) == 1
    assert desk.archive.studies.delete(STRANGER, study) == 1
    assert (count(desk, blobs), count(desk, studies), count(desk, patients)) == (0, 0, 0)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_deleting_a_level_removes_what_is_in_it_and_nothing_else(desk: Desk, level: int) -> None:
    first, second = list(series(3)), list(series(2, series_name="other"))
    desk.store(*first, *second)
    place = place_of(first[1])

    gone = desk.archive.studies.delete(*place[: level + 1])

    assert gone == {1: 5, 2: 3, 3: 1}[level]
    assert count(desk) == 5 - gone
    with pytest.raises(NotFoundError):
        desk.archive.studies.delete(*place[: level + 1])
    if level > 1:
        kept = [one for one in (*first, *second) if level == 3 or one in second]
        kept = [one for one in kept if level == 2 or one is not first[1]]
        metadata = b"".join(desk.archive.retrieval.metadata(Place(*place[:2]), "http://x"))
        assert all(str(one.SOPInstanceUID).encode() in metadata for one in kept)
        assert str(first[1].SOPInstanceUID).encode() not in metadata


def test_deleted_identifiers_are_in_no_file(desk: Desk) -> None:
    canary = b"canarysson"
    dataset = instance()
    dataset.PatientName = f"{canary.decode()}^Jane"
    assert desk.store(dataset).stored
    desk.archive.retrieval.rendered(place_of(dataset))
    instance_row = desk.archive.retrieval.instances(place_of(dataset))[0]
    # A whole one in another encoding, which is kept for the next who asks for it.
    desk.archive.retrieval.open(instance_row, "1.2.840.10008.1.2.4.80").close()
    assert [one for one in files_under(desk.folder) if canary in one.read_bytes().lower()]

    desk.archive.studies.delete(OWNER, str(dataset.StudyInstanceUID))
    desk.database.forget_removed()

    assert not [one for one in files_under(desk.folder) if canary in one.read_bytes().lower()]
    assert not files_under(desk.folder / "scratch")


def test_every_change_is_in_the_audit_by_number(desk: Desk) -> None:
    desk.store(*series(3))
    desk.archive.studies.delete(OWNER, str(instance().StudyInstanceUID))

    with desk.database.read() as connection:
        rows = connection.execute(select(audit_events).order_by(audit_events.c.number)).all()
        assert [row.action for row in rows] == ["study.store", "study.delete"]
        assert all(row.object_id.isdigit() for row in rows)
        assert desk.audit.verify_chain(connection).broken is None


@pytest.mark.parametrize("writers", [4, 16])
def test_what_is_acknowledged_to_many_writers_is_stored(desk: Desk, writers: int) -> None:
    slices = list(series(48))
    gate = threading.Barrier(writers)

    def write(number: int) -> int:
        gate.wait()
        return sum(len(desk.store(one).stored) for one in slices[number::writers])

    with ThreadPoolExecutor(writers) as pool:
        acknowledged = sum(pool.map(write, range(writers)))

    assert acknowledged == count(desk) == 48
    assert desk.studies().matches[0].attributes["00201208"] == {"vr": "IS", "Value": [48]}
    assert sorted(desk.read(place_of(slices[0])._replace(sop_instance_uid=""))) == sorted(
        map(to_bytes, slices)
    )


def test_writers_of_the_same_instance_store_it_once(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: desk.store(instance()), range(16)))

    assert sorted(one.stored[0].state for one in results) == ["present"] * 15 + ["stored"]


def test_failures_tell_which_part_they_were(tmp_path: Path) -> None:
    other = instance()
    other.ImageComments = "other"
    large = b"x" * 200_000
    limits = replace(DEFAULT, stored_instance_bytes=100_000)
    with open_desk(tmp_path, limits=limits) as desk:
        result = desk.store(instance(), b"no DICOM", other, large)
    assert sorted((one.part_number, one.reason) for one in result.failed) == [
        (2, CANNOT_UNDERSTAND),
        (3, DUPLICATE),
        (4, OUT_OF_RESOURCES),
    ]
