"""The watch script with the real program: slices arrive, are merged, and a signal ends it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import series, write_series

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell script")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_whole_watch_merges_what_arrives_and_stops(
    tmp_path: Path, checkout: Path, number: signal.Signals
) -> None:
    watched, out, log = (tmp_path / name for name in ("all 'patients'", "out", "watch.log"))
    write_series(series(3), watched / "first")
    command: list[str | Path] = ["./dicompressor-watch.sh", watched, "1", out, log]

    with subprocess.Popen(
        command, cwd=checkout / "compat", stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            wait_for(lambda: len(list(out.glob("*_multiframe.dcm"))) == 1, process)
            write_series(series(4, series_name="other"), watched / "deep" / "second")
            wait_for(lambda: len(list(out.glob("*_multiframe*.dcm"))) == 2, process)
            wait_for((watched / "deep" / "second" / ".dicompressor_done").exists, process)
            process.send_signal(number)
            printed, _ = process.communicate(timeout=120)
        finally:
            process.kill()  # where something above failed; else it has ended

    assert process.returncode == 0
    assert printed.splitlines()[-1] == "Watch mode stopped."
    assert "[OK] first" in printed.splitlines()
    assert (tmp_path / "watch.scan-state.json").exists()
    assert log.stat().st_size > 0


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something is so, at most two minutes, and only while the process runs."""
    end = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, "the watch ended"
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.05)
