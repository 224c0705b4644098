"""Make a CT series of a phantom: a torso of ellipsoids, one file a slice.

python examples/sample_series.py --slices 400 --rows 512 --out var/sample/slices

The same arguments give the same series in every run. Nobody is shown in it: the patient is a
table of ellipsoids. Axes are `(z, y, x)`, lengths are millimetres, z grows towards the head.
"""

import argparse
import hashlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from rich.console import Console
from rich.progress import track

FIELD_OF_VIEW_MM = 380.0
LENGTH_MM = 400.0
INTERCEPT_HU = -1024
NOISE_HU = 14.0

Slice = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Organ:
    """An ellipsoid of one density: centre and radii as `(x, y, z)` in millimetres."""

    centre: tuple[float, float, float]
    radii: tuple[float, float, float]
    density_hu: float


# Painted in this order: a later organ covers an earlier one.
TORSO = (
    Organ((0, 0, 200), (172, 118, 460), -95),  # skin and fat
    Organ((0, 0, 200), (158, 104, 455), 48),  # muscle
    Organ((-76, -8, 265), (58, 78, 130), -855),  # right lung
    Organ((78, -8, 265), (56, 76, 128), -855),  # left lung
    Organ((22, -34, 235), (52, 46, 56), 62),  # heart
    Organ((30, -38, 232), (24, 20, 30), 190),  # blood with contrast in it
    Organ((-70, -6, 128), (82, 76, 60), 108),  # liver
    Organ((88, 20, 132), (36, 34, 52), 118),  # spleen
    Organ((60, -44, 120), (46, 34, 44), 12),  # stomach
    Organ((62, -56, 122), (30, 16, 28), -960),  # gas in it
    Organ((-62, 42, 70), (28, 26, 56), 172),  # right kidney
    Organ((62, 42, 78), (28, 26, 56), 172),  # left kidney
    Organ((10, 30, 200), (13, 13, 400), 280),  # aorta
)
SPINE_CENTRE_MM = (0.0, 62.0)
VERTEBRA_PITCH_MM = 28.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the samples of a slice lie, in millimetres from the middle of the table."""

    x: Slice
    y: Slice
    spacing_mm: float

    @classmethod
    def of(cls, rows: int) -> "Grid":
        """Return the grid of a square slice."""
        spacing_mm = FIELD_OF_VIEW_MM / rows
        axis = ((np.arange(rows) - (rows - 1) / 2) * spacing_mm).astype(np.float32)
        return cls(axis[np.newaxis, :], axis[:, np.newaxis], spacing_mm)


def uid(*parts: object) -> str:
    """Return a UID made from the parts (PS3.5 B.2): the same parts give the same UID."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def noise_field(rows: int) -> Slice:
    """Return noise twice as high and wide as a slice, smoothed a little as scanners do."""
    generator = np.random.Generator(np.random.PCG64(2025))
    noise = generator.standard_normal((2 * rows, 2 * rows), dtype=np.float32)
    for axis in (0, 1):
        noise += 0.6 * np.roll(noise, 1, axis) + 0.6 * np.roll(noise, -1, axis)
    noise *= np.float32(NOISE_HU) / noise.std()
    return noise


def paint_ellipse(
    image: Slice, grid: Grid, centre: tuple[float, float], radii: tuple[float, float], value: float
) -> None:
    """Set the samples inside an ellipse; only its bounding box is looked at."""
    columns = np.flatnonzero(np.abs(grid.x[0] - centre[0]) <= radii[0])
    rows = np.flatnonzero(np.abs(grid.y[:, 0] - centre[1]) <= radii[1])
    if not columns.size or not rows.size:
        return
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    x = (grid.x[:, box[1]] - centre[0]) / radii[0]
    y = (grid.y[box[0], :] - centre[1]) / radii[1]
    image[box][x * x + y * y <= 1] = value


def paint_ribs(image: Slice, grid: Grid, z_mm: float) -> None:
    """Set the samples of the rib cage: a thin elliptic wall, cut into falling ribs."""
    radius = np.sqrt((grid.x / 150) ** 2 + (grid.y / 98) ** 2)
    is_wall = np.abs(radius - 1) < 0.035
    is_rib = np.sin((z_mm + 0.35 * grid.y) * (2 * np.pi / 24)) > 0.25
    image[is_wall & is_rib & (np.abs(grid.x) > 18)] = 520


def torso_slice(z_mm: float, grid: Grid) -> Slice:
    """Return the densities in Hounsfield units, `(rows, columns)`, at one height."""
    image = np.full((grid.y.size, grid.x.size), -1000, np.float32)
    paint_ellipse(image, grid, (0, 150), (180, 16), -600)  # table
    for organ in TORSO:
        (x, y, z), (radius_x, radius_y, radius_z) = organ.centre, organ.radii
        height = (z_mm - z) / radius_z
        if abs(height) < 1:
            shrink = float(np.sqrt(1 - height * height))
            radii = (radius_x * shrink, radius_y * shrink)
            paint_ellipse(image, grid, (x, y), radii, organ.density_hu)
    if z_mm > 130:
        paint_ribs(image, grid, z_mm)
    is_disc = z_mm % VERTEBRA_PITCH_MM < 6
    paint_ellipse(image, grid, SPINE_CENTRE_MM, (24, 20), 110 if is_disc else 700)
    paint_ellipse(image, grid, SPINE_CENTRE_MM, (21, 17), 95 if is_disc else 260)
    paint_ellipse(image, grid, (0, 88), (9, 8), 25)  # spinal canal
    return image


