import pytest

from isocenter.errors import NotFoundError
from isocenter.services.actions import ACTIONS, resolve


def test_the_table_has_the_actions_of_this_version_under_their_names() -> None:
    assert list(ACTIONS) == ["merge", "split", "headers", "info", "summary"]
    assert all(name == action.name for name, action in ACTIONS.items())


def test_info_and_summary_only_describe() -> None:
    assert [name for name, action in ACTIONS.items() if not action.writes] == ["info", "summary"]


def test_an_unknown_action_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        resolve("frobnicate")


@pytest.mark.parametrize("name", list(ACTIONS))
def test_every_action_resolves_to_a_function(name: str) -> None:
    assert callable(resolve(name))
