"""Real multi-frame objects of many makers, split, as independent programs see the Frames."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pydicom
import pydicom.data
import pytest
from pydicom import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import RLELossless

from isocenter.services.reports import Report
from tests.conftest import MISSING_DATA, SHARED_DATA
from tests.judges import Complaint, decompressed, errors_of, volumes_of
from tests.round_trip import merge_files, outputs_of, split_files, split_report

DATA = SHARED_DATA / "dicom"
PYDICOM_FILES = Path(pydicom.data.__file__).parent / "test_files"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason=MISSING_DATA),
    pytest.mark.usefixtures("odd_values_allowed"),
]

CT, MR, US, SC = "CT Image", "MR Image", "Ultrasound Image", "Secondary Capture Image"
SEG, LABELMAP = "Segmentation", "1.2.840.10008.5.1.4.1.1.66.7"
# Every multi-frame object of the shared data -> the class of its Frames and how many there are.
SPLIT = {
    "barre/MR-MONO2-8-16x-heart.dcm": (MR, 16),
    "barre/NM-MONO2-16-13x-heart.dcm": ("Nuclear Medicine Image", 13),
    "barre/US-MONO2-8-8x-execho.dcm": (US, 8),
    "barre/US-PAL-8-10x-echo.dcm": (US, 10),
    "barre/XA-MONO2-8-12x-catheter.dcm": ("X-Ray Angiographic Image", 12),
    "dcmjs/cine-test.dcm": (MR, 8),
    "dcmjs/seg_tumor_pet.dcm": (SEG, 13),
    "dcmqi/legacy_ct/mf.dcm": (CT, 3),
    "dcmqi/seg/partial_overlaps.dcm": (SEG, 7),
    "dcmqi/seg/sparse-labelmap-noppv.dcm": (LABELMAP, 2),
    "dcmqi/sr-example/seg.dcm": (SEG, 13),
    "dicomparser/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm": (CT, 2),
    "dicomparser/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm": (CT, 2),
    "dicomparser/CT0012.fragmented_no_bot_jpeg_ls.81.dcm": (CT, 2),
    "dicomparser/CT0012.not_fragmented_bot_jpeg_ls.80.dcm": (CT, 2),
    "dicomparser/CT0012.not_fragmented_no_bot_rle.dcm": (CT, 2),
    "dicomparser/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm": (US, 8),
    "dicomparser/IM00001.implicit_little_endian.dcm": (US, 8),
    "highdicom/seg_image_ct_binary.dcm": (SEG, 3),
    "highdicom/seg_image_ct_binary_fractional.dcm": (SEG, 3),
    "highdicom/seg_image_ct_binary_overlap.dcm": (SEG, 8),
    "highdicom/seg_image_ct_true_fractional.dcm": (SEG, 3),
    "highdicom/seg_image_sm_control.dcm": (SEG, 20),
    "highdicom/seg_image_sm_control_labelmap.dcm": (LABELMAP, 20),
    "highdicom/seg_image_sm_control_labelmap_palette_color.dcm": (LABELMAP, 20),
    "highdicom/seg_image_sm_dots.dcm": (SEG, 62),
    "highdicom/seg_image_sm_numbers.dcm": (SEG, 20),
    "pydicom-data/OBXXXX1A_rle_2frame.dcm": (US, 2),
    "pydicom-data/SC_rgb_expb_32bit_2frame.dcm": (SC, 2),
    "pydicom-data/eCT_Supplemental.dcm": (CT, 2),
    "pydicom-data/emri_small.dcm": (MR, 10),
    "pydicom-data/emri_small_RLE.dcm": (MR, 10),
    "pydicom-data/emri_small_big_endian.dcm": (MR, 10),
    "pydicom-data/emri_small_jpeg_2k_lossless.dcm": (MR, 10),
    "pydicom-data/emri_small_jpeg_ls_lossless.dcm": (MR, 10),
    "pydicom-data/liver.dcm": (SEG, 3),
    "pydicom-data/liver_deflate.dcm": (SEG, 3),
    "pydicom-data/liver_j2k.dcm": (SEG, 3),
    "pydicom-data/liver_nonbyte_aligned.dcm": (SEG, 3),
    "pydicom-data/liver_nonbyte_aligned_deflate.dcm": (SEG, 3),
    "pydicom-data/liver_nonbyte_aligned_j2k.dcm": (SEG, 3),
    "pydicom-data/liver_nonbyte_aligned_rle.dcm": (SEG, 3),
    "pydicom-data/liver_rle.dcm": (SEG, 3),
    "pydicom/test_files/SC_rgb_rle_16bit_2frame.dcm": (SC, 2),
    "pydicom/test_files/SC_rgb_rle_2frame.dcm": (SC, 2),
    "pydicom/test_files/SC_rgb_rle_32bit_2frame.dcm": (SC, 2),
    "pydicom/test_files/examples_ybr_color.dcm": (US, 30),
    "siemens_xa30/11_DWI_dir80_PA.dcm": (MR, 39),
    "siemens_xa30/14_DWI_dir80_PA.dcm": ("Enhanced MR Color Image", 39),
    "siemens_xa30/27_asl_2d_tra.dcm": (MR, 12),
    "siemens_xa30/9_gre_field_mapping.dcm": (MR, 33),
}
# What is refused, by the beginning of its name, and words of the reason.
REFUSED = {
    "derived/us_": "video stream",
    "highdicom/sm_image": "whole slide",
    "highdicom/seg_image_sm_dots_tiled_full.dcm": "whole slide",
    "pydicom/test_files/rtdose": "dose grid",
    "pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm": "ends inside",
}
# dcm2niix reads these as they are: volumes before and after must be the same.
VOLUMES = (
    "siemens_xa30/9_gre_field_mapping.dcm",
    "siemens_xa30/11_DWI_dir80_PA.dcm",
    "siemens_xa30/27_asl_2d_tra.dcm",
    "pydicom-data/eCT_Supplemental.dcm",
    "dcmjs/cine-test.dcm",
    "dcmqi/legacy_ct/mf.dcm",
)
# Where an Enhanced class tells what a classic one calls otherwise: missing only with all of them.
TOLD_BY = {
    "ScanningSequence": {"EchoPulseSequence", "InversionRecovery", "EchoPlanarPulseSequence"},
    "SequenceVariant": {"SegmentedKSpaceTraversal", "SteadyStatePulseSequence", "Spoiling"},
    "EchoTime": {"EffectiveEchoTime"},
}
# An attribute of a Frame whose value is that of another in the source, mistakes included.
VALUE_OF = {"ReferencedSOPInstanceUID": "SOPInstanceUID"}


class Waiver(NamedTuple):
    """An error of dciodvfy about split Instances that is none."""

    words: str
    section: str
    reason: str


WAIVERS = (
    Waiver(
        "Shall not be present for Referenced SOP Class that is not multi-frame",
        "PS3.3 Table 10-3",
        "The condition is about the Instance, which has several Frames, whatever its class.",
    ),
    Waiver(
        "Lowest value in vector is not one",
        "PS3.3 C.8.4.8",
        "The index of a Frame counts from 1 in its dimension, which the whole object spans.",
    ),
    Waiver(
        "Specified number of vector values does not match actual values in vector",
        "PS3.3 C.8.4.8",
        "The number is that of the dimension, of which one Frame has one index.",
    ),
    Waiver(
        "may not be present otherwise) Type 1C Conditional Element=<FrameTime> Module=<Cine>",
        "PS3.3 A.14.3",
        "The Cine Module is for multi-frame images only; in a single one the time between the "
        "Frames of its run is an additional attribute.",
    ),
)
# No decoder could read the source: RLE of bits, deflated frames.
UNKNOWN_PIXELS = frozenset(name for name in SPLIT if name.endswith(("_rle.dcm", "_deflate.dcm")))
UNKNOWN_PIXELS -= {"dicomparser/CT0012.not_fragmented_no_bot_rle.dcm"}
# dciodvfy does not survive 32-bit colours, in the source either.
UNJUDGED = frozenset({"pydicom-data/SC_rgb_expb_32bit_2frame.dcm"})
each_object = pytest.mark.parametrize("name", SPLIT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which every object is split once."""
    return tmp_path_factory.mktemp("split")


