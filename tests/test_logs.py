"""Logs: one line an event, on stderr and in a file that rotates."""

import json
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


def test_an_event_is_one_line_of_json_with_allowed_keys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up_server_logs()
    try:
        logs.log_event(logging.getLogger("isocenter.http"), "request", status=200, route="/app")
    finally:
        logs.tear_down_logs()
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["status"], line["route"]) == ("request", 200, "/app")


def test_a_key_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="not allowed"):
        logs.log_event(logging.getLogger("isocenter"), "request", path="/x")


def test_a_value_that_could_carry_what_a_client_sent_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up_server_logs()
    try:
        logs.log_event(logging.getLogger("isocenter"), "request", route="Doe^Jane\n", status=1)
    finally:
        logs.tear_down_logs()
    written = capsys.readouterr().err
    assert "Jane" not in written
    assert json.loads(written)["status"] == 1


def test_of_records_of_libraries_only_the_logger_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up_server_logs()
    try:
        logging.getLogger("isocenter.other").warning("Jane Doe")
    finally:
        logs.tear_down_logs()
    written = capsys.readouterr().err
    assert "Jane" not in written
    assert json.loads(written)["kind"] == "isocenter.other"
