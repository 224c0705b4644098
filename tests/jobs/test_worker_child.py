"""What a job function is given; tests/jobs/test_job_process.py runs the whole child process."""

import json
import threading

from isocenter.jobs.worker_child import JobLimits, Tell
from isocenter.limits import DEFAULT


def test_events_are_whole_lines_from_any_thread() -> None:
    lines: list[bytes] = []
    tell = Tell(lines.append)
    threads = [threading.Thread(target=tell.log, args=(f"line\n{k}",)) for k in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in lines)
    said = {json.loads(line)["event"][1]["line"] for line in lines}
    assert said == {f"line\n{k}" for k in range(20)}


def test_progress_that_comes_fast_is_thinned_and_the_last_is_told() -> None:
    lines: list[bytes] = []
    tell = Tell(lines.append)
    for k in range(10_000):
        tell.progress(k, 10_000, "reading")
    tell.flush()
    tell.flush()

    told = [json.loads(line)["progress"] for line in lines]
    assert told[0] == [0, 10_000, "reading"]
    assert told[-1] == [9_999, 10_000, "reading"]
    assert len(told) < 1000
    assert told == sorted(told)


def test_limits_are_those_of_the_table_unless_others_are_given() -> None:
    limits = JobLimits()

    assert limits.wall_seconds == DEFAULT.process_seconds
    assert limits.output_bytes == limits.file_bytes == DEFAULT.process_output_bytes
