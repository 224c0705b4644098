"""Resources, channels and users as the documented clients want them written in JSON.

Old clients read some of the fields, newer ones require all of them; nothing is called ``error``,
which they take for a failure.
"""

from collections.abc import Mapping, Sequence

from isocenter.http.session_json import time_text
from isocenter.services.resource_kinds import DICOM, NIFTI
from isocenter.store.resource_query import Channel
from isocenter.store.resource_rows import Resource

_ACCOUNT = "account:"


def resource_json(resource: Resource) -> dict[str, object]:
    """Return one Resource."""
    address = f"/resources/{resource.id}/file"
    labels = list(resource.labels)
    return {
        "id": resource.id,
        "resource_uri": address,
        "location": address,
        "storage": storage_of(resource.mimetype),
        "filename": resource.name,
        "mimetype": resource.mimetype,
        "size": resource.size_bytes,
        "sha256": resource.blob_key,
        "status": resource.status,
        "upload_channel": resource.channel or "",
        "channel": resource.channel,
        "modality": resource.modality,
        "tags": labels,
        "labels": labels,
        "frame_labels": [one._asdict() for one in resource.frame_labels],
        "metadata": dict(resource.metadata or {}),
        "source_filepath": resource.source_path,
        "upload_mechanism": resource.upload_mechanism,
        "customer_id": customer_of(resource.owner),
        "created_at": time_text(resource.created_ms),
        "created_by": resource.created_by,
        "updated_at": time_text(resource.changed_ms),
        "published": resource.published_ms is not None,
        "published_on": _time(resource.published_ms),
        "published_by": resource.published_by,
        "deleted": False,
        "instance_uid": resource.sop_instance_uid,
        "series_uid": resource.series_uid,
        "study_uid": resource.study_uid,
        "patient_id": resource.patient_id,
        "frames": resource.frames,
        "note": resource.note,
        "user_info": {"firstname": resource.created_by, "lastname": ""},
    }


def channel_json(channel: Channel) -> dict[str, object]:
    """Return one channel with its latest Resources; clients expect the count as a text."""
    return {
        "channel_name": channel.name,
        "resource_data": [
            {
                "created_by": one.created_by,
                "customer_id": customer_of(one.owner),
                "resource_id": one.id,
                "resource_file_name": one.name,
                "resource_mimetype": one.mimetype,
            }
            for one in channel.resources
        ],
        "deleted": False,
        "created_at": time_text(channel.created_ms),
        "updated_at": time_text(channel.changed_ms),
        "resource_count": str(channel.count),
    }


def list_json(items: Sequence[object], total: int) -> dict[str, object]:
    """Return a flat list."""
    return {"data": items, "totalCount": total}


def resource_list_json(
    items: Sequence[Mapping[str, object]], total: int, *, is_flat: bool
) -> dict[str, object]:
    """Return a page of Resources: a flat list for clients of before October 2024, else nested."""
    return list_json(items if is_flat else [{"resources": items}], total)


def storage_of(mimetype: str) -> str:
    """Return what newer clients call a kind of file.

    >>> storage_of("image/png")
    'ImageResource'
    """
    if mimetype == DICOM:
        return "DicomResource"
    if mimetype == NIFTI:
        return "NiftiResource"
    kind = mimetype.partition("/")[0]
    return {"image": "ImageResource", "video": "VideoResource"}.get(kind, "FileResource")


def customer_of(owner: str) -> str:
    """Return the id of who owns something, as clients know it."""
    return owner.removeprefix(_ACCOUNT)


def _time(at_ms: int | None) -> str | None:
    return None if at_ms is None else time_text(at_ms)
