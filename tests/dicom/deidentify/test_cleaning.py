import io
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import dictionary_VR
from pydicom.filereader import read_dataset
from pydicom.uid import ImplicitVRLittleEndian

from isocenter.dicom.deidentify.allow_list import allowed
from isocenter.dicom.deidentify.cleaning import Cleaner, Identity, Place
from isocenter.dicom.deidentify.profile import Option
from isocenter.dicom.deidentify.rules import Rules, row_of
from isocenter.dicom.header_index import index_elements
from isocenter.dicom.part10 import encode_data_set, encode_element
from tests.builders import add_private, instance, to_bytes
from tests.dicom.deidentify.deidentifying import KEY, deidentified, profile, read, run

CT = "1.2.840.10008.5.1.4.1.1.2"
NAME = b"Xanthippe "


def cleaned(raw: bytes, *options: Option, own: frozenset[str] = frozenset()) -> Dataset:
    """Return encoded elements, Explicit VR, after cleaning, read by pydicom."""
    dataset = index_elements(raw, is_implicit=False)
    rules = Rules(profile(*options))
    cleaner = Cleaner(rules, Identity(KEY, "", -1), own, CT, is_implicit=False)
    made = encode_data_set(cleaner.clean(Place(dataset)))
    return read_dataset(io.BytesIO(made), is_implicit_VR=False, is_little_endian=True)


def element(tag: int, vr: str, value: bytes) -> bytes:
    return encode_element(tag, value, is_implicit=False, vr=vr)


def nested(depth: int) -> Dataset:
    """Return an Item with a name at the given depth of allowed sequences."""
    item = Dataset()
    item.PatientName = "Xanthippe"
    item.InstitutionName = "Xanthippe"
    item.SliceThickness = "1.5"
    add_private(item)
    if depth:
        item.DerivationImageSequence = [nested(depth - 1)]
    return item


@pytest.mark.parametrize("depth", [0, 1, 5, 40])
def test_names_go_at_every_depth_and_numbers_stay(depth: int) -> None:
    dataset = instance()
    dataset.SharedFunctionalGroupsSequence = [nested(depth)]

    made, raw = run(to_bytes(dataset))

    assert b"Xanthippe" not in raw
    assert b"BUILDER" not in raw
    item = read(raw).SharedFunctionalGroupsSequence[0]
    for _ in range(depth):
        item = item.DerivationImageSequence[0]
    assert item.SliceThickness == 1.5
    assert made.counts.removed >= depth


def test_sequences_of_undefined_length_come_out_with_known_lengths_and_nothing_between() -> None:
    dataset = instance()
    dataset.SharedFunctionalGroupsSequence = [nested(2)]
    dataset["SharedFunctionalGroupsSequence"].is_undefined_length = True
    dataset.SharedFunctionalGroupsSequence[0].is_undefined_length_sequence_item = True

    raw = run(to_bytes(dataset))[1]

    assert b"Xanthippe" not in raw
    assert b"\xfe\xff\xdd\xe0" not in raw


def test_a_sequence_in_un_is_read_by_the_dictionary() -> None:
    # UN is Implicit VR inside (PS3.5 6.2.2 note 2).
    item = encode_element(0x00180050, b"1.5 ", is_implicit=True, vr="DS")
    item += encode_element(0x00100010, NAME, is_implicit=True, vr="PN")
    value = b"\xfe\xff\x00\xe0" + pack("<I", len(item)) + item

    made = cleaned(element(0x52009229, "UN", value))

    assert made.SharedFunctionalGroupsSequence[0].SliceThickness == 1.5
    assert made.SharedFunctionalGroupsSequence[0].PatientName != "Xanthippe"


def test_what_claims_to_be_a_sequence_and_is_none_is_left_out() -> None:
    made = cleaned(element(0x52009229, "UN", NAME) + element(0x00180050, "DS", b"1.5 "))

    assert "SharedFunctionalGroupsSequence" not in made
    assert made.SliceThickness == 1.5


