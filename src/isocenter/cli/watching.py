"""Watch mode on the command line: its lines, its clock and its signals.

`isocenter watch` and `dicompressor --watch` both end here. The lines are those of `specs/cli.md`
1.2; what else is worth saying goes into the log, one line a folder.
"""

import hashlib
import logging
import os
import select
import signal
import socket
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import NamedTuple, Self

from isocenter.cli.main import ALL_DONE, NOTHING_DONE
from isocenter.cli.process import number_of_jobs, shown, with_key_file
from isocenter.cli.watch_options import writing_actions
from isocenter.errors import InvalidInputError
from isocenter.logs import one_line, set_up_logs, tear_down_logs
from isocenter.services.actions import ACTIONS
from isocenter.services.outputs import make_folder
from isocenter.services.scan_state import ScanState
from isocenter.services.units import Outcome, Task
from isocenter.services.watch import PassResult, Plan, Watcher
from isocenter.settings import Settings, read_settings
from isocenter.user_folders import user_state_folder

_MEBIBYTE = 1 << 20
_LONGEST_WAIT_SECONDS = 3600.0
_INPUTS = {"merge": "Single-frame inputs", "split": "Multi-frame inputs"}


class Watch(NamedTuple):
    """What a command line asks to be watched.

    Attributes
    ----------
    roots
        Existing folders.
    state_file
        As it was given: ``""`` for none, None for the usual one.
    """

    roots: tuple[Path, ...]
    action: str
    options: Mapping[str, object]
    interval_seconds: int
    recursive: bool = True
    output_dir: Path | None = None
    state_file: str | None = None
    jobs: int = 1


def run(parser: ArgumentParser, chosen: Namespace, environment: Mapping[str, str]) -> int:
    """Run `isocenter watch`; return the exit code.

    Raises
    ------
    IsocenterError
        If it cannot begin.
    """
    settings = read_settings(environment)
    action = ACTIONS[chosen.watched]
    known = {option.name: option.default for option in action.options}
    every = {option.name for one in writing_actions() for option in one.options}
    for name in sorted(every - known.keys()):
        if name in chosen:
            parser.error(f"--{name.replace('_', '-')} is no option of {action.name}")
    watch = Watch(
        roots=tuple(chosen.paths),
        action=action.name,
        options={name: getattr(chosen, name, default) for name, default in known.items()},
        interval_seconds=chosen.interval,
        recursive=chosen.recursive,
        output_dir=chosen.output_dir,
        state_file=chosen.scan_state_file,
        jobs=number_of_jobs(settings, chosen.jobs),
    )
    for root in watch.roots:
        if not root.is_dir():
            return _refuse(f"no such folder: {shown(root)}")
    try:
        level = logging.ERROR if chosen.quiet else logging.INFO
        set_up_logs(console_level=level, log_file=chosen.log_file)
    except OSError:
        return _refuse(f"cannot write the log file: {shown(chosen.log_file)}")
    try:
        return watch_folders(watch, settings, environment)
    finally:
        tear_down_logs()


def _refuse(sentence: str) -> int:
    print(f"isocenter: {sentence}", file=sys.stderr)
    return NOTHING_DONE


def watch_folders(watch: Watch, settings: Settings, environment: Mapping[str, str]) -> int:
    """Watch until a signal says stop; return the exit code.

    Raises
    ------
    IsocenterError
        If it cannot begin.
    """
    with Signals() as pacer:
        _prepare_output_dir(watch)
        state_file = _state_file(watch, settings, environment)
        lines = Lines(watch)
        lines.begin(state_file)
        options = with_key_file(ACTIONS[watch.action], watch.options, settings, environment)
        task = Task(watch.action, options, output_dir=watch.output_dir, limits=settings.limits)
        plan = Plan(
            watch.roots,
            task,
            watch.interval_seconds,
            recursive=watch.recursive,
            patience_seconds=settings.watch_patience_seconds,
            leftover_seconds=settings.limits.leftover_seconds,
            jobs=watch.jobs,
        )
        state = ScanState(state_file, watch.roots, watch.action, settings.limits)
        Watcher(plan, lines, pacer, state).run()
        lines.end()
    return ALL_DONE


