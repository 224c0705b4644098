import io
from struct import pack

import pytest
from pydicom.filereader import read_dataset
from pydicom.multival import MultiValue

from isocenter.dicom.enhanced_rules import Row, When, contains, of, scaled
from isocenter.dicom.enhanced_values import (
    FrameValues,
    element_texts,
    encode_code,
    encode_values,
    fill,
    tag_by,
)
from isocenter.dicom.part10 import encode_element, encode_sequence
from isocenter.dicom.supplied import parse_supplied


def frame(*texts: str, is_original: bool = True, **values: str) -> FrameValues:
    elements = {
        tag_by(keyword): encode_values(tag_by(keyword), (text,), is_implicit=False)
        for keyword, text in values.items()
    }
    return FrameValues(elements, parse_supplied(texts), is_implicit=False, is_original=is_original)


def filled(row: Row, values: FrameValues) -> tuple[str, ...]:
    elements = fill([row], values)
    raw = elements.get(tag_by(row.keyword), b"")
    return element_texts(tag_by(row.keyword), raw, is_implicit=False)


def test_the_attribute_itself_comes_first_then_others_then_what_is_set_then_the_default() -> None:
    row = Row("ExposureTimeInms", sources=(of("ExposureTime"),), default="4")

    assert filled(row, frame("ExposureTimeInms=3", ExposureTimeInms="1", ExposureTime="2")) == (
        "1.0",
    )
    assert filled(row, frame("ExposureTimeInms=3", ExposureTime="2")) == ("2.0",)
    assert filled(row, frame("ExposureTimeInms=3")) == ("3.0",)
    assert filled(row, frame()) == ("4.0",)


def test_what_nothing_tells_is_missing_unless_the_frame_is_derived() -> None:
    original, derived = frame(), frame(is_original=False)

    for values in (original, derived):
        fill([Row("KVP"), Row("FilterType", "always"), Row("CTDIvol", "optional")], values)

    assert original.missing == {"KVP", "FilterType"}
    assert derived.missing == {"FilterType"}


def test_an_empty_value_is_a_missing_one() -> None:
    values = frame(KVP="")

    assert filled(Row("KVP"), values) == ()
    assert values.missing == {"KVP"}


@pytest.mark.parametrize("text", ["abc", "nan", "1\\2", "1_0"])
def test_a_value_that_is_none_is_unfit(text: str) -> None:
    values = frame("KVP=120")
    values.elements = {tag_by("KVP"): encode_element(0x00180060, text.encode(), is_implicit=False)}

    assert filled(Row("KVP"), values) == ()
    assert values.unfit == {"KVP"}


def test_a_condition_that_fails_leaves_the_attribute_out() -> None:
    rows = [Row("AcquisitionType"), Row("TubeAngle", when=(When("AcquisitionType", ("A",)),))]

    without, needed, unknown = frame(AcquisitionType="B"), frame(AcquisitionType="A"), frame()
    for values in (without, needed, unknown):
        fill(rows, values)

    assert not without.missing
    assert needed.missing == {"TubeAngle"}
    assert unknown.missing == {"AcquisitionType"}
    assert unknown.depending == {"TubeAngle"}


def test_an_attribute_that_takes_other_words_is_translated() -> None:
    row = Row(
        "InPlanePhaseEncodingDirection",
        sources=(contains("InPlanePhaseEncodingDirection", "COL", "COLUMN"),),
        values=("COLUMN", "ROW"),
    )

    assert filled(row, frame(InPlanePhaseEncodingDirection="COL")) == ("COLUMN",)
    assert filled(row, frame(InPlanePhaseEncodingDirection="ROW")) == ("ROW",)


def test_a_value_that_does_not_fit_the_vr_is_not_taken_over() -> None:
    values = frame("FrameReferenceDateTime={PatientPosition}", PatientPosition="HFS")

    assert filled(Row("FrameReferenceDateTime"), values) == ()
    assert values.missing == {"FrameReferenceDateTime"}


def test_numbers_beyond_the_vr_are_no_source() -> None:
    """Number of Phase Encoding Steps is IS, the enhanced attribute US."""
    row = Row("MRAcquisitionPhaseEncodingStepsInPlane", sources=(of("NumberOfPhaseEncodingSteps"),))

    assert filled(row, frame(NumberOfPhaseEncodingSteps="256")) == ("256",)
    assert filled(row, frame(NumberOfPhaseEncodingSteps="70000")) == ()
    assert filled(row, frame(NumberOfPhaseEncodingSteps="-1")) == ()


def test_units_are_scaled() -> None:
    row = Row("ExposureInmAs", sources=(scaled("ExposureInuAs", 1e-3),))

    assert filled(row, frame(ExposureInuAs="125500")) == ("125.5",)


def test_a_code_is_one_item() -> None:
    code = encode_code("816094009^SCT^Chest", is_implicit=False)
    raw = encode_sequence(0x00082218, [code], is_implicit=False)

    values = frame()
    values.elements = {0x00082218: raw}
    assert fill([Row("AnatomicRegionSequence", is_code=True)], values) == {0x00082218: raw}
    empty = frame("AnatomicRegionSequence=816094009^SCT^Chest")
    empty.elements = {0x00082218: encode_sequence(0x00082218, [], is_implicit=False)}
    assert fill([Row("AnatomicRegionSequence", is_code=True)], empty) == {0x00082218: raw}


def test_nested_rows_make_an_item_or_are_missing() -> None:
    row = Row("OperatingModeSequence", items=(Row("OperatingModeType"), Row("OperatingMode")))

    values = frame("OperatingModeType=STATIC FIELD", "OperatingMode=IEC_NORMAL")
    assert len(fill([row], values)) == 1
    assert not values.missing
    half = frame("OperatingModeType=STATIC FIELD")
    fill([row], half)
    assert half.missing == {"OperatingMode"}


@pytest.mark.parametrize(
    ("keyword", "texts"),
    [
        ("KVP", ("120",)),
        ("ExposureTimeInms", ("0.5",)),
        ("AcquisitionMatrix", ("0", "256", "256", "0")),
        ("DataCollectionCenterPatient", ("1.0", "-2.5", "3.0")),
        ("IrradiationEventUID", ("2.25.1",)),
        ("FilterMaterial", ("ALUMINUM", "COPPER")),
    ],
)
def test_what_is_encoded_is_what_pydicom_reads(keyword: str, texts: tuple[str, ...]) -> None:
    for is_implicit in (False, True):
        raw = encode_values(tag_by(keyword), texts, is_implicit=is_implicit)

        assert element_texts(tag_by(keyword), raw, is_implicit=is_implicit) == texts
        stream = io.BytesIO(raw)
        dataset = read_dataset(stream, is_implicit, is_little_endian=True)
        value = dataset[keyword].value
        values = value if isinstance(value, MultiValue | list) else [value]
        assert [str(one) for one in values] == list(texts)


def test_binary_values_of_odd_length_tell_nothing() -> None:
    raw = encode_element(0x00181310, pack("<H", 1) + b"\0", is_implicit=False, vr="US")

    assert element_texts(0x00189073, raw[:8] + b"\0\0\0", is_implicit=True) == ()
    assert element_texts(0x00181310, b"", is_implicit=False) == ()
