"""Objects that are no images, with markers in what only they have: text, annotations, documents.

What de-identification holds back unless the caller decides stands in `DECIDED`.
"""

import struct
from collections.abc import Callable, Iterator, Mapping

from tests.privacy.markers import Markers
from tests.privacy.planting import (
    ANATOMY,
    CT,
    SIDE,
    identity,
    image,
    stream,
)
from tests.raw_instance import PIXEL_DATA, Elements, Raw, sequence, text, us

_STORAGE = "1.2.840.10008.5.1.4.1.1."
SR, KEY_OBJECTS = f"{_STORAGE}88.33", f"{_STORAGE}88.59"
GRAYSCALE_STATE = f"{_STORAGE}11.1"
ECG = f"{_STORAGE}9.1.1"
PDF, CDA, STL = (f"{_STORAGE}104.{number}" for number in (1, 2, 3))
RT_STRUCTURES, RT_PLAN = f"{_STORAGE}481.3", f"{_STORAGE}481.5"
SEGMENTATION = f"{_STORAGE}66.4"


def _object(markers: Markers, sop_class: str, modality: str, special: Elements) -> bytes:
    common = {0x00080016: text("UI", sop_class), 0x00080060: text("CS", modality)}
    return _located({**identity(markers), **common, **special}, markers)


def _located(elements: Elements, markers: Markers) -> bytes:
    """Return the object; where its markers stand is noted, as options decide by that."""
    markers.locate(0, _values(elements))
    return stream(elements, markers)


def _values(
    elements: Mapping[int, Raw], path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], bytes]]:
    for tag, raw in elements.items():
        if isinstance(raw.value, bytes):
            yield (*path, tag), raw.value
        else:
            for item in raw.value:
                yield from _values(item, (*path, tag))


def _code(markers: Markers | None = None) -> Elements:
    """Return a code: a usual one, or one whose meaning is a marker."""
    value, meaning = ("121058", "Procedure reported")
    if markers is not None:
        value, meaning = markers.text(), markers.text()
    return {
        0x00080100: text("SH", value),
        0x00080102: text("SH", "DCM" if markers is None else "99JUDGES"),
        0x00080104: text("LO", meaning),
    }


def _content(markers: Markers) -> tuple[Elements, ...]:
    """Return content items of each value type."""
    items: list[Elements] = []
    for value_type, tag, vr, value in (
        ("TEXT", 0x0040A160, "UT", markers.text()),
        ("PNAME", 0x0040A123, "PN", f"{markers.text()}^{markers.text()}"),
        ("DATE", 0x0040A121, "DA", markers.date()),
        ("TIME", 0x0040A122, "TM", markers.time()),
        ("DATETIME", 0x0040A120, "DT", markers.date() + markers.time()),
        ("UIDREF", 0x0040A124, "UI", markers.uid()),
    ):
        items.append(
            {
                0x0040A010: text("CS", "CONTAINS"),
                0x0040A040: text("CS", value_type),
                0x0040A043: sequence(_code(markers)),
                tag: text(vr, value),
            }
        )
    coded = {0x0040A040: text("CS", "CODE"), 0x0040A043: sequence(_code())}
    items.append({**coded, 0x0040A168: sequence(_code(markers))})
    reference = {0x00081150: text("UI", CT), 0x00081155: text("UI", markers.uid())}
    items.append({0x0040A040: text("CS", "IMAGE"), 0x00081199: sequence(reference)})
    return tuple(items)


