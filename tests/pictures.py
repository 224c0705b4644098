"""Series of single-frame images that are no CT, MR or PET: small, valid, the same in every run.

    for dataset in pictures("US", 5, columns=33):
        write(dataset, folder / f"{dataset.InstanceNumber:04d}.dcm")

`dciodvfy` finds no error in them; every kind is one of `KINDS`.
"""

from collections.abc import Callable

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from tests.builders import CANARY, Vary, add_private, uid

CLASSES = {
    "US": "1.2.840.10008.5.1.4.1.1.6.1",
    "XA": "1.2.840.10008.5.1.4.1.1.12.1",
    "RF": "1.2.840.10008.5.1.4.1.1.12.2",
    "NM": "1.2.840.10008.5.1.4.1.1.20",
    "SC": "1.2.840.10008.5.1.4.1.1.7",
    "CR": "1.2.840.10008.5.1.4.1.1.1",
}


def pictures(
    kind: str,
    count: int,
    *,
    rows: int = 6,
    columns: int = 7,
    samples: int = 1,
    bits_stored: int = 8,
    series_name: str = "pictures",
    transfer_syntax_uid: str = ExplicitVRLittleEndian,
    vary: Vary | None = None,
) -> list[Dataset]:
    """Return the instances of a series, in order of time; three samples are RGB.

    Each has a private block of its own. `vary(index, dataset)` may change them.
    """
    made = []
    for index in range(count):
        dataset = _identified(kind, index, series_name)
        _set_pixels(dataset, index, rows, columns, samples, bits_stored)
        _SETTERS[kind](dataset, index)
        add_private(dataset, index)
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
        if vary is not None:
            vary(index, dataset)
        made.append(dataset)
    return made


def _identified(kind: str, index: int, series_name: str) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = f"{CANARY}^Jörg"
    dataset.PatientID = f"{CANARY}-1"
    dataset.PatientBirthDate, dataset.PatientSex = "19600102", "O"
    dataset.StudyInstanceUID = uid("study")
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20240131", "101500", "1"
    dataset.AccessionNumber, dataset.ReferringPhysicianName = f"{CANARY}-ACC", ""
    dataset.Modality = "OT" if kind == "SC" else kind
    dataset.SeriesInstanceUID = uid(series_name, kind, "series")
    dataset.SeriesNumber = 31
    dataset.Manufacturer = "BUILDER"
    dataset.SOPClassUID = CLASSES[kind]
    dataset.SOPInstanceUID = uid(series_name, kind, "instance", index)
    dataset.InstanceNumber = index + 1
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.ContentDate = dataset.AcquisitionDate = "20240131"
    dataset.ContentTime = dataset.AcquisitionTime = f"1015{index % 60:02d}.5"
    dataset.BodyPartExamined, dataset.PatientOrientation = "CHEST", ""
    return dataset


def _set_pixels(
    dataset: Dataset, index: int, rows: int, columns: int, samples: int, bits_stored: int
) -> None:
    shape = (rows, columns) if samples == 1 else (rows, columns, samples)
    values = np.random.Generator(np.random.PCG64(index)).integers(0, 1 << bits_stored, shape)
    data = values.astype("<u1" if bits_stored <= 8 else "<u2").tobytes()
    dataset.SamplesPerPixel = samples
    dataset.PhotometricInterpretation = "MONOCHROME2" if samples == 1 else "RGB"
    if samples > 1:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated = 8 if bits_stored <= 8 else 16
    dataset.BitsStored, dataset.HighBit = bits_stored, bits_stored - 1
    dataset.PixelRepresentation = 0
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB" if bits_stored <= 8 else "OW"


def _set_us(dataset: Dataset, index: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "ABDOMINAL", "0001"]
    dataset.LossyImageCompression = "00"
    dataset.HeartRate = 60 + index


def _set_xa(dataset: Dataset, index: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]
    _set_x_ray(dataset, index)
    dataset.PositionerMotion = "STATIC"
    dataset.PositionerPrimaryAngle, dataset.PositionerSecondaryAngle = "10", "-5"


def _set_rf(dataset: Dataset, index: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]
    _set_x_ray(dataset, index)


def _set_x_ray(dataset: Dataset, index: int) -> None:
    dataset.LossyImageCompression = "00"
    dataset.PixelIntensityRelationship = "LIN"
    dataset.KVP, dataset.RadiationSetting = "80", "GR"
    dataset.XRayTubeCurrent, dataset.ExposureTime = 10, 100
    dataset.Exposure = 1 + index


def _set_nm(dataset: Dataset, index: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"]
    dataset.NumberOfFrames = 1
    dataset.FrameIncrementPointer = 0x00540080
    dataset.SliceVector = dataset.NumberOfSlices = 1
    dataset.NumberOfEnergyWindows = dataset.NumberOfDetectors = dataset.NumberOfRotations = 1
    dataset.PixelSpacing, dataset.SliceThickness = ["4", "4"], "4"
    dataset.SpacingBetweenSlices = "4"
    dataset.CountsAccumulated = 1000 + index
    for keyword in (
        *("EnergyWindowInformationSequence", "RadiopharmaceuticalInformationSequence"),
        *("PatientOrientationCodeSequence", "PatientGantryRelationshipCodeSequence"),
        "RotationInformationSequence",
    ):
        setattr(dataset, keyword, [])
    detector = Dataset()
    detector.CollimatorType = "PARA"
    detector.ImagePositionPatient = ["-10", "-20", str(4 * index)]
    detector.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    dataset.DetectorInformationSequence = [detector]


def _set_sc(dataset: Dataset, _: int) -> None:
    dataset.ConversionType = "WSD"
    dataset.BurnedInAnnotation = "NO"
    # Made as a set: the times tell nothing about their order.
    dataset.AcquisitionTime = dataset.ContentTime = "101500"


def _set_cr(dataset: Dataset, index: int) -> None:
    dataset.ViewPosition = "AP"
    dataset.KVP = str(80 + index)


_SETTERS: dict[str, Callable[[Dataset, int], None]] = {
    "US": _set_us,
    "XA": _set_xa,
    "RF": _set_rf,
    "NM": _set_nm,
    "SC": _set_sc,
    "CR": _set_cr,
}
KINDS = tuple(_SETTERS)
