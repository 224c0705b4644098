"""The header index against pydicom on every file at hand, and on streams made by hand."""

import io
from pathlib import Path
from struct import pack

import pydicom.data
import pytest
from pydicom import Dataset, dcmwrite
from pydicom.uid import CTImageStorage, ImplicitVRLittleEndian, JPEGBaseline8Bit

from isocenter.dicom.header_index import (
    Fragment,
    index_header,
    index_meta,
    is_implicit_after,
    walk,
)
from isocenter.dicom.streams import BytesSource, StreamSource
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotDicomError,
    TooLargeError,
    TruncatedError,
    UnusualEncodingError,
)
from isocenter.limits import Limits
from tests.builders import add_private, instance, set_fragments, to_bytes
from tests.encoded import (
    ITEM_END,
    MODALITY,
    NAME,
    SEQUENCE_END,
    UNDEFINED,
    element,
    item,
    part10,
    sequence,
)
from tests.header_view import read_by_pydicom, seen_by_pydicom, seen_in_bytes

PYDICOM_FILES = Path(pydicom.data.__file__).parent
_BIG_ENDIAN = (UnusualEncodingError, "big endian")
_DEFLATED = (UnusualEncodingError, "deflated")

# Every file that the index does not read, with the reason; the same names in both collections.
REFUSED: dict[str, tuple[type[IsocenterError], str]] = {
    "CTImage_BigEndianExplicit_1.2.840.10008.1.2.2.dcm": _BIG_ENDIAN,
    "CTImage_DeflatedExplicitVRLittleEndian_1.2.840.10008.1.2.1.99.dcm": _DEFLATED,
    "DICOMDIR-bigEnd": _BIG_ENDIAN,
    "DICOMDIR-nooffset": (UnusualEncodingError, "an item is longer than its sequence"),
    "ExplVR_BigEnd.dcm": _BIG_ENDIAN,
    "ExplVR_BigEndNoMeta.dcm": (UnusualEncodingError, "no meta, but big endian by its look"),
    "MR_small_bigendian.dcm": _BIG_ENDIAN,
    "MR_small_expb.dcm": _BIG_ENDIAN,
    "MR_truncated.dcm": (TruncatedError, "Pixel Data is cut off"),
    "SC_rgb_expb.dcm": _BIG_ENDIAN,
    "SC_rgb_expb_16bit.dcm": _BIG_ENDIAN,
    "SC_rgb_expb_32bit.dcm": _BIG_ENDIAN,
    "SC_rgb_expb_32bit_2frame.dcm": _BIG_ENDIAN,
    "SC_rgb_jpeg.dcm": (UnusualEncodingError, "implicit, though JPEG demands explicit"),
    "SC_rgb_small_odd_big_endian.dcm": _BIG_ENDIAN,
    "US-RGB-8-epicard.dcm": _BIG_ENDIAN,
    "emri_small_big_endian.dcm": _BIG_ENDIAN,
    "emri_small_jpeg_2k_lossless_too_short.dcm": (TruncatedError, "its last delimiter is missing"),
    "image_dfl.dcm": _DEFLATED,
    "liver_expb_1frame.dcm": _BIG_ENDIAN,
    "no_meta.dcm": (NotDicomError, "a stray byte comes first; pydicom and DCMTK see one element"),
    "report_dfl": _DEFLATED,
    "rtdose_expb.dcm": _BIG_ENDIAN,
    "rtdose_expb_1frame.dcm": _BIG_ENDIAN,
    "rtplan_truncated.dcm": (TruncatedError, "it ends inside a sequence"),
}
_OTHER_TYPES = {
    ".csv",
    ".dump",
    ".gz",
    ".icc",
    ".json",
    ".jsonl",
    ".md",
    ".mp4",
    ".py",
    ".pyc",
    ".txt",
}


