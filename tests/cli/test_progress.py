import os
import subprocess
import sys
from pathlib import Path

import pytest

from isocenter.cli.progress import Bar, Silence, choose_progress
from tests.builders import series, write_series

SCRIPT = """
import sys
from isocenter.cli.progress import choose_progress

with choose_progress(sys.argv[1], is_quiet=sys.argv[2] == "quiet") as progress:
    if hasattr(progress, "_draw_at"):
        progress._draw_at = float(sys.argv[3])
    progress.start(4, "Merging [red]")
    for _ in range(4):
        progress.check_cancelled()
        progress.advance()
    progress.finish()
print("rich" in sys.modules)
"""


def on_terminal(*command: str) -> tuple[bytes, bytes]:
    """Return stdout (a pipe) and stderr (a terminal) of a command."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"}
    ) as process:
        os.close(theirs)
        assert process.stdout is not None
        output = process.stdout.read()
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not part:
                break
            seen += part
    os.close(ours)
    assert process.returncode == 0, seen
    return output, seen


def test_there_is_no_bar_in_a_pipe() -> None:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, "auto", "loud", "0"], check=True, capture_output=True
    )

    assert (result.stdout.split(), result.stderr) == ([b"False"], b"")


def test_a_bar_on_a_terminal_shows_the_label_as_it_is() -> None:
    output, seen = on_terminal(sys.executable, "-c", SCRIPT, "auto", "loud", "0")

    assert output.split() == [b"True"]
    assert b"Merging [red]" in seen
    assert b"100%" in seen


@pytest.mark.parametrize("choice", [("auto", "quiet", "0"), ("never", "loud", "0")], ids=str)
def test_a_user_who_wants_no_bar_has_none(choice: tuple[str, ...]) -> None:
    output, seen = on_terminal(sys.executable, "-c", SCRIPT, *choice)

    assert output.split() == [b"False"]
    assert seen == b""


def test_short_work_shows_no_bar_and_loads_nothing_for_it() -> None:
    output, seen = on_terminal(sys.executable, "-c", SCRIPT, "auto", "loud", "inf")

    assert output.split() == [b"False"]
    assert seen == b""


def test_results_stay_clean_while_a_bar_is_shown(tmp_path: Path) -> None:
    write_series(series(3), tmp_path)
    script = (
        "import sys, isocenter.cli.progress as progress;"
        "progress._DELAY_SECONDS = 0;"
        "from isocenter.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )

    output, _ = on_terminal(sys.executable, "-c", script, "merge", str(tmp_path))

    (merged,) = tmp_path.glob("*_multiframe.dcm")
    assert output.decode() == f"{merged} (0.0 MB, 3 frames)\n"


def test_the_choice_depends_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    assert isinstance(choose_progress("auto", is_quiet=False), Bar)
    assert isinstance(choose_progress("auto", is_quiet=True), Silence)
