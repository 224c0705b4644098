"""De-identification keeps the science: pixels, geometry, acquisition, references, validity.

One run over all shared data; what comes out is judged by programs that had no part in it.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pydicom
import pytest
from pydicom import Dataset

from tests.judges import (
    assert_same_volumes,
    decompressed,
    errors_of,
    frames_by_dcmtk,
    volumes_of,
)
from tests.privacy.acquisition import ACQUISITION
from tests.privacy.planted_values import table_tags

pytestmark = pytest.mark.usefixtures("odd_values_allowed")

ISOCENTER = Path(sys.executable).parent / "isocenter"
OPTIONS = (
    *("--clean", "structured-content", "--clean", "graphics"),
    *("--accept", "raw-data", "--accept-burned-in"),
)
KEY = "a key for tests, 32 bytes long, 1"
# Groups of attributes that say how a picture was taken, and what it shows.
GROUPS = frozenset({0x0008, 0x0018, 0x0020, 0x0028, 0x0040, 0x0048, 0x0054, 0x0062, 0x3004, 0x5200})
# What a de-identified object says of itself.
FLAGS = frozenset({0x00280303})


class Pair(NamedTuple):
    """A source and what came of it."""

    source: Path
    made: Path


class Run(NamedTuple):
    """One run of the command over a folder."""

    pairs: dict[str, Pair]
    outcomes: list[dict[str, object]]
    code: int


def anonymize(source: Path, work: Path, *, key: str = KEY) -> Run:
    """Run the command and pair its outputs with their sources by the report."""
    work.mkdir(parents=True, exist_ok=True)
    key_file, report = work / "key", work / "report.json"
    key_file.write_text(key)
    key_file.chmod(0o600)
    command = [ISOCENTER, "anonymize", source, "--out", work / "out", "--report", report]
    command += ["--key-file", key_file, "--no-fsync", "--quiet"]
    done = subprocess.run(
        [*map(str, command), *OPTIONS], capture_output=True, check=False, timeout=500
    )
    outcomes = json.loads(report.read_text())["files"]
    pairs = {
        str(Path(outcome["path"]).relative_to(source)): Pair(
            Path(outcome["path"]), Path(outcome["outputs"][0])
        )
        for outcome in outcomes
        if outcome["outputs"]
    }
    return Run(pairs, outcomes, done.returncode)


@pytest.fixture(scope="module")
def run(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return what became of all shared data."""
    return anonymize(shared_data / "dicom", tmp_path_factory.mktemp("utility"))


def _headers(pair: Pair) -> tuple[Dataset, Dataset]:
    return (
        pydicom.dcmread(pair.source, stop_before_pixels=True, force=True),
        pydicom.dcmread(pair.made, stop_before_pixels=True),
    )


def test_every_file_passes_or_is_held_back_with_a_reason(run: Run) -> None:
    failed = [outcome for outcome in run.outcomes if not outcome["outputs"]]
    leaks = [one for one in failed if "still holds" in str(one["reason"])]

    assert run.code == 3
    assert len(run.pairs) > 840
    assert leaks == []
    assert all(outcome["reason"] for outcome in failed)


NATIVE = (
    "series/ct_chest_60/IM0108.dcm",
    "series/mr_mosaic_3/*1.dcm",
    "series/pet_wb_299/000000.dcm",
    "barre/US-RGB-8-epicard.dcm",
    "pydicom/test_files/MR_small.dcm",
    "cornerstone/TestPattern_RGB.dcm",
    "cornerstone/TestPattern_Palette_16.dcm",
    "transfer_syntaxes_ct/*ImplicitVR*.dcm",
    "transfer_syntaxes_ct/*LittleEndian*",
    "pydicom-data/SC_rgb_16bit.dcm",
)
COMPRESSED = (
    "transfer_syntaxes_ct/*1.2.4.50.dcm",
    "transfer_syntaxes_ct/*1.2.4.51.dcm",
    "transfer_syntaxes_ct/*1.2.4.57.dcm",
    "transfer_syntaxes_ct/*1.2.4.70.dcm",
    "transfer_syntaxes_ct/*1.2.4.80.dcm",
    "transfer_syntaxes_ct/*1.2.4.90.dcm",
    "transfer_syntaxes_ct/*1.2.5.dcm",
    "dicomparser/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm",
)


