"""Facts are values: equal ones are the same, and nobody changes them."""

import dataclasses

import pytest

from isocenter.store.catalog_facts import INSTANCE, SERIES, STUDY, SearchValue
from tests.catalogs import facts


def test_levels_go_down_from_the_study() -> None:
    assert STUDY < SERIES < INSTANCE


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        facts().frames = 2  # type: ignore[misc]


def test_equal_values_are_one() -> None:
    assert len({SearchValue("00100010", "a", "x"), SearchValue("00100010", "a", "x")}) == 1
