"""`dicompressor`: the documented switches, as lines around the same actions.

What is printed, and when, is a contract (docs of the tool; decisions in `specs/cli.md` 1.3).
"""

import argparse
import logging
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from isocenter import __version__
from isocenter.cli.main import ALL_DONE, NOTHING_DONE, exit_code, guard
from isocenter.cli.process import a_path, number_of_jobs, shown, with_key_file
from isocenter.cli.progress import choose_progress
from isocenter.cli.switch_table import SWITCHES, Switch
from isocenter.cli.watch_options import STATE_FILE_HELP, a_number_of_seconds
from isocenter.logs import set_up_logs, tear_down_logs
from isocenter.services.actions import ACTIONS, Option
from isocenter.services.folders import AlreadyDone, Processed, process
from isocenter.services.reports import Report, Work
from isocenter.settings import Settings, read_settings

# Not __name__, which is "__main__" where this module is run as a program.
logger = logging.getLogger("isocenter.cli.switches")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `dicompressor` with the arguments of the process, or these; return the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    return guard("dicompressor", lambda: _run(given, os.environ))


class _Refusal(Exception):  # noqa: N818 - no error of the tree; it ends in a line on stdout
    """Nothing can be done; the words stand after ``ERROR:``."""


def _run(arguments: list[str], environment: Mapping[str, str]) -> int:
    parser = _make_parser()
    chosen = parser.parse_args(arguments)
    if chosen.h or not arguments:
        parser.print_help()
        return ALL_DONE
    if chosen.c:
        _print_version()
        return ALL_DONE
    settings = read_settings(environment)
    if chosen.watch and not _can_watch(chosen):
        parser.error("--watch needs an action that makes files of DICOM files")
    started = time.monotonic()
    try:
        _start_logs(chosen)
        switch, path = _choose(chosen)
        if chosen.watch:
            return _watch(switch, path, chosen, settings, environment)
        options = with_key_file(ACTIONS[switch.action], switch.options, settings, environment)
        result = _process(switch._replace(options=options), path, chosen, settings)
        code = _tell(result, switch, path, chosen)
    except _Refusal as refusal:
        print(f"ERROR: {refusal}")
        logger.error("%s", refusal)  # noqa: TRY400 - a sentence for the user, no traceback
        return NOTHING_DONE
    finally:
        tear_down_logs()
    print(f"\nCompleted in {time.monotonic() - started:.2f} seconds")
    return code


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dicompressor",
        usage="dicompressor ACTION [options] -f PATH",
        description="Process DICOM files and folders.",
        epilog="Exit codes: 0 all done, 1 nothing could be done, 2 usage, 3 some files failed.",
        add_help=False,
        allow_abbrev=False,
    )
    actions = parser.add_argument_group("actions")
    for switch in SWITCHES:
        if switch.takes:
            taken = _taken(switch)
            choices = taken.choices
            which = f" ({', '.join(choices)})" if choices else ""
            actions.add_argument(
                *switch.flags,
                dest=switch.name,
                metavar=switch.metavar or switch.takes.upper(),
                type=_a_word if choices else a_path if taken.kind == "file" else _a_text,
                choices=choices or None,
                nargs="?" if switch.if_alone else None,
                const=switch.if_alone or None,
                help=f"{switch.sentence}{which}",
            )
        else:
            actions.add_argument(
                *switch.flags, dest=switch.name, action="store_true", help=switch.sentence
            )
    actions.add_argument("-h", "--help", dest="h", action="store_true", help="show this help")
    actions.add_argument("-c", dest="c", action="store_true", help="show the version")
    paths = parser.add_argument_group("paths").add_mutually_exclusive_group()
    paths.add_argument(
        "-f", dest="tree", metavar="PATH", type=a_path, help="a folder with its subfolders"
    )
    paths.add_argument(
        "-F", dest="folder", metavar="PATH", type=a_path, help="a folder without its subfolders"
    )
    options = parser.add_argument_group("options")
    options.add_argument(
        "--skip-if-done",
        action="store_true",
        help="leave folders alone that were done, and mark those that are",
    )
    options.add_argument(
        "--watch",
        metavar="N",
        type=a_number_of_seconds,
        default=0,
        help="process new folders in the given one every N seconds until stopped; "
        "implies --skip-if-done",
    )
    options.add_argument("--scan-state-file", metavar="FILE", help=STATE_FILE_HELP)
    options.add_argument(
        "--output-dir", metavar="DIR", type=a_path, help="also copy the results into DIR"
    )
    options.add_argument(
        "--log-file", metavar="FILE", type=a_path, help="also log to FILE (default: none)"
    )
    options.add_argument("--verbose", action="store_true", help="log every file")
    options.add_argument("--quiet", action="store_true", help="log errors only")
    return parser


def _a_word(text: str) -> str:
    """Return the argument of a switch as the actions spell it."""
    word = text.lower()
    return {"jpg": "jpeg", "tif": "tiff"}.get(word, word)


def _a_text(text: str) -> str:
    """Return the argument of a switch; an empty one would be as if it were not given."""
    if not text:
        raise argparse.ArgumentTypeError("an empty argument")
    return text


