"""Instances and series made by the tests themselves: small, plausible, the same in every run.

    for dataset in series(6, modality="MR", orientation=CORONAL):
        write(dataset, folder / f"{dataset.InstanceNumber:04d}.dcm")

Everything is deterministic: UIDs come from `uid`, pixels from a seeded generator, dates are fixed.
Every identifying value holds the token CANARY, so that a search for it finds leaks.
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    CTImageStorage,
    ExplicitVRLittleEndian,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
)

CANARY = "CANARY"
PRIVATE_CREATOR = "BUILDER PRIVATE"
SOP_CLASSES = {
    "CT": CTImageStorage,
    "MR": MRImageStorage,
    "PT": PositronEmissionTomographyImageStorage,
}

Vector = tuple[float, float, float]
Vary = Callable[[int, Dataset], None]
Pixels = npt.NDArray[np.int16] | npt.NDArray[np.uint16] | npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Orientation:
    """Direction cosines of rows and columns, and the direction from slice to slice."""

    row: Vector
    column: Vector
    step: Vector


AXIAL = Orientation((1, 0, 0), (0, 1, 0), (0, 0, 1))
SAGITTAL = Orientation((0, 1, 0), (0, 0, -1), (-1, 0, 0))
CORONAL = Orientation((1, 0, 0), (0, 0, -1), (0, 1, 0))
OBLIQUE = Orientation((1, 0, 0), (0, 0.8, 0.6), (0, -0.6, 0.8))
TILTED_GANTRY = Orientation((1, 0, 0), (0, 0.8, 0.6), (0, 0, 1))
"""The step is not along the slice normal: the stack is sheared."""


def uid(*parts: object) -> str:
    """Return a UID made from the parts: the same parts give the same UID."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def pixels(
    index: int, *, rows: int, columns: int, bits_stored: int = 12, signed: bool = False
) -> Pixels:
    """Return `(rows, columns)` samples that use the whole range and differ from slice to slice."""
    generator = np.random.Generator(np.random.PCG64(index))
    low, high = (-(1 << bits_stored - 1), 1 << bits_stored - 1) if signed else (0, 1 << bits_stored)
    values = generator.integers(low, high, size=(rows, columns))
    values.flat[0], values.flat[-1] = low, high - 1
    if bits_stored <= 8 and not signed:
        return values.astype("<u1")
    return values.astype("<i2") if signed else values.astype("<u2")


def decimal(value: float) -> str:
    """Return a Decimal String of at most 16 characters."""
    return f"{value:.8g}"


def instance(
    index: int = 0,
    *,
    modality: str = "CT",
    rows: int = 8,
    columns: int = 6,
    spacing_mm: float = 1.5,
    pixel_spacing_mm: tuple[float, float] = (0.75, 0.5),
    origin: Vector = (-100.0, -80.0, 40.0),
    orientation: Orientation = AXIAL,
    bits_stored: int | None = None,
    signed: bool = False,
    series_name: str = "series",
    transfer_syntax_uid: str = ExplicitVRLittleEndian,
) -> Dataset:
    """Return the single-frame instance number `index` (0-based) of a series, with native pixels.

    `signed` gives Pixel Representation 1; 16 bits are allocated unless `bits_stored` is at most 8.
    `bits_stored` is 12, for PET 16 as the standard demands, unless the caller chooses.
    The file meta information names `transfer_syntax_uid`; the caller puts in fitting Pixel Data.
    """
    dataset = Dataset()
    _set_patient_and_study(dataset)
    _set_series(dataset, modality, series_name)
    dataset.SOPClassUID = SOP_CLASSES[modality]
    dataset.SOPInstanceUID = uid(series_name, modality, "instance", index)
    dataset.InstanceNumber = index + 1
    dataset.AcquisitionNumber = 1
    dataset.ContentDate = dataset.AcquisitionDate = "20240131"
    dataset.ContentTime = dataset.AcquisitionTime = f"1015{index % 60:02d}.{index:06d}"
    _set_plane(dataset, index, spacing_mm, pixel_spacing_mm, origin, orientation)
    if bits_stored is None:
        bits_stored = 16 if modality == "PT" else 12
    samples = pixels(index, rows=rows, columns=columns, bits_stored=bits_stored, signed=signed)
    _set_pixels(dataset, samples, bits_stored=bits_stored, signed=signed)
    _MODALITY_SETTERS[modality](dataset, index)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    return dataset


