"""The table of bounds: each has a unit and a reason, is positive, and is really used."""

import re
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

from isocenter.limits import DEFAULT, Limits

BOUNDS = fields(Limits)


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.name)
def test_every_bound_states_unit_and_reason(bound: object) -> None:
    metadata = getattr(bound, "metadata", {})

    assert re.fullmatch(r"[a-z]+", metadata["unit"])
    assert metadata["reason"].endswith(".")
    assert len(metadata["reason"]) > 20


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.name)
def test_every_bound_is_a_positive_number_and_no_other_is_taken(bound: object) -> None:
    name = getattr(bound, "name", "")

    assert getattr(DEFAULT, name) >= 1
    for wrong in (0, -1):
        with pytest.raises(ValueError, match=name):
            replace(DEFAULT, **{name: wrong})


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.name)
def test_every_bound_is_used(bound: object, repository: Path) -> None:
    name = getattr(bound, "name", "")
    users = [
        path
        for path in (repository / "src" / "isocenter").rglob("*.py")
        if path.name != "limits.py" and f".{name}" in path.read_text(encoding="utf-8")
    ]

    assert users, f"nothing reads limits.{name}"


def test_limits_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        DEFAULT.header_depth = 1  # type: ignore[misc]  # this is what the test is about


def test_what_is_held_is_less_than_what_is_stepped_over() -> None:
    assert DEFAULT.header_held_elements <= DEFAULT.header_elements
