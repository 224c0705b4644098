"""Pictures to DICOM files: names, identity, reports, groups, and what goes wrong."""

import hashlib
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread

from isocenter.errors import CancelledError, InvalidInputError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.generate import convert_images
from isocenter.services.reports import NoProgress, Report, Work
from tests.builders import CANARY, instance, write
from tests.foreign import animated, colours, encoded, exif, grey, png_bomb
from tests.judges import errors_of


def run(
    *paths: Path,
    jobs: int = 2,
    out: Path | None = None,
    limits: Limits = DEFAULT,
    **options: object,
) -> Report:
    work = Work(paths=paths, out=out, options=options, jobs=jobs, durable=False, limits=limits)
    return convert_images(work)


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.dcm"))


def read(path: Path) -> Dataset:
    return dcmread(path)


def reasons(report: Report) -> dict[str, str]:
    return {one.path.name: one.reason for one in report.files if one.status != "done"}


def test_each_picture_becomes_an_instance_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "2.png", encoded(colours(), "PNG"))
    put(tmp_path / "10.jpg", encoded(colours(), "JPEG"))
    put(tmp_path / "sub/a.bmp", encoded(grey(), "BMP"))
    put(tmp_path / "notes.txt", b"hello")

    report = run(tmp_path)

    assert names(tmp_path) == ["10.dcm", "2.dcm", "sub/a.dcm"]
    assert (report.done, report.skipped, report.failed, len(report.outputs)) == (3, 1, 0, 3)
    assert np.array_equal(read(tmp_path / "2.dcm").pixel_array, colours())
    first, second = read(tmp_path / "2.dcm"), read(tmp_path / "10.dcm")
    other = read(tmp_path / "sub/a.dcm")
    assert (first.InstanceNumber, second.InstanceNumber) == (1, 2)
    assert first.SeriesInstanceUID == second.SeriesInstanceUID
    assert first.StudyInstanceUID == second.StudyInstanceUID != other.StudyInstanceUID
    assert len({one.SOPInstanceUID for one in (first, second, other)}) == 3


