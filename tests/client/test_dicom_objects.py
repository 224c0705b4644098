import pytest
from pydicom import Dataset

from isocenter.client.dicom_objects import encode_dataset, read_dicom
from isocenter.errors import InvalidInputError
from tests import builders


def test_a_data_set_is_the_same_after_bytes() -> None:
    (dataset,) = builders.series(1)

    assert read_dicom(encode_dataset(dataset)) == dataset


def test_missing_file_meta_is_added_to_a_copy() -> None:
    (made,) = builders.series(1)
    bare = Dataset(made)

    encoded = encode_dataset(bare)

    assert encoded[128:132] == b"DICM"
    assert read_dicom(encoded).file_meta.MediaStorageSOPInstanceUID == made.SOPInstanceUID
    assert not hasattr(bare, "file_meta")


def test_what_is_no_instance_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="SOP Class"):
        encode_dataset(Dataset())


def test_what_is_no_dicom_is_refused() -> None:
    for data in (b"junk", b"\0" * 128 + b"DICM" + b"junk" * 9):
        with pytest.raises(InvalidInputError):
            read_dicom(data)
