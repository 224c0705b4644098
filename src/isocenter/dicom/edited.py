"""Edits carried out on a Data Set: which elements of its root come out otherwise, as bytes.

Only what an edit touches is opened and encoded anew; everything else stays where it is in the
source. Text is written in the character set of the Data Set; where that is impossible the edit is
refused, unless all text is ASCII: then the Data Set becomes UTF-8 (ISO_IR 192), which says the
same in the same bytes. Setting Specific Character Set at the root converts all text to it.
Group Lengths go on counting what they count.

References
----------
PS3.5 7.2 (Group Length), 7.5 (sequences), 7.8 (private elements), 6.1.2.3 (character sets).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from isocenter.dicom.dictionary import TEXT_VRS, is_private, is_private_creator, vr_of
from isocenter.dicom.edit_values import check_value, encode_binary, is_binary
from isocenter.dicom.edits import EVERY_ITEM, Edit, Step, name_of
from isocenter.dicom.enhanced_rules import CODE_SEPARATOR
from isocenter.dicom.explicit import explicit_element
from isocenter.dicom.header_index import PIXEL_DATA, DataSetIndex, index_elements
from isocenter.dicom.json_model import Scope, element_vr
from isocenter.dicom.part10 import (
    Elements,
    element_value,
    encode_data_set,
    encode_element,
    encode_sequence,
    encode_text,
    encode_ul,
)
from isocenter.dicom.private_dictionary import private_entry
from isocenter.dicom.text import SPECIFIC_CHARACTER_SET
from isocenter.dicom.text_encoding import UTF_8, decoded_text
from isocenter.dicom.text_encoding import encode_text as encode_in_character_set
from isocenter.errors import InvalidInputError, TruncatedError, UnusualEncodingError

_PIXEL_REPRESENTATION = 0x00280103
_FIRST_BLOCK, _LAST_BLOCK = 0x10, 0xFF
_CODE = (0x00080100, 0x00080102, 0x00080104)


class Changes(NamedTuple):
    """What the root's elements become.

    Attributes
    ----------
    elements
        Tag -> whole element as encoded, in the encoding of the Data Set; None: it goes.
    warnings
        Whole sentences for the user.
    """

    elements: dict[int, bytes | None]
    warnings: tuple[str, ...]


def apply_edits(dataset: DataSetIndex, edits: Iterable[Edit]) -> Changes:
    """Return what becomes of the elements of a root when edits are made in order.

    A new Specific Character Set counts from the first edit on.

    Raises
    ------
    InvalidInputError
        If an edit cannot be made in this Data Set: the error names the edit.
    UnusualEncodingError, TruncatedError, TooLargeError
        If a sequence on the way cannot be opened.
    """
    root = _EditedDataSet(dataset, None, is_implicit=dataset.is_implicit)
    edits = list(edits)
    for edit in edits:
        if edit.path[-1].tag == SPECIFIC_CHARACTER_SET:
            _set_character_set(root, edit)
    for edit in edits:
        if edit.path[-1].tag != SPECIFIC_CHARACTER_SET:
            _apply(root, edit)
    return Changes(root.changes(), tuple(dict.fromkeys(root.warnings)))


class _EditedDataSet:
    """A root or Item while it is edited: its source, and what differs from that."""

    __slots__ = ("encoded", "is_implicit", "parent", "sequences", "source", "warnings")

    def __init__(
        self, source: DataSetIndex, parent: "_EditedDataSet | None", *, is_implicit: bool
    ) -> None:
        self.source = source
        self.is_implicit = is_implicit
        self.parent = parent
        self.encoded: dict[int, bytes | None] = {}
        self.sequences: dict[int, list[_EditedDataSet]] = {}
        self.warnings: list[str] = []

    @property
    def root(self) -> "_EditedDataSet":
        root = self
        while root.parent is not None:
            root = root.parent
        return root

    @property
    def character_set(self) -> bytes:
        """Specific Character Set in force (PS3.5 7.5.3), padding taken off."""
        data_set: _EditedDataSet | None = self
        while data_set is not None:
            if SPECIFIC_CHARACTER_SET in data_set:
                return data_set.value(SPECIFIC_CHARACTER_SET).rstrip(b" \0")
            data_set = data_set.parent
        return b""

    @property
    def scope(self) -> Scope:
        parent = self.parent.scope if self.parent is not None else Scope()
        return parent.inside(self.source)

    def __contains__(self, tag: int) -> bool:
        if tag in self.sequences:
            return True
        if tag in self.encoded:
            return self.encoded[tag] is not None
        return tag in self.source

    def tags(self) -> list[int]:
        """Return the tags that are there now, in ascending order."""
        tags = self.source.elements.keys() | self.encoded.keys() | self.sequences.keys()
        return sorted(tag for tag in tags if tag in self)

    def value(self, tag: int) -> bytes:
        """Return the value as it is now; not of sequences that are open."""
        if tag in self.encoded:
            raw = self.encoded[tag]
            return element_value(raw, is_implicit=self.is_implicit) if raw is not None else b""
        return self.source.value(tag)

    def vr(self, tag: int) -> str:
        """Return the VR of an element as it is now, UN where nobody knows it."""
        if tag in self.sequences:
            return "SQ"
        raw = self.encoded.get(tag)
        if raw is not None:
            return raw[4:6].decode() if not self.is_implicit else self.known_vr(tag)
        return element_vr(self.source, tag, self.scope)

    def known_vr(self, tag: int) -> str:
        """Return the VR of PS3.6 or of the creator's dictionary, UN where neither knows it."""
        if is_private_creator(tag):
            return "LO"
        if not is_private(tag):
            return vr_of(tag)
        return private_entry(self.creator(tag), tag)[0]

    def creator(self, tag: int) -> str:
        """Return the private creator to whom the element's block belongs, ``""`` if to none."""
        creator = tag & 0xFFFF0000 | (tag >> 8 & 0xFF)
        if not is_private_creator(creator) or creator not in self:
            return ""
        return self.value(creator).rstrip(b" \0").decode("latin-1")

    def items(self, tag: int) -> list["_EditedDataSet"]:
        """Return the Items of a sequence, which may be changed; an absent one is begun.

        Raises
        ------
        InvalidInputError
            If it is no sequence.
        """
        if tag in self.sequences:
            return self.sequences[tag]
        items = []
        if self.encoded.get(tag) is not None:
            raw = self.encoded[tag]
            assert raw is not None, "just seen"
            source = index_elements(raw, is_implicit=self.is_implicit)
        elif tag in self.encoded:
            source = index_elements(b"", is_implicit=self.is_implicit)
        else:
            source = self.source
        if tag in source and element_vr(source, tag, self.scope) not in ("SQ", "UN"):
            raise InvalidInputError("it is no sequence")
        try:
            items = [self._item(item) for item in source.items(tag)]
        except (UnusualEncodingError, TruncatedError):
            if tag in source and source.vr(tag) == "SQ":
                raise
            raise InvalidInputError("it is no sequence") from None
        self.encoded.pop(tag, None)
        self.sequences[tag] = items
        return items

    def _item(self, item: DataSetIndex) -> "_EditedDataSet":
        if item.is_implicit and not self.is_implicit:
            # Implicit VR inside of UN (PS3.5 6.2.2): the sequence will have its VR.
            inner = self.scope.inside(item)
            raw = encode_data_set(
                {tag: explicit_element(item, tag, inner) for tag in item.elements if tag & 0xFFFF}
            )
            item = index_elements(raw, is_implicit=False)
        return _EditedDataSet(item, self, is_implicit=self.is_implicit)

    def add_item(self, tag: int) -> None:
        """Add an empty Item to a sequence."""
        empty = index_elements(b"", is_implicit=self.is_implicit)
        self.items(tag).append(_EditedDataSet(empty, self, is_implicit=self.is_implicit))

    def put(self, tag: int, raw: bytes | None) -> None:
        """Set an element as encoded; None removes it."""
        self.sequences.pop(tag, None)
        if raw is None and tag not in self.source:
            self.encoded.pop(tag, None)
        else:
            self.encoded[tag] = raw

    def changes(self) -> dict[int, bytes | None]:
        """Return what differs from the source, Group Lengths included."""
        changes = dict(self.encoded)
        for tag, items in self.sequences.items():
            changes[tag] = encode_sequence(
                tag, [item.elements() for item in items], is_implicit=self.is_implicit
            )
        added: dict[int, int] = {}
        for tag, raw in changes.items():
            entry = self.source.elements.get(tag)
            before = entry[4] - entry[1] if entry is not None else 0
            after = len(raw) if raw is not None else 0
            added[tag >> 16 << 16] = added.get(tag >> 16 << 16, 0) + after - before
        for length_tag, more in added.items():
            value = self.source.value(length_tag)
            if len(value) == 4:
                length = max(0, int.from_bytes(value, "little") + more)
                changes[length_tag] = encode_ul(length_tag, length, is_implicit=self.is_implicit)
        return changes

    def elements(self) -> Elements:
        """Return all elements as they are now."""
        changes = self.changes()
        elements = {tag: self.source.raw(tag) for tag in self.source.elements if tag not in changes}
        return elements | {tag: raw for tag, raw in changes.items() if raw is not None}


