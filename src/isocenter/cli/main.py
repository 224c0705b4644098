"""`isocenter` and its sub-commands; here alone reports and errors become exit codes."""

import io
import os
import signal
import sys
import traceback
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import NoReturn, TextIO

from isocenter import __version__
from isocenter.errors import (
    CancelledError,
    InvalidInputError,
    IsocenterError,
    UnavailableError,
)
from isocenter.logs import one_line
from isocenter.services.actions import Action, action_commands
from isocenter.services.reports import Report
from isocenter.system_errors import safe_error

ALL_DONE = 0
NOTHING_DONE = 1
USAGE = 2
SOME_FAILED = 3
# As the shell reports programs that a signal ended: 128 and its number.
INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143
_WATCH = "watch"
_ADMIN = "admin"
_SERVE = "serve"
_VIEWERS = "viewers"
_WORKER = "worker"
_UPLOAD = "upload"
_DATASET = "dataset"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `isocenter` with the arguments of the process, or these; return the exit code."""
    return guard("isocenter", lambda: _run(arguments))


def exit_code(report: Report) -> int:
    """Return the exit code that says how an action ended."""
    if not report.settled:
        return NOTHING_DONE
    return SOME_FAILED if report.failed else ALL_DONE


def error_code(error: IsocenterError) -> int:
    """Return the exit code of an action that did not begin or did not end.

    Problems of single files are in the report, so that input that is no input at this level is
    an option or a setting.
    """
    if isinstance(error, CancelledError):
        return INTERRUPTED
    return USAGE if isinstance(error, InvalidInputError) else NOTHING_DONE


def guard(program: str, run: Callable[[], int]) -> int:
    """Run a command line; turn whatever ends it early into one line and an exit code."""
    _write_whole_lines()
    for stream in (sys.stdout, sys.stderr):
        _take_any_text(stream)
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        return _run_and_flush(run)
    except BrokenPipeError:
        _let_go_of_stdout()
        return PIPE_CLOSED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost handler
        sentence, code = _explain(error)
        _let_go_of_stdout()
        print(f"{program}: {sentence}", file=sys.stderr)
        return code
    finally:
        signal.signal(signal.SIGTERM, before)


def _let_go_of_stdout() -> None:
    """Flush stdout; if nobody takes it, drop it, or the interpreter would complain at its end."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(error: BaseException) -> tuple[str, int]:
    """Return a sentence and the exit code for what ended the command line early."""
    if isinstance(error, _TerminatedError):
        return "terminated, nothing half-written is left", TERMINATED
    if isinstance(error, KeyboardInterrupt):
        return "interrupted, nothing half-written is left", INTERRUPTED
    if isinstance(error, IsocenterError):
        return one_line(str(error)), error_code(error)
    if isinstance(error, OSError):
        return f"cannot go on: {safe_error(error)}", NOTHING_DONE
    # Without the error's own words: they may hold the value of an element.
    print("".join(traceback.format_tb(error.__traceback__)), end="", file=sys.stderr)
    return f"internal error: {type(error).__name__}", NOTHING_DONE


def _run_and_flush(run: Callable[[], int]) -> int:
    code = run()
    if sys.stdout is not None:  # as it is where the caller closed it
        sys.stdout.flush()
    return code


def _run(arguments: Sequence[str] | None) -> int:
    parser = _make_parser()
    chosen = parser.parse_args(arguments)
    if chosen.action == _WATCH:
        return _run_watch(parser, chosen, os.environ)
    runs = {
        _ADMIN: _run_admin,
        _DATASET: _run_dataset,
        _SERVE: _run_serve,
        _UPLOAD: _run_upload,
        _VIEWERS: _run_viewers,
        _WORKER: _run_worker,
    }
    return runs.get(chosen.action, _run_action)(chosen, os.environ)


def _make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="isocenter",
        description="Process DICOM files: merge, split, compress, describe, watch folders.",
        epilog="Exit codes: 0 all done, 1 nothing could be done, 2 usage, 3 some files failed.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"isocenter {__version__}")
    commands = parser.add_subparsers(dest="action", metavar="COMMAND", required=True)
    for name, (action, *variants) in action_commands().items():
        others = ", ".join(f"--{variant.variant.replace('_', '-')}" for variant in variants)
        command = commands.add_parser(
            name,
            help=f"{action.sentence} (or {others})" if others else action.sentence,
            description=f"{action.sentence[0].upper()}{action.sentence[1:]}.",
            allow_abbrev=False,
        )
        _add_options(command, action, variants)
    for name, add_options, sentence, description in _other_commands():
        add_options(
            commands.add_parser(name, help=sentence, description=description, allow_abbrev=False)
        )
    return parser


