"""What a picture file is by its first bytes, and how a child process tells what is in it.

Nothing is decoded here and no codec is loaded: the parent of the child uses it too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from isocenter.dicom.generate import PictureFormat, PictureFrame
from isocenter.dicom.streams import ByteRange
from isocenter.dicom.supplied import is_value
from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import InvalidInputError

HEAD_BYTES = 256
# How names of pictures end; what has such a name and is none is reported, not passed over.
SUFFIXES = frozenset(
    {
        *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".tif"),
        *(".tiff", ".jp2", ".j2k", ".j2c", ".jpc", ".jph", ".jhc", ".jls", ".pbm", ".pgm"),
        *(".ppm", ".pnm"),
    }
)
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
)
_SIDE_MAX = 0xFFFF
_LENGTH_MAX = 0xFFFFFFFE
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


class PictureFacts(NamedTuple):
    """What a child found in a picture file.

    Attributes
    ----------
    frames
        Number of the format in ``formats``, and the Frame, in order.
    """

    formats: tuple[PictureFormat, ...]
    frames: tuple[tuple[int, PictureFrame], ...]
    warnings: tuple[str, ...]


def picture_kind(head: bytes) -> str:
    """Return ``png``, ``jpeg``, ``gif``, ``tiff``, ``bmp``, ``jp2``, ``pnm`` or ``""`` for others.

    JPEG-LS counts as ``jpeg``, a bare JPEG 2000 codestream as ``jp2``.
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    is_anymap = head[:1] == b"P" and head[1:2] in (b"1", b"2", b"3", b"4", b"5", b"6")
    return "pnm" if is_anymap and head[2:3] in (b" ", b"\t", b"\n", b"\r") else ""


def format_facts(picture: PictureFormat, icc_offset: int) -> list[object]:
    """Return a format as JSON values; its profile stands at ``icc_offset`` of the scratch file."""
    return [
        *(picture.transfer_syntax_uid, picture.rows, picture.columns, picture.samples),
        *(picture.photometric, picture.bits_allocated, picture.bits_stored),
        *(picture.lossy_method, *picture.density, icc_offset, len(picture.icc)),
    ]


def icc_range(facts: object) -> ByteRange:
    """Return where the profile of a format stands, which a child told; it is not trusted.

    Raises
    ------
    InvalidInputError
        If these are no such facts.
    """
    if not isinstance(facts, list) or len(facts) != 12:
        raise _nonsense()
    offset, length = facts[10:]
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
        raise _nonsense()
    return ByteRange(0, offset, length)


def read_facts(facts: Mapping[str, object], profiles: Sequence[bytes]) -> PictureFacts:
    """Return what a child told, checked.

    Parameters
    ----------
    facts
        With ``formats``, ``frames`` and ``warnings``.
    profiles
        The ICC profile of each format.

    Raises
    ------
    InvalidInputError
        If these are no such facts.
    """
    try:
        formats = tuple(map(_format, _list(facts["formats"]), profiles))
        frames = []
        offset = 0
        for row in _list(facts["frames"]):
            number, length, lossy_bytes, milliseconds = _list(row)
            picture = formats[_whole(number, len(formats) - 1)]
            is_native = picture.transfer_syntax_uid == EXPLICIT
            least, most = (picture.native_bytes,) * 2 if is_native else (1, _LENGTH_MAX)
            content = ByteRange(0, offset, _whole(length, most, least))
            offset += length
            frames.append(
                (number, PictureFrame(content, _whole(lossy_bytes), _positive(milliseconds)))
            )
        warnings = tuple(str(one) for one in _list(facts["warnings"]))
    except (KeyError, IndexError, TypeError, ValueError):
        raise _nonsense() from None
    if not frames:
        raise InvalidInputError("the picture has no frames")
    return PictureFacts(formats, tuple(frames), warnings)


def _format(row: object, icc: bytes) -> PictureFormat:
    uid, rows, columns, samples, photometric, allocated, stored, method, *rest = _list(row)
    across, down, *_ = rest
    if not (is_value(uid, "UI") and is_value(photometric, "CS")):
        raise ValueError
    if method and not is_value(method, "CS"):
        raise ValueError
    return PictureFormat(
        transfer_syntax_uid=uid,
        rows=_whole(rows, _SIDE_MAX),
        columns=_whole(columns, _SIDE_MAX),
        samples=_whole(samples, 3),
        photometric=photometric,
        bits_allocated=_whole(allocated, 16),
        bits_stored=_whole(stored, 16),
        lossy_method=method,
        density=(_positive(across), _positive(down)),
        icc=icc,
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _whole(value: object, highest: int = _LENGTH_MAX, lowest: int = 0) -> int:
    if not isinstance(value, int) or not lowest <= value <= highest:
        raise ValueError
    return value


def _positive(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError
    return float(value)


def _nonsense() -> InvalidInputError:
    return InvalidInputError("the reader process gave no usable answer")
