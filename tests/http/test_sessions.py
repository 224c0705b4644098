"""What the session API adds to the documents, and what the contracts decide."""

import time
from typing import Any

import pytest
import requests

from isocenter.settings import Settings
from tests.builders import instance, series, to_bytes
from tests.serving import Served, limited, serving

SLICES = [(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(series(4))]


@pytest.fixture
def session_id(served: Served) -> str:
    made = served.new_session()
    served.upload(made, *SLICES)
    return made


def wait(served: Served, job: dict[str, Any]) -> dict[str, Any]:
    """Ask for a job until it has ended."""
    until = time.monotonic() + 60
    while job["status"] in {"queued", "running"}:
        assert time.monotonic() < until
        time.sleep(0.05)
        path = job["status_url"].removeprefix(served.url)
        job = served.call("GET", path).json()
    return job


def test_a_session_says_when_it_ends(served: Served) -> None:
    made = served.call("POST", "/api/session").json()
    assert made["expires_at"].endswith("Z")
    assert served.call("GET", f"/api/session/{made['session_id']}").json() == made


def test_a_deleted_session_is_gone(served: Served, session_id: str) -> None:
    answer = served.call("DELETE", f"/api/session/{session_id}")
    assert (answer.status_code, answer.json()) == (200, {"deleted": True})
    assert served.call("DELETE", f"/api/session/{session_id}").status_code == 404
    assert served.call("GET", f"/api/files/{session_id}").status_code == 404


def test_who_does_not_wait_gets_a_job(served: Served, session_id: str) -> None:
    path = f"/api/process/{session_id}"
    answer = served.call("POST", f"{path}?async=1", json={"action": "merge"})
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["Location"] == job["status_url"]
    ended = wait(served, job)
    assert ended["status"] == "done"
    assert ended["result"]["success"] is True
    assert len(ended["result"]["output_files"]) == 1
    headers = {"Prefer": "return=minimal, respond-async"}
    again = served.call("POST", path, json={"action": "info"}, headers=headers)
    assert again.status_code == 202
    listed = served.call("GET", f"/api/jobs/{session_id}").json()["jobs"]
    assert [one["action"] for one in listed] == ["merge", "info"]


def test_an_idempotency_key_names_one_job(served: Served, session_id: str) -> None:
    path = f"/api/process/{session_id}?async=1"
    headers = {"Idempotency-Key": f"once {session_id}"}
    first, second = (
        served.call("POST", path, json={"action": "info"}, headers=headers).json()["job_id"]
        for _ in range(2)
    )
    assert first == second
    answer = served.call("POST", path, json={"action": "merge"}, headers=headers)
    assert answer.status_code == 409


def test_a_job_is_cancelled(served: Served) -> None:
    session_id = served.new_session()
    slices = series(6, rows=2000, columns=2000)
    served.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(slices)])
    path = f"/api/process/{session_id}?async=1"
    job = served.call("POST", path, json={"action": "compress_lossless"}).json()
    answer = served.call("DELETE", f"/api/jobs/{session_id}/{job['job_id']}")
    assert answer.status_code == 202
    ended = wait(served, answer.json())
    assert ended["status"] == "cancelled"
    assert ended["result"]["success"] is False
    assert served.call("GET", f"/api/files/{session_id}").json()["output"] == []


def test_an_address_for_viewing_needs_no_key_and_is_good_for_one_file(
    served: Served, session_id: str
) -> None:
    made = served.process(session_id, "export_png").json()["output_files"]
    url = made[0]["view_url"]
    assert "?" not in url
    assert requests.get(url, timeout=10).content.startswith(b"\x89PNG")
    other = url.replace(made[0]["name"], made[1]["name"])
    assert requests.get(other, timeout=10).status_code == 401
    assert requests.get(url.replace("/view/", "/download/"), timeout=10).status_code in {401, 404}
    listed = served.call("GET", f"/api/files/{session_id}").json()["output"]
    assert requests.get(listed[0]["view_url"], timeout=10).status_code == 200