@pytest.mark.parametrize(
    ("tag", "vr", "value", "expected"),
    [
        (0x00280010, "UN", pack("<H", 512), 512),
        (0x00180050, "UN", b"1.5 ", 1.5),
        (0x00180050, "LO", b"1.5 ", 1.5),
        (0x00180050, "LO", NAME, "empty"),
        (0x00180050, "OB", NAME, "empty"),
        (0x00180088, "LO", NAME, None),
        (0x00181030, "OB", NAME, None),  # Protocol Name
        (0x00080080, "OB", NAME, None),  # Institution Name
        (0x00280010, "LO", b"12", "dummy"),
    ],
)
def test_wrong_vrs_are_put_right_or_left_out(
    tag: int, vr: str, value: bytes, expected: object
) -> None:
    made = cleaned(element(tag, vr, value))

    if expected is None:
        assert tag not in made
    elif expected == "empty":
        assert made[tag].is_empty
    elif expected == "dummy":  # required in the IOD
        assert made[tag].value == 0
    else:
        assert made[tag].value == expected
        assert dictionary_VR(tag) == made[tag].VR


def test_private_group_length_odd_command_and_meta_elements_go() -> None:
    tags = (0x00080000, 0x00091001, 0x00090010, 0x00020003, 0x00000600, 0x00041511, 0xFFFCFFFC)
    raw = b"".join(element(tag, "LO", NAME) for tag in sorted(tags))

    assert len(cleaned(raw)) == 0


def test_items_of_an_implicit_encoding_inside_of_an_explicit_one_come_out_explicit() -> None:
    item = encode_element(0x00180050, b"1.5 ", is_implicit=True, vr="DS")
    value = b"\xfe\xff\x00\xe0" + pack("<I", len(item)) + item

    made = cleaned(element(0x52009229, "SQ", value))

    assert made.SharedFunctionalGroupsSequence[0].SliceThickness == 1.5


def code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def test_private_codes_go_and_published_ones_stay() -> None:
    dataset = instance()
    dataset.ProcedureCodeSequence = [code("WARD7", "99XANTHIPPE", "Ward of Xanthippe")]
    dataset.AnatomicRegionSequence = [code("818981001", "SCT", "Abdomen")]
    dataset.AnatomicRegionSequence[0].PatientName = "Xanthippe"

    made = deidentified(dataset)

    assert "ProcedureCodeSequence" not in made
    assert made.AnatomicRegionSequence[0].CodeMeaning == "Abdomen"


def test_a_code_that_must_be_there_becomes_that_of_the_unknown() -> None:
    dataset = instance()
    item = Dataset()
    item.ConceptNameCodeSequence = [code("X", "99XANTHIPPE", "Xanthippe")]
    item.ValueType, item.NumericValue = "NUM", "1"
    dataset.AcquisitionContextSequence = [item]

    made = deidentified(dataset, profile(Option.CLEAN_STRUCTURED_CONTENT))

    concept = made.AcquisitionContextSequence[0].ConceptNameCodeSequence[0]
    assert (concept.CodeValue, concept.CodeMeaning) == ("261665006", "Unknown")


def test_retained_sequences_keep_their_private_codes() -> None:
    dataset = instance()
    dataset.InstitutionCodeSequence = [code("WARD7", "99HOSPITAL", "Ward")]

    made = deidentified(dataset, profile(Option.RETAIN_INSTITUTION_IDENTITY))

    assert made.InstitutionCodeSequence == dataset.InstitutionCodeSequence


def content(kind: str, **values: object) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", kind
    item.ConceptNameCodeSequence = [code("121071", "DCM", "Finding")]
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def test_structured_content_keeps_codes_and_numbers_and_no_text_person_date_or_uid() -> None:
    dataset = instance()
    dataset.ContentSequence = [
        content("TEXT", TextValue="Xanthippe"),
        content("PNAME", PersonName="Xanthippe"),
        content("DATE", Date="19760531"),
        content("UIDREF", UID="1.2.826.0.1.3680043.2.1125.7"),
        content("NUM", NumericValue="1"),
        content("CODE", ConceptCodeSequence=[code("818981001", "SCT", "Abdomen")]),
    ]

    made, raw = run(to_bytes(dataset), profile(Option.CLEAN_STRUCTURED_CONTENT))
    text, person, date, uid, number, coded = read(raw).ContentSequence

    assert b"Xanthippe" not in raw
    assert b"1.2.826.0.1.3680043.2.1125.7" not in raw
    assert text.TextValue == "REMOVED"
    assert person.PersonName == "REMOVED"
    assert date.Date == "19000101"
    assert uid.UID.startswith("2.25.")
    assert number.NumericValue == 1
    assert coded.ConceptCodeSequence[0].CodeMeaning == "Abdomen"
    assert made.warnings == ()


