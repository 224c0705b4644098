"""Attributes that are searched besides the usual ones, for what is there and for what comes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.errors import ConflictError, InvalidInputError
from tests.archives import Desk, open_desk
from tests.builders import instance, series


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as made:
        yield made


@pytest.mark.parametrize("level", ["study", "series", "instance"])
def test_what_is_there_and_what_comes_is_found_by_a_new_attribute(desk: Desk, level: str) -> None:
    desk.store(*series(3))
    assert desk.studies(("KVP", "120")).ignored == ("KVP",)

    looked_at = desk.archive.tags.add("KVP", level)

    other = instance(series_name="other")
    other.StudyInstanceUID += ".1"
    other.KVP = 80
    desk.store(other)
    kvp = int(instance().KVP)
    assert looked_at == 3
    assert len(desk.studies(("KVP", str(kvp))).matches) == 1
    assert len(desk.studies(("00180060", "80.0")).matches) == 1
    assert not desk.studies(("KVP", "1")).matches
    desk.archive.tags.remove("KVP")
    assert desk.studies(("KVP", "1")).ignored == ("KVP",)


@pytest.mark.parametrize(
    ("name", "level", "error"),
    [
        ("PatientName", "study", ConflictError),
        ("StudyDate", "series", ConflictError),
        ("Nonsense", "study", InvalidInputError),
        ("PixelData", "instance", InvalidInputError),
        ("KVP", "patient", InvalidInputError),
    ],
)
def test_attribute_that_cannot_be_added_is_refused(
    desk: Desk, name: str, level: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        desk.archive.tags.add(name, level)
