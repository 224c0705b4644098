"""De-identify one Instance: a new header, Pixel Data as it was, and what must still be done.

The header is built anew, element by element, from what Table E.1-1 (``table.py``) and the
allow-list (``allow_list.py``) let through; nothing else survives, at any depth.

References
----------
PS3.15 Annex E, PS3.10 7.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from isocenter.dicom.deidentify import pseudonyms
from isocenter.dicom.deidentify.burned_in import (
    BURNED_IN_ANNOTATION,
    PixelPlan,
    cleaned_element,
    plan_pixels,
)
from isocenter.dicom.deidentify.cleaning import ISSUER, Cleaner, Identity, Place
from isocenter.dicom.deidentify.flags import FLAGS, flags
from isocenter.dicom.deidentify.holding import check_may_pass
from isocenter.dicom.deidentify.overlay_regions import blanked_overlays
from isocenter.dicom.deidentify.own_words import own_words
from isocenter.dicom.deidentify.pixel_pieces import (
    PIXEL_ELEMENTS,
    PixelPieces,
    clean_pixel_data,
)
from isocenter.dicom.deidentify.profile import Held, Option, Profile
from isocenter.dicom.deidentify.regions import Region
from isocenter.dicom.deidentify.rules import PATIENT_ID, PATIENT_NAME, Rules
from isocenter.dicom.edited import apply_edits
from isocenter.dicom.header_index import PIXEL_DATA, HeaderIndex, index_elements
from isocenter.dicom.image_facts import DOUBLE_PIXEL_DATA, FLOAT_PIXEL_DATA
from isocenter.dicom.part10 import (
    Elements,
    element_text,
    encode_data_set,
    encode_uid,
    file_meta,
    transfer_syntax_of,
)
from isocenter.dicom.streams import ByteRange, ByteSource, Piece
from isocenter.dicom.text import decode_values, encodings_of
from isocenter.dicom.values import first_string

_SOP_CLASS = 0x00080016
_SOP_INSTANCE = 0x00080018
_STUDY = 0x0020000D
_DIGEST_BYTES = 1 << 16
_BIRTH_DATE = 0x00100030
_ENCAPSULATED_DOCUMENT = 0x00420011
# What makes an Instance an image.
BULK_ROOT = frozenset({PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA})


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
    """

    regions: tuple[Region, ...] = ()

    def __bool__(self) -> bool:
        """Return whether the Frames may not be passed on as they are."""
        return bool(self.regions)


@dataclass(frozen=True, slots=True)
class Deidentified:
    """One de-identified Instance.

    Attributes
    ----------
    pieces
        The whole file: preamble and file meta, elements up to Pixel Data, Pixel Data without what
        hides in it, mostly as ``ByteRange`` of the source, elements behind it. Not released
        before ``pixel_work`` is done.
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
        If the header cannot be read to its depth, Pixel Data contradicts it, or a parameter does
        not fit.
    NotSupportedError
        If the Transfer Syntax is private, or nothing knows how to rid this encoding of pixels of
        its comments.
    TooLargeError
        If a bound of ``limits`` is passed.
    """
    dataset = header.dataset
    if profile.is_none:
        return _only_edited(header, source, profile)
    transfer_syntax_uid = transfer_syntax_of(header)
    sop_class_uid = _sop_class_uid(header)
    warnings = check_may_pass(dataset, sop_class_uid, transfer_syntax_uid, profile)
    plan = plan_pixels(
        header,
        profile.regions,
        accepts_burned_in=profile.accepts(Held.BURNED_IN),
        cleans_pixel_data=Option.CLEAN_PIXEL_DATA in profile.options,
    )
    cleaner = Cleaner(
        _rules(profile),
        _identity(header, profile),
        own_words(dataset),
        sop_class_uid,
        is_implicit=dataset.is_implicit,
    )
    elements = _cleaned(header, profile, plan, cleaner)
    _set_instance_uid(header, source, cleaner, elements)
    made = _edited(elements, profile, is_implicit=dataset.is_implicit)
    pixels = PixelPieces([])
    if BULK_ROOT & dataset.elements.keys():
        pixels = clean_pixel_data(header, source, is_implicit=dataset.is_implicit)
    warnings += [*plan.warnings, *sorted(cleaner.warnings), *made.warnings, *pixels.warnings]
    if not pseudonyms.is_of_standard(sop_class_uid):
        sop_class_uid = cleaner.mapped_uid(sop_class_uid)
    uids = (sop_class_uid, made.sop_instance_uid, transfer_syntax_uid)
    return Deidentified(
        pieces=assemble(made.elements, pixels.pieces, uids),
        elements=made.elements,
        is_implicit=dataset.is_implicit,
        sop_class_uid=sop_class_uid,
        sop_instance_uid=made.sop_instance_uid,
        transfer_syntax_uid=transfer_syntax_uid,
        warnings=tuple(warnings),
        pixel_work=PixelWork(plan.regions),
        counts=Counts(cleaner.kept, cleaner.replaced, cleaner.removed),
        replacements=_replacements(cleaner, profile),
    )


def _cleaned(header: HeaderIndex, profile: Profile, plan: PixelPlan, cleaner: Cleaner) -> Elements:
    """Return the elements that may stay, and those that say what was done."""
    dataset = header.dataset
    is_implicit = dataset.is_implicit
    elements = cleaner.clean(Place(dataset), _LEFT_OUT)
    if cleaner.lost_planes:
        elements = {
            tag: raw for tag, raw in elements.items() if tag >> 16 not in cleaner.lost_planes
        }
    elements |= blanked_overlays(dataset, elements, plan.regions, is_implicit=is_implicit)
    if profile.accepts(Held.DOCUMENT) and _ENCAPSULATED_DOCUMENT in dataset.elements:
        elements[_ENCAPSULATED_DOCUMENT] = dataset.raw(_ENCAPSULATED_DOCUMENT)
    elements |= flags(profile, is_blanked=plan.is_cleaned, is_implicit=is_implicit)
    if plan.is_cleaned:
        elements[BURNED_IN_ANNOTATION] = cleaned_element(is_implicit=is_implicit)
    return elements


