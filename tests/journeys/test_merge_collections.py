"""Every folder of real and odd files at hand: merged, left alone or refused, each with a reason.

The shared collections, and the files that pydicom brings with it. The large series have a file of
their own, ``test_merge_real.py``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pydicom
import pytest
from pydicom.encaps import generate_frames

from isocenter.services.actions import resolve
from isocenter.services.reports import Report, Work
from tests.conftest import MISSING_DATA, SHARED_DATA
from tests.equality import View, view
from tests.judges import errors_of, errors_of_its_own
from tests.round_trip import SOP_INSTANCE_UID, outputs_of

COLLECTIONS = SHARED_DATA / "dicom"
OF_PYDICOM = Path(pydicom.__file__).parent / "data"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
# pydicom takes the bytes of UN in a big-endian file for big-endian numbers; PS3.5 6.2.2 says that
# they are little endian. The same slice in little endian says what is right.
LITTLE_ENDIAN_TWIN = (
    COLLECTIONS / "transfer_syntaxes_ct" / "CTImage_LittleEndianExplicit_1.2.840.10008.1.2.1.dcm"
)
pytestmark = [
    pytest.mark.skipif(not COLLECTIONS.is_dir(), reason=MISSING_DATA),
    pytest.mark.usefixtures("odd_values_allowed"),
]


@cache
def folders() -> tuple[Path, ...]:
    """Return every folder that holds files itself, the large series aside."""
    found = {
        path.parent
        for root in (COLLECTIONS, OF_PYDICOM)
        for path in root.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".md", ".csv", ".jsonl")
    }
    return tuple(sorted(folder for folder in found if COLLECTIONS / "series" not in folder.parents))


def name_of(folder: Path) -> str:
    for root in (COLLECTIONS, OF_PYDICOM):
        if folder.is_relative_to(root):
            return f"{'shared' if root is COLLECTIONS else 'pydicom'}:{folder.relative_to(root)}"
    return folder.name


each_folder = pytest.mark.parametrize("folder", folders(), ids=name_of)
# What is none of merge's business, by the beginning of the reason.
LEFT_ALONE = (
    "already a multi-frame instance",
    "alone of its kind in its series",
    "no image",
    "not a DICOM file",
    "objects of this class are not merged",
    "byte-identical copy of",
)
# Why these slices stay single, part of the reason -> names of the files. PS3.3 A.8 unless it says.
STAY_SINGLE = {
    "takes MONOCHROME1 pixels": {"RG3_J2KI.dcm", "RG3_J2KR.dcm"},
    "takes signed MONOCHROME2 pixels": {
        *("JPEG2000-embedded-sequence-delimiter.dcm", "JPEG2000.dcm", "JLSL_16_15_1_1F.dcm"),
    },
    "takes MONOCHROME2 pixels of 7 in 8 bits": {"JLSL_08_07_0_1F.dcm"},
    "takes PALETTE COLOR pixels": {"TestPattern_Palette_16.dcm"},
    "takes RGB pixels of 16 in 16 bits": {
        *("SC_rgb_rle_16bit.dcm", "SC_rgb_16bit.dcm", "SC_rgb_expb_16bit.dcm"),
    },
    "takes RGB pixels of 32 in 32 bits": {
        *("SC_rgb_rle_32bit.dcm", "SC_rgb_32bit.dcm", "SC_rgb_expb_32bit.dcm"),
    },
    "YBR_FULL_422 only": {
        *("TestPattern_JPEG-Baseline_YBRFull.dcm", "SC_rgb_dcmtk_+eb+cy+n1.dcm"),
        *("SC_rgb_dcmtk_+eb+cy+n2.dcm", "SC_rgb_dcmtk_+eb+cy+s4.dcm", "SC_rgb_jpeg_dcmtk.dcm"),
        *("SC_rgb_jpeg_lossy_gdcm.dcm", "SC_rgb_jpeg.dcm", "SC_rgb_jpeg_app14_dcmd.dcm"),
        *("SC_jpeg_no_color_transform_2.dcm", "SC_rgb_dcmtk_+eb+cr.dcm"),
        "SC_rgb_small_odd_jpeg.dcm",
    },
    "takes RGB only": {"SC_ybr_full_422_uncompressed.dcm", "SC_ybr_full_uncompressed.dcm"},
    # PS3.3 C.8.2.1: CT has 16 bits allocated; this one was made lossy in 8.
    "16 bits allocated only": {"CTImage_JPEGProcess1_1.2.840.10008.1.2.4.50.dcm"},
}
# Broken files, part of the reason -> names.
BROKEN = {
    "the file ends inside element": {
        *("MR_truncated.dcm", "rtplan_truncated.dcm"),
        "emri_small_jpeg_2k_lossless_too_short.dcm",
    },
    "NumberOfFrames is not a decimal number": {"badVR.dcm"},
    "no SOP Class UID, and the modality does not tell it": {
        *("meta_missing_tsyntax.dcm", "nested_priv_SQ.dcm"),
    },
    "PixelData is missing": {
        *("csa_slice_norm.dcm", "chrSQEncoding.dcm", "chrSQEncoding1.dcm"),
        *("UN_sequence.dcm", "priv_SQ.dcm"),
    },
}
# A DICOMDIR's CT images of no pixels, named IM000000 and so on.
PIXELS_MISSING_IN = "dicomdirtests/TINY_ALPHA/PT000000/ST000000/SE000000"


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of dciodvfy about a merged object that is its source's fault.

    Attributes
    ----------
    about
        Attributes that the errors are about.
    names
        The sources.
    reason
        What is wrong with them, with the section of PS3.3 that decides; dciodvfy says nothing of
        it in the single-frame classes.
    """

    about: frozenset[str]
    names: frozenset[str]
    reason: str