class Signals:
    """The real time, and the wish to stop, told by a signal; a context manager.

    Ctrl+C stops also where the process was started with it ignored, as by ``nohup`` or ``&`` in a
    script. A handler only takes note: what is being written is completed or removed in order.
    """

    def __init__(self) -> None:
        self._is_stopped = False
        self._before: list[tuple[signal.Signals, object]] = []

    def __enter__(self) -> Self:
        # The byte that the system writes on a signal ends a wait, on Windows too.
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.settimeout(0)
        self._wakeup_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is None:
                continue
            # A terminal that closes stops the watch, unless it was told not to (`nohup`).
            if name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN:
                continue
            self._before.append((number, signal.signal(number, self._take_note)))
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() gave back
        signal.set_wakeup_fd(self._wakeup_before)
        self._reader.close()
        self._writer.close()

    def is_stopped(self) -> bool:
        """Return whether a signal came."""
        return self._is_stopped

    def monotonic(self) -> float:
        """Return seconds on a clock that never jumps."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or when a signal comes."""
        end = time.monotonic() + seconds
        while not self._is_stopped:
            left = end - time.monotonic()
            if left <= 0:
                return
            ready, _, _ = select.select([self._reader], [], [], min(left, _LONGEST_WAIT_SECONDS))
            if ready:
                self._reader.recv(4096)

    def _take_note(self, _: int, __: FrameType | None) -> None:
        self._is_stopped = True


class Lines:
    """What a watch prints on stdout, each line at once."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def begin(self, state_file: Path | None) -> None:
        """Say what is watched."""
        if self._watch.output_dir is not None:
            _print(f"Output directory: {shown(self._watch.output_dir)}")
        _print(f"Scan state file: {shown(state_file) if state_file is not None else 'none'}")
        seconds = self._watch.interval_seconds
        _print(f"Watch mode: scanning every {seconds}s (Ctrl+C to stop)")

    def folder_ended(self, outcome: Outcome) -> None:
        """Say what became of a folder."""
        if outcome.status == "processed":
            _print(f"[OK] {self._relative(outcome.folder)}")
            inputs = _INPUTS.get(self._watch.action, "Inputs")
            _print(f"  {inputs}: {outcome.done_count}")
        elif outcome.status in ("failed", "unavailable") or outcome.held_for == "unfinished":
            _print(f"[FAILED] {shown(outcome.folder)}")
            waiting = "; waiting for it" if outcome.status == "held" else ""
            _print(f"  {one_line(outcome.reason)}{waiting}")
        for output in outcome.outputs:
            size = f"{output.size_bytes / _MEBIBYTE:.1f} MB"
            _print(f"  -> {one_line(output.path.name)} ({size})")
        for shortage in outcome.shortages:
            _print(f"  Incomplete: {one_line(shortage)}")

    def pass_ended(self, result: PassResult) -> None:
        """Say what a pass did."""
        now = time.strftime("%H:%M:%S")
        if result.processed or result.failed:
            _print(
                f"[{now}] Pass #{result.number}: processed {result.processed} new folder(s), "
                f"skipped {result.skipped}, failed {result.failed}."
            )
        else:
            _print(f"[{now}] No new folders. Waiting {self._watch.interval_seconds}s...")

    def end(self) -> None:
        """Say that the watch was stopped."""
        _print("Watch mode stopped.")

    def _relative(self, folder: Path) -> str:
        """Return the folder relative to the only root, or as it is among several."""
        if len(self._watch.roots) > 1:
            return shown(folder)
        return shown(folder.relative_to(self._watch.roots[0]))


def _print(line: str) -> None:
    print(line, flush=True)


def _prepare_output_dir(watch: Watch) -> None:
    """Make the folder for copies.

    Raises
    ------
    InvalidInputError
        If it is one of those watched: copies would lie among the inputs.
    UnavailableError
        If it cannot be made.
    """
    if watch.output_dir is None:
        return
    make_folder(watch.output_dir)
    if any(os.path.samefile(watch.output_dir, root) for root in watch.roots):  # noqa: PTH121
        raise InvalidInputError("the output directory must be another one than the watched folder")


def _state_file(watch: Watch, settings: Settings, environment: Mapping[str, str]) -> Path | None:
    """Return where to remember folders: as asked, or one file a watch in the user's folder."""
    if watch.state_file is not None:
        return Path(watch.state_file) if watch.state_file else None
    folder = Path(settings.state_folder) if settings.state_folder else None
    folder = folder or user_state_folder(environment)
    if folder is None:
        return None
    about = "\0".join([watch.action, *(os.path.abspath(root) for root in watch.roots)])  # noqa: PTH100
    digest = hashlib.sha256(os.fsencode(about)).hexdigest()
    return folder / f"scan-state-{digest[:16]}.json"
