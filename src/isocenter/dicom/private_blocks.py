"""Private elements of an Item, moved into a root that may have other blocks at their place.

References
----------
PS3.5 7.8.1 (a block belongs to the creator at its number, in one Data Set or Item only).
"""

from collections.abc import Mapping

from isocenter.dicom.dictionary import is_private, is_private_creator
from isocenter.dicom.functional_groups import private_creator_of
from isocenter.dicom.instance_root import retagged
from isocenter.dicom.part10 import Elements, element_value

_FIRST_BLOCK, _LAST_BLOCK = 0x10, 0xFF


def add_private(root: Elements, item: Mapping[int, bytes], *, is_implicit: bool) -> None:
    """Put the private elements of an Item into a root, each into a block of its creator.

    A block keeps its number where that is free or has the same creator in the root; else it gets
    that of its creator, or the first free one; where all are taken it is left out. What has no
    creator stays where it is, unless the root has something there.
    """
    moved: dict[int, int] = {}
    for tag in item:
        if is_private_creator(tag):
            moved[tag] = _place(root, tag, item[tag], is_implicit=is_implicit)
            if moved[tag]:
                root[moved[tag]] = retagged(item[tag], moved[tag])
    for tag, raw in item.items():
        if not is_private(tag) or is_private_creator(tag):
            continue
        creator = private_creator_of(tag) or 0
        if moved.get(creator):
            new_tag = tag & 0xFFFF00FF | (moved[creator] & 0xFF) << 8
            root[new_tag] = retagged(raw, new_tag)
        elif not {creator, tag} & root.keys() and creator not in moved:
            root[tag] = raw


def _place(root: Elements, tag: int, raw: bytes, *, is_implicit: bool) -> int:
    """Return the tag that a creator gets, 0 if there is none left."""
    name = _name(raw, is_implicit=is_implicit)
    first, last = tag & 0xFFFF0000 | _FIRST_BLOCK, tag & 0xFFFF0000 | _LAST_BLOCK
    if tag not in root or _name(root[tag], is_implicit=is_implicit) == name:
        return tag
    free = 0
    for other in range(first, last + 1):
        if other not in root:
            free = free or other
        elif _name(root[other], is_implicit=is_implicit) == name:
            return other
    return free


def _name(raw: bytes, *, is_implicit: bool) -> bytes:
    return element_value(raw, is_implicit=is_implicit).rstrip(b" \0")
