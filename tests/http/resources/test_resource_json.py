"""Resources in JSON, as the documented clients want them."""

from dataclasses import replace

import pytest

from isocenter.http.resources.resource_json import (
    channel_json,
    customer_of,
    list_json,
    resource_json,
    resource_list_json,
    storage_of,
)
from isocenter.store.resource_query import Channel
from isocenter.store.resource_rows import FrameLabel, Resource

RESOURCE = Resource(
    number=1,
    id="1f5d",
    owner="account:7",
    name="a.png",
    mimetype="image/png",
    size_bytes=3,
    blob_key="ab" * 32,
    status="inbox",
    channel=None,
    modality=None,
    source_path=None,
    study_uid=None,
    series_uid=None,
    sop_instance_uid=None,
    patient_id=None,
    frames=0,
    brought_key=None,
    brought_version=False,
    note=None,
    metadata=None,
    upload_mechanism="api",
    idempotency_key="secret",
    created_ms=0,
    created_by="jane@example.org",
    changed_ms=1,
    published_ms=None,
    published_by=None,
    labels=("x",),
    frame_labels=(FrameLabel(2, "y"),),
)


def test_a_resource_says_what_clients_of_all_releases_read() -> None:
    said = resource_json(RESOURCE)

    assert said["resource_uri"] == said["location"] == "/resources/1f5d/file"
    assert (said["upload_channel"], said["channel"]) == ("", None)
    assert said["tags"] == said["labels"] == ["x"]
    assert said["frame_labels"] == [{"frame_index": 2, "label": "y"}]
    assert (said["customer_id"], said["created_by"]) == ("7", "jane@example.org")
    assert said["created_at"] == "1970-01-01T00:00:00.000Z"
    assert (said["published"], said["published_on"]) == (False, None)
    assert said["metadata"] == {}
    assert not {"error", "owner", "number", "idempotency_key", "brought_key"} & said.keys()


def test_a_published_one_says_when() -> None:
    said = resource_json(replace(RESOURCE, published_ms=0, metadata={"a": 1}))

    assert (said["published"], said["published_on"]) == (True, "1970-01-01T00:00:00.000Z")
    assert said["metadata"] == {"a": 1}


def test_channels_count_in_text() -> None:
    said = channel_json(Channel("CT", 0, 1, (RESOURCE,), 12))

    assert (said["channel_name"], said["resource_count"]) == ("CT", "12")
    assert said["updated_at"] == "1970-01-01T00:00:00.001Z"


def test_lists_have_two_shapes() -> None:
    assert resource_list_json([], 0, is_flat=False) == {
        "data": [{"resources": []}],
        "totalCount": 0,
    }
    assert resource_list_json([{"id": 1}], 1, is_flat=True) == list_json([{"id": 1}], 1)


@pytest.mark.parametrize(
    ("mimetype", "storage"),
    [
        ("application/dicom", "DicomResource"),
        ("application/nifti", "NiftiResource"),
        ("video/mp4", "VideoResource"),
        ("text/plain", "FileResource"),
    ],
)
def test_kinds_of_files_have_names(mimetype: str, storage: str) -> None:
    assert storage_of(mimetype) == storage


def test_customers_are_accounts() -> None:
    assert customer_of("account:1-2") == "1-2"