def _apply(root: _EditedDataSet, edit: Edit) -> None:
    try:
        for data_set in _holders(root, edit):
            _apply_here(data_set, edit)
    except (UnusualEncodingError, TruncatedError):
        raise
    except InvalidInputError as error:
        raise InvalidInputError(f"{edit.where}: {edit.name}: {error}") from None


def _holders(root: _EditedDataSet, edit: Edit) -> Iterator[_EditedDataSet]:
    """Yield each root or Item that holds, or shall hold, the element."""
    holders = [root]
    for step in edit.path[:-1]:
        assert step.item is not None, "a path goes on in an Item"
        inner: list[_EditedDataSet] = []
        for holder in holders:
            inner += _items(holder, step, is_added=edit.text is not None)
        holders = inner
    yield from holders


def _items(holder: _EditedDataSet, step: Step, *, is_added: bool) -> list[_EditedDataSet]:
    tag = _located(holder, step, is_added=is_added)
    if tag is None or (tag not in holder and not is_added):
        return []
    items = holder.items(tag)
    if step.item == EVERY_ITEM:
        return items
    assert step.item is not None, "a path goes on in an Item"
    if step.item == len(items) and is_added:
        holder.add_item(tag)
    if step.item >= len(items):
        if not is_added:
            return []
        raise InvalidInputError(f"{name_of(tag)} has {len(items)} Item(s), numbered from 0")
    return [items[step.item]]


