"""Lists of all generations are read; none reaches out of its folder."""

import json

import pytest

from isocenter.client.prepared import read_prepared
from isocenter.errors import InvalidInputError


def test_the_list_of_today_is_read() -> None:
    resource = {
        "id": "a",
        "file": "resources/a.dcm",
        "filename": "scan.dcm",
        "size": 7,
        "sha256": "00",
        "labels": ["x"],
        "annotations": [
            {"id": "1", "name": "lung", "frame_index": 2, "file": "masks/1.png"},
            {"id": "2", "name": "note", "type": "label"},
        ],
        "segmentation_files": [
            {"name": "both", "file": "segmentations/3.nii.gz", "segmentation_map": {"1": "left"}}
        ],
    }
    found = read_prepared(json.dumps({"id": 5, "version": 3, "resources": [resource]}).encode())
    (one,) = found.resources
    assert (found.version, one.file.path, one.file.size_bytes) == ("3", "resources/a.dcm", 7)
    assert [(mask.name, mask.frame_index, dict(mask.names)) for mask in one.masks] == [
        ("lung", 2, {}),
        ("both", None, {1: "left"}),
    ]


def test_the_list_of_the_first_generation_is_read() -> None:
    said = {"version": 2, "images": [{"image_file": "a.dcm", "labels": None}]}
    (one,) = read_prepared(json.dumps(said).encode()).resources
    assert (one.facts["filename"], one.facts["labels"], one.facts["id"]) == ("a.dcm", [], "")


@pytest.mark.parametrize(
    "path",
    ["../a.dcm", "/a.dcm", "a/../../b", "C:\\a", "a\\..\\b", "", ".frames-1/x", "dataset.json"],
)
def test_files_elsewhere_are_refused(path: str) -> None:
    with pytest.raises(InvalidInputError):
        read_prepared(json.dumps({"resources": [{"file": path}]}).encode())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resources": [1]}', '{"resources": [{}]}'])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="no list of resources"):
        read_prepared(text.encode())