def test_a_second_run_makes_nothing_new(tmp_path: Path) -> None:
    put(tmp_path / "a.png", encoded(colours(), "PNG"))
    put(tmp_path / "a.jpg", encoded(colours(), "JPEG"))

    first = run(tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    again = run(tmp_path, jobs=1)

    assert list(before) == ["a.dcm", "a_1.dcm"]
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before
    assert [one.path for one in again.outputs] == [one.path for one in first.outputs]
    assert again.skipped == 2


def test_outputs_go_into_a_folder_and_over_nothing(tmp_path: Path) -> None:
    put(tmp_path / "in/x/a.png", encoded(colours(), "PNG"))
    mine = put(tmp_path / "out/x/a.dcm", b"mine")

    report = run(tmp_path / "in", out=tmp_path / "out")

    assert mine.read_bytes() == b"mine"
    assert [one.path for one in report.outputs] == [tmp_path / "out/x/a_1.dcm"]
    assert names(tmp_path / "in") == []


def test_all_pictures_of_a_folder_become_one_multi_frame_instance(tmp_path: Path) -> None:
    for number in (10, 2, 1):
        put(tmp_path / f"{number}.png", encoded(colours() // number, "PNG"))

    report = run(tmp_path, multiframe=True)

    assert names(tmp_path) == ["multiframe.dcm"]
    assert (report.done, report.outputs[0].frames) == (3, 3)
    assert all(one.outputs == (tmp_path / "multiframe.dcm",) for one in report.files)
    expected = np.stack([colours() // number for number in (1, 2, 10)])
    assert np.array_equal(read(tmp_path / "multiframe.dcm").pixel_array, expected)


@pytest.mark.judge("dciodvfy")
def test_pictures_that_differ_become_several_files_and_none_is_lost(tmp_path: Path) -> None:
    put(tmp_path / "a.png", encoded(colours(), "PNG"))
    put(tmp_path / "b.png", encoded(grey(), "PNG"))
    put(tmp_path / "c.png", encoded(colours()[:5], "PNG"))
    put(tmp_path / "d.jpg", encoded(colours(), "JPEG"))
    put(tmp_path / "e.gif", animated("GIF", 3))
    put(tmp_path / "f.png", encoded(grey() > 9, "PNG"))
    put(tmp_path / "g.png", encoded(grey(bits=16), "PNG"))
    put(tmp_path / "h.jpg", encoded(colours(), "JPEG", exif=exif(1)))

    report = run(tmp_path, multiframe=True)

    found = {path.name: one.outputs[0].name for one in report.files for path in (one.path,)}
    assert found["a.png"] == found["e.gif"] == "multiframe.dcm"
    assert found["d.jpg"] == found["h.jpg"]
    assert found["b.png"] == found["f.png"]  # its bits do not fill bytes
    assert len(set(found.values())) == len(report.outputs) == 5
    assert sum(output.frames for output in report.outputs) == 10
    assert any("differ" in warning for warning in report.warnings)
    for output in report.outputs:
        assert errors_of(output.path) == ()


def test_resolution_does_not_part_pictures(tmp_path: Path) -> None:
    for dpi in (72, 96):
        put(tmp_path / f"{dpi}.png", encoded(grey(), "PNG", dpi=(dpi, dpi)))

    assert len(run(tmp_path, multiframe=True).outputs) == 1


def test_each_folder_has_its_own_multi_frame_instance(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        put(tmp_path / folder / "a.png", encoded(grey(), "PNG"))

    run(tmp_path, multiframe=True)

    assert names(tmp_path) == ["x/multiframe.dcm", "y/multiframe.dcm"]


def test_frames_beyond_the_bound_begin_another_file(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path / f"{number}.png", encoded(grey() + number, "PNG"))

    report = run(tmp_path, multiframe=True, limits=Limits(instance_pixel_bytes=2 * grey().size))

    assert [output.frames for output in report.outputs] == [2, 2, 1]


def test_what_is_set_and_a_template_join_the_study(tmp_path: Path) -> None:
    source = instance()
    write(source, tmp_path / "template.dcm")
    put(tmp_path / "in/a.png", encoded(grey(), "PNG"))

    run(tmp_path / "in", template=tmp_path / "template.dcm", set=["SeriesDescription=photo"])

    made = read(tmp_path / "in/a.dcm")
    assert made.StudyInstanceUID == source.StudyInstanceUID
    assert made.PatientName == source.PatientName
    assert made.SeriesInstanceUID != source.SeriesInstanceUID
    assert made.SeriesDescription == "photo"


def test_numbers_run_on_in_a_series_that_is_named(tmp_path: Path) -> None:
    for name in ("x/a.png", "y/a.png"):
        put(tmp_path / name, encoded(grey(), "PNG"))

    run(tmp_path, set=["SeriesInstanceUID=1.2.3"])

    made = [read(tmp_path / name) for name in names(tmp_path)]
    assert [one.InstanceNumber for one in made] == [1, 2]
    assert made[0].SOPInstanceUID != made[1].SOPInstanceUID


@pytest.mark.parametrize("supplied", ["SOPInstanceUID=1.2.3", "InstanceNumber=5"])
def test_what_only_one_instance_can_have_is_refused_for_two(supplied: str, tmp_path: Path) -> None:
    put(tmp_path / "a.png", encoded(grey(), "PNG"))
    run(tmp_path, set=[supplied])
    put(tmp_path / "b.png", encoded(grey(), "PNG"))

    with pytest.raises(InvalidInputError):
        run(tmp_path, set=[supplied])
    assert names(tmp_path) == ["a.dcm"]


def test_bad_pictures_are_told_and_leave_no_trace(tmp_path: Path) -> None:
    put(tmp_path / "cut.png", encoded(grey(), "PNG")[:-100])
    put(tmp_path / "empty.png", b"")
    put(tmp_path / "text.png", b"hello")
    put(tmp_path / "bomb.png", png_bomb(30000, 30000))
    put(tmp_path / "float.tif", encoded(np.ones((4, 4), "f4"), "TIFF"))
    put(tmp_path / "good.png", encoded(grey(), "PNG"))
    before = sorted(tmp_path.iterdir())

    report = run(tmp_path)

    assert reasons(report).keys() == {"cut.png", "empty.png", "text.png", "bomb.png", "float.tif"}
    assert (report.done, report.failed) == (1, 5)
    assert sorted({*tmp_path.iterdir()} - {*before}) == [tmp_path / "good.dcm"]
    assert all(str(tmp_path) not in reason for reason in reasons(report).values())


def test_a_file_that_was_named_fails_where_it_is_no_picture(tmp_path: Path) -> None:
    report = run(put(tmp_path / "notes.txt", b"hello"))

    assert (report.failed, report.skipped) == (1, 0)


def test_deep_colours_are_refused_among_frames_with_advice(tmp_path: Path) -> None:
    import imagecodecs  # noqa: PLC0415

    put(tmp_path / "a.png", bytes(imagecodecs.png_encode(colours(bits=16))))

    assert "by itself" in reasons(run(tmp_path, multiframe=True))["a.png"]
    assert np.array_equal(read(run(tmp_path).outputs[0].path).pixel_array, colours(bits=16))


def test_names_in_pictures_do_not_come_along(tmp_path: Path) -> None:
    data = encoded(colours(), "JPEG", exif=exif(), comment=CANARY.encode())
    put(tmp_path / "a.jpg", data)

    run(tmp_path)

    assert CANARY.encode() in data
    assert CANARY.encode() not in (tmp_path / "a.dcm").read_bytes()


@pytest.mark.parametrize("multiframe", [False, True])
def test_cancelling_leaves_whole_files_only(multiframe: bool, tmp_path: Path) -> None:
    class Stop(NoProgress):
        steps = 0

        def advance(self, steps: int = 1) -> None:
            self.steps += steps

        def check_cancelled(self) -> None:
            if self.steps > 1:
                raise CancelledError

    for number in range(12):
        put(tmp_path / f"{number}.png", encoded(grey() + number, "PNG"))
    work = Work(
        paths=(tmp_path,), options={"multiframe": multiframe}, progress=Stop(), durable=False
    )

    with pytest.raises(CancelledError):
        convert_images(work)

    for name in names(tmp_path):
        assert read(tmp_path / name).pixel_array.shape == grey().shape
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.judge("dcmdump")
def test_many_pictures_come_out_in_order(tmp_path: Path) -> None:
    for number in range(40):
        put(tmp_path / f"{number}.png", encoded(np.roll(grey(), number, 1), "PNG"))

    run(tmp_path, jobs=4, multiframe=True)

    pixels = read(tmp_path / "multiframe.dcm").pixel_array
    expected = np.stack([np.roll(grey(), number, 1) for number in range(40)])
    assert hashlib.sha256(pixels.tobytes()).digest() == hashlib.sha256(expected.tobytes()).digest()
    subprocess.run(["dcmdump", "-q", tmp_path / "multiframe.dcm"], check=True, capture_output=True)