def _taken(switch: Switch) -> Option:
    """Return the option of the action that the switch's own argument is."""
    options = ACTIONS[switch.action].options
    return next(option for option in options if option.name == switch.takes)


def _print_version() -> None:
    print(f"Isocenter version {__version__}")
    print("Copyright the Isocenter authors, Apache License 2.0")
    print("One platform to process, store, view, share and learn from DICOM")
    print(f"Python {platform.python_version()}")


def _start_logs(chosen: argparse.Namespace) -> None:
    level = logging.DEBUG if chosen.verbose else logging.INFO
    try:
        set_up_logs(
            console_level=logging.ERROR if chosen.quiet else level, log_file=chosen.log_file
        )
    except OSError:
        raise _Refusal(f"cannot write the log file: {shown(chosen.log_file)}") from None
    print(f"Log file: {shown(chosen.log_file) if chosen.log_file is not None else 'none'}")


def _choose(chosen: argparse.Namespace) -> tuple[Switch, Path]:
    """Return the action and the path that shall be worked on."""
    switch = next((switch for switch in SWITCHES if getattr(chosen, switch.name)), None)
    if switch is None:
        raise _Refusal("no action given, see -h")
    path: Path | None = chosen.tree or chosen.folder
    if path is None:
        raise _Refusal("no path given, use -f PATH or -F PATH")
    if not os.path.lexists(path):
        raise _Refusal(f"path does not exist: {shown(path)}")
    if switch.name == "merge" and not path.is_dir():
        raise _Refusal(f"merging needs a folder: {shown(path)}")
    if switch.takes:
        value = getattr(chosen, switch.name)
        switch = switch._replace(options={**switch.options, switch.takes: value})
    return switch, path


def _can_watch(chosen: argparse.Namespace) -> bool:
    switch = next((switch for switch in SWITCHES if getattr(chosen, switch.name)), None)
    if switch is None:
        return True
    action = ACTIONS[switch.action]
    return action.writes and action.is_watchable


def _watch(
    switch: Switch,
    path: Path,
    chosen: argparse.Namespace,
    settings: Settings,
    environment: Mapping[str, str],
) -> int:
    from isocenter.cli.watching import Watch, watch_folders

    if not path.is_dir():
        raise _Refusal(f"watching needs a folder: {shown(path)}")
    watch = Watch(
        roots=(path,),
        action=switch.action,
        options=switch.options,
        interval_seconds=chosen.watch,
        recursive=chosen.tree is not None,
        output_dir=chosen.output_dir,
        state_file=chosen.scan_state_file,
        jobs=number_of_jobs(settings),
    )
    return watch_folders(watch, settings, environment)


def _process(
    switch: Switch, path: Path, chosen: argparse.Namespace, settings: Settings
) -> Processed | AlreadyDone:
    if chosen.skip_if_done and not path.is_dir():
        logger.warning("--skip-if-done is for folders, %s is a file", path)
    with choose_progress(settings.progress, is_quiet=chosen.quiet) as progress:
        work = Work(
            paths=(path,),
            recursive=chosen.tree is not None,
            options=switch.options,
            progress=progress,
            jobs=number_of_jobs(settings),
            limits=settings.limits,
        )
        return process(
            switch.action, work, skip_if_done=chosen.skip_if_done, output_dir=chosen.output_dir
        )


def _tell(
    result: Processed | AlreadyDone, switch: Switch, path: Path, chosen: argparse.Namespace
) -> int:
    """Print and log what was done; return the exit code."""
    if isinstance(result, AlreadyDone):
        return _tell_skipped(result, path)
    report = result.report
    _log(report)
    if not report.settled:
        raise _Refusal(_why_nothing(report, path))
    for line in switch.lines(report, path):
        print(line)
    if chosen.output_dir is not None and report.outputs:
        print(f"Copied {len(result.copies)} file(s) to {shown(chosen.output_dir)}")
    return exit_code(report)


def _tell_skipped(result: AlreadyDone, path: Path) -> int:
    print(f"SKIPPED (already processed): {shown(path)}")
    print(f"  Marker: {shown(result.marker)}")
    print("  Delete the marker file to re-process.")
    if result.change is not None:
        logger.warning(
            "%s changed since it was processed (%d files then, %d now) and was not processed again",
            path,
            result.change.files_then,
            result.change.files_now,
        )
    return ALL_DONE


def _log(report: Report) -> None:
    for outcome in report.files:
        if outcome.status == "failed":
            logger.error("%s: %s", outcome.path, outcome.reason)
        elif outcome.status != "done":
            logger.debug("%s: %s, %s", outcome.path, outcome.status, outcome.reason)
        else:
            logger.debug("%s: done", outcome.path)
    for warning in report.warnings:
        logger.warning("%s", warning)
    logger.info(
        "%d file(s) done, %d skipped, %d failed", report.done, report.skipped, report.failed
    )


def _why_nothing(report: Report, path: Path) -> str:
    if not report.files:
        return f"no files in {shown(path)}"
    if not report.failed:
        return f"nothing to do in {shown(path)}, {report.skipped} file(s) skipped"
    return f"no file of {shown(path)} could be processed, {report.failed} failed"


if __name__ == "__main__":
    sys.exit(main())
