"""`POST /v1/sessions/{id}/keep`: results of a session in the archive."""

import pytest

from tests.builders import to_bytes
from tests.serving import Served
from tests.stowed import STUDIES, new_slices


def new_session(served: Served) -> tuple[str, str]:
    """Return a session with two slices, and the address of their study in the archive."""
    datasets = new_slices(2)
    session_id = served.new_session()
    files = [(f"{number}.dcm", to_bytes(one)) for number, one in enumerate(datasets)]
    assert served.upload(session_id, *files).status_code == 200
    return session_id, f"{STUDIES}/{datasets[0].StudyInstanceUID}"


def test_results_are_kept_and_found_again(served: Served) -> None:
    session_id, study = new_session(served)
    merged = served.process(session_id, "merge").json()["output_files"][0]["name"]

    answer = served.call("POST", f"/v1/sessions/{session_id}/keep")

    assert answer.status_code == 200
    said = answer.json()
    assert said["kept"] == 1
    assert (said["files"][0]["name"], said["files"][0]["status"]) == (merged, "stored")
    assert "reason" not in said["files"][0]
    series = served.call("GET", f"{study}/series").json()
    assert [one["0020000E"]["Value"][0] for one in series] == [said["files"][0]["series_uid"]]
    served.call("DELETE", f"/api/session/{session_id}")
    assert served.call("GET", study, headers={"Accept": "application/zip"}).status_code == 200


def test_named_inputs_are_kept_and_said_to_be_there_the_second_time(served: Served) -> None:
    session_id, study = new_session(served)
    body = {"files": ["1.dcm"], "input": "input"}
    found = [
        served.call("POST", f"/v1/sessions/{session_id}/keep", json=body).json() for _ in range(2)
    ]
    assert [one["files"][0]["status"] for one in found] == ["stored", "present"]
    assert len(served.call("GET", f"{study}/instances").json()) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"files": "0.dcm"}', 400),
        (b'{"files": [1]}', 400),
        (b'{"input": "both"}', 400),
        (b'{"policy": 1}', 400),
        (b'{"policy": "guess"}', 400),
        (b'{"files": ["nothing.dcm"]}', 404),
    ],
)
def test_wrong_bodies_are_refused(served: Served, body: bytes, status: int) -> None:
    session_id = served.new_session()
    answer = served.call("POST", f"/v1/sessions/{session_id}/keep", data=body)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_it_needs_the_owner_and_the_scope(served: Served) -> None:
    session_id, _ = new_session(served)
    path = f"/v1/sessions/{session_id}/keep"
    assert served.call("POST", path, key="").status_code == 401
    assert served.call("POST", path, key=served.new_key()).status_code == 404
    administration = served.platform.administration
    reader = administration.create_key("reader", ["read"]).text
    assert served.call("POST", path, key=reader).status_code == 403
    sender = administration.create_key("sender", ["upload"]).text
    assert served.call("POST", path, key=sender, json={"policy": "replace"}).status_code == 403
