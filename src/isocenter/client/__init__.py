"""The client: what talks to a server over HTTP from another machine.

Names are imported when they are first asked for, so that `import isocenter` stays fast and what
only sends files loads neither pydicom nor numpy. The stub beside this file says their types.
"""

from importlib import import_module

_DOORS = {
    "APIHandler": "isocenter.client.api_handler:APIHandler",
    "AsyncAPIHandler": "isocenter.client.async_handler:AsyncAPIHandler",
    "Dataset": "isocenter.client.dataset:Dataset",
    "Deidentification": "isocenter.client.deidentified:Deidentification",
    "Deidentifier": "isocenter.client.deidentified:Deidentifier",
    "Wishes": "isocenter.client.deidentified:Wishes",
    "collate": "isocenter.client.batches:collate",
    "encode_dataset": "isocenter.client.dicom_objects:encode_dataset",
    "read_dicom": "isocenter.client.dicom_objects:read_dicom",
    "masks_of_array": "isocenter.client.masks:masks_of_array",
    "masks_of_picture": "isocenter.client.masks:masks_of_picture",
    "read_nifti": "isocenter.client.nifti_objects:read_nifti",
    "read_array": "isocenter.client.picture_objects:read_array",
    "read_picture": "isocenter.client.picture_objects:read_picture",
    "read_video": "isocenter.client.video_objects:read_video",
}


def __getattr__(name: str) -> object:
    """Return a public name, imported now."""
    if name not in _DOORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _DOORS[name].partition(":")
    found: object = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *_DOORS])
