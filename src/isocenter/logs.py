"""Logs: of the command line for its user, of servers for whoever looks after them.

Logs of the command line: one line an event, `HH:MM:SS [LEVEL] message`, on stderr.

A log file is written only where the caller names one, with the full date; it rotates, so that
it never fills a disk. Messages on the command line may name the user's own files, never the
value of an element.

Logs of servers (`log_event`): an event name and values under the keys of an allow-list, as JSON.
"""

import json
import logging
import re
import sys
import time
import traceback
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


# What a line of a server's log may say besides its event. None of these can hold a name, the
# value of an element, a UID, a query, a token or a body: objects are named by internal ids.
SERVER_KEYS = frozenset(
    {
        "action",
        "attempt",
        "bytes_in",
        "bytes_out",
        "count",
        "duration_ms",
        "error",
        "job",
        "kind",
        "method",
        "port",
        "principal",
        "request",
        "route",
        "scheme",
        "seconds",
        "session",
        "state",
        "status",
        "version",
        "where",
    }
)
_EVENT = re.compile(r"[a-z0-9_.]{1,64}")
_VALUE = re.compile(r"[A-Za-z0-9 _.,:/{}()<>=-]{0,200}")


def log_event(
    logger: logging.Logger, event: str, *, level: int = logging.INFO, **values: str | float | None
) -> None:
    """Write a line of a server's log: an event and values under keys of the allow-list.

    A value that is no number and no plain short text is left out: whatever could carry what a
    client sent is not written.

    Raises
    ------
    ValueError
        If the event or a key is not one that is allowed; a test would find it.
    """
    if _EVENT.fullmatch(event) is None or not values.keys() <= SERVER_KEYS:
        msg = "this event or key is not allowed in logs"
        raise ValueError(msg)
    if logger.isEnabledFor(level):
        said = {key: value for key, value in values.items() if _is_plain(value)}
        logger.log(level, "%s", event, extra={"event_values": said})


def where_of(error: BaseException) -> str:
    """Return the innermost places of an error in our code, without any value.

    >>> where_of(ValueError("Jane Doe"))
    ''
    """
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " ".join(f"{Path(frame.filename).stem}:{frame.lineno}" for frame in reversed(frames))


class EventFormatter(logging.Formatter):
    """Format a record as one line of JSON: time, level, event and its values.

    Records that were not written by `log_event` come from libraries and may say anything; of
    those the line says the logger's name and nothing else.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        values = getattr(record, "event_values", None)
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "at": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
        }
        if values is None:
            line |= {"event": "library", "kind": record.name}
        else:
            line |= {"event": record.getMessage(), **values}
        return json.dumps(line)


def set_up_server_logs(*, level: int = logging.INFO) -> None:
    """Send events to stderr as lines of JSON, and nothing that is not one."""
    tear_down_logs()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EventFormatter())
    logger = logging.getLogger(_ROOT)
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False


def _is_plain(value: object) -> bool:
    return isinstance(value, int | float) or (
        isinstance(value, str) and _VALUE.fullmatch(value) is not None
    )
