"""What is planted is really there, everywhere it is meant to be."""

from collections import Counter
from pathlib import Path

import pydicom
import pytest

from tests.judges import run
from tests.privacy.markers import Markers
from tests.privacy.planted_documents import DECIDED, DOCUMENTS
from tests.privacy.planted_values import CHARACTER_SETS, table_tags
from tests.privacy.planting import IMAGES, plant
from tests.privacy.scanner import Scanner

EVERYTHING = {**IMAGES, **DOCUMENTS, **DECIDED}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Markers]:
    """Return a folder of planted files and what is in them."""
    folder = tmp_path_factory.mktemp("planted")
    return folder, plant(folder, EVERYTHING)


def test_more_than_twenty_thousand_markers_are_planted_and_each_is_unique(
    planted: tuple[Path, Markers],
) -> None:
    _, markers = planted

    assert len({marker.value for marker in markers}) == len(markers) > 20000


def test_the_scanner_finds_every_marker_in_the_sources(planted: tuple[Path, Markers]) -> None:
    folder, markers = planted
    found = set().union(*Scanner(markers).in_folder(folder).values())

    assert [marker for marker in markers if marker not in found] == []


def test_every_attribute_of_the_table_is_planted_at_the_root_and_nested(
    planted: tuple[Path, Markers],
) -> None:
    _, markers = planted
    at_root = {marker.tags[0] for marker in markers if marker.tags}
    nested = {tag for marker in markers for tag in marker.tags[1:]}
    # Two bytes are too few to be known again.
    left_out = {tag for tag in table_tags() if tag not in at_root}

    assert len(table_tags()) > 590
    assert len(left_out) < 10
    assert set(table_tags()) - left_out <= nested


def test_the_same_files_are_planted_each_time(tmp_path: Path) -> None:
    plant(tmp_path / "one", EVERYTHING)
    plant(tmp_path / "other", EVERYTHING)
    one, other = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in files}
        for name, files in (
            (name, [path for path in (tmp_path / name).rglob("*") if path.is_file()])
            for name in ("one", "other")
        )
    )

    assert one == other


def test_every_form_of_value_and_every_character_set_is_planted(
    planted: tuple[Path, Markers],
) -> None:
    counts = Counter(marker.form for marker in planted[1])
    plain = {"text", "uid", "date", "time", "integer", "decimal", "word", "bytes"}

    assert counts.keys() == plain | (set(CHARACTER_SETS.values()) - {"ascii"})


@pytest.mark.judge("dcmdump")
@pytest.mark.parametrize("name", sorted(EVERYTHING.keys() - {"commands", "behind"}))
def test_dcmtk_reads_what_is_planted(planted: tuple[Path, Markers], name: str) -> None:
    (path,) = planted[0].rglob(f"{name}-*.dcm")

    run("dcmdump", "--quiet", "--load-short", path)


def test_pydicom_reads_the_pixels_of_planted_images(planted: tuple[Path, Markers]) -> None:
    for name in ("root", "implicit", "nested", "bits", "jpeg", "j2k", "overlays"):
        (path,) = planted[0].rglob(f"{name}-*.dcm")

        assert pydicom.dcmread(path).pixel_array.shape[-2:] == (16, 16)
