"""Export of videos: names, stacks, windows, reports, and what goes wrong."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset

from isocenter.errors import CancelledError, InvalidInputError
from isocenter.services.reports import NoProgress, Report, Work
from isocenter.services.video import export_video
from tests.builders import CANARY, series, set_fragments, write, write_series
from tests.rendering import image
from tests.videos import digests_of, frames_of, make_video, probe

pytestmark = pytest.mark.judge("ffmpeg", "ffprobe")


def run(
    *paths: Path, jobs: int = 1, out: Path | None = None, **options: str | bool | None
) -> Report:
    return export_video(Work(paths=paths, out=out, options=options, jobs=jobs, durable=False))


def names(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for kind in ("mp4", "avi")
        for path in folder.rglob(f"*.{kind}")
    )


def brightness(path: Path) -> list[float]:
    return [round(float(value)) for value in frames_of(path).mean(axis=(1, 2, 3))]


def multi_frame(*values: int, rows: int = 4, **elements: str) -> Dataset:
    dataset = image(np.zeros((rows, 6)), NumberOfFrames=len(values))
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    dataset.PixelData = b"".join(bytes([grey]) * rows * 6 for grey in values)
    return dataset


def flat_slices(count: int, series_name: str = "series") -> list[Dataset]:
    """Return slices each of which is brighter than the one below it."""
    slices = series(count, series_name=series_name)
    for number, one in enumerate(slices):
        one.PixelData = np.full((8, 6), 1000 * number, "<u2").tobytes()
        one.RescaleIntercept, one.WindowCenter, one.WindowWidth = "0", "2000", "4001"
    return slices


def test_a_multi_frame_file_becomes_a_video_of_its_name(tmp_path: Path) -> None:
    write(multi_frame(0, 50, 250, FrameTime="100"), tmp_path / "sub/heart.dcm")

    report = run(tmp_path, jobs=2)

    assert names(tmp_path) == ["sub/heart.mp4"]
    assert brightness(tmp_path / "sub/heart.mp4") == [0, 50, 250]
    assert probe(tmp_path / "sub/heart.mp4")["avg_frame_rate"] == "10/1"
    assert [(one.path.name, one.frames) for one in report.outputs] == [("heart.mp4", 3)]
    assert report.warnings == []


def test_slices_become_one_video_in_the_order_of_the_stack(tmp_path: Path) -> None:
    slices = flat_slices(4)
    for name, one in zip("dacb", slices, strict=True):
        one.InstanceNumber = ord(name)
        write(one, tmp_path / f"{name}.dcm")

    report = run(tmp_path)

    assert names(tmp_path) == ["series31.mp4"]
    assert brightness(tmp_path / "series31.mp4") == pytest.approx([0, 64, 128, 191], abs=1)
    assert (report.done, len(report.outputs)) == (4, 1)
    assert CANARY not in names(tmp_path)[0]
    # The pixels of this series are 0.75 mm high and 0.5 mm wide.
    assert probe(tmp_path / "series31.mp4")["sample_aspect_ratio"] == "2:3"


def test_series_and_sizes_become_videos_of_their_own(tmp_path: Path) -> None:
    write_series(flat_slices(2, series_name="a"), tmp_path / "a")
    write_series(flat_slices(2, series_name="b"), tmp_path / "b")
    larger = series(2, rows=16, series_name="b")
    for number, one in enumerate(larger):
        write(one, tmp_path / f"b/larger{number}.dcm")

    run(tmp_path, out=tmp_path / "out")

    assert names(tmp_path) == [
        f"out/{name}.mp4" for name in ("a/series31", "b/series31", "b/series31_1")
    ]


def test_a_template_names_the_videos_of_stacks(tmp_path: Path) -> None:
    write_series(flat_slices(2), tmp_path)

    run(tmp_path, name_template="{modality}_{index}")

    assert names(tmp_path) == ["CT_1.mp4"]


def test_a_single_frame_is_a_video_only_where_it_is_named(tmp_path: Path) -> None:
    path = write(multi_frame(7), tmp_path / "one.dcm")

    report = run(tmp_path)
    assert (report.done, report.skipped) == (0, 1)
    assert "name the file itself" in report.files[0].reason

    report = run(path)
    assert names(tmp_path) == ["one.mp4"]
    assert probe(tmp_path / "one.mp4")["nb_read_frames"] == "1"


def test_a_second_run_makes_nothing_new(tmp_path: Path) -> None:
    write(multi_frame(0, 50), tmp_path / "a.dcm")
    write(multi_frame(0, 60), tmp_path / "a.ima")
    write_series(flat_slices(3), tmp_path / "slices")
    run(tmp_path, jobs=2)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.mp4")}
    assert names(tmp_path) == ["a.mp4", "a_1.mp4", "slices/series31.mp4"]

    run(tmp_path, jobs=2)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.mp4")} == before


def test_what_is_video_already_is_copied_out(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    dataset = image(np.zeros((48, 64, 3)), NumberOfFrames=10)
    set_fragments(dataset, [video.read_bytes()], "1.2.840.10008.1.2.4.102", has_offset_table=False)
    write(dataset, tmp_path / "in/a.dcm")

    report = run(tmp_path / "in", annotations=True)

    assert digests_of(tmp_path / "in/a.mp4") == digests_of(video)
    assert report.outputs[0].frames == 10
    assert "it is video already" in report.warnings[0]


def test_annotations_are_burnt_in_only_where_they_are_asked_for(tmp_path: Path) -> None:
    slices = series(2, rows=64, columns=256)
    write_series(slices, tmp_path)
    for one in slices:
        one.PixelData = bytes(2 * 64 * 256)
    write_series(slices, tmp_path)

    run(tmp_path, out=tmp_path / "clean", window="full")
    run(tmp_path, out=tmp_path / "burnt", window="full", annotations=True)

    assert frames_of(tmp_path / "clean/series31.mp4").max() <= 2
    assert frames_of(tmp_path / "burnt/series31.mp4").max() > 200


def test_a_series_is_shown_in_one_window(tmp_path: Path) -> None:
    slices = flat_slices(2)
    slices[0].PixelData = slices[1].PixelData
    slices[1].WindowCenter, slices[1].WindowWidth = "1000", "100"
    write_series(slices, tmp_path)

    report = run(tmp_path)

    one, other = brightness(tmp_path / "series31.mp4")
    assert one == other
    assert "several windows" in report.warnings[0]


def test_without_windows_it_is_measured(tmp_path: Path) -> None:
    slices = flat_slices(3)
    for one in slices:
        del one.WindowCenter, one.WindowWidth
    write_series(slices, tmp_path)

    run(tmp_path, jobs=2)

    assert brightness(tmp_path / "series31.mp4") == pytest.approx([0, 128, 255], abs=1)


def test_other_types_and_rates_are_options(tmp_path: Path) -> None:
    write(multi_frame(0, 50, FrameTime="100"), tmp_path / "a.dcm")

    run(tmp_path, container="avi", fps="4")

    assert names(tmp_path) == ["a.avi"]
    assert probe(tmp_path / "a.avi")["avg_frame_rate"] == "4/1"


@pytest.mark.parametrize(
    "options",
    [{"container": "gif"}, {"fps": "x"}, {"fps": "0"}, {"window": "5"}, {"name_template": "a/b"}],
)
def test_options_that_say_nothing_sensible_are_refused(
    options: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError):
        export_video(Work(paths=(tmp_path,), options=options))


def test_a_copy_of_a_slice_is_not_shown_twice(tmp_path: Path) -> None:
    slices = flat_slices(3)
    write_series(slices, tmp_path)
    write(slices[1], tmp_path / "copy.dcm")

    report = run(tmp_path)

    assert report.outputs[0].frames == 3
    assert [one.reason for one in report.files if one.status == "skipped"] == [
        "byte-identical copy of '0001.dcm'"
    ]


def test_a_missing_rate_is_told(tmp_path: Path) -> None:
    write(multi_frame(0, 50), tmp_path / "a.dcm")

    assert run(tmp_path).warnings == ["a.mp4: the header has no frame rate: 30 frames a second"]


def test_bad_files_fail_by_name_and_leave_the_others_alone(tmp_path: Path) -> None:
    write(multi_frame(0, 50), tmp_path / "good.dcm")
    (tmp_path / "junk.txt").write_text("text\n" * 100)
    short = multi_frame(0, 50)
    short.PixelData = bytes(10)
    write(short, tmp_path / "short.dcm")
    empty = multi_frame(0, 50)
    empty.PixelData = b""
    write(empty, tmp_path / "empty.dcm")
    absurd = multi_frame(0, 50)
    absurd.Rows = absurd.Columns = 65535
    write(absurd, tmp_path / "absurd.dcm")
    broken = set_fragments(
        multi_frame(0, 50), [b"\xff\xd8\xff\0", b"oops"], "1.2.840.10008.1.2.4.50"
    )
    write(broken, tmp_path / "broken.dcm")
    fake = set_fragments(multi_frame(0, 50), [b"no video" * 9], "1.2.840.10008.1.2.4.102")
    write(fake, tmp_path / "fake.dcm")

    report = run(tmp_path, jobs=2)

    assert names(tmp_path) == ["good.mp4"]
    assert {one.path.name: one.status for one in report.files} == {
        "good.dcm": "done",
        "junk.txt": "skipped",
        **dict.fromkeys(
            ("short.dcm", "empty.dcm", "absurd.dcm", "broken.dcm", "fake.dcm"), "failed"
        ),
    }
    assert all(one.reason for one in report.files if one.status != "done")


def test_a_slice_that_cannot_be_shown_is_named_to_the_others(tmp_path: Path) -> None:
    slices = flat_slices(3)
    slices[1].PixelData = bytes(4)
    write_series(slices, tmp_path)

    report = run(tmp_path)

    assert names(tmp_path) == []
    reasons = [one.reason for one in report.files]
    assert report.failed == 3
    assert "no video: '0001.dcm'" in reasons[0]
    assert "bytes" in reasons[1]


def test_a_file_named_that_is_none_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text\n" * 100)

    assert run(path).failed == 1


class Stop(NoProgress):
    """Stops while videos are made."""

    def __init__(self) -> None:
        self.is_encoding = False

    def start(self, total: int, label: str) -> None:  # noqa: ARG002 - as Progress has it
        self.is_encoding = label == "Encoding"

    def check_cancelled(self) -> None:
        if self.is_encoding:
            raise CancelledError("stopped")


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    write(multi_frame(*range(200), rows=500), tmp_path / "a.dcm")
    before = sorted(tmp_path.iterdir())

    with pytest.raises(CancelledError):
        export_video(Work(paths=(tmp_path,), progress=Stop(), durable=False))

    assert sorted(tmp_path.iterdir()) == before
