"""The change feed, and what becomes of other bytes under a UID that is there."""

import pytest

from tests.builders import to_bytes
from tests.serving import Served
from tests.stowed import STORED, Archived, archive_slices, new_slices, store, value


def test_changes_are_followed_by_their_numbers(served: Served) -> None:
    key = served.new_key()
    assert served.call("GET", "/v1/changes", key=key).json()["changes"] == []
    stored = archive_slices(served, key=key)
    first = served.call("GET", "/v1/changes?limit=2", key=key).json()
    assert [one["kind"] for one in first["changes"]] == ["stored", "stored"]
    assert first["has_more"]
    rest = served.call("GET", f"/v1/changes?since={first['last']}", key=key)
    assert [one["sop_instance_uid"] for one in rest.json()["changes"]] == [
        stored.datasets[2].SOPInstanceUID
    ]
    assert rest.json()["changes"][0]["study_uid"] == stored.datasets[2].StudyInstanceUID
    assert rest.headers["Cache-Control"] == "no-store"
    end = served.call("GET", f"/v1/changes?since={rest.json()['last']}", key=key).json()
    assert (end["changes"], end["has_more"], end["last"]) == ([], False, rest.json()["last"])


@pytest.mark.parametrize("query", ["since=-1", "since=x", "since=9999999", "limit=1.5"])
def test_numbers_that_are_none_are_400(served: Served, query: str) -> None:
    assert served.call("GET", f"/v1/changes?{query}").status_code == 400
    assert served.call("GET", "/v1/changes", key="").status_code == 401


def test_other_bytes_are_kept_beside_and_given_out(served: Served) -> None:
    dataset = new_slices()[0]
    files = [to_bytes(dataset)]
    dataset.PatientComments = "other"
    files.append(to_bytes(dataset))
    assert store(served, files[0]).status_code == 200
    kept = store(served, files[1], Prefer="conflict=keep-both")
    assert kept.status_code == 200
    assert "beside" in value(value(kept.json()["00081199"])["00000902"])
    assert store(served, files[1]).status_code == 200
    path = f"/v1/instances/{dataset.SOPInstanceUID}/versions"
    told = served.call("GET", path).json()["versions"]
    assert [one["is_shown"] for one in told] == [True, False]
    for one, data in zip(told, files, strict=True):
        answer = served.call("GET", f"{path}/{one['version']}")
        assert answer.content == data
        assert answer.headers["Content-Type"] == "application/dicom"
    part = served.call("GET", f"{path}/2", headers={"Range": "bytes=128-131"})
    assert (part.status_code, part.content) == (206, b"DICM")
    shown = Archived([dataset], files)
    assert served.call("GET", shown.instance(), headers={"Accept": STORED}).content == files[0]
    assert "00104000" not in served.call("GET", f"{shown.instance()}/metadata").json()[0]
    for bad in (f"{path}/3", f"{path}/x", f"{path}/0", "/v1/instances/x/versions"):
        assert served.call("GET", bad).status_code == 404
    assert served.call("GET", f"{path}/1", key=served.new_key()).status_code == 404


@pytest.mark.parametrize(
    ("method", "prefer", "status"),
    [
        ("POST", "conflict=replace", 200),
        ("PUT", "conflict=reject", 409),
        ("POST", "respond-async, conflict=keep-both", 200),
        ("POST", "conflict=other", 400),
        ("POST", "return=minimal", 409),
    ],
)
def test_the_client_says_what_becomes_of_a_conflict(
    served: Served, method: str, prefer: str, status: int
) -> None:
    dataset = new_slices()[0]
    store(served, to_bytes(dataset))
    dataset.PatientComments = "other"
    answer = store(served, to_bytes(dataset), method=method, Prefer=prefer)
    assert answer.status_code == status
