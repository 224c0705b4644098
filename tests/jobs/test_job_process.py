"""Job functions in real processes: those that behave, die, hang, hog, flood and lie."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import (
    DeadlineExceededError,
    InvalidInputError,
    MissingElementError,
    NotSupportedError,
    TooLargeError,
    UnavailableError,
)
from isocenter.jobs.job_process import DiedError, JobProcess
from isocenter.jobs.queue import NewEvent, Progress
from isocenter.jobs.sandbox import JSON
from isocenter.jobs.worker_child import JobLimits
from tests.jobs import crafted_jobs
from tests.jobs.test_sandbox import is_running, wait_until_gone

JOBS = crafted_jobs.__name__
SESSIONS = "isocenter.services.session_child:run"
FUNCTIONS = [
    f"{JOBS}:{name}"
    for name, value in vars(crafted_jobs).items()
    if getattr(value, "__module__", "") == JOBS and not name.startswith("_")
]
LIMITS = JobLimits(
    wall_seconds=60,
    cpu_seconds=60,
    memory_bytes=1 << 30,
    file_bytes=1 << 22,
    output_bytes=1 << 23,
    answer_bytes=100_000,
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="sessions are looked up in /proc")
posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")


@pytest.fixture(scope="module", params=["forked", "in place"])
def process(request: pytest.FixtureRequest) -> Iterator[JobProcess]:
    with JobProcess(FUNCTIONS, in_place=request.param == "in place") as made:
        yield made


@pytest.fixture
def run(process: JobProcess, tmp_path: Path) -> Callable[..., dict[str, JSON]]:
    def call(
        name: str,
        arguments: Mapping[str, object] | None = None,
        limits: JobLimits = LIMITS,
        told: Callable[[Progress | NewEvent], None] = lambda _: None,
    ) -> dict[str, JSON]:
        return process.run(f"{JOBS}:{name}", arguments or {}, tmp_path, limits, told)

    return call


Run = Callable[..., dict[str, JSON]]


def noted(folder: Path, name: str) -> int:
    """Wait for the number of a process that a job notes."""
    for _ in range(1200):
        if (folder / name).exists():
            return int((folder / name).read_text(encoding="ascii"))
        time.sleep(0.05)
    raise AssertionError(name)


def test_answer_comes_back_with_what_was_told_before(run: Run, tmp_path: Path) -> None:
    told: list[Progress | NewEvent] = []

    answer = run("echo", {"a": [1, "ä"]}, told=told.append)

    assert answer["arguments"] == {"a": [1, "ä"]}
    assert answer["folder"] == answer["temporary"] == str(tmp_path)
    assert told == [
        Progress(1, 2, "half"),
        NewEvent("log", {"line": "line one"}),
        NewEvent("file", {"name": "ä.dcm"}),
        Progress(2, 2, "whole"),
    ]


def test_jobs_see_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOCENTER_S3_SECRET_KEY", "CANARY")

    with JobProcess([f"{JOBS}:echo"]) as process:
        names = process.run(f"{JOBS}:echo", {}, tmp_path, LIMITS, lambda _: None)["environment"]

    assert isinstance(names, list)
    assert set(names) <= {
        *("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"),
        *("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LC_CTYPE", "TMPDIR"),
        *("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"),
    }


@posix
def test_each_job_has_a_process_and_a_session_of_its_own(run: Run) -> None:
    answers = [run("echo") for _ in range(3)]

    assert len({str(answer["process"]) for answer in answers}) == 3
    assert all(answer["session"] == answer["process"] for answer in answers)


@linux
def test_what_jobs_need_is_loaded_once_before_them(tmp_path: Path) -> None:
    with JobProcess([f"{JOBS}:echo"]) as process:
        answers = [
            process.run(f"{JOBS}:echo", {}, tmp_path, LIMITS, lambda _: None) for _ in range(2)
        ]

        assert process._process is not None
        assert [answer["loaded_by"] for answer in answers] == [[process._process.pid]] * 2


@linux
def test_actions_of_sessions_are_loaded_without_a_thread_so_that_forks_are_whole() -> None:
    with JobProcess([SESSIONS]) as process:
        process.start()
        assert process._process is not None
        threads = list(Path(f"/proc/{process._process.pid}/task").iterdir())

    assert len(threads) == 1


def test_error_comes_back_as_its_class_with_its_values(run: Run) -> None:
    with pytest.raises(MissingElementError) as caught:
        run("miss")
    assert caught.value.keyword == "Rows"


def test_foreign_exception_is_told_by_its_class_only(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidInputError, match=r"^the action failed with ValueError$"):
        run("blurt", {"text": "CANARY"})
    assert "CANARY" not in "".join(capfd.readouterr())


def test_function_that_the_process_was_not_started_for_is_refused(run: Run) -> None:
    with pytest.raises(NotSupportedError):
        run("_note")


@pytest.mark.parametrize("name", ["die", "segfault", "leave", "cut"])
def test_death_is_told_from_failure_and_the_next_job_runs(run: Run, name: str) -> None:
    with pytest.raises(DiedError):
        run(name)

    assert run("lie", {"a": 1}) == {"a": 1}


@posix
def test_memory_is_bounded(run: Run) -> None:
    with pytest.raises(TooLargeError):
        run("hog", limits=replace(LIMITS, memory_bytes=1 << 29))


@posix
def test_processor_time_is_bounded(run: Run) -> None:
    with pytest.raises(DeadlineExceededError):
        run("burn", limits=replace(LIMITS, cpu_seconds=1))


@posix
def test_files_are_bounded(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        run("flood")
    assert (tmp_path / "flood").stat().st_size <= LIMITS.file_bytes


def test_answer_beyond_its_bound_is_refused(run: Run) -> None:
    assert run("babble", {"characters": 50_000})
    with pytest.raises(InvalidInputError):
        run("babble", {"characters": 100_000})
    assert run("lie", {"a": 1}) == {"a": 1}


def test_nonsense_is_left_out_and_numbers_are_bounded(run: Run) -> None:
    told: list[Progress | NewEvent] = []
    run("lie", told=told.append)

    assert told == [Progress(0, 7, "")]


def test_job_that_takes_too_long_is_killed(run: Run, tmp_path: Path) -> None:
    with pytest.raises(DeadlineExceededError):
        run("hang", {"notes": str(tmp_path)}, limits=replace(LIMITS, wall_seconds=1))

    assert wait_until_gone(noted(tmp_path, "job"))
    assert run("lie", {"a": 1}) == {"a": 1}


@linux
def test_kill_ends_the_job_and_all_that_it_started(
    run: Run, process: JobProcess, tmp_path: Path
) -> None:
    def kill() -> None:
        noted(tmp_path, "job")
        process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(DiedError):
        run("family", {"notes": str(tmp_path)})
    killer.join()

    for name in ("job", "child", "grandchild"):
        assert wait_until_gone(noted(tmp_path, name))
    assert run("lie", {"a": 1}) == {"a": 1}


@linux
def test_what_a_job_left_behind_ends_with_it(tmp_path: Path) -> None:
    with JobProcess(FUNCTIONS) as process:
        arguments = {"notes": str(tmp_path), "hang": False}
        process.run(f"{JOBS}:family", arguments, tmp_path, LIMITS, lambda _: None)

        # Nothing has to be waited for: the answer comes after their end.
        assert not is_running(noted(tmp_path, "child"))
        assert not is_running(noted(tmp_path, "grandchild"))


@linux
@pytest.mark.parametrize("in_place", [False, True])
def test_killed_child_takes_its_job_with_it_and_another_starts(
    tmp_path: Path, *, in_place: bool
) -> None:
    with JobProcess(FUNCTIONS, in_place=in_place) as process:

        def kill() -> None:
            noted(tmp_path, "job")
            assert process._process is not None
            os.kill(process._process.pid, 9)

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(DiedError):
            process.run(
                f"{JOBS}:family", {"notes": str(tmp_path)}, tmp_path, LIMITS, lambda _: None
            )
        killer.join()

        for name in ("job", "child", "grandchild"):
            assert wait_until_gone(noted(tmp_path, name))
        answer = process.run(f"{JOBS}:lie", {"a": 1}, tmp_path, LIMITS, lambda _: None)
        assert answer == {"a": 1}


def test_kill_without_a_job_does_nothing(run: Run, process: JobProcess) -> None:
    process.kill()

    assert run("lie", {"a": 1}) == {"a": 1}


def test_process_that_cannot_load_its_functions_is_told() -> None:
    with (
        JobProcess([f"{JOBS}:nothing"]) as process,
        pytest.raises(InvalidInputError, match="worker process failed with AttributeError"),
    ):
        process.start()
