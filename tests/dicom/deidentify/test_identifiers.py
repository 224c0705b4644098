from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID

from isocenter.dicom.deidentify.identifiers import Identifiers, collect
from isocenter.dicom.deidentify.identifying_tokens import Kind
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from tests.builders import instance, to_bytes

# What is kept in these tests: everything but the patient, the UIDs, dates and free texts.
KEPT = {"CS", "DS", "IS", "US", "OW"}


def action_of(tag: int, vr: str) -> str:
    return "K" if vr in KEPT or tag in {0x00080070, 0x00080005} else "X"


def identifiers_of(dataset: Dataset) -> Identifiers:
    return collect(index_header(BytesSource(to_bytes(dataset))), action_of)


def test_values_are_collected_at_every_depth_and_in_private_elements() -> None:
    dataset = instance()
    item, inner = Dataset(), Dataset()
    inner.PersonName = "DEEPNAME^NESTED"
    item.PersonIdentificationCodeSequence = [inner]
    dataset.ReferringPhysicianIdentificationSequence = [item]
    block = dataset.private_block(0x0099, "MAKER", create=True)
    block.add_new(1, "LO", "PRIVATE REMARK")

    tokens = identifiers_of(dataset).tokens

    assert tokens["deepname"].kind is Kind.NAME
    assert tokens["private remark"].kind is Kind.TEXT
    assert str(dataset.SOPInstanceUID) in tokens


def test_what_the_profile_keeps_is_not_collected() -> None:
    dataset = instance()
    dataset.Manufacturer = "ACME IMAGING"

    identifiers = identifiers_of(dataset)

    assert "acme imaging" not in identifiers.tokens
    assert " acme imaging " in identifiers.kept_text


def test_uids_of_the_standard_are_not_collected() -> None:
    tokens = identifiers_of(instance()).tokens

    assert not any(words.startswith("1.2.840.10008.") for words in tokens)


def test_short_values_are_kept_for_comparison() -> None:
    dataset = instance()
    dataset.StudyID = "7"
    dataset.PatientAge = "045Y"

    short = {tag: raw for path, tag, raw in identifiers_of(dataset).short if not path}

    assert short[0x00200010] == b"7 "
    assert 0x00101010 in short or "045y" in identifiers_of(dataset).tokens


def test_application_entities_and_private_information_of_the_file_meta_are_collected() -> None:
    dataset = instance()
    assert isinstance(dataset.file_meta, FileMetaDataset)
    dataset.file_meta.SourceApplicationEntityTitle = "WARD7_STORE"
    dataset.file_meta.PrivateInformationCreatorUID = UID("1.3.6.1.4.1.99999.1")
    dataset.file_meta.PrivateInformation = b"ROOM FOUR"

    tokens = identifiers_of(dataset).tokens

    assert {"ward7 store", "1.3.6.1.4.1.99999.1", "room four"} <= tokens.keys()


def test_the_dates_of_a_source_are_told() -> None:
    dataset = instance()
    dataset.PatientBirthDate = "19500102"

    assert {"19500102", "20240131"} <= identifiers_of(dataset).dates