def _only_edited(header: HeaderIndex, source: ByteSource, profile: Profile) -> Deidentified:
    """Return the Instance with its parameters set and nothing else changed: ``profile=none``."""
    del source
    dataset = header.dataset
    stored = {tag: dataset.raw(tag) for tag in dataset.elements if tag not in PIXEL_ELEMENTS}
    stored = {tag: raw for tag, raw in stored.items() if tag & 0xFFFF}
    made = _edited(stored, profile, is_implicit=dataset.is_implicit)
    pieces: list[Piece] = []
    for tag in sorted(PIXEL_ELEMENTS & dataset.elements.keys()):
        _, start, _, _, end = dataset.elements[tag]
        pieces.append(ByteRange(0, start, end - start))
    uids = (_sop_class_uid(header), made.sop_instance_uid, transfer_syntax_of(header))
    return Deidentified(
        pieces=assemble(made.elements, pieces, uids),
        elements=made.elements,
        is_implicit=dataset.is_implicit,
        sop_class_uid=uids[0],
        sop_instance_uid=uids[1],
        transfer_syntax_uid=uids[2],
        warnings=made.warnings,
        pixel_work=PixelWork(profile.regions if pieces else ()),
        counts=Counts(len(stored), 0, 0),
        replacements=(),
    )


class _Edited(NamedTuple):
    """A root with the parameters set."""

    elements: Elements
    sop_instance_uid: str
    warnings: tuple[str, ...]


def _edited(elements: Elements, profile: Profile, *, is_implicit: bool) -> _Edited:
    """Return the elements with the caller's parameters set, and which Instance they are now."""
    warnings: tuple[str, ...] = ()
    if profile.parameters:
        root = index_elements(encode_data_set(elements), is_implicit=is_implicit)
        changes = apply_edits(root, profile.parameters)
        changed = {**elements, **changes.elements}
        elements = {tag: raw for tag, raw in changed.items() if raw is not None}
        warnings = changes.warnings
    uid = element_text(elements.get(_SOP_INSTANCE), is_implicit=is_implicit)
    return _Edited(elements, uid, warnings)


_LEFT_OUT = FLAGS | PIXEL_ELEMENTS


def action_letters(profile: Profile) -> Callable[[int, str], str]:
    """Return what ``identifiers.collect`` asks: tag and VR to ``K``, ``C`` or ``X``."""
    return _rules(profile).letter


def assemble(
    elements: Elements, pixel_data: Sequence[Piece], uids: tuple[str, str, str]
) -> list[Piece]:
    """Return a whole file: empty preamble, file meta rebuilt, elements and pixels in order.

    Parameters
    ----------
    pixel_data
        Whole elements of group 7FE0, as ``clean_pixel_data`` gives them.
    uids
        SOP Class, SOP Instance and Transfer Syntax UID.
    """
    before = {tag: raw for tag, raw in elements.items() if tag < PIXEL_DATA}
    behind = {tag: raw for tag, raw in elements.items() if tag > PIXEL_DATA}
    head = file_meta(*uids) + encode_data_set(before)
    tail = encode_data_set(behind)
    return [head, *pixel_data, *([tail] if tail else [])]


@lru_cache(maxsize=8)
def _rules(profile: Profile) -> Rules:
    return Rules(profile)


def _identity(header: HeaderIndex, profile: Profile) -> Identity:
    """Return what the pseudonyms of the patient are made of.

    Without a Patient ID, name and birth date stand for the patient, without these the Study.
    """
    dataset = header.dataset
    encodings = encodings_of(dataset)

    def text(tag: int) -> str:
        return decode_values(dataset.value(tag), encodings)[0].strip()

    issuer, patient = text(ISSUER), text(PATIENT_ID)
    parts = [patient, issuer] if patient else ["", text(PATIENT_NAME), text(_BIRTH_DATE)]
    if not any(parts):
        parts = ["", "", "", first_string(dataset, _STUDY)]
    days = pseudonyms.shift_days(profile.key, *parts)
    return Identity(profile.key, issuer, days, encodings)


def _sop_class_uid(header: HeaderIndex) -> str:
    return first_string(header.dataset, _SOP_CLASS) or first_string(header.meta, 0x00020002)


def _set_instance_uid(
    header: HeaderIndex, source: ByteSource, cleaner: Cleaner, elements: Elements
) -> None:
    """Set the SOP Instance UID of the result; one that is missing is made of the bytes."""
    original = first_string(header.dataset, _SOP_INSTANCE) or first_string(header.meta, 0x00020003)
    if not original:
        original = f"none {source.size} {source.read_at(0, _DIGEST_BYTES).hex()}"
    keeps = Option.RETAIN_UIDS in cleaner.rules.profile.options
    is_kept = keeps and pseudonyms.UID.fullmatch(original) is not None
    made = original if is_kept else cleaner.mapped_uid(original)
    elements[_SOP_INSTANCE] = encode_uid(_SOP_INSTANCE, made, is_implicit=cleaner.is_implicit)


def _replacements(cleaner: Cleaner, profile: Profile) -> tuple[Replacement, ...]:
    kinds = {PATIENT_ID: Kind.PATIENT_ID, PATIENT_NAME: Kind.PATIENT_NAME}
    found = [
        Replacement(kinds[tag], original, made)
        for (tag, original), made in cleaner.values.items()
        if original
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