def compare_with_pydicom(folder: Path) -> tuple[int, set[str]]:
    """Return how many files are equal in both, and the names of those that the index refused."""
    equal, refused = 0, set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix in _OTHER_TYPES or path.name == "README":
            with pytest.raises(NotDicomError):
                seen_in_bytes(data)
            continue
        if path.name in REFUSED:
            with pytest.raises(REFUSED[path.name][0]):
                seen_in_bytes(data)
            refused.add(path.name)
            continue
        header, seen = seen_in_bytes(data)
        assert seen == seen_by_pydicom(data), path.name
        meta = read_by_pydicom(data).file_meta
        for tag in (0x00020002, 0x00020003, 0x00020010):
            uid = meta[tag].value if tag in meta else ""
            assert header.meta.value(tag).rstrip(b"\0 ").decode() == (uid or ""), path.name
        equal += 1
    return equal, refused


@pytest.mark.usefixtures("odd_values_allowed")
def test_every_installed_file_of_pydicom_reads_as_pydicom_reads_it() -> None:
    equal, _ = compare_with_pydicom(PYDICOM_FILES)

    assert equal > 170


@pytest.mark.usefixtures("odd_values_allowed")
def test_every_real_file_reads_as_pydicom_reads_it(shared_data: Path) -> None:
    equal, refused = compare_with_pydicom(shared_data / "dicom")

    assert equal > 840
    assert refused == set(REFUSED)


def odd_file(name: str) -> bytes:
    (path,) = PYDICOM_FILES.rglob(name)
    return path.read_bytes()


def assert_equal_to_pydicom(data: bytes) -> None:
    _, seen = seen_in_bytes(data)

    assert seen == seen_by_pydicom(data)
    assert seen


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("modality", ["CT", "MR", "PT"])
def test_built_instances_read_as_pydicom_reads_them(modality: str, implicit: bool) -> None:
    dataset = add_private(instance(modality=modality))
    if implicit:
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian

    assert_equal_to_pydicom(to_bytes(dataset))


def test_fragments_are_found_the_offset_table_first() -> None:
    dataset = set_fragments(instance(), [b"\xff\xd8ab", b"\xff\xd8cdef"], JPEGBaseline8Bit)
    data = to_bytes(dataset)

    header = index_header(BytesSource(data))

    values = [data[offset : offset + length] for offset, length in header.fragments]
    assert values == [pack("<2I", 0, 12), b"\xff\xd8ab", b"\xff\xd8cdef"]
    assert header.dataset.elements[0x7FE00010][3] == UNDEFINED


def test_values_and_raw_elements_are_the_bytes_of_the_file() -> None:
    header = index_header(BytesSource(part10(MODALITY + NAME)))

    assert header.has_preamble
    assert header.transfer_syntax_uid == "1.2.840.10008.1.2.1"
    assert header.dataset.value(0x00100010) == b"A^B "
    assert header.dataset.raw(0x00100010) == NAME
    assert header.dataset.value(0x00100020) == b""
    assert 0x00080060 in header.dataset
    assert 0x00080061 not in header.dataset
    assert header.dataset.vr(0x00080060) == "CS"
    assert header.dataset.head[:132].endswith(b"DICM")


def test_a_stream_reads_like_bytes() -> None:
    data = to_bytes(instance())

    from_stream = index_header(StreamSource(io.BytesIO(data)))

    assert from_stream.dataset.elements == index_header(BytesSource(data)).dataset.elements


def test_long_values_behind_the_first_window_are_read() -> None:
    value = bytes(range(256)) * 200
    data = part10(MODALITY + element(0x00091001, "OB", value) + NAME)

    header = index_header(BytesSource(data))

    assert header.dataset.value(0x00091001) == value
    assert header.dataset.value(0x00100010) == b"A^B "


@pytest.mark.parametrize("is_defined", [True, False])
@pytest.mark.parametrize("are_items_defined", [True, False])
@pytest.mark.parametrize("vr", ["SQ", "UN"])
def test_sequences_of_every_form_are_opened(
    vr: str, is_defined: bool, are_items_defined: bool
) -> None:
    inner = sequence(0x00081140, item(NAME, is_defined=are_items_defined), is_defined=is_defined)
    empty = item(b"", is_defined=are_items_defined)
    outer = item(MODALITY + inner + NAME, is_defined=are_items_defined)
    data = part10(
        MODALITY + sequence(0x00081199, empty, outer, empty, vr=vr, is_defined=is_defined) + NAME
    )

    assert_equal_to_pydicom(data)


