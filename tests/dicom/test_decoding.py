"""Compressed Frames in the colours that come out: against pydicom and the shared facts."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels.utils import pixel_array

from isocenter.dicom.colours import to_rgb
from isocenter.dicom.decoding import decode_compressed
from isocenter.dicom.frames import index_frames, read_frame
from isocenter.dicom.header_index import index_header
from isocenter.dicom.pixel_format import read_pixel_format
from isocenter.dicom.streams import BytesSource
from isocenter.errors import NotSupportedError
from tests.rendering import image, indexed

COLOURED = (
    "cornerstone/TestPattern_JPEG-Baseline_YBR422.dcm",
    "cornerstone/TestPattern_JPEG-Baseline_YBRFull.dcm",
    "cornerstone/TestPattern_JPEG-Lossless_RGB.dcm",
    "cornerstone/TestPattern_JPEG-LS-NearLossless.dcm",
)


@pytest.mark.parametrize("name", COLOURED)
@pytest.mark.usefixtures("odd_values_allowed")
def test_the_test_pattern_has_its_colours(name: str, shared_data: Path) -> None:
    """The same picture, uncompressed, lies beside them."""
    folder = shared_data / "dicom"
    truth = pixel_array(dcmread(folder / "cornerstone/TestPattern_RGB.dcm")).astype(int)
    source = BytesSource((folder / name).read_bytes())
    header = index_header(source)
    data = read_frame(source, index_frames(header, source), 1)

    samples, layout = decode_compressed(
        header.transfer_syntax_uid, data, read_pixel_format(header.dataset)
    )

    rgb = to_rgb(samples, layout.photometric, 8).astype(int)
    # Lossy ones may be far off at edges, where colours of two pixels are joined.
    assert np.median(np.abs(rgb - truth)) <= 1
    assert np.abs(rgb - truth).mean() < 4


def test_an_unknown_transfer_syntax_is_refused() -> None:
    layout = read_pixel_format(indexed(image([[1]]))[0].dataset)

    with pytest.raises(NotSupportedError):
        decode_compressed("1.2.3", b"", layout)
