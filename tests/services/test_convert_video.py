"""Videos to DICOM: judged by ffprobe on what pydicom takes out again, DCMTK and dciodvfy."""

from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_fragments

from isocenter.errors import CancelledError, InvalidInputError
from isocenter.services.convert_video import convert_video
from isocenter.services.reports import NoProgress, Report, Work
from isocenter.services.video import export_video
from tests.builders import instance, write
from tests.judges import errors_of, run
from tests.videos import digests_of, frames_of, make_video, probe, psnr_db

pytestmark = pytest.mark.judge("ffmpeg", "ffprobe")

H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-bf", "3")
SMOOTH = "gradients=size=64x48:rate=25:seed=1"
PAL = "testsrc2=size=720x576:rate=25"


def convert(path: Path, *, jobs: int = 1, out: Path | None = None, **options: object) -> Report:
    work = Work(paths=(path,), out=out, options=options, jobs=jobs, durable=False)
    return convert_video(work)


def stream_of(dataset: Dataset, path: Path) -> Path:
    """Write the stream that an Instance holds."""
    table, stream = generate_fragments(dataset.PixelData)
    assert table == b""
    path.write_bytes(stream)
    return path


@pytest.mark.judge("dciodvfy", "dcmdump")
@pytest.mark.parametrize(
    ("name", "options", "source", "uid", "codec"),
    [
        ("a.mp4", H264, SMOOTH, "102", "h264"),
        ("a.mov", H264, SMOOTH, "102", "h264"),
        ("a.ts", H264, SMOOTH, "102", "h264"),
        ("a.avi", H264, SMOOTH, "102", "h264"),
        ("a.mpg", ("-c:v", "mpeg2video", "-bf", "2"), PAL, "100", "mpeg2video"),
        ("b.m2v", ("-c:v", "mpeg2video"), SMOOTH, "101", "mpeg2video"),
    ],
)
def test_a_stream_that_fits_goes_in_unchanged(
    name: str, options: tuple[str, ...], source: str, uid: str, codec: str, tmp_path: Path
) -> None:
    path = make_video(tmp_path / name, *options, source=source)

    report = convert(path)

    made = path.with_suffix(".dcm")
    assert report.warnings == []
    assert [(one.path, one.frames) for one in report.outputs] == [(made, 10)]
    dataset = dcmread(made)
    assert dataset.file_meta.TransferSyntaxUID == f"1.2.840.10008.1.2.4.{uid}"
    assert (dataset.NumberOfFrames, float(dataset.FrameTime)) == (10, 40)
    stream = stream_of(dataset, tmp_path / "stream")
    assert digests_of(stream) == digests_of(path)
    said = probe(stream)
    assert said["codec_name"] == codec
    assert (said["height"], said["width"]) == (str(dataset.Rows), str(dataset.Columns))
    assert errors_of(made) == ()
    assert "PixelSequence" in run("dcmdump", made)


def test_hevc_goes_in_unchanged(tmp_path: Path) -> None:
    options = ("-c:v", "libx265", "-pix_fmt", "yuv420p", "-x265-params", "log-level=none")
    path = make_video(tmp_path / "a.mp4", *options)

    convert(path)

    dataset = dcmread(tmp_path / "a.dcm")
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.107"
    assert digests_of(stream_of(dataset, tmp_path / "stream")) == digests_of(path)


