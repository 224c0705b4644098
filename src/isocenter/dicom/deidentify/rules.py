"""What a profile does with an attribute: the row of Table E.1-1, else the allow-list, else out.

References
----------
PS3.15 E.1.1 (actions), E.2 (basic profile), E.3 (options).
"""

from enum import Enum, auto
from typing import NamedTuple

from isocenter.dicom.deidentify.allow_list import Allowed, allowed
from isocenter.dicom.deidentify.profile import Option, Profile
from isocenter.dicom.deidentify.rows import PRIVATE, Row
from isocenter.dicom.deidentify.table import ROWS
from isocenter.dicom.dictionary import vr_of

PATIENT_NAME = 0x00100010
PATIENT_ID = 0x00100020
# The table says X, and some IODs require a value: Presentation Creation Date and Time, Timezone
# Offset From UTC. There they get a dummy, everywhere else they go.
_REQUIRED_SOMEWHERE = frozenset({0x00700082, 0x00700083, 0x00080201})
_OVERLAY = 0x60
_FIRST_GROUP = 0x0008
_TEXT_VRS = frozenset({"LO", "LT", "SH", "ST", "UC", "UT", "CS"})


class Action(Enum):
    """What is done with an element."""

    REMOVE = auto()  # X
    EMPTY = auto()  # Z; a dummy where the IOD wants a value
    DUMMY = auto()  # D
    BY_TYPE = auto()  # the weakest of X, Z, D that keeps the Instance valid
    UID = auto()  # U
    RETAIN = auto()  # K
    RECURSE = auto()  # a sequence whose Items are judged: K, C and U* of sequences
    SHIFT = auto()  # C of dates
    WORDS = auto()  # C of text: kept where each word is harmless
    ENTITY = auto()  # C of application entities: a pseudonym
    OVERLAY = auto()  # C of Overlay Data: kept, and asked for as pixel work
    PATIENT_ID = auto()
    PATIENT_NAME = auto()
    ALLOWED = auto()  # of the allow-list, on its conditions


class Rule(NamedTuple):
    """What is done with an attribute.

    Attributes
    ----------
    action
        See ``Action``.
    choices
        Of ``BY_TYPE``: the actions of the table, ``X/Z/D``.
    allowed
        Of ``ALLOWED``.
    is_retained
        An option keeps it: codes inside stay whatever their scheme.
    """

    action: Action
    choices: str = ""
    allowed: Allowed | None = None
    is_retained: bool = False


DENIED = Rule(Action.BY_TYPE, "X/Z/D")
_REMOVED = Rule(Action.REMOVE)


def row_of(tag: int) -> Row | None:
    """Return the row of Table E.1-1 for a tag, None where it has none."""
    if tag >> 16 & 1:
        return ROWS[PRIVATE]
    text = f"{tag:08X}"
    found = ROWS.get(text)
    if found is None and text[:2] in ("50", "60"):
        found = ROWS.get(text[:2] + "xx" + text[4:]) or ROWS.get(text[:2] + "xxxxxx")
    return found


class Rules:
    """The rules of one profile, decided once for each tag."""

    __slots__ = ("_found", "profile")

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._found: dict[int, Rule] = {}

    def of(self, tag: int) -> Rule:
        """Return what is done with an attribute."""
        found = self._found.get(tag)
        if found is None:
            found = self._decided(tag)
            if not tag >> 16 & 1:  # private tags are many and all alike
                self._found[tag] = found
        return found

    def _decided(self, tag: int) -> Rule:
        if not tag & 0xFFFF or tag >> 16 < _FIRST_GROUP:
            return _REMOVED  # group lengths; commands, file meta and directories inside a Data Set
        row = row_of(tag)
        options = self.profile.options
        if tag >> 24 == _OVERLAY and Option.CLEAN_GRAPHICS not in options:
            return _REMOVED  # a plane without its Overlay Data is no plane
        if row is None:
            found = allowed(tag)
            return DENIED if found is None else Rule(Action.ALLOWED, allowed=found)
        changes = {row.options[option] for option in options if option in row.options}
        vr = vr_of(tag)
        # Where one option keeps and another one cleans, the more careful one decides.
        if "C" in changes:
            return _cleaned(tag, vr)
        if "K" in changes:
            action = Action.RECURSE if vr == "SQ" else Action.RETAIN
            return Rule(action, is_retained=True)
        return _basic(tag, row.basic)

    def letter(self, tag: int, vr: str) -> str:
        """Return ``K`` where the value stays, ``C`` where it is cleaned or moved, else ``X``.

        For those who ask what the result may still say; ``vr`` does not matter.
        """
        del vr
        action = self.of(tag).action
        if action in _KEEPING:
            return "K"
        return "C" if action in _CLEANING else "X"


_KEEPING = frozenset({Action.RETAIN, Action.RECURSE, Action.ALLOWED})
_CLEANING = frozenset({Action.SHIFT, Action.WORDS, Action.OVERLAY})


def _basic(tag: int, basic: str) -> Rule:
    if tag == PATIENT_ID:
        return Rule(Action.PATIENT_ID)
    if tag == PATIENT_NAME:
        return Rule(Action.PATIENT_NAME)
    if basic == "X/Z/U*":  # references to images are UIDs and nothing else
        return Rule(Action.RECURSE)
    if tag in _REQUIRED_SOMEWHERE:
        return Rule(Action.BY_TYPE, "X/D")
    single = {"X": Action.REMOVE, "Z": Action.EMPTY, "D": Action.DUMMY, "U": Action.UID}
    action = single.get(basic)
    return Rule(action) if action else Rule(Action.BY_TYPE, basic)


def _cleaned(tag: int, vr: str) -> Rule:
    """Return what cleaning means for a VR; what nothing cleans is removed."""
    if vr == "SQ":
        return Rule(Action.RECURSE)
    if vr in ("DA", "DT"):
        return Rule(Action.SHIFT)
    if vr == "TM":
        return Rule(Action.RETAIN)
    if vr == "AE":
        return Rule(Action.ENTITY)
    if tag >> 24 == _OVERLAY and tag & 0xFFFF == 0x3000:
        return Rule(Action.OVERLAY)
    return Rule(Action.WORDS) if vr in _TEXT_VRS else _REMOVED
