"""Files of every kind give Frames: pictures, volumes, odd DICOM objects, videos."""

import gzip
import io

import numpy as np
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian

from isocenter.client.resource_frames import ResourceFrames
from isocenter.errors import InvalidInputError
from tests.builders import instance, to_bytes
from tests.prepared_sets import nifti, png


def frames_of(data: bytes) -> list[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    return list(ResourceFrames(io.BytesIO(data)).frames())


def test_pictures_keep_their_depth_and_colours() -> None:
    grey = np.arange(48, dtype=np.uint8).reshape(6, 8)
    deep = (np.arange(48, dtype=np.uint16) * 1000).reshape(6, 8)
    colours = np.arange(144, dtype=np.uint8).reshape(6, 8, 3)
    for picture in (grey, deep, colours):
        (found,) = frames_of(png(picture))
        assert np.array_equal(found, picture)


def test_a_volume_gives_a_frame_for_each_step_of_its_third_axis() -> None:
    volume = np.arange(4 * 3 * 2, dtype=np.int16).reshape(4, 3, 2)
    plain = nifti(volume)
    for data in (plain, gzip.compress(plain)):
        found = frames_of(data)
        assert len(found) == 2
        assert all(np.array_equal(found[z], volume[:, :, z].T) for z in range(2))


def test_a_deflated_object_is_read_with_its_header() -> None:
    dataset = instance(transfer_syntax_uid=DeflatedExplicitVRLittleEndian)
    opened = ResourceFrames(io.BytesIO(to_bytes(dataset)))
    plain = ResourceFrames(io.BytesIO(to_bytes(instance())))
    assert np.array_equal(next(opened.frames()), next(plain.frames()))
    assert str(dataset.SOPInstanceUID).encode() in opened.header


def test_frames_can_be_asked_for_again() -> None:
    opened = ResourceFrames(io.BytesIO(png(np.zeros((2, 2), np.uint8))))
    assert len(list(opened.frames())) == len(list(opened.frames())) == 1


@pytest.mark.parametrize("data", [b"", b"no image", b"%PDF-1.7 and more", b"\x89PNG\r\n\x1a\n"])
def test_what_has_no_frames_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        frames_of(data)