def series(
    count: int,
    *,
    modality: str = "CT",
    rows: int = 8,
    columns: int = 6,
    spacing_mm: float = 1.5,
    pixel_spacing_mm: tuple[float, float] = (0.75, 0.5),
    origin: Vector = (-100.0, -80.0, 40.0),
    orientation: Orientation = AXIAL,
    bits_stored: int | None = None,
    signed: bool = False,
    series_name: str = "series",
    missing: Iterable[int] = (),
    vary: Vary | None = None,
) -> list[Dataset]:
    """Return the instances of a series in order along the step, without the `missing` indices.

    `vary(index, dataset)` may change each instance, for example its rescale or private elements.
    """
    left_out = frozenset(missing)
    made: list[Dataset] = []
    for index in range(count):
        if index in left_out:
            continue
        dataset = instance(
            index,
            modality=modality,
            rows=rows,
            columns=columns,
            spacing_mm=spacing_mm,
            pixel_spacing_mm=pixel_spacing_mm,
            origin=origin,
            orientation=orientation,
            bits_stored=bits_stored,
            signed=signed,
            series_name=series_name,
        )
        if vary is not None:
            vary(index, dataset)
        made.append(dataset)
    return made


def add_private(dataset: Dataset, index: int = 0, *, creator: str = PRIVATE_CREATOR) -> Dataset:
    """Add a private block with text, bytes and a sequence that tell `index`; return dataset."""
    block = dataset.private_block(0x0009, creator, create=True)
    block.add_new(0x01, "LO", f"private {index}")
    block.add_new(0x02, "OB", bytes([index % 256]) * 8)
    item = Dataset()
    item.CodeValue = f"P{index}"
    item.CodingSchemeDesignator = "99BUILDER"
    item.CodeMeaning = "in a private sequence"
    block.add_new(0x03, "SQ", [item])
    return dataset


def vary_rescale(index: int, dataset: Dataset) -> None:
    """Give each slice a slope of its own, as PET scanners do."""
    dataset.RescaleSlope = decimal(0.5 + 0.01 * index)


def set_fragments(
    dataset: Dataset,
    frames: Sequence[bytes],
    transfer_syntax_uid: str,
    *,
    fragments_per_frame: int = 1,
    has_offset_table: bool = True,
) -> Dataset:
    """Replace the Pixel Data by encapsulated Frames, given already encoded; return dataset."""
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    dataset.PixelData = encapsulate(
        list(frames), fragments_per_frame=fragments_per_frame, has_bot=has_offset_table
    )
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return dataset


def to_bytes(dataset: Dataset) -> bytes:
    """Return the instance as a Part 10 stream."""
    stream = io.BytesIO()
    dcmwrite(stream, dataset, enforce_file_format=True)
    return stream.getvalue()


