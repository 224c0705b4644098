import contextlib
from pathlib import Path

import pytest

from isocenter.dicom.deidentify.regions import Region
from isocenter.errors import UnavailableError
from isocenter.limits import DEFAULT
from isocenter.services.anonymize import anonymize
from isocenter.services.reports import Work
from isocenter.services.text_candidates import TextCandidates
from tests.builders import write
from tests.pictures import pictures
from tests.rendering import indexed
from tests.text_reader import HEAD, stand_in

WORD = "5\t1\t1\t1\t1\t1\t{}\t10\t9\t6\t96\tJANE\n"


def found_by(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[Region]]:
    """Return sentence and regions of an ultrasound image, and check that nothing is left behind."""
    stand_in(folder, code)
    monkeypatch.setenv("PATH", str(folder))
    (dataset,) = pictures("US", 1, rows=40, columns=800)
    path = write(dataset, folder / "in" / "a.dcm")
    scratch = folder / "scratch"
    scratch.mkdir()
    with contextlib.ExitStack() as stack:
        candidates = TextCandidates(stack, scratch, DEFAULT)
        header = indexed(dataset)[0]
        sentence = candidates.sentence(path, header)
        regions = candidates.find(path, header) if "may stand" in sentence else []
        candidates.kill()
    assert not list(scratch.iterdir())
    return sentence, regions


def test_candidates_are_places_and_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = HEAD + WORD.format(5) + WORD.format(300)

    sentence, regions = found_by(tmp_path, f"print({table!r})", monkeypatch)

    assert regions == [Region(1, 6, 17, 14), Region(296, 6, 17, 14)]
    assert sentence == (
        "text may stand in 1,6,17,14 296,6,17,14 of the first frame; look at it before you decide"
    )


def test_the_program_gets_the_picture_of_the_first_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import sys; head = open(sys.argv[1], 'rb').read(24)\n"
        "assert head[1:4] == b'PNG' and head[16:24] == bytes((0, 0, 3, 32, 0, 0, 0, 40))\n"
        f"print({HEAD!r})"
    )

    sentence, _ = found_by(tmp_path, code, monkeypatch)

    assert sentence == "no text was recognised in the first frame, which proves nothing"


def test_many_candidates_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = HEAD + "".join(WORD.format(30 * number) for number in range(25))

    sentence, _ = found_by(tmp_path, f"print({table!r})", monkeypatch)

    assert " and 5 more of the first frame" in sentence


def test_failures_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence, _ = found_by(tmp_path, "raise SystemExit(1)", monkeypatch)

    assert sentence.startswith("text was looked for in vain: the program")


def test_an_image_that_is_held_back_is_failed_with_its_candidates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, f"print({HEAD + WORD.format(5)!r})")
    monkeypatch.setenv("PATH", str(tmp_path))
    (dataset,) = pictures("US", 1, rows=40, columns=800)
    path = write(dataset, tmp_path / "in" / "a.dcm")
    options = {"key_file": "0123456789abcdef0123456789abcdef", "detect_text": True}

    report = anonymize(Work(paths=(path,), out=tmp_path / "out", options=options))

    (outcome,) = report.files
    assert "ultrasound often has text" in outcome.reason
    assert "text may stand in 1,6,17,14 of the first frame" in outcome.reason
    assert not list((tmp_path / "out").glob("*.dcm"))
    monkeypatch.setenv("PATH", str(tmp_path / "in"))
    with pytest.raises(UnavailableError, match="Tesseract"):
        anonymize(Work(paths=(path,), out=tmp_path / "out", options=options))


def test_without_the_program_nothing_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with contextlib.ExitStack() as stack, pytest.raises(UnavailableError):
        TextCandidates(stack, tmp_path, DEFAULT)
