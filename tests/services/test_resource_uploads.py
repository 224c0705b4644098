"""An upload becomes a Resource, and an Instance where it is one."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import DataElement, Dataset
from pydicom.config import disable_value_validation
from pydicom.datadict import dictionary_VR, tag_for_keyword

from isocenter.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from isocenter.limits import DEFAULT
from isocenter.services.resource_uploads import Told
from isocenter.store.resource_query import ResourceQuery
from tests.archives import OWNER, STRANGER, open_desk, place_of, uids_of
from tests.builders import instance, to_bytes
from tests.resource_desk import ResourceDesk, resource_desk
from tests.stores import DATABASES, files_under, key_of

CLEARED = "CLEARED_BY_DATAMINT"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def odd(dataset: Dataset, **values: str) -> bytes:
    """Return an Instance with values in elements that their VR does not allow."""
    with disable_value_validation():
        for keyword, value in values.items():
            tag = tag_for_keyword(keyword)
            assert tag is not None
            # An element that is there would check its value as it did when it was made.
            dataset[keyword] = DataElement(tag, dictionary_VR(keyword), value)
        return to_bytes(dataset)


def cleared(dataset: Dataset, *keywords: str) -> bytes:
    """Return an Instance with the text of old clients in elements, whatever their VR."""
    return odd(dataset, **dict.fromkeys(keywords, CLEARED))


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ResourceDesk]:
    engine = getattr(request, "param", "sqlite")
    with open_desk(tmp_path, engines=(engine, "local")) as opened:
        yield resource_desk(opened)


def test_a_dicom_upload_is_an_instance_of_the_archive(desk: ResourceDesk) -> None:
    dataset = instance(0)
    data = to_bytes(dataset)

    made = desk.upload(data, "scan", channel=" CT scans ", labels=["b", "a"])

    assert made.is_dicom
    assert (made.mimetype, made.size_bytes, made.blob_key) == (
        "application/dicom",
        len(data),
        key_of(data),
    )
    assert (made.study_uid, made.series_uid, made.sop_instance_uid) == (
        dataset.StudyInstanceUID,
        dataset.SeriesInstanceUID,
        dataset.SOPInstanceUID,
    )
    assert (made.modality, made.patient_id, made.frames) == ("CT", dataset.PatientID, 1)
    assert (made.status, made.channel, made.labels) == ("inbox", "CT scans", ("a", "b"))
    assert desk.desk.read(place_of(dataset)) == [data]
    assert desk.resources.get(OWNER, made.id) == made
    assert uids_of(desk.desk.studies()) == [dataset.StudyInstanceUID]
    assert uids_of(desk.desk.studies(owner=STRANGER)) == []


def test_the_patient_is_told_in_the_character_set_of_the_file(desk: ResourceDesk) -> None:
    dataset = instance(0)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientID = "Größe-1"
    assert desk.upload(to_bytes(dataset)).patient_id == "Größe-1"
    del dataset.PatientID
    dataset.SOPInstanceUID += ".1"
    assert desk.upload(to_bytes(dataset)).patient_id is None


def test_every_upload_of_the_same_bytes_is_a_resource_of_its_own(desk: ResourceDesk) -> None:
    data = to_bytes(instance(0))

    first = desk.upload(data, "a.dcm", channel="one")
    second = desk.upload(data, "b.dcm", channel="two", publish=True)

    assert first.id != second.id
    assert first.sop_instance_uid == second.sop_instance_uid
    assert (second.status, second.published_ms) == ("published", second.created_ms)
    assert desk.resources.find(OWNER, ResourceQuery()).total == 2
    assert len(desk.desk.archive.retrieval.instances(place_of(instance(0)))) == 1


def test_other_bytes_under_a_uid_are_kept_beside_the_first(desk: ResourceDesk) -> None:
    dataset = instance(0)
    first = to_bytes(dataset)
    dataset.PatientComments = "changed"
    second = to_bytes(dataset)

    made = [desk.upload(first), desk.upload(second)]

    assert [desk.read(one) for one in made] == [first, second]
    assert desk.desk.read(place_of(dataset)) == [first]
    versions = desk.desk.archive.history.versions(OWNER, dataset.SOPInstanceUID)
    assert [one.blob_key for one in versions] == [key_of(first), key_of(second)]


def test_values_that_old_clients_clear_are_accepted_and_found(desk: ResourceDesk) -> None:
    """They write this text into any element: too long, and of no legal form there."""
    dataset = instance(0)
    keywords = ("PatientName", "PatientID", "PatientAge", "StudyDate", "FrameOfReferenceUID")
    data = cleared(dataset, *keywords)
    assert data.count(CLEARED.encode()) == len(keywords)

    made = desk.upload(data)

    assert made.is_dicom
    assert made.note is None
    assert made.patient_id == CLEARED
    for keyword in ("PatientName", "PatientID"):
        assert uids_of(desk.desk.studies((keyword, CLEARED))) == [dataset.StudyInstanceUID]
    assert uids_of(desk.desk.studies(("StudyInstanceUID", str(made.study_uid)))) == [made.study_uid]
    assert desk.read(made) == data


def test_dicom_that_cannot_be_an_instance_is_a_file_with_a_reason(desk: ResourceDesk) -> None:
    dataset = instance(0)
    desk.upload(to_bytes(dataset))
    nameless = desk.upload(cleared(dataset, "SOPInstanceUID"))
    other = instance(1)
    other.StudyInstanceUID = "1.2.3.4"
    contradicting = desk.upload(to_bytes(other))

    for made in (nameless, contradicting):
        assert not made.is_dicom
        assert made.mimetype == "application/dicom"
        assert made.modality == "CT"
        assert made.note is not None
    assert nameless.note is not None
    assert "(0008,0018) is missing or no UID" in nameless.note
    assert "its series belongs to another study" in str(contradicting.note)
    assert desk.read(contradicting) == to_bytes(other)


@pytest.mark.parametrize("desk", sorted(DATABASES), indirect=True)
def test_zero_characters_in_values_are_no_trouble(desk: ResourceDesk) -> None:
    """PostgreSQL takes none in a text."""
    dataset = instance(0)
    data = odd(dataset, PatientID="A\x00B\x07C", Modality="C\x00T")
    named = desk.upload(data, "a\x00.dcm", metadata={"a": "\x00"})
    nameless = desk.upload(cleared(dataset, "SOPInstanceUID"), "b.dcm")

    assert (named.patient_id, named.modality, named.name) == ("ABC", "CT", "a.dcm")
    assert (nameless.patient_id, nameless.is_dicom) == ("ABC", False)
    assert desk.resources.find(OWNER, ResourceQuery(modality="CT")).total == 2


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"no DICOM at all", "a.dcm"), (bytes(128) + b"DICM" + b"\xff" * 50, "a"), (b"", "a.dcm")],
)
def test_what_is_said_to_be_dicom_and_is_not_is_refused(
    desk: ResourceDesk, tmp_path: Path, data: bytes, name: str
) -> None:
    with pytest.raises(InvalidInputError):
        desk.upload(data, name)
    assert desk.resources.find(OWNER, ResourceQuery()).total == 0
    assert files_under(tmp_path / "blobs") == []


def test_other_files_are_kept_as_they_are(desk: ResourceDesk) -> None:
    made = desk.upload(PNG, "to%2Fimage.png", metadata={"site": 7}, source_path="/home/x/image.png")

    assert not made.is_dicom
    assert (made.name, made.mimetype, made.frames) == ("to/image.png", "image/png", 0)
    assert (made.metadata, made.source_path) == ({"site": 7}, "/home/x/image.png")
    assert desk.read(made) == PNG


def test_an_idempotency_key_recognises_a_retry(desk: ResourceDesk) -> None:
    first = desk.upload(PNG, idempotency_key="k", name="a.png")

    assert desk.upload(PNG, idempotency_key="k", name="a.png") == first
    assert desk.upload(PNG, idempotency_key="k", name="a.png", owner=STRANGER).id != first.id
    with pytest.raises(ConflictError, match="used for other bytes"):
        desk.upload(PNG + b"x", idempotency_key="k", name="a.png")
    assert desk.resources.find(OWNER, ResourceQuery()).total == 1


@pytest.mark.parametrize("desk", sorted(DATABASES), indirect=True)
def test_uploads_at_the_same_time_are_all_there(desk: ResourceDesk) -> None:
    """The same UID with several contents, retries of one key, and others, side by side."""
    dataset = instance(0)
    contents = []
    for number in range(3):
        dataset.PatientComments = str(number)
        contents += [to_bytes(dataset)] * 2
    made: list[str] = []

    def upload(data: bytes, key: str | None) -> None:
        made.append(desk.upload(data, idempotency_key=key).id)

    work = [(data, None) for data in contents] + [(to_bytes(instance(1)), "one")] * 4
    threads = [threading.Thread(target=upload, args=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(made) == len(work)
    assert len(set(made)) == len(contents) + 1
    versions = desk.desk.archive.history.versions(OWNER, dataset.SOPInstanceUID)
    assert {one.blob_key for one in versions} == {key_of(data) for data in contents}


def test_an_upload_that_is_not_finished_leaves_nothing(desk: ResourceDesk, tmp_path: Path) -> None:
    with desk.resources.begin_upload(OWNER) as upload:
        upload.write(PNG)
        assert upload.size_bytes == len(PNG)

    assert files_under(tmp_path / "blobs") == []


def test_more_bytes_than_may_be_are_refused(desk: ResourceDesk, tmp_path: Path) -> None:
    small = resource_desk(desk.desk, replace(DEFAULT, stored_instance_bytes=150))
    with pytest.raises(TooLargeError, match="stored_instance_bytes"):
        small.upload(PNG, "a.png")
    assert files_under(tmp_path / "blobs") == []


@pytest.mark.parametrize(
    "told",
    [
        {"idempotency_key": ""},
        {"idempotency_key": "x" * 201},
        {"labels": ["a", ""]},
        {"channel": "a\nb"},
        {"modality": "x" * 300},
    ],
)
def test_what_cannot_be_kept_is_refused(
    desk: ResourceDesk, tmp_path: Path, told: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputError):
        desk.upload(PNG, "a.png", **told)  # type: ignore[arg-type]  # passed on
    assert files_under(tmp_path / "blobs") == []


def test_bytes_that_the_owner_has_need_not_be_sent(desk: ResourceDesk) -> None:
    """The client's skip saves the bytes, never the Resource."""
    archived, data = to_bytes(instance(1)), to_bytes(instance(0))
    desk.desk.store(archived)
    first = desk.upload(data, "a.dcm")

    second = desk.resources.add_known(OWNER, Told("b.dcm", channel="c", sha256=key_of(data)))
    third = desk.resources.add_known(OWNER, Told("c.dcm", sha256=key_of(archived)))

    assert second.id != first.id
    assert (second.name, second.channel, second.modality) == ("b.dcm", "c", "CT")
    assert second.sop_instance_uid == first.sop_instance_uid
    assert (second.brought_key, third.brought_key) == (None, None)
    assert [desk.read(one) for one in (second, third)] == [data, archived]
    assert third.sop_instance_uid == instance(1).SOPInstanceUID
    desk.resources.delete(OWNER, [first.id])
    assert desk.read(second) == data


