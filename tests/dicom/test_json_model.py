import hashlib
import io
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.dataelem import DataElement

from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.json_model import JSONObject, json_bytes, to_json
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.uids import BIG_ENDIAN
from isocenter.errors import InvalidInputError, NotDicomError, TruncatedError, UnusualEncodingError
from tests.builders import add_private, instance, to_bytes

PIXEL_DATA = 0x7FE00010
PYDICOM_FILES = Path(pydicom.__file__).parent / "data"

# Where pydicom's JSON is another: file name -> (paths that begin so, reason).
EXCEPTIONS = {
    "badVR.dcm": ("00280008", "an IS that holds 1A; pydicom raises"),
    "rtplan_truncated.dcm": (
        "300A00B0[0].300A0111[0].300A012C",
        "a list of decimals that is cut in the middle of a number",
    ),
    "emri_small_jpeg_2k_lossless_too_short.dcm": ("", "cut short; pydicom reads no element of it"),
    "CTImage_BigEndianExplicit_1.2.840.10008.1.2.2.dcm": (
        "00",
        "private elements in UN, which is little endian everywhere (PS3.5 6.2.2)",
    ),
}
BIG_ENDIAN_PIXELS = "7FE00010"  # turned round by `rewrite`, left as they are by pydicom


def _digest(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()


def _our_json(data: bytes) -> JSONObject:
    header = index_header(BytesSource(data))
    return to_json(
        header.dataset,
        bulk_data=lambda *place: _digest(data[place[3] : place[3] + place[4]]),
    )


def _pydicom_json(dataset: Dataset) -> dict[str, Any]:
    """Return pydicom's JSON with the corrections that the docstring of the module lists."""
    result: dict[str, Any] = {}
    for tag in dataset.keys():  # noqa: SIM118 - a Data Set iterates over its elements
        if not tag & 0xFFFF:
            continue
        element = dataset[tag]
        if element.VR == "SQ":
            items = [_pydicom_json(item) for item in element.value]
            result[f"{tag:08X}"] = {"vr": "SQ", "Value": items} if items else {"vr": "SQ"}
        else:
            result[f"{tag:08X}"] = _pydicom_element(element)
    return result


def _pydicom_element(element: DataElement) -> dict[str, Any]:
    try:
        made = element.to_json_dict(lambda bulk: _digest(bulk.value), 1024)
    except ValueError:
        return {"raises": True}
    if "Value" in made and element.VR == "PN":
        made["Value"] = [
            {group: text for group, text in name.items() if text} or None for name in made["Value"]
        ]
    elif "Value" in made and len(made["Value"]) > 1:
        made["Value"] = [None if value == "" else value for value in made["Value"]]
    return made


def _differences(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], path: str = ""
) -> Iterator[str]:
    for key in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(key), theirs.get(key)
        if mine == other:
            continue
        both = (mine or {}).get("Value", []), (other or {}).get("Value", [])
        is_sequence = mine and other and mine["vr"] == other.get("vr") == "SQ"
        if is_sequence and len(both[0]) == len(both[1]):
            for number, (item, its_twin) in enumerate(zip(*both, strict=True)):
                yield from _differences(item, its_twin, f"{path}{key}[{number}].")
        else:
            yield path + key


def _any_json(data: bytes) -> tuple[JSONObject, str]:
    """Return our JSON and "", or that of the rewritten stream and its former transfer syntax."""
    try:
        return _our_json(data), ""
    except (UnusualEncodingError, TruncatedError):
        target = io.BytesIO()
        facts = rewrite(io.BytesIO(data), target)
        return _our_json(target.getvalue()), str(facts["transfer_syntax_uid"])


def _is_expected(name: str, transfer_syntax_uid: str, place: str) -> bool:
    if name in EXCEPTIONS and place.startswith(EXCEPTIONS[name][0]):
        return True
    return transfer_syntax_uid == BIG_ENDIAN and place == BIG_ENDIAN_PIXELS


def _assert_equal_to_pydicom(paths: list[Path]) -> None:
    compared = 0
    unexpected = []
    for path in paths:
        data = path.read_bytes()
        try:
            ours, former_transfer_syntax_uid = _any_json(data)
        except NotDicomError:
            continue
        dataset = pydicom.dcmread(io.BytesIO(data), force=True)
        found = _differences(ours, _pydicom_json(dataset))
        unexpected += [
            f"{path.name} {place}"
            for place in found
            if not _is_expected(path.name, former_transfer_syntax_uid, place)
        ]
        if not former_transfer_syntax_uid:
            meta = to_json(index_header(BytesSource(data)).meta)
            unexpected += [
                f"{path.name} {place}"
                for place in _differences(meta, _pydicom_json(dataset.file_meta))
            ]
        compared += 1
    assert unexpected == []
    assert compared > 0.95 * len(paths)


