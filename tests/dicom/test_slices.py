import pytest
from pydicom import Dataset

from isocenter.dicom.header_index import index_header
from isocenter.dicom.slices import is_worth_merging, reason_to_skip, source_elements, summarise
from isocenter.dicom.stacks import find_stacks
from isocenter.dicom.streams import BytesSource
from isocenter.errors import InvalidInputError, MissingElementError, NotSupportedError
from tests.builders import instance, to_bytes
from tests.in_memory import merged_stacks
from tests.pictures import pictures
from tests.raw_instance import (
    CT,
    EXPLICIT,
    MR,
    PET,
    PIXEL_DATA,
    RLE,
    SC,
    US,
    XA,
    Elements,
    Raw,
    ct_slice,
    fragments,
    part10,
    sequence,
    text,
    us,
)

US_RETIRED, RF = "1.2.840.10008.5.1.4.1.1.6", "1.2.840.10008.5.1.4.1.1.12.2"
NM, CR = "1.2.840.10008.5.1.4.1.1.20", "1.2.840.10008.5.1.4.1.1.1"
LEGACY_CT, LEGACY_MR = "1.2.840.10008.5.1.4.1.1.2.2", "1.2.840.10008.5.1.4.1.1.4.4"
LEGACY_PET = "1.2.840.10008.5.1.4.1.1.128.1"
US_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.3.1"
SC_BYTE, SC_WORD, SC_COLOUR = f"{SC}.2", f"{SC}.3", f"{SC}.4"
JPEG, JPEG_LS_NEAR = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.81"
JPEG_2000_LOSSLESS, MPEG_2 = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.100"
TAGS = {"high_bit": 0x00280102, "representation": 0x00280103, "planar": 0x00280006}


def target(stream: bytes, sop_class: str = "") -> str:
    source = BytesSource(stream)
    one, _ = summarise(0, b"digest", index_header(source), source, sop_class)
    return one.group.target_uid