FAULTS = (
    Fault(
        frozenset({"LossyImageCompressionMethod", "LossyImageCompressionRatio"}),
        frozenset(
            {
                *("MR2_J2KI.dcm", "693_J2KI.dcm", "CTImage_JPEG2000_1.2.840.10008.1.2.4.91.dcm"),
                "CTImage_JPEGLSLossy_1.2.840.10008.1.2.4.81.dcm",
            }
        ),
        "C.7.6.1.1.5: they say that a compression lost something, and not which",
    ),
    Fault(
        frozenset({"BitsStored", "HighBit", "Bits Stored", "High Bit"}),
        frozenset({"J2K_pixelrep_mismatch.dcm", "693_J2KI.dcm"}),
        "C.8.2.1.1.4 allows 13 and 14 bits, C.8.15.2 12 and 16 alone: pixels are not changed",
    ),
    Fault(
        frozenset({"ReferencedSOPInstanceUID"}),
        frozenset({"bad_sequence.dcm"}),
        "C.12.1.1.1: its SOP Instance UID, to which the reference refers, is no UID",
    ),
)
Merged = Callable[[Path], Report]


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Merged:
    """Return a function that merges a folder once, without those inside it."""

    @cache
    def merge_once(folder: Path) -> Report:
        out = tmp_path_factory.mktemp("merged")
        work = Work(paths=(folder,), recursive=False, out=out, jobs=2, durable=False)
        return resolve("merge")(work)

    return merge_once


def expected_reasons(name: str) -> Iterator[str]:
    """Yield the parts of reasons that the tables name for a file."""
    for table in (STAY_SINGLE, BROKEN):
        for reason, names in table.items():
            if name in names:
                yield reason


@each_folder
def test_every_file_is_merged_left_alone_or_refused_with_a_reason(
    folder: Path, merged: Merged
) -> None:
    surprises = []
    for outcome in merged(folder).files:
        if outcome.status == "skipped":
            is_known = outcome.reason.startswith(LEFT_ALONE)
        elif outcome.status == "failed":
            is_known = any(part in outcome.reason for part in expected_reasons(outcome.path.name))
            is_known |= str(folder).endswith(PIXELS_MISSING_IN)
        else:
            is_known = bool(outcome.outputs)
        if not is_known:
            surprises.append((outcome.path.name, outcome.status, outcome.reason))

    assert surprises == []
    accounted = {outcome.path for outcome in merged(folder).files}
    assert accounted == {path for path in folder.iterdir() if path.is_file()}