@pytest.fixture
def instances(name: str, folder: Path) -> list[Path]:
    """Return the Instances of one object, in order of its Frames."""
    return split_once(name, folder)


@cache
def split_once(name: str, folder: Path) -> list[Path]:
    return outputs_of(split_files(folder / name, DATA / name))


def multi_frame_files(root: Path) -> Iterator[Path]:
    """Yield the files in which pydicom finds several Frames."""
    for path in sorted(root.rglob("*")):
        try:
            dataset = pydicom.dcmread(path, specific_tags=["NumberOfFrames"])
            if int(dataset.get("NumberOfFrames") or 1) > 1:
                yield path
        except (OSError, pydicom.errors.InvalidDicomError, ValueError, TypeError):
            continue


@pytest.mark.parametrize("root", [DATA, PYDICOM_FILES], ids=["shared", "installed"])
def test_every_multi_frame_object_is_split_or_refused_with_a_reason(
    root: Path, tmp_path: Path
) -> None:
    prefix = "" if root == DATA else "pydicom/test_files/"
    for path in multi_frame_files(root):
        name = f"{prefix}{path.relative_to(root)}"
        report: Report = split_report(tmp_path, path)
        (outcome,) = report.files
        if name in SPLIT:
            assert outcome.status == "done", name
            assert len(report.outputs) == SPLIT[name][1]
        else:
            (reason,) = [words for start, words in REFUSED.items() if name.startswith(start)]
            assert outcome.status == "failed", name
            assert reason in outcome.reason
            assert not report.outputs


