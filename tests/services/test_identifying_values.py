from pathlib import Path

from isocenter.services.identifying_values import IdentifyingValues
from tests.builders import series, write


def values_of(tmp_path: Path) -> IdentifyingValues:
    (dataset,) = series(1)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "Müller^Änne=Lang"
    dataset.PatientID = "ID-4711"
    dataset.PatientBirthDate = "19500102"
    dataset.InstitutionName = "Clinic of the Sea"
    values = IdentifyingValues()
    values.add(write(dataset, tmp_path / "a.dcm"))
    return values


def test_values_go_from_a_text_whole_and_in_parts(tmp_path: Path) -> None:
    values = values_of(tmp_path)

    told = values.remove("read MÜLLER^ÄNNE, (müller) ID-4711 born 19500102 at Clinic of the Sea")

    assert told == "read [removed]^[removed], ([removed]) [removed] born [removed] at [removed]"


def test_words_that_only_hold_such_a_value_stay(tmp_path: Path) -> None:
    told = "the language of the sea: slices 14711, 195001020"

    assert values_of(tmp_path).remove(told) == told


def test_what_cannot_be_read_has_no_values(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"no DICOM")
    values = IdentifyingValues()
    values.add(tmp_path / "a")
    values.add(tmp_path / "nothing")

    assert values.remove("anything") == "anything"
