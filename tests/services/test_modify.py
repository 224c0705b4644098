"""Files modified beside, under a folder and in place, with files that are no DICOM among them."""

from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from isocenter.errors import InvalidInputError, NotFoundError, TooLargeError
from isocenter.limits import Limits
from isocenter.services.modify import modify
from isocenter.services.reports import Report, Work
from tests.builders import instance, series, uid, write, write_series


def run(*paths: Path, out: Path | None = None, **options: object) -> Report:
    return modify(Work(paths=paths, out=out, options=options, jobs=2, durable=False))


def test_each_file_is_modified_beside_itself(tmp_path: Path) -> None:
    paths = write_series(series(3), tmp_path)
    (tmp_path / "notes.txt").write_text("none")
    params = tmp_path / "params" / "lines.txt"
    params.parent.mkdir()
    params.write_text("# names\nPatientName=Ünal^A\n")

    report = run(*paths, tmp_path / "notes.txt", params=params, set=["PatientID=7"])

    assert [outcome.status for outcome in report.files] == ["done"] * 3 + ["failed"]
    assert [output.path.name for output in report.outputs] == [
        "0000_mod.dcm",
        "0001_mod.dcm",
        "0002_mod.dcm",
    ]
    after = dcmread(tmp_path / "0001_mod.dcm")
    assert (after.PatientName, after.PatientID) == ("Ünal^A", "7")
    assert after.PixelData == dcmread(paths[1]).PixelData


def test_files_are_modified_in_place_once(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "a.dcm")

    first = run(tmp_path, set=["PatientID=7"], remove=["PatientSex"], in_place=True)
    data = path.read_bytes()
    second = run(tmp_path, set=["PatientID=7"], remove=["PatientSex"], in_place=True)

    assert (first.done, second.done, second.unchanged) == (1, 0, 1)
    assert "PatientSex" not in dcmread(path)
    assert path.read_bytes() == data


def test_later_edits_of_the_command_line_count(tmp_path: Path) -> None:
    write(instance(), tmp_path / "a.dcm")

    run(tmp_path, out=tmp_path / "out", params="PatientID=1\nPatientSex=F", set=["PatientID=2"])

    after = dcmread(tmp_path / "out" / "a.dcm")
    assert (after.PatientID, after.PatientSex) == ("2", "F")


@pytest.mark.parametrize("uid", [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_odd_encodings_come_out_plain_and_say_so(tmp_path: Path, uid: str) -> None:
    dataset = instance()
    before = dataset.PixelData
    dataset.file_meta.TransferSyntaxUID = UID(uid)
    if uid == ExplicitVRBigEndian:
        dataset.PixelData = b"".join(before[at : at + 2][::-1] for at in range(0, len(before), 2))
    write(dataset, tmp_path / "a.dcm")

    report = run(tmp_path, set=["PatientID=7"])

    after = dcmread(tmp_path / "a_mod.dcm")
    assert after.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert (after.PatientID, after.PixelData) == ("7", before)
    assert any("Explicit VR Little Endian" in warning for warning in report.warnings)


def test_an_edit_that_a_file_refuses_fails_that_file_only(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)
    other = instance(5)
    other.SpecificCharacterSet, other.PatientName = "ISO_IR 100", "Jörg"
    write(other, tmp_path / "other.dcm")

    report = run(tmp_path, params="\nPatientName=山田")

    assert [outcome.status for outcome in report.files] == ["done", "done", "failed"]
    assert report.files[2].reason.startswith("line 2: PatientName: the text cannot be written")


def test_one_identity_for_several_instances_is_warned_about(tmp_path: Path) -> None:
    write_series(series(2), tmp_path)

    report = run(tmp_path, set=[f"SOPInstanceUID={uid('same')}"])

    assert "2 files now have the same SOP Instance UID" in report.warnings[-1]


def test_nothing_is_begun_where_the_edits_are_none(tmp_path: Path) -> None:
    write(instance(), tmp_path / "a.dcm")
    latin = tmp_path / "latin.txt"
    latin.write_bytes(b"PatientName=J\xf6rg")

    with pytest.raises(InvalidInputError, match="nothing is to be changed"):
        run(tmp_path)
    with pytest.raises(InvalidInputError, match="line 2: "):
        run(tmp_path, params="PatientID=1\nPatientName")
    with pytest.raises(InvalidInputError, match="UTF-8"):
        run(tmp_path, params=latin)
    with pytest.raises(NotFoundError, match="no such file of parameters"):
        run(tmp_path, params=tmp_path / "missing.txt")
    with pytest.raises(TooLargeError):
        modify(
            Work(paths=(tmp_path,), options={"params": latin}, limits=Limits(parameters_bytes=9))
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dcm", "latin.txt"]
