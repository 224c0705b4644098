"""Zero: no marker of more than 20,000 is left, whatever the options, but where one retains it."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pydicom
import pytest

from isocenter.dicom.deidentify.profile import NOT_AVAILABLE, Held, Option, Profile
from tests.privacy.deidentified import KEY, results
from tests.privacy.markers import Marker, Markers
from tests.privacy.options import may_stay
from tests.privacy.planted_documents import DECIDED, DOCUMENTS
from tests.privacy.planting import IMAGES, plant
from tests.privacy.scanner import Scanner

AVAILABLE = frozenset(Option) - NOT_AVAILABLE.keys()
CHOICES: dict[str, frozenset[Option]] = {
    "basic": frozenset(),
    **{str(option): frozenset({option}) for option in sorted(AVAILABLE)},
    "all": frozenset(AVAILABLE - {Option.RETAIN_FULL_DATES}),
    "all with full dates": frozenset(AVAILABLE - {Option.RETAIN_MODIFIED_DATES}),
}
DOCUMENT_NAMES = ("pdf", "cda", "stl")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Markers]:
    """Return a folder of planted files and what is in them."""
    folder = tmp_path_factory.mktemp("planted")
    return folder, plant(folder, {**IMAGES, **DOCUMENTS, **DECIDED})


@pytest.mark.parametrize("choice", CHOICES)
def test_no_marker_is_left(planted: tuple[Path, Markers], choice: str, tmp_path: Path) -> None:
    folder, markers = planted
    options = CHOICES[choice]
    accepted = frozenset(set(Held) - {Held.DOCUMENT})
    profile = Profile(key=KEY, options=options, accepted=accepted)
    scanner = Scanner(markers)
    left: list[Marker] = []
    passed = 0

    for result in results(sorted(folder.rglob("*.dcm")), profile, tmp_path / "scratch"):
        is_document = result.path.name.startswith(DOCUMENT_NAMES)
        assert is_document == bool(result.reason), f"{result.path.name}: {result.reason}"
        assert result.hits == ()
        passed += not is_document
        found = scanner.in_bytes(result.data)
        left += [marker for marker in found if not may_stay(marker, options)]

    assert passed == len({**IMAGES, **DOCUMENTS, **DECIDED}) - len(DOCUMENT_NAMES)
    assert left == []


def test_every_date_is_moved_by_the_same_days(
    planted: tuple[Path, Markers], tmp_path: Path
) -> None:
    (path,) = planted[0].rglob("root-*.dcm")
    profile = Profile(key=KEY, options=frozenset({Option.RETAIN_MODIFIED_DATES}))
    (result,) = results([path], profile, tmp_path)
    source, made = pydicom.dcmread(path), pydicom.dcmread(io.BytesIO(result.data))
    moved = {
        (_day(element.value) - _day(source[element.tag].value)).days
        for element in made
        if element.VR == "DA" and element.value not in ("", "19000101")
    }

    assert len(moved) == 1
    assert -3652 <= moved.pop() < 0


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()


@pytest.mark.parametrize("name", sorted(DECIDED))
def test_what_holds_free_text_is_held_back(
    planted: tuple[Path, Markers], name: str, tmp_path: Path
) -> None:
    (path,) = planted[0].rglob(f"{name}-*.dcm")

    (result,) = results([path], Profile(key=KEY), tmp_path)

    assert result.data == b""
    assert "held back" in result.reason
