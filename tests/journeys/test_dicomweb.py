"""DICOMweb with somebody else's client against a real server, and with all real images.

Once with everything in files, once on PostgreSQL and an object store.
"""

import copy
import csv
import io
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import requests
from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread
from pydicom.dataset import Dataset

from tests.builders import to_bytes
from tests.servers import scale_out_settings
from tests.serving import Served, serving
from tests.stowed import STORED, new_slices, store, value

_HTJ2K = "1.2.840.10008.1.2.4.201"
_RATHER_NOT_BYTES = 8 << 20
# What a client may say; nothing of it may be answered with a failure of ours.
_ACCEPTED = (
    "*/*",
    "image/jpeg",
    "image/jls",
    'multipart/related; type="image/jp2"',
    f'multipart/related; type="image/jphc"; transfer-syntax={_HTJ2K}',
    "application/octet-stream; transfer-syntax=*",
    'multipart/related; type="image/*"',
    "image/dicom-rle",
)


@pytest.fixture(
    scope="module", params=["embedded", pytest.param("scale-out", marks=pytest.mark.slow)]
)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("dicomweb")
    settings = scale_out_settings(folder) if request.param == "scale-out" else None
    with serving(folder, settings=settings) as server:
        yield server


@pytest.fixture(scope="module")
def client(served: Served) -> DICOMwebClient:
    session = requests.Session()
    session.headers["X-API-Key"] = served.key
    made = DICOMwebClient(f"{served.url}/dicom-web", session=session)
    # It names the host without the port, so that no server could tell its own address.
    made.host = f"{made.host}:{served.port}"
    return made


@pytest.fixture(scope="module")
def datasets(client: DICOMwebClient) -> list[Dataset]:
    made: list[Dataset] = [dcmread(io.BytesIO(to_bytes(one))) for one in new_slices(3)]
    said = client.store_instances(made)
    assert len(said.ReferencedSOPSequence) == 3
    return made


def test_what_is_stored_is_found_at_every_level(
    client: DICOMwebClient, datasets: list[Dataset]
) -> None:
    one = datasets[0]
    study, series = one.StudyInstanceUID, one.SeriesInstanceUID
    (found,) = client.search_for_studies(search_filters={"StudyInstanceUID": study})
    assert value(found["00201208"]) == 3
    assert len(client.search_for_series(study)) == 1
    assert len(client.search_for_series(search_filters={"SeriesInstanceUID": series})) == 1
    assert len(client.search_for_instances(study)) == 3
    assert len(client.search_for_instances(study, series, limit=2)) == 2
    assert client.search_for_studies(search_filters={"PatientID": "nobody"}) == []


def test_what_is_stored_comes_back_at_every_level(
    client: DICOMwebClient, datasets: list[Dataset]
) -> None:
    one = datasets[0]
    study, series, instance = one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID
    for found in (client.retrieve_study(study), client.retrieve_series(study, series)):
        assert [d.SOPInstanceUID for d in found] == [d.SOPInstanceUID for d in datasets]
        assert all(a == b for a, b in zip(found, datasets, strict=True))
    assert client.retrieve_instance(study, series, instance) == one
    assert len(client.retrieve_study_metadata(study)) == 3
    assert len(client.retrieve_series_metadata(study, series)) == 3
    metadata = client.retrieve_instance_metadata(study, series, instance)
    pixels = client.retrieve_bulkdata(metadata["7FE00010"]["BulkDataURI"])
    assert pixels == [one.PixelData]


def test_frames_and_pictures_come_back(client: DICOMwebClient, datasets: list[Dataset]) -> None:
    one = datasets[1]
    place = (one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID)
    assert client.retrieve_instance_frames(*place, [1]) == [one.PixelData]
    (coded,) = client.retrieve_instance_frames(*place, [1], media_types=("image/jp2",))
    assert coded.startswith(b"\xff\x4f\xff\x51")
    picture = client.retrieve_instance_rendered(*place, media_types=("image/png",))
    assert picture.startswith(b"\x89PNG")
    picture = client.retrieve_instance_frames_rendered(*place, [1])
    assert picture.startswith(b"\xff\xd8")


def test_another_transfer_syntax_has_equal_pixels(
    client: DICOMwebClient, datasets: list[Dataset]
) -> None:
    one = datasets[2]
    place = (one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID)
    wanted = (("application/dicom", "1.2.840.10008.1.2.4.90"),)
    found = client.retrieve_instance(*place, media_types=wanted)
    assert found.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.90"
    assert np.array_equal(found.pixel_array, one.pixel_array)


