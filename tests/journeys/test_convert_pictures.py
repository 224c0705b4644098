"""Pictures to DICOM and back, on both command lines; judged by dciodvfy, DCMTK, GDCM and PIL."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from isocenter.cli.main import main
from isocenter.cli.switches import main as dicompressor
from isocenter.dicom.deidentify.jpeg_comments import without_jpeg_comments
from tests.builders import instance, write
from tests.foreign import Array, colours, encoded, grey
from tests.judges import errors_of, frames_by_dcmtk, frames_by_gdcm


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def pixels(path: Path) -> Array:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.judge("dciodvfy", "dcmdump", "gdcmraw")
@pytest.mark.parametrize(
    ("samples", "options"),
    [(grey(), []), (grey(bits=16), ["--bits", "16", "--window", "full"]), (colours(), [])],
    ids=["grey", "deep", "colour"],
)
def test_png_to_dicom_and_back_is_the_same_png(
    samples: Array, options: list[str], tmp_path: Path
) -> None:
    put(tmp_path / "a.png", encoded(samples, "PNG"))

    assert main(["convert", str(tmp_path / "a.png"), "--quiet"]) == 0
    made = tmp_path / "a.dcm"
    assert main(["export", str(made), "--out", str(tmp_path / "out"), *options, "--quiet"]) == 0

    assert errors_of(made) == ()
    assert np.array_equal(pixels(tmp_path / "out/a.png"), samples)
    expected = [np.ascontiguousarray(samples).tobytes()]
    assert frames_by_dcmtk(made, tmp_path / "dcmtk") == expected
    assert frames_by_gdcm(made, tmp_path / "gdcm") == expected


@pytest.mark.judge("dciodvfy")
def test_a_jpeg_stays_the_jpeg_that_it_was(tmp_path: Path) -> None:
    data = encoded(colours(), "JPEG", quality=90)
    put(tmp_path / "a.jpg", data)

    assert main(["convert", str(tmp_path), "--set", "PatientName=Müller^Jörg", "--quiet"]) == 0

    made = dcmread(tmp_path / "a.dcm")
    assert errors_of(tmp_path / "a.dcm") == ()
    assert without_jpeg_comments(data) in made.PixelData
    assert made.PatientName == "Müller^Jörg"
    assert made.LossyImageCompression == "01"
    with Image.open(tmp_path / "a.jpg") as image:
        difference = made.pixel_array.astype(int) - np.asarray(image).astype(int)
    assert np.abs(difference).max() <= 2  # two ways to compute colours from YCbCr


def test_documented_switches_print_the_documented_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        put(tmp_path / f"{number}.png", encoded(grey() + number, "PNG"))

    assert dicompressor(["-w", "-f", str(tmp_path)]) == 0
    assert "\nConverted 3 image(s) to DICOM\n" in capsys.readouterr().out
    assert dicompressor(["-W", "-f", str(tmp_path)]) == 0
    assert "\nCreated 1 multi-frame DICOM file(s)\n" in capsys.readouterr().out
    assert dicompressor(["-w", "-f", str(tmp_path / "0.png")]) == 0
    assert f"\nConverted: {tmp_path / '0_1.dcm'}\n" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.glob("*.dcm")) == [
        *("0.dcm", "0_1.dcm", "1.dcm", "2.dcm", "multiframe.dcm")
    ]


@pytest.mark.judge("dciodvfy")
def test_a_picture_joins_the_study_of_a_template(tmp_path: Path) -> None:
    source = instance()
    write(source, tmp_path / "study/one.dcm")
    put(tmp_path / "in/photo.jpg", encoded(colours(), "JPEG"))

    command = ["convert", str(tmp_path / "in"), "--template", str(tmp_path / "study/one.dcm")]
    assert main([*command, "--set", "Modality=XC", "--quiet"]) == 0

    made = dcmread(tmp_path / "in/photo.dcm")
    assert made.StudyInstanceUID == source.StudyInstanceUID
    assert made.PatientID == source.PatientID
    assert made.Modality == "XC"
    assert errors_of(tmp_path / "in/photo.dcm") == ()


def test_bad_pictures_are_named_and_others_unharmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "good.png", encoded(grey(), "PNG"))
    put(tmp_path / "cut.png", encoded(grey(), "PNG")[:-60])
    report = tmp_path / "report.json"

    assert main(["convert", str(tmp_path), "--report", str(report)]) == 3

    assert "cut.png" in capsys.readouterr().err
    told = {Path(one["path"]).name: one for one in json.loads(report.read_text())["files"]}
    assert told["cut.png"]["status"] == "failed"
    assert told["good.png"]["outputs"] == [str(tmp_path / "good.dcm")]


def test_values_without_sense_end_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "a.png", encoded(grey(), "PNG"))

    for bad in ("StudyDate=yesterday", "Rows=7", "Nonsense=1"):
        assert main(["convert", str(tmp_path), "--set", bad]) != 0
        assert bad.partition("=")[0] in capsys.readouterr().err
    assert not list(tmp_path.glob("*.dcm"))


def test_pictures_are_not_watched_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        dicompressor(["-w", "--watch", "5", "-f", str(tmp_path)])

    assert "files of DICOM files" in capsys.readouterr().err
