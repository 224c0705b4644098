"""De-identify one Instance: a new header, Pixel Data as it was, and what must still be done.

The header is built anew, element by element, from what Table E.1-1 (``table.py``) and the
allow-list (``allow_list.py``) let through; nothing else survives, at any depth.

References
----------
PS3.15 Annex E, PS3.10 7.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from isocenter.dicom.deidentify import pseudonyms
from isocenter.dicom.deidentify.cleaning import ISSUER, Cleaner, Identity, Place
from isocenter.dicom.deidentify.flags import FLAGS, flags
from isocenter.dicom.deidentify.holding import check_may_pass
from isocenter.dicom.deidentify.own_words import own_words
from isocenter.dicom.deidentify.profile import Held, Option, Profile
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.deidentify.rules import PATIENT_ID, PATIENT_NAME, Rules
from isocenter.dicom.header_index import PIXEL_DATA, HeaderIndex
from isocenter.dicom.part10 import (
    Elements,
    element_header,
    encode_data_set,
    encode_uid,
    file_meta,
    transfer_syntax_of,
)
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.uids import NATIVE
from isocenter.dicom.values import first_string

_SOP_CLASS = 0x00080016
_SOP_INSTANCE = 0x00080018
_STUDY = 0x0020000D
_DIGEST_BYTES = 1 << 16
_BIRTH_DATE = 0x00100030
_NUMBER_OF_FRAMES = 0x00280008
_FLOAT_PIXEL_DATA = 0x7FE00008
_DOUBLE_PIXEL_DATA = 0x7FE00009
_ENCAPSULATED_DOCUMENT = 0x00420011
# Elements whose value is copied by range, never held, and the VR of a native one of unknown VR.
BULK_ROOT = {_FLOAT_PIXEL_DATA: "OF", _DOUBLE_PIXEL_DATA: "OD", PIXEL_DATA: "OW"}


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
    overlays
        Groups (0x6000 ...) whose Overlay Data was kept for Clean Graphics to work on.
    """

    regions: tuple[Region, ...] = ()
    strips_codestreams: bool = False
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
    dataset = header.dataset
    transfer_syntax_uid = transfer_syntax_of(header)
    sop_class_uid = first_string(dataset, _SOP_CLASS) or first_string(header.meta, 0x00020002)
    warnings = check_may_pass(dataset, sop_class_uid, profile)
    cleaner = Cleaner(
        _rules(profile),
        _identity(header, profile),
        own_words(dataset),
        sop_class_uid,
        is_implicit=dataset.is_implicit,
    )
    elements = cleaner.clean(Place(dataset), _LEFT_OUT)
    if profile.accepts(Held.DOCUMENT) and _ENCAPSULATED_DOCUMENT in dataset.elements:
        elements[_ENCAPSULATED_DOCUMENT] = dataset.raw(_ENCAPSULATED_DOCUMENT)
    elements |= flags(profile, is_implicit=dataset.is_implicit)
    sop_instance_uid = _new_instance_uid(header, source, cleaner, elements)
    pixel_data = pixel_pieces(header)
    return Deidentified(
        pieces=assemble(
            elements,
            pixel_data,
            (sop_class_uid, sop_instance_uid, transfer_syntax_uid),
        ),
        elements=elements,
        is_implicit=dataset.is_implicit,
        sop_class_uid=sop_class_uid,
        sop_instance_uid=sop_instance_uid,
        transfer_syntax_uid=transfer_syntax_uid,
        warnings=tuple(warnings),
        pixel_work=_pixel_work(header, profile, cleaner, transfer_syntax_uid),
        counts=Counts(cleaner.kept, cleaner.replaced, cleaner.removed),
        replacements=_replacements(cleaner, profile),
    )


_LEFT_OUT = FLAGS | BULK_ROOT.keys()