@each_object
def test_frames_are_instances_of_the_fitting_class(name: str, instances: list[Path]) -> None:
    sop_class, frames = SPLIT[name]
    source = pydicom.dcmread(DATA / name, stop_before_pixels=True)

    made = [pydicom.dcmread(path, stop_before_pixels=True) for path in instances]

    assert {one.SOPClassUID.name.removesuffix(" Storage") for one in made} == {sop_class}
    assert [one.InstanceNumber for one in made] == list(range(1, frames + 1))
    assert len({one.SOPInstanceUID for one in made}) == frames
    (series,) = {one.SeriesInstanceUID for one in made}
    assert series != source.get("SeriesInstanceUID")
    for one, frame_number in zip(made, range(1, frames + 1), strict=True):
        assert one.get("NumberOfFrames", 1) == 1
        assert source_of(one) == (source.SOPInstanceUID, frame_number)
        assert one.file_meta.TransferSyntaxUID in (
            source.file_meta.TransferSyntaxUID,
            "1.2.840.10008.1.2.1",
        )


def source_of(dataset: Dataset) -> tuple[str, int]:
    """Return where a Frame says that it comes from."""
    if "FrameExtractionSequence" in dataset:
        (extraction,) = dataset.FrameExtractionSequence
        return extraction.MultiFrameSourceSOPInstanceUID, extraction.SimpleFrameList
    own = dataset.SourceImageSequence[-1]
    return own.ReferencedSOPInstanceUID, own.ReferencedFrameNumber


@each_object
def test_the_encoded_frames_are_those_of_the_source(name: str, instances: list[Path]) -> None:
    source = pydicom.dcmread(DATA / name)
    made = [pydicom.dcmread(path) for path in instances]
    if not source["PixelData"].is_undefined_length:
        whole = b"".join(np.ascontiguousarray(samples(one)).tobytes() for one in made)
        assert whole == np.ascontiguousarray(samples(source)).tobytes()
        return
    expected = list(generate_frames(source.PixelData, number_of_frames=len(made)))
    for one, frame in zip(made, expected, strict=True):
        (own,) = generate_frames(one.PixelData, number_of_frames=1)
        assert own == frame


@pytest.mark.parametrize("name", [name for name in SPLIT if name not in UNKNOWN_PIXELS])
@pytest.mark.judge("gdcmconv")
def test_other_decoders_find_the_known_pixels(
    name: str, instances: list[Path], tmp_path: Path
) -> None:
    """FACTS.jsonl has the hash of all decoded Frames one after the other."""
    facts = pixel_facts()[name]
    digest = hashlib.sha256()
    for path in instances:
        digest.update(np.ascontiguousarray(decoded(path, tmp_path)).tobytes())

    assert digest.hexdigest() == facts["pixel_sha256"]


def decoded(path: Path, scratch: Path) -> np.ndarray:
    """Return the samples: native ones as they are, RLE as pydicom decodes it, others as GDCM."""
    dataset = pydicom.dcmread(path)
    if not dataset["PixelData"].is_undefined_length:
        return samples(dataset)
    if dataset.file_meta.TransferSyntaxUID == RLELossless or "jpeg_ls.81" in path.name:
        found: np.ndarray = dataset.pixel_array
        return found
    return samples(pydicom.dcmread(decompressed(path, scratch)))