def _chosen(run: Run, shared_data: Path, patterns: tuple[str, ...]) -> Iterator[Pair]:
    """Yield the first file of each pattern that came out."""
    for pattern in patterns:
        for path in sorted((shared_data / "dicom").glob(pattern)):
            name = str(path.relative_to(shared_data / "dicom"))
            if name in run.pairs:
                yield run.pairs[name]
                break


@pytest.mark.judge("dcmdump")
def test_native_pixels_are_identical(run: Run, shared_data: Path, tmp_path: Path) -> None:
    pairs = list(_chosen(run, shared_data, NATIVE))

    assert len(pairs) > 6
    for number, pair in enumerate(pairs):
        before = frames_by_dcmtk(pair.source, tmp_path / f"{number}a")
        assert frames_by_dcmtk(pair.made, tmp_path / f"{number}b") == before, pair.source


@pytest.mark.judge("gdcmconv")
def test_compressed_pixels_decode_to_the_same_samples(
    run: Run, shared_data: Path, tmp_path: Path
) -> None:
    pairs = list(_chosen(run, shared_data, COMPRESSED))

    assert len(pairs) > 6
    for number, pair in enumerate(pairs):
        before, after = (
            pydicom.dcmread(decompressed(path, tmp_path / f"{number}{path.parent.name}"))
            for path in pair
        )
        assert hashlib.sha256(after.PixelData).digest() == hashlib.sha256(before.PixelData).digest()


CASE_NUMBERS = ("PatientID", "AccessionNumber", "StudyID")


def test_what_was_acquired_and_how_stays_exactly(run: Run) -> None:
    changed = Counter[str]()
    kept = 0
    for pair in run.pairs.values():
        source, made = _headers(pair)
        numbers = {str(source.get(keyword)) for keyword in CASE_NUMBERS}
        numbers = {number for number in numbers if len(number) > 3}
        for keyword in ACQUISITION:
            # A Series Number that is the number of the case goes with it.
            if str(source.get(keyword) or "") not in {"", *numbers}:
                is_same = made.get(keyword) == source[keyword].value
                kept += is_same
                changed[keyword] += not is_same

    assert kept > 15000
    assert +changed == {}


def _attributes(source: Dataset, made: Dataset) -> Iterator[tuple[str, bool]]:
    """Yield the attributes of the groups above that the table does not name; whether they stay."""
    named = frozenset(table_tags())
    for element in source:
        tag = int(element.tag)
        is_meant = tag >> 16 in GROUPS and tag not in named | FLAGS
        if not is_meant or not element.keyword or element.is_empty or element.VR == "UI":
            continue
        if element.VR != "SQ":
            yield element.keyword, element.tag in made and made[element.tag].value == element.value
        elif element.tag in made:
            for before, after in zip(element.value, made[element.tag].value, strict=False):
                yield from _attributes(before, after)


def test_nearly_all_attributes_outside_the_table_stay(run: Run) -> None:
    found = Counter[bool]()
    for pair in run.pairs.values():
        found.update(stays for _, stays in _attributes(*_headers(pair)))

    assert found[True] / found.total() > 0.97


def _uids(dataset: Dataset, path: tuple[object, ...] = ()) -> Iterator[tuple[object, str]]:
    for element in dataset:
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from _uids(item, (*path, element.tag, number))
        elif element.VR == "UI" and element.value:
            values = [element.value] if isinstance(element.value, str) else list(element.value)
            for number, value in enumerate(values):
                yield (*path, element.tag, number), str(value)


def _mapping(run: Run) -> dict[str, set[str]]:
    """Return for each UID of the sources what it became, by the places where it stands."""
    mapping: dict[str, set[str]] = {}
    for pair in run.pairs.values():
        source, made = _headers(pair)
        after = dict(_uids(made))
        for place, uid in _uids(source):
            if place in after:
                mapping.setdefault(uid, set()).add(after[place])
    return mapping


def test_uids_become_the_same_everywhere_and_no_two_become_one(run: Run) -> None:
    # Where an Item goes, later ones take its place: the same UID must stand at the same place.
    names = [name for name in run.pairs if name.startswith("series/")]
    mapping = _mapping(Run({name: run.pairs[name] for name in names}, [], 0))
    made = [uid for uids in mapping.values() for uid in uids]

    assert len(mapping) > 500
    assert [uid for uid, uids in mapping.items() if len(uids) != 1] == []
    assert len(set(made)) == len(made)