def write(dataset: Dataset, path: Path) -> Path:
    """Write the instance as a Part 10 file, making folders as needed; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(dataset))
    return path


def write_series(datasets: Iterable[Dataset], folder: Path) -> list[Path]:
    """Write instances as `0000.dcm`, `0001.dcm`, ... in the order given; return their paths."""
    return [write(dataset, folder / f"{k:04d}.dcm") for k, dataset in enumerate(datasets)]


def _set_patient_and_study(dataset: Dataset) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = f"{CANARY}^Jörg=山田^太郎"
    dataset.PatientID = f"{CANARY}-1"
    dataset.PatientBirthDate = "19600102"
    dataset.PatientSex = "O"
    dataset.PatientWeight = "75"
    dataset.StudyInstanceUID = uid("study")
    dataset.StudyDate, dataset.StudyTime = "20240131", "101500"
    dataset.StudyID = "1"
    dataset.AccessionNumber = f"{CANARY}-ACC"
    dataset.ReferringPhysicianName = f"{CANARY}^Referrer"


def _set_series(dataset: Dataset, modality: str, series_name: str) -> None:
    dataset.Modality = modality
    dataset.SeriesInstanceUID = uid(series_name, modality, "series")
    dataset.SeriesNumber = 31
    dataset.SeriesDate, dataset.SeriesTime = "20240131", "101500"
    dataset.SeriesDescription = "made by the tests"
    dataset.Manufacturer = "BUILDER"
    dataset.ManufacturerModelName = "Model 1"
    dataset.DeviceSerialNumber = f"{CANARY}-SN"
    dataset.SoftwareVersions = "1.0"
    dataset.InstitutionName = f"{CANARY} Hospital"
    dataset.BodyPartExamined = "CHEST"
    dataset.PatientPosition = "HFS"
    request = Dataset()
    request.RequestedProcedureID = f"{CANARY}-REQ"
    request.ScheduledProcedureStepID = "1"
    request.ScheduledProcedureStepDescription = "a nested step"
    dataset.RequestAttributesSequence = [request]


def _set_plane(
    dataset: Dataset,
    index: int,
    spacing_mm: float,
    pixel_spacing_mm: tuple[float, float],
    origin: Vector,
    orientation: Orientation,
) -> None:
    position = [
        start + index * spacing_mm * along
        for start, along in zip(origin, orientation.step, strict=True)
    ]
    dataset.FrameOfReferenceUID = uid("frame of reference")
    dataset.PositionReferenceIndicator = ""
    dataset.ImagePositionPatient = [decimal(value) for value in position]
    dataset.ImageOrientationPatient = [
        decimal(value) for value in (*orientation.row, *orientation.column)
    ]
    dataset.PixelSpacing = [decimal(value) for value in pixel_spacing_mm]
    dataset.SliceThickness = decimal(spacing_mm)
    dataset.SliceLocation = decimal(position[2])


def _set_pixels(dataset: Dataset, samples: Pixels, *, bits_stored: int, signed: bool) -> None:
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = samples.shape
    dataset.BitsAllocated = samples.dtype.itemsize * 8
    dataset.BitsStored = bits_stored
    dataset.HighBit = bits_stored - 1
    dataset.PixelRepresentation = int(signed)
    data = samples.tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OW" if dataset.BitsAllocated > 8 else "OB"


def _set_ct(dataset: Dataset, index: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.KVP = "120"
    dataset.XRayTubeCurrent = str(150 + 7 * index % 90)
    dataset.ExposureTime = "500"
    dataset.ConvolutionKernel = "B30f"
    dataset.RescaleIntercept, dataset.RescaleSlope = "-1024", "1"
    dataset.RescaleType = "HU"
    dataset.WindowCenter, dataset.WindowWidth = ["40", "-600"], ["400", "1500"]


def _set_mr(dataset: Dataset, index: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND"]
    dataset.ScanningSequence, dataset.SequenceVariant = "GR", "SP"
    dataset.ScanOptions = ""
    dataset.MRAcquisitionType = "2D"
    dataset.RepetitionTime, dataset.EchoTime = "2000", "30"
    dataset.EchoTrainLength, dataset.FlipAngle = "1", "80"
    dataset.MagneticFieldStrength = "3"
    dataset.WindowCenter, dataset.WindowWidth = str(600 + index), "1200"


def _set_pt(dataset: Dataset, index: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.Units = "BQML"
    dataset.CountsSource, dataset.SeriesType = "EMISSION", ["WHOLE BODY", "IMAGE"]
    dataset.CorrectedImage = ["DECY", "ATTN"]
    dataset.DecayCorrection = "START"
    dataset.NumberOfSlices, dataset.ImageIndex = 400, index + 1
    dataset.CollimatorType = "NONE"
    dataset.FrameReferenceTime, dataset.ActualFrameDuration = str(1000 * index), "180000"
    dataset.RescaleIntercept, dataset.RescaleSlope = "0", decimal(1 + 0.125 * index)
    dataset.DecayFactor = decimal(1 + 0.01 * index)
    dataset.RadiopharmaceuticalInformationSequence = []
    del dataset.PatientPosition  # the two code sequences take its place (PS3.3 C.8.9.5)
    dataset.PatientOrientationCodeSequence = []
    dataset.PatientGantryRelationshipCodeSequence = []


_MODALITY_SETTERS: dict[str, Callable[[Dataset, int], None]] = {
    "CT": _set_ct,
    "MR": _set_mr,
    "PT": _set_pt,
}
