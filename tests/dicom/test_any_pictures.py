"""Pictures that need codecs or Pillow."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from isocenter.dicom.any_pictures import encode_any_picture, export_frames, measure_frames
from isocenter.errors import NotSupportedError, TooLargeError
from tests.builders import to_bytes
from tests.rendering import image


@pytest.mark.parametrize("has_colours", [False, True])
def test_jpeg_looks_the_same(has_colours: bool) -> None:
    smooth = np.add.outer(np.arange(64), np.arange(48)).astype(np.uint8)
    shown = np.repeat(smooth[:, :, np.newaxis], 3, axis=2) if has_colours else smooth

    with Image.open(io.BytesIO(encode_any_picture(shown, "jpeg"))) as opened:
        assert opened.mode == ("RGB" if has_colours else "L")
        assert np.abs(np.asarray(opened).astype(int) - shown).max() <= 3


@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3)])
def test_jp2_is_a_file_without_loss(shape: tuple[int, ...]) -> None:
    shown = np.random.Generator(np.random.PCG64(1)).integers(0, 256, shape).astype(np.uint8)

    data = encode_any_picture(shown, "jp2")

    assert data[4:8] == b"jP  "
    with Image.open(io.BytesIO(data)) as opened:
        np.testing.assert_array_equal(np.asarray(opened), shown)


def test_jpeg_has_no_16_bits() -> None:
    with pytest.raises(NotSupportedError):
        encode_any_picture(np.zeros((2, 2), np.uint16), "jpeg")


def test_a_picture_too_large_for_jpeg_is_refused() -> None:
    with pytest.raises(TooLargeError):
        encode_any_picture(np.zeros((1, 70_000), np.uint8), "jpeg")


def test_annotations_change_the_picture() -> None:
    source = to_bytes(image(np.zeros((100, 200))))
    plain, annotated = io.BytesIO(), io.BytesIO()
    for target, annotations in ((plain, False), (annotated, True)):
        export_frames(
            io.BytesIO(source),
            target,
            first_frame=1,
            frames=1,
            kind="png",
            annotations=annotations,
        )

    assert np.asarray(Image.open(plain)).max() == 0
    assert np.asarray(Image.open(annotated)).max() > 200


@pytest.mark.usefixtures("odd_values_allowed")
def test_compressed_frames_are_measured_and_shown(shared_data: Path) -> None:
    path = shared_data / "dicom/pydicom/test_files/JPEG2000.dcm"
    if not path.exists():
        pytest.skip("not among the shared data")
    target = io.BytesIO()
    with path.open("rb") as source:
        facts = measure_frames(source, io.BytesIO(), first_frame=1, frames=1)
        export_frames(source, target, first_frame=1, frames=1, kind="png", window="own")

    low, high = facts["low"], facts["high"]
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low < high
    shown = np.asarray(Image.open(target))
    assert (shown.min(), shown.max()) == (0, 255)
