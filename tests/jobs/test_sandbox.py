"""The sandbox against functions that hang, crash, hog, flood and lie, in real processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import (
    ConflictError,
    DeadlineExceededError,
    InvalidInputError,
    IsocenterError,
    MissingElementError,
    NotFoundError,
    NotSupportedError,
    TooLargeError,
    TruncatedError,
    UnavailableError,
)
from isocenter.jobs.sandbox import Sandbox, from_answer, to_answer, told_warnings
from isocenter.limits import DEFAULT

CRAFTED = (str(Path(__file__).with_name("crafted_child.py")),)
LIMITS = replace(
    DEFAULT,
    child_seconds=20,
    child_memory_bytes=1 << 30,
    child_answer_bytes=10_000,
    inflated_bytes=1 << 22,
)
posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS, child=CRAFTED) as made:
        yield made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"CANARY")
    return path


def process_of(sandbox: Sandbox) -> int:
    assert sandbox._process is not None
    return sandbox._process.pid


def is_running(process: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_until_gone(process: int) -> bool:
    for _ in range(100):
        if not is_running(process):
            return True
        time.sleep(0.05)
    return False


def test_facts_come_back_and_the_target_is_written(
    sandbox: Sandbox, source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target"

    facts = sandbox.transform("crafted:copy", source, target, times=2)

    assert facts["bytes"] == 6
    assert facts["depth"] == LIMITS.header_depth
    assert target.read_bytes() == b"CANARYCANARY"


def test_one_child_serves_many_calls(sandbox: Sandbox, source: Path, tmp_path: Path) -> None:
    processes = {
        sandbox.transform("crafted:copy", source, tmp_path / f"{k}")["process"] for k in range(5)
    }

    assert processes == {process_of(sandbox)}


def test_no_child_runs_before_the_first_call(sandbox: Sandbox) -> None:
    assert sandbox._process is None


def test_child_sees_nothing_of_the_environment(
    sandbox: Sandbox, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOCENTER_S3_SECRET_KEY", "CANARY")

    names = sandbox.transform("crafted:copy", source, tmp_path / "target")["environment"]

    assert isinstance(names, list)
    assert set(names) <= {
        *("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"),
        *("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LC_CTYPE"),
        *("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"),
    }


@posix
def test_scratch_file_is_readable_by_its_owner_only(
    sandbox: Sandbox, source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target"

    sandbox.transform("crafted:copy", source, target)

    assert target.stat().st_mode & 0o777 == 0o600


@posix
def test_names_in_no_encoding_are_passed_exactly(sandbox: Sandbox, tmp_path: Path) -> None:
    source = tmp_path / os.fsdecode(b'na\xefve "quoted"\nline')
    source.write_bytes(b"1")
    target = tmp_path / os.fsdecode(b"out\xff\\")

    sandbox.transform("crafted:copy", source, target)

    assert target.read_bytes() == b"1"


def test_hanging_function_is_killed_at_the_deadline(source: Path, tmp_path: Path) -> None:
    limits = replace(LIMITS, child_seconds=1)
    target = tmp_path / "target"
    with Sandbox(limits, child=CRAFTED) as sandbox:
        started = time.monotonic()
        with pytest.raises(DeadlineExceededError, match="1 seconds"):
            sandbox.transform("crafted:hang", source, target)
        seconds = time.monotonic() - started
        process = int((tmp_path / "target.process").read_text(encoding="ascii"))

        assert seconds < 15
        assert not is_running(process)
        assert not target.exists()
        assert sandbox.transform("crafted:copy", source, target)["bytes"] == 6


@pytest.mark.parametrize("function", ["leave", "segfault"])
def test_crash_is_an_error_of_the_input_and_the_next_call_works(
    sandbox: Sandbox, source: Path, tmp_path: Path, function: str
) -> None:
    target = tmp_path / "target"

    with pytest.raises(InvalidInputError, match="the reader process died"):
        sandbox.transform(f"crafted:{function}", source, target)

    assert not target.exists()
    assert sandbox.transform("crafted:copy", source, target)["bytes"] == 6


@posix
def test_memory_is_bounded(sandbox: Sandbox, source: Path, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError) as caught:
        sandbox.transform("crafted:hog", source, tmp_path / "target")

    assert caught.value.limit == "child_memory_bytes"
    assert sandbox.transform("crafted:copy", source, tmp_path / "target")["bytes"] == 6


@posix
def test_output_is_bounded(sandbox: Sandbox, source: Path, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="File too large"):
        sandbox.transform("crafted:flood", source, tmp_path / "target")

    assert not (tmp_path / "target").exists()


def test_endless_recursion_ends_in_a_limit(sandbox: Sandbox, source: Path, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError) as caught:
        sandbox.transform("crafted:dive", source, tmp_path / "target")

    assert caught.value.limit == "header_depth"


def test_errors_come_back_with_their_class_and_values(
    sandbox: Sandbox, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(TruncatedError) as caught:
        sandbox.transform("crafted:cut", source, tmp_path / "target")
    with pytest.raises(MissingElementError, match="Rows is missing or empty"):
        sandbox.transform("crafted:miss", source, tmp_path / "target")

    assert (caught.value.tag, caught.value.needed_bytes) == (0x7FE00010, 100)
    assert str(caught.value) == str(TruncatedError(0x7FE00010, 100, 60))


def test_values_in_foreign_exceptions_and_prints_stay_in_the_child(
    sandbox: Sandbox, source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        sandbox.transform("crafted:blurt", source, tmp_path / "target")

    assert str(caught.value) == "the reader failed with ValueError"
    assert capfd.readouterr() == ("", "")


def test_answer_that_is_too_long_is_not_read(
    sandbox: Sandbox, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError, match="no usable answer"):
        sandbox.transform("crafted:babble", source, tmp_path / "target")

    assert sandbox.transform("crafted:copy", source, tmp_path / "target")["bytes"] == 6


def test_only_functions_of_the_table_are_run(
    sandbox: Sandbox, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotSupportedError):
        sandbox.transform("os:system", source, tmp_path / "target")


def test_missing_source_is_told_without_its_name(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        sandbox.transform("crafted:copy", tmp_path / "CANARY", tmp_path / "target")

    assert "CANARY" not in str(caught.value)


def test_existing_target_is_not_touched(sandbox: Sandbox, source: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"mine")

    with pytest.raises(ConflictError):
        sandbox.transform("crafted:copy", source, target)

    assert target.read_bytes() == b"mine"


def test_missing_folder_of_the_target_is_reported(
    sandbox: Sandbox, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnavailableError, match="no scratch file"):
        sandbox.transform("crafted:copy", source, tmp_path / "absent" / "target")


def test_child_that_does_not_start_is_reported(source: Path, tmp_path: Path) -> None:
    with (
        Sandbox(LIMITS, child=("-m", "isocenter.no_such_module")) as sandbox,
        pytest.raises(UnavailableError, match="does not start"),
    ):
        sandbox.transform("crafted:copy", source, tmp_path / "target")


@posix
def test_close_ends_the_child(source: Path, tmp_path: Path) -> None:
    with Sandbox(LIMITS, child=CRAFTED) as sandbox:
        sandbox.transform("crafted:copy", source, tmp_path / "target")
        process = process_of(sandbox)

    assert not is_running(process)


@posix
def test_child_that_died_between_calls_is_replaced(
    sandbox: Sandbox, source: Path, tmp_path: Path
) -> None:
    sandbox.transform("crafted:copy", source, tmp_path / "1")
    first = process_of(sandbox)
    assert sandbox._process is not None
    os.kill(first, signal.SIGKILL)
    sandbox._process.wait(30)

    facts = sandbox.transform("crafted:copy", source, tmp_path / "2")

    assert facts["process"] != first


@posix
def test_child_ignores_an_interrupt(sandbox: Sandbox, source: Path, tmp_path: Path) -> None:
    sandbox.transform("crafted:copy", source, tmp_path / "1")
    first = process_of(sandbox)
    os.kill(first, signal.SIGINT)

    facts = sandbox.transform("crafted:copy", source, tmp_path / "2")

    assert facts["process"] == first


PARENT = """
import sys
from pathlib import Path
from isocenter.jobs.sandbox import Sandbox
child, folder = sys.argv[1], Path(sys.argv[2])
with Sandbox(child=(child,)) as sandbox:
    sandbox.transform("crafted:hang", folder / "source", folder / "target")
