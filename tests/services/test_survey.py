from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, RLELossless

from isocenter.limits import Limits
from isocenter.services.looks import take_look
from isocenter.services.survey import Survey, is_foreign, survey
from tests.builders import instance, series, set_fragments, to_bytes, write, write_series
from tests.conftest import Unprivileged


def look_at(folder: Path, limits: Limits | None = None) -> Survey:
    return survey(folder, take_look(folder).entries, limits or Limits())


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_whole_files_are_found_in_natural_order(tmp_path: Path) -> None:
    for index in (10, 2, 1):
        write(instance(index), tmp_path / f"s{index}.dcm")

    found = look_at(tmp_path)

    assert names(found.dicom) == ["s1.dcm", "s2.dcm", "s10.dcm"]
    assert found == Survey(dicom=found.dicom)


def test_foreign_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("hello")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(500))
    (tmp_path / "a.json").write_text("{}" * 400)

    assert look_at(tmp_path) == Survey()


@pytest.mark.parametrize("name", ["native", "fragments", "deflated"])
def test_a_file_that_was_cut_anywhere_is_unfinished(tmp_path: Path, name: str) -> None:
    dataset = instance(3)
    if name == "fragments":
        set_fragments(dataset, [b"\1\2" * 40], RLELossless)
    elif name == "deflated":
        dataset = instance(3, transfer_syntax_uid=DeflatedExplicitVRLittleEndian)
    whole = to_bytes(dataset)
    step = 211 if name == "deflated" else 61
    # The last bytes of a deflated stream tell only that it ends.
    end = len(whole) - (12 if name == "deflated" else 1)
    for length in [*range(0, end, step), end]:
        (tmp_path / f"{length:05d}").write_bytes(whole[:length])

    found = look_at(tmp_path)

    assert found.dicom == []
    assert len(found.unfinished) == len(take_look(tmp_path).entries)
    assert all(problem.reason for problem in found.unfinished)


@pytest.mark.parametrize("size", [0, 1, 132, 5000])
def test_a_file_of_zeros_is_unfinished(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.dcm").write_bytes(bytes(size))

    (problem,) = look_at(tmp_path).unfinished
    assert (problem.path.name, problem.is_dicom) == ("a.dcm", False)


def test_a_file_without_pixels_that_needs_none_is_whole(tmp_path: Path) -> None:
    dataset = instance()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"  # Basic Text SR
    del dataset.PixelData
    write(dataset, tmp_path / "report.dcm")

    assert names(look_at(tmp_path).dicom) == ["report.dcm"]


def test_an_unreadable_file_is_told(tmp_path: Path, unprivileged: Unprivileged) -> None:
    path = write(instance(), tmp_path / "a.dcm")
    path.chmod(0)

    with unprivileged(tmp_path):
        (problem,) = look_at(tmp_path).unavailable
    assert (problem.path, problem.reason) == (path, "no permission")


@pytest.mark.parametrize("what", ["grown", "gone"])
def test_a_file_that_is_not_as_it_looked_is_noticed(tmp_path: Path, what: str) -> None:
    path = write(instance(), tmp_path / "a.dcm")
    entries = take_look(tmp_path).entries
    if what == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + bytes(2))

    assert survey(tmp_path, entries).has_changed


def claim_series(claimed: int) -> Callable[[int, Dataset], None]:
    def vary(_: int, dataset: Dataset) -> None:
        dataset.NumberOfSeriesRelatedInstances = claimed

    return vary


def claim_acquisition(claimed: int) -> Callable[[int, Dataset], None]:
    def vary(index: int, dataset: Dataset) -> None:
        dataset.AcquisitionNumber = index // 3
        dataset.ImagesInAcquisition = claimed

    return vary


def test_a_series_may_claim_more_than_is_there(tmp_path: Path) -> None:
    write_series(series(4, vary=claim_series(6)), tmp_path)

    assert look_at(tmp_path).shortages == ["4 of 6 instances of a series are there"]


def test_acquisitions_are_counted_one_by_one(tmp_path: Path) -> None:
    write_series(series(5, vary=claim_acquisition(3)), tmp_path)

    assert look_at(tmp_path).shortages == ["2 of 3 instances of an acquisition are there"]


@pytest.mark.parametrize("claimed", [4, 3, 0, -5, 2_000_000_000])
def test_a_claim_that_is_met_or_makes_no_sense_is_no_shortage(tmp_path: Path, claimed: int) -> None:
    write_series(series(4, vary=claim_series(claimed)), tmp_path)

    assert look_at(tmp_path).shortages == []


def test_copies_of_one_instance_count_once(tmp_path: Path) -> None:
    datasets = series(3, vary=claim_series(4))
    write_series([*datasets, datasets[0]], tmp_path)

    assert look_at(tmp_path).shortages == ["3 of 4 instances of a series are there"]


def test_only_what_is_surely_no_dicom_is_foreign(tmp_path: Path) -> None:
    whole = to_bytes(instance())
    for name, content in {
        "text": b"a line of a log\n" * 20,
        "short": b"x",
        "empty": b"",
        "zeros": bytes(700),
        "whole": whole,
        "cut": whole[:300],
        "headless": whole[132 + 170 :],
    }.items():
        (tmp_path / name).write_bytes(content)

    foreign = {path.name for path in tmp_path.iterdir() if is_foreign(path)}

    assert {"text", "short"} <= foreign <= {"text", "short", "headless"}
    assert not is_foreign(tmp_path / "gone")
