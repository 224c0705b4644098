"""Pixel Data that came as a picture of another format: PNG, GIF, BMP, TIFF.

DICOM has no transfer syntax for these, so that a child process with limits decodes them; their
samples go in as they are. What they say of rows, columns and bits fills in the metadata.

References
----------
PS3.18 table 10.5.2-1 (media types that are transformed).
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from isocenter.dicom.bulk_pixels import BulkPart
from isocenter.dicom.generate import PictureFormat
from isocenter.dicom.json_model import JSONObject
from isocenter.dicom.picture_files import icc_range, read_facts
from isocenter.dicom.streams import ByteRange, ByteSource
from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.limits import Limits
from isocenter.services.conversions import Conversions
from isocenter.services.derived_files import DerivedFiles
from isocenter.services.files import FileSource

MEDIA_TYPES = frozenset(
    {"image/png", "image/apng", "image/gif", "image/bmp", "image/x-ms-bmp", "image/tiff"}
)
_COPY_BYTES = 1 << 20


class Made(NamedTuple):
    """What a picture became: a part for each Frame, and DICOM JSON that describes them."""

    parts: list[BulkPart]
    told: JSONObject


class Pictures:
    """Makes Frames of pictures; safe for any number of threads."""

    def __init__(self, files: DerivedFiles, conversions: Conversions, limits: Limits) -> None:
        self._files = files
        self._conversions = conversions
        self._limits = limits

    def make(self, content: ByteRange, source: ByteSource, append: Callable[[bytes], int]) -> Made:
        """Return what a picture becomes.

        Parameters
        ----------
        content, source
            Where its bytes are.
        append
            Writes bytes behind those of ``source`` and returns where they begin.

        Raises
        ------
        InvalidInputError, NotSupportedError, TooLargeError
            If it is none, or cannot be stored.
        """
        if content.length > self._limits.picture_bytes:
            raise TooLargeError(
                "picture_bytes", self._limits.picture_bytes, content.length, "bytes"
            )
        picture, samples = self._files.new_name(), self._files.new_name()
        try:
            picture.write_bytes(source.read_at(content.offset, content.length))
            facts = self._conversions.read_picture(picture, samples)
            return _made(facts, samples, append)
        finally:
            picture.unlink(missing_ok=True)
            samples.unlink(missing_ok=True)


def _made(facts: Mapping[str, object], samples: Path, append: Callable[[bytes], int]) -> Made:
    formats = facts.get("formats")
    if not isinstance(formats, list):
        raise InvalidInputError("the picture cannot be read")
    with FileSource(samples) as source:
        places = [icc_range(one) for one in formats]
        read = read_facts(facts, [source.read_at(at.offset, at.length) for at in places])
        if len(read.formats) > 1:
            raise NotSupportedError("its pages have several formats")
        picture = read.formats[0]
        parts = []
        for _, frame in read.frames:
            offset, length = frame.content.offset, frame.content.length
            start = append(b"")
            for done in range(0, length, _COPY_BYTES):
                append(source.read_at(offset + done, min(_COPY_BYTES, length - done)))
            place = ByteRange(0, start, length)
            parts.append(BulkPart("", picture.transfer_syntax_uid, place))
    return Made(parts, _told(picture, parts))


def _told(picture: PictureFormat, parts: Sequence[BulkPart]) -> JSONObject:
    numbers = {
        "00280002": picture.samples,
        "00280010": picture.rows,
        "00280011": picture.columns,
        "00280100": picture.bits_allocated,
        "00280101": picture.bits_stored,
        "00280102": picture.bits_stored - 1,
        "00280103": 0,
    }
    if picture.samples > 1:
        numbers["00280006"] = 0
    told: JSONObject = {tag: {"vr": "US", "Value": [one]} for tag, one in numbers.items()}
    told["00280004"] = {"vr": "CS", "Value": [picture.photometric]}
    if len(parts) > 1:
        told["00280008"] = {"vr": "IS", "Value": [len(parts)]}
    if picture.lossy_method:
        told["00282110"] = {"vr": "CS", "Value": ["01"]}
        told["00282114"] = {"vr": "CS", "Value": [picture.lossy_method]}
    if picture.icc:
        icc = b64encode(picture.icc).decode("ascii")
        told["00282000"] = {"vr": "OB", "InlineBinary": icc}
    return told