@pytest.mark.usefixtures("odd_values_allowed")
def test_json_of_every_file_of_pydicom_equals_pydicoms() -> None:
    files = PYDICOM_FILES.rglob("*")
    others = {".py", ".pyc", ".txt", ".json", ".gz", ".dump", ".icc"}
    _assert_equal_to_pydicom(
        sorted(path for path in files if path.is_file() and path.suffix not in others)
    )


@pytest.mark.slow
@pytest.mark.usefixtures("odd_values_allowed")
def test_json_of_every_shared_file_equals_pydicoms(shared_data: Path) -> None:
    others = {".csv", ".jsonl", ".md", ".gz", ".mp4", ".txt", ".json"}
    files = (shared_data / "dicom").rglob("*")
    _assert_equal_to_pydicom(
        sorted(path for path in files if path.is_file() and path.suffix not in others)
    )


def _element(tag: int, vr: bytes, value: bytes) -> bytes:
    group_element = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if vr in (b"OB", b"OW", b"SQ", b"UN", b"UT", b"UC", b"UR", b"SV", b"UV"):
        return group_element + vr + struct.pack("<HI", 0, len(value)) + value
    return group_element + vr + struct.pack("<H", len(value)) + value


def _implicit(tag: int, value: bytes) -> bytes:
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value


def _index(*elements: bytes, implicit: bool = False) -> HeaderIndex:
    uid = b"1.2.840.10008.1.2\0" if implicit else b"1.2.840.10008.1.2.1\0"
    meta = _element(0x00020010, b"UI", uid)
    return index_header(BytesSource(bytes(128) + b"DICM" + meta + b"".join(elements)))


def _json(*elements: bytes, implicit: bool = False) -> dict[str, Any]:
    written = json_bytes(_index(*elements, implicit=implicit).dataset)
    read: dict[str, Any] = json.loads(written)  # the strict reader of the standard library
    return read


def test_attributes_are_in_ascending_order_without_group_lengths() -> None:
    made = _json(
        _element(0x00100000, b"UL", struct.pack("<I", 10)),
        _element(0x00100020, b"LO", b"b "),
        _element(0x00080060, b"CS", b"CT"),
    )

    assert list(made) == ["00080060", "00100020"]


@pytest.mark.parametrize(
    ("vr", "value", "expected"),
    [
        (b"IS", b"1\\ 2 \\+3", [1, 2, 3]),
        (b"IS", b"1.0 ", [1]),
        (b"IS", b"1.5 ", ["1.5"]),
        (b"IS", b"1_0 ", ["1_0"]),
        (b"IS", b"1\\\\2", [1, None, 2]),
        (b"IS", b"9" * 30, ["9" * 30]),
        (b"IS", b"9" * 5000, ["9" * 5000]),
        (b"IS", b"N/A ", ["N/A"]),
        (b"DS", b"1\\-2.5e3", [1.0, -2500.0]),
        (b"DS", b"NaN ", ["NaN"]),
        (b"DS", b"1e999 ", ["1e999"]),
        (b"DS", b"infinity", ["infinity"]),
        (b"DS", b"  \0", None),
        (b"FD", struct.pack("<4d", 1.5, float("nan"), float("inf"), float("-inf")), "special"),
        (b"FL", struct.pack("<4f", 1.5, float("nan"), float("inf"), float("-inf")), "special"),
        (b"SV", struct.pack("<q", -(2**63)), [-(2**63)]),
        (b"UV", struct.pack("<Q", 2**64 - 1), [2**64 - 1]),
        (b"SS", struct.pack("<2h", -1, 7), [-1, 7]),
        (b"AT", b"\x10\x00\x20\x00\x08\x00\x05\x00", ["00100020", "00080005"]),
        (b"CS", b"A\\\\B ", ["A", None, "B"]),
        (b"UI", b"1.2.3\0", ["1.2.3"]),
        (b"PN", b"A^B=\xc4=", [{"Alphabetic": "A^B", "Ideographic": "Ä"}]),
        (b"PN", b"=i", [{"Ideographic": "i"}]),
        (b"PN", b"a\\=\\b", [{"Alphabetic": "a"}, None, {"Alphabetic": "b"}]),
        (b"PN", b"  ", None),
        (b"UR", b"http://x/\\ ", ["http://x/\\"]),
        (b"UT", b"a\\b  ", ["a\\b"]),
        (b"LO", b"\x1b[31m\n", ["\x1b[31m\n"]),
    ],
)
def test_values_become_the_types_of_the_standard(vr: bytes, value: bytes, expected: object) -> None:
    if expected == "special":
        expected = [1.5, "NaN", "Infinity", "-Infinity"]
    made = _json(_element(0x00091010, vr, value))["00091010"]

    assert made == (
        {"vr": vr.decode()} if expected is None else {"vr": vr.decode(), "Value": expected}
    )


