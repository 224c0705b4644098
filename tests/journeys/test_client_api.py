"""The documented client, its snippets as written, against a real server (`client-api.rst`).

Only the places of files and of the server are put in. What `Dataset` does needs torch and has its
own journey.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import SecondaryCaptureImageStorage

from isocenter.client import APIHandler
from tests import builders
from tests.conftest import REPOSITORY
from tests.serving import Served, serving

DOCUMENT = REPOSITORY.parent / "shared" / "specs" / "client-api.rst"

SETUP = """\
from datamintapi import APIHandler

api_handler = APIHandler(api_key='my_api_key')
"""
UPLOAD = """\
# Upload a single file
resource_id = api_handler.upload_resources("/path/to/dicom.dcm")

# Upload multiple files at once
resoures_ids = api_handler.upload_resources(["/path/to/dicom.dcm",
                                             "/path/to/video.mp4"]
                                            )
"""
LISTED = """\
resources = api_handler.get_resources(status='inbox') \
# status can be any of {'inbox', 'published', 'archived'}
for res in resources:
    print(res)
"""
CHANNELS = """\
# Uploads a resource and creates a new channel named 'CT scans':
resource_id = api_handler.upload_resources("/path/to/dicom.dcm",
                                           channel='CT scans'
                                           )

# This uploads a new resource to the same channel:
resource_id = api_handler.upload_resources("/path/to/dicom2.dcm",
                                           channel='CT scans'
                                           )

# Get all resources from channel 'CT scans':
resources = api_handler.get_resources(channel='CT scans')
"""
ANONYMIZED = """\
dicom_id = api_handler.upload_resources(files_path='/path/to/dicom.dcm',
                                        anonymize=True,
                                        labels=['label1', 'label2']
                                        )
"""
MUNGED = """\
# filename='dicom.dcm' (DEFAULT)
resource_ids = api_handler.upload_resources(files_path='path/to/dicom.dcm',
                                            mung_filename=None,
                                            )

# filename='path_to_dicom.dcm'
resource_ids = api_handler.upload_resources(files_path='path/to/dicom.dcm',
                                            mung_filename='all',
                                            )

# filename='to_dicom.dcm'
resource_ids = api_handler.upload_resources(files_path='path/to/dicom.dcm',
                                            mung_filename=1,
                                            )
"""
DOWNLOADED = """\
resources = api_handler.get_resources(status='inbox', mimetype='application/dicom')
resource_id = resources[0]['id']

# returns the resource content in bytes:
bytes_obj = api_handler.download_resource_file(resource_id, auto_convert=False)

# Assuming this resource is a dicom file, it will return a pydicom.dataset.Dataset object.
dicom_obj = api_handler.download_resource_file(resource_id, auto_convert=True)

# saves the file in the specified path.
api_handler.download_resource_file(resource_id, save_path='path/to/dicomfile.dcm')
"""
PUBLISHED = """\
resources = api_handler.get_resources(status='inbox')
resource_id = resources[0]['id'] # assuming there is at least one resource in the inbox

api_handler.publish_resource(resource_id)
"""
PUBLISHED_AT_ONCE = """\
resource_id = api_handler.upload_resources(files_path='/path/to/video_data.mp4',
                                           publish=True
                                           )
"""
SEGMENTED = """\
resource_id = api_handler.upload_resources("/path/to/dicom1.dcm") # or use an existing resource_id
api_handler.upload_segmentation(resource_id, 'path/to/segmentation.nifti', 'SegmentationName')
"""
SNIPPETS = (
    SETUP,
    UPLOAD,
    LISTED,
    CHANNELS,
    ANONYMIZED,
    MUNGED,
    DOWNLOADED,
    PUBLISHED,
    PUBLISHED_AT_ONCE,
    SEGMENTED,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which `path/to/` holds the documented files."""
    place = tmp_path / "path" / "to"
    place.mkdir(parents=True)
    for name, dataset in zip(
        ("dicom", "dicom1", "dicom2"), builders.series(3, rows=8, columns=6), strict=True
    ):
        (place / f"{name}.dcm").write_bytes(builders.to_bytes(dataset))
    for name in ("video", "video_data"):
        (place / f"{name}.mp4").write_bytes(b"\0\0\0\x18ftypisom" + name.encode())
    nibabel = pytest.importorskip("nibabel")
    mask = np.zeros((6, 8, 1), np.uint8)
    mask[2, 3, 0] = 1
    (place / "segmentation.nifti").write_bytes(nibabel.Nifti1Image(mask, np.eye(4)).to_bytes())
    return tmp_path


