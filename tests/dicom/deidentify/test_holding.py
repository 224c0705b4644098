import pytest
from pydicom import Dataset
from pydicom.uid import UID

from isocenter.dicom.deidentify.profile import Held, Option
from isocenter.errors import HeldBackError
from tests.builders import instance
from tests.dicom.deidentify.deidentifying import deidentified, profile

STORAGE = "1.2.840.10008.5.1.4.1.1"
KINDS = [
    (f"{STORAGE}.104.1", Held.DOCUMENT),
    (f"{STORAGE}.104.2", Held.DOCUMENT),
    (f"{STORAGE}.104.3", Held.DOCUMENT),
    (f"{STORAGE}.88.33", Held.STRUCTURED_TEXT),
    (f"{STORAGE}.88.59", Held.STRUCTURED_TEXT),
    (f"{STORAGE}.11.1", Held.PRESENTATION_TEXT),
    (f"{STORAGE}.66", Held.RAW_DATA),
    ("1.3.12.2.1107.5.9.1", Held.RAW_DATA),
]


def without_pixels(sop_class_uid: str) -> Dataset:
    dataset = instance()
    del dataset.PixelData
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = UID(sop_class_uid)
    return dataset


@pytest.mark.parametrize(("sop_class_uid", "held"), KINDS)
def test_what_holds_free_text_is_held_back_unless_the_caller_decides(
    sop_class_uid: str, held: Held
) -> None:
    dataset = without_pixels(sop_class_uid)

    with pytest.raises(HeldBackError, match=f"accept '{held}'"):
        deidentified(dataset)
    assert deidentified(dataset, profile(accepted=[held])).PatientIdentityRemoved == "YES"


@pytest.mark.parametrize(
    ("sop_class_uid", "option"),
    [
        (f"{STORAGE}.88.33", Option.CLEAN_STRUCTURED_CONTENT),
        (f"{STORAGE}.11.1", Option.CLEAN_GRAPHICS),
    ],
)
def test_the_option_that_cleans_it_lets_it_pass(sop_class_uid: str, option: Option) -> None:
    assert deidentified(without_pixels(sop_class_uid), profile(option))


def test_a_dicomdir_never_passes() -> None:
    everything = profile(accepted=Held)

    with pytest.raises(HeldBackError, match="DICOMDIR"):
        deidentified(without_pixels("1.2.840.10008.1.3.10"), everything)


def test_a_document_inside_of_any_class_is_held_back_and_passes_as_it_is() -> None:
    dataset = without_pixels(f"{STORAGE}.2")
    dataset.EncapsulatedDocument = b"%PDF Xanthippe"

    with pytest.raises(HeldBackError):
        deidentified(dataset)
    accepted = deidentified(dataset, profile(accepted=[Held.DOCUMENT]))
    assert accepted.EncapsulatedDocument == b"%PDF Xanthippe"
