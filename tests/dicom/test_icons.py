import io

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import encapsulate

from isocenter.dicom.codecs import ENCODERS, encode_frame
from isocenter.dicom.transcode import Wish, transcode
from isocenter.errors import CorruptPixelDataError
from tests.builders import instance, set_fragments, to_bytes
from tests.coded import frame, pixel_format

ICON = pixel_format(rows=9, columns=7, bits_stored=8, bits_allocated=8)


def compressed_with_icon(fragments: list[bytes]) -> bytes:
    """Return a JPEG 2000 instance whose icon is JPEG 2000 as well."""
    pixels = pixel_format(rows=8, columns=6)
    dataset = instance()
    icon = Dataset()
    icon.SamplesPerPixel, icon.PhotometricInterpretation = 1, "MONOCHROME2"
    icon.Rows, icon.Columns = 9, 7
    icon.BitsAllocated, icon.BitsStored, icon.HighBit = 8, 8, 7
    icon.PixelRepresentation = 0
    icon.PixelData = encapsulate(fragments, has_bot=False)
    icon["PixelData"].VR = "OB"
    icon["PixelData"].is_undefined_length = True
    dataset.IconImageSequence = [icon]
    data = encode_frame(ENCODERS["j2k"], frame(pixels), pixels)
    return to_bytes(set_fragments(dataset, [data], "1.2.840.10008.1.2.4.90"))


@pytest.mark.parametrize("codec", ["", "rle"])
def test_a_compressed_icon_becomes_native(codec: str) -> None:
    samples = frame(ICON)
    source = compressed_with_icon([encode_frame(ENCODERS["j2k"], samples, ICON)])
    target = io.BytesIO()

    transcode(io.BytesIO(source), target, wish=Wish(codec))

    written = dcmread(io.BytesIO(target.getvalue()))
    icon = written.IconImageSequence[0]
    assert icon.PixelData == samples.tobytes() + b"\0"
    assert np.array_equal(written.pixel_array, frame(pixel_format(rows=8, columns=6)))


def test_an_icon_without_a_frame_is_corrupt() -> None:
    source = compressed_with_icon([b"\0\0"])

    with pytest.raises(CorruptPixelDataError):
        transcode(io.BytesIO(source), io.BytesIO(), wish=Wish())
