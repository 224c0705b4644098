"""Events of a job, live and after the fact, with resume."""

import json
from typing import Any

import pytest

from tests.builders import series, to_bytes
from tests.serving import Served


def read_events(text: str) -> list[dict[str, Any]]:
    """Return events as the standard splits them."""
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            events.append({**fields, "data": json.loads(fields["data"])})
    return events


@pytest.fixture(scope="module")
def job_path(served: Served) -> str:
    session_id = served.new_session()
    served.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(series(5))])
    answer = served.call("POST", f"/api/process/{session_id}?async=1", json={"action": "merge"})
    return str(answer.json()["events_url"]).removeprefix(served.url)


def test_events_end_with_the_result(served: Served, job_path: str) -> None:
    answer = served.call("GET", job_path)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    events = read_events(answer.text)
    kinds = [event["event"] for event in events]
    assert kinds[-1] == "result"
    assert {"state", "progress"} <= set(kinds)
    assert events[-1]["data"]["success"] is True
    assert events[-1]["id"] == "end"
    numbers = [int(event["id"]) for event in events if event.get("id", "end") != "end"]
    assert numbers == sorted(set(numbers))


def test_a_stream_goes_on_after_the_last_event_that_was_seen(served: Served, job_path: str) -> None:
    events = read_events(served.call("GET", job_path).text)
    told = [event for event in events if event.get("id", "end") != "end"]
    last = told[1]["id"]
    again = read_events(served.call("GET", job_path, headers={"Last-Event-ID": last}).text)
    assert [one for one in again if one.get("id", "end") != "end"] == told[2:]
    by_query = read_events(served.call("GET", f"{job_path}?after={last}").text)
    assert [one.get("id") for one in by_query] == [one.get("id") for one in again]


def test_a_browser_that_comes_back_after_the_end_is_told_to_stop(
    served: Served, job_path: str
) -> None:
    assert served.call("GET", job_path, headers={"Last-Event-ID": "end"}).status_code == 204


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 50, "²"])
def test_a_number_that_is_none_is_refused(served: Served, job_path: str, last: str) -> None:
    answer = served.call("GET", job_path, params={"after": last})
    assert answer.status_code == 400


def test_a_stream_ends_when_its_session_goes(served: Served) -> None:
    session_id = served.new_session()
    slices = series(6, rows=2000, columns=2000)
    served.upload(session_id, *[(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(slices)])
    path = f"/api/process/{session_id}?async=1"
    job = served.call("POST", path, json={"action": "compress_lossless"}).json()
    events_path = job["events_url"].removeprefix(served.url)
    answer = served.call("GET", events_path, stream=True)
    served.call("DELETE", f"/api/session/{session_id}")
    assert read_events(answer.text)[-1]["event"] in {"gone", "result"}
