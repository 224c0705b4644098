import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import Dataset
from pydicom.data import get_testdata_file
from pydicom.uid import SecondaryCaptureImageStorage

from isocenter.client.deidentified import Deidentification, Deidentifier, Wishes
from isocenter.errors import HeldBackError, InvalidInputError, NotSupportedError
from tests import builders

NAME = "Zauberberg^Hans"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "pseudonyms.key"


def identified(vary: Callable[[Dataset], None] | None = None) -> Dataset:
    (dataset,) = builders.series(1)
    dataset.PatientName = NAME
    dataset.PatientID = "ZB-4711-K"
    dataset.AccessionNumber = "ACC-998877"
    dataset.StudyDate = "20240229"
    dataset.PatientSize = "1.81"
    if vary is not None:
        vary(dataset)
    return dataset


def deidentified(
    dataset: Dataset, wishes: Wishes, name: str = "a.dcm"
) -> tuple[Dataset, Deidentification]:
    target = io.BytesIO()
    source = io.BytesIO(builders.to_bytes(dataset))
    became = Deidentifier(wishes).write(source, target, name)
    assert target.tell() == 0
    return pydicom.dcmread(target), became


def test_nothing_that_identifies_is_left(key: Path) -> None:
    source = identified()

    made, became = deidentified(source, Wishes(key_file=key))

    assert made.PatientName != NAME
    assert made.PatientIdentityRemoved == "YES"
    assert made.SOPInstanceUID != source.SOPInstanceUID
    assert np.array_equal(made.pixel_array, source.pixel_array)
    assert became.has_harmless_name


def test_the_same_key_gives_the_same_pseudonyms(key: Path) -> None:
    first, _ = deidentified(identified(), Wishes(key_file=key))
    second, _ = deidentified(identified(), Wishes(key_file=key))

    assert first == second


def test_a_name_that_says_who_it_is_is_noticed(key: Path) -> None:
    _, became = deidentified(identified(), Wishes(key_file=key), "zauberberg_hans_ct.dcm")

    assert not became.has_harmless_name


def test_codes_keep_their_values(key: Path) -> None:
    def vary(dataset: Dataset) -> None:
        dataset.PatientName = "Müller^Jürg"
        dataset.SpecificCharacterSet = "ISO_IR 100"

    codes = ((0x0008, 0x0050), (0x0010, 0x0010), (0x0028, 0x0010), (0x0010, 0x4000))

    made, _ = deidentified(identified(vary), Wishes(retain_codes=codes, key_file=key))

    assert (made.AccessionNumber, made.PatientName) == ("ACC-998877", "Müller^Jürg")
    assert made.PatientID != "ZB-4711-K"


def test_codes_of_sequences_are_refused(key: Path) -> None:
    def vary(dataset: Dataset) -> None:
        dataset.RequestAttributesSequence = [Dataset()]

    wishes = Wishes(retain_codes=((0x0040, 0x0275),), key_file=key)
    with pytest.raises(NotSupportedError, match="0040,0275"):
        deidentified(identified(vary), wishes)


def test_options_and_parameters_are_applied(key: Path) -> None:
    wishes = Wishes(
        retain=("patient-characteristics", "full-dates"),
        params="(0010,0020)=SUBJECT-1",
        key_file=key,
    )

    made, _ = deidentified(identified(), wishes)

    assert (made.PatientSize, made.StudyDate, made.PatientID) == (1.81, "20240229", "SUBJECT-1")


def secondary_capture(dataset: Dataset) -> None:
    dataset.Modality = "OT"
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage


def test_what_may_have_text_in_it_is_held_back_until_the_caller_decides(key: Path) -> None:
    source = identified(secondary_capture)

    with pytest.raises(HeldBackError, match="burned-in"):
        deidentified(source, Wishes(key_file=key))
    accepted, _ = deidentified(source, Wishes(accept_burned_in=True, key_file=key))
    blanked, _ = deidentified(source, Wishes(regions=("0,0,3,2",), key_file=key))

    assert np.array_equal(accepted.pixel_array, source.pixel_array)
    assert np.all(blanked.pixel_array[:2, :3] == blanked.pixel_array[0, 0])
    assert np.array_equal(blanked.pixel_array[2:], source.pixel_array[2:])


def test_odd_encodings_are_read_too(key: Path) -> None:
    path = Path(str(get_testdata_file("MR_small_bigendian.dcm")))
    source, target = pydicom.dcmread(path), io.BytesIO()

    with path.open("rb") as stream:
        Deidentifier(Wishes(key_file=key)).write(stream, target, "a.dcm")

    made = pydicom.dcmread(target)
    assert made.PatientIdentityRemoved == "YES"
    assert np.array_equal(made.pixel_array, source.pixel_array)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (Wishes(retain=("everything",)), "patient-characteristics"),
        (Wishes(clean=("all",)), "descriptors"),
        (Wishes(accept=("all",)), "document"),
        (Wishes(params="what"), "line 1"),
        (Wishes(regions=("1,2",)), "region"),
    ],
)
def test_wishes_that_say_nothing_are_refused(home: Path, wishes: Wishes, said: str) -> None:
    assert home.is_dir()
    with pytest.raises(InvalidInputError, match=said):
        Deidentifier(wishes)


def test_the_key_is_the_users_own_unless_said_otherwise(home: Path) -> None:
    Deidentifier(Wishes())

    assert (home / ".local" / "state" / "isocenter" / "pseudonyms.key").is_file()
