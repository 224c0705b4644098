"""The PET Series and PET Image modules from the attributes of Enhanced PET.

References
----------
PS3.3 C.7.3.1.1.2 (Patient Position), C.8.4.6 (NM/PET Patient Orientation), C.8.9.1 (PET Series:
Units, Series Type, Decay Correction, Corrected Image), C.8.9.4 (PET Image: Frame Reference Time,
Image Index), C.8.22.4, C.8.22.5 (Enhanced PET).
"""

from datetime import datetime, timedelta

from isocenter.dicom.header_index import DataSetIndex
from isocenter.dicom.instance_root import InstanceRoot
from isocenter.dicom.part10 import Elements, encode_sequence, encode_text
from isocenter.dicom.values import first_string, integer

_PER_FRAME_GROUPS, _FRAME_CONTENT, _PLANE_POSITION = 0x52009230, 0x00209111, 0x00209113
_POSITION, _TEMPORAL_INDEX = 0x00200032, 0x00209128
_NUMBER_OF_SLICES, _IMAGE_INDEX = 0x00540081, 0x00541330
_SERIES_TYPE, _UNITS, _DECAY_CORRECTION = 0x00541000, 0x00541001, 0x00541102
_CORRECTED_IMAGE, _FRAME_REFERENCE_TIME = 0x00280051, 0x00541300
_FRAME_DURATION, _ACTUAL_DURATION = 0x00189220, 0x00181242
_FRAME_TYPE, _SERIES_DATE, _SERIES_TIME = 0x00089007, 0x00080021, 0x00080031
_FRAME_REFERENCE_DATE_TIME, _ACQUISITION_DATE_TIME = 0x00189151, 0x0008002A
_DECAY_CORRECTED, _DECAY_CORRECTION_DATE_TIME = 0x00189758, 0x00189701
_RADIOPHARMACEUTICAL, _ADMINISTRATION = 0x00540016, 0x00181078
_REAL_WORLD_VALUES, _UNITS_CODE, _CODE_VALUE = 0x00409096, 0x004008EA, 0x00080100

# Attribute that says YES -> term of Corrected Image.
_CORRECTIONS = {
    _DECAY_CORRECTED: "DECY",
    0x00189759: "ATTN",
    0x00189760: "SCAT",
    0x00189761: "DTIM",
    0x00189762: "MOTN",
    0x00189763: "PMOT",
    0x00189764: "CLN",
    0x00189765: "RAN",
    0x00189766: "RADL",
    0x00189767: "DCAL",
    0x00189768: "NORM",
}
# UCUM unit of the stored values (CID 84) -> term of Units.
_UNITS_OF_CODE = {
    "Bq/ml": "BQML",
    "{counts}": "CNTS",
    "{counts}/s": "CPS",
    "{propcounts}": "PROPCNTS",
    "{propcounts}/s": "PROPCPS",
    "g/ml{SUVbw}": "GML",
    "{SUVbw}g/ml": "GML",
    "cm2/ml{SUVbsa}": "CM2ML",
    "{SUVbsa}cm2/ml": "CM2ML",
    "%": "PCNT",
    "ml/min/ml": "MLMINML",
    "ml/g": "MLG",
    "/cm": "1CM",
    "umol/ml": "UMOLML",
    "1": "NONE",
}
_ORIENTATION, _GANTRY_RELATIONSHIP = 0x00540410, 0x00540414
_ORIENTATION_MODIFIER, _PATIENT_POSITION = 0x00540412, 0x00185100
# The two halves of Patient Position (C.7.3.1.1.2) as codes of CID 21 and CID 20.
_RELATIONSHIPS = {"HF": ("102540008", "headfirst"), "FF": ("102541007", "feet-first")}
_POSTURES = {
    "P": ("1240000", "prone"),
    "S": ("40199007", "supine"),
    "DR": ("102535000", "right lateral decubitus"),
    "DL": ("102536004", "left lateral decubitus"),
}
_TYPE_OF_FLAVOUR = {"STATIC": "STATIC", "DYNAMIC": "DYNAMIC", "WHOLE_BODY": "WHOLE BODY"}


class PetSeries:
    """How many slices an object has, and where each Frame stands among them."""

    __slots__ = ("_indices", "_slices")

    def __init__(self, dataset: DataSetIndex) -> None:
        places: list[tuple[int, str]] = []
        for item in dataset.each_item(_PER_FRAME_GROUPS):
            position = "".join(
                [
                    first.value(_POSITION).decode("latin-1")
                    for first in item.each_item(_PLANE_POSITION)
                ]
            )
            times = [integer(one, _TEMPORAL_INDEX, 1) for one in item.each_item(_FRAME_CONTENT)]
            places.append((times[0] if times else 1, position.strip(" \0")))
        slices = {position: at for at, position in enumerate(dict.fromkeys(p for _, p in places))}
        self._slices = len(slices)
        self._indices: list[int] = []
        # Gates and the like: no index follows, as several Frames would share it.
        if "" not in slices and len(set(places)) == len(places):
            self._indices = [(time - 1) * len(slices) + slices[at] + 1 for time, at in places]

    def place(self, root: InstanceRoot, frame_number: int) -> None:
        """Set Number of Slices and Image Index of a Frame, where they are known."""
        if frame_number <= len(self._indices) and self._indices[frame_number - 1] <= 0xFFFF:
            root.set_us(_NUMBER_OF_SLICES, self._slices)
            root.set_us(_IMAGE_INDEX, self._indices[frame_number - 1])