def _other_commands() -> list[tuple[str, Callable[[ArgumentParser], None], str, str]]:
    """Return what is no action on files: name, options, what help says in short and at length."""
    return [
        (
            _WATCH,
            _add_watch_options,
            "do this in every folder that becomes complete, until stopped",
            (
                "Watch folders: what becomes complete is processed once, "
                "and again when slices come late. Ctrl+C stops."
            ),
        ),
        (
            _UPLOAD,
            _add_upload_options,
            "send files to a server, many at once",
            (
                "Send files to a server that gives out addresses for them, many at once. "
                "Run again, it goes on where it was stopped; nothing is stored twice."
            ),
        ),
        (
            _DATASET,
            _add_dataset_options,
            "make datasets of what a server has",
            "Sets of resources on a server to learn from.",
        ),
        (
            _SERVE,
            _add_serve_options,
            "start the server: web tool, sessions and their API",
            "The server: web tool, sessions and their API. Ctrl+C stops.",
        ),
        (
            _WORKER,
            _add_worker_options,
            "work on the server's jobs from here, too",
            (
                "A further worker of a server with PostgreSQL: on this or any machine. "
                "Ctrl+C stops; what runs is given back."
            ),
        ),
        (
            _ADMIN,
            _add_admin_options,
            "accounts, keys, audit and backup of the server",
            "Accounts, keys, audit and backup of the server, also while it runs.",
        ),
        (
            _VIEWERS,
            _add_viewers_options,
            "get the viewers that the server shows",
            "The viewers that the server shows.",
        ),
    ]


def _add_options(command: ArgumentParser, action: Action, variants: list[Action]) -> None:
    from isocenter.cli.process import add_options

    add_options(command, action, variants)


def _add_watch_options(command: ArgumentParser) -> None:
    from isocenter.cli.watch_options import add_options

    add_options(command)


def _add_viewers_options(command: ArgumentParser) -> None:
    from isocenter.cli.viewers import add_options

    add_options(command)


def _run_viewers(chosen: Namespace, environment: Mapping[str, str]) -> int:
    from isocenter.cli.viewers import run

    return run(chosen, environment)


def _add_serve_options(command: ArgumentParser) -> None:
    from isocenter.cli.serve_options import add_options

    add_options(command)


def _run_serve(chosen: Namespace, environment: Mapping[str, str]) -> int:
    try:
        from isocenter.cli.serve import run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("isocenter"):
            raise
        raise UnavailableError(
            "the server is not installed: pip install 'isocenter[server]'"
        ) from None
    return run(chosen, environment)


def _add_worker_options(command: ArgumentParser) -> None:
    from isocenter.cli.worker import add_options

    add_options(command)


def _run_worker(chosen: Namespace, environment: Mapping[str, str]) -> int:
    from isocenter.cli.worker import run

    return run(chosen, environment)


def _add_upload_options(command: ArgumentParser) -> None:
    from isocenter.cli.upload_options import add_options

    add_options(command)


def _run_upload(chosen: Namespace, environment: Mapping[str, str]) -> int:
    from isocenter.cli.upload import run

    return exit_code(run(chosen, environment))


def _add_dataset_options(command: ArgumentParser) -> None:
    from isocenter.cli.dataset_options import add_options

    add_options(command)


def _run_dataset(chosen: Namespace, _: Mapping[str, str]) -> int:
    from isocenter.cli.dataset import run

    return run(chosen)


def _add_admin_options(command: ArgumentParser) -> None:
    from isocenter.cli.admin_options import add_options

    add_options(command)


def _run_admin(chosen: Namespace, environment: Mapping[str, str]) -> int:
    from isocenter.cli.admin import run

    return run(chosen, environment)


def _run_watch(parser: ArgumentParser, chosen: Namespace, environment: Mapping[str, str]) -> int:
    from isocenter.cli.watching import run

    return run(parser, chosen, environment)


def _run_action(chosen: Namespace, environment: Mapping[str, str]) -> int:
    from isocenter.cli.process import run

    return exit_code(run(action_commands()[chosen.action], chosen, environment))


class _TerminatedError(KeyboardInterrupt):
    """The process was asked to end; unwinds like Ctrl+C, past every other handler."""


def _terminate(_: int, __: FrameType | None) -> NoReturn:
    raise _TerminatedError


def _write_whole_lines() -> None:
    """Give stdout a buffer where ``PYTHONUNBUFFERED`` took it.

    Without one, what a full disk or a closing pipe does not take is lost without an error.
    """
    stdout = sys.__stdout__
    raw = getattr(stdout, "buffer", None)
    if stdout is not None and stdout is sys.stdout and isinstance(raw, io.RawIOBase):
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(raw), encoding=stdout.encoding, line_buffering=True
        )


def _take_any_text(stream: TextIO) -> None:
    """Let a stream escape what its encoding cannot say, instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