def test_content_that_describes_the_patient_goes_unless_it_is_retained() -> None:
    dataset = instance()
    age = content("NUM", NumericValue="93")
    age.ConceptNameCodeSequence = [code("121033", "DCM", "Subject Age")]
    dataset.ContentSequence = [age, content("NUM", NumericValue="1")]
    options = (Option.CLEAN_STRUCTURED_CONTENT, Option.RETAIN_PATIENT_CHARACTERISTICS)

    assert len(deidentified(dataset, profile(options[0])).ContentSequence) == 1
    assert len(deidentified(dataset, profile(*options)).ContentSequence) == 2


def test_words_of_the_file_itself_are_not_harmless() -> None:
    raw = element(0x00180022, "CS", b"CHEST ") + element(0x00181210, "SH", b"B30f")

    assert "ScanOptions" in cleaned(raw)
    assert "ScanOptions" not in cleaned(raw, own=frozenset({"CHEST"}))


def test_uids_of_objects_are_mapped_and_registered_ones_stay() -> None:
    dataset = instance()
    dataset.FrameOfReferenceUID = "1.2.840.10008.1.4.1.1"  # a well-known one

    made = deidentified(dataset)

    assert made.FrameOfReferenceUID == "1.2.840.10008.1.4.1.1"
    assert made.SOPClassUID == CT
    assert made.StudyInstanceUID.startswith("2.25.")
    assert made.StudyInstanceUID != dataset.StudyInstanceUID


def test_great_ages_are_capped_where_ages_are_retained() -> None:
    dataset = instance()
    dataset.PatientAge = "103Y"

    made = deidentified(dataset, profile(Option.RETAIN_PATIENT_CHARACTERISTICS))

    assert made.PatientAge == "090Y"


def test_a_patient_id_in_an_item_stands_for_the_same_patient() -> None:
    dataset = instance()
    dataset.PatientID = "4711"
    item = Dataset()
    item.PatientID = "4711"
    dataset.SourceImageSequence = [item]

    made = deidentified(dataset)

    assert made.PatientID == made.PatientName == made.SourceImageSequence[0].PatientID


VRS = ("LO", "PN", "UN", "OB", "SH", "DS", "IS", "CS", "US", "FD", "UI", "DA", "UT", "AT")
TAGS = st.integers(0x00080000, 0x7FDFFFFF)
KNOWN_TAGS = st.sampled_from(sorted(DicomDictionary)[60:])


@given(st.dictionaries(TAGS | KNOWN_TAGS, st.sampled_from(VRS), min_size=1, max_size=8))
def test_nothing_outside_of_table_and_list_survives(tags: dict[int, str]) -> None:
    item = b"".join(element(tag, vr, b"Xanthippe7123456") for tag, vr in sorted(tags.items()))
    around = b"\xfe\xff\x00\xe0" + pack("<I", len(item)) + item

    made = cleaned(element(0x52009229, "SQ", around))

    for found in made.iterall():
        if found.tag != 0x52009229:
            assert row_of(found.tag) is not None or allowed(found.tag) or found.is_empty
            assert "Xanthippe" not in str(found.value), found


def test_an_implicit_instance_stays_implicit() -> None:
    dataset = instance(transfer_syntax_uid=ImplicitVRLittleEndian)
    dataset.SharedFunctionalGroupsSequence = [nested(1)]

    made, raw = run(to_bytes(dataset))

    assert made.is_implicit
    assert read(raw).file_meta.TransferSyntaxUID == ImplicitVRLittleEndian
    assert read(raw).SharedFunctionalGroupsSequence[0].SliceThickness == 1.5