def test_every_row_of_the_tables_is_met(merged: Merged) -> None:
    """A name that no longer fails has no place there."""
    met = defaultdict(set)
    for folder in folders():
        for outcome in merged(folder).files:
            if outcome.status == "failed":
                for reason in expected_reasons(outcome.path.name):
                    met[reason].add(outcome.path.name)

    assert {reason: sorted(names) for reason, names in met.items()} == {
        reason: sorted(names) for table in (STAY_SINGLE, BROKEN) for reason, names in table.items()
    }


def sources_by_output(report: Report) -> dict[Path, list[Path]]:
    by_output: dict[Path, list[Path]] = {path: [] for path in outputs_of(report)}
    for outcome in report.files:
        for path in outcome.outputs:
            by_output[path].append(outcome.path)
    return by_output


@each_folder
def test_split_gives_back_what_was_merged(folder: Path, merged: Merged, tmp_path: Path) -> None:
    for number, (path, sources) in enumerate(sources_by_output(merged(folder)).items()):
        wanted = [facts_of(source) for source in sources]
        options = {"original_uids": all(one.uid for one in wanted)}
        work = Work(paths=(path,), out=tmp_path / str(number), options=options, durable=False)
        for restored in outputs_of(resolve("split")(work)):
            facts = facts_of(restored)
            if not options["original_uids"]:
                facts = facts.without_uid()
            assert facts in wanted, f"{path.name}: {restored.name} is none of its sources"
            wanted.remove(facts)
        assert wanted == []


@dataclass(frozen=True, slots=True)
class Facts:
    """What must come back: UID, elements and encoded Frame of an Instance, in little endian."""

    uid: str
    elements: View
    frame: bytes

    def without_uid(self) -> "Facts":
        """Return the same of an Instance that has none."""
        elements = {tag: value for tag, value in self.elements.items() if tag != SOP_INSTANCE_UID}
        return Facts("", elements, self.frame)


def facts_of(path: Path) -> Facts:
    dataset = pydicom.dcmread(path, force=True)
    if dataset["PixelData"].is_undefined_length:
        (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    elif dataset.file_meta.get("TransferSyntaxUID") == BIG_ENDIAN:
        samples = dataset.pixel_array
        frame = samples.astype(samples.dtype.newbyteorder("<")).tobytes()
        if any(element.VR == "UN" for element in map(dataset.get_item, dataset.keys())):
            dataset = pydicom.dcmread(LITTLE_ENDIAN_TWIN)
    else:
        pixels = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel
        frame = dataset.PixelData[: pixels * dataset.BitsAllocated // 8]
    elements = view(dataset)
    # Where only the file meta names class and Instance, that counts.
    for tag, keyword in ((0x00080016, "SOPClassUID"), (SOP_INSTANCE_UID, "SOPInstanceUID")):
        in_meta = dataset.file_meta.get(f"MediaStorage{keyword}")
        if in_meta and not dataset.get(keyword):
            elements[tag] = ("UI", in_meta)
    uid = elements.get(SOP_INSTANCE_UID, ("UI", ""))
    assert isinstance(uid, tuple)
    return Facts(str(uid[1]), elements, bytes(frame))


@each_folder
@pytest.mark.judge("dciodvfy", "dcmodify")
def test_merged_objects_have_only_the_errors_of_their_sources(
    folder: Path, merged: Merged, tmp_path: Path
) -> None:
    found = []
    for path, sources in sources_by_output(merged(folder)).items():
        names = {source.name for source in sources}
        known = {about for fault in FAULTS if fault.names & names for about in fault.about}
        subjects = {one.line: one.about for one in errors_of(path)}
        found += [
            line
            for line in errors_of_its_own(path, sources, tmp_path)
            if subjects[line] not in known
        ]
    assert found == []
