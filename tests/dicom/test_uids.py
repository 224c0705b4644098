import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import uid as pydicom_uid

from isocenter.dicom import uids

PARTS = st.lists(st.binary(max_size=20), max_size=5)
VALID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*")


@pytest.mark.parametrize(
    ("ours", "keyword"),
    [
        (uids.IMPLICIT, "ImplicitVRLittleEndian"),
        (uids.EXPLICIT, "ExplicitVRLittleEndian"),
        (uids.DEFLATED, "DeflatedExplicitVRLittleEndian"),
        (uids.BIG_ENDIAN, "ExplicitVRBigEndian"),
        (uids.CT, "CTImageStorage"),
        (uids.MR, "MRImageStorage"),
        (uids.PET, "PositronEmissionTomographyImageStorage"),
        (uids.ENHANCED_CT, "EnhancedCTImageStorage"),
        (uids.LEGACY_ENHANCED_CT, "LegacyConvertedEnhancedCTImageStorage"),
        (uids.LEGACY_ENHANCED_MR, "LegacyConvertedEnhancedMRImageStorage"),
        (uids.LEGACY_ENHANCED_PET, "LegacyConvertedEnhancedPETImageStorage"),
    ],
)
def test_the_uids_named_here_are_those_of_the_standard(ours: str, keyword: str) -> None:
    assert pydicom_uid.UID(ours).keyword == keyword


def test_native_transfer_syntaxes_are_those_without_encapsulation() -> None:
    known = set(pydicom_uid.AllTransferSyntaxes)

    assert {uid for uid in known if not pydicom_uid.UID(uid).is_encapsulated} == uids.NATIVE


def test_the_implementation_is_named_within_the_limits_of_the_standard() -> None:
    number = int(uids.IMPLEMENTATION_CLASS.removeprefix("2.25."))
    assert uuid.UUID(int=number).int == number
    assert 1 <= len(uids.IMPLEMENTATION_VERSION) <= 16


@given(PARTS)
def test_a_derived_uid_is_valid_and_the_same_every_time(parts: list[bytes]) -> None:
    uid = uids.derived_uid(*parts)

    assert uid == uids.derived_uid(*parts)
    assert VALID.fullmatch(uid)
    assert uid.startswith("2.25.")
    assert len(uid) <= 44


@given(PARTS, PARTS)
def test_other_parts_give_another_uid(one: list[bytes], other: list[bytes]) -> None:
    assert (uids.derived_uid(*one) == uids.derived_uid(*other)) == (one == other)


def test_a_derived_uid_stays_what_it_was() -> None:
    # The outputs of earlier runs refer to these. Made with printf, sha256sum and bc.
    assert uids.derived_uid(b"a", b"b") == "2.25.275704271568797416021015442327703787136"
