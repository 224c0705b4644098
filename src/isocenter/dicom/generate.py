"""Pictures to Instances: Secondary Capture for one Frame, its multi-frame classes for more.

The pixels come as they shall stand in Pixel Data, native or as codestreams; ``foreign_pictures``
makes them from files. Here is what the standard wants around them.

References
----------
PS3.3 A.8 (Secondary Capture IODs), C.8.6 (their modules), C.7.6.1 (General Image), C.7.6.3 (Image
Pixel), C.7.6.5, C.7.6.6 (Cine, Multi-frame), C.11.15 (ICC Profile); PS3.5 A.4 (encapsulation).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import pack

from isocenter.dicom.classic import PixelFacts, secondary_capture
from isocenter.dicom.encapsulation import encapsulated_pieces
from isocenter.dicom.frame_increment import (
    FRAME_INCREMENT_POINTER,
    FRAME_TIME,
    FRAME_TIME_VECTOR,
    PAGE_NUMBER_VECTOR,
)
from isocenter.dicom.given_identity import GivenIdentity, NewInstance, identity_elements
from isocenter.dicom.header_index import PIXEL_DATA
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.part10 import (
    element_header,
    encode_data_set,
    encode_element,
    file_meta,
)
from isocenter.dicom.pixel_format import (
    BITS_ALLOCATED,
    BITS_STORED,
    COLUMNS,
    HIGH_BIT,
    PHOTOMETRIC_INTERPRETATION,
    PIXEL_REPRESENTATION,
    PLANAR_CONFIGURATION,
    ROWS,
    SAMPLES_PER_PIXEL,
)
from isocenter.dicom.streams import ByteRange, Piece
from isocenter.dicom.uids import EXPLICIT, SC, SC_MULTI_FRAME_BIT, SC_MULTI_FRAME_COLOUR
from isocenter.errors import NotSupportedError

_IMAGE_TYPE, CONVERSION_TYPE, _SPACING = 0x00080008, 0x00080064, 0x00182010
_NUMBER_OF_FRAMES, _ASPECT_RATIO, _BURNED_IN = 0x00280008, 0x00280034, 0x00280301
_PATIENT_ORIENTATION, _LUT_SHAPE = 0x00200020, 0x20500020
_INTERCEPT, _SLOPE, _RESCALE_TYPE = 0x00281052, 0x00281053, 0x00281054
_ICC_PROFILE = 0x00282000
_LOSSY, _LOSSY_RATIO, _LOSSY_METHOD = 0x00282110, 0x00282112, 0x00282114
_TABLE_MAX = 0xFFFFFFFE
# Digitized film and scanned documents have a size of their own; of screens it tells nothing.
DIGITIZED = frozenset({"DF", "SD"})
# Page numbers of more do not fit into one value.
FRAMES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What all Frames of one Instance share.

    Attributes
    ----------
    lossy_method
        ``""`` where nothing is known to be lost.
    density
        Pixels per millimetre across and down; 0, 0 where the picture does not say it.
    icc
        An ICC input profile, ``b""`` for none.
    """

    transfer_syntax_uid: str
    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    lossy_method: str = ""
    density: tuple[float, float] = (0.0, 0.0)
    icc: bytes = b""

    @property
    def native_bytes(self) -> int:
        """Length of one native Frame; of packed pixels, whole bytes."""
        bits = self.rows * self.columns * self.samples * self.bits_allocated
        return (bits + 7) // 8


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """One Frame, as it shall stand in Pixel Data.

    Attributes
    ----------
    lossy_bytes
        How long it was when it was compressed with loss, 0 otherwise.
    milliseconds
        How long it is shown, 0 where the picture does not say it.
    """

    content: ByteRange
    lossy_bytes: int = 0
    milliseconds: float = 0.0


def multi_frame_class(picture: PictureFormat) -> str:
    """Return the multi-frame Secondary Capture class for the Frames.

    Raises
    ------
    NotSupportedError
        If there is none: colours of more than 8 bits, and what ``secondary_capture`` refuses.
    """
    if picture.bits_allocated == 1:
        return SC_MULTI_FRAME_BIT
    return secondary_capture(
        PixelFacts(
            transfer_syntax_uid=picture.transfer_syntax_uid,
            photometric=picture.photometric,
            samples=picture.samples,
            bits_allocated=picture.bits_allocated,
            bits_stored=picture.bits_stored,
            high_bit=picture.bits_stored - 1,
            is_signed=False,
            is_planar=False,
        )
    )


