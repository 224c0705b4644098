"""What the web tool asks for, from a real server."""

import hashlib

from tests.builders import instance, series, to_bytes
from tests.serving import Served


def _uploaded(served: Served, count: int = 3) -> tuple[str, list[bytes]]:
    session_id = served.new_session()
    files = [to_bytes(one) for one in series(count)]
    served.upload(session_id, *((f"{k}.dcm", data) for k, data in enumerate(files)))
    return session_id, files


def test_the_series_of_a_session_are_listed_with_totals(served: Served) -> None:
    session_id, files = _uploaded(served)
    served.upload(session_id, ("notes.txt", b"text"))
    served.process(session_id, "merge")

    said = served.call("GET", f"/api/series/{session_id}").json()

    assert said["input"] == {"files": 4, "size": sum(map(len, files)) + 4}
    assert said["output"]["files"] == 1
    uploaded, merged = said["series"]
    assert uploaded["files"] == [["0.dcm", 1], ["1.dcm", 1], ["2.dcm", 1]]
    assert (uploaded["kind"], merged["kind"]) == ("input", "output")
    assert [frames for _, frames in merged["files"]] == [3]
    assert said["other"] == [{"name": "notes.txt", "size": 4, "reason": "not a DICOM file"}]


def test_digests_of_inputs_are_those_of_their_bytes(served: Served) -> None:
    session_id, files = _uploaded(served)

    said = served.call("GET", f"/api/series/{session_id}/digests").json()

    assert said == {"digests": [hashlib.sha256(data).hexdigest() for data in files]}


def test_headers_are_rows_with_names(served: Served) -> None:
    session_id, _ = _uploaded(served, 1)

    said = served.call("GET", f"/api/headers/{session_id}/0.dcm").json()

    assert {
        "depth": 0,
        "tag": "(0008,0060)",
        "vr": "CS",
        "name": "Modality",
        "value": "'CT'",
    } in said["elements"]
    assert said["is_cut"] is False


def test_headers_of_what_is_no_dicom_file_are_a_bad_request(served: Served) -> None:
    session_id = served.new_session()
    served.upload(session_id, ("notes.txt", b"text"))

    answer = served.call("GET", f"/api/headers/{session_id}/notes.txt")

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_foreign_session_is_not_there(served: Served) -> None:
    session_id = served.new_session()
    served.upload(session_id, ("0.dcm", to_bytes(instance())))
    other = served.new_key()

    for path in ("series/{}", "series/{}/digests", "headers/{}/0.dcm"):
        answer = served.call("GET", f"/api/{path.format(session_id)}", key=other)
        assert answer.status_code == 404


def test_what_the_web_tool_reads_is_not_counted(served: Served) -> None:
    session_id = served.new_session()

    answer = served.call("GET", f"/api/series/{session_id}")

    assert "RateLimit-Limit" not in answer.headers
