"""Random Data Sets, nested and in every legal encoding: the index sees what pydicom sees."""

import io
from struct import pack

from hypothesis import given
from hypothesis import strategies as st
from pydicom import DataElement, Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

from isocenter.dicom.header_index import index_header, walk
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import BytesSource
from isocenter.errors import TooLargeError
from isocenter.limits import Limits
from tests.header_view import Seen, read_by_pydicom, seen_by_pydicom, seen_in_bytes

PRINTABLE = st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="\\^=")
TEXT = st.text(PRINTABLE, max_size=40)
SEQUENCES = (0x00081140, 0x00081199, 0x0040A730, 0x52009230, 0x00189346)
PRIVATE_GROUP = 0x0009

# Tag, VR and values of each.
PLAIN = (
    (0x00080060, "CS", st.sampled_from(["CT", "MR", ""])),
    (0x00080018, "UI", st.sampled_from(["1.2.3", "2.25.1234567", ""])),
    (0x00081030, "LO", TEXT),
    (0x00100010, "PN", TEXT),
    (0x00104000, "LT", st.text(PRINTABLE, max_size=300)),
    (0x00200032, "DS", st.lists(st.sampled_from(["1", "-2.5"]), max_size=3)),
    (0x00280010, "US", st.integers(0, 65535)),
    (0x00189073, "FD", st.floats(allow_nan=False)),
    (0x00281201, "OW", st.binary(max_size=50).map(lambda value: value + value)),
    (0x0040A160, "UT", TEXT),
    (0x00209165, "AT", st.sampled_from([0x00200032, 0x7FE00010])),
    (0x00720069, "OB", st.binary(max_size=30).map(lambda value: value + value)),
)
PRIVATE = (
    ("LO", TEXT),
    ("SL", st.integers(-(2**31), 2**31 - 1)),
    ("UN", st.binary(max_size=20).map(lambda value: value + value)),
    ("OB", st.binary(max_size=20).map(lambda value: value + value)),
)


@st.composite
def data_sets(draw: st.DrawFn, depth: int = 3) -> Dataset:
    """Return a Data Set with plain, private, UN and, at most `depth` deep, sequence elements."""
    dataset = Dataset()
    for tag, vr, values in draw(st.lists(st.sampled_from(PLAIN), max_size=6)):
        dataset[tag] = DataElement(tag, vr, draw(values))
    if draw(st.booleans()):
        _add_private(draw, dataset, depth)
    if depth:
        for tag in draw(st.lists(st.sampled_from(SEQUENCES), max_size=2)):
            dataset[tag] = _sequence(draw, tag, depth)
    return dataset


def _sequence(draw: st.DrawFn, tag: int, depth: int) -> DataElement:
    element = DataElement(tag, "SQ", draw(st.lists(data_sets(depth=depth - 1), max_size=3)))
    element.is_undefined_length = draw(st.booleans())
    for item in element.value:
        item.is_undefined_length_sequence_item = draw(st.booleans())
    return element


def _add_private(draw: st.DrawFn, dataset: Dataset, depth: int) -> None:
    dataset[0x00090010] = DataElement(0x00090010, "LO", "PROPERTIES")
    for number, (vr, values) in enumerate(draw(st.lists(st.sampled_from(PRIVATE), max_size=3))):
        tag = 0x00091000 + number
        dataset[tag] = DataElement(tag, vr, draw(values))
    if depth and draw(st.booleans()):
        dataset[0x000910F0] = _sequence(draw, 0x000910F0, depth)
    if depth and draw(st.booleans()):
        # A sequence of unknown elements as PS3.5 6.2.2 writes it: UN, its Items implicit.
        item = encoded(draw(data_sets(depth=0)), implicit=True)
        value = b"\xfe\xff\x00\xe0" + pack("<I", len(item)) + item
        unknown = DataElement(0x000910F1, "UN", value)
        unknown.is_undefined_length = True
        dataset[0x000910F1] = unknown


def encoded(dataset: Dataset, *, implicit: bool) -> bytes:
    stream = io.BytesIO()
    dcmwrite(stream, dataset, implicit_vr=implicit, little_endian=True)
    return stream.getvalue()


def part10(dataset: Dataset, transfer_syntax_uid: str) -> bytes:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = UID("1.2.3")
    dataset.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3.4")
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    stream = io.BytesIO()
    dcmwrite(stream, dataset, enforce_file_format=True)
    return stream.getvalue()


