import gzip
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom import Dataset

from isocenter.client import APIHandler
from isocenter.errors import (
    HeldBackError,
    InvalidInputError,
    IsocenterError,
    NotFoundError,
    UnavailableError,
)
from tests import builders
from tests.faulty_store import CUT, Fault, FaultyStore


def ids(made: object) -> list[str]:
    assert isinstance(made, list)
    assert all(isinstance(one, str) for one in made)
    return made


def names(api: APIHandler, made: object) -> list[str]:
    return [one["filename"] for one in api.get_resources_by_ids(ids(made))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, dataset in enumerate(builders.series(3), 1):
        path = tmp_path / "path" / "to" / f"{number}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(builders.to_bytes(dataset))
    return tmp_path / "path" / "to"


def test_one_file_gives_one_id_and_many_give_a_list(api: APIHandler, folder: Path) -> None:
    one = api.upload_resources(str(folder / "1.dcm"))
    many = api.upload_resources([folder / "2.dcm", str(folder / "3.dcm")])

    assert isinstance(one, str)
    assert names(api, many) == ["2.dcm", "3.dcm"]


def test_folders_patterns_and_generators_are_their_files(api: APIHandler, folder: Path) -> None:
    def datasets() -> Iterator[Dataset]:
        for path in sorted(folder.iterdir()):
            yield pydicom.dcmread(path)

    assert names(api, api.upload_resources(folder)) == ["1.dcm", "2.dcm", "3.dcm"]
    assert names(api, api.upload_resources(f"{folder}/[12].dcm")) == ["1.dcm", "2.dcm"]
    assert names(api, api.upload_resources(datasets())) == ["1.dcm", "2.dcm", "3.dcm"]


def test_what_is_uploaded_comes_back_byte_for_byte(api: APIHandler, folder: Path) -> None:
    data = (folder / "1.dcm").read_bytes()

    with (folder / "1.dcm").open("rb") as stream:
        made = api.upload_resources([data, io.BytesIO(data), stream, folder / "1.dcm"])

    for one in ids(made):
        assert api.download_resource_file(one, auto_convert=False) == data


@pytest.mark.parametrize(
    ("mung", "name"),
    [(None, "1.dcm"), (1, "to_1.dcm"), ("all", "path_to_1.dcm"), ([1], "path_1.dcm")],
)
def test_names_have_the_folders_that_are_wished(
    api: APIHandler,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    mung: int | str | list[int] | None,
    name: str,
) -> None:
    monkeypatch.chdir(folder.parent.parent)

    one = api.upload_resource("path/to/1.dcm", mung_filename=mung)

    assert api.get_resource(one)["filename"] == name


def test_what_is_published_at_once_needs_no_second_request(
    faulty: APIHandler, store: FaultyStore
) -> None:
    store.answers |= {
        "POST /resources": {"id": "r", "status": "published"},
        "POST /resources/r/publish": {},
    }
    faulty.upload_resource(b"data", publish=True)
    store.answers["POST /resources"] = {"id": "r", "status": "inbox"}
    faulty.upload_resource(b"data", publish=True)

    assert [one.path for one in store.asked] == [
        "/resources",
        "/resources",
        "/resources/r/publish",
    ]
    assert b'name="bypass_inbox"\r\n\r\ntrue' in store.asked[0].body


def test_labels_may_have_commas_and_metadata_are_kept(api: APIHandler, folder: Path) -> None:
    facts = folder / "facts.json"
    facts.write_text('{"site": 2}')

    first, second = ids(
        api.upload_resources(
            [folder / "1.dcm", folder / "2.dcm"],
            labels=["liver, left", "b"],
            tags="c",
            metadata=[{"site": 1}, facts],
        )
    )

    assert sorted(api.get_resource(first)["labels"]) == ["b", "c", "liver, left"]
    assert api.get_resource(first)["metadata"] == {"site": 1}
    assert api.get_resource(second)["metadata"] == {"site": 2}


def test_what_leaves_the_machine_is_deidentified(
    faulty: APIHandler, store: FaultyStore, tmp_path: Path
) -> None:
    store.answers["POST /resources"] = {"id": "r"}
    (dataset,) = builders.series(1)
    dataset.PatientName, dataset.PatientID = "Zauberberg^Hans", "ZB-4711-K"
    path = tmp_path / "Zauberberg_Hans.dcm"
    path.write_bytes(builders.to_bytes(dataset))

    faulty.upload_resource(path, anonymize=True)

    sent = b"".join(one.body for one in store.asked).lower()
    assert b"patientidentityremoved" not in sent
    for secret in (b"zauberberg", b"hans", b"4711", str(dataset.SOPInstanceUID).encode()):
        assert secret not in sent
    assert b'filename="anon_0001.dcm"' in sent


@pytest.mark.parametrize("has_prefix", [True, False])
def test_no_dicom_file_gets_round_it_by_another_name_or_kind(
    faulty: APIHandler, store: FaultyStore, tmp_path: Path, *, has_prefix: bool
) -> None:
    store.answers["POST /resources"] = {"id": "r"}
    (dataset,) = builders.series(1)
    dataset.PatientName = "Zauberberg^Hans"
    data = builders.to_bytes(dataset)
    path = tmp_path / "a.json"
    path.write_bytes(data if has_prefix else data[132:])

    faulty.upload_resource(path, "application/json", anonymize=True)

    assert b"Zauberberg" not in store.asked[-1].body
    assert b"DICM" in store.asked[-1].body


def test_other_kinds_of_files_are_sent_as_they_are(
    faulty: APIHandler, store: FaultyStore, tmp_path: Path
) -> None:
    store.answers["POST /resources"] = {"id": "r"}
    path = tmp_path / "facts.json"
    path.write_bytes(b'{"a": 1}')

    faulty.upload_resources([path, b"\x89PNG\r\n\x1a\n"], anonymize=True)

    sent = b"".join(one.body for one in store.asked)
    assert b'{"a": 1}' in sent
    assert b"\x89PNG\r\n\x1a\n" in sent


def test_what_is_held_back_is_not_sent(
    faulty: APIHandler, store: FaultyStore, tmp_path: Path
) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(b"no dicom")

    with pytest.raises(HeldBackError) as caught:
        faulty.upload_resources([path], anonymize=True)

    assert caught.value.__notes__ == [f"while uploading {path}"]
    assert store.asked == []


def test_errors_are_raised_or_stand_in_the_list(api: APIHandler, folder: Path) -> None:
    given = [folder / "1.dcm", folder / "none.dcm", folder / "2.dcm"]

    made = api.upload_resources(given, on_error="skip")
    assert isinstance(made, list)
    assert [isinstance(one, str) for one in made] == [True, False, True]
    assert isinstance(made[1], NotFoundError)
    with pytest.raises(NotFoundError):
        api.upload_resources(given)


def test_bad_days_of_the_server_are_waited_out(
    faulty: APIHandler, store: FaultyStore, folder: Path
) -> None:
    store.answers["POST /resources"] = {"id": "r"}
    store.fail("POST", 503, 503, Fault(429, {"Retry-After": "0"}), CUT)

    assert faulty.upload_resources(folder / "1.dcm") == "r"

    assert len({one.headers["Idempotency-Key"] for one in store.asked}) == 1
    assert (folder / "1.dcm").read_bytes() in store.asked[-1].body


def test_an_upload_of_a_name_goes_on_where_it_was(api: APIHandler, folder: Path) -> None:
    first = ids(api.upload_resources(f"{folder}/[12].dcm", resume="batch 7"))
    again = ids(api.upload_resources(folder, resume="batch 7"))
    other = ids(api.upload_resources(folder, resume="batch 8"))

    assert again[:2] == first
    assert not set(other) & set(again)
    assert len(api.get_resources()) == 6


def test_bytes_that_are_there_are_not_sent_again(faulty: APIHandler, store: FaultyStore) -> None:
    data = b"D" * 70_000
    store.answers["POST /resources"] = {"id": "r"}

    assert faulty.upload_resources(data) == "r"

    (asked,) = store.asked
    assert b'name="sha256"' in asked.body
    assert data not in asked.body


def test_bytes_that_are_there_make_a_resource_of_its_own(api: APIHandler) -> None:
    data = bytes(range(256)) * 300

    first, second = (api.upload_resource(data, labels=label) for label in "ab")

    assert first != second
    assert api.download_resource_file(second, auto_convert=False) == data
    assert api.get_resource(second)["labels"] == ["b"]


def test_a_server_that_wants_all_bytes_gets_them(faulty: APIHandler, store: FaultyStore) -> None:
    data = b"D" * 70_000
    store.answers["POST /resources"] = {"id": "r"}
    store.fail("POST", 404, Fault(-1), 400)

    for _ in range(3):
        assert faulty.upload_resources(data) == "r"

    has_bytes = [data in one.body for one in store.asked]
    assert has_bytes == [False, True, False, True, True]


def test_a_server_that_has_nothing_of_it_is_not_asked_for_ever(
    faulty: APIHandler, store: FaultyStore
) -> None:
    files = [b"%03d" % number * 30_000 for number in range(40)]
    store.answers["POST /resources"] = {"id": "r"}
    with APIHandler(faulty.root_url, faulty.api_key, parallel=1) as one_by_one:
        for _ in range(32):
            store.fail("POST", 404, Fault(-1))
        one_by_one.upload_resources(files)

    asked = [b'name="sha256"' in one.body for one in store.asked]
    assert (sum(asked), len(asked)) == (32, 32 + 40)


def test_a_few_files_are_ahead_and_never_all(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers["POST /resources"] = {"id": "r"}
    taken: list[int] = []

    def many() -> Iterator[bytes]:
        for number in range(200):
            taken.append(number)
            yield b"data"
            assert len(taken) - store.count("POST") <= 2 * 10 + 1

    assert ids(faulty.upload_resources(many())) == ["r"] * 200


def test_the_first_error_ends_what_waits(faulty: APIHandler, store: FaultyStore) -> None:
    store.fail("POST", Fault(400, text='{"message": "no"}'))
    store.answers["POST /resources"] = {"id": "r"}

    with pytest.raises(InvalidInputError, match="no"):
        faulty.upload_resources([b"data"] * 500)

    assert store.count("POST") < 100


def test_closing_ends_everything(faulty: APIHandler, store: FaultyStore) -> None:
    store.fail("POST", *[Fault(503, {"Retry-After": "300"})] * 3)
    threading.Timer(0.3, faulty.close).start()

    with pytest.raises(IsocenterError):
        faulty.upload_resources(b"data")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"on_error": "ignore"}, "on_error"),
        ({"metadata": [{}, {}]}, "more entries"),
        ({"metadata": []}, "fewer entries"),
        ({"segmentation_files": [None, None]}, "more entries"),
        ({"metadata": [{"a": object()}]}, "JSON"),
        ({"mung_filename": "some"}, "mung_filename"),
    ],
)
def test_arguments_that_say_nothing_are_refused(
    faulty: APIHandler, store: FaultyStore, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        faulty.upload_resources([b"data"], **arguments)  # type: ignore[arg-type]  # wrong ones
    assert store.answers == {}


def test_one_file_is_one_file(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers["POST /resources"] = {"id": "r"}

    with pytest.raises(InvalidInputError, match="one file"):
        faulty.upload_resource([b"a", b"b"])


def test_an_answer_without_an_id_is_nonsense(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers["POST /resources"] = {"name": "r"}

    with pytest.raises(UnavailableError, match="id"):
        faulty.upload_resources(b"data")


def test_segmentations_follow_their_file(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers |= {
        "POST /resources": {"id": "r"},
        "POST /resources/r/publish": {},
        "POST /annotations/r/segmentations/file": {"id": "s"},
        "POST /projects/p/resources": {},
    }
    nifti = gzip.compress(b"whole")

    faulty.upload_resources(
        [b"one", b"two"],
        segmentation_files=[None, {"files": [nifti], "names": ["liver"]}],
        publish_to="p",
    )

    whole = next(one for one in store.asked if one.path.endswith("segmentations/file"))
    assert nifti in whole.body
    assert b"liver" in whole.body
    project = json.loads(store.asked[-1].body)
    assert project == {"resource_ids_to_add": ["r", "r"]}