# Sequences of the evidence and of the content of structured reports.
_REPORTS = frozenset({0x0040A730, 0x0040A375, 0x0040A385})


@pytest.mark.parametrize("is_report", [False, True])
def test_references_point_to_what_exists(run: Run, *, is_report: bool) -> None:
    sources, results = set(), set()
    references: list[tuple[str, str]] = []
    for pair in run.pairs.values():
        source, made = _headers(pair)
        sources.add(str(source.get("SOPInstanceUID")))
        results.add(str(made.SOPInstanceUID))
        after = dict(_uids(made))
        references += [
            (uid, after[place])
            for place, uid in _uids(source)
            if isinstance(place, tuple)
            and place[-2] == 0x00081155
            and place in after
            and (place[0] in _REPORTS) is is_report
        ]
    known = [(before, after) for before, after in references if before in sources]

    assert len(known) > 4
    assert [before for before, after in known if after not in results] == []


def test_another_run_with_the_same_key_gives_the_same_and_another_key_does_not(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "some"
    shutil.copytree(shared_data / "dicom" / "series" / "ct_gantry_tilt_4", folder)
    one = anonymize(folder, tmp_path / "one")
    again = anonymize(folder, tmp_path / "again")
    other = anonymize(folder, tmp_path / "other", key="another key for tests, 32 bytes..")

    made = [_mapping(run) for run in (one, again, other)]
    registered = {uid for uid, uids in made[0].items() if uids == {uid}}

    assert [pair.made.read_bytes() for pair in one.pairs.values()] == [
        pair.made.read_bytes() for pair in again.pairs.values()
    ]
    assert all(made[0][uid] != made[2][uid] for uid in made[0].keys() - registered)


_VALUE = re.compile(r"<[^>]*>")
VALID = (
    "series/ct_chest_60/IM0108.dcm",
    "series/ct_gantry_tilt_4/*",
    "series/pet_wb_299/000010.dcm",
    "series/mr_fmri_150/*08.dcm",
    "series/mr_mosaic_3/*",
    "siemens_xa30/*",
    "highdicom/seg_image_ct_binary.dcm",
    "highdicom/sm_image.dcm",
    "highdicom/dx_image.dcm",
    "dcmqi/legacy_ct/mf.dcm",
    "dcmqi/mr/*",
    "barre/US-*",
    "barre/XA-*",
    "barre/NM-*",
    "rt-utils/rt.dcm",
    "pydicom/test_files/CT_small.dcm",
    "pydicom/test_files/rtplan.dcm",
    "pydicom/test_files/rtdose.dcm",
    "pydicom/test_files/waveform_ecg.dcm",
    "transfer_syntaxes_ct/*1.2.4.90.dcm",
)


@pytest.mark.judge("dciodvfy")
def test_no_result_has_errors_that_its_source_has_not(run: Run, shared_data: Path) -> None:
    pairs = list(_chosen(run, shared_data, VALID))
    new = {}
    for pair in pairs:
        known = {_VALUE.sub("", one.about) for one in errors_of(pair.source)}
        found = errors_of(pair.made)
        new[str(pair.source)] = [o.line for o in found if _VALUE.sub("", o.about) not in known]

    assert len(pairs) > 15
    assert {name: lines for name, lines in new.items() if lines} == {}


@pytest.mark.judge("dcm2niix")
@pytest.mark.parametrize(
    "series", ["ct_chest_60", "ct_gantry_tilt_4", "pet_wb_299", "mr_fmri_150", "ct_body_j2k_20"]
)
def test_dcm2niix_makes_the_same_volume(
    run: Run, shared_data: Path, tmp_path: Path, series: str
) -> None:
    folder = shared_data / "dicom" / "series" / series
    made = tmp_path / "made"
    made.mkdir()
    for name, pair in run.pairs.items():
        if name.startswith(f"series/{series}/"):
            shutil.copyfile(pair.made, made / pair.made.name)

    before, after = volumes_of(folder, tmp_path / "before"), volumes_of(made, tmp_path / "after")

    assert_same_volumes(after, before)
