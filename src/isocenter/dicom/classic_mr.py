"""The MR Image module from the attributes of Enhanced MR.

References
----------
PS3.3 C.8.3.1 (MR Image: Scanning Sequence, Sequence Variant, Scan Options), C.8.13.4 (MR Pulse
Sequence), C.8.13.5 (MR macros).
"""

from isocenter.dicom.instance_root import InstanceRoot

_SCANNING_SEQUENCE, _SEQUENCE_VARIANT, _SCAN_OPTIONS = 0x00180020, 0x00180021, 0x00180022
_EFFECTIVE_ECHO_TIME, _ECHO_TIME = 0x00189082, 0x00180081
_INVERSION_TIMES, _INVERSION_TIME = 0x00189079, 0x00180082
_TRANSMITTER_FREQUENCY, _IMAGING_FREQUENCY = 0x00189098, 0x00180084
_PHASE_STEPS, _NUMBER_OF_PHASE_STEPS = 0x00189231, 0x00180089
_PHASE_DIRECTION = 0x00181312
_ECHO_PULSE_SEQUENCE, _INVERSION_RECOVERY, _ECHO_PLANAR = 0x00189008, 0x00189009, 0x00189018
_SEGMENTED, _MAGNETIZATION_TRANSFER, _STEADY_STATE = 0x00189033, 0x00189020, 0x00189017
_SPOILING, _T2_PREPARATION, _OVERSAMPLING = 0x00189016, 0x00189021, 0x00189029
_RESPIRATORY, _CARDIAC, _CARDIAC_SIGNAL = 0x00189170, 0x00189037, 0x00189085
_FLOW_COMPENSATION, _PARTIAL_FOURIER, _PARTIAL_DIRECTION = 0x00189010, 0x00189081, 0x00189036
_PRESATURATION, _SUPPRESSION = 0x00189027, 0x00189025

_ECHO_TERMS = {"SPIN": ("SE",), "GRADIENT": ("GR",), "BOTH": ("SE", "GR")}
_TRANSFER = {"ON_RESONANCE": "MTC", "OFF_RESONANCE": "MTC", "BOTH": "MTC"}
_STEADY = {
    "FREE_PRECESSION": "SS",
    "TRANSVERSE": "SS",
    "LONGITUDINAL": "SS",
    "TIME_REVERSED": "TRSS",
}
_SPOILED = {"RF": "SP", "GRADIENT": "SP", "RF_AND_GRADIENT": "SP"}
_OVERSAMPLED = {"2D": "OSP", "3D": "OSP", "2D_3D": "OSP"}
# Attribute -> its values that make a term of Sequence Variant; the others make none.
_VARIANTS = (
    (_SEGMENTED, {"PARTIAL": "SK"}),
    (_MAGNETIZATION_TRANSFER, _TRANSFER),
    (_STEADY_STATE, _STEADY),
    (_SPOILING, _SPOILED),
    (_T2_PREPARATION, {"YES": "MP"}),
    (_OVERSAMPLING, _OVERSAMPLED),
)
_OF_GRADIENT_ECHOES = frozenset({_SPOILING, _STEADY_STATE})


def add_mr(root: InstanceRoot) -> None:
    """Add what the MR Image module wants and Enhanced MR calls otherwise."""
    for source_tag, tag in (
        (_EFFECTIVE_ECHO_TIME, _ECHO_TIME),
        (_INVERSION_TIMES, _INVERSION_TIME),
        (_TRANSMITTER_FREQUENCY, _IMAGING_FREQUENCY),
    ):
        values = root.numbers(source_tag)
        if len(values) == 1:
            root.set_decimal(tag, values[0])
    steps = root.numbers(_PHASE_STEPS)
    if len(steps) == 1:
        root.set_text(_NUMBER_OF_PHASE_STEPS, str(int(steps[0])))
    direction = root.text(_PHASE_DIRECTION)
    if direction == "COLUMN":
        root.set_text(_PHASE_DIRECTION, "COL")
    elif direction == "OTHER":
        root.remove(_PHASE_DIRECTION)  # the classic attribute has ROW and COL only
    for tag, terms in (
        (_SCANNING_SEQUENCE, _scanning_sequence(root)),
        (_SEQUENCE_VARIANT, _sequence_variant(root)),
        (_SCAN_OPTIONS, _scan_options(root)),
    ):
        if terms and not root.has_value(tag):
            root.set_text(tag, *terms)


def _scanning_sequence(root: InstanceRoot) -> list[str]:
    terms = list(_ECHO_TERMS.get(root.text(_ECHO_PULSE_SEQUENCE), ()))
    if root.text(_INVERSION_RECOVERY) == "YES":
        terms.append("IR")
    if root.text(_ECHO_PLANAR) == "YES":
        terms.append("EP")
    return terms


def _sequence_variant(root: InstanceRoot) -> list[str]:
    """Return the terms that apply; ``NONE`` only where each attribute denies its own.

    Two of them are there for gradient echoes only.
    """
    found = [terms.get(root.text(tag), "") for tag, terms in _VARIANTS]
    applying = [term for term in found if term]
    is_spin_echo = root.text(_ECHO_PULSE_SEQUENCE) == "SPIN"
    asked = {tag for tag, _ in _VARIANTS} - (_OF_GRADIENT_ECHOES if is_spin_echo else frozenset())
    if not applying and all(root.has_value(tag) for tag in asked):
        return ["NONE"]
    return applying


def _scan_options(root: InstanceRoot) -> list[str]:
    terms = []
    respiratory = root.text(_RESPIRATORY)
    if respiratory == "PHASE_ORDERING":
        terms.append("PER")
    if respiratory == "GATING":
        terms.append("RG")
    if root.text(_CARDIAC) not in ("", "NONE"):
        signal = root.text(_CARDIAC_SIGNAL)
        if signal in ("ECG", "VCG"):
            terms.append("CG")
        if signal == "PP":
            terms.append("PPG")
    if root.text(_FLOW_COMPENSATION) not in ("", "NONE"):
        terms.append("FC")
    if root.text(_PARTIAL_FOURIER) == "YES":
        terms += {"FREQUENCY": ["PFF"], "PHASE": ["PFP"]}.get(root.text(_PARTIAL_DIRECTION), [])
    if root.text(_PRESATURATION) == "SLAB":
        terms.append("SP")
    if root.text(_SUPPRESSION) in ("FAT", "FAT_AND_WATER"):
        terms.append("FS")
    return terms