def assemble(
    elements: Elements, pixel_data: Sequence[Piece], uids: tuple[str, str, str]
) -> list[Piece]:
    """Return a whole file: empty preamble, file meta rebuilt, elements and pixels in order.

    Parameters
    ----------
    pixel_data
        Whole elements of group 7FE0, as ``pixel_pieces`` gives them.
    uids
        SOP Class, SOP Instance and Transfer Syntax UID.
    """
    before = {tag: raw for tag, raw in elements.items() if tag < _FLOAT_PIXEL_DATA}
    behind = {tag: raw for tag, raw in elements.items() if tag > PIXEL_DATA}
    head = file_meta(*uids) + encode_data_set(before)
    tail = encode_data_set(behind)
    return [head, *pixel_data, *([tail] if tail else [])]


def pixel_pieces(header: HeaderIndex) -> list[Piece]:
    """Return the whole element that holds the pixels, its value as a range; ``[]`` for none."""
    dataset = header.dataset
    pieces: list[Piece] = []
    for tag in sorted(BULK_ROOT.keys() & dataset.elements.keys()):
        stored, _, start, length, end = dataset.elements[tag]
        vr = stored if stored in ("OB", "OW", "OF", "OD") else BULK_ROOT[tag]
        padding = b"\0" * (length % 2) if length != 0xFFFFFFFF else b""
        size = length + len(padding) if length != 0xFFFFFFFF else length
        pieces.append(element_header(tag, size, is_implicit=dataset.is_implicit, vr=vr))
        pieces.append(ByteRange(0, start, end - start))
        if padding:
            pieces.append(padding)
    return pieces


@lru_cache(maxsize=8)
def _rules(profile: Profile) -> Rules:
    return Rules(profile)


def _identity(header: HeaderIndex, profile: Profile) -> Identity:
    """Return what the pseudonyms of the patient are made of.

    Without a Patient ID, name and birth date stand for the patient, without these the Study.
    """
    dataset = header.dataset
    issuer, patient = first_string(dataset, ISSUER), first_string(dataset, PATIENT_ID)
    parts = [patient, issuer]
    if not patient:
        parts = ["", first_string(dataset, PATIENT_NAME), first_string(dataset, _BIRTH_DATE)]
    if not any(parts):
        parts = ["", "", "", first_string(dataset, _STUDY)]
    return Identity(profile.key, issuer, pseudonyms.shift_days(profile.key, *parts))


def _new_instance_uid(
    header: HeaderIndex, source: ByteSource, cleaner: Cleaner, elements: Elements
) -> str:
    """Return the SOP Instance UID of the result; one that is missing is made of the bytes."""
    original = first_string(header.dataset, _SOP_INSTANCE) or first_string(header.meta, 0x00020003)
    if not original:
        original = f"none {source.size} {source.read_at(0, _DIGEST_BYTES).hex()}"
    keeps = Option.RETAIN_UIDS in cleaner.rules.profile.options
    made = (
        original if keeps and pseudonyms.UID.fullmatch(original) else cleaner.mapped_uid(original)
    )
    elements[_SOP_INSTANCE] = encode_uid(_SOP_INSTANCE, made, is_implicit=cleaner.is_implicit)
    return made


def _pixel_work(
    header: HeaderIndex, profile: Profile, cleaner: Cleaner, transfer_syntax_uid: str
) -> PixelWork:
    if PIXEL_DATA not in header.dataset.elements:
        return PixelWork(overlays=tuple(cleaner.overlays))
    return PixelWork(
        regions=profile.regions,
        strips_codestreams=transfer_syntax_uid not in NATIVE,
        overlays=tuple(cleaner.overlays),
    )


def _replacements(cleaner: Cleaner, profile: Profile) -> tuple[Replacement, ...]:
    kinds = {PATIENT_ID: Kind.PATIENT_ID, PATIENT_NAME: Kind.PATIENT_NAME}
    found = [
        Replacement(kinds[tag], original, made) for (tag, original), made in cleaner.values.items()
    ]
    found += [Replacement(Kind.UID, original, made) for original, made in cleaner.uids.items()]
    if Option.RETAIN_MODIFIED_DATES in profile.options:
        days = str(cleaner.identity.shift_days)
        found += [
            Replacement(Kind.DATE_SHIFT_DAYS, one.original, days)
            for one in found
            if one.kind is Kind.PATIENT_ID
        ][:1]
    return tuple(found)
