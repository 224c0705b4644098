"""The older way of asking: everything in the query."""

import io

import pytest
from PIL import Image

from tests.serving import Served
from tests.stowed import Archived


def _path(slices: Archived, more: str = "") -> str:
    one = slices.datasets[0]
    return (
        f"/dicom-web/wado?requestType=WADO&studyUID={one.StudyInstanceUID}"
        f"&seriesUID={one.SeriesInstanceUID}&objectUID={one.SOPInstanceUID}{more}"
    )


def test_an_instance_is_a_jpeg_picture_unless_asked_otherwise(
    served: Served, slices: Archived
) -> None:
    answer = served.call("GET", _path(slices))
    assert Image.open(io.BytesIO(answer.content)).size == (48, 32)
    more = "&contentType=image/png&rows=16&columns=24&windowCenter=40&windowWidth=400"
    answer = served.call("GET", _path(slices, more))
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == ("PNG", (24, 16))


def test_an_instance_is_a_file_where_that_is_asked_for(served: Served, slices: Archived) -> None:
    more = "&contentType=application%2Fdicom"
    assert served.call("GET", _path(slices, more)).content == slices.files[0]
    more += "&transferSyntax=1.2.840.10008.1.2.4.80"
    answer = served.call("GET", _path(slices, more))
    assert answer.headers["Content-Type"].endswith("1.2.840.10008.1.2.4.80")


def test_a_region_is_cut_out_before_it_is_scaled(served: Served, slices: Archived) -> None:
    whole = _picture(served, slices, "&contentType=image/png")
    region = "&contentType=image/png&region=0.5,0.25,1,0.75"
    part = _picture(served, slices, region)
    assert part.tobytes() == whole.crop((24, 8, 48, 24)).tobytes()
    assert _picture(served, slices, f"{region}&columns=48&rows=48").size == (48, 32)


def _picture(served: Served, slices: Archived, more: str) -> Image.Image:
    answer = served.call("GET", _path(slices, more))
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("&contentType=text/html", 406),
        ("&contentType=application/dicom&transferSyntax=1.2.3", 406),
        ("&contentType=application/dicom&transferSyntax=x", 400),
        ("&frameNumber=2", 404),
        ("&frameNumber=x", 400),
        ("&rows=5", 400),
        ("&region=0,0,1", 400),
        ("&region=0.5,0,0.5,1", 400),
        ("&region=0,0,2,1", 400),
        ("&presentationUID=1.2&presentationSeriesUID=1.3", 400),
        ("&anonymize=yes", 400),
        ("&iccprofile=srgb", 400),
        ("&contentType=application/pdf", 406),
    ],
)
def test_wrong_wishes_say_so(served: Served, slices: Archived, more: str, status: int) -> None:
    assert served.call("GET", _path(slices, more)).status_code == status


def test_what_is_not_named_or_not_there(served: Served) -> None:
    assert served.call("GET", "/dicom-web/wado").status_code == 400
    assert served.call("GET", "/dicom-web/wado?requestType=WADO&studyUID=1").status_code == 400
    path = "/dicom-web/wado?requestType=WADO&studyUID=1&seriesUID=2&objectUID="
    assert served.call("GET", f"{path}3").status_code == 404
    assert served.call("GET", f"{path}x").status_code == 404