def test_bytes_of_somebody_else_are_not_there(desk: ResourceDesk) -> None:
    made = desk.upload(PNG, "a.png", owner=STRANGER)
    desk.desk.store(instance(0), owner=STRANGER)

    for key in (made.blob_key, key_of(to_bytes(instance(0))), "0" * 64):
        with pytest.raises(NotFoundError):
            desk.resources.add_known(OWNER, Told("a", sha256=key))
    with pytest.raises(InvalidInputError, match="64 hexadecimal digits"):
        desk.resources.add_known(OWNER, Told("a", sha256="../secret"))


def test_a_sha256_that_is_told_is_checked(desk: ResourceDesk, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="do not have the sha256"):
        desk.upload(PNG, "a.png", sha256="0" * 64)
    assert files_under(tmp_path / "blobs") == []
    assert desk.upload(PNG, "a.png", sha256=key_of(PNG)).blob_key == key_of(PNG)


def test_a_retry_of_bytes_that_are_there_is_recognised(desk: ResourceDesk) -> None:
    desk.upload(PNG, "a.png")
    told = Told("b.png", sha256=key_of(PNG), idempotency_key="k")

    made = desk.resources.add_known(OWNER, told)

    assert desk.resources.add_known(OWNER, told) == made
    assert desk.upload(PNG, "b.png", idempotency_key="k") == made
