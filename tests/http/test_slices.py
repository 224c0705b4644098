"""Studies and Series of the archive as zip archives of slices; those of sessions: test_viewers."""

import io
import zipfile

import pytest
import requests

from tests.builders import instance, to_bytes
from tests.serving import Served
from tests.stowed import Archived, archive_slices, store


@pytest.fixture(scope="module")
def archived(served: Served) -> Archived:
    return archive_slices(served)


def path_of(archived: Archived, *, series: bool = False) -> str:
    place = (archived.series if series else archived.study).removeprefix("/dicom-web")
    return f"/v1{place}/slices.zip"


@pytest.mark.parametrize("series", [False, True])
def test_slices_come_as_they_were_stored(
    served: Served, archived: Archived, *, series: bool
) -> None:
    answer = served.call("GET", path_of(archived, series=series))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(map(archive.read, archive.namelist())) == sorted(archived.files)


def test_nobody_and_somebody_else_get_nothing(served: Served, archived: Archived) -> None:
    path = path_of(archived)

    assert requests.get(served.url + path, timeout=60).status_code == 401
    assert served.call("GET", path, key=served.new_key()).status_code == 404
    assert served.call("GET", f"{path}?token=t.1.x", key="").status_code == 401


@pytest.mark.parametrize("path", ["/v1/studies/1.2.3/slices.zip", "/v1/studies/x/slices.zip"])
def test_what_is_not_there_is_not_found(served: Served, path: str) -> None:
    assert served.call("GET", path).status_code == 404


def test_without_an_image_there_is_nothing_to_show(served: Served) -> None:
    dataset = instance(series_name="nothing to show")
    dataset.StudyInstanceUID = f"{dataset.StudyInstanceUID}.1"
    del dataset.PixelData
    assert store(served, to_bytes(dataset)).status_code == 200

    answer = served.call("GET", f"/v1/studies/{dataset.StudyInstanceUID}/slices.zip")

    assert answer.status_code == 404
    assert "no image" in answer.json()["detail"]
