"""Segmentations of every kind lie on the Frames that they were drawn on."""

import io
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pytest
from highdicom import AlgorithmIdentificationSequence
from highdicom.seg import (
    SegmentAlgorithmTypeValues,
    SegmentationTypeValues,
    SegmentDescription,
)
from highdicom.seg import Segmentation as Judge
from pydicom.sr.codedict import codes

from isocenter.client.frame_masks import FrameMask, frame_masks
from isocenter.client.prepared import PreparedFile, PreparedMask
from isocenter.client.resource_frames import ResourceFrames
from isocenter.errors import InvalidInputError
from tests.builders import CORONAL, instance, to_bytes, uid
from tests.prepared_sets import nifti, png

ROWS, COLUMNS = 8, 6


def slices() -> pydicom.Dataset:
    return instance(3, rows=ROWS, columns=COLUMNS, orientation=CORONAL)


def drawn() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    mask[1:4, 2] = 1
    mask[6, 5] = 1
    return mask


def found_in(
    path: Path, data: bytes, image: bytes, index: int | None = None, **names: int
) -> list[FrameMask]:
    path.write_bytes(data)
    mask = PreparedMask(
        "drawn", PreparedFile(path.name), index, {value: name for name, value in names.items()}
    )
    opened = ResourceFrames(io.BytesIO(image))
    shape = (len(list(opened.frames())), ROWS, COLUMNS)
    return frame_masks(path, mask, opened, shape)


def test_a_nifti_file_lies_where_its_affine_says(tmp_path: Path) -> None:
    dataset = slices()
    row = np.array(dataset.ImageOrientationPatient[:3], float) * float(dataset.PixelSpacing[1])
    column = np.array(dataset.ImageOrientationPatient[3:], float) * float(dataset.PixelSpacing[0])
    lps = np.eye(4)
    lps[:3, 0], lps[:3, 1] = row, column
    lps[:3, 2] = np.cross(row, column) / np.linalg.norm(np.cross(row, column))
    lps[:3, 3] = np.array(dataset.ImagePositionPatient, float)
    ras = np.diag([-1.0, -1.0, 1.0, 1.0]) @ lps
    volume = np.ascontiguousarray(drawn().T[:, :, None])
    image = nibabel.Nifti1Image(volume, ras)  # type: ignore[no-untyped-call]
    turned = image.as_reoriented(  # type: ignore[no-untyped-call]
        np.array([[0.0, -1.0], [1.0, 1.0], [2.0, 1.0]])
    )
    for one in (image, turned):
        ((index, name, values),) = found_in(
            tmp_path / "mask.nii", one.to_bytes(), to_bytes(dataset)
        )
        assert (index, name) == (0, "drawn")
        assert np.array_equal(values, drawn())
    away = nibabel.Nifti1Image(volume, ras + np.array([[0, 0, 0, 50.0]] * 3 + [[0.0] * 4]))  # type: ignore[no-untyped-call]
    with pytest.raises(InvalidInputError, match="elsewhere"):
        found_in(tmp_path / "mask.nii", away.to_bytes(), to_bytes(dataset))


def test_values_of_a_file_have_names(tmp_path: Path) -> None:
    volume = np.zeros((COLUMNS, ROWS, 2), np.uint8)
    volume[2, 1, 0], volume[3, 4, 1], volume[5, 5, 1] = 1, 2, 7
    image = nifti(np.zeros((COLUMNS, ROWS, 2), np.int16))
    found = found_in(tmp_path / "mask.nii", nifti(volume), image, left=1, right=2)
    assert [(index, name) for index, name, _ in found] == [(0, "left"), (1, "right")]
    assert (found[0][2][1, 2], int(found[0][2].sum())) == (1, 1)


def test_a_segmentation_of_another_program_is_read_segment_by_segment(tmp_path: Path) -> None:
    dataset = slices()
    algorithm = AlgorithmIdentificationSequence("drawn", codes.DCM.ArtificialIntelligence, "1")
    described = [
        SegmentDescription(
            number,
            name,
            codes.SCT.Organ,
            codes.SCT.Liver,
            SegmentAlgorithmTypeValues.AUTOMATIC,
            algorithm,
        )
        for number, name in ((1, "all"), (2, "top"))
    ]
    top = drawn()
    top[4:] = 0
    made = Judge(
        [dataset],
        np.stack([drawn(), top], axis=-1)[None].astype(np.uint8),
        SegmentationTypeValues.BINARY,
        described,
        series_instance_uid=uid("series"),
        series_number=2,
        sop_instance_uid=uid("segmentation"),
        instance_number=1,
        manufacturer="tests",
        manufacturer_model_name="tests",
        software_versions="1",
        device_serial_number="1",
        omit_empty_frames=False,
    )
    stream = io.BytesIO()
    made.save_as(stream)
    found = found_in(tmp_path / "mask.dcm", stream.getvalue(), to_bytes(dataset))
    assert [name for _, name, _ in found] == ["all", "top"]
    assert np.array_equal(found[0][2], drawn())
    assert np.array_equal(found[1][2], top)


def test_a_picture_is_of_its_frame_and_has_its_size(tmp_path: Path) -> None:
    image = nifti(np.zeros((COLUMNS, ROWS, 2), np.int16))
    ((index, _, values),) = found_in(tmp_path / "mask.png", png(drawn() * 255), image, 1)
    assert index == 1
    assert np.array_equal(values, drawn())
    with pytest.raises(InvalidInputError, match="another size"):
        found_in(tmp_path / "mask.png", png(drawn()[1:]), image, 1)
    with pytest.raises(InvalidInputError, match="another size"):
        found_in(tmp_path / "mask.png", png(drawn()), image, 2)
