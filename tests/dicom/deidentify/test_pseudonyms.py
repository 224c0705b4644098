import hashlib
import hmac

import pytest
from pydicom.uid import UID

from isocenter.dicom.deidentify.pseudonyms import (
    application_entity,
    is_of_standard,
    is_registered,
    patient_id,
    shift_days,
    uid,
)
from tests.dicom.deidentify.deidentifying import KEY, OTHER_KEY


def test_a_uid_is_the_keyed_digest_of_the_original() -> None:
    message = b"isocenter uid\0" + (7).to_bytes(4, "big") + b"1.2.3.4"
    digest = hmac.new(KEY, message, hashlib.sha256).digest()

    assert uid(KEY, "1.2.3.4") == f"2.25.{int.from_bytes(digest[:16], 'big')}"
    assert UID(uid(KEY, "1.2.3.4")).is_valid


def test_pseudonyms_of_two_keys_have_nothing_in_common() -> None:
    assert uid(KEY, "1.2.3") != uid(OTHER_KEY, "1.2.3")
    assert patient_id(KEY, "7") != patient_id(OTHER_KEY, "7")
    assert application_entity(KEY, "7") != application_entity(OTHER_KEY, "7")
    mine = [shift_days(KEY, str(patient)) for patient in range(50)]
    assert mine != [shift_days(OTHER_KEY, str(patient)) for patient in range(50)]


def test_the_same_id_of_two_issuers_is_two_patients() -> None:
    assert patient_id(KEY, "7", "A") != patient_id(KEY, "7", "B")
    assert patient_id(KEY, "7A", "") != patient_id(KEY, "7", "A")


def test_a_patient_id_fits_every_text_and_says_nothing() -> None:
    made = patient_id(KEY, "Xanthippe")

    assert len(made) == 16
    assert made.isalnum()
    assert made.isupper()


def test_shifts_go_back_by_one_day_to_ten_years() -> None:
    shifts = [shift_days(KEY, str(patient)) for patient in range(2000)]

    assert min(shifts) < -3600
    assert max(shifts) > -50
    assert all(-3652 <= days <= -1 for days in shifts)


@pytest.mark.parametrize(
    ("original", "registered", "of_standard"),
    [
        ("1.2.840.10008.1.4.1.1", True, True),  # a well-known Frame of Reference
        ("1.2.840.10008.5.1.4.1.1.2", True, True),
        ("1.2.840.10008.5.1.4.1.1.999", False, True),  # a class of a later edition
        ("1.2.840.10008.19760531.7123", False, False),
        ("1.2.840.10008.5.1.4.19760531", False, False),
        ("1.2.826.0.1.3680043", False, False),
        ("", False, False),
    ],
)
def test_only_what_the_standard_registered_stays(
    original: str, registered: bool, of_standard: bool
) -> None:
    assert (is_registered(original), is_of_standard(original)) == (registered, of_standard)