def _located(holder: _EditedDataSet, step: Step, *, is_added: bool) -> int | None:
    """Return the tag that a step means here; for a private creator its block is found or made."""
    if not step.creator:
        return step.tag
    group = step.tag & 0xFFFF0000
    free = 0
    for block in range(_FIRST_BLOCK, _LAST_BLOCK + 1):
        tag = group | block
        if tag not in holder:
            free = free or block
        elif holder.value(tag).rstrip(b" \0").decode("latin-1") == step.creator:
            return group | block << 8 | step.tag & 0xFF
    if not is_added:
        return None
    if not free:
        raise InvalidInputError("all blocks of private elements are taken")
    if not step.creator.isascii():
        raise InvalidInputError("a new private creator must be ASCII")
    raw = encode_text(group | free, step.creator, is_implicit=holder.is_implicit, vr="LO")
    holder.put(group | free, raw)
    return group | free << 8 | step.tag & 0xFF


def _apply_here(holder: _EditedDataSet, edit: Edit) -> None:
    step = edit.path[-1]
    tag = _located(holder, step, is_added=edit.text is not None)
    if edit.text is None:
        if tag is not None and tag in holder:
            _remove(holder, tag, step.item)
        return
    assert tag is not None, "an element that shall have a value is located"
    if is_private(tag) and not is_private_creator(tag) and not holder.creator(tag):
        raise InvalidInputError("no private creator has reserved its block")
    vr = _vr_for(holder, tag, edit)
    problem = check_value(edit.text, vr)
    if problem:
        raise InvalidInputError(f"the value {problem}")
    if vr == "SQ":
        _set_sequence(holder, tag, edit.text)
        return
    value = _encoded_value(holder, edit.text, vr)
    holder.put(tag, encode_element(tag, value, is_implicit=holder.is_implicit, vr=vr))


def _remove(holder: _EditedDataSet, tag: int, item: int | None) -> None:
    if item is None:
        holder.put(tag, None)
        if is_private_creator(tag):
            # What stood in its block has no meaning without it (PS3.5 7.8.1).
            first = tag & 0xFFFF0000 | (tag & 0xFF) << 8
            for other in holder.tags():
                if first <= other <= first | 0xFF:
                    holder.put(other, None)
        return
    items = holder.items(tag)
    if item == EVERY_ITEM:
        items.clear()
    elif item < len(items):
        del items[item]