def samples(dataset: Dataset) -> np.ndarray:
    """Return native samples: little endian, colours last, bits as bytes."""
    frames = int(dataset.get("NumberOfFrames") or 1)
    rows, columns, colours = dataset.Rows, dataset.Columns, dataset.SamplesPerPixel
    count = frames * rows * columns * colours
    if dataset.BitsAllocated == 1:
        packed = np.frombuffer(dataset.PixelData, np.uint8)
        return np.unpackbits(packed, bitorder="little")[:count]
    order = "<"
    if dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.2":
        order = ">"
    values = np.frombuffer(dataset.PixelData, f"{order}u{dataset.BitsAllocated // 8}")[:count]
    values = values.astype(values.dtype.newbyteorder("<"))
    if colours > 1 and dataset.PlanarConfiguration:
        return np.moveaxis(values.reshape(frames, colours, rows, columns), 1, -1)
    return values


@cache
def pixel_facts() -> dict[str, dict[str, Any]]:
    lines = (DATA / "FACTS.jsonl").read_text().splitlines()
    return {facts["path"]: facts for facts in map(json.loads, lines)}


@pytest.mark.parametrize("name", [name for name in SPLIT if name not in UNJUDGED])
@pytest.mark.judge("dciodvfy")
def test_frames_have_only_the_errors_of_their_source(name: str, instances: list[Path]) -> None:
    source = pydicom.dcmread(DATA / name, stop_before_pixels=True)
    known = errors_of(DATA / name)

    for path in {instances[0], instances[len(instances) // 2], instances[-1]}:
        new = [one for one in errors_of(path) if not is_explained(one, source, known)]
        assert not [one.line for one in new]


def is_explained(error: Complaint, source: Dataset, known: tuple[Complaint, ...]) -> bool:
    """Return whether an error is the source's own, follows from what it lacks, or is none."""
    if any(waiver.words in error.line for waiver in WAIVERS):
        return True
    of_source = {one.about for one in known}
    if error.about in of_source or VALUE_OF.get(error.about) in of_source:
        return True
    held = {element.keyword for element in source.iterall() if not element.is_empty}
    is_told = error.about in TOLD_BY and TOLD_BY[error.about] <= held
    return "Missing" in error.line and error.about not in held and not is_told


@pytest.mark.parametrize("name", VOLUMES)
@pytest.mark.judge("dcm2niix")
def test_dcm2niix_sees_the_same_volume(name: str, instances: list[Path], tmp_path: Path) -> None:
    """It takes the distance of slices from an attribute there and from positions here: 0.1 um."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "one.dcm").write_bytes((DATA / name).read_bytes())

    theirs = volumes_of(tmp_path / "source", tmp_path / "theirs")
    ours = volumes_of(instances[0].parent, tmp_path / "ours")

    assert [volume.name for volume in ours] == [volume.name for volume in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert np.array_equal(one.data, other.data)
        np.testing.assert_allclose(one.affine, other.affine, rtol=0, atol=1e-4)


MERGEABLE = (
    *("barre/US-MONO2-8-8x-execho.dcm", "barre/XA-MONO2-8-12x-catheter.dcm"),
    *("barre/NM-MONO2-16-13x-heart.dcm", "barre/MR-MONO2-8-16x-heart.dcm"),
    *("dicomparser/IM00001.implicit_little_endian.dcm", "dcmqi/legacy_ct/mf.dcm"),
    *("dicomparser/CT0012.not_fragmented_no_bot_rle.dcm", "pydicom-data/eCT_Supplemental.dcm"),
    *("pydicom/test_files/examples_ybr_color.dcm", "pydicom-data/emri_small.dcm"),
    *("siemens_xa30/9_gre_field_mapping.dcm", "siemens_xa30/27_asl_2d_tra.dcm"),
)
# Slices in space: merge orders them along their normal, whatever their order was.
IN_SPACE = (CT, MR)


@pytest.mark.parametrize("name", MERGEABLE)
def test_split_frames_merge_again_with_their_pixels_in_order(
    name: str, instances: list[Path], tmp_path: Path
) -> None:
    (merged,) = outputs_of(merge_files(tmp_path / "merged", instances[0].parent))
    back = outputs_of(split_files(tmp_path / "back", merged, original_uids=True))

    by_uid = {pydicom.dcmread(path).SOPInstanceUID: path for path in instances}
    found = [by_uid[pydicom.dcmread(path).SOPInstanceUID] for path in back]

    assert sorted(found) == sorted(instances)
    if SPLIT[name][0] not in IN_SPACE:
        assert found == instances
    for path, source in zip(back, found, strict=True):
        one, other = pydicom.dcmread(path), pydicom.dcmread(source)
        assert one == other
