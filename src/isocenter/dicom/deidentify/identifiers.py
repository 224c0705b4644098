"""The identifying values of one source: what must not be found in what is made of it.

What is identifying is not a list of its own: it is everything that the profile does not keep, at
any depth, private elements and file meta included. Names, identifiers, UIDs and dates count
wherever they turn up again; other texts only where no kept element says the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from isocenter.dicom.deidentify.identifying_tokens import (
    Kind,
    Role,
    Token,
    phrase_of,
    tokens_of,
)
from isocenter.dicom.deidentify.profile import Profile
from isocenter.dicom.deidentify.pseudonyms import is_registered
from isocenter.dicom.deidentify.rules import Action, Rules
from isocenter.dicom.dictionary import TEXT_VRS, is_private, is_private_creator
from isocenter.dicom.header_index import PIXEL_DATA, DataSetIndex, HeaderIndex, walk
from isocenter.dicom.text import DEFAULT, Encodings, decode, encodings_of

# Tag and VR -> action of the profile: "K", an option retains the value, "A", it is nobody's, "C",
# it is cleaned or shifted; any other replaces, empties or removes it.
ActionOf = Callable[[int, str], str]
Path = tuple[int, ...]

RETAINED, HARMLESS, CLEANED, REPLACED = "K", "A", "C", "X"
_STAYING = frozenset({RETAINED, HARMLESS, CLEANED})
_LETTERS = {
    Action.RETAIN: RETAINED,
    Action.ALLOWED: HARMLESS,
    Action.RECURSE: HARMLESS,
    Action.SHIFT: CLEANED,
    Action.WORDS: CLEANED,
    Action.OVERLAY: CLEANED,
}

# Values whose whole text is a person's, an order's, a place's or a device's own.
_IDENTIFIERS = frozenset(
    {
        *(0x00080050, 0x00080080, 0x00080081, 0x00080092, 0x00080094, 0x00081010, 0x00081040),
        *(0x00100020, 0x00101000, 0x00101040, 0x00101050, 0x00101090, 0x00102154, 0x00102155),
        *(0x00120040, 0x00120042, 0x00181000, 0x00181002, 0x00181005, 0x00181007, 0x00181008),
        *(0x00200010, 0x00380010, 0x00380060, 0x00400009, 0x00400253, 0x00401001, 0x00401102),
        *(0x00401103, 0x00401104, 0x00402016, 0x00402017, 0x00402009, 0x00402010),
    }
)
_VALUES = frozenset({"AE", "CS", "LO", "SH", "UC"})
# What these say is searched for even where the profile shifts or cleans it.
_ALWAYS = {"PN": Role.NAME, "DA": Role.DATE, "DT": Role.DATE, "UI": Role.UID}
_UNLESS_CLEANED = {
    **dict.fromkeys(_VALUES, Role.TEXT),
    **dict.fromkeys(("LT", "ST", "UT", "UR"), Role.LONG_TEXT),
    **dict.fromkeys(("OB", "UN"), Role.BYTES),
}
_BYTES_MAX = 1 << 16
_SOP_INSTANCE, _MEDIA_SOP_INSTANCE = 0x00080018, 0x00020003
_META_ROLES = {
    **dict.fromkeys((_MEDIA_SOP_INSTANCE, 0x00020100), Role.UID),
    **dict.fromkeys((0x00020016, 0x00020017, 0x00020018, 0x00020026, 0x00020028), Role.TEXT),
    0x00020102: Role.BYTES,
}
# Bytes of large values that no text is looked for in.
_BULK = frozenset({"OD", "OF", "OL", "OV", "OW"})


@dataclass(frozen=True)
class Identifiers:
    """What to look for in the result of one source.

    Attributes
    ----------
    tokens
        By their words.
    short
        Path, tag and value of those that are too short to be searched for, and of dates that are
        shifted: the result may not have the same value at the same place.
    header, action_of
        The source and the profile, for a second look where something was found.
    retains
        Whether an option retains anything of the source.
    """

    tokens: dict[str, Token]
    short: tuple[tuple[Path, int, bytes], ...]
    header: HeaderIndex
    action_of: ActionOf
    retains: bool = True

    @property
    def dates(self) -> frozenset[str]:
        """Return the days of the source, as YYYYMMDD."""
        return frozenset(
            token.words
            for token in self.tokens.values()
            if token.kind is Kind.DATE and " " not in token.words
        )

    @cached_property
    def kept_text(self) -> str:
        """Return the words of all that the profile keeps of the source, blanks around each."""
        return self._text_of(_STAYING, TEXT_VRS | _VALUES)

    @cached_property
    def retained_text(self) -> str:
        """Return the words of what options retain: it may be found wherever it stands."""
        if not self.retains:
            return ""
        return self._text_of(frozenset({RETAINED}), TEXT_VRS | _VALUES | _ALWAYS.keys())

    def _text_of(self, actions: frozenset[str], vrs: frozenset[str]) -> str:
        parts = []
        for level, tag, encodings in _elements(self.header.dataset):
            vr = level.vr(tag)
            if vr in vrs and not is_private(tag) and self.action_of(tag, vr) in actions:
                text = phrase_of(decode(level.value(tag), encodings))
                parts += [text, text[:8]] if vr == "DT" else [text]
        return f" {' '.join(parts)} "


def actions_of(profile: Profile) -> ActionOf:
    """Return what a profile does with an element, in the letters that ``collect`` asks for."""
    rules = Rules(profile)

    def action_of(tag: int, vr: str) -> str:
        del vr  # rules go by the tag alone
        return _LETTERS.get(rules.of(tag).action, REPLACED)

    return action_of


def collect(header: HeaderIndex, action_of: ActionOf) -> Identifiers:
    """Return the identifying values of a source.

    Parameters
    ----------
    header
        Of the source, as ``services/sources.open_dicom`` gives it.
    action_of
        What the profile does with an element. Private elements are never asked for: they go.

    Raises
    ------
    InvalidInputError, TooLargeError
        If the header cannot be read to its depth.

    References
    ----------
    PS3.15 Table E.1-1 (what is identifying).
    """
    collector = _Collector(action_of)
    collector.take_meta(header.meta)
    pending: list[tuple[Path, DataSetIndex, Encodings, bool]] = [
        ((), header.dataset, DEFAULT, False)
    ]
    while pending:
        path, level, inherited, is_going = pending.pop()
        encodings = encodings_of(level, inherited)
        for tag, (vr, _, _, length, _) in level.elements.items():
            if vr == "SQ":
                goes = is_going or collector.action(tag, vr) not in _STAYING
                for number, item in enumerate(level.each_item(tag)):
                    pending.append(((*path, tag, number), item, encodings, goes))
            elif length:
                collector.take(path, level, tag, encodings, is_going=is_going)
    return Identifiers(
        collector.tokens, tuple(collector.short), header, action_of, collector.retains
    )


class _Collector:
    """What was found so far, and what the profile does with each kind of element."""

    def __init__(self, action_of: ActionOf) -> None:
        self._action_of = action_of
        self._roles: dict[tuple[int, str, bool], Role] = {}
        self.tokens: dict[str, Token] = {}
        self.short: list[tuple[Path, int, bytes]] = []
        self.retains = False

    def action(self, tag: int, vr: str) -> str:
        """Return what the profile does with an element; private ones go."""
        action = REPLACED if is_private(tag) else self._action_of(tag, vr)
        self.retains |= action == RETAINED
        return action

    def take(
        self, path: Path, level: DataSetIndex, tag: int, encodings: Encodings, *, is_going: bool
    ) -> None:
        """Note the value of an element; ``is_going`` where a sequence around it goes."""
        vr, _, _, length, _ = level.elements[tag]
        role = self._roles.get((tag, vr, is_going))
        if role is None:
            role = _role(tag, vr, REPLACED if is_going else self.action(tag, vr))
            self._roles[tag, vr, is_going] = role
        if role is Role.SKIPPED or (role is Role.BYTES and length > _BYTES_MAX):
            return
        raw = level.value(tag)
        found = tokens_of(role, raw, encodings)
        for token in found:
            self.tokens[token.words] = token
        is_compared = not found or (role is Role.DATE and self.action(tag, vr) == CLEANED)
        if is_compared and not is_private(tag) and not _is_registered(role, raw):
            self.short.append((path, tag, raw))

    def take_meta(self, meta: DataSetIndex) -> None:
        """Note what identifies in the file meta."""
        keeps_uids = self._action_of(_SOP_INSTANCE, "UI") == RETAINED
        for tag in meta.elements.keys() & _META_ROLES.keys():
            if tag == _MEDIA_SOP_INSTANCE and keeps_uids:
                continue
            for token in tokens_of(_META_ROLES[tag], meta.value(tag), DEFAULT):
                self.tokens[token.words] = token


def _is_registered(role: Role, raw: bytes) -> bool:
    return role is Role.UID and is_registered(raw.rstrip(b"\0 ").decode("latin-1"))


def _elements(dataset: DataSetIndex) -> Iterator[tuple[DataSetIndex, int, Encodings]]:
    """Yield each element at each depth that is not bulk, with the encodings of its text."""
    encodings: dict[Path, Encodings] = {}
    for path, level, tag in walk(dataset):
        if path not in encodings:
            encodings[path] = encodings_of(level, encodings.get(path[:-2], DEFAULT))
        yield level, tag, encodings[path]


def _role(tag: int, vr: str, action: str) -> Role:
    """Return how the value of an element is taken apart, by what the profile does with it."""
    if (
        action in (RETAINED, HARMLESS)
        or tag == PIXEL_DATA
        or tag & 0xFFFF == 0
        or is_private_creator(tag)
    ):
        return Role.SKIPPED
    if vr in _ALWAYS:
        return _ALWAYS[vr]
    if action == CLEANED or vr in _BULK:
        return Role.SKIPPED
    return Role.IDENTIFIER if tag in _IDENTIFIERS else _UNLESS_CLEANED.get(vr, Role.SHORT)
