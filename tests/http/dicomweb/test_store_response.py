"""The answer to a store request, as pydicom reads it."""

from dataclasses import replace

from pydicom.dataset import Dataset

from isocenter.http.dicomweb.store_response import store_response, store_status
from isocenter.services.studies import FailedInstance, StoredInstance, StoreResult

_STORED = StoredInstance("1.2", "1.3", "1.4", "1.5", "stored")
_ODD = StoredInstance("1.2", "1.3", "1.6", "1.5", "stored", 0xB007, "it ends early")
_FAILED = FailedInstance("1.5", "1.7", 0xA900, 0x0020000D, "another study")
_UNKNOWN = FailedInstance("", "", 0xC000, None, "no DICOM object")


def _read(*results: StoredInstance | FailedInstance) -> Dataset:
    return Dataset.from_json(store_response(_result(*results), "https://h/dicom-web/studies"))


def _result(*results: StoredInstance | FailedInstance) -> StoreResult:
    return StoreResult(
        tuple(one for one in results if isinstance(one, StoredInstance)),
        tuple(one for one in results if isinstance(one, FailedInstance)),
    )


def test_the_status_tells_all_some_or_none() -> None:
    assert store_status(_result(_STORED)) == 200
    assert store_status(_result(_STORED, _FAILED)) == 202
    assert store_status(_result(_STORED, _ODD)) == 202
    assert store_status(_result(_FAILED, _UNKNOWN)) == 409


def test_each_stored_instance_has_its_address() -> None:
    said = _read(_STORED, _ODD)
    assert said.RetrieveURL == "https://h/dicom-web/studies/1.2"
    first, second = said.ReferencedSOPSequence
    assert (first.ReferencedSOPClassUID, first.ReferencedSOPInstanceUID) == ("1.5", "1.4")
    assert first.RetrieveURL.endswith("/studies/1.2/series/1.3/instances/1.4")
    assert "WarningReason" not in first
    assert second.WarningReason == 0xB007


def test_each_failure_has_its_reason_and_its_attribute() -> None:
    said = _read(_FAILED, _UNKNOWN)
    assert said.RetrieveURL in {None, ""}
    (failed,) = said.FailedSOPSequence
    assert (failed.ReferencedSOPInstanceUID, failed.FailureReason) == ("1.7", 0xA900)
    assert failed[0x00741048].value[0].SelectorAttribute == 0x0020000D
    (other,) = said.OtherFailuresSequence
    assert other.FailureReason == 0xC000
    assert "ReferencedSOPSequence" not in said


def test_each_failure_tells_which_part_of_the_body_it_was() -> None:
    numbered = replace(_FAILED, part_number=3), replace(_UNKNOWN, part_number=2)
    said = _read(*numbered)
    for item, number in ((said.FailedSOPSequence[0], 3), (said.OtherFailuresSequence[0], 2)):
        assert item.private_block(0x0009, "ISOCENTER")[0x01].value == number
    assert (0x0009, 0x1001) not in _read(_FAILED).FailedSOPSequence[0]
