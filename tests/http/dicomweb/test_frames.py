"""Frames by Accept, pictures and thumbnails."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.builders import instance, to_bytes
from tests.multi_frame import classic
from tests.serving import Served
from tests.stowed import Archived, parts_of, store, value

_OCTETS = "application/octet-stream"
_TYPES = (
    "image/jpeg",
    "image/jls",
    "image/jp2",
    "image/jphc",
    "image/jxl",
    "image/dicom-rle",
    _OCTETS,
)


@pytest.fixture(scope="module")
def frames(served: Served) -> tuple[str, list[bytes]]:
    dataset = classic("1.2.840.10008.5.1.4.1.1.7.2", 4)
    answer = store(served, to_bytes(dataset))
    url = value(value(answer.json()["00081199"])["00081190"])
    size = len(dataset.PixelData) // 4
    pixels = [dataset.PixelData[at * size : (at + 1) * size] for at in range(4)]
    return url.removeprefix(served.url) + "/frames", pixels


def test_frames_come_in_the_order_that_is_asked_for(
    served: Served, frames: tuple[str, list[bytes]]
) -> None:
    path, pixels = frames
    answer = served.call("GET", f"{path}/3,1,3")
    assert [data for _, data in parts_of(answer)] == [pixels[2], pixels[0], pixels[2]]
    assert parts_of(answer)[0][0] == f"{_OCTETS}; transfer-syntax=1.2.840.10008.1.2.1"


def test_one_frame_may_be_the_whole_answer(served: Served, frames: tuple[str, list[bytes]]) -> None:
    path, pixels = frames
    accept = {"Accept": _OCTETS}
    assert served.call("GET", f"{path}/2", headers=accept).content == pixels[1]
    assert served.call("GET", f"{path}/1,2", headers=accept).status_code == 406


@pytest.mark.parametrize(
    ("numbers", "status"), [("5", 404), ("0", 404), ("1,", 400), ("x", 400), ("-1", 400)]
)
def test_frames_that_are_not_there(
    served: Served, frames: tuple[str, list[bytes]], numbers: str, status: int
) -> None:
    assert served.call("GET", f"{frames[0]}/{numbers}").status_code == status


@pytest.mark.parametrize("is_related", [True, False])
@pytest.mark.parametrize("kind", _TYPES)
def test_the_matrix_of_types_gives_what_is_asked_for(
    served: Served, slices: Archived, kind: str, *, is_related: bool
) -> None:
    accept = f'multipart/related; type="{kind}"' if is_related else kind
    answer = served.call("GET", f"{slices.instance()}/frames/1", headers={"Accept": accept})
    assert answer.status_code == 200
    content_type = parts_of(answer)[0][0] if is_related else answer.headers["Content-Type"]
    assert content_type.startswith(f"{kind}; transfer-syntax=1.2.840.10008.1.2.")


@pytest.mark.parametrize(
    "accept",
    [
        "text/plain",
        "image/png",
        "video/mp4",
        "image/jp2; transfer-syntax=*",
        "image/jp2; transfer-syntax=1.2.840.10008.1.2.4.80",
        "image/jls; transfer-syntax=1.2.3",
        'multipart/related; type="text/plain"',
    ],
)
def test_what_frames_cannot_be_is_406(served: Served, slices: Archived, accept: str) -> None:
    path = f"{slices.instance()}/frames/1"
    answer = served.call("GET", path, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.json()["detail"]


@pytest.mark.parametrize("level", ["study", "series", "instance", "frame"])
@pytest.mark.parametrize(("accept", "name"), [("*/*", "JPEG"), ("image/png", "PNG")])
def test_every_level_has_a_picture_and_a_thumbnail(
    served: Served, slices: Archived, level: str, accept: str, name: str
) -> None:
    instance = slices.instance()
    path = {
        "study": slices.study,
        "series": slices.series,
        "instance": instance,
        "frame": f"{instance}/frames/1",
    }[level]
    for what, size in (("rendered", (48, 32)), ("thumbnail", (128, 85))):
        answer = served.call("GET", f"{path}/{what}", headers={"Accept": accept})
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.format, picture.size) == (name, size)
        again = {"Accept": accept, "If-None-Match": answer.headers["ETag"]}
        assert served.call("GET", f"{path}/{what}", headers=again).status_code == 304


def test_window_viewport_and_quality_decide(served: Served, slices: Archived) -> None:
    path = f"{slices.instance()}/rendered"
    dark = served.call("GET", f"{path}?accept=image/png&window=30000,10,linear")
    assert np.asarray(Image.open(io.BytesIO(dark.content))).max() == 0
    small = served.call("GET", f"{path}?viewport=24,16")
    assert Image.open(io.BytesIO(small.content)).size == (24, 16)
    sizes = [len(served.call("GET", f"{path}?quality={q}").content) for q in (10, 95)]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize(
    "query",
    [
        "window=x",
        "window=1,0",
        "viewport=0,1",
        "viewport=a,b",
        "viewport=1",
        "quality=0",
        "quality=x",
    ],
)
def test_wrong_wishes_are_400(served: Served, slices: Archived, query: str) -> None:
    assert served.call("GET", f"{slices.instance()}/rendered?{query}").status_code == 400


def test_annotations_are_drawn_where_they_are_asked_for(served: Served) -> None:
    large = instance(0, rows=256, columns=256, series_name="annotated")
    assert store(served, to_bytes(large)).status_code == 200
    path = Archived([large], []).instance()
    accept = {"Accept": "image/png"}
    plain = served.call("GET", f"{path}/rendered", headers=accept)
    drawn = served.call("GET", f"{path}/rendered?annotation=patient", headers=accept)
    both = served.call("GET", f"{path}/rendered?annotation=patient,technique", headers=accept)
    assert plain.content != drawn.content == both.content
    assert plain.headers["ETag"] != drawn.headers["ETag"]
    assert "Warning" not in drawn.headers
    assert "patient" in both.headers["Warning"]


def test_many_frames_become_an_animation(served: Served, frames: tuple[str, list[bytes]]) -> None:
    path = frames[0].removesuffix("/frames")
    answer = served.call("GET", f"{path}/rendered", headers={"Accept": "image/gif"})
    assert getattr(Image.open(io.BytesIO(answer.content)), "n_frames", 0) == 4


def test_pictures_of_several_frames_come_in_parts(
    served: Served, frames: tuple[str, list[bytes]]
) -> None:
    path = frames[0]
    accept = {"Accept": 'multipart/related; type="image/png"'}
    answer = served.call("GET", f"{path}/3,1/rendered", headers=accept)
    parts = parts_of(answer)
    assert [kind for kind, _ in parts] == ["image/png", "image/png"]
    alone = served.call("GET", f"{path}/1/rendered", headers={"Accept": "image/png"})
    assert parts[1][1] == alone.content
    assert served.call("GET", f"{path}/1,5/rendered").status_code == 404
    assert served.call("GET", f"{path}/0,1/rendered").status_code == 404
    single = {"Accept": "image/png"}
    assert served.call("GET", f"{path}/1,2/rendered", headers=single).status_code == 406
    assert served.call("GET", f"{path}/1,2/thumbnail").status_code == 400


def test_a_video_is_shown_as_one_and_can_be_wound(served: Served, shared_data: Path) -> None:
    data = (shared_data / "dicom" / "derived" / "us_h264_hp41.dcm").read_bytes()
    answer = store(served, data)
    assert answer.status_code == 200, answer.text
    url = value(value(answer.json()["00081199"])["00081190"])
    path = f"{url.removeprefix(served.url)}/rendered"

    whole = served.call("GET", path, headers={"Accept": "*/*"})
    part = served.call("GET", path, headers={"Accept": "*/*", "Range": "bytes=4-7"})

    assert whole.headers["Content-Type"] == "video/mp4"
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert whole.content[4:8] == b"ftyp"
    refused = served.call("GET", path, headers={"Accept": "image/jpeg"})
    assert refused.status_code == 406
    assert "of a video" in refused.json()["detail"]
