from pathlib import Path

import pytest

from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.deidentify.text_regions import FoundText
from isocenter.errors import DeadlineExceededError, InvalidInputError, UnavailableError
from isocenter.jobs.text_reader import find_text_reader, read_text
from isocenter.limits import Limits
from tests.text_reader import HEAD, stand_in


def test_words_and_places_come_back(tmp_path: Path) -> None:
    program = stand_in(
        tmp_path, f"print({HEAD!r} + '5\\t1\\t1\\t1\\t1\\t1\\t14\\t10\\t90\\t16\\t96\\tJANE')"
    )

    assert read_text(str(program), tmp_path / "a.png") == [
        FoundText(Region(14, 10, 90, 16), 96.0, 4)
    ]


def test_it_is_asked_for_sparse_text_as_a_table(tmp_path: Path) -> None:
    lines = (
        "import os, sys",
        "assert sys.argv[2:] == ['stdout', '--psm', '11', 'tsv'], sys.argv",
        "assert os.environ['OMP_THREAD_LIMIT'] == '1'",
        "assert 'SECRET' not in os.environ",
        f"print({HEAD!r})",
    )

    assert read_text(str(stand_in(tmp_path, "\n".join(lines))), tmp_path / "a.png") == []


@pytest.mark.parametrize(
    "code", ["raise SystemExit(1)", "print('nonsense')", "print('x' * 2000000)"]
)
def test_a_program_that_fails_is_an_error(tmp_path: Path, code: str) -> None:
    with pytest.raises(InvalidInputError):
        read_text(str(stand_in(tmp_path, code)), tmp_path / "a.png")


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    program = stand_in(tmp_path, "import time; time.sleep(60)")

    with pytest.raises(DeadlineExceededError):
        read_text(str(program), tmp_path / "a.png", Limits(child_seconds=1))


def test_without_the_program_nothing_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="installed"):
        find_text_reader()
    with pytest.raises(UnavailableError):
        read_text(str(tmp_path / "tesseract"), tmp_path / "a.png")

    stand_in(tmp_path, "")

    assert find_text_reader() == str(tmp_path / "tesseract")