def test_the_documented_name_of_a_merge_is_an_alias(served: Served, session_id: str) -> None:
    name = "merged_multiframe.dcm"
    assert served.call("GET", f"/api/download/{session_id}/{name}").status_code == 404
    (made,) = served.process(session_id, "merge").json()["output_files"]
    for verb in ("download", "view"):
        answer = served.call("GET", f"/api/{verb}/{session_id}/{name}")
        assert len(answer.content) == made["size"]
    listed = served.call("GET", f"/api/files/{session_id}").json()["output"]
    assert [one["name"] for one in listed] == [made["name"]]


def test_facts_are_given_to_whoever_asks(served: Served, session_id: str) -> None:
    listed = served.call("GET", f"/api/files/{session_id}?facts=1").json()
    assert listed["input"][0]["facts"]["is_dicom"] is True


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": {"X-API-Key": "KEY"}},
        {"headers": {"apikey": "KEY"}},
        {"headers": {"Authorization": "ApiKey KEY"}},
        {"headers": {"Authorization": "Bearer KEY"}},
        {"params": {"api_key": "KEY"}},
        {"auth": ("KEY", "")},
        {"auth": ("any", "KEY")},
    ],
)
def test_a_key_may_come_in_every_documented_way(served: Served, sent: dict[str, Any]) -> None:
    arguments = {
        name: tuple(part.replace("KEY", served.key) for part in value)
        if isinstance(value, tuple)
        else {key: text.replace("KEY", served.key) for key, text in value.items()}
        for name, value in sent.items()
    }
    assert served.call("POST", "/api/session", key="", **arguments).status_code == 200


def test_two_keys_of_different_accounts_are_refused(served: Served) -> None:
    answer = served.call("POST", "/api/session", params={"api_key": served.new_key()})
    assert answer.status_code == 400


def test_a_key_may_do_what_its_scopes_say(served: Served, session_id: str) -> None:
    key = served.platform.administration.create_key("reader", ["read"]).text
    assert served.call("POST", "/api/session", key=key).status_code == 403
    assert served.call("GET", f"/api/files/{session_id}", key=key).status_code == 404


def test_nobody_waits_for_the_work_of_others(served: Served, session_id: str) -> None:
    slow = served.new_session()
    slices = series(6, rows=1500, columns=1500)
    served.upload(slow, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(slices)])
    path = f"/api/process/{slow}?async=1"
    job = served.call("POST", path, json={"action": "compress_lossless"}).json()
    begun = time.monotonic()
    assert served.process(session_id, "info").json()["success"] is True
    assert time.monotonic() - begun < 30
    served.call("DELETE", f"/api/jobs/{slow}/{job['job_id']}")
    served.call("DELETE", f"/api/session/{slow}")


def test_the_id_of_a_session_is_enough_where_a_setting_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = Settings(jobs=1, view_by_id=True)
    with serving(tmp_path_factory.mktemp("s"), settings=settings, limits=limited()) as server:
        session_id = server.new_session()
        server.upload(session_id, ("a.dcm", to_bytes(instance())))
        path = f"/api/view/{session_id}/a.dcm"
        assert server.call("GET", path, key="").status_code == 200
        assert server.call("GET", path.replace("view", "download"), key="").status_code == 401
        unknown = path.replace(session_id, "00000000-0000-4000-8000-000000000000")
        assert server.call("GET", unknown, key="").status_code == 404


def test_the_time_to_live_removes_every_byte(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("short")
    with serving(folder, limits=limited(session_ttl_seconds=1)) as server:
        session_id = server.new_session()
        server.upload(session_id, ("a.dcm", b"canary-0123456789" * 100))
        until = time.monotonic() + 30
        while list((folder / "blobs").rglob("[0-9a-f]" * 64)):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert server.call("GET", f"/api/files/{session_id}").status_code == 404


def test_an_action_may_be_for_some_files_only(served: Served, session_id: str) -> None:
    answer = served.process(session_id, "export_png", files=["1.dcm", "2.dcm"]).json()
    assert [one["name"] for one in answer["output_files"]] == ["1.png", "2.png"]
    assert served.process(session_id, "info", files=["no.dcm"]).status_code == 400
    assert served.process(session_id, "info", files="1.dcm").status_code == 400
    assert served.process(session_id, "info", files=[1]).status_code == 400