@pytest.mark.parametrize("is_defined", [True, False])
def test_implicit_items_inside_explicit_elements_are_read(is_defined: bool) -> None:
    inner = item(element(0x00080060, "", b"CT"), is_defined=is_defined)
    data = part10(
        MODALITY
        + sequence(0x00081199, inner, is_defined=is_defined)
        + sequence(0x00091001, inner, vr="UN", is_defined=False)
        + NAME
    )

    assert_equal_to_pydicom(data)


def test_empty_sequences_and_items_are_read() -> None:
    empty = sequence(0x00081140), sequence(0x00081199, is_defined=False)

    assert_equal_to_pydicom(part10(b"".join(empty) + sequence(0x00081111, item(b"")) + NAME))


def test_private_implicit_sequences_are_known_by_their_first_item() -> None:
    private = sequence(0x00091001, item(element(0x00080060, "", b"CT")), vr="", is_defined=False)
    data = part10(private + element(0x00100010, "", b"A^B "), ImplicitVRLittleEndian)

    assert_equal_to_pydicom(data)


@pytest.mark.parametrize("has_meta", [True, False])
@pytest.mark.parametrize("vr", ["CS", ""])
def test_without_preamble_or_transfer_syntax_the_look_decides(vr: str, has_meta: bool) -> None:
    charset = element(0x00080005, vr, b"ISO_IR 100")
    data_set = charset + element(0x00100010, vr and "PN", b"A^B ")
    data = part10(data_set, "") if has_meta else data_set

    header = index_header(BytesSource(data))

    assert header.dataset.is_implicit == (not vr)
    assert header.has_preamble == has_meta
    assert header.transfer_syntax_uid == ""
    assert_equal_to_pydicom(data)


def test_the_last_of_two_equal_tags_counts() -> None:
    data = part10(MODALITY + element(0x00080060, "CS", b"MR") + NAME)

    assert index_header(BytesSource(data)).dataset.value(0x00080060) == b"MR"
    assert_equal_to_pydicom(data)


def test_fragments_belong_to_the_pixel_data_that_counts() -> None:
    encapsulated = element(0x7FE00010, "OB", item(b"") + item(b"ab") + SEQUENCE_END, UNDEFINED)
    other = element(0x7FE00010, "OB", item(b"") + item(b"cdef") + SEQUENCE_END, UNDEFINED)
    native = element(0x7FE00010, "OB", b"abcd")

    twice = index_header(BytesSource(part10(MODALITY + encapsulated + other)))
    replaced = index_header(BytesSource(part10(MODALITY + encapsulated + native)))

    assert [fragment.length for fragment in twice.fragments] == [0, 4]
    assert replaced.fragments == []


def test_nested_encapsulated_pixel_data_gives_no_fragments() -> None:
    icon = element(0x7FE00010, "OB", item(b"") + item(b"ab") + SEQUENCE_END, UNDEFINED)
    data = part10(sequence(0x00880200, item(icon)) + NAME)

    assert index_header(BytesSource(data)).fragments == []
    assert_equal_to_pydicom(data)


def test_walk_yields_parents_before_children_with_their_path() -> None:
    data = part10(MODALITY + sequence(0x00081140, item(NAME), item(MODALITY + NAME)) + NAME)

    places = [(path, tag) for path, _, tag in walk(index_header(BytesSource(data)).dataset)]

    assert places == [
        ((), 0x00080060),
        ((), 0x00081140),
        ((0x00081140, 0), 0x00100010),
        ((0x00081140, 1), 0x00080060),
        ((0x00081140, 1), 0x00100010),
        ((), 0x00100010),
    ]


