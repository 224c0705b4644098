"""Which markers an option of PS3.15 Annex E lets stay, by the text of Table E.1-1 alone."""

import json
from collections.abc import Collection
from functools import cache

from isocenter.dicom.deidentify.profile import Option
from tests.privacy.markers import Marker
from tests.privacy.planted_values import TABLE

COLUMNS = {
    Option.RETAIN_UIDS: "rtnUIDsOpt",
    Option.RETAIN_DEVICE_IDENTITY: "rtnDevIdOpt",
    Option.RETAIN_INSTITUTION_IDENTITY: "rtnInstIdOpt",
    Option.RETAIN_PATIENT_CHARACTERISTICS: "rtnPatCharsOpt",
    Option.RETAIN_FULL_DATES: "rtnLongFullDatesOpt",
    Option.RETAIN_MODIFIED_DATES: "rtnLongModifDatesOpt",
    Option.CLEAN_DESCRIPTORS: "cleanDescOpt",
    Option.CLEAN_STRUCTURED_CONTENT: "cleanStructContOpt",
    Option.CLEAN_GRAPHICS: "cleanGraphOpt",
}
# Parts of a code, which stays as a whole inside a sequence that an option keeps.
_CODE = frozenset({0x00080100, 0x00080102, 0x00080104})


@cache
def _rows() -> dict[str, dict[str, str]]:
    return {row["id"].upper(): row for row in json.loads(TABLE.read_text())}


def _action(tag: int, option: Option) -> str:
    return _rows().get(f"{tag:08X}", {}).get(COLUMNS.get(option, ""), "")


def may_stay(marker: Marker, options: Collection[Option]) -> bool:
    """Return whether one of the options retains the attribute that holds the marker.

    Cleaning leaves no marker, but times of day stay where dates are shifted; a shifted day may be
    another marker by chance, so that days are judged on their own.
    """
    if marker.form == "date" and Option.RETAIN_MODIFIED_DATES in options:
        return True
    if not marker.tags:
        return False
    *above, tag = marker.tags
    for option in options:
        action = _action(tag, option)
        is_time = marker.form == "time" and option is Option.RETAIN_MODIFIED_DATES
        if action == "K" or (action == "C" and is_time):
            return True
        if tag in _CODE and any(_action(one, option) == "K" for one in above):
            return True
    return False