TRANSFER_SYNTAXES = st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian])


@given(data_sets(), TRANSFER_SYNTAXES)
def test_index_equals_pydicom(dataset: Dataset, transfer_syntax_uid: str) -> None:
    data = part10(dataset, transfer_syntax_uid)

    header, seen = seen_in_bytes(data)

    assert seen == seen_by_pydicom(data)
    assert header.transfer_syntax_uid == transfer_syntax_uid


@given(data_sets(depth=1), st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4))
def test_index_equals_pydicom_on_encapsulated_pixel_data(
    dataset: Dataset, frames: list[bytes]
) -> None:
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    data = part10(dataset, JPEGBaseline8Bit)

    header, seen = seen_in_bytes(data)

    assert seen == seen_by_pydicom(data)
    found = [data[offset : offset + length] for offset, length in header.fragments[1:]]
    assert found == [frame + b"\0" * (len(frame) % 2) for frame in frames]


@given(data_sets(), TRANSFER_SYNTAXES)
def test_raw_elements_cover_the_data_set_without_gaps(
    dataset: Dataset, transfer_syntax_uid: str
) -> None:
    data = part10(dataset, transfer_syntax_uid)

    index = index_header(BytesSource(data)).dataset

    assert data.endswith(b"".join(map(index.raw, index.elements)))
    assert [tag for path, _, tag in walk(index) if not path] == list(index.elements)


@given(data_sets(), TRANSFER_SYNTAXES, st.integers(1, 30))
def test_a_bound_on_elements_is_passed_or_kept_but_never_ignored(
    dataset: Dataset, transfer_syntax_uid: str, allowed: int
) -> None:
    data = part10(dataset, transfer_syntax_uid)
    _, seen = seen_in_bytes(data)

    try:
        seen_in_bytes(data, Limits(header_elements=allowed))
    except TooLargeError:
        return
    assert len(seen) <= allowed


@given(data_sets(), TRANSFER_SYNTAXES, st.data())
def test_a_cut_file_is_mended_to_a_part_of_what_it_was(
    dataset: Dataset, transfer_syntax_uid: str, data: st.DataObject
) -> None:
    whole = part10(dataset, transfer_syntax_uid)
    header, seen = seen_in_bytes(whole)
    if not header.dataset.elements:
        return
    start = next(iter(header.dataset.elements.values()))[1]
    length = data.draw(st.integers(start, len(whole)))
    target = io.BytesIO()

    rewrite(io.BytesIO(whole[:length]), target)

    _, kept = seen_in_bytes(target.getvalue())
    assert kept == seen_by_pydicom(target.getvalue())
    assert place_and_vr(kept) == place_and_vr(seen)[: len(kept)]
    assert [element.value for element in kept[:-1]] == [
        element.value for element in seen[: len(kept) - 1]
    ]


def place_and_vr(seen: list[Seen]) -> list[tuple[tuple[int, ...], int, str]]:
    return [element[:3] for element in seen]


@given(data_sets(depth=2))
def test_big_endian_and_deflated_are_rewritten_as_if_never_odd(dataset: Dataset) -> None:
    _drop_what_has_no_order_in_pydicom(dataset)
    plain = seen_by_pydicom(part10(dataset, ExplicitVRLittleEndian))
    for uid in ("1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"):
        target = io.BytesIO()
        facts = rewrite(io.BytesIO(part10(dataset, uid)), target)

        assert facts == {"transfer_syntax_uid": uid, "warnings": []}
        seen = seen_in_bytes(target.getvalue())[1]
        assert [element for element in seen if element.tag >> 16 != 2] == [
            element for element in plain if element.tag >> 16 != 2
        ]
        assert read_by_pydicom(target.getvalue()) == read_by_pydicom(
            part10(dataset, ExplicitVRLittleEndian)
        )


def _drop_what_has_no_order_in_pydicom(dataset: Dataset) -> None:
    """Remove OW and UN at every depth: pydicom writes their bytes as they are in both orders."""
    for tag in list(dataset.keys()):
        if tag.group == PRIVATE_GROUP or dataset[tag].VR == "OW":
            del dataset[tag]
        elif dataset[tag].VR == "SQ":
            for item in dataset[tag].value:
                _drop_what_has_no_order_in_pydicom(item)
