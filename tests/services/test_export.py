"""Export: names, windows over a series, reports, and what goes wrong."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset

from isocenter.errors import CancelledError, InvalidInputError
from isocenter.services.export import export, read_wish, stem_of
from isocenter.services.reports import NoProgress, Report, Work
from tests.builders import add_private, instance, series, write, write_series
from tests.rendering import image


def run(folder: Path, *, jobs: int = 1, out: Path | None = None, **options: str | bool) -> Report:
    return export(Work(paths=(folder,), out=out, options=options, jobs=jobs, durable=False))


def names(folder: Path, suffix: str = ".png") -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(f"*{suffix}"))


def grey(path: Path) -> list[list[int]]:
    with Image.open(path) as opened:
        values: list[list[int]] = np.asarray(opened).tolist()
    return values


def multi_frame(frames: int) -> Dataset:
    dataset = image([[0, 0]], NumberOfFrames=frames)
    dataset.PixelData = bytes(range(2 * frames))
    return dataset


def test_one_frame_is_named_after_the_file_and_several_are_numbered(tmp_path: Path) -> None:
    write(image([[1, 2]]), tmp_path / "one.dcm")
    write(multi_frame(3), tmp_path / "sub/three.dcm")

    report = run(tmp_path, jobs=2)

    assert names(tmp_path) == [
        "one.png",
        *(f"sub/three_frame{i:04d}.png" for i in range(3)),
    ]
    assert (report.done, report.failed, len(report.outputs)) == (2, 0, 4)
    assert grey(tmp_path / "sub/three_frame0002.png") == [[4, 5]]


def test_files_of_the_same_stem_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for value, name in enumerate(("a.dcm", "a.ima", "b.1.2", "b.1.3")):
        write(image([[value, 9]]), tmp_path / name)

    run(tmp_path, jobs=2)

    assert names(tmp_path) == ["a.png", "a_1.png", "b.1.2.png", "b.1.3.png"]
    assert [grey(tmp_path / name)[0][0] for name in names(tmp_path)] == [0, 1, 2, 3]


def test_a_picture_that_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    write(image([[1, 2]]), tmp_path / "a.dcm")
    (tmp_path / "a.png").write_bytes(b"mine")

    run(tmp_path)

    assert (tmp_path / "a.png").read_bytes() == b"mine"
    assert grey(tmp_path / "a_1.png") == [[1, 2]]


def test_a_second_run_makes_nothing_new(tmp_path: Path) -> None:
    write(multi_frame(2), tmp_path / "a.dcm")
    run(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}

    report = run(tmp_path)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")} == before
    assert report.done == 1
    assert report.skipped == 2


def test_relative_names_are_kept_under_out(tmp_path: Path) -> None:
    write(image([[1]]), tmp_path / "in/sub/a.dcm")

    run(tmp_path / "in", out=tmp_path / "out")

    assert names(tmp_path) == ["out/sub/a.png"]


def test_a_series_is_shown_with_one_window(tmp_path: Path) -> None:
    slices = series(3, rows=4, columns=4)
    for one, (center, width) in zip(slices, [(40, 400), (50, 300), (2000, 9)], strict=True):
        one.WindowCenter, one.WindowWidth = str(center), str(width)
        one.PixelData = np.full((4, 4), 1024 + 50, "<u2").tobytes()
        one.RescaleIntercept, one.RescaleSlope = "-1024", "1"
    write_series(slices, tmp_path)

    report = run(tmp_path)

    shown = {tuple(map(tuple, grey(tmp_path / name))) for name in names(tmp_path)}
    assert len(shown) == 1
    assert len(report.warnings) == 1
    assert "all are shown with 50,300" in report.warnings[0]


def test_a_series_without_windows_is_shown_from_its_smallest_to_its_largest_value(
    tmp_path: Path,
) -> None:
    for number, values in enumerate(([[0, 100]], [[100, 400]])):
        dataset = image(values, bits_stored=12, SeriesInstanceUID="1.2.3")
        write(dataset, tmp_path / f"{number}.dcm")

    run(tmp_path, jobs=2)

    assert grey(tmp_path / "0.png") == [[0, 64]]
    assert grey(tmp_path / "1.png") == [[64, 255]]


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("png", ".png"), ("jpeg", ".jpg"), ("bmp", ".bmp"), ("tiff", ".tiff"), ("jp2", ".jp2")],
)
def test_every_kind_has_its_suffix_and_can_be_read(kind: str, suffix: str, tmp_path: Path) -> None:
    write(image(np.full((8, 8), 7)), tmp_path / "a.dcm")

    run(tmp_path, type=kind)

    assert names(tmp_path, suffix) == [f"a{suffix}"]
    assert np.abs(np.array(grey(tmp_path / f"a{suffix}")) - 7).max() <= 1


def test_16_bits_are_kept(tmp_path: Path) -> None:
    write(image([[0, 4095]], bits_stored=12), tmp_path / "a.dcm")

    run(tmp_path, bits="16", window="full")

    assert grey(tmp_path / "a.png") == [[0, 65535]]


def test_junk_fails_or_is_skipped_and_leaves_the_others_alone(tmp_path: Path) -> None:
    write(image([[1]]), tmp_path / "good.dcm")
    (tmp_path / "junk.dcm").write_bytes(b"junk" * 100)
    short = image(np.zeros((9, 9)))
    short.PixelData = bytes(10)
    write(short, tmp_path / "short.dcm")
    absurd = image([[1]])
    absurd.Rows = absurd.Columns = 65535
    write(absurd, tmp_path / "absurd.dcm")
    empty = image([[1]])
    empty.PixelData = b""
    write(empty, tmp_path / "empty.dcm")
    textual = image([[1]])
    del textual.PixelData
    write(textual, tmp_path / "text.dcm")

    report = run(tmp_path, jobs=2)

    status = {outcome.path.name: outcome.status for outcome in report.files}
    assert status == {
        "absurd.dcm": "failed",
        "empty.dcm": "failed",
        "good.dcm": "done",
        "junk.dcm": "skipped",
        "short.dcm": "failed",
        "text.dcm": "skipped",
    }
    assert names(tmp_path) == ["good.png"]
    assert list(status) == [path.path.name for path in report.files]


def test_a_file_whose_last_frames_are_broken_gives_no_picture(tmp_path: Path) -> None:
    dataset = multi_frame(4)
    dataset.Rows, dataset.Columns = 4096, 4096
    dataset.PixelData = bytes(4096 * 4096 * 2)
    dataset.NumberOfFrames = 2
    path = write(dataset, tmp_path / "a.dcm")
    cut = path.read_bytes()[: -4096 * 4096]
    path.write_bytes(cut)

    report = run(tmp_path, jobs=2)

    assert report.failed == 1
    assert names(tmp_path) == []


def test_a_header_that_claims_frames_without_number_ends_soon(tmp_path: Path) -> None:
    dataset = instance()
    dataset.NumberOfFrames = 2**31 - 1
    write(dataset, tmp_path / "a.dcm")
    write(instance(1), tmp_path / "b.dcm")

    report = run(tmp_path)

    assert [outcome.status for outcome in report.files] == ["failed", "done"]


def test_many_frames_are_shared_among_processes_and_stay_in_order(tmp_path: Path) -> None:
    frames = 1203
    dataset = image([[0, 0]], NumberOfFrames=frames)
    dataset.PixelData = b"".join(bytes([i // 256, i % 256]) for i in range(frames))
    write(dataset, tmp_path / "a.dcm")

    report = run(tmp_path, jobs=2)

    assert len(report.outputs) == frames
    for number in (0, 499, 500, 1202):
        path = tmp_path / f"a_frame{number:04d}.png"
        assert grey(path) == [[number // 256, number % 256]]
        assert report.outputs[number].path == path


def test_annotations_are_in_the_picture(tmp_path: Path) -> None:
    write(image(np.zeros((100, 100))), tmp_path / "a.dcm")

    run(tmp_path, annotations=True)

    assert np.array(grey(tmp_path / "a.png")).max() > 200


def test_private_elements_and_names_appear_nowhere_but_in_pictures(tmp_path: Path) -> None:
    write(add_private(image(np.zeros((8, 8)))), tmp_path / "a.dcm")

    run(tmp_path)

    assert b"CANARY" not in (tmp_path / "a.png").read_bytes()


def test_cancelling_keeps_what_is_complete(tmp_path: Path) -> None:
    write_series(series(4), tmp_path)

    class Impatient(NoProgress):
        steps = 0

        def advance(self, steps: int = 1) -> None:
            self.steps += steps

        def check_cancelled(self) -> None:
            if self.steps > 4:
                raise CancelledError

    with pytest.raises(CancelledError):
        export(Work(paths=(tmp_path,), progress=Impatient(), durable=False))

    for path in tmp_path.rglob("*.png"):
        assert grey(path)
    assert not list(tmp_path.glob(".isocenter-*"))


@pytest.mark.parametrize(
    "options",
    [
        {"type": "gif"},
        {"window": "40"},
        {"window": "40,0"},
        {"bits": "12"},
        {"bits": "16", "type": "jpeg"},
        {"bits": "16", "type": "bmp"},
    ],
)
def test_options_that_say_nothing_sensible_are_refused(options: Mapping[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        read_wish(options)


def test_names_of_kinds_that_others_use_are_understood() -> None:
    assert read_wish({"type": "JPG"}).kind == "jpeg"
    assert read_wish({"type": "tif", "window": " Full "}).window == "full"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a.dcm", "a"), ("IMG1.2.3", "IMG1.2.3"), ("a.ima", "a"), ("a", "a"), ("a.b.dcm", "a.b")],
)
def test_digits_after_a_point_are_no_suffix(name: str, stem: str) -> None:
    assert stem_of(Path(name)) == stem
