"""`isocenter worker`: works on jobs beside the server, on as many machines as wished."""

import logging
import signal
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import FrameType

from isocenter.errors import InvalidInputError
from isocenter.logs import log_event, set_up_server_logs, tear_down_logs
from isocenter.settings import read_settings

logger = logging.getLogger(__name__)

_DONE = 0
_JOBS_MOST = 1024


def add_options(command: ArgumentParser) -> None:
    """Add the options."""
    command.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder for scratch files and a copy of the server's secret "
        "(default: ISOCENTER_DATA, else the user's own)",
    )
    command.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="how many jobs to work on at once (default: one for each processor core)",
    )


def run(chosen: Namespace, environment: Mapping[str, str]) -> int:
    """Work until a signal ends it; return the exit code."""
    # Here, so that help starts fast.
    from isocenter.engines import data_folder
    from isocenter.platform import open_platform

    settings = read_settings(environment)
    if chosen.data is not None:
        settings = replace(settings, data_folder=str(chosen.data))
    if chosen.jobs is not None:
        if not 1 <= chosen.jobs <= _JOBS_MOST:
            raise InvalidInputError(f"--jobs must be 1 to {_JOBS_MOST}")
        settings = replace(settings, jobs=chosen.jobs)
    told = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with open_platform(settings, data_folder(settings, environment)) as platform:
        platform.work()
        set_up_server_logs()
        log_event(logger, "worker.started")
        print("Isocenter works on jobs. Ctrl+C stops.", flush=True)
        try:
            told.wait()
        finally:
            platform.stop_work()
            log_event(logger, "worker.stopped")
            tear_down_logs()
    return _DONE
