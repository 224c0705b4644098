"""When two Data Sets are equal, as pydicom reads them: the words of DESIGN 7.

Same elements, values and nested Items in any order; not group lengths, file meta, preamble,
encoding or trailing padding.
"""

import pydicom

_TRAILING_PADDING = 0xFFFCFFFC
PIXEL_DATA = 0x7FE00010

View = dict[int, object]


def view(dataset: pydicom.Dataset, *, without: frozenset[int] = frozenset()) -> View:
    """Return `tag -> (VR, value)` of a Data Set, Items as views, Pixel Data without padding."""
    return {
        int(element.tag): _value(element, without)
        for element in dataset
        if element.tag.element and element.tag != _TRAILING_PADDING and element.tag not in without
    }


def _value(element: pydicom.DataElement, without: frozenset[int]) -> object:
    if element.VR == "SQ":
        return "SQ", [view(item, without=without) for item in element.value]
    if element.tag == PIXEL_DATA:
        return "pixels"  # compared by `frames_of`, encapsulation is encoding
    if isinstance(element.value, pydicom.multival.MultiValue):
        return element.VR, list(element.value)
    return element.VR, element.value


def differences(ours: View, theirs: View) -> dict[str, tuple[object, object]]:
    """Return what differs, by tag, for a failing test to show."""
    return {
        f"{tag >> 16:04x},{tag & 0xFFFF:04x}": (ours.get(tag), theirs.get(tag))
        for tag in sorted({*ours, *theirs})
        if ours.get(tag) != theirs.get(tag)
    }


def frame_of(dataset: pydicom.Dataset) -> bytes:
    """Return the one encoded Frame of an Instance: samples, or its fragments joined."""
    if dataset.file_meta.TransferSyntaxUID.is_compressed:
        (frame,) = pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=1)
        return bytes(frame)
    length = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * dataset.BitsAllocated // 8
    return bytes(dataset.PixelData[:length])
