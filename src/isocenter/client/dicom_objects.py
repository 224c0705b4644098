"""pydicom Data Sets from bytes, and bytes from them."""

import io

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from isocenter.errors import InvalidInputError


def read_dicom(data: bytes) -> pydicom.FileDataset:
    """Return the Data Set of a DICOM file, also of one without a prefix.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    try:
        dataset = pydicom.dcmread(io.BytesIO(data), force=data[128:132] != b"DICM")
    except (pydicom.errors.InvalidDicomError, EOFError, ValueError, NotImplementedError):
        raise InvalidInputError("pydicom cannot read the file") from None
    if "SOPClassUID" not in dataset and "Modality" not in dataset:
        raise InvalidInputError("pydicom finds no DICOM object in the file")
    return dataset


def encode_dataset(dataset: object) -> bytes:
    """Return a Data Set as a DICOM file; what File Meta lacks is added, in a copy of it.

    Raises
    ------
    InvalidInputError
        If it cannot be written.
    """
    assert isinstance(dataset, Dataset)
    written = Dataset(dataset)
    meta = FileMetaDataset()
    meta.update(getattr(dataset, "file_meta", None) or {})
    if "TransferSyntaxUID" not in meta:
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
    written.file_meta = meta
    target = io.BytesIO()
    try:
        written.save_as(target, enforce_file_format=True)
    except (AttributeError, ValueError, TypeError, NotImplementedError):
        sentence = (
            "the Data Set cannot be written: it needs SOP Class and SOP Instance UID at least"
        )
        raise InvalidInputError(sentence) from None
    return target.getvalue()