def _vr_for(holder: _EditedDataSet, tag: int, edit: Edit) -> str:
    """Return the VR in which a value is written: as said, as it is, or as the standard has it."""
    known = holder.known_vr(tag)
    if edit.vr and (edit.vr != "UN" or known == "UN"):
        return edit.vr
    possible = known.split(" or ")
    present = holder.vr(tag) if tag in holder else ""
    if len(possible) == 1 and known != "UN":
        return known
    if present in possible and present != "UN":
        return present
    if known == "UN":
        if present in ("", "UN"):
            raise InvalidInputError("its VR is not known: write i PATH VR VALUE")
        return present
    if "SS" in possible:
        return "SS" if holder.scope.pixel_representation else "US"
    return "OW" if "OW" in possible else possible[0]


def _set_sequence(holder: _EditedDataSet, tag: int, text: str) -> None:
    items = []
    if text:
        parts = text.split(CODE_SEPARATOR, 2)
        items.append(
            {
                code_tag: encode_text(code_tag, part, is_implicit=holder.is_implicit)
                for code_tag, part in zip(_CODE, parts, strict=True)
            }
        )
    holder.put(tag, encode_sequence(tag, items, is_implicit=holder.is_implicit))


def _encoded_value(holder: _EditedDataSet, text: str, vr: str) -> bytes:
    if is_binary(vr):
        return encode_binary(text, vr)
    value = encode_in_character_set(text, vr, holder.character_set)
    if value is not None:
        return value
    if vr not in TEXT_VRS:
        raise InvalidInputError("only ASCII can be written")
    root = holder.root
    owner = _owner_of_character_set(holder)
    if owner is not root or not _is_ascii(root):
        raise InvalidInputError(
            "the text cannot be written in the character set of the file; "
            f"SpecificCharacterSet={UTF_8} would convert all of it"
        )
    _write_character_set(root, UTF_8)
    root.warnings.append(f"the character set was changed to {UTF_8} for a new text")
    return text.encode()


def _owner_of_character_set(holder: _EditedDataSet) -> _EditedDataSet:
    while SPECIFIC_CHARACTER_SET not in holder and holder.parent is not None:
        holder = holder.parent
    return holder


def _write_character_set(root: _EditedDataSet, terms: str) -> None:
    raw = encode_text(SPECIFIC_CHARACTER_SET, terms, is_implicit=root.is_implicit)
    root.put(SPECIFIC_CHARACTER_SET, raw)


def _is_ascii(data_set: _EditedDataSet) -> bool:
    """Return whether all text that depends on the root's character set is ASCII, at any depth."""
    for tag, vr in _texts(data_set):
        if vr == "SQ":
            inner = (item for item in data_set.items(tag) if SPECIFIC_CHARACTER_SET not in item)
            if not all(_is_ascii(item) for item in inner):
                return False
        else:
            value = data_set.value(tag)
            if not value.isascii() or b"\x1b" in value:
                return False
    return True


def _texts(data_set: _EditedDataSet) -> Iterator[tuple[int, str]]:
    """Yield tag and VR of what depends on the character set: texts, and sequences."""
    for tag in data_set.tags():
        vr = data_set.vr(tag) if tag != PIXEL_DATA else ""
        if vr == "SQ" or vr in TEXT_VRS:
            yield tag, vr


def _set_character_set(root: _EditedDataSet, edit: Edit) -> None:
    """Convert all text to another character set, whatever it depends on stays readable."""
    if len(edit.path) > 1:
        raise InvalidInputError(f"{edit.where}: the character set is set for a whole file")
    terms = edit.text or ""
    before = root.character_set
    converted = list(_converted(root, before, terms.encode("ascii"), edit.where))
    if edit.text is None:
        root.put(SPECIFIC_CHARACTER_SET, None)
    else:
        _write_character_set(root, terms)
    for holder, tag, raw in converted:
        holder.put(tag, raw)


def _converted(
    data_set: _EditedDataSet, before: bytes, after: bytes, where: str
) -> Iterator[tuple[_EditedDataSet, int, bytes]]:
    for tag, vr in _texts(data_set):
        if vr == "SQ":
            for item in data_set.items(tag):
                if SPECIFIC_CHARACTER_SET not in item:
                    yield from _converted(item, before, after, where)
            continue
        value = data_set.value(tag)
        if value.isascii() and b"\x1b" not in value:
            continue
        text = decoded_text(value, vr, before)
        raw = encode_in_character_set(text, vr, after) if text is not None else None
        if raw is None:
            raise InvalidInputError(
                f"{where}: {name_of(tag)} cannot be converted to that character set"
            )
        yield data_set, tag, encode_element(tag, raw, is_implicit=data_set.is_implicit, vr=vr)
