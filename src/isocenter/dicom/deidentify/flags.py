"""What a de-identified Instance says of itself.

References
----------
PS3.15 E.1 (attributes to be set), PS3.3 C.7.1.1 (Patient Identity Removed), C.12.1 (SOP Common),
PS3.16 CID 7050.
"""

from isocenter.dicom.deidentify.actions import code_item
from isocenter.dicom.deidentify.profile import BASIC_PROFILE_CODE, OPTION_CODES, Option, Profile
from isocenter.dicom.deidentify.table import EDITION
from isocenter.dicom.part10 import Elements, encode_sequence, encode_text

IDENTITY_REMOVED = 0x00120062
METHOD = 0x00120063
METHOD_CODES = 0x00120064
TEMPORAL_MODIFIED = 0x00280303
FLAGS = frozenset({IDENTITY_REMOVED, METHOD, METHOD_CODES, TEMPORAL_MODIFIED})


def flags(profile: Profile, *, is_blanked: bool, is_implicit: bool) -> Elements:
    """Return the elements that say what was done, with the codes of the options used.

    Clean Pixel Data is an option that only work on the pixels fulfils: ``is_blanked`` says
    whether text that may be burnt in is made black.
    """
    pixels = {Option.CLEAN_PIXEL_DATA}
    chosen = sorted(profile.options | pixels if is_blanked else profile.options - pixels)
    texts = [f"Isocenter, PS3.15 {EDITION} Basic Profile", *(str(option) for option in chosen)]
    named = [BASIC_PROFILE_CODE, *(OPTION_CODES[option] for option in chosen)]
    items = [
        code_item((value.encode(), b"DCM", meaning.encode()), is_implicit=is_implicit)
        for value, meaning in named
    ]
    return {
        IDENTITY_REMOVED: encode_text(IDENTITY_REMOVED, "YES", is_implicit=is_implicit),
        METHOD: encode_text(METHOD, "\\".join(texts), is_implicit=is_implicit),
        METHOD_CODES: encode_sequence(METHOD_CODES, items, is_implicit=is_implicit),
        TEMPORAL_MODIFIED: encode_text(
            TEMPORAL_MODIFIED, _temporal(profile), is_implicit=is_implicit
        ),
    }


def _temporal(profile: Profile) -> str:
    if Option.RETAIN_FULL_DATES in profile.options:
        return "UNMODIFIED"
    return "MODIFIED" if Option.RETAIN_MODIFIED_DATES in profile.options else "REMOVED"