def header(rows: int, slices: int) -> Dataset:
    """Return what all slices of the series have in common (PS3.3 A.3)."""
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.SOPClassUID = CTImageStorage
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = (
        "20250101"
    )
    dataset.StudyTime = dataset.SeriesTime = "120000"
    dataset.AccessionNumber = "SAMPLE"
    dataset.Modality = "CT"
    dataset.Manufacturer = "Isocenter"
    dataset.ManufacturerModelName = "Torso of ellipsoids"
    dataset.ReferringPhysicianName = ""
    dataset.StudyDescription = "Phantom"
    dataset.SeriesDescription = "Axial 1 mm"
    dataset.PatientName = "Phantom^Torso"
    dataset.PatientID = "PHANTOM"
    dataset.PatientBirthDate, dataset.PatientSex = "", "O"
    dataset.BodyPartExamined, dataset.PatientPosition = "CHEST", "HFS"
    dataset.KVP, dataset.ExposureTime, dataset.ConvolutionKernel = "120", "500", "STANDARD"
    dataset.StudyInstanceUID = uid("study", rows, slices)
    dataset.SeriesInstanceUID = uid("series", rows, slices)
    dataset.FrameOfReferenceUID = uid("frame of reference", rows, slices)
    dataset.PositionReferenceIndicator = ""
    dataset.StudyID, dataset.SeriesNumber, dataset.AcquisitionNumber = "1", 1, 1
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows = dataset.Columns = rows
    spacing = f"{FIELD_OF_VIEW_MM / rows:.8g}"
    dataset.PixelSpacing = [spacing, spacing]
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.RescaleIntercept, dataset.RescaleSlope = str(INTERCEPT_HU), "1"
    dataset.RescaleType = "HU"
    dataset.WindowCenter, dataset.WindowWidth = ["40", "-600"], ["400", "1500"]
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    return dataset


def make_series(folder: Path, *, slices: int, rows: int, show_progress: bool) -> int:
    """Write the series into the folder and return the number of bytes written."""
    folder.mkdir(parents=True, exist_ok=True)
    grid, noise, dataset = Grid.of(rows), noise_field(rows), header(rows, slices)
    spacing_mm = LENGTH_MM / slices
    dataset.SliceThickness = f"{spacing_mm:.8g}"
    written_bytes = 0
    indices = track(
        range(slices),
        description="Making slices",
        console=Console(stderr=True),
        disable=not show_progress,
    )
    for index in indices:
        z_mm = index * spacing_mm
        shift_y, shift_x = (index * 193) % rows, (index * 389) % rows
        image = torso_slice(z_mm, grid)
        image += noise[shift_y : shift_y + rows, shift_x : shift_x + rows]
        stored = np.clip(np.rint(image) - INTERCEPT_HU, 0, 4095).astype("<u2")
        dataset.SOPInstanceUID = uid("instance", rows, slices, index)
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.InstanceNumber = index + 1
        dataset.AcquisitionTime = dataset.ContentTime = f"12{index // 60 % 60:02d}{index % 60:02d}"
        dataset.XRayTubeCurrent = str(180 + round(60 * np.sin(index / 15)))
        half = FIELD_OF_VIEW_MM / 2 - grid.spacing_mm / 2
        dataset.ImagePositionPatient = [f"{-half:.8g}", f"{-half:.8g}", f"{z_mm:.8g}"]
        dataset.SliceLocation = f"{z_mm:.8g}"
        dataset.PixelData = stored.tobytes()
        dataset["PixelData"].VR = "OW"
        path = folder / f"{index:04d}.dcm"
        dcmwrite(path, dataset, enforce_file_format=True)
        written_bytes += path.stat().st_size
    return written_bytes


def positive(text: str) -> int:
    """Return a whole number of at least 1."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main(arguments: list[str] | None = None) -> int:
    """Make the series, say what was made and return the exit code."""
    parser = argparse.ArgumentParser(description="Make a CT series of a phantom.")
    parser.add_argument("--slices", type=positive, default=400, help="number of slices (400)")
    parser.add_argument("--rows", type=positive, default=512, help="rows and columns (512)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    written_bytes = make_series(
        options.out,
        slices=options.slices,
        rows=options.rows,
        show_progress=sys.stderr.isatty(),
    )
    seconds = time.monotonic() - started
    print(
        f"Made {options.slices} slices of {options.rows} x {options.rows} "
        f"({written_bytes / 1e6:.1f} MB) in {options.out} in {seconds:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