def structured_report(markers: Markers) -> bytes:
    """Return a report: containers in containers, observers, a verifying one, referenced objects."""
    inner = {
        0x0040A010: text("CS", "CONTAINS"),
        0x0040A040: text("CS", "CONTAINER"),
        0x0040A043: sequence(_code(markers)),
        0x0040A730: sequence(*_content(markers)),
    }
    observer = {
        0x0040A027: text("LO", markers.text()),
        0x0040A030: text("DT", markers.date() + markers.time()),
        0x0040A075: text("PN", markers.text()),
    }
    return _object(
        markers,
        SR,
        "SR",
        {
            0x00200013: text("IS", "1"),
            0x0040A040: text("CS", "CONTAINER"),
            0x0040A043: sequence(_code()),
            0x0040A050: text("CS", "SEPARATE"),
            0x0040A073: sequence(observer),
            0x0040A491: text("CS", "COMPLETE"),
            0x0040A493: text("CS", "VERIFIED"),
            0x0040A730: sequence(*_content(markers), inner),
        },
    )


def key_objects(markers: Markers) -> bytes:
    """Return a Key Object Selection with a description."""
    tree = {0x0040A040: text("CS", "CONTAINER"), 0x0040A730: sequence(*_content(markers))}
    return _object(markers, KEY_OBJECTS, "KO", {**tree, 0x0040A043: sequence(_code())})


def presentation_state(markers: Markers) -> bytes:
    """Return text and graphic objects, layers with names, a label and who made it."""
    note = {0x00700006: text("ST", markers.text()), 0x00700004: text("CS", "PIXEL")}
    graphic = {
        0x00700020: us(2),
        0x00700023: text("CS", "POLYLINE"),
        0x00700022: Raw("FL", struct.pack("<4f", 1, 1, 5, 5)),
    }
    layer = {
        0x00700002: text("CS", markers.text()),
        0x00700068: text("LO", markers.text()),
    }
    annotation = {0x00700008: sequence(note), 0x00700009: sequence(graphic)}
    reference = {0x00081150: text("UI", CT), 0x00081155: text("UI", markers.uid())}
    series = {0x0020000E: text("UI", markers.uid()), 0x00081140: sequence(reference)}
    return _object(
        markers,
        GRAYSCALE_STATE,
        "PR",
        {
            0x00081115: sequence(series),
            0x00700001: sequence(annotation),
            0x00700060: sequence(layer),
            0x00700080: text("CS", markers.text()),
            0x00700081: text("LO", markers.text()),
            0x00700082: text("DA", markers.date()),
            0x00700084: text("PN", markers.text()),
        },
    )


def waveform(markers: Markers) -> bytes:
    """Return an ECG: channel labels, annotations, and text in the samples' padding."""
    channel = {
        0x003A0203: text("SH", markers.text()),
        0x003A0208: sequence(_code(markers)),
        0x003A0200: us(1),
    }
    group = {
        0x003A0004: text("CS", "ORIGINAL"),
        0x003A0005: us(1),
        0x003A0010: Raw("UL", struct.pack("<I", 8)),
        0x003A001A: text("DS", "500"),
        0x003A0020: text("SH", markers.text()),
        0x003A0200: sequence(channel),
        0x54001004: us(16),
        0x54001006: text("CS", "SS"),
        0x54001010: Raw("OW", struct.pack("<8h", *range(8))),
    }
    remark = {0x00700006: text("ST", markers.text()), 0x0040A0B0: us(1, 1)}
    return _object(
        markers,
        ECG,
        "ECG",
        {
            0x00080023: text("DA", markers.date()),
            0x0008002A: text("DT", markers.date() + markers.time()),
            0x0040B020: sequence(remark),
            0x54000100: sequence(group),
        },
    )


def _document(markers: Markers, sop_class: str, mime: str, content: bytes) -> bytes:
    return _object(
        markers,
        sop_class,
        "DOC",
        {
            0x00280301: text("CS", "NO"),
            0x00420010: text("ST", markers.text()),
            0x00420011: Raw("OB", content + b"\0" * (len(content) % 2)),
            0x00420012: text("LO", mime),
            0x00420014: text("LO", markers.text()),
        },
    )


def pdf(markers: Markers) -> bytes:
    """Return a PDF whose text and information dictionary are markers."""
    content = f"%PDF-1.4\n1 0 obj<</Title({markers.text()})>>endobj\n%%EOF".encode()
    return _document(markers, PDF, "application/pdf", content)