def test_items_can_be_taken_one_at_a_time_while_others_are_opened() -> None:
    numbers = [item(element(0x00200013, "IS", b"%d " % number)) for number in range(10)]
    nested = sequence(0x00081140, *numbers)
    data = part10(sequence(0x00081199, *(item(nested) for _ in range(3))) + nested)
    dataset = index_header(BytesSource(data)).dataset

    found = [
        (outer.items(0x00081140)[number].value(0x00200013), inner.value(0x00200013))
        for outer in dataset.each_item(0x00081199)
        for number, inner in enumerate(dataset.each_item(0x00081140))
    ]

    assert found == [(b"%d " % number, b"%d " % number) for number in range(10)] * 3
    assert list(dataset.each_item(0x00081111)) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"DICM",
        bytes(127),
        bytes(200),
        b"Some text that is long enough to hold a preamble. " * 4,
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        pack("<i", 348) + bytes(344),  # NIfTI-1
        b"\0\0\0\x18ftypisom" + bytes(200),
        b'{"00080005": {"vr": "CS"}}',
        b"%PDF-1.7\n" + bytes(200),
        b"PK\x03\x04" + bytes(200),
        b"\x1f\x8b\x08\0" + bytes(200),
        b"\x08\0\x05\0CS\x02\0A ",  # one stray element
        NAME + MODALITY + NAME,
    ],
)
def test_junk_is_not_dicom(data: bytes) -> None:
    with pytest.raises(NotDicomError):
        index_header(BytesSource(data))
    with pytest.raises(InvalidInputError):
        seen_in_bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (part10(MODALITY, "1.2.840.10008.1.2.2"), "big endian or deflated"),
        (part10(MODALITY, "1.2.840.10008.1.2.1.99"), "big endian or deflated"),
        (part10(MODALITY, "1.2.840.10008.1.2.4.95"), "big endian or deflated"),
        (odd_file("ExplVR_BigEndNoMeta.dcm"), "looks like big endian"),
        (part10(b"\0\x08\0\x60CS\0\x02CT", ""), "looks like big endian"),
        (part10(MODALITY, "1.2.840.10008.1.2"), "not encoded as the meta says"),
        (part10(element(0x00080060, "", b"CT")), "not encoded as the meta says"),
        (part10(element(0x00000002, "UI", b"1.2 ") + MODALITY), "command group or an item"),
        (part10(ITEM_END), "command group or an item"),
        (part10(MODALITY + element(0x00080061, "ZZ", b"")), "no VR of PS3.5"),
        (part10(MODALITY + ITEM_END + NAME), "no VR of PS3.5"),
        (part10(MODALITY + element(0xFFFEE00D, "CS", b"")), "item or delimiter"),
        (
            part10(element(0x00080060, "", b"CT") + ITEM_END, "1.2.840.10008.1.2"),
            "item or delimiter",
        ),
        (part10(element(0x00080060, "OB", b"CT" + SEQUENCE_END, UNDEFINED)), "has none"),
        (part10(element(0x7FE00010, "UN", item(b"") + SEQUENCE_END, UNDEFINED)), "has none"),
        (part10(element(0x7FE00010, "OB", NAME + SEQUENCE_END, UNDEFINED)), "no Item"),
        (part10(element(0x7FE00010, "OB", item(b"", is_defined=False), UNDEFINED)), "no Item"),
        (part10(element(0x00081140, "SQ", NAME + SEQUENCE_END, UNDEFINED)), "no Item"),
        (
            bytes(128) + b"DICM" + element(0x00020001, "OB", b"", UNDEFINED),
            "undefined length in the file meta",
        ),
    ],
)
def test_what_breaks_a_rule_is_left_to_pydicom(data: bytes, reason: str) -> None:
    with pytest.raises(UnusualEncodingError, match=reason):
        index_header(BytesSource(data))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (NAME, "no Item"),
        (SEQUENCE_END, "no Item"),
        (element(0xFFFEE000, "", NAME, 100), "longer than its sequence"),
        (item(element(0x00100010, "PN", b"A^B ", 100)), "longer than its item"),
        (item(NAME[:6]), "longer than its item"),
        (item(element(0x00081140, "SQ", item(NAME), UNDEFINED)) + item(b""), "longer than"),
        (element(0xFFFEE000, "", NAME, UNDEFINED), "longer than its"),
    ],
)
def test_broken_sequences_are_told_when_they_are_opened(content: bytes, reason: str) -> None:
    after = NAME + sequence(0x00101002, item(NAME), is_defined=False)
    dataset = index_header(BytesSource(part10(sequence(0x00081140, content) + after))).dataset

    with pytest.raises(UnusualEncodingError, match=reason):
        list(walk(dataset))


