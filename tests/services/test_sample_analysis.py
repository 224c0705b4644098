import json
from pathlib import Path

import pytest
from PIL import Image

from isocenter.errors import InvalidInputError
from isocenter.limits import DEFAULT
from isocenter.services.sample_analysis import analyze
from tests.builders import CANARY, series, write, write_series


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what was made of a CT series, an MR series and a file that is none."""
    study, output = (tmp_path_factory.mktemp(name) for name in ("study", "output"))
    write_series(series(3), study / "ct")
    write_series(series(2, modality="MR", series_name="mr"), study / "mr")
    flat = tmp_path_factory.mktemp("flat")
    for number, path in enumerate(sorted(study.rglob("*.dcm"))):
        path.rename(flat / f"{number:06d}.dcm")
    (flat / "999999.dcm").write_bytes(b"no DICOM")
    analyze(flat, output, DEFAULT)
    return output


def test_values_count_and_measure(made: Path) -> None:
    told = json.loads((made / "report.json").read_text())

    assert (told["instances"], told["frames"], told["unreadable"]) == (5, 5, 1)
    by_modality = {one["modality"]: one for one in told["series"]}
    assert by_modality["CT"]["instances"] == 3
    assert by_modality["CT"]["sop_classes"] == {"CT Image Storage": 3}
    assert by_modality["MR"]["instances"] == 2


def test_the_text_says_the_same(made: Path) -> None:
    text = (made / "report.txt").read_text()

    assert "2 series, 5 instances, 5 frames" in text
    assert "1 files cannot be read" in text


def test_the_page_shows_each_series(made: Path) -> None:
    with Image.open(made / "contact-sheet.png") as sheet:
        low, high = sheet.convert("L").getextrema()
        assert (low, high) == (0, 255)
        assert sheet.width > sheet.height  # two side by side
    assert (made / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_nothing_says_who_the_patient_is(made: Path) -> None:
    for path in made.iterdir():
        assert CANARY.encode() not in path.read_bytes()


def test_a_study_without_pixels_has_no_pictures(tmp_path: Path) -> None:
    study, output = tmp_path / "study", tmp_path / "output"
    study.mkdir()
    output.mkdir()
    (dataset,) = series(1)
    for keyword in ("PixelData", "Rows", "Columns"):
        del dataset[keyword]
    write(dataset, study / "1.dcm")

    analyze(study, output, DEFAULT)

    assert sorted(path.name for path in output.iterdir()) == ["report.json", "report.txt"]


def test_nothing_that_can_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")

    with pytest.raises(InvalidInputError):
        analyze(tmp_path, tmp_path, DEFAULT)
