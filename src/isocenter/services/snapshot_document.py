"""``dataset.json``: what a snapshot says of its resources, in the words of every client.

Clients before 0.5 read ``images[].image_file`` and ``version``, those of 0.7 ``resources[].file``
and ``updated_at``; one document has both.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from isocenter.services.annotation_files import PNG
from isocenter.services.annotation_files import SUFFIXES as ANNOTATION_SUFFIXES
from isocenter.services.annotations import SEGMENTATION
from isocenter.store.annotation_rows import Annotation
from isocenter.store.resource_rows import Resource

NAME = "dataset.json"
_SUFFIXES = {
    "application/dicom": ".dcm",
    "application/nifti": ".nii",
    "application/pdf": ".pdf",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tiff",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/x-msvideo": ".avi",
}
_PACKED_NIFTI = (".nii.gz", ".nifti.gz")


class Entry(NamedTuple):
    """What the document says of one resource, and the files that it names: name, key, bytes."""

    told: dict[str, object]
    image: dict[str, object]
    files: list[tuple[str, str, int]]


def entry_of(resource: Resource, annotations: Sequence[Annotation], split: str | None) -> Entry:
    """Return the entry of a resource, which says nothing of the time when it is made."""
    file = f"resources/{resource.id}{_suffix(resource)}"
    files = [(file, resource.blob_key, resource.size_bytes)]
    whole: list[dict[str, object]] = []
    others: list[dict[str, object]] = []
    for one in annotations:
        told = _annotation(one)
        if one.file_key is not None and one.file_type is not None:
            is_mask = one.file_type == PNG
            folder = "masks" if is_mask else "segmentations"
            name = f"{folder}/{one.id}{ANNOTATION_SUFFIXES[one.file_type]}"
            files.append((name, one.file_key, one.file_bytes or 0))
            told |= {"file": name, "mimetype": one.file_type, "sha256": one.file_key}
        # Clients of 0.7 open the file of every segmentation in the list as a picture.
        is_volume = one.kind == SEGMENTATION and one.file_type not in {None, PNG}
        (whole if is_volume else others).append(told)
    labels = sorted({*resource.labels, *_names(annotations, is_whole=True)})
    told = {
        "id": resource.id,
        "file": file,
        "filename": resource.name,
        "name": resource.name,
        "mimetype": resource.mimetype,
        "size": resource.size_bytes,
        "sha256": resource.blob_key,
        "channel": resource.channel,
        "modality": resource.modality,
        "frames": resource.frames,
        "split": split,
        "labels": labels,
        "tags": labels,
        "frame_labels": _frame_labels(resource, annotations),
        "annotations": others,
        "segmentation_files": whole,
        "metadata": resource.metadata,
        "created_at": iso_time(resource.created_ms),
        "created_by": resource.created_by,
        "study_uid": resource.study_uid,
        "series_uid": resource.series_uid,
        "instance_uid": resource.sop_instance_uid,
    }
    image: dict[str, object] = {
        "id": resource.id,
        "image_file": file,
        "filename": resource.name,
        "labels": labels,
    }
    return Entry(told, image, files)


def iso_time(time_ms: int) -> str:
    """Return a time as RFC 3339 has it, in UTC."""
    at = datetime.fromtimestamp(time_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _suffix(resource: Resource) -> str:
    name = resource.name.lower()
    if resource.mimetype.startswith("application/nifti") and name.endswith(_PACKED_NIFTI):
        return ".nii.gz"
    return _SUFFIXES.get(resource.mimetype, "")


def _annotation(one: Annotation) -> dict[str, object]:
    return {
        "id": one.id,
        "type": one.kind,
        "name": one.name,
        "identifier": one.name,
        "scope": "image" if one.frame_index is None else "frame",
        "index": one.frame_index,
        "frame_index": one.frame_index,
        "value": one.value,
        "geometry": one.geometry,
        "segmentation_map": one.segment_names,
        "status": one.status,
        "added_by": one.created_by,
        "created_by": one.created_by,
    }


def _names(annotations: Sequence[Annotation], *, is_whole: bool) -> set[str]:
    found = (one for one in annotations if one.kind == "label")
    return {one.name for one in found if (one.frame_index is None) == is_whole}


def _frame_labels(resource: Resource, annotations: Sequence[Annotation]) -> list[dict[str, object]]:
    """Return labels of frames, one row for each frame and who said so."""
    found: dict[tuple[int, str], set[str]] = {}
    for index, label in resource.frame_labels:
        found.setdefault((index, resource.created_by), set()).add(label)
    for one in annotations:
        if one.kind == "label" and one.frame_index is not None:
            found.setdefault((one.frame_index, one.created_by), set()).add(one.name)
    return [
        {"frame": index, "label": sorted(labels), "created_by": who}
        for (index, who), labels in sorted(found.items())
    ]
