"""Names of merged files: reduced from the patient's name, or neutral by the caller's template.

DESIGN 5: a name is never taken from a file as it is. What is left are ASCII letters, digits,
``_`` and ``-``, of limited length, and no ``-`` first: programs would read an option.
"""

import re

from isocenter.errors import InvalidInputError

_NAME_CHARACTERS_MAX = 64
_VALUE_CHARACTERS_MAX = 16
_TEMPLATE_CHARACTERS_MAX = 128
_STEM_CHARACTERS_MAX = 200
_TEMPLATE = re.compile(r"(?:[A-Za-z0-9_-]|\{(?:number|modality|index)\})+")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_WITHOUT_NAME = "merged_multiframe"


def checked_template(template: str) -> str:
    """Return the template without ``.dcm``.

    Raises
    ------
    InvalidInputError
        If it names other fields, holds characters that are none of a plain name, or is too long.
    """
    if not template:
        return ""
    template = template.removesuffix(".dcm")
    # Format specifications could fill a name, or the memory, with anything.
    if not _TEMPLATE.fullmatch(template) or len(template) > _TEMPLATE_CHARACTERS_MAX:
        raise InvalidInputError(
            "the name template takes letters, digits, '_', '-', {number}, {modality} and {index}, "
            f"and at most {_TEMPLATE_CHARACTERS_MAX} characters"
        )
    return template


def patient_stem(patient_name: str, series_number: str) -> str:
    """Return the documented name without its suffix (``specs/cli.md`` 1.2, 1.3 no. 4)."""
    name = _NOT_IN_NAMES.sub("", patient_name.strip().replace("^", "_")).strip("_-")
    if not name:
        return _WITHOUT_NAME
    name = name[:_NAME_CHARACTERS_MAX]
    number = _value(series_number)
    return f"{name}_series{number}_multiframe" if number else f"{name}_multiframe"


def neutral_stem(template: str, *, series_number: str, modality: str, index: int) -> str:
    """Return the name without its suffix that a template makes; ``checked_template`` gave it."""
    stem = template.format(number=_value(series_number), modality=_value(modality), index=index)
    return stem[:_STEM_CHARACTERS_MAX].lstrip("-") or _WITHOUT_NAME


def _value(text: str) -> str:
    return _NOT_IN_NAMES.sub("", text)[:_VALUE_CHARACTERS_MAX]
