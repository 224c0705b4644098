"""Sessions and jobs in JSON; bodies of requests as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.errors import InvalidInputError
from isocenter.http.session_json import read_process_request, result_json, time_text
from isocenter.services.sessions import Failed, OutputFile, ProcessResult


def test_a_body_says_action_params_options_and_input() -> None:
    wanted = read_process_request(
        b'{"action": "a", "params": "p", "options": {"x": 1}, "input": "output", "more": []}'
    )
    assert (wanted.action, wanted.params, wanted.source) == ("a", "p", "output")
    assert wanted.options == {"x": 1}


@given(st.binary(max_size=100))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_process_request(body)


def test_a_deeply_nested_body_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        read_process_request(b"[" * 100_000)


def test_fields_of_a_result_are_those_of_the_documents_and_more_where_needed() -> None:
    result = ProcessResult("merge", "done", True, "log", (OutputFile("a", 1),), ())
    said = result_json(result, lambda name: f"u/{name}")
    assert said == {
        "success": True,
        "action": "merge",
        "log": "log",
        "output_files": [{"name": "a", "size": 1, "view_url": "u/a"}],
    }
    result = ProcessResult("merge", "failed", False, "", (), (Failed("b", "why"),), "sentence")
    said = result_json(result, str)
    assert said["failed"] == [{"name": "b", "reason": "why"}]
    assert said["error"] == "sentence"


def test_times_are_in_utc() -> None:
    assert time_text(1_700_000_000_123) == "2023-11-14T22:13:20.123Z"
