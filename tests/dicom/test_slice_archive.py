"""Volumes as archives of slices: what is a volume, and what the slices say."""

import io
import zipfile

import numpy as np
import pytest
from pydicom import Dataset, dcmread

from isocenter.dicom.slice_archive import count_slices, write_slices
from isocenter.errors import NotSupportedError
from tests.builders import instance, series, to_bytes
from tests.in_memory import merged_stack
from tests.multi_frame import classic

US_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.3.1"


def count(stream: bytes) -> object:
    return count_slices(io.BytesIO(stream), io.BytesIO())["slices"]


def volume(slices: list[Dataset]) -> bytes:
    return merged_stack([to_bytes(one) for one in slices]).stream


def test_a_merged_series_is_a_volume_of_its_slices() -> None:
    slices = list(series(5, rows=8, columns=6))
    target = io.BytesIO()

    facts = write_slices(io.BytesIO(volume(slices)), target)

    assert facts == {"slices": 5}
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == [f"{number:04d}.dcm" for number in range(1, 6)]
        assert archive.testzip() is None
        written = [dcmread(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    for one, before in zip(written, slices, strict=True):
        assert one.ImagePositionPatient == before.ImagePositionPatient
        assert one.PixelSpacing == before.PixelSpacing
        assert one.SOPClassUID == before.SOPClassUID
        assert np.array_equal(one.pixel_array, before.pixel_array)


def test_the_same_volume_gives_the_same_archive() -> None:
    stream = volume(list(series(3, rows=8, columns=6)))
    first, second = io.BytesIO(), io.BytesIO()

    write_slices(io.BytesIO(stream), first)
    write_slices(io.BytesIO(stream), second)

    assert first.getvalue() == second.getvalue()


def test_counting_writes_nothing() -> None:
    target = io.BytesIO()

    facts = count_slices(io.BytesIO(volume(list(series(4, rows=8, columns=6)))), target)

    assert facts == {"slices": 4, "is_readable": True}
    assert target.getvalue() == b""


@pytest.mark.parametrize(
    "dataset",
    [instance(rows=8, columns=8), classic(US_MULTI_FRAME, 3, modality="US")],
    ids=["one slice", "a cine"],
)
def test_what_does_not_lie_in_space_frame_by_frame_is_no_volume(dataset: Dataset) -> None:
    stream = to_bytes(dataset)

    assert count(stream) == 0
    with pytest.raises(NotSupportedError, match="no volume"):
        write_slices(io.BytesIO(stream), io.BytesIO())
