"""The true Enhanced CT, MR and PET Image IODs, made of classic slices.

What the class requires comes from the slices, or from the caller (``supplied``); where neither has
it the merge is refused with the whole list of what is missing. These classes have no place for
attributes that the standard did not foresee: what a slice has besides, and what a group holds in
other words, stands exactly as it was in our private block, for ``split``.

References
----------
PS3.3 A.36, A.38, A.56 (the IODs), C.7.6.16 (functional groups), C.8.13, C.8.15, C.8.22.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from isocenter.dicom.conversion import (
    CONTENT_DATE,
    CONTENT_TIME,
    CONTRIBUTING_EQUIPMENT,
    IDENTITY_TAGS,
    IMAGE_TYPE,
    INSTANCE_NUMBER,
    NUMBER_OF_FRAMES,
    SERIES_INSTANCE_UID,
    SPECIFIC_CHARACTER_SET,
    Identity,
    conversion_source,
    keep_differences,
    represent,
)
from isocenter.dicom.dictionary import is_private
from isocenter.dicom.dimensions import frame_content
from isocenter.dicom.enhanced_ct import CT_TABLE
from isocenter.dicom.enhanced_modules import COMMON_ROOT_TAGS, OWN_ROOT_TAGS
from isocenter.dicom.enhanced_mr import MR_TABLE
from isocenter.dicom.enhanced_pet import PET_TABLE
from isocenter.dicom.enhanced_rules import EnhancedTable, Group, Row
from isocenter.dicom.enhanced_values import (
    FrameValues,
    element_texts,
    encode_values,
    fill,
    tag_by,
)
from isocenter.dicom.functional_groups import (
    CONVERSION_SOURCE,
    FRAME_CONTENT,
    GROUP_OF,
    PIXEL_MEASURES,
    Groups,
    encode_private,
)
from isocenter.dicom.grouped import (
    PER_FRAME_GROUPS,
    add_own_root,
    add_shared_groups,
    add_spacing,
    frame_type,
    name_charset,
    pixels_of_stack,
)
from isocenter.dicom.legacy_enhanced import LEGACY_CLASSES, STRUCTURE_TAGS
from isocenter.dicom.part10 import Elements, encode_sequence
from isocenter.dicom.stacks import PlacedFrame, Stack
from isocenter.dicom.supplied import Supplied
from isocenter.dicom.uids import CT, ENHANCED_CT, ENHANCED_MR, ENHANCED_PET, MR, PET
from isocenter.errors import IncompleteError, InvalidInputError, NotSupportedError

# Single-frame class -> Enhanced class.
ENHANCED_CLASSES = {CT: ENHANCED_CT, MR: ENHANCED_MR, PET: ENHANCED_PET}
_TABLES = {CT: CT_TABLE, MR: MR_TABLE, PET: PET_TABLE}
# Root values that are the new object's own, or that the Enhanced modules forbid.
_OWN_TAGS = frozenset(
    {
        *(IMAGE_TYPE, INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME, CONTRIBUTING_EQUIPMENT),
        *(SERIES_INSTANCE_UID, NUMBER_OF_FRAMES),
        *(0x00080012, 0x00080013, 0x00080014, 0x00080015),  # creation: of the source, not ours
        *(0x04000561, 0xFFFAFFFA, 0x4FFE0001),  # signatures and history are about the source
        *(0x00540410, 0x00540414),  # their Enhanced module forbids Patient Position beside them
        0x00200060,  # Laterality: Frame Laterality takes its place (C.7.3.1)
        # Evidence of references that stand in the private block alone.
        *(0x00089154, 0x00089092, 0x0020930E),
    }
)
_DERIVED = "DERIVED"

ElementsOf = Callable[[int], Elements]


def check_keywords(supplied: Supplied) -> None:
    """Refuse keywords and values that no Enhanced class takes from the caller.

    Raises
    ------
    InvalidInputError
        If there is one; its sentence names the keyword.
    """
    rows: dict[str, list[Row]] = {}
    for table in _TABLES.values():
        for row in _all_rows(table):
            rows.setdefault(row.keyword, []).append(row)
    for keyword, supply in supplied.items():
        if keyword not in rows:
            raise InvalidInputError(f"{keyword} is nothing that an Enhanced class requires")
        if supply.reference:
            continue
        if not any(not row.count or row.count == len(supply.texts) for row in rows[keyword]):
            raise InvalidInputError(f"{keyword} has {rows[keyword][0].count} value(s)")
        taken = [row.values for row in rows[keyword]]
        if all(values and not set(supply.texts) <= set(values) for values in taken):
            raise InvalidInputError(f"{keyword} is one of {', '.join(taken[0])}")


def check_bits(sop_class_uid: str, bits_stored: int) -> None:
    """Refuse pixels that the Enhanced class of a single-frame class does not take.

    Raises
    ------
    NotSupportedError
        If Bits Stored is none of its enumerated values.
    """
    allowed = _TABLES[sop_class_uid].bits_stored
    if bits_stored not in allowed:
        raise NotSupportedError(
            f"the Enhanced class takes {' or '.join(map(str, allowed))} bits stored only, "
            f"not {bits_stored}"
        )


def _all_rows(table: EnhancedTable) -> Iterator[Row]:
    for rows in (table.root, *(group.rows for group in table.groups)):
        for row in rows:
            yield row
            yield from row.items


@dataclass(frozen=True, slots=True)
class EnhancedLayout:
    """Root and shared groups of one stack; gives the groups of each Frame (a ``Layout``)."""

    root: Elements
    shared: Groups
    notes: tuple[str, ...]
    streamed_tag: int
    _survey: "Survey"
    _base: Elements
    _varying: frozenset[int]

    def frame_item(self, frame: PlacedFrame, elements: Mapping[int, bytes]) -> Elements:
        """Return the Item of the per-frame functional groups."""
        survey = self._survey
        groups = Groups()
        _, filled = survey.fill_frame(frame, elements)
        for sequence, item in filled.items():
            if sequence not in self.shared.macros:
                groups.macros[sequence] = item
        if frame.slice.sop_instance_uid:
            groups.macros[CONVERSION_SOURCE] = conversion_source(
                survey.stack, frame, is_implicit=survey.is_implicit
            )
        keep_differences(groups, self._base, self.shared, elements, self._varying)
        if SPECIFIC_CHARACTER_SET in self._varying and SPECIFIC_CHARACTER_SET in elements:
            charset = elements[SPECIFIC_CHARACTER_SET]
            name_charset(groups, charset, is_implicit=survey.is_implicit)
        item = {
            tag: encode_sequence(tag, [held], is_implicit=survey.is_implicit)
            for tag, held in groups.macros.items()
        }
        item.update(encode_private(groups, is_implicit=survey.is_implicit))
        return item


class Survey:
    """What all slices of a stack say, so that the object can be refused before it is begun.

    Parameters
    ----------
    elements_of
        Gives the elements of an input by its index; called once for each slice.
    supplied
        What the caller says where the slices say nothing.
    """

    def __init__(
        self, stack: Stack, elements_of: ElementsOf, supplied: Supplied, *, is_implicit: bool
    ) -> None:
        self.stack = stack
        self.supplied = supplied
        self.is_implicit = is_implicit
        self.table = _TABLES[stack.group.sop_class_uid]
        self.frame_type = LEGACY_CLASSES[stack.group.sop_class_uid].frame_type_sequence
        self.is_derived = pixels_of_stack(stack) == _DERIVED
        self.root: dict[str, list[bytes]] = {}
        self.shared: dict[int, Elements] = {}
        self.missing: set[str] = set()
        self.unfit: set[str] = set()
        self.depending: set[str] = set()
        self.used: set[str] = set()
        self._left_out: set[int] = set()
        self._varying: set[int] = set()
        self._look_at_all(elements_of)

    def _look_at_all(self, elements_of: ElementsOf) -> None:
        for number, frame in enumerate(self.stack.frames):
            elements = elements_of(frame.slice.source_index)
            root, groups = self.fill_frame(frame, elements)
            for row in self.table.root:
                raw = root.get(tag_by(row.keyword), b"")
                seen = self.root.setdefault(row.keyword, [])
                if raw not in seen:
                    seen.append(raw)
            if number == 0:
                self.shared = dict(groups)
            for sequence in self.shared.keys() - self._varying:
                if groups.get(sequence) != self.shared[sequence]:
                    self._varying.add(sequence)
        for sequence in self._varying | self._left_out:
            self.shared.pop(sequence, None)

    def fill_frame(
        self, frame: PlacedFrame, elements: Mapping[int, bytes]
    ) -> tuple[Elements, dict[int, Elements]]:
        """Return what a slice gives to the root, and its functional groups."""
        kind = frame_type(elements, is_implicit=self.is_implicit)
        is_original = _DERIVED not in element_texts(
            tag_by("FrameType"), kind[tag_by("FrameType")], is_implicit=self.is_implicit
        )
        values = FrameValues(
            elements, self.supplied, is_implicit=self.is_implicit, is_original=is_original
        )
        values.is_original = not self.is_derived
        root = fill(self.table.root, values)
        values.is_original = is_original
        groups: dict[int, Elements] = {}
        for group in self.table.groups:
            sequence = tag_by(group.sequence)
            if sequence in self._left_out:
                continue
            item = self._fill_group(group, values)
            if item is not None:
                groups[sequence] = item
            elif group.need == "optional" or not self._is_needed(group, values):
                self._left_out.add(sequence)
        groups[FRAME_CONTENT] = {
            **groups.get(FRAME_CONTENT, {}),
            **frame_content(self.stack, frame, elements, is_implicit=self.is_implicit),
        }
        groups[self.frame_type] = {**kind, **groups.get(self.frame_type, {})}
        measures = Groups({PIXEL_MEASURES: groups[PIXEL_MEASURES]})
        add_spacing(measures, self.stack, is_implicit=self.is_implicit)
        self.missing |= values.missing
        self.unfit |= values.unfit
        self.depending |= values.depending
        self.used |= values.used
        return root, groups

    def _is_needed(self, group: Group, values: FrameValues) -> bool:
        if group.need == "optional" or values.is_undecided(group.when):
            return False
        if not values.holds(group.when):
            return False
        return group.need == "always" or not self.is_derived

    def _fill_group(self, group: Group, values: FrameValues) -> Elements | None:
        """Return the Item, None for one that is not needed and would not be whole."""
        if self._is_needed(group, values):
            return fill(group.rows, values)
        trial = FrameValues(
            values.elements,
            values.supplied,
            is_implicit=values.is_implicit,
            is_original=values.is_original,
            found=dict(values.found),
        )
        item = fill(group.rows, trial, is_needed=False)
        if values.is_undecided(group.when):
            values.depending |= trial.missing | trial.depending
        if not item or trial.missing or trial.unfit:
            return None
        values.found.update(trial.found)
        values.used |= trial.used
        return item

    def add_to_root(self, root: Elements) -> None:
        """Set the attributes of the root that the class requires, one value for all Frames."""
        for row in self.table.root:
            tag = tag_by(row.keyword)
            seen = [raw for raw in self.root[row.keyword] if raw]
            root.pop(tag, None)
            if not seen:
                continue
            if len(self.root[row.keyword]) == 1 or row.differing == "first":
                root[tag] = seen[0]
            elif row.differing == "earliest":
                root[tag] = min(seen, key=lambda raw: self._texts(tag, raw))
            elif row.differing == "mixed":
                root[tag] = encode_values(tag, ("MIXED",), is_implicit=self.is_implicit)
            elif row.keyword in self.supplied and not self.supplied[row.keyword].reference:
                texts = self.supplied[row.keyword].texts
                root[tag] = encode_values(tag, texts, is_implicit=self.is_implicit)
                self.used.add(row.keyword)
            elif row.need != "optional":
                self.missing.add(row.keyword)

    def _texts(self, tag: int, raw: bytes) -> tuple[str, ...]:
        return element_texts(tag, raw, is_implicit=self.is_implicit)


def lay_out(
    survey: Survey,
    identity: Identity,
    first: Mapping[int, bytes],
    shared_elements: Mapping[int, bytes],
    varying: frozenset[int],
) -> EnhancedLayout:
    """Return root and shared groups for a stack; parameters as for the legacy classes.

    Raises
    ------
    IncompleteError
        If the class requires what neither slices nor caller say, or a slice has values that it
        does not take.
    """
    stack, is_implicit = survey.stack, survey.is_implicit
    modality = LEGACY_CLASSES[stack.group.sop_class_uid].modality
    root_tags = COMMON_ROOT_TAGS | OWN_ROOT_TAGS[modality]
    root: Elements = {
        tag: raw
        for tag, raw in shared_elements.items()
        if (tag in root_tags or is_private(tag))
        and tag not in _OWN_TAGS | IDENTITY_TAGS | STRUCTURE_TAGS
        and tag not in GROUP_OF
    }
    represent(root, first)
    for tag in _OWN_TAGS:
        root.pop(tag, None)
    sop_class_uid = ENHANCED_CLASSES[stack.group.sop_class_uid]
    add_own_root(root, stack, sop_class_uid, identity, first, is_implicit=is_implicit)
    survey.add_to_root(root)
    if survey.missing or survey.unfit:
        depending = survey.depending - survey.missing
        raise IncompleteError(sorted(survey.missing), sorted(survey.unfit), sorted(depending))
    shared = Groups(dict(survey.shared))
    base = {
        tag: raw
        for tag, raw in root.items()
        if tag not in STRUCTURE_TAGS and tag not in IDENTITY_TAGS
    }
    keep_differences(shared, base, Groups(), shared_elements, varying, only_shared=True)
    add_shared_groups(root, shared, is_implicit=is_implicit)
    unused = sorted(survey.supplied.keys() - survey.used)
    notes = (f"set, but told by the slices or not asked for: {', '.join(unused)}",) * bool(unused)
    return EnhancedLayout(
        root=root,
        shared=shared,
        notes=notes,
        streamed_tag=PER_FRAME_GROUPS,
        _survey=survey,
        _base=base,
        _varying=varying,
    )