def make_instance(
    picture: PictureFormat,
    frames: Sequence[PictureFrame],
    given: GivenIdentity,
    new: NewInstance,
    *,
    is_multi_frame: bool,
) -> Iterator[Piece]:
    """Yield the pieces of a Part 10 file.

    Parameters
    ----------
    given, new
        Who and what it is about; the SOP Class of ``new`` is that of this object.
    is_multi_frame
        Whether it is of a multi-frame class, also with one Frame.

    Raises
    ------
    NotSupportedError
        If there are several Frames and no multi-frame class takes them.
    """
    assert is_multi_frame or len(frames) == 1
    new = new._replace(sop_class_uid=multi_frame_class(picture) if is_multi_frame else SC)
    root = InstanceRoot({}, is_implicit=False)
    _describe_image(root, picture)
    _describe_pixels(root, picture)
    _describe_loss(root, picture, frames)
    if is_multi_frame:
        _describe_frames(root, frames, new.sop_class_uid)
    # What the caller says goes before what is only usual.
    root.elements.update(identity_elements(given, new))
    _describe_size(root, picture)
    yield file_meta(new.sop_class_uid, root.text(0x00080018), picture.transfer_syntax_uid)
    yield encode_data_set(root.elements)
    if picture.transfer_syntax_uid == EXPLICIT:
        yield from _native(picture, frames)
    else:
        yield from encapsulated_pieces([frame.content for frame in frames])


def _describe_image(root: InstanceRoot, picture: PictureFormat) -> None:
    root.set_text(_IMAGE_TYPE, "DERIVED", "SECONDARY")
    root.set_text(CONVERSION_TYPE, "WSD")
    root.set_empty(_PATIENT_ORIENTATION)
    if picture.icc:
        root.elements[_ICC_PROFILE] = encode_element(
            _ICC_PROFILE, picture.icc, is_implicit=False, vr="OB"
        )


def _describe_pixels(root: InstanceRoot, picture: PictureFormat) -> None:
    numbers = {
        SAMPLES_PER_PIXEL: picture.samples,
        ROWS: picture.rows,
        COLUMNS: picture.columns,
        BITS_ALLOCATED: picture.bits_allocated,
        BITS_STORED: picture.bits_stored,
        HIGH_BIT: picture.bits_stored - 1,
        PIXEL_REPRESENTATION: 0,
    }
    if picture.samples > 1:
        numbers[PLANAR_CONFIGURATION] = 0
    for tag, number in numbers.items():
        root.set_us(tag, number)
    root.set_text(PHOTOMETRIC_INTERPRETATION, picture.photometric)


def _describe_loss(
    root: InstanceRoot, picture: PictureFormat, frames: Sequence[PictureFrame]
) -> None:
    if not picture.lossy_method:
        return
    root.set_text(_LOSSY, "01")
    root.set_text(_LOSSY_METHOD, picture.lossy_method)
    compressed = sum(frame.lossy_bytes for frame in frames)
    if compressed:
        ratio = picture.native_bytes * len(frames) / compressed
        root.set_decimal(_LOSSY_RATIO, round(ratio, 2))


def _describe_frames(
    root: InstanceRoot, frames: Sequence[PictureFrame], sop_class_uid: str
) -> None:
    """Add what the SC Multi-frame Image and Multi-frame modules want (C.8.6.3, C.7.6.6)."""
    root.set_text(_NUMBER_OF_FRAMES, str(len(frames)))
    # Type 1 here. YES holds the object back from de-identification until somebody looks.
    root.set_text(_BURNED_IN, "YES")
    if sop_class_uid not in (SC_MULTI_FRAME_COLOUR, SC_MULTI_FRAME_BIT):
        root.set_text(_LUT_SHAPE, "IDENTITY")
        root.set_text(_INTERCEPT, "0")
        root.set_text(_SLOPE, "1")
        root.set_text(_RESCALE_TYPE, "US")
    if len(frames) < 2:
        return
    times = [frame.milliseconds for frame in frames]
    if not all(times):
        tag = PAGE_NUMBER_VECTOR
        root.set_text(tag, *(str(number) for number in range(1, len(frames) + 1)))
    elif len(set(times)) == 1:
        tag = FRAME_TIME
        root.set_decimal(tag, times[0])
    else:
        tag = FRAME_TIME_VECTOR
        root.set_decimal(tag, 0, *times[:-1])
    root.elements[FRAME_INCREMENT_POINTER] = encode_element(
        FRAME_INCREMENT_POINTER, pack("<HH", tag >> 16, tag & 0xFFFF), is_implicit=False
    )


def _describe_size(root: InstanceRoot, picture: PictureFormat) -> None:
    """Say how large pixels are on the film or paper, or at least their shape.

    The density of a picture tells nothing of sizes in the patient, so there is no Pixel Spacing.
    """
    across, down = picture.density
    if not (across and down):
        return
    if root.text(CONVERSION_TYPE) in DIGITIZED:
        if not root.has_value(_SPACING):
            root.set_decimal(_SPACING, *(float(f"{1 / one:.6g}") for one in (down, across)))
    elif abs(across - down) > 0.01 * max(across, down):
        # Height to width of a pixel: many pixels per millimetre mean small ones.
        root.set_text(_ASPECT_RATIO, str(round(across * 1000)), str(round(down * 1000)))


def _native(picture: PictureFormat, frames: Sequence[PictureFrame]) -> Iterator[Piece]:
    length = sum(frame.content.length for frame in frames)
    if length > _TABLE_MAX:
        raise NotSupportedError("native Pixel Data of 4 GiB or more")
    vr = "OW" if picture.bits_allocated > 8 else "OB"
    yield element_header(PIXEL_DATA, length + length % 2, is_implicit=False, vr=vr)
    for frame in frames:
        yield frame.content
    yield b"\0" * (length % 2)
