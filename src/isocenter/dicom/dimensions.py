"""Multi-frame Dimension Module and Frame Content: how Frames of a stack are numbered.

References
----------
PS3.3 C.7.6.17 (dimensions), C.7.6.16.2.2 (Frame Content).
"""

import re
from collections.abc import Mapping

from isocenter.dicom.functional_groups import FRAME_CONTENT, GROUP_OF, UNASSIGNED_PER_FRAME
from isocenter.dicom.part10 import (
    Elements,
    element_text,
    encode_element,
    encode_sequence,
    encode_text,
    encode_uid,
    encode_ul,
    encode_us,
)
from isocenter.dicom.stacks import PlacedFrame, Stack

_STACK_ID, _IN_STACK_POSITION, _INDEX_VALUES = 0x00209056, 0x00209057, 0x00209157
_TEMPORAL_INDEX, _ACQUISITION_NUMBER = 0x00209128, 0x00209156
_FRAME_ACQUISITION_DATE_TIME = 0x00189074
_ORGANIZATION_SEQUENCE, _ORGANIZATION_UID = 0x00209221, 0x00209164
_INDEX_SEQUENCE, _INDEX_POINTER, _GROUP_POINTER = 0x00209222, 0x00209165, 0x00209167
_ORGANIZATION_TYPE = 0x00209311
_TEMPORAL_IDENTIFIER = 0x00200100
_TEMPORAL_DIMENSIONS = frozenset({0, _TEMPORAL_IDENTIFIER, 0x00181060, 0x00541300})
_UNSIGNED_16_MAX = 0xFFFF
_NUMBER = re.compile(r"[0-9]{1,12}")
_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}(\.[0-9]{1,6})?)?)?")
_DATE_TIME = re.compile(rf"[0-9]{{8}}({_TIME.pattern})?([+-][0-9]{{4}})?")


def dimension_elements(stack: Stack, organization_uid: str, *, is_implicit: bool) -> Elements:
    """Return the root elements of the Multi-frame Dimension Module: stack, extras, position."""
    temporal = _temporal_dimension(stack)
    pointers = [(_STACK_ID, FRAME_CONTENT)]
    for tag in stack.dimensions:
        if tag == temporal:
            pointers.append((_TEMPORAL_INDEX, FRAME_CONTENT))
        else:
            pointers.append((tag, GROUP_OF.get(tag, UNASSIGNED_PER_FRAME)))
    pointers.append((_IN_STACK_POSITION, FRAME_CONTENT))
    uid = encode_uid(_ORGANIZATION_UID, organization_uid, is_implicit=is_implicit)
    items = [
        {
            _ORGANIZATION_UID: uid,
            _INDEX_POINTER: _pointer(_INDEX_POINTER, tag, is_implicit=is_implicit),
            _GROUP_POINTER: _pointer(_GROUP_POINTER, group, is_implicit=is_implicit),
        }
        for tag, group in pointers
    ]
    elements: Elements = {
        _ORGANIZATION_SEQUENCE: encode_sequence(
            _ORGANIZATION_SEQUENCE, [{_ORGANIZATION_UID: uid}], is_implicit=is_implicit
        ),
        _INDEX_SEQUENCE: encode_sequence(_INDEX_SEQUENCE, items, is_implicit=is_implicit),
    }
    if stack.is_regular and set(stack.dimensions) <= _TEMPORAL_DIMENSIONS:
        text = "3D_TEMPORAL" if stack.dimensions else "3D"
        elements[_ORGANIZATION_TYPE] = encode_text(
            _ORGANIZATION_TYPE, text, is_implicit=is_implicit
        )
    return elements


def frame_content(
    stack: Stack, frame: PlacedFrame, elements: Mapping[int, bytes], *, is_implicit: bool
) -> Elements:
    """Return the Frame Content of one Frame; the source's own elements are kept elsewhere."""
    content: Elements = {
        _STACK_ID: encode_text(_STACK_ID, "1", is_implicit=is_implicit),
        _IN_STACK_POSITION: encode_ul(
            _IN_STACK_POSITION, frame.location_index, is_implicit=is_implicit
        ),
        _INDEX_VALUES: encode_ul(
            _INDEX_VALUES,
            1,
            *frame.dimension_indices,
            frame.location_index,
            is_implicit=is_implicit,
        ),
    }
    temporal = _temporal_dimension(stack)
    for tag, index in zip(stack.dimensions, frame.dimension_indices, strict=True):
        if tag == temporal:
            content[_TEMPORAL_INDEX] = encode_ul(_TEMPORAL_INDEX, index, is_implicit=is_implicit)
    number = element_text(elements.get(0x00200012), is_implicit=is_implicit)
    if _NUMBER.fullmatch(number) and int(number) <= _UNSIGNED_16_MAX:
        content[_ACQUISITION_NUMBER] = encode_us(
            _ACQUISITION_NUMBER, int(number), is_implicit=is_implicit
        )
    moment = _acquisition_moment(elements, is_implicit=is_implicit)
    if moment:
        content[_FRAME_ACQUISITION_DATE_TIME] = encode_text(
            _FRAME_ACQUISITION_DATE_TIME, moment, is_implicit=is_implicit
        )
    return content


def _temporal_dimension(stack: Stack) -> int | None:
    """Return the one dimension that Temporal Position Index stands for; 0 is an order in time."""
    for tag in (0, _TEMPORAL_IDENTIFIER):
        if tag in stack.dimensions:
            return tag
    return None


def _acquisition_moment(elements: Mapping[int, bytes], *, is_implicit: bool) -> str:
    """Return Acquisition DateTime, or Date and Time put together, ``""`` where neither is valid."""
    moment, date, time = (
        element_text(elements.get(tag), is_implicit=is_implicit)
        for tag in (0x0008002A, 0x00080022, 0x00080032)
    )
    if _DATE_TIME.fullmatch(moment):
        return moment
    if _DATE.fullmatch(date) and _TIME.fullmatch(time):
        return date + time
    return ""


def _pointer(tag: int, target: int, *, is_implicit: bool) -> bytes:
    raw = (target >> 16).to_bytes(2, "little") + (target & 0xFFFF).to_bytes(2, "little")
    return encode_element(tag, raw, is_implicit=is_implicit, vr="AT")