def test_there_and_back_is_the_same_video(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", *H264)
    convert(path, out=tmp_path / "dicom")

    export_video(Work(paths=(tmp_path / "dicom",), out=tmp_path / "back", durable=False))

    assert digests_of(tmp_path / "back/a.mp4") == digests_of(path)


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.avi", ("-c:v", "mpeg4", "-q:v", "2")),
        ("a.mkv", ("-c:v", "libx264", "-pix_fmt", "yuv444p", "-crf", "4")),
        ("a.mov", ("-c:v", "mjpeg", "-q:v", "2")),
        ("a.webm", ("-c:v", "libvpx", "-pix_fmt", "yuv420p", "-b:v", "4M")),
    ],
)
def test_what_does_not_fit_is_decoded_in_its_colours(
    name: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    path = make_video(tmp_path / name, *options, source=SMOOTH)

    report = convert(path)

    dataset = dcmread(tmp_path / "a.dcm")
    assert "decoded to RGB" in report.warnings[0]
    assert dataset.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7.4"
    assert dataset.LossyImageCompression == "01"
    assert (dataset.NumberOfFrames, float(dataset.FrameTime)) == (10, 40)
    # Encoders differ from run to run; the wrong matrix of colours would give 30 dB or less.
    assert psnr_db(dataset.pixel_array, frames_of(path)) > 36
    assert errors_of(tmp_path / "a.dcm") == ()


def test_lossless_video_is_kept_exactly(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.avi", "-c:v", "rawvideo", "-pix_fmt", "bgr24")

    convert(path)

    dataset = dcmread(tmp_path / "a.dcm")
    assert (dataset.pixel_array == frames_of(path)).all()
    assert "LossyImageCompression" not in dataset


def test_sound_is_left_out_and_that_is_told(tmp_path: Path) -> None:
    source = "testsrc2=size=64x48:rate=25[out0];sine=duration=1[out1]"
    path = make_video(tmp_path / "a.mp4", *H264, source=source)

    report = convert(path)

    assert report.warnings == ["a.mp4: its sound is left out"]
    stream = stream_of(dcmread(tmp_path / "a.dcm"), tmp_path / "stream")
    assert probe(stream)["codec_type"] == "video"  # the only stream


def test_what_a_phone_writes_beside_the_picture_does_not_go_in(tmp_path: Path) -> None:
    options = ("-metadata", "title=CANARY", "-metadata", "location=+48.1+011.5/")
    path = make_video(tmp_path / "a.mp4", *H264, *options)
    assert b"CANARY" in path.read_bytes()

    convert(path)

    assert b"CANARY" not in (tmp_path / "a.dcm").read_bytes()


def test_class_values_and_template_are_taken(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    path = make_video(tmp_path / "v/a.mp4", *H264)
    template = write(instance(), tmp_path / "t.dcm")

    convert(path, video_class="endoscopic", template=template, set=["SeriesNumber=9"])

    dataset, source = dcmread(tmp_path / "v/a.dcm"), dcmread(template)
    assert dataset.SOPClassUID == "1.2.840.10008.5.1.4.1.1.77.1.1.1"
    assert (dataset.Modality, dataset.SeriesNumber) == ("ES", 9)
    assert dataset.PatientName == source.PatientName
    assert dataset.StudyInstanceUID == source.StudyInstanceUID
    assert dataset.SeriesInstanceUID != source.SeriesInstanceUID


def test_what_becomes_of_a_video_does_not_depend_on_others(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.mp4"):
        make_video(tmp_path / name, *H264, "-metadata", f"title={name}")
    (tmp_path / "notes.txt").write_text("text")

    report = convert(tmp_path, jobs=2)

    first, second = (dcmread(tmp_path / name) for name in ("a.dcm", "b.dcm"))
    assert first.StudyInstanceUID != second.StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert (report.done, report.skipped, report.failed) == (2, 1, 0)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    convert(tmp_path, jobs=2)
    convert(tmp_path / "b.mp4")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_in_a_series_that_is_given_they_are_numbered(tmp_path: Path) -> None:
    for name in ("a/1.mp4", "b/2.mp4"):
        (tmp_path / name).parent.mkdir()
        make_video(tmp_path / name, *H264)

    convert(tmp_path, set=["SeriesInstanceUID=1.2.3", "StudyInstanceUID=1.2"])

    first, second = (dcmread(tmp_path / name) for name in ("a/1.dcm", "b/2.dcm"))
    assert (first.InstanceNumber, second.InstanceNumber) == (1, 2)
    assert first.SeriesInstanceUID == second.SeriesInstanceUID == "1.2.3"
    assert first.SOPInstanceUID != second.SOPInstanceUID


def test_bad_files_fail_by_name_and_leave_the_others_alone(tmp_path: Path) -> None:
    good = make_video(tmp_path / "good.mp4", *H264, "-movflags", "faststart", "-crf", "1")
    (tmp_path / "cut.mp4").write_bytes(good.read_bytes()[:-3000])
    (tmp_path / "text.avi").write_text("text\n" * 99)
    (tmp_path / "empty.mov").touch()
    (tmp_path / "list.ts").write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")

    report = convert(tmp_path, jobs=2)

    assert {one.path.name: one.status for one in report.files} == {
        "good.mp4": "done",
        **dict.fromkeys(("cut.mp4", "text.avi", "empty.mov", "list.ts"), "failed"),
    }
    assert [path.name for path in tmp_path.glob("*.dcm")] == ["good.dcm"]
    reasons = {one.path.name: one.reason for one in report.files}
    assert reasons["cut.mp4"] == "the video ends too early"
    assert "no video" in reasons["text.avi"]


def test_a_file_is_taken_by_name_whatever_it_is_called(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", *H264).rename(tmp_path / "clip")

    assert convert(path).done == 1
    assert (tmp_path / "clip.dcm").exists()


def test_a_dicom_file_is_no_video(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "a.dcm")

    assert convert(path).failed == 1


@pytest.mark.parametrize(
    "options", [{"video_class": "x"}, {"set": ["Rows=5"]}, {"set": ["Nothing=5"]}]
)
def test_options_that_say_nothing_sensible_are_refused(
    options: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError):
        convert_video(Work(paths=(tmp_path,), options=options))


def test_one_uid_is_not_for_several(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        make_video(tmp_path / name, *H264)
    with pytest.raises(InvalidInputError, match="single video"):
        convert(tmp_path, set=["SOPInstanceUID=1.2.3"])


class Stop(NoProgress):
    def __init__(self) -> None:
        self.is_converting = False

    def start(self, total: int, label: str) -> None:  # noqa: ARG002 - as Progress has it
        self.is_converting = label == "Converting"

    def check_cancelled(self) -> None:
        if self.is_converting:
            raise CancelledError("stopped")


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    make_video(tmp_path / "a.mp4", *H264, source="testsrc2=size=1280x720:rate=100")

    with pytest.raises(CancelledError):
        convert_video(Work(paths=(tmp_path,), progress=Stop(), durable=False))

    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