def picture(
    sop_class: str,
    *,
    photometric: str = "MONOCHROME2",
    bits: tuple[int, int] = (8, 8),
    transfer_syntax_uid: str = EXPLICIT,
    **more: Raw,
) -> bytes:
    """Return an image of 2 rows and 3 columns; `more` are elements by the names of `TAGS`."""
    samples = 1 if photometric.startswith(("MONOCHROME", "PALETTE")) else 3
    allocated, stored = bits
    elements: Elements = {
        **ct_slice(),
        0x00080016: text("UI", sop_class),
        0x00080060: text("CS", "OT"),
        0x00280002: us(samples),
        0x00280004: text("CS", photometric),
        0x00280100: us(allocated),
        0x00280101: us(stored),
        0x00280102: us(stored - 1),
        PIXEL_DATA: Raw("OW", bytes(6 * samples * allocated // 8)),
    }
    if samples == 3:
        elements[0x00280006] = us(0)
    if transfer_syntax_uid != EXPLICIT:
        elements[PIXEL_DATA] = fragments(b"\xff\xd8\xff\xe0")
    elements.update({TAGS[name]: raw for name, raw in more.items()})
    return part10(elements, transfer_syntax_uid)


@pytest.mark.parametrize(
    ("sop_class", "expected"),
    [
        *((US, US_MULTI_FRAME), (US_RETIRED, US_MULTI_FRAME), (XA, XA), (RF, RF), (NM, NM)),
        *((SC, SC_BYTE), (CR, SC_BYTE), ("1.2.3.4", SC_BYTE)),
    ],
)
def test_each_kind_has_its_multi_frame_class_and_others_secondary_capture(
    sop_class: str, expected: str
) -> None:
    assert target(picture(sop_class)) == expected


@pytest.mark.parametrize(
    ("sop_class", "legacy"), [(CT, LEGACY_CT), (MR, LEGACY_MR), (PET, LEGACY_PET)]
)
def test_slices_of_volumes_go_to_the_legacy_classes_unless_the_caller_wants_another(
    sop_class: str, legacy: str
) -> None:
    stream = part10(ct_slice(sop_class=sop_class))

    assert target(stream) == target(stream, "legacy") == legacy
    assert target(stream, "multiframe") == SC_WORD


@pytest.mark.parametrize(
    ("photometric", "bits", "transfer_syntax_uid", "expected"),
    [
        ("MONOCHROME2", (8, 8), EXPLICIT, SC_BYTE),
        ("MONOCHROME2", (16, 9), EXPLICIT, SC_WORD),
        ("MONOCHROME2", (16, 16), RLE, SC_WORD),
        ("RGB", (8, 8), EXPLICIT, SC_COLOUR),
        ("RGB", (8, 8), RLE, SC_COLOUR),
        ("RGB", (8, 8), JPEG_LS_NEAR, SC_COLOUR),
        ("YBR_FULL_422", (8, 8), JPEG, SC_COLOUR),
        ("YBR_RCT", (8, 8), JPEG_2000_LOSSLESS, SC_COLOUR),
        ("YBR_PARTIAL_420", (8, 8), MPEG_2, SC_COLOUR),
    ],
)
def test_bits_and_colours_decide_the_secondary_capture_class(
    photometric: str, bits: tuple[int, int], transfer_syntax_uid: str, expected: str
) -> None:
    """PS3.3 A.8.3.4, A.8.4.4 and A.8.5.4."""
    stream = picture(
        SC, photometric=photometric, bits=bits, transfer_syntax_uid=transfer_syntax_uid
    )

    assert target(stream) == expected


@pytest.mark.parametrize(
    "stream",
    [
        picture(SC, photometric="MONOCHROME1"),
        picture(SC, photometric="PALETTE COLOR"),
        picture(SC, bits=(8, 7)),
        picture(SC, bits=(16, 8)),
        picture(SC, bits=(16, 12), high_bit=us(15)),
        picture(SC, bits=(16, 12), representation=us(1)),
        picture(SC, bits=(32, 32)),
        picture(SC, photometric="RGB", bits=(16, 16)),
        picture(SC, photometric="RGB", planar=us(1)),
        picture(SC, photometric="ARGB"),
        picture(SC, photometric=""),
        picture(SC, photometric="YBR_FULL"),
        picture(SC, photometric="YBR_FULL", transfer_syntax_uid=RLE),
        picture(SC, photometric="RGB", transfer_syntax_uid=JPEG),
        picture(SC, photometric="YBR_FULL", transfer_syntax_uid=JPEG),
        picture(US, bits=(32, 32)),
        picture(XA, photometric="MONOCHROME1"),
        picture(RF, bits=(32, 32)),
    ],
)
def test_pixels_that_no_class_takes_as_they_are_stay_single(stream: bytes) -> None:
    with pytest.raises(NotSupportedError):
        target(stream)


@pytest.mark.parametrize(
    "stream",
    [
        picture(US, photometric="PALETTE COLOR"),
        picture(US, photometric="YBR_FULL", planar=us(1)),
        picture(US, photometric="RGB", planar=us(1)),
        picture(XA, bits=(16, 10)),
        picture(NM, bits=(16, 16), representation=us(1)),
    ],
)
def test_classes_of_its_own_kind_take_what_the_single_frame_class_takes(stream: bytes) -> None:
    assert target(stream) in {US_MULTI_FRAME, XA, NM}


def test_the_legacy_classes_are_refused_where_they_do_not_fit() -> None:
    with pytest.raises(NotSupportedError, match="CT, MR and PET"):
        target(picture(US), "legacy")
    with pytest.raises(NotSupportedError, match="8 or 16"):
        target(part10({**ct_slice(sop_class=MR), 0x00280100: us(32)}))


def test_a_missing_number_of_bits_is_an_error_of_the_input() -> None:
    elements = ct_slice(sop_class=CT)
    del elements[0x00280100]

    with pytest.raises(MissingElementError):
        target(part10(elements), "multiframe")


def reason(elements: Elements) -> str:
    return reason_to_skip(index_header(BytesSource(part10(elements))))


@pytest.mark.parametrize(
    "sop_class",
    [
        *(f"{SC}.{end}" for end in (1, 2, 3, 4)),
        *(US_MULTI_FRAME, "1.2.840.10008.5.1.4.1.1.3", LEGACY_CT, LEGACY_MR, LEGACY_PET),
    ],
)
def test_one_frame_of_a_multi_frame_class_is_merged_already(sop_class: str) -> None:
    elements = {**ct_slice(), 0x00080016: text("UI", sop_class), 0x00280008: text("IS", "1")}

    assert reason(elements) == "already a multi-frame instance"


@pytest.mark.parametrize("tag", [0x52009229, 0x52009230])
def test_one_frame_with_functional_groups_is_merged_already(tag: int) -> None:
    """Enhanced MR with one Frame, for one: its attributes are not in the root."""
    elements: Elements = {**ct_slice(), 0x00080016: text("UI", "1.2.840.10008.5.1.4.1.1.4.1")}

    assert reason({**elements, tag: sequence({})}) == "already a multi-frame instance"


def test_a_private_block_of_ours_tells_what_was_merged_and_one_of_others_does_not() -> None:
    frames = {0x00751003: sequence({}, {})}

    ours = {**ct_slice(), **frames, 0x00750010: text("LO", "ISOCENTER")}
    other = {**ct_slice(), **frames, 0x00750010: text("LO", "ACME")}

    assert reason(ours) == "already merged"
    assert reason(other) == ""


@pytest.mark.parametrize(
    "sop_class",
    [
        "1.2.840.10008.5.1.4.1.1.66.4",  # Segmentation
        "1.2.840.10008.5.1.4.1.1.481.2",  # RT Dose
        "1.2.840.10008.5.1.4.1.1.481.1",  # RT Image
        "1.2.840.10008.5.1.4.1.1.30",  # Parametric Map
        "1.2.840.10008.5.1.4.1.1.77.1.6",  # Whole Slide
    ],
)
def test_objects_whose_pixels_are_no_pictures_are_left_alone(sop_class: str) -> None:
    elements = {**ct_slice(), 0x00080016: text("UI", sop_class)}

    assert reason(elements) == "objects of this class are not merged"


def test_a_number_of_frames_that_is_none_is_an_error_of_the_input() -> None:
    with pytest.raises(InvalidInputError):
        reason({**ct_slice(), 0x00280008: text("IS", "many")})


def test_one_slice_is_worth_merging_only_where_it_becomes_a_volume() -> None:
    alone = {
        "CT": (to_bytes(instance()), ""),
        "CT as picture": (to_bytes(instance()), "multiframe"),
        "US": (to_bytes(pictures("US", 1)[0]), ""),
    }
    worth = {}
    for name, (stream, sop_class) in alone.items():
        source = BytesSource(stream)
        one, _ = summarise(0, b"", index_header(source), source, sop_class)
        (stack,) = find_stacks([one])
        worth[name] = is_worth_merging(stack)

    assert worth == {"CT": True, "CT as picture": False, "US": False}


def test_frames_of_other_lengths_are_not_joined_though_their_headers_are_the_same() -> None:
    """YBR_FULL_422 as it should be, and as files have it that were decoded and not renamed."""
    header: Elements = {
        **ct_slice(sop_class=US),
        0x00280002: us(3),
        0x00280004: text("CS", "YBR_FULL_422"),
        0x00280006: us(0),
        0x00280011: us(4),
        0x00280100: us(8),
        0x00280101: us(8),
        0x00280102: us(7),
    }
    slices = []
    for index, length in enumerate((16, 24, 16, 24)):
        source = BytesSource(part10({**header, PIXEL_DATA: Raw("OB", bytes(length))}))
        slices.append(summarise(index, bytes([index]), index_header(source), source)[0])

    stacks = find_stacks(slices)

    assert [[one.slice.pixels.length for one in stack.frames] for stack in stacks] == [
        [16, 16],
        [24, 24],
    ]


@pytest.mark.parametrize("kind", ["XA", "RF"])
def test_the_planes_of_a_biplane_system_are_not_joined(kind: str) -> None:
    """PS3.3 C.8.7.1.1.1: Image Type says BIPLANE A or BIPLANE B for all frames of an object."""

    def plane(index: int, dataset: Dataset) -> None:
        dataset.ImageType = ["ORIGINAL", "PRIMARY", f"BIPLANE {'AB'[index % 2]}"]

    streams = [to_bytes(one) for one in pictures(kind, 4, vary=plane)]

    objects = [one.dataset for one in merged_stacks(streams)]

    assert [(one.ImageType[2], one.NumberOfFrames) for one in objects] == [
        ("BIPLANE A", 2),
        ("BIPLANE B", 2),
    ]


def test_elements_of_the_source_are_its_attributes_as_encoded() -> None:
    own = {0x00091001: Raw("UN", b"\1\2"), 0x00090010: text("LO", "ACME")}
    foreign = {0x00080000: Raw("UL", bytes(4)), 0xFFFCFFFC: Raw("OB", bytes(8))}
    stream = part10({**ct_slice(), **own, **foreign})

    found = source_elements(index_header(BytesSource(stream)).dataset)

    assert found.keys() == {*ct_slice(), *own} - {PIXEL_DATA}
    assert all(raw in stream for raw in found.values())
