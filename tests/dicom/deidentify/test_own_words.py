from pydicom import Dataset

from isocenter.dicom.deidentify.own_words import own_words
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from tests.builders import instance, to_bytes


def words_of(dataset: Dataset) -> frozenset[str]:
    return own_words(index_header(BytesSource(to_bytes(dataset))).dataset)


def test_names_and_identifiers_give_their_words() -> None:
    dataset = instance()
    dataset.PatientName = "Chest^Li=\u80f8"
    dataset.PatientID = "MRN-4711/b"
    dataset.AccessionNumber = "ACC 42"

    words = words_of(dataset)

    assert {"CHEST", "LI", "MRN", "4711", "MRN-4711/B", "ACC", "ACC 42"} <= words
    assert "42" not in words


def test_other_text_gives_its_whole_value_only() -> None:
    dataset = instance()
    dataset.InstitutionName = "Chest Hospital"

    words = words_of(dataset)

    assert "CHEST HOSPITAL" in words
    assert "HOSPITAL" not in words


def test_descriptions_name_nobody() -> None:
    dataset = instance()
    dataset.StudyDescription = "Thorax"
    dataset.Manufacturer = "Siemens"

    assert {"THORAX", "SIEMENS"}.isdisjoint(words_of(dataset))


def test_people_in_listed_sequences_and_in_elements_of_a_wrong_vr_are_found() -> None:
    dataset = instance()
    item = Dataset()
    item.PersonName = "Nested^Person"
    item.PatientID = "ALIAS-77"
    dataset.OtherPatientIDsSequence = [item]
    dataset.add_new(0x00180024, "PN", "Wrong^Place")

    assert {"NESTED", "PERSON", "ALIAS", "WRONG", "PLACE"} <= words_of(dataset)


def test_a_phantom_called_ct_is_no_reason_to_remove_ct() -> None:
    dataset = instance()
    dataset.PatientName = "CT^PHANTOM"
    dataset.OtherPatientIDs = "NONE"

    words = words_of(dataset)

    assert "PHANTOM" in words
    assert {"CT", "NONE"}.isdisjoint(words)