def add_pet(root: InstanceRoot) -> None:
    """Add what the PET modules want and Enhanced PET calls otherwise."""
    durations = root.numbers(_FRAME_DURATION)
    if len(durations) == 1:
        root.set_text(_ACTUAL_DURATION, str(round(durations[0])))
    texts = {
        _CORRECTED_IMAGE: [term for tag, term in _CORRECTIONS.items() if root.text(tag) == "YES"],
        _UNITS: _units(root),
        _SERIES_TYPE: _series_type(root),
        _DECAY_CORRECTION: _decay_correction(root),
        _FRAME_REFERENCE_TIME: _reference_time(root),
    }
    for tag, values in texts.items():
        if values and not root.has_value(tag):
            root.set_text(tag, *values)


def orient(root: InstanceRoot) -> None:
    """Say how the patient lay by codes, as PET has it, instead of by Patient Position.

    PS3.3 C.8.4.6 wants both sequences, and C.7.3.1 no Patient Position beside them.
    """
    if root.has_value(_ORIENTATION) or root.has_value(_GANTRY_RELATIONSHIP):
        return
    position = root.text(_PATIENT_POSITION)
    relationship, posture = _RELATIONSHIPS.get(position[:2]), _POSTURES.get(position[2:])
    if relationship is None or posture is None:
        return
    is_implicit = root.is_implicit
    recumbent = _code("102538003", "recumbent", is_implicit=is_implicit)
    recumbent[_ORIENTATION_MODIFIER] = encode_sequence(
        _ORIENTATION_MODIFIER, [_code(*posture, is_implicit=is_implicit)], is_implicit=is_implicit
    )
    gantry = _code(*relationship, is_implicit=is_implicit)
    for tag, item in ((_ORIENTATION, recumbent), (_GANTRY_RELATIONSHIP, gantry)):
        root.elements[tag] = encode_sequence(tag, [item], is_implicit=is_implicit)
    root.remove(_PATIENT_POSITION)


def _code(value: str, meaning: str, *, is_implicit: bool) -> Elements:
    texts = {_CODE_VALUE: value, 0x00080102: "SCT", 0x00080104: meaning}
    return {tag: encode_text(tag, text, is_implicit=is_implicit) for tag, text in texts.items()}


def _units(root: InstanceRoot) -> list[str]:
    for mapping in root.items(_REAL_WORLD_VALUES):
        for code in mapping.items(_UNITS_CODE):
            term = _UNITS_OF_CODE.get(first_string(code, _CODE_VALUE))
            if term:
                return [term]
    return []


def _series_type(root: InstanceRoot) -> list[str]:
    flavours = root.texts(_FRAME_TYPE)[2:3]
    flavour = flavours[0] if flavours else ""
    term = "GATED" if flavour.endswith("GATED") else _TYPE_OF_FLAVOUR.get(flavour)
    return [term, "IMAGE"] if term else []


def _decay_correction(root: InstanceRoot) -> list[str]:
    """Return the event that decay was corrected to; only the two that the terms name."""
    if root.text(_DECAY_CORRECTED) == "NO":
        return ["NONE"]
    moment = _moment(root.text(_DECAY_CORRECTION_DATE_TIME))
    if moment is None:
        return []
    if moment == _moment(root.text(_ACQUISITION_DATE_TIME)):
        return ["START"]
    administered = [first_string(one, _ADMINISTRATION) for one in root.items(_RADIOPHARMACEUTICAL)]
    return ["ADMIN"] if moment in [_moment(text) for text in administered] else []


def _reference_time(root: InstanceRoot) -> list[str]:
    """Return the milliseconds from the time of the Series to that of the Frame."""
    frame = _moment(root.text(_FRAME_REFERENCE_DATE_TIME))
    series = _moment(root.text(_SERIES_DATE) + root.text(_SERIES_TIME))
    if frame is None or series is None:
        return []
    microseconds = (frame - series) // timedelta(microseconds=1)
    return [f"{microseconds / 1000:.10g}"]


def _moment(text: str) -> datetime | None:
    """Return a complete date and time without its offset from UTC, None for anything else."""
    whole = text[:14]
    rest = text[14:].partition("+")[0].partition("-")[0]
    if len(whole) != 14 or not whole.isdecimal():
        return None
    fraction = rest[1:7] if rest.startswith(".") else ""
    try:
        moment = datetime.strptime(whole, "%Y%m%d%H%M%S")  # noqa: DTZ007 - local as in the file
        return moment + timedelta(microseconds=int(fraction.ljust(6, "0") or "0"))
    except ValueError:
        return None
