"""Codes of published coding schemes stay, codes that somebody made up at home go.

A private scheme (``99...``, ``L``) says what its owner wants it to say: the name of a ward, of a
protocol, of a person. A published code is recognised by its scheme and by the form of its value;
its meaning is text and stays only where every word is harmless, else the code stands for itself.

References
----------
PS3.3 8.2 (Coding Scheme Designator), PS3.16 Table 8-1 (schemes).
"""

import re
from collections.abc import Callable

CODE_VALUE = 0x00080100
CODING_SCHEME = 0x00080102
SCHEME_VERSION = 0x00080103
CODE_MEANING = 0x00080104
LONG_CODE_VALUE = 0x00080119
URN_CODE_VALUE = 0x00080120
# Any of these makes an Item a code (PS3.3 8.8).
CODE_TAGS = (CODE_VALUE, CODING_SCHEME, LONG_CODE_VALUE, URN_CODE_VALUE)
PARTS = frozenset({*CODE_TAGS, SCHEME_VERSION, CODE_MEANING})

_DIGITS = rb"[0-9]{1,18}"
_SNOMED_RT = rb"[A-Z][A-Z0-9]?-[0-9A-F]{4,6}"
_SCHEMES = {
    # The standard's own codes are numbers, and for modalities and units of few letters words.
    b"DCM": rb"[0-9]{6}|[A-Z]{2,16}",
    b"SCT": rb"[0-9]{6,18}",
    b"SNOMED-CT": rb"[0-9]{6,18}",
    b"SRT": _SNOMED_RT,
    b"SNM3": _SNOMED_RT,
    b"99SDM": _SNOMED_RT,  # SNOMED DICOM Microglossary, used before SRT was registered
    b"SNM": _SNOMED_RT,
    b"LN": rb"(?:LA)?[0-9]{1,7}-[0-9]",
    b"UCUM": rb"[ -~]{1,16}",
    b"FMA": rb"[0-9]{1,7}",
    b"BI": rb"[0-9.]{1,8}",
    b"RADLEX": rb"RID[0-9]{1,8}",
    b"RADELEMENT": rb"RDES?[0-9]{1,8}(?:\.[0-9]{1,3})?",
    b"NCIt": rb"C[0-9]{1,8}",
    b"UMLS": rb"C[0-9]{7}",
    b"MSH": rb"[DC][0-9]{3,10}",
    b"NEU": rb"[0-9]{1,6}",
    b"I10": rb"[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,4})?",
    b"I9C": rb"[A-Z]?[0-9]{2,3}(?:\.[0-9]{1,2})?",
    b"C4": rb"[0-9]{5}",
    b"CPT": rb"[0-9]{5}",
    b"ITIS_TSN": rb"[0-9]{1,8}",
    b"PUBCHEM_CID": rb"[0-9]{1,9}",
    b"RXNORM": rb"[0-9]{1,8}",
    b"MDC": _DIGITS,
    b"IBSI": rb"[0-9A-Z]{4}",
    b"UBERON": rb"(?:UBERON:)?[0-9]{7}",
    b"ISO639_1": rb"[a-z]{2}",
    b"ISO639_2": rb"[a-z]{3}",
    b"RFC5646": rb"[a-z]{2,3}(?:-[A-Z]{2})?",
    b"RFC3066": rb"[a-z]{2,3}(?:-[A-Z]{2})?",
    b"SCPECG": rb"[0-9.-]{1,16}",
    b"IHERADTF": rb"IHE\.[0-9]{2}",
    b"ISO3166_1": rb"[A-Z]{2,3}",
}
_FORMS = {scheme: re.compile(form) for scheme, form in _SCHEMES.items()}
_SHORT_CHARACTERS_MAX = 16
# In UCUM braces hold an annotation, which is text.
_ANNOTATION = re.compile(rb"\{[^}]*\}")
_VERSION = re.compile(rb"(?:[0-9]{1,8}|[0-9]{1,2}(?:\.[0-9]{1,2}){1,2})?")


def is_published(scheme: bytes, value: bytes) -> bool:
    """Return whether scheme and value, without padding, are a code of a published scheme."""
    form = _FORMS.get(scheme)
    return form is not None and form.fullmatch(value) is not None


def annotations(scheme: bytes, value: bytes) -> bytes:
    """Return the free text of a code: of units what stands in braces, of other codes nothing."""
    return b" ".join(_ANNOTATION.findall(value)) if scheme == b"UCUM" else b""


def is_version(value: bytes) -> bool:
    """Return whether this reads as the version of a coding scheme."""
    return _VERSION.fullmatch(value) is not None


def code_that_stays(
    parts: dict[int, bytes], own: frozenset[str], is_harmless: Callable[[bytes], bool]
) -> dict[int, bytes] | None:
    """Return value, scheme, version and meaning of a published code, None of any other one.

    Parameters
    ----------
    parts
        Elements of the code without padding, by tag.
    own, is_harmless
        Words that name people of the file; whether a text has none of them and only known ones.
    """
    value = parts.get(CODE_VALUE) or parts.get(LONG_CODE_VALUE, b"")
    scheme = parts.get(CODING_SCHEME, b"")
    if not is_published(scheme, value) or value.decode("latin-1").upper() in own:
        return None
    if not is_harmless(annotations(scheme, value)):
        return None
    meaning = parts.get(CODE_MEANING, b"")
    value_tag = CODE_VALUE if len(value) <= _SHORT_CHARACTERS_MAX else LONG_CODE_VALUE
    found = {value_tag: value, CODING_SCHEME: scheme}
    version = parts.get(SCHEME_VERSION, b"")
    if version and is_version(version):
        found[SCHEME_VERSION] = version
    found[CODE_MEANING] = meaning if is_harmless(meaning) else value
    return found
