"""What changes in the header of an Instance whose Frames are encoded anew; the rest is copied.

References
----------
PS3.3 C.7.6.1.1.5 (lossy image compression), C.7.6.1.1.2 (Image Type), C.12.4 (Source Image),
PS3.5 8.2 (pixel description in each encoding), PS3.16 CID 7202, 7203.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from isocenter.dicom.conversion import (
    IMAGE_TYPE,
    SERIES_INSTANCE_UID,
    SOP_CLASS_UID,
    SOP_INSTANCE_UID,
)
from isocenter.dicom.encapsulation import EXTENDED_LENGTHS, EXTENDED_OFFSETS
from isocenter.dicom.explicit import explicit_element, explicit_items
from isocenter.dicom.header_index import PIXEL_DATA, HeaderIndex
from isocenter.dicom.json_model import Scope
from isocenter.dicom.part10 import (
    Elements,
    encode_data_set,
    encode_element,
    encode_sequence,
    encode_text,
    encode_uid,
    encode_ul,
    encode_us,
)
from isocenter.dicom.pixel_format import (
    PHOTOMETRIC_INTERPRETATION,
    PLANAR_CONFIGURATION,
    PixelFormat,
)
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.uids import (
    ENHANCED_CT,
    ENHANCED_MR,
    ENHANCED_PET,
    ENHANCED_US_VOLUME,
    ENHANCED_XA,
    ENHANCED_XRF,
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
)
from isocenter.dicom.values import first_string, strings

LOSSY_RATIO = 0x00282112

_DERIVATION_DESCRIPTION, _DERIVATION_CODES = 0x00082111, 0x00089215
_SOURCE_IMAGES, _PURPOSE_CODES = 0x00082112, 0x0040A170
_REFERENCED_CLASS, _REFERENCED_INSTANCE = 0x00081150, 0x00081155
_REFERENCED_SERIES, _REFERENCED_INSTANCES = 0x00081115, 0x0008114A
_FUNCTIONAL_GROUPS = frozenset({0x52009229, 0x52009230})
_WITH_GROUPS = frozenset(
    {ENHANCED_CT, ENHANCED_MR, ENHANCED_PET, ENHANCED_XA, ENHANCED_XRF, ENHANCED_US_VOLUME}
)
_CODE_VALUE, _CODING_SCHEME, _CODE_MEANING = 0x00080100, 0x00080102, 0x00080104
_LOSSY, _LOSSY_METHOD = 0x00282110, 0x00282114
_TRAILING_PADDING = 0xFFFCFFFC
_META_TAGS = frozenset({0x00020016, 0x00020017, 0x00020018, 0x00020100, 0x00020102})
_COPY_BYTES = 1 << 20
RATIO_CHARACTERS = 10
_DESCRIPTION_MAX = 1024


@dataclass(frozen=True, slots=True)
class Loss:
    """What the Frames have lost, now or before.

    Attributes
    ----------
    method
        Lossy Image Compression Method, ``""`` where nothing is known to be lost.
    ratio
        Lossy Image Compression Ratio; 0: filled in when the output is complete.
    new_uid
        SOP Instance UID of an output that loses something now, ``""`` where it stays.
    """

    method: str = ""
    ratio: float = 0.0
    new_uid: str = ""


def changed_elements(header: HeaderIndex, pixels: PixelFormat, loss: Loss) -> Elements:
    """Return the elements of the root that get other values, in Explicit VR."""
    dataset = header.dataset
    changes: Elements = {
        PHOTOMETRIC_INTERPRETATION: encode_text(
            PHOTOMETRIC_INTERPRETATION, pixels.photometric, is_implicit=False
        )
    }
    if pixels.samples > 1:
        changes[PLANAR_CONFIGURATION] = encode_us(PLANAR_CONFIGURATION, 0, is_implicit=False)
    if loss.method and (loss.new_uid or first_string(dataset, _LOSSY) != "01"):
        changes |= _loss_elements(header, loss)
    if loss.new_uid:
        changes |= _derivation(header, loss)
    return changes


def _loss_elements(header: HeaderIndex, loss: Loss) -> Elements:
    dataset = header.dataset
    # What is filled in later stands at the end of the value and has a fixed width.
    ratio = f"{loss.ratio:.2f}" if loss.ratio else "0" * RATIO_CHARACTERS
    ratios = "\\".join([*strings(dataset, LOSSY_RATIO), ratio])
    ratios = " " * (len(ratios) % 2) + ratios
    methods = "\\".join([*strings(dataset, _LOSSY_METHOD), loss.method])
    return {
        _LOSSY: encode_text(_LOSSY, "01", is_implicit=False),
        LOSSY_RATIO: encode_text(LOSSY_RATIO, ratios, is_implicit=False),
        _LOSSY_METHOD: encode_text(_LOSSY_METHOD, methods, is_implicit=False),
    }


def _derivation(header: HeaderIndex, loss: Loss) -> Elements:
    """Return what tells that the Instance is made of another, and of which."""
    dataset = header.dataset
    scope = Scope().inside(dataset)
    said = dataset.value(_DERIVATION_DESCRIPTION).rstrip(b" \0")
    added = f"lossy compression {loss.method}".encode()
    description = said + b"; " + added if said else added
    codes = explicit_items(dataset, _DERIVATION_CODES, scope)
    codes.append(_code("113040", "DCM", "Lossy Compression"))
    changes: Elements = {
        SOP_INSTANCE_UID: encode_uid(SOP_INSTANCE_UID, loss.new_uid, is_implicit=False),
        _DERIVATION_DESCRIPTION: encode_element(
            _DERIVATION_DESCRIPTION, description[:_DESCRIPTION_MAX], is_implicit=False
        ),
        _DERIVATION_CODES: encode_sequence(_DERIVATION_CODES, codes, is_implicit=False),
    }
    # Where there are functional groups each Frame has a type of its own, on which depends what
    # the Frame must and must not have (PS3.3 C.8.13.3): what is ORIGINAL there stays so. Cut
    # down Enhanced images have lost their groups, but not what depends on the type.
    has_groups = dataset.elements.keys() & _FUNCTIONAL_GROUPS
    if not has_groups and _sop_class_uid(header) not in _WITH_GROUPS:
        image_type = strings(dataset, IMAGE_TYPE) or ["", "PRIMARY"]
        image_type[0] = "DERIVED"
        changes[IMAGE_TYPE] = encode_text(IMAGE_TYPE, "\\".join(image_type), is_implicit=False)
    return changes | _sources(header, scope)


def _sources(header: HeaderIndex, scope: Scope) -> Elements:
    """Return the references to the Instance that was compressed, where it has an identity."""
    dataset = header.dataset
    reference = {
        _REFERENCED_CLASS: encode_uid(_REFERENCED_CLASS, _sop_class_uid(header), is_implicit=False),
        _REFERENCED_INSTANCE: encode_uid(
            _REFERENCED_INSTANCE, _sop_instance_uid(header), is_implicit=False
        ),
    }
    series_uid = first_string(dataset, SERIES_INSTANCE_UID)
    if not (_sop_class_uid(header) and _sop_instance_uid(header) and series_uid):
        return {}
    purpose = encode_sequence(
        _PURPOSE_CODES, [_code("121320", "DCM", "Uncompressed predecessor")], is_implicit=False
    )
    sources = explicit_items(dataset, _SOURCE_IMAGES, scope)
    sources.append({**reference, _PURPOSE_CODES: purpose})
    series = explicit_items(dataset, _REFERENCED_SERIES, scope)
    series.append(
        {
            SERIES_INSTANCE_UID: encode_uid(SERIES_INSTANCE_UID, series_uid, is_implicit=False),
            _REFERENCED_INSTANCES: encode_sequence(
                _REFERENCED_INSTANCES, [reference], is_implicit=False
            ),
        }
    )
    return {
        _SOURCE_IMAGES: encode_sequence(_SOURCE_IMAGES, sources, is_implicit=False),
        _REFERENCED_SERIES: encode_sequence(_REFERENCED_SERIES, series, is_implicit=False),
    }


def _code(value: str, scheme: str, meaning: str) -> Elements:
    return {
        _CODE_VALUE: encode_text(_CODE_VALUE, value, is_implicit=False),
        _CODING_SCHEME: encode_text(_CODING_SCHEME, scheme, is_implicit=False),
        _CODE_MEANING: encode_text(_CODE_MEANING, meaning, is_implicit=False),
    }


def _sop_class_uid(header: HeaderIndex) -> str:
    return first_string(header.dataset, SOP_CLASS_UID) or first_string(header.meta, 0x00020002)


def _sop_instance_uid(header: HeaderIndex) -> str:
    return first_string(header.dataset, SOP_INSTANCE_UID) or first_string(header.meta, 0x00020003)


def meta_bytes(
    header: HeaderIndex, transfer_syntax_uid: str, new_uid: str = "", new_class: str = ""
) -> bytes:
    """Return an empty preamble, prefix and file meta; who sent it to whom stays."""
    elements = {tag: header.meta.raw(tag) for tag in header.meta.elements if tag in _META_TAGS}
    instance_uid = new_uid or _sop_instance_uid(header)
    elements |= {
        0x00020001: encode_element(0x00020001, b"\0\1", is_implicit=False, vr="OB"),
        0x00020002: encode_uid(0x00020002, new_class or _sop_class_uid(header), is_implicit=False),
        0x00020003: encode_uid(0x00020003, instance_uid, is_implicit=False),
        0x00020010: encode_uid(0x00020010, transfer_syntax_uid, is_implicit=False),
        0x00020012: encode_uid(0x00020012, IMPLEMENTATION_CLASS, is_implicit=False),
        0x00020013: encode_text(0x00020013, IMPLEMENTATION_VERSION, is_implicit=False),
    }
    if not instance_uid:
        del elements[0x00020003]  # as the Data Set has none either
    content = encode_data_set(elements)
    length = encode_ul(0x00020000, len(content), is_implicit=False)
    return bytes(128) + b"DICM" + length + content


def data_set_bytes(
    header: HeaderIndex, source: ByteSource, changes: Elements, *, is_behind: bool
) -> Iterator[bytes]:
    """Yield the elements of the root before, or behind, Pixel Data; group lengths are left out."""
    dataset = header.dataset
    scope = Scope().inside(dataset)
    left_out = {PIXEL_DATA, EXTENDED_OFFSETS, EXTENDED_LENGTHS, _TRAILING_PADDING}
    start = end = 0
    for tag in sorted(dataset.elements.keys() | changes.keys()):
        if tag in left_out or not tag & 0xFFFF or (tag > PIXEL_DATA) != is_behind:
            continue
        entry = dataset.elements.get(tag)
        if tag not in changes and not dataset.is_implicit and entry is not None:
            # Neighbours are copied in one go: per-frame groups make headers of megabytes.
            if entry[1] != end:
                yield from _copied(source, start, end)
                start = entry[1]
            end = entry[4]
            continue
        yield from _copied(source, start, end)
        start = end = 0
        yield changes.get(tag) or explicit_element(dataset, tag, scope)
    yield from _copied(source, start, end)


def _copied(source: ByteSource, start: int, end: int) -> Iterator[bytes]:
    for offset in range(start, end, _COPY_BYTES):
        yield source.read_at(offset, min(_COPY_BYTES, end - offset))