"""


def start_hanging_parent(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Return a process whose sandbox hangs, and the number of that child."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *CRAFTED, folder], stderr=subprocess.DEVNULL
    )
    told = folder / "target.process"
    for _ in range(600):
        if told.exists() and told.read_text(encoding="ascii"):
            return parent, int(told.read_text(encoding="ascii"))
        time.sleep(0.05)
    parent.kill()
    pytest.fail("the child did not start")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
@pytest.mark.usefixtures("source")
def test_child_in_a_call_dies_with_its_parent(tmp_path: Path) -> None:
    parent, child = start_hanging_parent(tmp_path)
    parent.kill()
    parent.wait()

    assert wait_until_gone(child)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
@pytest.mark.usefixtures("source")
def test_interrupt_of_the_parent_ends_the_call_and_leaves_nothing(tmp_path: Path) -> None:
    parent, child = start_hanging_parent(tmp_path)
    parent.send_signal(signal.SIGINT)
    parent.wait(timeout=30)

    assert wait_until_gone(child)
    assert not (tmp_path / "target").exists()


def test_threads_take_turns(sandbox: Sandbox, source: Path, tmp_path: Path) -> None:
    facts: list[object] = []

    def call(number: int) -> None:
        target = tmp_path / str(number)
        facts.append(sandbox.transform("crafted:copy", source, target)["bytes"])

    threads = [threading.Thread(target=call, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert facts == [6, 6, 6, 6]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]\n",
        b"[" * 100_000,
        b"\xff\n",
        b"7\n",
        b"{}\n",
        b'{"facts": 1}\n',
        b'{"error": "OSError", "sentence": "x"}\n',
        b'{"error": "TruncatedError", "values": {"tag": "x"}}\n',
        b'{"error": "TruncatedError", "values": {"tag": [], "needed_bytes": 1}}\n',
        b'{"error": "DeadlineExceededError", "values": {"seconds": "x"}}\n',
        b'{"error": 5, "values": [], "sentence": null}\n',
    ],
)
def test_nonsense_from_the_child_is_an_error_of_the_input(line: bytes) -> None:
    with pytest.raises(InvalidInputError):
        from_answer(line)


def test_sentences_from_the_child_are_short_and_printable() -> None:
    told = json.dumps({"error": "ConflictError", "sentence": "\x1b[31m\n" + 5000 * "x"}).encode()

    with pytest.raises(ConflictError) as caught:
        from_answer(told)

    assert str(caught.value).startswith("?[31m?xxx")
    assert len(str(caught.value)) <= 300


def test_every_error_survives_the_way_to_the_parent() -> None:
    for error in (
        TooLargeError("header_depth", 64, 65, "levels"),
        TruncatedError(0x00100010, 8, 4),
        DeadlineExceededError(1.5),
        UnavailableError("no space"),
        IsocenterError("anything"),
    ):
        with pytest.raises(type(error)) as caught:
            from_answer(to_answer(error))
        assert (str(caught.value), vars(caught.value)) == (str(error), vars(error))


def test_warnings_of_a_child_are_text_or_none() -> None:
    assert told_warnings({"warnings": ["one", "two"]}) == ("one", "two")
    assert told_warnings({"warnings": 3}) == told_warnings({}) == ()
