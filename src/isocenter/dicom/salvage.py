"""What only pydicom can read, written plainly: its elements and Items, their values as stored.

pydicom decides where elements begin and end; nothing is decoded, so values stay byte for byte.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from pydicom import Dataset, config, dcmread
from pydicom.dataelem import RawDataElement
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from isocenter.dicom.dictionary import LONG_VRS, SHORT_VRS, vr_of
from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED
from isocenter.dicom.header_walker import HeaderWalker
from isocenter.dicom.part10 import (
    SEQUENCE_END,
    Elements,
    element_header,
    encode_data_set,
    encode_element,
    encode_sequence,
    file_meta,
)
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.uids import EXPLICIT, IMPLICIT, INFLATED, NATIVE
from isocenter.errors import (
    InvalidInputError,
    TooLargeError,
    TruncatedError,
    UnusualEncodingError,
)
from isocenter.limits import DEFAULT, Limits

_CHUNK_BYTES = 1 << 20
_PIXEL_REPRESENTATION = 0x00280103
_VRS = SHORT_VRS | LONG_VRS
# Whatever it meets, pydicom raises one of these; what else comes up is ours or the system's.
_PYDICOM_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def salvage(source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT) -> str:
    """Write what pydicom reads as little endian Part 10; return the Transfer Syntax UID it saw.

    Implicit VR stays implicit, except where the Transfer Syntax or encapsulated Pixel Data
    demands explicit. Well-formed Pixel Data at the end is copied without being held.

    Raises
    ------
    InvalidInputError
        If pydicom cannot read it.
    TooLargeError
        If it nests deeper than ``limits.header_depth``.
    """
    with warnings.catch_warnings(record=True) as told, config.disable_value_validation():
        warnings.simplefilter("always")
        uid = _salvage(source, target, limits)
    if any("end of file" in str(warning.message).lower() for warning in told):
        # pydicom warns and then drops the whole Data Set or Item that was cut.
        raise InvalidInputError("it ends inside an element of undefined length")
    return uid


@contextmanager
def _reading(limits: Limits) -> Iterator[None]:
    """Turn whatever pydicom raises into errors of ours."""
    try:
        yield
    except RecursionError:
        allowed = limits.header_depth
        raise TooLargeError("header_depth", allowed, allowed + 1, "levels") from None
    except (*_PYDICOM_ERRORS, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the system's; those that pydicom makes have no number
        # The text of a foreign exception may hold values; its class cannot.
        raise InvalidInputError(f"pydicom cannot read it ({type(error).__name__})") from None


def _salvage(source: BinaryIO, target: BinaryIO, limits: Limits) -> str:
    source.seek(0)
    with _reading(limits):
        dataset = dcmread(source, force=True, stop_before_pixels=True)
        uid = str(dataset.file_meta.get("TransferSyntaxUID", ""))
    implicit, little_endian = dataset.original_encoding
    if not little_endian:
        raise InvalidInputError("big endian that breaks other rules")
    tail = source.tell()
    is_implicit = bool(implicit) and (uid in NATIVE or not uid)
    is_tail_plain = is_implicit == implicit and _is_plain(
        source, tail, limits, is_implicit=is_implicit
    )
    if not is_tail_plain:
        source.seek(0)
        with _reading(limits):
            dataset = dcmread(source, force=True)
        if _is_encapsulated(dataset):
            is_implicit = False
    native_uid = IMPLICIT if is_implicit else EXPLICIT
    written_uid = native_uid if uid in NATIVE or not uid else INFLATED.get(uid, uid)
    target.write(_head(dataset, written_uid, limits))
    encoder = _Encoder(is_implicit=is_implicit, limits=limits)
    target.write(encode_data_set(encoder.elements(dataset)))
    if is_tail_plain:
        source.seek(tail)
        while chunk := source.read(_CHUNK_BYTES):
            target.write(chunk)
    return uid


def _is_plain(source: BinaryIO, start: int, limits: Limits, *, is_implicit: bool) -> bool:
    """Return whether the rest, Pixel Data and what follows it, can be copied as it is."""
    stored = StreamSource(source)
    walker = HeaderWalker(stored, limits)
    try:
        walker.scan(start, stored.size, {}, is_implicit=is_implicit, level=0)
    except (UnusualEncodingError, TruncatedError):
        return False
    return True


def _stored(dataset: Dataset, tag: int) -> RawDataElement | None:
    """Return the element as pydicom found it, before it decodes anything."""
    element: object = dataset.get_item(tag, keep_deferred=True) if tag in dataset else None
    return element if isinstance(element, RawDataElement) else None


def _is_encapsulated(dataset: Dataset) -> bool:
    element = _stored(dataset, PIXEL_DATA)
    return element is not None and element.length == UNDEFINED


def _head(dataset: Dataset, transfer_syntax_uid: str, limits: Limits) -> bytes:
    """Return preamble, prefix and a file meta of its own."""
    meta = dataset.file_meta
    with _reading(limits):
        sop_class_uid = str(meta.get("MediaStorageSOPClassUID") or "")
        sop_instance_uid = str(meta.get("MediaStorageSOPInstanceUID") or "")
        return file_meta(sop_class_uid, sop_instance_uid, transfer_syntax_uid)


class _Encoder:
    """Encodes what pydicom read in one of the little endian encodings, values as they are."""

    def __init__(self, *, is_implicit: bool, limits: Limits) -> None:
        self._is_implicit = is_implicit
        self._limits = limits

    def elements(self, dataset: Dataset, level: int = 0, *, is_signed: bool = False) -> Elements:
        """Return the encoded elements; group lengths and, at the root, groups 0000 and 0002 go."""
        allowed = self._limits.header_depth
        if level > allowed:
            raise TooLargeError("header_depth", allowed, level, "levels")
        representation = _stored(dataset, _PIXEL_REPRESENTATION)
        if representation is not None and representation.value:
            is_signed = representation.value[:1] == b"\1"
        encoded: Elements = {}
        for tag in sorted(map(int, dataset.keys())):  # keys, unlike values, decode nothing
            if tag & 0xFFFF and (level or tag >> 16 not in (0x0000, 0x0002)):
                encoded[tag] = self._element(dataset, tag, level, is_signed=is_signed)
        return encoded

    def _element(self, dataset: Dataset, tag: int, level: int, *, is_signed: bool) -> bytes:
        element = _stored(dataset, tag)
        if element is None or (element.VR or vr_of(tag)) == "SQ":
            return self._decoded(dataset, tag, level, is_signed=is_signed)
        value = element.value or b""
        is_encapsulated = tag == PIXEL_DATA and element.length == UNDEFINED
        vr = _definite_vr(tag, element.VR, is_signed=is_signed, is_encapsulated=is_encapsulated)
        if is_encapsulated:
            header = element_header(tag, UNDEFINED, is_implicit=self._is_implicit, vr=vr)
            return header + value + SEQUENCE_END
        return encode_element(tag, value, is_implicit=self._is_implicit, vr=vr)

    def _decoded(self, dataset: Dataset, tag: int, level: int, *, is_signed: bool) -> bytes:
        """Return a sequence, or Specific Character Set, which pydicom decodes at once."""
        with _reading(self._limits):
            element = dataset[tag]
            if element.VR != "SQ":
                encoded = DicomBytesIO()
                encoded.is_little_endian, encoded.is_implicit_VR = True, self._is_implicit
                write_data_element(encoded, element)
                return encoded.getvalue()
            sequence = list(element.value)
        items = [self.elements(item, level + 1, is_signed=is_signed) for item in sequence]
        return encode_sequence(tag, items, is_implicit=self._is_implicit)


def _definite_vr(tag: int, vr: str | None, *, is_signed: bool, is_encapsulated: bool) -> str:
    """Return one VR of PS3.5 6.2: as read, else as PS3.6 says, else UN."""
    vr = vr or vr_of(tag)
    if vr in _VRS:
        return vr
    if vr == "US or SS":
        return "SS" if is_signed else "US"
    if vr.endswith("OW"):
        return "OB" if is_encapsulated else "OW"
    return "UN"
