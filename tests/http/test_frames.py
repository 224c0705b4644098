"""Frames as pictures, with windows; what is no frame is refused."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.builders import series, to_bytes
from tests.serving import Served


@pytest.fixture(scope="module")
def path(served: Served) -> str:
    session_id = served.new_session()
    slices = [(f"{k}.dcm", to_bytes(one)) for k, one in enumerate(series(3, rows=32, columns=48))]
    served.upload(session_id, *slices, ("no.dcm", b"nothing"))
    served.process(session_id, "merge")
    return f"/api/frames/{session_id}"


@pytest.mark.parametrize(("kind", "name"), [("jpeg", "JPEG"), ("png", "PNG")])
def test_a_frame_is_a_picture(served: Served, path: str, kind: str, name: str) -> None:
    answer = served.call("GET", f"{path}/merged_multiframe.dcm/2?type={kind}")
    assert answer.headers["Content-Type"] == f"image/{kind}"
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == (name, (48, 32))


def test_the_window_decides_what_is_shown(served: Served, path: str) -> None:
    shown = [
        np.asarray(Image.open(io.BytesIO(served.call("GET", address).content)))
        for address in (
            f"{path}/0.dcm/1?type=png&window=-30000,10",
            f"{path}/0.dcm/1?type=png&window=30000,10",
        )
    ]
    assert shown[0].min() == 255
    assert shown[1].max() == 0


def test_a_browser_that_has_the_frame_is_told_so(served: Served, path: str) -> None:
    address = f"{path}/0.dcm/1"
    etag = served.call("GET", address).headers["ETag"]
    again = served.call("GET", address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    other = served.call("GET", f"{address}?window=40,400", headers={"If-None-Match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "1.5", "99999999999"])
def test_frames_that_are_not_there_are_404(served: Served, path: str, number: str) -> None:
    assert served.call("GET", f"{path}/merged_multiframe.dcm/{number}").status_code == 404


@pytest.mark.parametrize(
    "query", ["window=x", "window=1", "window=nan,1", "type=gif", "window=1,0"]
)
def test_wrong_wishes_are_400(served: Served, path: str, query: str) -> None:
    assert served.call("GET", f"{path}/0.dcm/1?{query}").status_code == 400


def test_what_is_no_image_is_400(served: Served, path: str) -> None:
    assert served.call("GET", f"{path}/no.dcm/1").status_code == 400
