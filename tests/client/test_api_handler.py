import subprocess
import sys

import isocenter.client
from isocenter.client import APIHandler


def test_it_is_loaded_without_what_only_some_need() -> None:
    code = """
import sys
import isocenter
assert not {'httpx', 'numpy', 'pydicom'} & set(sys.modules)
from isocenter.client import APIHandler
APIHandler('http://127.0.0.1:9', 'a.b').close()
heavy = {'numpy', 'pydicom', 'PIL', 'torch', 'nibabel', 'av'} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_every_door_leads_somewhere() -> None:
    for name in ("APIHandler", "AsyncAPIHandler", "Deidentifier", "Wishes", "read_dicom"):
        assert name in dir(isocenter.client)
        assert getattr(isocenter.client, name).__name__ == name
    assert not hasattr(isocenter.client, "nothing")


def test_it_has_every_documented_call_in_both_spellings() -> None:
    for name in (
        "upload_resources",
        "get_resources",
        "get_resources_by_ids",
        "download_resource_file",
        "download_resources",
        "publish_resource",
        "publish_resources",
        "upload_segmentation",
        "upload_segmentations",
        "set_resource_labels",
        "set_resource_tags",
        "get_channels",
        "get_projects",
        "get_datasets",
        "create_dataset",
        "add_to_dataset",
        "delete_resources",
    ):
        assert callable(getattr(APIHandler, name))
