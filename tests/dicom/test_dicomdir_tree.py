"""The tree of a DICOMDIR: order, contradictions, what is made up, names of copies."""

import random

import pytest
from pydicom import Dataset
from pydicom.uid import HangingProtocolStorage

from isocenter.dicom.dicomdir_entry import Entry, read_entry
from isocenter.dicom.dicomdir_tree import (
    Refused,
    arrange,
    name_files,
    patient_level,
    profile_warnings,
    study_level,
)
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import TooLargeError
from tests.builders import instance, to_bytes, uid


def entry(index: int = 0, *, series: str = "series", **values: object) -> Entry:
    dataset = instance(index, series_name=series)
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return read_entry(index_header(BytesSource(to_bytes(dataset))))


def code() -> Dataset:
    dataset = Dataset()
    dataset.CodeValue, dataset.CodingSchemeDesignator = "T-D3000", "SRT"
    dataset.CodeMeaning = "Chest"
    return dataset


def protocol() -> Entry:
    dataset = Dataset()
    dataset.file_meta = instance().file_meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = HangingProtocolStorage, uid("protocol")
    dataset.HangingProtocolName, dataset.HangingProtocolDescription = "NAME", "what it is"
    dataset.HangingProtocolLevel, dataset.HangingProtocolCreator = "SITE", "me"
    dataset.HangingProtocolCreationDateTime = "20240131"
    dataset.NumberOfPriorsReferenced = 1
    definition = Dataset()
    definition.Modality = "CT"
    definition.AnatomicRegionSequence, definition.Laterality = [code()], ""
    definition.ProcedureCodeSequence = [code()]
    definition.ReasonForRequestedProcedureCodeSequence = [code()]
    dataset.HangingProtocolDefinitionSequence = [definition]
    return read_entry(index_header(BytesSource(to_bytes(dataset))))


def test_everything_is_sorted_whatever_order_it_came_in() -> None:
    entries = [
        entry(9, series="b", SeriesNumber=2),
        entry(1, series="b", SeriesNumber=2),
        entry(0, series="a", SeriesNumber=10),
        entry(0, series="c", StudyInstanceUID="1.9", StudyDate="20200101"),
        entry(0, series="d", StudyInstanceUID="1.8", PatientID="2", PatientName="Aardvark^Anna"),
    ]

    names = name_files(arrange(entries))

    assert ["/".join(names[number]) for number in range(5)] == [
        "PT000001/ST000001/SE000000/IM000001",
        "PT000001/ST000001/SE000000/IM000000",
        "PT000001/ST000001/SE000001/IM000000",
        "PT000001/ST000000/SE000000/IM000000",
        "PT000000/ST000000/SE000000/IM000000",
    ]
    shuffled = list(range(5))
    random.Random(1).shuffle(shuffled)
    again = name_files(arrange([entries[number] for number in shuffled]))
    assert {number: again[place] for place, number in enumerate(shuffled)} == names


def test_the_second_file_of_one_instance_is_refused() -> None:
    arranged = arrange([entry(0), entry(1), entry(0)])

    assert arranged.refused == {
        2: Refused("another file has the same SOP Instance UID", 0, is_duplicate=True)
    }
    assert sorted(name_files(arranged)) == [0, 1]


def test_nobody_appears_under_the_name_of_another_patient() -> None:
    arranged = arrange([entry(0), entry(1, PatientID="another")])

    assert arranged.refused == {1: Refused("its Study belongs to another Patient ID", 0)}


def test_a_series_in_two_studies_is_refused_the_second_time() -> None:
    arranged = arrange([entry(0), entry(1, StudyInstanceUID="1.9")])

    assert arranged.refused == {1: Refused("its Series belongs to another Study", 0)}


def test_an_instance_without_patient_id_joins_the_patient_of_its_study() -> None:
    arranged = arrange([entry(0, PatientID=""), entry(1)])

    (patient,) = arranged.patients
    assert patient.patient_id == "CANARY-1"
    assert patient_level(arranged, patient).missing == ()


def test_studies_without_patient_id_are_never_thrown_together() -> None:
    arranged = arrange(
        [entry(0, PatientID=""), entry(0, series="b", PatientID="", StudyInstanceUID="1.9")]
    )

    assert len({patient.patient_id for patient in arranged.patients}) == 2
    assert all(patient.patient_id.startswith("NO_ID_") for patient in arranged.patients)
    (warning,) = arranged.warnings
    assert warning.endswith("they were made up for it: PatientID of 2 file(s)")


def test_two_names_of_one_patient_id_are_told() -> None:
    other = entry(0, series="b", StudyInstanceUID="1.9", PatientName="Somebody^Else")
    alike = entry(0, series="c", StudyInstanceUID="1.8", PatientName="CANARY^jörg=山田^太郎^")

    assert arrange([entry(0), alike]).warnings == []
    assert arrange([entry(0), other]).warnings == [
        "1 Patient ID(s) have several names; the directory shows one name for each"
    ]


def test_the_fullest_description_of_a_study_counts() -> None:
    arranged = arrange([entry(0, StudyID=""), entry(1)])

    (study,) = arranged.patients[0].studies.values()
    assert study_level(arranged, study) == entry(1).study


def test_what_belongs_to_nobody_stands_in_the_root() -> None:
    arranged = arrange([entry(0), protocol()])

    assert arranged.alone == [1]
    assert name_files(arranged)[1] == ("HG000000",)


def test_more_instances_than_names_are_refused() -> None:
    arranged = arrange([entry(0)])
    (study,) = arranged.patients[0].studies.values()
    (series,) = study.series.values()
    series.instances = [0] * 1_000_001

    with pytest.raises(TooLargeError):
        name_files(arranged)


def test_profiles_that_take_a_transfer_syntax_are_named() -> None:
    plain = entry(0)
    syntaxes = [
        *("1.2.840.10008.1.2", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.90"),
        *("1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.201"),
    ]
    entries = [
        plain._replace(sop_instance_uid=f"1.{number}", transfer_syntax_uid=syntax)
        for number, syntax in enumerate(syntaxes)
    ]

    assert profile_warnings(arrange([plain])) == []
    found = [warning.split(" (PS3.11)")[0] for warning in profile_warnings(arrange(entries))]
    assert len(found) == len(syntaxes)
    assert [warning.split(" are in ")[1].split(",")[0] for warning in found] == [
        *("1.2.840.10008.1.2.4.201", "Implicit VR Little Endian", "JPEG 2000", "JPEG", "video")
    ]
    assert found[0].endswith("which no general purpose profile takes")
