"""The whole command: nothing of what was planted in files, names, output, reports and logs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from isocenter.dicom.deidentify.profile import Option
from tests.privacy.markers import Marker, Markers
from tests.privacy.options import may_stay
from tests.privacy.planted_documents import DECIDED, DOCUMENTS
from tests.privacy.planting import IMAGES, plant
from tests.privacy.scanner import Scanner

ISOCENTER = Path(sys.executable).parent / "isocenter"
HELD_BACK = frozenset(DECIDED)
ACCEPTED = ("structured-text", "presentation-text")
CHOICES: dict[str, tuple[str, ...]] = {
    "basic": (),
    "modified dates": ("--retain", "modified-dates"),
    "identities": (
        *("--retain", "device-identity", "--retain", "institution-identity"),
        *("--retain", "patient-characteristics", "--retain", "uids"),
    ),
    "cleaned": (
        *("--clean", "descriptors", "--clean", "structured-content", "--clean", "graphics"),
    ),
}
NAMES = "a name"


class Done(NamedTuple):
    """One run of the command: its outputs, exit code, and all that it printed and reported."""

    out: Path
    code: int
    printed: str
    report: str


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Markers]:
    """Return a folder of planted files and what is in them."""
    folder = tmp_path_factory.mktemp("planted")
    return folder, plant(folder, {**IMAGES, **DOCUMENTS, **DECIDED})


def anonymize(source: Path, work: Path, *options: str) -> Done:
    """Run the command with a key of its own."""
    key, out, report = work / "key", work / "out", work / "report.json"
    command = [ISOCENTER, "anonymize", source, "--out", out, "--report", report]
    done = subprocess.run(
        [*map(str, command), "--key-file", str(key), "--no-fsync", *options],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    text = report.read_text() if report.exists() else ""
    return Done(out, done.returncode, done.stdout + done.stderr, text)


def left_in(done: Done, markers: Markers, *options: str) -> list[Marker]:
    """Return the markers in names and bytes of the outputs that no option retains."""
    chosen = {
        Option(f"{kind[2:]}-{name}") for kind, name in zip(options[::2], options[1::2], strict=True)
    }
    found = set().union(*Scanner(markers).in_folder(done.out).values())
    return [marker for marker in found if not may_stay(marker, chosen)]


@pytest.mark.parametrize("choice", CHOICES)
def test_nothing_planted_comes_out(
    planted: tuple[Path, Markers], tmp_path: Path, choice: str
) -> None:
    folder, markers = planted
    options = CHOICES[choice]
    accept = [part for name in ACCEPTED for part in ("--accept", name)]

    done = anonymize(folder, tmp_path, *options, *accept)

    # Documents are held back, so that some files failed.
    assert done.code == 3, done.printed
    assert len(list(done.out.rglob("*.dcm"))) >= len(IMAGES) + len(DOCUMENTS)
    assert left_in(done, markers, *options) == []


def test_output_and_report_name_files_and_nothing_that_is_in_them(
    planted: tuple[Path, Markers], tmp_path: Path
) -> None:
    folder, markers = planted

    done = anonymize(folder, tmp_path)

    found = Scanner(markers).in_text(done.printed) | Scanner(markers).in_text(done.report)
    assert done.report
    # The user's own files are named, as the user calls them (STYLE 7).
    assert [marker for marker in found if marker.where != NAMES] == []


def test_what_is_held_back_has_a_reason_and_no_output(
    planted: tuple[Path, Markers], tmp_path: Path
) -> None:
    folder, markers = planted
    source = tmp_path / "source"
    source.mkdir()
    for name in HELD_BACK:
        (path,) = folder.rglob(f"{name}-*.dcm")
        shutil.copy(path, source)

    done = anonymize(source, tmp_path)

    outcomes = json.loads(done.report)["files"]
    assert done.code != 0
    assert not list(done.out.rglob("*.dcm"))
    assert len(outcomes) == len(HELD_BACK)
    assert all("held back" in outcome["reason"] for outcome in outcomes)
    assert Scanner(markers).in_folder(done.out) == {}


def test_the_source_is_not_changed(planted: tuple[Path, Markers], tmp_path: Path) -> None:
    folder, _ = planted
    (path,) = folder.rglob("root-*.dcm")
    before = path.read_bytes()

    anonymize(path, tmp_path)

    assert path.read_bytes() == before


def test_outputs_beside_their_inputs_hide_names_that_identify(
    planted: tuple[Path, Markers], tmp_path: Path
) -> None:
    (path,) = planted[0].rglob("root-*.dcm")
    data = path.read_bytes()
    identifier = next(m for m in planted[1] if m.where.startswith("root 00100020"))
    source = tmp_path / f"{identifier.value.decode().upper()}.dcm"
    source.write_bytes(data)

    command = [ISOCENTER, "anonymize", source, "--key-file", tmp_path / "key", "--no-fsync"]
    subprocess.run([str(part) for part in command], capture_output=True, check=True, timeout=100)

    (made,) = (one for one in tmp_path.glob("*.dcm") if one != source)
    assert identifier.value not in made.name.lower().encode()
