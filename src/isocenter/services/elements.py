"""Attributes of many slices between two passes, remembered as what tells them apart.

Slices of a series share most of their attributes. One slice of each kind is kept whole, of the
others only the elements that differ from it: about 1 KB a slice. The store is bounded; what does
not fit in is read again from its file, so that memory stays flat however long the headers are.
"""

from collections.abc import Hashable
from typing import NamedTuple

from isocenter.dicom.part10 import Elements

MEMORY_BYTES = 1 << 23
_OVERHEAD_BYTES = 100  # of one element: its key, its place in the dict, the bytes object


class _Difference(NamedTuple):
    """What one slice has otherwise than the reference of its kind."""

    reference: Elements
    own: Elements
    absent: tuple[int, ...]


class ElementStore:
    """Elements by index of the input; several threads may put, each index once."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._free_bytes = memory_bytes
        self._references: dict[Hashable, Elements] = {}
        self._differences: dict[int, _Difference] = {}

    def put(self, source_index: int, kind: Hashable, elements: Elements) -> None:
        """Remember the elements of a slice, if there is room.

        Parameters
        ----------
        kind
            Equal for slices that have most elements in common.
        """
        reference = self._references.get(kind)
        if reference is None:
            if not self._takes(elements):
                return
            reference = self._references.setdefault(kind, elements)
        own = {tag: raw for tag, raw in elements.items() if reference.get(tag) != raw}
        absent = tuple([tag for tag in reference if tag not in elements])
        if self._takes(own):
            self._differences[source_index] = _Difference(reference, own, absent)

    def get(self, source_index: int) -> Elements | None:
        """Return the elements of a slice, None if they are not remembered."""
        found = self._differences.get(source_index)
        if found is None:
            return None
        elements = {**found.reference, **found.own}
        for tag in found.absent:
            del elements[tag]
        return elements

    def _takes(self, elements: Elements) -> bool:
        """Return whether the elements fit in, and count them if they do."""
        needed = sum(map(len, elements.values())) + _OVERHEAD_BYTES * (len(elements) + 5)
        if needed > self._free_bytes:
            return False
        # Two threads may both count here; the bound is one of size, not of correctness.
        self._free_bytes -= needed
        return True
