"""Options of watch mode, apart from watching itself so that help starts fast."""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, BooleanOptionalAction

from isocenter.cli.process import a_number, a_path, add_option
from isocenter.services.actions import ACTIONS, Action

STATE_FILE_HELP = (
    "where to remember folders between two starts ('' for nowhere; "
    "default: in the user's state folder)"
)
_DEFAULT_SECONDS = 300
# Watching always writes, so that there is no choice.
_NO_OPTIONS = frozenset({"write"})


def writing_actions() -> list[Action]:
    """Return the actions that make files of DICOM files: those that can be watched for."""
    return [action for action in ACTIONS.values() if action.writes and action.is_watchable]


def add_options(command: ArgumentParser) -> None:
    """Add the options of `isocenter watch`."""
    names = [action.name for action in writing_actions()]
    command.add_argument(
        "paths", metavar="PATH", nargs="+", type=a_path, help="folders to watch, with those inside"
    )
    command.add_argument(
        "--action",
        dest="watched",
        choices=names,
        default=names[0],
        help="what to do in each folder (default: %(default)s)",
    )
    command.add_argument(
        "--interval",
        metavar="N",
        type=a_number,
        default=_DEFAULT_SECONDS,
        help="seconds from the start of one pass to the next (default: %(default)s)",
    )
    command.add_argument(
        "--output-dir", metavar="DIR", type=a_path, help="also copy the results into DIR"
    )
    command.add_argument("--scan-state-file", metavar="FILE", help=STATE_FILE_HELP)
    command.add_argument("--log-file", metavar="FILE", type=a_path, help="also log to FILE")
    command.add_argument(
        "--recursive",
        action=BooleanOptionalAction,
        default=True,
        help="watch folders inside folders too",
    )
    command.add_argument(
        "--jobs", metavar="N", type=a_number, help="folders worked on at once (default: one a core)"
    )
    command.add_argument("--quiet", action="store_true", help="log errors only")
    added: set[str] = set(_NO_OPTIONS)
    for action in writing_actions():
        for option in action.options:
            if option.name not in added:
                add_option(command, option, default=SUPPRESS)
                added.add(option.name)


def a_number_of_seconds(text: str) -> int:
    """Return an interval; 0 means no watching."""
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError("must be a whole number of seconds, 0 or more")
    return int(text)
