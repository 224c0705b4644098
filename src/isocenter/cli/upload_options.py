"""The options of `isocenter upload`; reading them loads no client."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

PARALLEL = 8
PARALLEL_MAX = 20
WAIT_SECONDS = 120


def add_options(command: ArgumentParser) -> None:
    """Add the options, the documented ones first."""
    command.add_argument(
        "--api-endpoint",
        "-u",
        required=True,
        metavar="URL",
        help="address of the server, such as https://api.example.com; it may say who calls: "
        "https://KEY_ID:SECRET@host or https://host/t/TOKEN",
    )
    command.add_argument(
        "--path",
        "-p",
        required=True,
        action="append",
        type=_a_path,
        help="a DICOM file or a folder with such files; may be given several times",
    )
    command.add_argument(
        "--key-file",
        type=_a_path,
        metavar="FILE",
        help="a file with the key (else: the address, ISOCENTER_API_KEY, or a .netrc)",
    )
    command.add_argument(
        "--parallel",
        type=_a_parallel,
        default=PARALLEL,
        metavar="N",
        help=f"files sent at once, at most {PARALLEL_MAX} (default: {PARALLEL})",
    )
    command.add_argument(
        "--wait",
        type=_a_time,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help="how long to wait until the server has decided about files that it took "
        f"(default: {WAIT_SECONDS})",
    )
    command.add_argument(
        "--plain-http",
        action="store_true",
        help="let keys and images go over the network without TLS",
    )
    command.add_argument(
        "--report",
        type=_a_path,
        metavar="FILE",
        help="write what became of every file, as JSON",
    )
    command.add_argument("--quiet", action="store_true", help="print failures only")


def _a_path(text: str) -> Path:
    if not text:
        raise ArgumentTypeError("an empty path")
    return Path(text)


def _a_parallel(text: str) -> int:
    number = int(text)
    if not 1 <= number <= PARALLEL_MAX:
        raise ArgumentTypeError(f"must be 1 to {PARALLEL_MAX}")
    return number


def _a_time(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ArgumentTypeError("must be 0 or more seconds")
    return seconds
