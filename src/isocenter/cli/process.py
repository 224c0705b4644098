"""Options to actions, actions to lines: what the sub-commands that work on files share."""

import json
import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from isocenter import __version__
from isocenter.cli.progress import choose_progress
from isocenter.errors import InvalidInputError, IsocenterError
from isocenter.logs import one_line
from isocenter.services.actions import Action, Option, resolve
from isocenter.services.outputs import write_bytes
from isocenter.services.reports import FileOutcome, Json, Report, Work
from isocenter.settings import Settings, read_settings
from isocenter.system_errors import safe_error
from isocenter.user_folders import user_state_folder

_MEBIBYTE = 1 << 20
# Files that are named though they failed for the same reason; the report names all.
_ALIKE_MAX = 3
_KEY_FILE = "key_file"
_KEY_NAME = "pseudonyms.key"


def add_options(command: ArgumentParser, action: Action, variants: Sequence[Action] = ()) -> None:
    """Add the options of an action, and of the variants of it, to its sub-command."""
    command.add_argument("paths", metavar="PATH", nargs="+", type=a_path, help="files and folders")
    for option in action.options:
        add_option(command, option, option.default)
    known = {option.name for option in action.options}
    for variant in variants:
        flag = "--" + variant.variant.replace("_", "-")
        command.add_argument(flag, action="store_true", help=variant.sentence)
        for option in variant.options:
            if option.name not in known:
                add_option(command, option, option.default)
                known.add(option.name)
    if action.writes:
        command.add_argument(
            "--out",
            metavar="DIR",
            type=a_path,
            help="folder for the outputs, relative names kept (default: beside the input)",
        )
        command.add_argument(
            "--no-fsync",
            action="store_true",
            help="do not wait until outputs are on the disk: faster, not safe from power loss",
        )
    command.add_argument(
        "--recursive",
        action=BooleanOptionalAction,
        default=True,
        help="look into folders inside folders",
    )
    command.add_argument(
        "--report", metavar="FILE", type=a_path, help="write what became of every input, as JSON"
    )
    command.add_argument(
        "--jobs", metavar="N", type=a_number, help="things done at once (default: one a core)"
    )
    command.add_argument("--quiet", action="store_true", help="print failures only")


def a_path(text: str) -> Path:
    """Return the argument as a path; an empty one would mean the present folder."""
    if not text:
        raise ArgumentTypeError("an empty path")
    return Path(text)


def a_number(text: str) -> int:
    """Return the argument as a number of at least 1."""
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("must be at least 1")
    return number


def add_option(command: ArgumentParser, option: Option, default: object) -> None:
    """Add one option of an action; ``default`` is what it is where it is not given."""
    flag = f"--{option.flag or option.name.replace('_', '-')}"
    sentence = option.sentence.replace("%", "%%")
    if option.kind == "flag":
        command.add_argument(
            flag, dest=option.name, action="store_true", default=default, help=sentence
        )
        return
    how: dict[str, Any] = {
        "dest": option.name,
        "metavar": option.metavar or _metavar(option),
        "choices": option.choices or None,
        "help": sentence,
        "default": default,
    }
    if option.kind == "texts":
        how["action"] = "append"
        # A list, which argparse copies and appends to.
        how["default"] = list(default) if isinstance(default, tuple) else default
    elif option.kind == "file":
        how["type"] = a_path
        how["default"] = default or None
    command.add_argument(flag, **how)


def _metavar(option: Option) -> str | None:
    """Return what help calls the value, None for the list of choices."""
    if option.choices:
        return None
    return "FILE" if option.kind == "file" else "TEXT"


def choose_action(actions: Sequence[Action], chosen: Namespace) -> Action:
    """Return the action that is meant: a variant by its flag or by an option that only it has."""
    usual, *variants = actions
    flagged = [variant for variant in variants if getattr(chosen, variant.variant)]
    if len(flagged) > 1:
        names = " and ".join(f"--{one.variant.replace('_', '-')}" for one in flagged)
        raise InvalidInputError(f"{names} are different actions: choose one")
    if flagged:
        return flagged[0]
    owners = Counter(option.name for action in actions for option in action.options)
    for variant in variants:
        own = [option.name for option in variant.options if owners[option.name] == 1]
        if any(getattr(chosen, name) for name in own):
            return variant
    return usual


def _check_options(action: Action, actions: Sequence[Action], chosen: Namespace) -> None:
    """Refuse an option that another action of the sub-command has, rather than pass over it."""
    known = {option.name for option in action.options}
    for option in (option for other in actions for option in other.options):
        value = getattr(chosen, option.name)
        if option.name not in known and value and value != option.default:
            flag = option.flag or option.name.replace("_", "-")
            raise InvalidInputError(f"--{flag} does not go with {_shown_action(action)}")


def _shown_action(action: Action) -> str:
    words = action.command or action.name
    if action.variant:
        words += f" --{action.variant.replace('_', '-')}"
    return f"'{words}'"


