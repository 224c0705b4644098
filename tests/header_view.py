"""One flat view of a stream's elements, from the header index and from pydicom, to be compared.

Values are bytes as stored; pydicom is asked before it decodes anything.
"""

import io
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from pydicom import Dataset, config, dcmread
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import FileDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from isocenter.dicom.dictionary import vr_of
from isocenter.dicom.header_index import UNDEFINED, DataSetIndex, HeaderIndex, index_header, walk
from isocenter.dicom.streams import BytesSource
from isocenter.limits import DEFAULT, Limits

DELIMITER_BYTES = 8
# pydicom has decoded this one before it returns, and its padding is lost; of the file meta it has
# decoded what it needed, so that only tags can be compared, and its length not even that.
_CHARACTER_SET = 0x00080005
_LENGTH_OF_META = 0x00020000
Path = tuple[int, ...]


class Seen(NamedTuple):
    """One element: where it lies, its VR as written (else ``""``), its value (None: a sequence)."""

    path: Path
    tag: int
    vr: str
    value: bytes | None


def seen_by_index(dataset: DataSetIndex) -> list[Seen]:
    """Return every element at every depth as the header index sees it."""
    return _comparable([_seen(*place) for place in walk(dataset)])


def seen_in_bytes(data: bytes, limits: Limits = DEFAULT) -> tuple[HeaderIndex, list[Seen]]:
    """Return the index of a stream and every element, those of the file meta first."""
    header = index_header(BytesSource(data), limits)
    meta = _comparable([_seen((), header.meta, tag) for tag in header.meta.elements])
    return header, meta + seen_by_index(header.dataset)


def _comparable(seen: list[Seen]) -> list[Seen]:
    """Return the elements without what pydicom does not keep or looks into on its own."""
    return [
        _known(each)
        for each in seen
        if each.tag != _LENGTH_OF_META and not (each.path and each.path[0] >> 16 == 0x0002)
    ]


def _known(each: Seen) -> Seen:
    if each.tag >> 16 == 0x0002:
        return each._replace(vr="", value=b"")
    if each.tag == _CHARACTER_SET and each.value is not None:
        return each._replace(vr="", value=each.value.rstrip(b" \0"))
    return each


def _seen(path: Path, level: DataSetIndex, tag: int) -> Seen:
    vr, _, _, length, _ = level.elements[tag]
    written_vr = "" if level.is_implicit or vr == "SQ" else vr
    if vr == "SQ":
        return Seen(path, tag, written_vr, None)
    value = level.value(tag)
    value = value[:-DELIMITER_BYTES] if length == UNDEFINED else value
    return Seen(path, tag, written_vr, value)


def read_by_pydicom(data: bytes) -> FileDataset:
    """Return what pydicom makes of a stream, values as lazy and unchecked as it can."""
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        return dcmread(io.BytesIO(data), force=True)


def seen_by_pydicom(data: bytes) -> list[Seen]:
    """Return every element at every depth as pydicom reads it, those of the file meta first."""
    dataset = read_by_pydicom(data)
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        return _comparable([*_flat(dataset.file_meta, ()), *_flat(dataset, ())])


def _flat(dataset: Dataset, path: Path) -> Iterator[Seen]:
    # All at once: to open a sequence pydicom decodes other elements.
    tags = list(map(int, dataset.keys()))
    stored: list[object] = [dataset.get_item(tag, keep_deferred=True) for tag in tags]
    for tag, element in zip(tags, stored, strict=True):
        written_vr = element.VR or "" if isinstance(element, RawDataElement) else ""
        if isinstance(element, RawDataElement) and (written_vr or vr_of(tag)) != "SQ":
            # A private sequence without Items: pydicom knows one by its first Item only.
            is_empty_sequence = not element.VR and element.length == UNDEFINED and not element.value
            yield Seen(path, tag, written_vr, None if is_empty_sequence else element.value or b"")
            continue
        decoded = dataset[tag]
        if decoded.VR == "SQ":
            yield Seen(path, tag, "", None)
            for number, item in enumerate(decoded.value):
                yield from _flat(item, (*path, tag, number))
        else:
            yield Seen(path, tag, "", _encoded(decoded))


def _encoded(element: DataElement) -> bytes:
    """Return the value of an element that pydicom had to decode to find its way."""
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, True
    write_data_element(stream, element)
    return stream.getvalue()[DELIMITER_BYTES:]
