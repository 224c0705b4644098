"""De-identify one Instance: a new header, Pixel Data as it was, and what must still be done.

The header is built anew, element by element, from what Table E.1-1 (``table.py``) and the
allow-list (``allow_list.py``) let through; nothing else survives, at any depth.

References
----------
PS3.15 Annex E, PS3.10 7.1.
"""

from dataclasses import dataclass
from enum import StrEnum

from isocenter.dicom.deidentify.profile import Profile
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.header_index import HeaderIndex
from isocenter.dicom.part10 import Elements
from isocenter.dicom.streams import ByteSource, Piece


class Kind(StrEnum):
    """What sort of value was replaced, for the crosswalk."""

    UID = "uid"
    PATIENT_ID = "patient-id"
    PATIENT_NAME = "patient-name"
    DATE_SHIFT_DAYS = "date-shift-days"


@dataclass(frozen=True, slots=True)
class Replacement:
    """One value and what stands in its place; both identify the source, keep them secret."""

    kind: Kind
    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many elements, at every depth, were kept, replaced (or emptied), removed."""

    kept: int
    replaced: int
    removed: int


@dataclass(frozen=True, slots=True)
class PixelWork:
    """What ``pixels.py`` must still do to the Frames; ``bool(work)`` says whether anything.

    Attributes
    ----------
    regions
        To be blanked in every Frame.
    strips_codestreams
        The Frames are compressed: comments and application segments go.
    is_ultrasound
        Everything outside of ``SequenceOfUltrasoundRegions`` may be blanked.
    overlays
        Groups (0x6000 ...) whose Overlay Data was kept for Clean Graphics to work on.
    """

    regions: tuple[Region, ...] = ()
    strips_codestreams: bool = False
    is_ultrasound: bool = False
    overlays: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Return whether the Frames may not be passed on as they are."""
        return bool(self.regions or self.strips_codestreams or self.overlays)


@dataclass(frozen=True, slots=True)
class Deidentified:
    """One de-identified Instance.

    Attributes
    ----------
    pieces
        The whole file: preamble and file meta, elements up to Pixel Data, Pixel Data as a
        ``ByteRange`` of the source, elements behind it. Released only after ``pixel_work``.
    elements
        The same Data Set without Pixel Data, tag to encoded element, for those who change it
        further: ``assemble(...)`` makes pieces of it again.
    is_implicit
        How ``elements`` are encoded.
    sop_class_uid, sop_instance_uid, transfer_syntax_uid
        Of the result.
    warnings
        Sentences for the report, without values.
    pixel_work
        What must still be done to the Frames.
    counts, replacements
        For the report and for the crosswalk.
    """

    pieces: list[Piece]
    elements: Elements
    is_implicit: bool
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    warnings: tuple[str, ...]
    pixel_work: PixelWork
    counts: Counts
    replacements: tuple[Replacement, ...]


def deidentify(header: HeaderIndex, source: ByteSource, profile: Profile) -> Deidentified:
    """Return the Instance as the profile lets it pass.

    Parameters
    ----------
    header, source
        As ``services/sources.open_dicom`` gives them: native little endian or encapsulated.

    Raises
    ------
    HeldBackError
        If the Instance may not be passed on under this profile.
    InvalidInputError
        If the header cannot be read to its depth, or a parameter does not fit it.
    TooLargeError
        If a bound of ``limits`` is passed.
    """
    raise NotImplementedError
