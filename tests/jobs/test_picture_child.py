"""The child process of pictures of native Frames: its table, and that it starts and ends."""

import subprocess
import sys

from isocenter.jobs.picture_child import TABLE
from isocenter.jobs.sandbox import PICTURE_CHILD, READY


def test_table_names_each_function_by_its_module() -> None:
    for name, function in TABLE.items():
        assert name == f"{function.__module__}:{function.__name__}"


def test_child_says_that_it_is_ready_and_ends_with_its_input() -> None:
    ended = subprocess.run(
        [sys.executable, *PICTURE_CHILD, "{}"],
        input=b"",
        capture_output=True,
        timeout=60,
        check=True,
    )

    assert ended.stdout in (READY, b"")
    assert ended.stderr == b""
