"""Bulk data over HTTP: forms, ranges, frames of Pixel Data, what is not there."""

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import generate_frames

from tests.builders import to_bytes
from tests.serving import Served
from tests.stowed import STUDIES, Archived, parts_of, store

RLE = "1.2.840.10008.1.2.5"


@pytest.fixture(scope="module")
def rle(served: Served) -> tuple[str, list[bytes], bytes]:
    """Store two compressed Frames; return the address of Pixel Data, Frames and the value."""
    dataset = dcmread(str(get_testdata_file("SC_rgb_rle_2frame.dcm")))
    assert store(served, to_bytes(dataset)).status_code == 200
    path = f"{STUDIES}/{dataset.StudyInstanceUID}/series/{dataset.SeriesInstanceUID}"
    found = served.call("GET", f"{path}/instances/{dataset.SOPInstanceUID}/metadata").json()[0]
    url = found["7FE00010"]["BulkDataURI"].removeprefix(served.url)
    value = dataset.PixelData
    return url, list(generate_frames(value, number_of_frames=2)), value


def test_bulk_data_is_where_metadata_says(served: Served, slices: Archived) -> None:
    found = served.call("GET", f"{slices.instance()}/metadata").json()[0]
    url = found["7FE00010"]["BulkDataURI"]
    assert url.startswith(f"{served.url}{slices.instance()}/bulkdata/")
    path = url.removeprefix(served.url)
    pixels = slices.datasets[0].PixelData
    assert served.call("GET", path).content == pixels
    related = {"Accept": 'multipart/related; type="application/octet-stream"'}
    assert parts_of(served.call("GET", path, headers=related))[0][1] == pixels
    part = served.call("GET", path, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, pixels[2:6])
    head = served.call("HEAD", path)
    assert head.headers["Content-Length"] == str(len(pixels))
    tag = {"If-None-Match": head.headers["ETag"]}
    assert served.call("GET", path, headers=tag).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "x",
        "7FE00010/0",
        "00100010/0/00100010",
        "FFFFFFFF",
        "%2F",
        "%0D%0A7FE00010",
        "7FE0001%D9%A0",
        "00080060/frames/1",
        "7FE00010/frames/9",
    ],
)
def test_bulk_data_that_is_not_there_is_404(served: Served, slices: Archived, path: str) -> None:
    answer = served.call("GET", f"{slices.instance()}/bulkdata/{path}")
    assert answer.status_code == 404


def test_compressed_pixels_are_native_or_as_they_are_stored(
    served: Served, rle: tuple[str, list[bytes], bytes]
) -> None:
    url, _, value = rle
    usual = served.call("GET", url)
    assert usual.headers["Content-Type"].endswith("transfer-syntax=1.2.840.10008.1.2.1")
    native = dcmread(str(get_testdata_file("SC_rgb_rle_2frame.dcm")))
    native.decompress()
    assert usual.content == native.PixelData
    for syntax in ("*", RLE):
        accept = {"Accept": f"application/octet-stream; transfer-syntax={syntax}"}
        stored = served.call("GET", url, headers=accept)
        assert value.startswith(stored.content)
        assert stored.headers["Content-Type"].endswith(f"transfer-syntax={RLE}")
    accept = {"Accept": "application/octet-stream; transfer-syntax=1.2.3"}
    assert served.call("GET", url, headers=accept).status_code == 406


def test_frames_of_pixel_data_come_one_by_one(
    served: Served, rle: tuple[str, list[bytes], bytes]
) -> None:
    url, frames, _ = rle
    accept = {"Accept": 'multipart/related; type="image/dicom-rle"'}
    for path, wanted in ((url, frames), (f"{url}/frames/2,1", [frames[1], frames[0]])):
        answer = served.call("GET", path, headers=accept)
        assert [data for _, data in parts_of(answer)] == wanted
    assert f"Content-Location: {served.url}{url}/frames/1\r\n".encode() in answer.content
    single = served.call("GET", f"{url}/frames/2", headers={"Accept": "image/dicom-rle"})
    assert single.content == frames[1]


@pytest.mark.parametrize(
    "accept", ["text/html", "image/png", 'multipart/related; type="image/png"']
)
def test_what_values_cannot_be_is_406(
    served: Served, slices: Archived, rle: tuple[str, list[bytes], bytes], accept: str
) -> None:
    for url in (rle[0], f"{slices.instance()}/bulkdata/00080060"):
        assert served.call("GET", url, headers={"Accept": accept}).status_code == 406
