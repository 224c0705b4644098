import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isocenter.cli.main import main as isocenter
from isocenter.cli.switches import main as dicompressor
from isocenter.cli.watching import Lines, Signals, Watch, watch_folders
from isocenter.errors import InvalidInputError
from isocenter.services.reports import Output
from isocenter.services.units import Outcome
from isocenter.services.watch import PassResult
from isocenter.settings import Settings
from tests.builders import instance, series, write, write_series

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals as in POSIX")
Captured = pytest.CaptureFixture[str]
LIMIT_SECONDS = 30


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "patients"
    write_series(series(4), root / "p1")
    return root


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def stopped_when() -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Return a function after which a signal comes once something is so."""
    threads: list[threading.Thread] = []

    def when(condition: Callable[[], bool], number: int = signal.SIGINT) -> None:
        def wait() -> None:
            end = time.monotonic() + LIMIT_SECONDS
            while not condition() and time.monotonic() < end:
                time.sleep(0.02)
            os.kill(os.getpid(), number)

        threads.append(threading.Thread(target=wait))
        threads[0].start()

    yield when
    for thread in threads:
        thread.join()


def lines(capsys: Captured) -> list[str]:
    return capsys.readouterr().out.splitlines()


@needs_posix
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_a_wait_at_once(number: str, request: pytest.FixtureRequest) -> None:
    # Whoever starts the tests by nohup has SIGHUP ignored, and a watch keeps that.
    before = signal.default_int_handler if number == "SIGINT" else signal.SIG_DFL
    found = signal.signal(getattr(signal, number), before)
    request.addfinalizer(lambda: signal.signal(getattr(signal, number), found))
    with Signals() as pacer:
        timer = threading.Timer(0.1, os.kill, (os.getpid(), getattr(signal, number)))
        timer.start()
        started = time.monotonic()
        pacer.wait(LIMIT_SECONDS)

        assert time.monotonic() - started < LIMIT_SECONDS / 2
        assert pacer.is_stopped()
        pacer.wait(LIMIT_SECONDS)  # a stopped watch does not wait
    assert signal.getsignal(getattr(signal, number)) == before


@needs_posix
def test_a_wait_takes_its_time_without_a_signal() -> None:
    with Signals() as pacer:
        started = pacer.monotonic()
        pacer.wait(0.2)
        pacer.wait(0)
        pacer.wait(-1)

        assert 0.2 <= pacer.monotonic() - started < LIMIT_SECONDS
        assert not pacer.is_stopped()


@needs_posix
def test_ctrl_c_is_heard_where_it_was_ignored_and_a_closing_terminal_is_not() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
    try:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        with Signals() as pacer:
            os.kill(os.getpid(), signal.SIGHUP)
            pacer.wait(0.1)
            assert not pacer.is_stopped()
            os.kill(os.getpid(), signal.SIGINT)
            pacer.wait(LIMIT_SECONDS)
            assert pacer.is_stopped()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watch(root: Path, action: str = "merge", *more: Path) -> Watch:
    return Watch((root, *more), action, {}, 300)


def test_lines_are_the_documented_ones(capsys: Captured) -> None:
    root = Path("data")
    shown = Lines(watch(root))
    output = Output(root / "p1" / "A_multiframe.dcm", 3 << 19, 4)

    shown.begin(Path("state.json"))
    shown.folder_ended(Outcome(root / "p1", "processed", done_count=4, outputs=(output,)))
    shown.folder_ended(Outcome(root / "p2", "failed", reason="no\npermission"))
    shown.folder_ended(Outcome(root / "p3", "held", reason="4 of 5", held_for="short"))
    shown.folder_ended(Outcome(root / "p4", "held", reason="a: cut", held_for="unfinished"))
    shown.folder_ended(Outcome(root, "processed", done_count=2, shortages=("2 of 3",)))
    for status in ("skipped", "busy", "changing", "empty", "cancelled"):
        shown.folder_ended(Outcome(root / "p5", status))
    shown.pass_ended(PassResult(7, processed=2, skipped=3, failed=1))
    shown.pass_ended(PassResult(8, processed=0, skipped=5, failed=0))
    shown.end()

    found = [re.sub(r"\[\d\d:\d\d:\d\d\]", "[HH:MM:SS]", line) for line in lines(capsys)]
    assert found == [
        "Scan state file: state.json",
        "Watch mode: scanning every 300s (Ctrl+C to stop)",
        "[OK] p1",
        "  Single-frame inputs: 4",
        "  -> A_multiframe.dcm (1.5 MB)",
        "[FAILED] data/p2",
        r"  no\npermission",
        "[FAILED] data/p4",
        "  a: cut; waiting for it",
        "[OK] .",
        "  Single-frame inputs: 2",
        "  Incomplete: 2 of 3",
        "[HH:MM:SS] Pass #7: processed 2 new folder(s), skipped 3, failed 1.",
        "[HH:MM:SS] No new folders. Waiting 300s...",
        "Watch mode stopped.",
    ]


def test_inputs_of_other_actions_have_true_words_and_roots_are_told_apart(
    capsys: Captured,
) -> None:
    outcome = Outcome(Path("b") / "p", "processed", done_count=1)
    Lines(watch(Path("a"), "split", Path("b"))).folder_ended(outcome)
    Lines(watch(Path("b"), "headers")).folder_ended(outcome)

    assert lines(capsys) == ["[OK] b/p", "  Multi-frame inputs: 1", "[OK] p", "  Inputs: 1"]


@needs_posix
def test_dicompressor_watches_until_ctrl_c(
    root: Path,
    tmp_path: Path,
    state_home: Path,
    capsys: Captured,
    stopped_when: Callable[[Callable[[], bool]], None],
) -> None:
    out = tmp_path / "merged"
    stopped_when((root / "p1" / ".dicompressor_done").exists)

    assert dicompressor(["-j", "--watch", "1", "--output-dir", str(out), "-f", str(root)]) == 0

    found = lines(capsys)
    (state_file,) = (state_home / "isocenter").iterdir()
    assert found[:5] == [
        "Log file: none",
        f"Output directory: {out}",
        f"Scan state file: {state_file}",
        "Watch mode: scanning every 1s (Ctrl+C to stop)",
        "[OK] p1",
    ]
    assert found[-1] == "Watch mode stopped."
    assert len(list(out.iterdir())) == 1


@needs_posix
def test_isocenter_watches_for_an_action_and_its_options(
    root: Path, tmp_path: Path, stopped_when: Callable[[Callable[[], bool]], None]
) -> None:
    log = tmp_path / "logs" / "watch.log"
    stopped_when((root / "p1" / ".dicompressor_headers_done").exists)
    arguments = ["--action", "headers", "--json", "--interval", "1", "--scan-state-file", ""]

    assert isocenter(["watch", str(root), *arguments, "--log-file", str(log)]) == 0

    assert len(list((root / "p1").glob("*.json"))) == 4
    assert len(log.read_text().splitlines()) == 1
    assert f"{root / 'p1'}: 4 file(s) done, 4 written" in log.read_text()


@needs_posix
def test_capital_f_watches_one_folder_only(
    root: Path, capsys: Captured, stopped_when: Callable[[Callable[[], bool]], None]
) -> None:
    write(instance(9), root / "loose.dcm")
    stopped_when((root / ".dicompressor_done").exists)

    assert dicompressor(["-j", "--watch", "1", "--scan-state-file", "", "-F", str(root)]) == 0

    found = lines(capsys)
    assert "[OK] ." in found
    assert "Scan state file: none" in found
    assert not (root / "p1" / ".dicompressor_done").exists()


def test_watch_0_is_one_plain_run(root: Path, capsys: Captured) -> None:
    assert dicompressor(["-j", "--watch", "0", "-f", str(root)]) == 0

    found = lines(capsys)
    assert found[1] == "Created 1 multi-frame file(s)"
    assert found[-1].startswith("Completed in ")
    assert list(root.rglob(".*")) == []


@pytest.mark.parametrize("value", ["-1", "-300", "soon", "1.5"])
def test_a_wrong_interval_ends_with_code_2(root: Path, value: str) -> None:
    with pytest.raises(SystemExit) as ended:
        dicompressor(["-j", f"--watch={value}", "-f", str(root)])
    assert ended.value.code == 2


@pytest.mark.parametrize("switch", ["--info", "--summary"])
def test_actions_that_write_nothing_cannot_be_watched_for(root: Path, switch: str) -> None:
    with pytest.raises(SystemExit) as ended:
        dicompressor([switch, "--watch", "5", "-f", str(root)])
    assert ended.value.code == 2


def test_options_of_another_action_are_refused(root: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        isocenter(["watch", str(root), "--action", "split", "--name-template", "x"])
    assert ended.value.code == 2
    assert "--name-template is no option of split" in capsys.readouterr().err


def test_only_folders_can_be_watched(root: Path, tmp_path: Path, capsys: Captured) -> None:
    file = str(root / "p1" / "0000.dcm")

    assert dicompressor(["-t", "--watch", "5", "-f", file]) == 1
    assert f"ERROR: watching needs a folder: {file}" in capsys.readouterr().out
    assert isocenter(["watch", file]) == 1
    assert isocenter(["watch", str(tmp_path / "gone")]) == 1
    assert f"isocenter: no such folder: {tmp_path / 'gone'}" in capsys.readouterr().err


def test_a_log_file_that_cannot_be_written_is_told(root: Path, capsys: Captured) -> None:
    assert isocenter(["watch", str(root), "--log-file", str(root)]) == 1
    assert capsys.readouterr().err == f"isocenter: cannot write the log file: {root}\n"


def test_copies_cannot_go_into_the_watched_folder_itself(root: Path) -> None:
    chosen = watch(root)._replace(output_dir=root)

    with pytest.raises(InvalidInputError):
        watch_folders(chosen, Settings(), {})
    assert dicompressor(["-j", "--watch", "5", "--output-dir", str(root), "-f", str(root)]) == 2
