import pytest
from pydicom.sr.codedict import codes

from isocenter.dicom.deidentify.core_codes import (
    BODY_PARTS,
    MODALITIES,
    PATIENT_POSITIONS,
    PHOTOMETRIC_INTERPRETATIONS,
    RELATIONSHIP_TYPES,
    VALUE_TYPES,
    is_standard_number,
)


def test_terms_are_code_strings() -> None:
    terms = (
        MODALITIES
        | PHOTOMETRIC_INTERPRETATIONS
        | PATIENT_POSITIONS
        | VALUE_TYPES
        | RELATIONSHIP_TYPES
        | BODY_PARTS
    )

    assert all(len(term) <= 16 for term in terms)
    assert all(
        set(term.decode()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ") for term in terms
    )


def test_the_modalities_of_the_codes_of_the_standard_are_known() -> None:
    # CID 29, "Acquisition Modality" (PS3.16), as pydicom has it.
    theirs = {getattr(codes.cid29, name).value for name in codes.cid29.dir()}

    assert {value.encode() for value in theirs if value.isalpha()} <= MODALITIES
    assert {b"SEG", b"RTSTRUCT", b"SM", b"ANN"} <= MODALITIES


@pytest.mark.parametrize(
    ("value", "is_one"),
    [(b"ISO_10918_1", True), (b"ISO_15444_1 ", True), (b"ISO_19760531", False), (b"SMITH", False)],
)
def test_compression_methods_are_standards(value: bytes, is_one: bool) -> None:
    assert is_standard_number(value) is is_one