def test_every_cut_of_a_file_is_an_error_or_ends_between_elements() -> None:
    dataset = add_private(instance())
    dataset["RequestAttributesSequence"].is_undefined_length = True
    whole = to_bytes(dataset)
    ends = {entry[4] for entry in index_header(BytesSource(whole)).dataset.elements.values()}

    for length in range(140, len(whole)):
        try:
            header = index_header(BytesSource(whole[:length]))
        except (TruncatedError, UnusualEncodingError):
            continue
        assert length in ends or not header.dataset.elements


def test_truncation_is_told_with_tag_and_bytes() -> None:
    with pytest.raises(TruncatedError) as caught:
        index_header(BytesSource(part10(MODALITY + NAME)[:-1]))

    assert (caught.value.tag, caught.value.needed_bytes, caught.value.available_bytes) == (
        *(0x00100010, 4, 3),
    )


def test_a_source_that_shrinks_is_an_error() -> None:
    class Shrinking(BytesSource):
        __slots__ = ()

    source = Shrinking(part10(MODALITY + element(0x00091001, "OB", bytes(20_000)) + NAME))
    header = index_header(source)
    source._data = source._data[:18_000]

    with pytest.raises(UnusualEncodingError, match="shrank"):
        header.dataset.value(0x00091001)
    with pytest.raises(UnusualEncodingError, match="shrank"):
        index_header(source)


def test_each_bound_is_kept() -> None:
    many = b"".join(element(0x00091000 + k, "CS", b"A ") for k in range(100))
    deep = NAME
    for _ in range(10):
        deep = sequence(0x00081140, item(deep))
    fragments = item(b"") + item(b"ab") * 10 + SEQUENCE_END
    encapsulated = part10(MODALITY + element(0x7FE00010, "OB", fragments, UNDEFINED))

    def bound_passed(data: bytes, limits: Limits) -> str:
        with pytest.raises(TooLargeError) as caught:
            seen_in_bytes(data, limits)
        return caught.value.limit

    assert bound_passed(part10(many), Limits(header_elements=99)) == "header_elements"
    assert bound_passed(part10(deep), Limits(header_depth=9)) == "header_depth"
    assert bound_passed(encapsulated, Limits(header_fragments=10)) == "header_fragments"
    long = part10(element(0x00091001, "OB", bytes(20_000)))
    assert bound_passed(long, Limits(header_value_bytes=19_999)) == "header_value_bytes"
    seen_in_bytes(part10(many), Limits(header_elements=102))
    seen_in_bytes(part10(deep), Limits(header_depth=10))
    seen_in_bytes(encapsulated, Limits(header_fragments=11))


def test_meta_alone_is_read_from_any_encoding() -> None:
    big_endian = odd_file("MR_small_bigendian.dcm")

    meta = index_meta(BytesSource(big_endian))

    assert meta.transfer_syntax_uid == "1.2.840.10008.1.2.2"
    assert big_endian[meta.end : meta.end + 4] == b"\0\x08\0\x08"
    assert meta.elements.value(0x00020002).startswith(b"1.2.840.10008.5.1.4.1.1.4")
    with pytest.raises(UnusualEncodingError):
        is_implicit_after(BytesSource(big_endian), meta)


def test_an_empty_data_set_has_no_elements() -> None:
    stream = io.BytesIO()
    dataset = Dataset()
    dataset.file_meta = instance().file_meta
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = CTImageStorage
    dcmwrite(stream, dataset, enforce_file_format=True)

    header = index_header(BytesSource(stream.getvalue()))

    assert header.dataset.elements == {}
    assert header.fragments == []
    assert Fragment(1, 2).length == 2


def test_a_part_of_a_value_is_read_without_the_rest() -> None:
    source = BytesSource(to_bytes(instance()))
    dataset = index_header(source).dataset
    name = dataset.value(0x00100010)

    assert dataset.value_part(0x00100010, 2, 3) == name[2:5]
    assert dataset.value_part(0x00100010, 2, 1000) == name[2:]
    assert dataset.value_part(0x00100010, 1000, 3) == b""