@pytest.mark.parametrize("vr", [b"US", b"FD", b"AT", b"SL"])
def test_a_value_whose_length_does_not_fit_its_vr_is_given_as_un(vr: bytes) -> None:
    made = _json(_element(0x00091010, vr, b"abc"))

    assert made == {"00091010": {"vr": "UN", "InlineBinary": "YWJj"}}


def test_an_empty_sequence_has_no_value_and_an_empty_item_is_an_empty_object() -> None:
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0)

    made = _json(_element(0x00081110, b"SQ", b""), _element(0x00081140, b"SQ", item))

    assert made == {"00081110": {"vr": "SQ"}, "00081140": {"vr": "SQ", "Value": [{}]}}


def test_items_inherit_the_character_set_unless_they_have_their_own() -> None:
    plain = _element(0x00080104, b"LO", "Ä".encode())
    own = _element(0x00080005, b"CS", b"ISO_IR 100") + _element(0x00080104, b"LO", b"\xc4")
    items = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item for item in (plain, own))

    made = _json(_element(0x00080005, b"CS", b"ISO_IR 192"), _element(0x00081140, b"SQ", items))

    meanings = [item["00080104"]["Value"] for item in made["00081140"]["Value"]]
    assert meanings == [["Ä"], ["Ä"]]


@pytest.mark.parametrize(("representation", "vr", "value"), [(0, "US", 65535), (1, "SS", -1)])
def test_us_or_ss_follows_the_pixel_representation_also_in_items(
    representation: int, vr: str, value: int
) -> None:
    padding = _implicit(0x00280120, b"\xff\xff")
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(padding)) + padding

    made = _json(
        _implicit(0x00081140, item),
        _implicit(0x00280103, struct.pack("<H", representation)),
        padding,
        implicit=True,
    )

    assert made["00280120"] == {"vr": vr, "Value": [value]}
    assert made["00081140"]["Value"] == [{"00280120": {"vr": vr, "Value": [value]}}]


def test_a_lut_descriptor_counts_entries_unsigned_though_its_values_are_signed() -> None:
    descriptor = struct.pack("<3H", 40000, 0xFFFF, 16)
    representation = struct.pack("<H", 1)

    implicit = _json(
        _implicit(0x00280103, representation), _implicit(0x00281101, descriptor), implicit=True
    )
    explicit = _json(_element(0x00281101, b"SS", descriptor))

    expected = {"vr": "SS", "Value": [40000, -1, 16]}
    assert (implicit["00281101"], explicit["00281101"]) == (expected, expected)


@pytest.mark.parametrize(("entries", "vr"), [(1, "US"), (2, "OW")])
def test_lut_data_is_us_where_it_has_one_entry(entries: int, vr: str) -> None:
    made = _json(
        _implicit(0x00283002, struct.pack("<3H", entries, 0, 16)),
        _implicit(0x00283006, b"\1\0"),
        implicit=True,
    )

    assert made["00283006"]["vr"] == vr


def test_pixels_and_waveforms_in_implicit_vr_are_words() -> None:
    made = _json(
        _implicit(0x00280100, b"\x08\0"),
        _implicit(0x54001010, b"ab"),
        _implicit(0x60003000, b"ab"),
        _implicit(0x7FE00010, b"ab"),
        implicit=True,
    )

    assert {key: made[key]["vr"] for key in ("54001010", "60003000", "7FE00010")} == {
        "54001010": "OW",
        "60003000": "OW",
        "7FE00010": "OW",
    }


def test_an_ambiguous_element_that_ps3_6_retired_is_resolved_too() -> None:
    made = _json(_implicit(0x00281200, b"ab"), _implicit(0x00280071, b"\1\0"), implicit=True)

    assert made["00281200"]["vr"] == "OW"
    assert made["00280071"] == {"vr": "US", "Value": [1]}