def words(text: str) -> str:
    return " ".join(re.sub(r"^\s+|\s+$", "", line) for line in text.splitlines()).strip()


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the documents are not beside the checkout")
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippets_are_those_of_the_document(snippet: str) -> None:
    document = " ".join(words(DOCUMENT.read_text(encoding="utf-8")).split())

    assert " ".join(words(snippet).split()) in document


def run(snippets: str, folder: Path, server: Served, key: str) -> str:
    """Run snippets as a script of their own; return what it printed."""
    script = snippets.replace("'my_api_key'", repr(key)).replace("/path/to", f"{folder}/path/to")
    script = re.sub(r"(?<!/)\bpath/to", "path/to", script)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder,
        env={
            **os.environ,
            "HOME": str(folder / "home"),
            "DATAMINT_API_URL": server.url,
            "PYTHONPATH": os.pathsep.join(
                [str(REPOSITORY / "compat" / "datamintapi" / "src"), str(REPOSITORY / "src")]
            ),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_snippets_run_as_written(server: Served, folder: Path) -> None:
    key = server.new_key()

    said = run("\n".join(SNIPPETS), folder, server, key)

    saved = (folder / "path" / "to" / "dicomfile.dcm").read_bytes()
    with APIHandler(server.url, key) as api:
        names = [one["filename"] for one in api.get_resources()]
        assert len(names) == 11
        others = ["dicom1.dcm", "dicom2.dcm", "path_to_dicom.dcm", "to_dicom.dcm"]
        videos = ["video.mp4", "video_data.mp4"]
        assert sorted(names) == sorted([*["dicom.dcm"] * 5, *others, *videos])
        assert said.count("'filename'") == 3
        assert len(api.get_resources(channel="CT scans")) == 2
        (labelled,) = api.get_resources(labels="label1")
        assert labelled["labels"] == ["label1", "label2"]
        assert b"CANARY" not in bytes_of(api, labelled["id"])
        published = {one["filename"] for one in api.get_resources(status="published")}
        assert "video_data.mp4" in published
        assert len(published) == 2
        one = next(one for one in api.get_resources() if one["filename"] == "dicom1.dcm")
        (annotation,) = api.get_annotations(one["id"])
        assert annotation["identifier"] == "SegmentationName"
        assert saved in {bytes_of(api, one["id"]) for one in api.get_resources()}


def bytes_of(api: APIHandler, resource_id: str) -> bytes:
    content = api.download_resource_file(resource_id, auto_convert=False)
    assert isinstance(content, bytes)
    return content


def test_the_key_of_the_environment_is_enough(
    server: Served, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = server.new_key()
    monkeypatch.setenv("DATAMINT_API_KEY", key)

    run(
        "from datamintapi import APIHandler\napi_handler = APIHandler()\n" + UPLOAD,
        folder,
        server,
        key,
    )

    with APIHandler(server.url, key) as api:
        assert len(api.get_resources()) == 3


def test_what_the_old_client_cleared_badly_is_taken_and_found(server: Served) -> None:
    (dataset,) = builders.series(1)
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    data = builders.to_bytes(dataset)
    wrong = data.replace(str(dataset.StudyDate).encode(), b"CLEARED_")
    assert wrong != data

    with APIHandler(server.url, server.new_key()) as api:
        one = api.upload_resource(wrong, labels="cleared")
        assert [found["id"] for found in api.get_resources(labels="cleared")] == [one]
        assert bytes_of(api, one) == wrong
