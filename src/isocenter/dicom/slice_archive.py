"""A multi-frame volume as a zip archive of its slices, for viewers that read only those well.

VolView takes spacing, position and orientation from the root of a Data Set only, and sets the
distance of a multi-frame object's slices to 1 mm whatever the object says. Slices of their own
say all of it in their roots. Nothing is compressed a second time and nothing decoded.
"""

import itertools
import zipfile
from collections.abc import Mapping
from typing import BinaryIO

from isocenter.dicom.frames import number_of_frames
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.split import SplitFrame, reason_to_skip, split_frames
from isocenter.dicom.streams import ByteSource, PiecesSource, StreamSource, read_pieces
from isocenter.dicom.uids import NATIVE
from isocenter.errors import InvalidInputError, NotSupportedError, UnusualEncodingError
from isocenter.limits import DEFAULT, Limits

# What the decoders in VolView take: native pixels, JPEG, JPEG-LS, JPEG 2000 and RLE. Each was
# looked at in the viewer; HTJ2K stays black.
READABLE = NATIVE | {
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.5",
}
_POSITION, _ORIENTATION = 0x00200032, 0x00200037


def count_slices(
    source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT
) -> Mapping[str, object]:
    """Return how many slices the volume has; nothing is written.

    Returns
    -------
    dict
        ``slices``; 0 for what is no volume: a single image, a cine, what cannot be split.
        ``is_readable``, whether viewers can decode the pixels.
    """
    assert target.tell() == 0
    stream = StreamSource(source)
    header = index_header(stream, limits)
    return {
        "slices": _number_of_slices(header, stream, limits),
        "is_readable": header.transfer_syntax_uid in READABLE,
    }


def write_slices(
    source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT
) -> Mapping[str, object]:
    """Write a zip archive of the Frames as single-frame Instances, ``0001.dcm`` and so on.

    Parameters
    ----------
    source, target
        Both seekable; the target empty.

    Returns
    -------
    dict
        ``slices``, their number.

    Raises
    ------
    NotSupportedError
        If it is no volume.
    UnusualEncodingError, InvalidInputError
        As ``split_frames`` raises them.
    """
    stream = StreamSource(source)
    header = index_header(stream, limits)
    if _number_of_slices(header, stream, limits) == 0:
        raise NotSupportedError("it is no volume of several slices")
    slices = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for frame in split_frames(header, stream, keep_original_uids=False):
            # The same volume gives the same archive: a fixed date, the first that zip knows.
            entry = zipfile.ZipInfo(f"{frame.frame_number:04d}.dcm")
            archive.writestr(entry, b"".join(read_pieces(frame.pieces, [stream])))
            slices = frame.frame_number
    return {"slices": slices}


def _number_of_slices(header: HeaderIndex, source: ByteSource, limits: Limits) -> int:
    """Return the number of Frames if the first two lie in space, at different places."""
    if reason_to_skip(header):
        return 0
    try:
        frames = itertools.islice(split_frames(header, source, keep_original_uids=False), 2)
        places = [_place(frame, source, limits) for frame in frames]
    except UnusualEncodingError:
        raise
    except (InvalidInputError, NotSupportedError):
        return 0
    if len(places) < 2 or not all(map(all, places)) or places[0] == places[1]:
        return 0
    return number_of_frames(header.dataset)


def _place(frame: SplitFrame, source: ByteSource, limits: Limits) -> tuple[bytes, ...]:
    """Return position and orientation of a slice as it will be written."""
    dataset = index_header(PiecesSource(frame.pieces, [source]), limits).dataset
    return dataset.value(_POSITION), dataset.value(_ORIENTATION)