def test_un_takes_the_vr_of_the_dictionaries() -> None:
    made = _json(
        _element(0x00100020, b"UN", b"id"),
        _element(0x00190010, b"LO", b"SIEMENS MR HEADER "),
        _element(0x0019100C, b"UN", b"1000"),
        _element(0x0019100D, b"UN", b"??"),
        _element(0x00191099, b"UN", b"??"),
        _element(0x00210099, b"UN", b"creator"),
        _element(0x00219901, b"UN", b"??"),
    )

    assert made["00100020"] == {"vr": "LO", "Value": ["id"]}
    assert made["0019100C"] == {"vr": "IS", "Value": [1000]}
    assert made["0019100D"]["vr"] == "CS"
    assert made["00191099"]["vr"] == "UN"
    assert made["00210099"] == {"vr": "LO", "Value": ["creator"]}
    assert made["00219901"]["vr"] == "UN"


def test_un_that_a_dictionary_calls_a_sequence_but_is_none_stays_un() -> None:
    made = _json(_element(0x00081140, b"UN", b"no items"))

    assert made["00081140"] == {"vr": "UN", "InlineBinary": "bm8gaXRlbXM="}


def test_binary_values_above_the_threshold_go_to_bulk_data_with_their_place() -> None:
    data = to_bytes(add_private(instance(), 7))
    header = index_header(BytesSource(data))
    asked: list[tuple[tuple[int, ...], int, str, bytes]] = []

    def bulk_data(path: tuple[int, ...], tag: int, vr: str, offset: int, length: int) -> str:
        asked.append((path, tag, vr, data[offset : offset + length]))
        return "https://example.invalid/bulk"

    made = to_json(header.dataset, bulk_data=bulk_data, bulk_threshold=16)

    assert made["7FE00010"] == {"vr": "OW", "BulkDataURI": "https://example.invalid/bulk"}
    assert made["00091002"] == {"vr": "OB", "InlineBinary": "BwcHBwcHBwc="}
    assert asked == [((), PIXEL_DATA, "OW", instance().PixelData)]


def test_bulk_data_in_an_item_is_told_the_path_to_it() -> None:
    binary = _element(0x00091010, b"OB", bytes(100))
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(binary)) + binary
    index = _index(_element(0x00081140, b"SQ", item + item))
    places: list[tuple[object, ...]] = []

    def bulk_data(*place: object) -> str:
        places.append(place)
        return ""

    to_json(index.dataset, bulk_data=bulk_data, bulk_threshold=0)

    assert [(place[0], place[1], place[2], place[4]) for place in places] == [
        ((0x00081140, n), 0x00091010, "OB", 100) for n in (0, 1)
    ]


def test_encapsulated_pixel_data_ends_before_its_delimiter() -> None:
    fragment = struct.pack("<HHI", 0xFFFE, 0xE000, 4) + b"data"
    table = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    delimiter = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    head = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)
    index = _index(_element(0x00080060, b"CS", b"CT"), head + table + fragment + delimiter)

    made = to_json(index.dataset, bulk_data=lambda *place: str(place[4]), bulk_threshold=0)

    assert made["7FE00010"] == {"vr": "OB", "BulkDataURI": str(len(table + fragment))}


def test_excluded_tags_are_left_out_at_the_top_only() -> None:
    pixels = _element(0x00091010, b"OB", b"ab")
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(pixels)) + pixels
    index = _index(_element(0x00081140, b"SQ", item), pixels)

    made = orjson.loads(json_bytes(index.dataset, exclude=[0x00091010]))

    assert list(made) == ["00081140"]
    assert list(made["00081140"]["Value"][0]) == ["00091010"]


def test_the_deepest_nesting_allowed_can_be_written() -> None:
    item = _implicit(0x00080060, b"CT")
    for _ in range(64):
        item = _implicit(0x00081140, struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item)

    made = _json(_implicit(0x00080060, b"CT"), item, implicit=True)

    for _ in range(64):
        made = made["00081140"]["Value"][0]
    assert made == {"00080060": {"vr": "CS", "Value": ["CT"]}}


vrs = st.sampled_from(
    b"AE AS AT CS DA DS FD FL IS LO LT PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT".split()
)
tags = st.integers(0x00080000, 0x60FFFFFF) | st.sampled_from([0x00080005, 0x00281101, 0x00283006])


@given(st.lists(st.tuples(tags, vrs, st.binary(max_size=40)), max_size=6))
def test_any_values_give_json_that_a_strict_reader_accepts(
    elements: list[tuple[int, bytes, bytes]],
) -> None:
    data = [_element(0x00080001, b"LO", b"")]
    data += [_element(tag, vr, value) for tag, vr, value in sorted(elements)]
    try:
        written = json_bytes(_index(*data).dataset)
    except InvalidInputError:
        return

    json.loads(written, parse_constant=pytest.fail)
