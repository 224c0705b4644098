"""Logs: one line an event, on stderr and in a file that rotates."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter import logs

LOGGER = logging.getLogger("isocenter.tests")


@pytest.fixture(autouse=True)
def torn_down() -> Iterator[None]:
    yield
    logs.tear_down_logs()


def test_line_on_stderr_has_time_level_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up_logs()

    LOGGER.info("Processing %d files...", 400)
    LOGGER.debug("not shown")

    assert re.fullmatch(
        r"\d\d:\d\d:\d\d \[INFO\] Processing 400 files\.\.\.\n", capsys.readouterr().err
    )


def test_quiet_console_still_fills_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_file = tmp_path / "new" / "run.log"
    logs.set_up_logs(console_level=logging.ERROR, log_file=log_file)

    LOGGER.info("done")

    assert capsys.readouterr().err == ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[INFO\] done\n", log_file.read_text())


def test_message_cannot_forge_a_second_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up_logs()

    LOGGER.warning("bad name %s", "a\n12:00:00 [INFO] all done\x1b[2J\udcff")

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith(r"a\n12:00:00 [INFO] all done\x1b[2J\udcff")


def test_log_file_rotates_and_keeps_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LOG_FILE_BYTES_MAX", 200)
    logs.set_up_logs(console_level=logging.CRITICAL, log_file=tmp_path / "run.log")

    for number in range(100):
        LOGGER.info("line %d", number)

    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["run.log", "run.log.1", "run.log.2", "run.log.3"]
    assert all(path.stat().st_size <= 200 for path in tmp_path.iterdir())


def test_second_set_up_replaces_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up_logs()
    logs.set_up_logs()

    LOGGER.info("once")

    assert capsys.readouterr().err.count("once") == 1


def test_log_file_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        logs.set_up_logs(log_file=tmp_path)
