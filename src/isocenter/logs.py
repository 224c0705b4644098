"""Logs of the command line: one line an event, `HH:MM:SS [LEVEL] message`, on stderr.

A log file is written only where the caller names one, with the full date; it rotates, so that
it never fills a disk. Messages on the command line may name the user's own files, never the
value of an element.
"""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_FILE_BYTES_MAX = 5 * 1024 * 1024
LOG_FILES_KEPT = 3

_LINE = "%(asctime)s [%(levelname)s] %(message)s"
_ROOT = "isocenter"


class OneLineFormatter(logging.Formatter):
    """Format a record so that no message can forge a second line or move the cursor.

    File names may hold line ends and escape codes; whatever is not printable is shown as
    Python's escape for it. Tracebacks keep their lines.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line with every character printable."""
        return one_line(super().formatMessage(record))


def one_line(text: str) -> str:
    r"""Return the text with unprintable characters escaped.

    >>> one_line("a\nb\x1b[31m")
    'a\\nb\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def set_up_logs(*, console_level: int = logging.INFO, log_file: Path | None = None) -> None:
    """Send the logs of `isocenter` to stderr and, where one is named, to a rotating file.

    Handlers of an earlier call are closed and replaced.

    Parameters
    ----------
    console_level
        Lowest level shown on stderr; the file takes every level from INFO, or lower with it.
    log_file
        Created with its folders; kept under 5 MiB, with three older ones beside it.

    Raises
    ------
    OSError
        If the log file cannot be opened.
    """
    logger = logging.getLogger(_ROOT)
    tear_down_logs()
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(console_level)
    console.setFormatter(OneLineFormatter(_LINE, "%H:%M:%S"))
    logger.addHandler(console)
    file_level = min(console_level, logging.INFO)
    if log_file is not None:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        to_file = RotatingFileHandler(
            log_file, maxBytes=LOG_FILE_BYTES_MAX, backupCount=LOG_FILES_KEPT, encoding="utf-8"
        )
        to_file.setLevel(file_level)
        to_file.setFormatter(OneLineFormatter(_LINE, "%Y-%m-%d %H:%M:%S"))
        logger.addHandler(to_file)
    logger.setLevel(console_level if log_file is None else file_level)
    logger.propagate = False


def tear_down_logs() -> None:
    """Close and remove the handlers that `set_up_logs` added."""
    logger = logging.getLogger(_ROOT)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = True
