import io
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import DeflatedExplicitVRLittleEndian

from isocenter.errors import CancelledError
from isocenter.services.merge import merge
from isocenter.services.reports import NoProgress, Report, Work
from isocenter.services.split import split
from tests.builders import add_private, instance, series, to_bytes, write, write_series
from tests.conftest import Unprivileged
from tests.equality import differences, view
from tests.in_memory import merged_stack
from tests.multi_frame import classic, enhanced

RT_DOSE = "1.2.840.10008.5.1.4.1.1.481.2"


def run(*paths: Path, out: Path | None = None, **options: object) -> Report:
    return split(Work(paths=paths, out=out, options=options, durable=False))


def reasons(report: Report) -> dict[str, tuple[str, str]]:
    """Return status and reason by name."""
    return {outcome.path.name: (outcome.status, outcome.reason) for outcome in report.files}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def merged_file(path: Path, count: int = 3, *, series_name: str = "series") -> list[Dataset]:
    """Write a merged file and return its slices."""
    datasets = series(count, series_name=series_name, vary=lambda k, one: vary(one, k))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(merged_stack([to_bytes(dataset) for dataset in datasets]).stream)
    return datasets


def vary(dataset: Dataset, index: int) -> None:
    add_private(dataset, index)


class StopsAfter(NoProgress):
    """Stops the action at the n-th look, once."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def check_cancelled(self) -> None:
        self.looks -= 1
        if self.looks == 0:
            raise CancelledError


def test_frames_become_numbered_files_beside_the_input(tmp_path: Path) -> None:
    datasets = merged_file(tmp_path / "volume.dcm")

    report = run(tmp_path, original_uids=True)

    expected = [tmp_path / f"volume_frame{index:04d}.dcm" for index in range(3)]
    assert [output.path for output in report.outputs] == expected
    (outcome,) = report.files
    assert (outcome.status, list(outcome.outputs)) == ("done", expected)
    for path, source in zip(expected, datasets, strict=True):
        written = dcmread(path)
        assert not differences(view(written), view(dcmread(io.BytesIO(to_bytes(source)))))
        assert written.PixelData == source.PixelData
    assert [output.size_bytes for output in report.outputs] == [
        path.stat().st_size for path in expected
    ]


def test_outputs_keep_the_relative_folder_of_their_input(tmp_path: Path) -> None:
    merged_file(tmp_path / "in" / "deep" / "a.dcm", 1)
    merged_file(tmp_path / "in" / "b.dcm", 1, series_name="other")

    run(tmp_path / "in", out=tmp_path / "out")

    assert (tmp_path / "out" / "deep" / "a_frame0000.dcm").is_file()
    assert (tmp_path / "out" / "b_frame0000.dcm").is_file()
    assert names(tmp_path / "in") == ["b.dcm", "deep"]


def test_inputs_of_one_stem_get_names_of_their_own(tmp_path: Path) -> None:
    merged_file(tmp_path / "a.dcm", 1)
    merged_file(tmp_path / "a.ima", 1, series_name="other")

    report = run(tmp_path)

    assert [output.path.name for output in report.outputs] == [
        "a_frame0000.dcm",
        "a_frame0000_1.dcm",
    ]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    merged_file(tmp_path / "a.dcm")
    first = run(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}

    again = run(tmp_path)

    assert again.outputs == first.outputs
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert reasons(again)["a_frame0000.dcm"] == ("skipped", "already a single-frame instance")


def test_what_split_wrote_merges_to_the_same_again(tmp_path: Path) -> None:
    datasets = series(4)
    write_series(datasets, tmp_path / "in")
    work = Work(paths=(tmp_path / "in",), out=tmp_path / "merged", durable=False)
    (merged,) = merge(work).outputs
    run(merged.path, out=tmp_path / "back", original_uids=True)

    (again,) = merge(
        Work(paths=(tmp_path / "back",), out=tmp_path / "again", durable=False)
    ).outputs

    one, other = dcmread(merged.path), dcmread(again.path)
    uids = frozenset({0x00080018, 0x0020000E, 0x00209164})
    assert not differences(view(one, without=uids), view(other, without=uids))
    assert one.PixelData == other.PixelData


def test_what_cannot_be_split_is_named_and_the_rest_is_split(tmp_path: Path) -> None:
    merged_file(tmp_path / "good.dcm")
    whole = (tmp_path / "good.dcm").read_bytes()
    (tmp_path / "cut.dcm").write_bytes(whole[:-30])
    (tmp_path / "notes.txt").write_text("not an image")
    write(instance(), tmp_path / "single.dcm")
    write(classic(RT_DOSE, 2), tmp_path / "dose.dcm")

    report = run(tmp_path, tmp_path / "missing.dcm")

    found = reasons(report)
    assert found["good.dcm"][0] == "done"
    assert found["cut.dcm"][0] == "failed"
    assert "ends inside element (7FE0,0010)" in found["cut.dcm"][1]
    assert found["notes.txt"][0] == "skipped"
    assert found["single.dcm"] == ("skipped", "already a single-frame instance")
    assert found["dose.dcm"] == ("failed", "the planes of a dose grid make sense only together")
    assert found["missing.dcm"][0] == "failed"
    assert len(report.outputs) == 3


def test_what_others_made_is_split_and_what_it_lacks_is_told_once(tmp_path: Path) -> None:
    write(enhanced("MR", 3), tmp_path / "volume.dcm")

    report = run(tmp_path)

    assert [dcmread(output.path).InstanceNumber for output in report.outputs] == [1, 2, 3]
    (warning,) = report.warnings
    assert warning.startswith("volume.dcm: the source does not tell")
    assert warning.endswith(": ScanningSequence, SequenceVariant")


def test_original_uids_of_what_others_made_are_not_known(tmp_path: Path) -> None:
    write(enhanced("MR", 3), tmp_path / "volume.dcm")

    report = run(tmp_path, original_uids=True)

    assert reasons(report)["volume.dcm"][0] == "failed"
    assert names(tmp_path) == ["volume.dcm"]


def test_a_file_that_was_asked_for_by_name_must_be_dicom(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not an image")

    assert reasons(run(tmp_path / "notes.txt"))["notes.txt"][0] == "failed"


def test_frames_and_groups_that_do_not_match_leave_no_file(tmp_path: Path) -> None:
    """The first frames are fine; all of an input appear together, or none."""
    merged_file(tmp_path / "a.dcm", 4)
    dataset = dcmread(tmp_path / "a.dcm")
    del dataset.PerFrameFunctionalGroupsSequence[-1]
    dcmwrite(tmp_path / "a.dcm", dataset)

    report = run(tmp_path)

    assert reasons(report)["a.dcm"][0] == "failed"
    assert names(tmp_path) == ["a.dcm"]


def test_a_deflated_object_is_inflated_and_split(tmp_path: Path) -> None:
    datasets = merged_file(tmp_path / "a.dcm")
    dataset = dcmread(tmp_path / "a.dcm")
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dcmwrite(tmp_path / "a.dcm", dataset)

    report = run(tmp_path, original_uids=True)

    assert [dcmread(output.path).PixelData for output in report.outputs] == [
        source.PixelData for source in datasets
    ]


def test_functional_groups_that_are_odd_inside_are_read_by_pydicom(tmp_path: Path) -> None:
    """The VR of one element is written in small letters, against PS3.5 7.1.2."""
    datasets = merged_file(tmp_path / "a.dcm")
    whole = (tmp_path / "a.dcm").read_bytes()
    place = whole.index(b"\x20\x00\x32\x00DS")  # Image Position (Patient) of the first Frame
    (tmp_path / "a.dcm").write_bytes(whole[: place + 4] + b"ds" + whole[place + 6 :])

    report = run(tmp_path / "a.dcm", original_uids=True)

    assert reasons(report) == {"a.dcm": ("done", "")}
    positions = [dcmread(output.path).ImagePositionPatient for output in report.outputs]
    assert positions == [dataset.ImagePositionPatient for dataset in datasets]
    assert report.warnings[0].startswith("a.dcm: unusual encoding at byte")


def test_an_unwritable_folder_fails_with_a_sentence(
    tmp_path: Path, unprivileged: Unprivileged
) -> None:
    merged_file(tmp_path / "in" / "a.dcm")

    with unprivileged(tmp_path):
        report = run(tmp_path / "in")

    assert reasons(report) == {"a.dcm": ("failed", "no permission")}
    assert names(tmp_path / "in") == ["a.dcm"]


@pytest.mark.parametrize("looks", [1, 2, 4, 5])
def test_a_cancelled_split_leaves_whole_inputs_or_nothing(tmp_path: Path, looks: int) -> None:
    """One look before each of two files, one before each of their three frames."""
    merged_file(tmp_path / "a.dcm")
    merged_file(tmp_path / "b.dcm", series_name="other")

    with pytest.raises(CancelledError):
        split(Work(paths=(tmp_path,), progress=StopsAfter(looks), durable=False))

    frames = [name for name in names(tmp_path) if "frame" in name]
    assert frames == ([f"a_frame{index:04d}.dcm" for index in range(3)] if looks > 4 else [])
    assert not [name for name in names(tmp_path) if name.startswith(".")]
