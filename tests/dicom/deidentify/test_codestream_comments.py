import pytest

from isocenter.dicom.codecs import DECODERS, ENCODERS, encode_frame
from isocenter.dicom.deidentify.codestream_comments import without_comments
from isocenter.errors import InvalidInputError, NotSupportedError
from tests.coded import frame, pixel_format

PIXELS = pixel_format(bits_stored=8, bits_allocated=8)


@pytest.mark.parametrize("name", [name for name in ENCODERS if name != "jpegxl"])
def test_every_encoding_is_walked(name: str) -> None:
    codec = ENCODERS[name]
    plain = without_comments(encode_frame(codec, frame(PIXELS), PIXELS), codec.lossless_uid, PIXELS)

    assert without_comments(plain, codec.lossless_uid, PIXELS) is plain
    assert without_comments(plain + b"\0\0CANARY", codec.lossless_uid, PIXELS).count(b"CANARY") == 0


@pytest.mark.parametrize("uid", DECODERS)
def test_what_is_no_frame_is_refused(uid: str) -> None:
    with pytest.raises(InvalidInputError):
        without_comments(b"CANARY", uid, PIXELS)


@pytest.mark.parametrize("uid", ["1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.94", "1.2.3", ""])
def test_video_and_what_nobody_knows_is_refused(uid: str) -> None:
    with pytest.raises(NotSupportedError):
        without_comments(b"\xff\xd8\xff\xd9", uid, PIXELS)
