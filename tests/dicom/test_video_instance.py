"""Instances of videos, judged by pydicom and dciodvfy; which streams PS3.5 8.2 takes."""

import io
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_fragments

from isocenter.dicom.given_identity import NewInstance, given_identity
from isocenter.dicom.streams import BytesSource, Piece, read_pieces
from isocenter.dicom.video_instance import (
    CLASSES,
    H264_41,
    H264_42,
    HEVC_51,
    MPEG2_HIGH,
    MPEG2_MAIN,
    VideoFacts,
    fitting_syntax,
    make_capture_instance,
    make_video_instance,
    notes_about,
)
from isocenter.errors import TooLargeError
from tests.judges import errors_of

STREAM = b"a stream of odd length"[:21]
H264 = VideoFacts(
    codec="h264",
    profile="High",
    level=41,
    sampling="yuv420p",
    rows=240,
    columns=320,
    frames=30,
    rate=Fraction(25),
    steps_ms=(),
    pixel_shape=Fraction(1),
    quarters=0,
    stream_bytes=30_000,
)
HEVC = replace(H264, codec="hevc", profile="Main", level=153)
MPEG2 = replace(H264, codec="mpeg2video", profile="Main", level=8)
SMALL = replace(H264, rows=2, columns=4, frames=3, codec="mpeg4")


def new(name: str = "photographic") -> NewInstance:
    return NewInstance(CLASSES[name].uid, b"content", b"group", modality=CLASSES[name].modality)


def joined(pieces: Iterator[Piece], source: bytes) -> bytes:
    return b"".join(read_pieces(pieces, [BytesSource(source)]))


def video(facts: VideoFacts = H264, name: str = "photographic", *supplied: str) -> bytes:
    given = given_identity(supplied)
    uid = fitting_syntax(facts).transfer_syntax_uid
    return joined(make_video_instance(facts, uid, len(STREAM), given, new(name)), STREAM)


def capture(facts: VideoFacts = SMALL, *supplied: str) -> tuple[bytes, bytes]:
    pixels = bytes(range(facts.rows * facts.columns * 3 * facts.frames))
    pieces = make_capture_instance(facts, given_identity(supplied), new())
    return joined(pieces, pixels), pixels


def read(data: bytes) -> Dataset:
    return dcmread(io.BytesIO(data))


@pytest.mark.parametrize(
    ("facts", "uid"),
    [
        (H264, H264_41),
        (replace(H264, profile="Main", level=30), H264_41),
        (replace(H264, profile="Constrained Baseline"), H264_41),
        (replace(H264, rows=1080, columns=1920, rate=Fraction(30)), H264_41),
        (replace(H264, rows=1080, columns=1920, rate=Fraction(60), level=42), H264_42),
        (replace(H264, rows=1080, columns=1920, rate=Fraction(60)), H264_42),
        (replace(H264, sampling="yuvj420p"), H264_41),
        (replace(H264, level=50), ""),
        (replace(H264, profile="Baseline"), ""),
        (replace(H264, profile="High 10", sampling="yuv420p10le"), ""),
        (replace(H264, rows=2160, columns=3840, level=42), ""),
        (replace(H264, quarters=1), ""),
        (HEVC, HEVC_51),
        (replace(HEVC, rows=2160, columns=3840), HEVC_51),
        (replace(HEVC, level=156), ""),
        (replace(HEVC, profile="Main 10", sampling="yuv420p10le"), ""),
        (replace(MPEG2, rows=576, columns=720), MPEG2_MAIN),
        (replace(MPEG2, rows=480, columns=720, rate=Fraction(30000, 1001)), MPEG2_MAIN),
        (replace(MPEG2, rows=576, columns=720, rate=Fraction(30)), MPEG2_HIGH),
        (MPEG2, MPEG2_HIGH),
        (replace(MPEG2, rows=1080, columns=1920, level=4), MPEG2_HIGH),
        (replace(MPEG2, rows=1080, columns=1920, level=4, rate=Fraction(50)), ""),
        (replace(MPEG2, rows=720, columns=1280, level=4, rate=Fraction(50)), MPEG2_HIGH),
        (replace(MPEG2, rate=Fraction(24)), ""),
        (replace(MPEG2, profile="4:2:2", sampling="yuv422p"), ""),
        (replace(H264, codec="vp9"), ""),
    ],
)
def test_a_stream_fits_where_profile_level_size_and_rate_do(facts: VideoFacts, uid: str) -> None:
    fitting = fitting_syntax(facts)

    assert fitting.transfer_syntax_uid == uid
    assert bool(fitting.reason) == (not uid)


@pytest.mark.parametrize("facts", [H264, HEVC, replace(MPEG2, rows=576, columns=720)])
def test_the_stream_is_one_fragment_after_an_empty_table(facts: VideoFacts) -> None:
    dataset = read(video(facts))

    fragments = list(generate_fragments(dataset.PixelData))
    assert fragments == [b"", STREAM + b"\0"]
    assert dataset["PixelData"].is_undefined_length
    assert dataset.file_meta.TransferSyntaxUID == fitting_syntax(facts).transfer_syntax_uid
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID


def test_the_header_says_what_the_stream_is() -> None:
    dataset = read(video(replace(H264, rate=Fraction(30000, 1001), pixel_shape=Fraction(16, 15))))

    assert (dataset.Rows, dataset.Columns, dataset.NumberOfFrames) == (240, 320, 30)
    assert (dataset.SamplesPerPixel, dataset.PlanarConfiguration) == (3, 0)
    assert dataset.PhotometricInterpretation == "YBR_PARTIAL_420"
    assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit) == (8, 8, 7)
    assert float(dataset.FrameTime) == pytest.approx(33.3667, abs=1e-4)
    assert dataset.FrameIncrementPointer == 0x00181063
    assert (dataset.CineRate, dataset.RecommendedDisplayFrameRate) == (30, 30)
    assert list(dataset.PixelAspectRatio) == [15, 16]
    assert dataset.LossyImageCompression == "01"
    assert dataset.LossyImageCompressionMethod == "ISO_14496_10"
    assert float(dataset.LossyImageCompressionRatio) == 240 * 320 * 3 * 30 / 30_000
    assert dataset.ImageType == ["ORIGINAL", "PRIMARY"]
    assert dataset.AnatomicRegionSequence[0].CodeMeaning == "Entire body"
    assert "Laterality" not in dataset


def test_uneven_frames_have_a_vector_that_begins_with_0() -> None:
    dataset = read(video(replace(H264, frames=4, steps_ms=(10, 20.12345, 60))))

    assert [float(step) for step in dataset.FrameTimeVector] == [0, 10, 20.123, 60]
    assert dataset.FrameIncrementPointer == 0x00181065
    assert "FrameTime" not in dataset


def test_too_many_uneven_frames_are_shown_evenly_and_that_is_told() -> None:
    facts = replace(H264, frames=20_001, steps_ms=tuple(30.25 + n % 9 for n in range(20_000)))

    assert float(read(video(facts)).FrameTime) == 40
    assert "evenly" in notes_about(facts)[0]
    assert notes_about(H264) == []


@pytest.mark.parametrize(("part", "is_paired"), [("EYE", True), ("SKULL", False)])
def test_a_body_part_is_coded(part: str, is_paired: bool) -> None:
    dataset = read(video(H264, "photographic", f"BodyPartExamined={part}"))

    assert dataset.AnatomicRegionSequence[0].CodeMeaning.upper() == part
    assert ("Laterality" in dataset) == is_paired


def test_what_is_given_is_there() -> None:
    dataset = read(
        video(
            *(H264, "endoscopic", "PatientName=Müller^Jörg", "CineRate=5", "Manufacturer=M"),
            "AnatomicRegionSequence=69695003^SCT^Stomach",
        )
    )

    assert dataset.PatientName == "Müller^Jörg"
    assert (dataset.CineRate, dataset.Manufacturer) == (5, "M")
    assert dataset.Modality == "ES"
    assert dataset.SOPClassUID == CLASSES["endoscopic"].uid
    assert dataset.AnatomicRegionSequence[0].CodeMeaning == "Stomach"


def test_the_same_video_is_the_same_instance_and_another_is_another() -> None:
    assert video() == video()
    other = joined(
        make_video_instance(H264, H264_41, 4, given_identity(), new()._replace(content=b"x")),
        b"x" * 4,
    )
    assert read(other).SOPInstanceUID != read(video()).SOPInstanceUID
    assert read(other).StudyInstanceUID == read(video()).StudyInstanceUID


def test_a_fragment_has_less_than_4_gib() -> None:
    with pytest.raises(TooLargeError, match="fragment_bytes"):
        list(make_video_instance(H264, H264_41, 0xFFFFFFFF, given_identity(), new()))


def test_decoded_frames_are_a_secondary_capture_in_colour() -> None:
    data, pixels = capture(replace(SMALL, pixel_shape=Fraction(4, 3)))

    dataset = read(data)
    assert dataset.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7.4"
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert dataset.PixelData == pixels
    assert dataset.pixel_array.shape == (3, 2, 4, 3)
    assert (dataset.PhotometricInterpretation, dataset.ConversionType) == ("RGB", "DV")
    assert (float(dataset.FrameTime), dataset.CineRate) == (40, 25)
    assert dataset.Modality == "XC"
    assert (dataset.LossyImageCompression, dataset.LossyImageCompressionMethod) == (
        "01",
        "ISO_14496_2",
    )
    assert dataset.PixelAspectRatio[0] / dataset.PixelAspectRatio[1] == pytest.approx(3 / 4, 0.01)


def test_what_lost_nothing_is_not_called_lossy() -> None:
    data, _ = capture(replace(SMALL, codec="ffv1"))

    assert "LossyImageCompression" not in read(data)


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    "supplied", [(), ("BodyPartExamined=EYE",), ("BodyPartExamined=SKULL", "PatientID=1")]
)
def test_the_video_classes_have_no_error(
    name: str, supplied: tuple[str, ...], tmp_path: Path
) -> None:
    # dciodvfy does not know the Transfer Syntaxes of HEVC.
    for number, facts in enumerate((H264, replace(MPEG2, rows=576, columns=720))):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(video(facts, name, *supplied))
        assert errors_of(path) == ()


@pytest.mark.judge("dciodvfy")
@pytest.mark.parametrize("steps", [(), (10.0, 20.0)])
def test_the_capture_has_no_error(steps: tuple[float, ...], tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(capture(replace(SMALL, steps_ms=steps))[0])

    assert errors_of(path) == ()
