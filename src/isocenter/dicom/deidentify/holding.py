"""Which Instances are held back: those whose content is text or secret by its kind.

References
----------
PS3.15 E.3.4 (structured content), E.3.1 (pixel data), PS3.4 B.5 (classes).
"""

from isocenter.dicom.deidentify.profile import Held, Option, Profile
from isocenter.dicom.deidentify.pseudonyms import STANDARD_ROOT, is_of_standard
from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.uids import STANDARD_STORAGE, VIDEO
from isocenter.errors import HeldBackError, NotSupportedError

DICOMDIR = "1.2.840.10008.1.3.10"
_DIRECTORY_RECORDS = 0x00041220
_ENCAPSULATED_DOCUMENT = 0x00420011
_DOCUMENTS = f"{STANDARD_STORAGE}104."
_STRUCTURED_REPORTS = f"{STANDARD_STORAGE}88."
_PRESENTATION_STATES = f"{STANDARD_STORAGE}11."
_RAW_DATA = f"{STANDARD_STORAGE}66"


def check_may_pass(
    dataset: DataSetIndex, sop_class_uid: str, transfer_syntax_uid: str, profile: Profile
) -> list[str]:
    """Return warnings about an Instance that may pass because the caller decided so.

    Raises
    ------
    HeldBackError
        If it may not.
    NotSupportedError
        If the Transfer Syntax is private, so that nobody knows what is hidden in the Frames.
    """
    if not is_of_standard(transfer_syntax_uid):
        raise NotSupportedError("the transfer syntax is none of the standard")
    if transfer_syntax_uid.startswith(VIDEO):
        raise HeldBackError("a video stream can say whose it is, and nothing here removes that")
    if sop_class_uid == DICOMDIR or _DIRECTORY_RECORDS in dataset.elements:
        raise HeldBackError("a DICOMDIR names other files; make a new one of the results")
    for held, is_it, reason in _kinds(dataset, sop_class_uid, profile):
        if is_it and not profile.accepts(held):
            raise HeldBackError(f"{reason}; accept '{held}' to pass it on")
    if _ENCAPSULATED_DOCUMENT in dataset.elements:
        return ["the encapsulated document is passed on as it is, as the caller decided"]
    return []


def _kinds(
    dataset: DataSetIndex, sop_class_uid: str, profile: Profile
) -> list[tuple[Held, bool, str]]:
    options = profile.options
    is_document = sop_class_uid.startswith(_DOCUMENTS) or _ENCAPSULATED_DOCUMENT in dataset.elements
    is_report = sop_class_uid.startswith(_STRUCTURED_REPORTS)
    is_presentation = sop_class_uid.startswith(_PRESENTATION_STATES)
    is_private = bool(sop_class_uid) and not sop_class_uid.startswith(STANDARD_ROOT)
    return [
        (Held.DOCUMENT, is_document, "nobody can tell what an encapsulated document says"),
        (
            Held.STRUCTURED_TEXT,
            is_report and Option.CLEAN_STRUCTURED_CONTENT not in options,
            "a structured report needs the option clean-structured-content",
        ),
        (
            Held.PRESENTATION_TEXT,
            is_presentation and Option.CLEAN_GRAPHICS not in options,
            "a presentation state needs the option clean-graphics",
        ),
        (
            Held.RAW_DATA,
            sop_class_uid == _RAW_DATA or is_private,
            "of raw data and private classes little is left without private elements",
        ),
    ]
