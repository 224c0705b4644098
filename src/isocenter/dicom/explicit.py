"""Elements in Explicit VR Little Endian, also where the source is Implicit VR.

Encapsulated Pixel Data needs Explicit VR (PS3.5 A.4). A VR comes from PS3.6 or, for known private
elements, from their creator's dictionary; what nobody knows becomes UN, as PS3.5 6.2.2 wants it.
"""

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.json_model import Scope, element_vr
from isocenter.dicom.part10 import Elements, element_header, encode_sequence
from isocenter.errors import InvalidInputError


def explicit_element(dataset: DataSetIndex, tag: int, scope: Scope) -> bytes:
    """Return a whole element in Explicit VR.

    Parameters
    ----------
    scope
        Of the Data Set that holds the element.

    Raises
    ------
    UnusualEncodingError, TruncatedError
        If a sequence cannot be opened.
    TooLargeError
        If the nesting is deeper than ``limits.header_depth``.
    """
    if not dataset.is_implicit:
        return dataset.raw(tag)
    vr = element_vr(dataset, tag, scope)
    if vr == "SQ":
        try:
            return encode_sequence(tag, explicit_items(dataset, tag, scope), is_implicit=False)
        except InvalidInputError:
            # A private dictionary may err about the VR; a true sequence must be one.
            if dataset.vr(tag) == "SQ":
                raise
            vr = "UN"
    value = dataset.value(tag)
    return element_header(tag, len(value), is_implicit=False, vr=vr) + value


def explicit_items(dataset: DataSetIndex, tag: int, scope: Scope) -> list[Elements]:
    """Return the Items of a sequence in Explicit VR, without group lengths."""
    items = []
    for item in dataset.each_item(tag):
        inner = scope.inside(item)
        items.append(
            {
                inner_tag: explicit_element(item, inner_tag, inner)
                for inner_tag in item.elements
                if inner_tag & 0xFFFF
            }
        )
    return items