def run(actions: Sequence[Action], chosen: Namespace, environment: Mapping[str, str]) -> Report:
    """Run an action as its sub-command's options say; print what it did.

    Parameters
    ----------
    actions
        Of the sub-command, the usual one first.

    Raises
    ------
    IsocenterError
        If it did not begin or did not end, or the file for the report cannot be written.
    """
    action = choose_action(actions, chosen)
    _check_options(action, actions, chosen)
    settings = read_settings(environment)
    check_report_folder(chosen.report)
    started = time.monotonic()
    try:
        report = _run_work(action, chosen, settings, environment)
    except IsocenterError as error:
        if chosen.report is not None:
            content = describe_run(Report(action.name), time.monotonic() - started, str(error))
            write_report(chosen.report, content)
        raise
    if chosen.report is not None:
        try:
            write_report(chosen.report, describe_run(report, time.monotonic() - started))
        except IsocenterError as error:
            report.files.append(FileOutcome(chosen.report, "failed", f"not written: {error}"))
    _print_outputs(report, as_json=getattr(chosen, "json", False), is_quiet=chosen.quiet)
    print_problems(report, is_quiet=chosen.quiet)
    return report


def with_key_file(
    action: Action,
    options: Mapping[str, object],
    settings: Settings,
    environment: Mapping[str, str],
) -> dict[str, object]:
    """Return the options, with the user's own key file where the action needs one and has none."""
    needs_key = any(option.name == _KEY_FILE for option in action.options)
    if not needs_key or options.get(_KEY_FILE):
        return dict(options)
    if settings.key_file:
        return {**options, _KEY_FILE: Path(settings.key_file)}
    folder = user_state_folder(environment)
    return dict(options) if folder is None else {**options, _KEY_FILE: folder / _KEY_NAME}


def number_of_jobs(settings: Settings, chosen: int | None = None) -> int:
    """Return how many things to do at once: as chosen, as set, or one for each core we may use."""
    if chosen or settings.jobs:
        return chosen or settings.jobs
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def describe_run(report: Report, seconds: float, error: str = "") -> dict[str, Json]:
    """Return the content of a report file; ``error`` says why the whole action failed."""
    return {
        "program": "isocenter",
        "version": __version__,
        "seconds": round(seconds, 3),
        "error": error,
        **report.to_json(),
    }


def write_report(path: Path, content: dict[str, Json]) -> None:
    """Write a report file, in place of an older one, as a whole or not at all.

    Raises
    ------
    UnavailableError, NotFoundError
        If it cannot be written.
    """
    text = json.dumps(content, indent=2) + "\n"
    if path.exists() and not path.is_file():
        # A pipe or a terminal, which cannot be replaced by a file.
        try:
            path.write_text(text, encoding="ascii")
        except OSError as error:
            raise safe_error(error) from None
    else:
        write_bytes(path, text.encode("ascii"))


def shown(path: Path) -> str:
    """Return a path on one line, whatever its name holds."""
    return one_line(str(path))


def _run_work(
    action: Action, chosen: Namespace, settings: Settings, environment: Mapping[str, str]
) -> Report:
    given = {option.name: getattr(chosen, option.name) for option in action.options}
    with choose_progress(settings.progress, is_quiet=chosen.quiet) as progress:
        work = Work(
            paths=tuple(chosen.paths),
            recursive=chosen.recursive,
            out=getattr(chosen, "out", None),
            options=with_key_file(action, given, settings, environment),
            progress=progress,
            jobs=number_of_jobs(settings, chosen.jobs),
            limits=settings.limits,
            durable=not getattr(chosen, "no_fsync", False),
        )
        return resolve(action.name)(work)


def check_report_folder(report: Path | None) -> None:
    """Notice a report that cannot be written before the work, not after it."""
    if report is not None and not report.parent.is_dir():
        raise InvalidInputError("the folder of the --report file does not exist")


def _print_outputs(report: Report, *, as_json: bool, is_quiet: bool) -> None:
    if as_json and report.data is not None:
        _print_json(report.data)
    elif report.text:
        print(report.text, end="" if report.text.endswith("\n") else "\n")
    if not is_quiet:
        for output in report.outputs:
            frames = f", {output.frames} frames" if output.frames else ""
            print(f"{shown(output.path)} ({output.size_bytes / _MEBIBYTE:.1f} MB{frames})")
    if sys.stdout is not None:  # as it is where the caller closed it
        sys.stdout.flush()  # so that problems come after outputs, also in one file


def _print_json(data: Json) -> None:
    import orjson

    if sys.stdout is None:
        return
    # JSON is UTF-8, whatever the terminal's encoding is.
    sys.stdout.flush()
    sys.stdout.buffer.write(
        orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )


def print_problems(report: Report, *, is_quiet: bool) -> None:
    """Print what failed and why and, unless it shall be quiet, what was left out."""
    failed: dict[str, list[Path]] = {}
    for outcome in report.files:
        if outcome.status == "failed":
            failed.setdefault(outcome.reason, []).append(outcome.path)
    for reason, paths in failed.items():
        for path in paths[:_ALIKE_MAX]:
            print(f"failed: {shown(path)}: {one_line(reason)}", file=sys.stderr)
        if len(paths) > _ALIKE_MAX:
            more = len(paths) - _ALIKE_MAX
            print(f"failed: {more} more file(s) for the last reason", file=sys.stderr)
    if is_quiet:
        return
    for status in ("unchanged", "skipped"):
        reasons = Counter(outcome.reason for outcome in report.files if outcome.status == status)
        for reason, number in reasons.items():
            print(f"{status}: {number} file(s): {one_line(reason)}", file=sys.stderr)
    for warning in report.warnings:
        print(f"warning: {one_line(warning)}", file=sys.stderr)
    if not report.files:
        print("no files found", file=sys.stderr)
    elif report.failed:
        before = f"{report.unchanged} unchanged, " if report.unchanged else ""
        counts = f"{report.done} done, {before}{report.skipped} skipped, {report.failed} failed"
        print(counts, file=sys.stderr)