def test_what_is_deleted_is_gone(client: DICOMwebClient) -> None:
    datasets = new_slices(2)
    client.store_instances(datasets)
    one = datasets[0]
    study, series = one.StudyInstanceUID, one.SeriesInstanceUID
    client.delete_instance(study, series, one.SOPInstanceUID)
    assert len(client.search_for_instances(study)) == 1
    client.delete_study(study)
    assert client.search_for_instances(study) == []


@pytest.mark.parametrize(
    ("writers", "count"),
    [(4, 4), (16, 4), pytest.param(16, 100, marks=pytest.mark.full)],
)
def test_what_rivals_are_told_is_stored_and_nothing_else(
    served: Served, writers: int, count: int
) -> None:
    """Each stores slices of its own, the same as all others, and others under the same UIDs."""
    shared = [to_bytes(one) for one in new_slices(count)]
    contested = new_slices(count)
    own = [[to_bytes(one) for one in new_slices(count)] for _ in range(writers)]

    def write(writer: int) -> list[tuple[bytes, str]]:
        stored = []
        for number in range(count):
            mine = copy.deepcopy(contested[number])
            mine.StationName = f"WRITER{writer}"
            for data in (own[writer][number], shared[number], to_bytes(mine)):
                answer = store(served, data)
                if answer.status_code == 200:
                    said = value(answer.json()["00081199"])["00081190"]
                    stored.append((data, str(value(said)).removeprefix(served.url)))
                    continue
                assert answer.status_code == 409, answer.text
                failed = value(answer.json()["00081198"])
                assert value(failed["00081197"]) == 0x0111
                assert value(failed["00081155"]) == mine.SOPInstanceUID
        return stored

    with ThreadPoolExecutor(writers) as pool:
        acknowledged = [one for told in pool.map(write, range(writers)) for one in told]

    by_url = {url: data for data, url in acknowledged}
    assert len(by_url) == len(set(acknowledged)) == count * (writers + 2)
    for url, data in by_url.items():
        assert served.call("GET", url, headers={"Accept": STORED}).content == data
    studies = {url.partition("/series/")[0] for url in by_url}
    found = [one for study in studies for one in served.call("GET", f"{study}/instances").json()]
    assert {value(one["00081190"]).removeprefix(served.url) for one in found} == set(by_url)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("served", "of_a_series"),
    [
        ("embedded", 8),  # slices of a long series are alike
        pytest.param("embedded", 1000, marks=pytest.mark.full),
        pytest.param("scale-out", 1000, marks=pytest.mark.full),
    ],
    indirect=["served"],
)
def test_real_images_come_back_as_they_went_in(
    served: Served, of_a_series: int, shared_data: Path
) -> None:
    """Store each, read it again in ways that differ from file to file; nothing fails of ours."""
    paths = []
    per_folder: Counter[Path] = Counter()
    with (shared_data / "dicom" / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            path = shared_data / "dicom" / row["path"]
            per_folder[path.parent] += "series" in row["path"]
            if per_folder[path.parent] <= of_a_series:
                paths.append(path)
    stored = 0
    for number, path in enumerate(paths):
        data = path.read_bytes()
        answer = store(served, data)
        assert answer.status_code in {200, 202, 409}, path
        if answer.status_code == 409:
            failed = answer.json().get("00081198") or answer.json()["0008119A"]
            assert value(value(failed)["00081197"]) in {0x0111, 0xC000}, path
            continue
        stored += 1
        url = value(value(answer.json()["00081199"])["00081190"]).removeprefix(served.url)
        back = served.call("GET", url, headers={"Accept": STORED})
        assert back.content == data, path
        assert served.call("GET", f"{url}/metadata").status_code == 200, path
        if len(data) > _RATHER_NOT_BYTES:
            continue
        accept = {"Accept": _ACCEPTED[number % len(_ACCEPTED)]}
        asked: list[tuple[str, dict[str, str]]] = [
            (f"{url}/frames/1", accept),
            (f"{url}/rendered", {}),
            (url, {}),
        ]
        what, headers = asked[number // len(_ACCEPTED) % 3]
        status = served.call("GET", what, headers=headers).status_code
        assert status in {200, 400, 404, 406}, (path, what, headers)
    assert stored > len(paths) * (0.6 if of_a_series < 1000 else 0.8)
