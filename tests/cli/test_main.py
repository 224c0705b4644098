import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

import isocenter
from isocenter.cli.main import error_code, exit_code, guard, main
from isocenter.errors import (
    CancelledError,
    InvalidInputError,
    IsocenterError,
    TooLargeError,
    UnavailableError,
)
from isocenter.services.actions import action_commands
from isocenter.services.reports import FileOutcome, Report, Status
from tests.builders import series, write_series

ISOCENTER = [sys.executable, "-m", "isocenter.cli.main"]
needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals and pipes as in POSIX")


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"isocenter {isocenter.__version__}\n"


def test_help_names_every_action(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(name in text for name in action_commands())


@pytest.mark.parametrize("action", list(action_commands()))
def test_every_action_has_help(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([action, "-h"])

    assert ended.value.code == 0
    assert "PATH" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [[], ["frobnicate"], ["merge"], ["merge", "--frobnicate", "x"], ["merge", ""], ["--vers"]],
    ids=str,
)
def test_wrong_usage_ends_with_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["done", "done"], 0),
        (["done", "skipped"], 0),
        (["done", "failed"], 3),
        (["failed", "skipped"], 1),
        (["skipped"], 1),
        (["unchanged", "skipped"], 0),
        (["unchanged", "failed"], 3),
        ([], 1),
    ],
    ids=str,
)
def test_reports_become_exit_codes(statuses: list[Status], code: int) -> None:
    report = Report("merge", [FileOutcome(Path("a"), status) for status in statuses])

    assert exit_code(report) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInputError("the option"), 2),
        (TooLargeError("folder_files", 1, 2, "files"), 1),
        (UnavailableError("no permission"), 1),
        (CancelledError("stopped"), 130),
    ],
    ids=str,
)
def test_errors_become_exit_codes(
    error: IsocenterError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert error_code(error) == code
    assert guard("tool", raising(error)) == code
    assert capsys.readouterr().err == f"tool: {error}\n"


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def run() -> NoReturn:
        raise error

    return run


def test_ctrl_c_ends_with_one_line_and_code_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert guard("tool", raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "tool: interrupted, nothing half-written is left\n"


@needs_posix
def test_a_termination_ends_with_one_line_and_code_143(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def run() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    code = guard("tool", run)

    assert code == 143
    assert capsys.readouterr().err == "tool: terminated, nothing half-written is left\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_mistake_of_ours_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert guard("tool", raising(ValueError("CANARY"))) == 1

    text = capsys.readouterr().err
    assert text.endswith("tool: internal error: ValueError\n")
    assert "in raising" in text or "in run" in text
    assert "CANARY" not in text


def test_a_failure_of_the_machine_is_told_without_a_path(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert guard("tool", raising(OSError(28, "No space left", "/home/CANARY"))) == 1
    assert capsys.readouterr().err == "tool: cannot go on: the disk is full\n"


@needs_posix
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, unbuffered: str) -> None:
    write_series(series(200), tmp_path)
    command = [*ISOCENTER, "headers", str(tmp_path)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        errors = process.stderr.read()

    assert process.returncode == 141
    assert errors == b""


@needs_posix
def test_a_closed_stdout_is_no_error(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)
    command = ["sh", "-c", 'exec "$@" >&-', "sh", *ISOCENTER, "summary", str(tmp_path)]

    result = subprocess.run(command, check=False, capture_output=True)

    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_stdout_is_told(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*ISOCENTER, "summary", str(tmp_path)], check=False, stdout=full, stderr=subprocess.PIPE
        )

    assert result.returncode == 1
    assert result.stderr.startswith(b"isocenter: cannot go on: the disk is full")
    assert b"Traceback" not in result.stderr


def test_what_the_terminal_cannot_say_is_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "Jürgen-山田"
    write_series(series(2), folder)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    result = subprocess.run(
        [*ISOCENTER, "summary", str(folder)], check=False, capture_output=True, env=environment
    )

    assert result.returncode == 0, result.stderr
    assert rb"J\xfcrgen-\u5c71\u7530" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    ["['--version']", "['-h']", "['merge', '-h']"],
)
def test_help_and_version_load_no_heavy_library(arguments: str) -> None:
    heavy = {"pydicom", "numpy", "rich", "orjson", "sqlalchemy", "isocenter.dicom.header_index"}
    script = f"""
import sys
from isocenter.cli.main import main
try:
    main({arguments})
finally:
    assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)
"""

    result = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr


def test_merging_loads_neither_pydicom_nor_numpy_nor_rich(tmp_path: Path) -> None:
    write_series(series(3), tmp_path)
    script = """
import sys
from isocenter.cli.main import main
assert main(["merge", sys.argv[1]]) == 0
assert not {"pydicom", "numpy", "rich", "orjson", "sqlalchemy"} & set(sys.modules)
"""

    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=False, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr
