import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from isocenter.errors import CancelledError, InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT
from isocenter.services.merge import merge
from isocenter.services.reports import NoProgress, Report, Work
from isocenter.services.split import split
from tests.builders import CORONAL, SAGITTAL, instance, series, to_bytes, write, write_series
from tests.conftest import Unprivileged
from tests.in_memory import merged_stack
from tests.raw_instance import SC, ct_slice, part10, text

SEVERAL_FRAMES_OF_REFERENCE = (
    "Frame of Reference UIDs differ or are missing: one was derived, "
    "those of the slices are kept per frame"
)
NAME = "CANARY_Jrg_series31_multiframe.dcm"


def run(*paths: Path, out: Path | None = None, **options: object) -> Report:
    return merge(Work(paths=paths, out=out, options=options, jobs=2, durable=False))


def reasons(report: Report) -> dict[str, tuple[str, str]]:
    """Return status and reason by name."""
    return {outcome.path.name: (outcome.status, outcome.reason) for outcome in report.files}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Watched(NoProgress):
    """Counts steps; stops the action when there are enough, once."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.steps: dict[str, int] = {}
        self.totals: dict[str, int] = {}
        self.label = ""
        self.stop_after = stop_after

    def start(self, total: int, label: str) -> None:
        self.label = label
        self.totals[label] = total
        self.steps[label] = 0

    def advance(self, steps: int = 1) -> None:
        self.steps[self.label] += steps

    def check_cancelled(self) -> None:
        if self.stop_after is not None and sum(self.steps.values()) >= self.stop_after:
            self.stop_after = None
            raise CancelledError


def test_a_folder_becomes_one_file_beside_its_slices(tmp_path: Path) -> None:
    paths = write_series(series(4), tmp_path / "in")

    report = run(tmp_path / "in")

    (output,) = report.outputs
    assert output.path == tmp_path / "in" / NAME
    assert output.frames == 4
    assert output.size_bytes == output.path.stat().st_size
    assert dcmread(output.path).NumberOfFrames == 4
    assert [outcome.path for outcome in report.files] == paths
    assert {(outcome.status, outcome.outputs) for outcome in report.files} == {
        ("done", (output.path,))
    }
    assert report.warnings == []


def test_outputs_go_to_the_folder_that_the_caller_names(tmp_path: Path) -> None:
    write_series(series(2), tmp_path / "in" / "deep")

    report = run(tmp_path / "in", out=tmp_path / "new" / "out")

    assert [output.path for output in report.outputs] == [tmp_path / "new" / "out" / NAME]
    assert names(tmp_path / "in" / "deep") == ["0000.dcm", "0001.dcm"]


def test_slices_in_subfolders_are_merged_into_the_named_folder(tmp_path: Path) -> None:
    for index, dataset in enumerate(series(3)):
        write(dataset, tmp_path / f"part{index}" / "slice.dcm")

    report = run(tmp_path)

    assert [output.path for output in report.outputs] == [tmp_path / NAME]
    assert merge(Work(paths=(tmp_path,), recursive=False, durable=False)).outputs == []


def test_a_second_run_finds_its_output_and_changes_nothing(tmp_path: Path) -> None:
    write_series(series(3), tmp_path)
    first = run(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}

    again = run(tmp_path)

    assert again.outputs == first.outputs
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert reasons(again)[NAME] == ("skipped", "already a multi-frame instance (3 frames)")


def test_a_file_of_that_name_is_never_overwritten(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)
    (tmp_path / NAME).write_bytes(b"the user's own")

    report = run(tmp_path)

    assert [output.path.name for output in report.outputs] == [NAME.replace(".dcm", "_1.dcm")]
    assert (tmp_path / NAME).read_bytes() == b"the user's own"


def test_two_series_of_one_name_get_two_files(tmp_path: Path) -> None:
    write_series(series(2), tmp_path / "a")
    write_series(series(3, series_name="other"), tmp_path / "b")

    report = run(tmp_path, out=tmp_path / "out")

    assert [output.path.name for output in report.outputs] == [NAME, NAME[:-4] + "_1.dcm"]
    assert [output.frames for output in report.outputs] == [2, 3]
    assert report.warnings == []


def test_the_same_slices_give_the_same_file_whatever_their_names(tmp_path: Path) -> None:
    datasets = series(5)
    write_series(datasets, tmp_path / "a")
    write_series(datasets[::-1], tmp_path / "b")

    one, other = (run(tmp_path / name).outputs[0].path for name in "ab")

    assert one.read_bytes() == other.read_bytes()


def test_sizes_and_orientations_are_separate_files_and_none_is_lost(tmp_path: Path) -> None:
    slices = [*series(3), *series(2, rows=4, series_name="series")]
    for index, dataset in enumerate(slices):
        dataset.SOPInstanceUID = f"1.2.{index}"
    slices += series(1, orientation=SAGITTAL) + series(1, orientation=CORONAL)
    write_series(slices, tmp_path / "in")

    report = run(tmp_path, out=tmp_path / "out")

    assert sorted(output.frames for output in report.outputs) == [1, 1, 2, 3]
    assert report.count("done") == 7
    assert any("of different size, pixel format or class: 4 files" in w for w in report.warnings)


def test_parallel_stacks_of_one_format_are_reported_as_stacks(tmp_path: Path) -> None:
    write_series([*series(2), *series(2, orientation=CORONAL)], tmp_path / "in")

    report = run(tmp_path, out=tmp_path / "out")

    assert "one series holds slices in several stacks: 2 files of 2, 2 frame(s)" in report.warnings
    numbers = {dcmread(output.path).InstanceNumber for output in report.outputs}
    assert numbers == {1, 2}
    assert len({dcmread(output.path).SeriesInstanceUID for output in report.outputs}) == 1


def test_gaps_and_what_the_slices_lack_are_reported_with_the_file(tmp_path: Path) -> None:
    def vary(index: int, dataset: Dataset) -> None:
        dataset.FrameOfReferenceUID = f"1.2.{index}"
        dataset.PixelData += bytes(4)

    write_series(series(6, missing=[3], vary=vary), tmp_path)

    report = run(tmp_path)

    assert report.warnings == [
        f"{NAME}: gap: about 1 slice(s) missing between locations 3 and 4",
        f"{NAME}: {SEVERAL_FRAMES_OF_REFERENCE}",
        f"{NAME}: 5 slice(s): 4 byte(s) after the pixels are no pixels, left out",
    ]


def test_copies_are_skipped_and_named(tmp_path: Path) -> None:
    paths = write_series(series(3), tmp_path)
    shutil.copy(paths[1], tmp_path / "copy.dcm")

    report = run(tmp_path)

    assert report.outputs[0].frames == 3
    assert reasons(report)["copy.dcm"] == ("skipped", "byte-identical copy of '0001.dcm'")


def test_one_uid_with_other_content_is_kept_and_reported(tmp_path: Path) -> None:
    datasets = series(3)
    write_series(datasets, tmp_path)
    datasets[1].SeriesDescription = "sent again"
    write(datasets[1], tmp_path / "again.dcm")

    report = run(tmp_path)

    assert report.outputs[0].frames == 4
    assert report.count("done") == 4
    assert (
        "1 SOP Instance UID(s) stand in several files with other content; all are kept"
        in report.warnings
    )


def test_two_patients_under_one_series_uid_are_kept_apart_and_reported(tmp_path: Path) -> None:
    datasets = series(4)
    for index, dataset in enumerate(datasets):
        dataset.PatientID = f"patient {index % 2}"
    write_series(datasets, tmp_path / "in")

    report = run(tmp_path, out=tmp_path / "out")

    patients = [str(dcmread(output.path).PatientID) for output in report.outputs]
    assert patients == ["patient 0", "patient 1"]
    assert [output.frames for output in report.outputs] == [2, 2]
    assert (
        "one Series Instance UID stands for 2 patients or studies; they are kept apart"
        in report.warnings
    )


def test_what_is_broken_is_named_and_the_rest_is_merged(tmp_path: Path) -> None:
    paths = write_series(series(5), tmp_path)
    whole = paths[2].read_bytes()
    paths[2].write_bytes(whole[:-20])
    paths[3].write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.dcm").touch()
    (tmp_path / "notes.txt").write_text("not an image")

    report = run(tmp_path)

    found = reasons(report)
    assert report.outputs[0].frames == 3
    assert found["0002.dcm"][0] == found["0003.dcm"][0] == "failed"
    assert "ends inside element (7FE0,0010)" in found["0002.dcm"][1]
    assert "ends inside element" in found["0003.dcm"][1]
    assert found["empty.dcm"][0] == found["notes.txt"][0] == "skipped"
    assert report.failed == 2


def test_a_file_that_was_asked_for_by_name_must_be_dicom(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not an image")

    report = run(tmp_path / "notes.txt", tmp_path / "missing.dcm")

    assert {outcome.status for outcome in report.files} == {"failed"}
    assert "not a DICOM file" in reasons(report)["notes.txt"][1]
    assert reasons(report)["missing.dcm"][1] == "there is no such file or folder"


def test_an_unreadable_file_is_named(tmp_path: Path, unprivileged: Unprivileged) -> None:
    paths = write_series(series(3), tmp_path / "in")
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o777)
    paths[1].chmod(0)

    with unprivileged(tmp_path):
        report = run(tmp_path / "in", out=tmp_path / "out")

    assert reasons(report)["0001.dcm"] == ("failed", "no permission")
    assert report.outputs[0].frames == 2


def test_a_read_only_folder_fails_with_a_sentence(
    tmp_path: Path, unprivileged: Unprivileged
) -> None:
    write_series(series(2), tmp_path / "in")

    with unprivileged(tmp_path):
        report = run(tmp_path / "in")

    assert report.outputs == []
    assert {outcome.reason for outcome in report.files} == {"no permission"}
    assert names(tmp_path / "in") == ["0000.dcm", "0001.dcm"]


def test_what_is_no_image_or_alone_is_left_as_it_is(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)
    report_only = instance(7)
    report_only.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    del report_only.PixelData
    write(report_only, tmp_path / "sr.dcm")
    screen = instance(8)
    screen.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    write(screen, tmp_path / "screen.dcm")

    found = reasons(run(tmp_path))

    assert found["sr.dcm"] == ("skipped", "no image")
    assert found["screen.dcm"] == (
        "skipped",
        "alone of its kind in its series: nothing to merge with",
    )


def big_endian(dataset: Dataset, path: Path) -> None:
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    swapped = bytearray(dataset.PixelData)
    swapped[::2], swapped[1::2] = swapped[1::2], swapped[::2]
    dataset.PixelData = bytes(swapped)
    dcmwrite(path, dataset, enforce_file_format=True)


def deflated(dataset: Dataset, path: Path) -> None:
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dcmwrite(path, dataset, enforce_file_format=True)


@pytest.mark.parametrize("encode", [big_endian, deflated])
def test_big_endian_and_deflated_slices_are_merged_with_the_others(
    tmp_path: Path, encode: Callable[[Dataset, Path], None]
) -> None:
    plain = run(*write_series(series(4), tmp_path / "plain"), out=tmp_path / "out")
    datasets = series(4)
    write_series(datasets[:2], tmp_path / "odd")
    for index, dataset in enumerate(datasets[2:]):
        encode(dataset, tmp_path / "odd" / f"odd{index}.dcm")

    report = run(tmp_path / "odd")

    (output,) = report.outputs
    assert report.failed == 0
    ours, expected = dcmread(output.path), dcmread(plain.outputs[0].path)
    assert ours.NumberOfFrames == 4
    assert ours.PixelData == expected.PixelData
    assert ours.file_meta.TransferSyntaxUID == expected.file_meta.TransferSyntaxUID


def test_a_slice_that_changes_while_it_is_read_spoils_only_its_own_stack(tmp_path: Path) -> None:
    """The folder is looked at once more between reading and writing, as a copying user does."""
    write_series(series(3), tmp_path / "a")
    write_series(series(3, series_name="other"), tmp_path / "b")

    class Meddler(Watched):
        def start(self, total: int, label: str) -> None:
            super().start(total, label)
            if label == "Merging":
                touched = tmp_path / "a" / "0001.dcm"
                later = time.time() + 10
                os.utime(touched, (later, later))

    report = merge(Work(paths=(tmp_path,), out=tmp_path / "out", progress=Meddler(), durable=False))

    by_path = {str(o.path.relative_to(tmp_path)): (o.status, o.reason) for o in report.files}
    assert by_path["a/0001.dcm"] == ("failed", "it changed while it was read")
    assert by_path["a/0000.dcm"] == (
        "failed",
        "not merged: '0001.dcm': it changed while it was read",
    )
    assert [output.frames for output in report.outputs] == [3]
    assert names(tmp_path / "out") == [NAME]


@pytest.mark.parametrize("stop_after", [0, 3, 5, 7])
def test_a_cancelled_merge_leaves_nothing_half_written(tmp_path: Path, stop_after: int) -> None:
    """While reading (5 slices), and between two frames of the one stack."""
    paths = write_series(series(5), tmp_path)

    with pytest.raises(CancelledError):
        merge(Work(paths=(tmp_path,), progress=Watched(stop_after), durable=False))

    assert sorted(tmp_path.iterdir()) == paths


def test_progress_counts_files_and_then_frames(tmp_path: Path) -> None:
    write_series(series(3), tmp_path)
    (tmp_path / "notes.txt").touch()
    watched = Watched()

    merge(Work(paths=(tmp_path,), progress=watched, durable=False))

    assert watched.totals == watched.steps == {"Reading": 4, "Merging": 3}


def test_more_slices_than_the_bound_are_refused(tmp_path: Path) -> None:
    write_series(series(3), tmp_path)
    limits = replace(DEFAULT, series_slices=2)

    with pytest.raises(TooLargeError):
        merge(Work(paths=(tmp_path,), limits=limits, durable=False))

    assert merge(Work(paths=(tmp_path,), durable=False)).outputs[0].frames == 3


def test_an_empty_folder_gives_an_empty_report(tmp_path: Path) -> None:
    report = run(tmp_path)

    assert (report.files, report.outputs, report.warnings) == ([], [], [])


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_names_with_quotes_newlines_and_no_encoding_are_read(tmp_path: Path) -> None:
    odd = [b"a 'b' \"c\".dcm", b"new\nline", b"\xff\xfe.dcm", b"..odd.."]
    (tmp_path / "in").mkdir()
    for name, dataset in zip(odd, series(4), strict=True):
        (tmp_path / "in" / os.fsdecode(name)).write_bytes(to_bytes(dataset))

    report = run(tmp_path / "in", out=tmp_path / "out")

    assert report.outputs[0].frames == 3, "names that begin with a dot are hidden"
    assert report.failed == 0


def test_parts_of_a_concatenation_are_numbered_and_appear_together(tmp_path: Path) -> None:
    paths = write_series(series(5), tmp_path / "in")
    limits = replace(DEFAULT, instance_pixel_bytes=2 * 96)

    report = merge(
        Work(paths=(tmp_path / "in",), out=tmp_path / "out", limits=limits, durable=False)
    )

    stem = NAME.removesuffix(".dcm")
    assert names(tmp_path / "out") == [f"{stem}_part{number}.dcm" for number in (1, 2, 3)]
    assert [output.frames for output in report.outputs] == [2, 2, 1]
    assert [outcome.path for outcome in report.files] == paths
    assert len(report.files[0].outputs) == 3


def test_frames_that_split_left_beside_their_source_are_not_merged_again(tmp_path: Path) -> None:
    write_series(series(3), tmp_path / "in")
    (merged,) = run(tmp_path / "in", out=tmp_path / "out").outputs
    split(Work(paths=(merged.path,), durable=False))

    report = run(tmp_path / "out")

    assert report.outputs == []
    assert {outcome.status for outcome in report.files} == {"skipped"}
    assert sum(f"a frame of {NAME!r}" in outcome.reason for outcome in report.files) == 3


def test_one_picture_alone_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(part10(ct_slice(sop_class=SC)))

    report = run(tmp_path)

    assert reasons(report)["a.dcm"][0] == "skipped"
    assert names(tmp_path) == ["a.dcm"]


def test_one_picture_that_no_class_takes_fails_only_where_there_are_others(tmp_path: Path) -> None:
    inverse = {0x00280004: text("CS", "MONOCHROME1")}
    (tmp_path / "a.dcm").write_bytes(part10({**ct_slice(sop_class=SC), **inverse}))

    alone = run(tmp_path)
    (tmp_path / "b.dcm").write_bytes(part10(ct_slice(1, sop_class=SC)))
    beside = run(tmp_path)

    assert reasons(alone)["a.dcm"][0] == "skipped"
    assert reasons(beside)["a.dcm"][0] == "failed"
    assert "MONOCHROME1" in reasons(beside)["a.dcm"][1]
    assert reasons(beside)["b.dcm"][0] == "skipped"


@pytest.mark.parametrize("sop_class", ["enhanced ct", "x"])
def test_a_class_that_is_no_choice_is_refused(tmp_path: Path, sop_class: str) -> None:
    with pytest.raises(InvalidInputError):
        run(tmp_path, sop_class=sop_class)


def test_headers_that_do_not_fit_into_memory_are_read_again(tmp_path: Path) -> None:
    """Past the bound of what is remembered, the outcome is the same."""

    def vary(index: int, dataset: Dataset) -> None:
        dataset.add_new(0x00091001, "OB", bytes([index]) * 3_000_000)
        dataset.add_new(0x00090010, "LO", "LARGE")

    datasets = series(4, vary=vary)
    write_series(datasets, tmp_path / "in")

    (output,) = run(tmp_path / "in", out=tmp_path / "out").outputs

    assert output.path.read_bytes() == merged_stack([to_bytes(one) for one in datasets]).stream


def test_files_asked_for_by_name_are_merged_beside_the_first(tmp_path: Path) -> None:
    paths = write_series(series(3), tmp_path)
    inverse = tmp_path / "inverse.dcm"
    inverse.write_bytes(part10({**ct_slice(), 0x00280004: text("CS", "MONOCHROME1")}))

    report = run(*paths, inverse)

    assert [output.path for output in report.outputs] == [tmp_path / NAME]
    status, reason = reasons(report)["inverse.dcm"]
    assert (status, "MONOCHROME2" in reason) == ("failed", True)
