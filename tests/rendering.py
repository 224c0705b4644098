"""Rendering of Instances in memory, and small images whose pixels the test chooses."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from pydicom import Dataset

from isocenter.dicom.display import Display, frame_groups, read_display, shared_groups
from isocenter.dicom.frames import read_frame
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.render import Picture, render
from isocenter.dicom.samples import Array, index_pixels, native_samples, read_sample_format
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.windows import Window
from tests.builders import to_bytes
from tests.pictures import pictures

Value = str | int | float | list[int] | list[str] | list[Dataset]


def image(samples: npt.ArrayLike, *, bits_stored: int = 8, **elements: Value) -> Dataset:
    """Return a Secondary Capture of these samples; ``elements`` are set by keyword.

    ``(rows, columns)`` is grey, ``(rows, columns, 3)`` RGB; signed where a sample is.
    """
    values = np.asarray(samples)
    colours = 3 if values.ndim == 3 else 1
    (dataset,) = pictures("SC", 1, samples=colours, bits_stored=bits_stored)
    dataset.Rows, dataset.Columns = values.shape[:2]
    dataset.PixelRepresentation = int(bool((values < 0).any()))
    size = dataset.BitsAllocated // 8
    data = values.astype(f"<i{size}" if dataset.PixelRepresentation else f"<u{size}").tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def indexed(dataset: Dataset) -> tuple[HeaderIndex, BytesSource]:
    """Return the header index of an Instance and its bytes."""
    source = BytesSource(to_bytes(dataset))
    return index_header(source), source


def samples_of(dataset: Dataset, frame_number: int = 1) -> Array:
    """Return the stored samples of a native Frame."""
    header, source = indexed(dataset)
    layout = read_sample_format(header.dataset)
    data = read_frame(source, index_pixels(header, source), frame_number)
    return native_samples(data, layout, frame_number - 1)


def display_of(dataset: Dataset, frame_number: int = 1) -> Display:
    """Return how the header says that a Frame is shown."""
    header, _ = indexed(dataset)
    own = frame_groups(header.dataset, frame_number, 1)
    groups = (*(item for item in own if item is not None), *shared_groups(header.dataset))
    return read_display(header.dataset, read_sample_format(header.dataset), groups)


def rendered(
    dataset: Dataset, *, bits: int = 8, window: Window | None = None, frame_number: int = 1
) -> Picture:
    """Return what is shown of a native Frame."""
    display = display_of(dataset, frame_number)
    if window is not None:
        display = replace(display, voi=window)
    return render(samples_of(dataset, frame_number), display, bits=bits)


def lut_item(descriptor: list[int], *entries: int) -> Dataset:
    """Return an Item of a Modality LUT or VOI LUT Sequence."""
    item = Dataset()
    item.add_new("LUTDescriptor", "US", descriptor)
    item.add_new("LUTData", "US", list(entries))
    return item
