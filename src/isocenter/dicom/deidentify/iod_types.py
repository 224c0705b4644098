"""Types of attributes (PS3.3): which may be absent, which may be empty, which must have a value.

Where several modules disagree, the strictest type counts, and a conditional attribute that is
there meets its condition.
"""

from functools import cache

from isocenter.dicom.deidentify.types_table import IODS, NESTED, ROOT

REQUIRED = 1
MAY_BE_EMPTY = 2
OPTIONAL = 3


def type_in_root(tag: int, sop_class_uid: str) -> int:
    """Return the type of an attribute in the root of an Instance of this class.

    Of a class that the table does not know it is the strictest type of all classes.
    """
    masks = _root().get(tag)
    if masks is None:
        return OPTIONAL
    number = IODS.get(sop_class_uid)
    wanted = -1 if number is None else 1 << number
    if masks[0] & wanted:
        return REQUIRED
    return MAY_BE_EMPTY if masks[1] & wanted else OPTIONAL


def type_in_items(tag: int, sequence_tag: int) -> int:
    """Return the type of an attribute in the Items of a sequence, over all modules."""
    kind = _nested().get(sequence_tag, {}).get(tag, "3")
    return int(kind[0])


def required_in_items(sequence_tag: int) -> dict[int, int]:
    """Return tags and types of what an Item of a sequence must hold unconditionally."""
    found = _nested().get(sequence_tag, {})
    return {tag: int(kind) for tag, kind in found.items() if len(kind) == 1}


@cache
def _root() -> dict[int, tuple[int, int]]:
    rows = (line.split() for line in ROOT.splitlines())
    return {int(tag, 16): (int(first, 16), int(second, 16)) for tag, first, second in rows}


@cache
def _nested() -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for line in NESTED.splitlines():
        parent, *children = line.split()
        own = found.setdefault(int(parent, 16), {})
        own.update((int(child[:8], 16), child[8:]) for child in children)
    return found
