"""What a de-identification shall do: options of PS3.15 Annex E, key, regions, decisions.

``Profile()`` with a key is the Basic Application Level Confidentiality Profile: nothing is
retained. Each ``Option`` lets the rows of one column of Table E.1-1 survive, as that column says.
"""

from dataclasses import dataclass
from enum import StrEnum

from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.edits import Edit
from isocenter.errors import InvalidInputError, NotSupportedError

KEY_BYTES_MIN = 16


class Option(StrEnum):
    """An option of PS3.15 E.3; the value is its name on the command line."""

    RETAIN_UIDS = "retain-uids"
    RETAIN_DEVICE_IDENTITY = "retain-device-identity"
    RETAIN_INSTITUTION_IDENTITY = "retain-institution-identity"
    RETAIN_PATIENT_CHARACTERISTICS = "retain-patient-characteristics"
    RETAIN_FULL_DATES = "retain-full-dates"
    RETAIN_MODIFIED_DATES = "retain-modified-dates"
    RETAIN_SAFE_PRIVATE = "retain-safe-private"
    CLEAN_DESCRIPTORS = "clean-descriptors"
    CLEAN_STRUCTURED_CONTENT = "clean-structured-content"
    CLEAN_GRAPHICS = "clean-graphics"
    CLEAN_PIXEL_DATA = "clean-pixel-data"
    CLEAN_VISUAL_FEATURES = "clean-recognizable-visual-features"


# CID 7050, "De-identification Method": the codes of the profile and of its options (PS3.16).
BASIC_PROFILE_CODE = ("113100", "Basic Application Confidentiality Profile")
OPTION_CODES = {
    Option.CLEAN_PIXEL_DATA: ("113101", "Clean Pixel Data Option"),
    Option.CLEAN_VISUAL_FEATURES: ("113102", "Clean Recognizable Visual Features Option"),
    Option.CLEAN_GRAPHICS: ("113103", "Clean Graphics Option"),
    Option.CLEAN_STRUCTURED_CONTENT: ("113104", "Clean Structured Content Option"),
    Option.CLEAN_DESCRIPTORS: ("113105", "Clean Descriptors Option"),
    Option.RETAIN_FULL_DATES: (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    Option.RETAIN_MODIFIED_DATES: (
        "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option",
    ),
    Option.RETAIN_PATIENT_CHARACTERISTICS: ("113108", "Retain Patient Characteristics Option"),
    Option.RETAIN_DEVICE_IDENTITY: ("113109", "Retain Device Identity Option"),
    Option.RETAIN_UIDS: ("113110", "Retain UIDs Option"),
    Option.RETAIN_SAFE_PRIVATE: ("113111", "Retain Safe Private Option"),
    Option.RETAIN_INSTITUTION_IDENTITY: ("113112", "Retain Institution Identity Option"),
}

# Options that have no answer here, and why. Asking for one is an error, never a silent no.
NOT_AVAILABLE = {
    Option.RETAIN_SAFE_PRIVATE: (
        "the list of safe private attributes (PS3.15 E.3.10) is not at hand, "
        "so every private element is removed"
    ),
    Option.CLEAN_VISUAL_FEATURES: "faces are not recognised or removed",
}


class Held(StrEnum):
    """What is held back unless the caller decides otherwise; the value is its name."""

    DOCUMENT = "document"  # encapsulated PDF, CDA, STL, OBJ, MTL: passed on as it is
    STRUCTURED_TEXT = "structured-text"  # SR without the option that cleans it: a dummy tree
    PRESENTATION_TEXT = "presentation-text"  # presentation states without Clean Graphics
    RAW_DATA = "raw-data"  # raw data: without private elements little is left of it
    BURNED_IN = "burned-in"  # images that may have text burnt into them


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to de-identify; equal profiles give equal results on every machine.

    Attributes
    ----------
    key
        The project's secret, at least 16 bytes; pseudonyms of different keys cannot be linked.
        Without one only ``is_none`` profiles are possible.
    options
        Of Annex E, on top of the Basic Profile.
    accepted
        What the caller decided not to have held back.
    regions, parameters
        What the caller wants blanked and set, on top of the profile.
    is_none
        ``profile=none``: only the parameters and regions are applied, no flag of a de-identified
        object is set.
    """

    key: bytes = b""
    options: frozenset[Option] = frozenset()
    accepted: frozenset[Held] = frozenset()
    regions: tuple[Region, ...] = ()
    parameters: tuple[Edit, ...] = ()
    is_none: bool = False

    def __post_init__(self) -> None:
        """Check the key and the options.

        Raises
        ------
        InvalidInputError
            If the key is too short, or two options contradict each other.
        NotSupportedError
            If an option is not available.
        """
        if self.is_none:
            if self.options:
                raise InvalidInputError("the profile none takes no options of a profile")
            return
        if len(self.key) < KEY_BYTES_MIN:
            raise InvalidInputError(
                f"a key of at least {KEY_BYTES_MIN} bytes is needed for pseudonyms"
            )
        if {Option.RETAIN_FULL_DATES, Option.RETAIN_MODIFIED_DATES} <= self.options:
            raise InvalidInputError("dates are retained either in full or modified, not both")
        for option in sorted(self.options & NOT_AVAILABLE.keys()):
            raise NotSupportedError(f"option {option} is not available: {NOT_AVAILABLE[option]}")

    def __repr__(self) -> str:
        """Return what may stand in a log: never the key, never a value that was set."""
        return f"Profile(options={sorted(self.options)}, is_none={self.is_none})"

    def accepts(self, held: Held) -> bool:
        """Return whether the caller decided that this need not be held back."""
        return held in self.accepted
