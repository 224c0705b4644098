"""The allow-list: attributes that are not in Table E.1-1 and may stay, and on what condition.

Everything that is neither there nor here goes: other attributes of PS3.6, private elements, what
no dictionary knows. How each attribute came onto the list stands in
``tools/make_deidentify_table.py``; what the classes mean, in
``docs/explanation/deidentification-allow-list.md``.
"""

from functools import cache
from typing import NamedTuple

from isocenter.dicom.deidentify.allow_table import ALLOWED, OVERLAY
from isocenter.dicom.dictionary import vr_of

_OVERLAY_GROUPS = range(0x6000, 0x6020, 2)
_CLASS_OF_OVERLAY_VR = {"CS": "enumerated", "LO": "text"}


class Allowed(NamedTuple):
    """How an attribute is allowed.

    Attributes
    ----------
    kind
        ``number``, ``enumerated``, ``uid``, ``sequence``, ``tag``, ``bulk``, ``text``, ``code``
        or ``special``.
    values_max
        How many values it may have, 0: any number.
    vrs
        VRs that PS3.6 gives it.
    """

    kind: str
    values_max: int
    vrs: tuple[str, ...]


def allowed(tag: int) -> Allowed | None:
    """Return how an attribute is allowed, None where it is not."""
    found = _table().get(tag)
    if found is None and tag >> 16 in _OVERLAY_GROUPS:
        entry = OVERLAY.get(tag & 0xFFFF)
        if entry is not None:
            values_max, vr = entry
            return Allowed(_CLASS_OF_OVERLAY_VR.get(vr, "number"), values_max, (vr,))
    return found


@cache
def _table() -> dict[int, Allowed]:
    found = {}
    for kind, text in ALLOWED.items():
        for line in text.splitlines():
            tag = int(line[:8], 16)
            found[tag] = Allowed(kind, int(line.split()[1]), tuple(vr_of(tag).split(" or ")))
    return found
