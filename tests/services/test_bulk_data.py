"""Bulk data: every BulkDataURI gives the value that pydicom reads there."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

from isocenter.errors import NotFoundError, NotSupportedError
from isocenter.services.bulk_data import BulkData, is_pixels
from isocenter.services.retrieval import Place
from tests.archives import OWNER, STRANGER, Desk, open_desk, place_of
from tests.builders import instance, to_bytes, uid

URL = "https://host/dicom-web"
BULK_VRS = ("OB", "OD", "OF", "OL", "OV", "OW", "UN")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("bulk")) as opened:
        opened.store(instance(rows=8, columns=8))
        yield opened


def _paths(desk: Desk, place: Place) -> list[str]:
    text = b"".join(desk.archive.retrieval.metadata(place, URL)).decode()
    assert orjson.loads(text)
    return [one.partition("/bulkdata/")[2] for one in re.findall('"BulkDataURI":"([^"]*)"', text)]


def _read(desk: Desk, place: Place, path: str, syntax: str = "*") -> tuple[BulkData, bytes]:
    with contextlib.closing(desk.archive.bulk.open(place, path, syntax)) as value:
        return value, value.read_at(0, value.size + 99)


def _value(dataset: Dataset, path: str) -> bytes:
    """Return the value at a path, as pydicom reads it."""
    steps = path.split("/")
    for tag, number in zip(steps[:-1:2], steps[1::2], strict=True):
        dataset = dataset[int(tag, 16)].value[int(number)]
    value = dataset[int(steps[-1], 16)].value
    assert isinstance(value, bytes)
    return value


def _with_values(depth: int) -> Dataset:
    """Return an Instance with long values of every such VR at every depth, private ones too."""
    root = dataset = instance(depth, rows=4, columns=4, series_name="values")
    for level in range(depth + 1):
        block = dataset.private_block(0x0011, "OWNER", create=True)
        for number, vr in enumerate(BULK_VRS):
            block.add_new(number, vr, bytes([level, number]) * 160)
        inner = Dataset()
        if level < depth:
            dataset.ReferencedImageSequence = [Dataset(), inner]
        dataset = inner
    return root


@pytest.mark.parametrize("depth", [0, 1, 12])
def test_values_of_every_vr_and_depth_are_found(desk: Desk, depth: int) -> None:
    dataset = _with_values(depth)
    desk.store(dataset)
    place = place_of(dataset)
    paths = _paths(desk, place)
    assert len(paths) == len(BULK_VRS) * (depth + 1) + 1
    for path in paths:
        assert _read(desk, place, path)[1] == _value(dataset, path)
        assert _read(desk, place, path)[1] == _value(dataset, path)


@pytest.mark.parametrize(
    "name",
    [
        *("ExplVR_BigEnd.dcm", "image_dfl.dcm", "JPEG2000.dcm", "SC_rgb_rle_2frame.dcm"),
        *("rtdose_rle.dcm", "liver_1frame.dcm"),
    ],
)
def test_values_of_odd_files_are_found(desk: Desk, name: str) -> None:
    found = get_testdata_file(name, download=False)
    if found is None:
        pytest.skip("pydicom has no such file any more")
    dataset = dcmread(found, force=True)
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(dataset, keyword, uid(name, keyword))
    for stored in desk.store(to_bytes(dataset)).stored:
        place = Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)
        paths = _paths(desk, place)
        assert paths
        for path in paths:
            value, data = _read(desk, place, path)
            assert len(data) == value.size > 0
            if value.is_encapsulated:
                assert _value(dataset, path).startswith(data)


def test_every_uri_of_the_metadata_gives_its_value(desk: Desk, shared_data: Path) -> None:
    checked = 0
    for path in sorted((shared_data / "dicom" / "highdicom").rglob("*.dcm")):
        for stored in desk.store(path.read_bytes()).stored:
            place = Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)
            for where in set(_paths(desk, place)):
                value, data = _read(desk, place, where)
                assert len(data) == value.size > 0
                checked += 1
    assert checked > 10


def test_pixel_data_comes_in_other_transfer_syntaxes(desk: Desk) -> None:
    dataset = instance(rows=8, columns=8)
    place = place_of(dataset)
    value, data = _read(desk, place, "7FE00010", "1.2.840.10008.1.2.5")
    assert (value.is_encapsulated, value.transfer_syntax_uid) == (True, "1.2.840.10008.1.2.5")
    assert data[:4] == b"\xfe\xff\x00\xe0"
    assert _read(desk, place, "7FE00010", "1.2.840.10008.1.2.1")[1] == dataset.PixelData
    with pytest.raises(NotSupportedError):
        _read(desk, place, "7FE00010", "1.2.3")
    compressed = dcmread(str(get_testdata_file("MR_small_RLE.dcm")))
    desk.store(to_bytes(compressed))
    native = dcmread(str(get_testdata_file("MR_small.dcm"))).PixelData
    assert _read(desk, place_of(compressed), "7FE00010", "1.2.840.10008.1.2.1")[1] == native


@pytest.mark.parametrize(
    "path", ["", "7FE00011", "7FE00010/0", "00081140/9/00081150", "../x", "7FE00010/-1/7FE00010"]
)
def test_value_that_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    with pytest.raises(NotFoundError):
        desk.archive.bulk.open(place_of(instance()), path)


def test_nobody_reads_what_others_have(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        desk.archive.bulk.open(place_of(instance(), STRANGER), "7FE00010")


def test_the_pixels_of_the_whole_instance_are_meant() -> None:
    assert is_pixels("7fe00010")
    assert not is_pixels("00880200/0/7FE00010")
