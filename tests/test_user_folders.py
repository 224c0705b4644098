import os
from pathlib import Path

import pytest

from isocenter.user_folders import user_config_folder, user_data_folder, user_state_folder


@pytest.mark.parametrize(
    ("system", "environment", "expected"),
    [
        ("linux", {"HOME": "/home/a"}, "/home/a/.local/state/isocenter"),
        ("linux", {"HOME": "/home/a", "XDG_STATE_HOME": "/state"}, "/state/isocenter"),
        ("linux", {"HOME": "/home/a", "XDG_STATE_HOME": "a"}, "/home/a/.local/state/isocenter"),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Application Support/isocenter"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="absolute paths as in POSIX")
def test_what_is_remembered_lies_in_the_users_folder(
    system: str, environment: dict[str, str], expected: str
) -> None:
    assert user_state_folder(environment, system) == Path(expected)


def test_without_a_home_there_is_no_folder() -> None:
    assert [user_state_folder({}, system) for system in ("linux", "darwin", "win32")] == [None] * 3


def test_data_is_kept_in_the_users_own_folder() -> None:
    assert user_data_folder({"HOME": "/h"}, "linux") == Path("/h/.local/share/isocenter")
    assert user_data_folder({"XDG_DATA_HOME": "/d", "HOME": "/h"}, "linux") == Path("/d/isocenter")
    assert user_data_folder({"XDG_DATA_HOME": "relative"}, "linux") is None


@pytest.mark.parametrize(
    ("system", "environment", "expected"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/name"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/c"}, "/c/name"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/name"),
        ("win32", {"LOCALAPPDATA": "/a"}, "/a/name/name"),
    ],
)
def test_a_program_is_configured_in_the_users_folder(
    system: str, environment: dict[str, str], expected: str
) -> None:
    assert user_config_folder(environment, "name", system) == Path(expected)