def cda(markers: Markers) -> bytes:
    """Return a clinical document in XML."""
    content = f"<ClinicalDocument><name>{markers.text()}</name></ClinicalDocument>".encode()
    return _document(markers, CDA, "text/XML", content)


def stl(markers: Markers) -> bytes:
    """Return a surface whose header of 80 bytes is a marker."""
    content = markers.text().encode().ljust(80, b" ") + struct.pack("<I", 0)
    return _document(markers, STL, "model/stl", content)


def structures(markers: Markers) -> bytes:
    """Return names of regions of interest, the label of the set, observations and interpreters."""
    roi = {
        0x30060022: text("IS", "1"),
        0x30060024: text("UI", markers.uid()),
        0x30060026: text("LO", markers.text()),
        0x30060028: text("ST", markers.text()),
        0x30060036: text("CS", "MANUAL"),
    }
    observation = {
        0x30060082: text("IS", "1"),
        0x30060084: text("IS", "1"),
        0x30060085: text("SH", markers.text()),
        0x30060088: text("ST", markers.text()),
        0x300600A6: text("PN", markers.text()),
    }
    return _object(
        markers,
        RT_STRUCTURES,
        "RTSTRUCT",
        {
            0x30060002: text("SH", markers.text()),
            0x30060004: text("LO", markers.text()),
            0x30060006: text("ST", markers.text()),
            0x30060008: text("DA", markers.date()),
            0x30060009: text("TM", markers.time()),
            0x30060020: sequence(roi),
            0x30060080: sequence(observation),
        },
    )


def plan(markers: Markers) -> bytes:
    """Return label, name, description, prescription and machine of a plan."""
    beam = {
        0x300A00B2: text("SH", markers.text()),
        0x300A00C2: text("LO", markers.text()),
        0x300A00C3: text("ST", markers.text()),
        0x00080080: text("LO", markers.text()),
        0x00181000: text("LO", markers.text()),
    }
    return _object(
        markers,
        RT_PLAN,
        "RTPLAN",
        {
            0x300A0002: text("SH", markers.text()),
            0x300A0003: text("LO", markers.text()),
            0x300A0004: text("ST", markers.text()),
            0x300A0006: text("DA", markers.date()),
            0x300A000B: text("LO", markers.text()),
            0x300A000E: text("ST", markers.text()),
            0x300A00B0: sequence(beam),
        },
    )


def segmentation(markers: Markers) -> bytes:
    """Return labels and descriptions of segments, who made them, tracking identifiers."""
    segment = {
        0x00620004: us(1),
        0x00620005: text("LO", markers.text()),
        0x00620006: text("ST", markers.text()),
        0x00620008: text("CS", "MANUAL"),
        0x00620020: text("UT", markers.text()),
        0x00620021: text("UI", markers.uid()),
        ANATOMY: sequence(_code(markers)),
    }
    pixels = image(SEGMENTATION, "SEG", frames=1, stored=8)
    pixels[0x00280100] = us(8)
    pixels[PIXEL_DATA] = Raw("OB", bytes(SIDE * SIDE))
    label = {
        0x00620001: text("CS", "FRACTIONAL"),
        0x00620002: sequence(segment),
        0x00700080: text("CS", markers.text()),
        0x00700081: text("LO", markers.text()),
        0x00700084: text("PN", markers.text()),
    }
    return _located({**identity(markers), **pixels, **label}, markers)


DOCUMENTS: Mapping[str, Callable[[Markers], bytes]] = {
    "ecg": waveform,
    "structures": structures,
    "plan": plan,
    "seg": segmentation,
}
DECIDED: Mapping[str, Callable[[Markers], bytes]] = {
    "sr": structured_report,
    "ko": key_objects,
    "pr": presentation_state,
    "pdf": pdf,
    "cda": cda,
    "stl": stl,
}
