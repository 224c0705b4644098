import json
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRBigEndian

from isocenter.errors import InvalidInputError
from isocenter.services.anonymize import anonymize
from isocenter.services.reports import Report, Work
from tests.builders import instance, series, write, write_series

KEY = "0123456789abcdef0123456789abcdef"


def person(index: int = 0) -> Dataset:
    dataset = instance(index)
    dataset.PatientName = "Hubermeier^Zacharias"
    dataset.PatientID = "PID-778812"
    dataset.AccessionNumber = "ACC-90817"
    dataset.InstitutionName = "Klinikum Musterstadt"
    return dataset


def run(*paths: Path, out: Path | None = None, **options: object) -> Report:
    given = {"key_file": KEY, **options}
    return anonymize(Work(paths=paths, out=out, options=given, jobs=2, durable=False))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_outputs_in_a_folder_of_their_own_have_neutral_names(tmp_path: Path) -> None:
    write(person(0), tmp_path / "in" / "Hubermeier" / "Zacharias.dcm")
    write(person(1), tmp_path / "in" / "second.dcm")

    report = run(tmp_path / "in", out=tmp_path / "out")

    assert report.done == 2
    assert names(tmp_path / "out") == ["anon_0001.dcm", "anon_0002.dcm"]
    for path in (tmp_path / "out").iterdir():
        content = path.read_bytes()
        for word in (b"Hubermeier", b"Zacharias", b"778812", b"90817", b"Musterstadt"):
            assert word not in content
        assert dcmread(path).PatientIdentityRemoved == "YES"


def test_beside_their_input_outputs_are_named_after_it_unless_that_says_who_it_is(
    tmp_path: Path,
) -> None:
    write(person(0), tmp_path / "hubermeier_ct.dcm")
    write(person(1), tmp_path / "slice.ima")

    run(tmp_path)

    assert names(tmp_path) == ["anon_0001.dcm", "hubermeier_ct.dcm", "slice.ima", "slice_anon.ima"]


def test_a_second_run_makes_nothing_new(tmp_path: Path) -> None:
    write(person(0), tmp_path / "hubermeier_ct.dcm")
    write(person(1), tmp_path / "slice.dcm")
    run(tmp_path)
    before = names(tmp_path)

    report = run(tmp_path)

    assert names(tmp_path) == before
    assert report.failed == 0


def test_in_place_the_file_is_replaced_and_its_name_warned_of(tmp_path: Path) -> None:
    path = write(person(), tmp_path / "hubermeier.dcm")

    report = run(tmp_path, in_place=True)

    assert names(tmp_path) == ["hubermeier.dcm"]
    assert b"Hubermeier" not in path.read_bytes()
    assert any("name of the file itself" in warning for warning in report.warnings)


def test_one_key_gives_the_same_pseudonyms_everywhere_and_another_none_of_them(
    tmp_path: Path,
) -> None:
    write(person(), tmp_path / "a" / "x.dcm")
    write(person(), tmp_path / "b" / "y.dcm")
    run(tmp_path / "a", out=tmp_path / "1")
    run(tmp_path / "b", out=tmp_path / "2")
    run(tmp_path / "b", out=tmp_path / "3", key_file=KEY[::-1])

    first, second, third = (dcmread(tmp_path / str(n) / "anon_0001.dcm") for n in (1, 2, 3))

    for keyword in ("PatientID", "StudyInstanceUID", "SOPInstanceUID", "PatientName"):
        assert first[keyword].value == second[keyword].value
        assert first[keyword].value != third[keyword].value


def test_what_cannot_be_passed_on_fails_and_nothing_of_it_comes_out(tmp_path: Path) -> None:
    burned = person()
    burned.BurnedInAnnotation = "YES"
    write(burned, tmp_path / "in" / "burned.dcm")
    whole = write(person(), tmp_path / "in" / "cut.dcm").read_bytes()
    (tmp_path / "in" / "cut.dcm").write_bytes(whole[: len(whole) - 1000])
    (tmp_path / "in" / "notes.txt").write_text("no DICOM")

    report = run(tmp_path / "in", out=tmp_path / "out")

    found = {outcome.path.name: outcome.status for outcome in report.files}
    assert found == {"burned.dcm": "failed", "cut.dcm": "failed", "notes.txt": "skipped"}
    assert not (tmp_path / "out").exists() or not names(tmp_path / "out")


def test_regions_are_black_in_what_comes_out(tmp_path: Path) -> None:
    burned = person()
    burned.BurnedInAnnotation = "YES"
    path = write(burned, tmp_path / "in" / "burned.dcm")

    report = run(path, out=tmp_path / "out", regions=["0,0,8,4"])

    assert report.done == 1, report.files
    before = dcmread(path).pixel_array
    after = dcmread(tmp_path / "out" / "anon_0001.dcm").pixel_array
    assert (after[:4, :8] == after.min()).all()
    assert (after[4:] == before[4:]).all()
    assert (after[:, 8:] == before[:, 8:]).all()


def test_the_documented_lines_are_set_on_top_and_may_say_what_they_like(tmp_path: Path) -> None:
    path = write(person(), tmp_path / "a.dcm")

    run(path, params="(0010,0010)=Hubermeier^Zacharias\n(0010,0020)=ANON001\n(0008,0090)=")

    made = dcmread(tmp_path / "a_anon.dcm")
    assert made.PatientName == "Hubermeier^Zacharias"
    assert made.PatientID == "ANON001"
    assert made.AccessionNumber == ""


def test_the_profile_none_changes_only_what_its_lines_say(tmp_path: Path) -> None:
    path = write(person(), tmp_path / "a.dcm")

    run(path, profile="none", params="(0010,0020)=X1")

    made, before = dcmread(tmp_path / "a_anon.dcm"), dcmread(path)
    assert made.PatientID == "X1"
    assert "PatientIdentityRemoved" not in made
    del made.PatientID, before.PatientID
    assert made == before


def test_the_crosswalk_leads_back(tmp_path: Path) -> None:
    path = write(person(), tmp_path / "a.dcm")
    crosswalk = tmp_path / "crosswalk.json"

    run(path, out=tmp_path / "out", crosswalk=crosswalk)

    made = dcmread(tmp_path / "out" / "anon_0001.dcm")
    originals = json.loads(crosswalk.read_text())["originals"]
    assert originals["patient-id"][made.PatientID] == "PID-778812"
    assert originals["uid"][made.SOPInstanceUID] == dcmread(path).SOPInstanceUID


def test_the_crosswalk_never_lies_among_the_outputs(tmp_path: Path) -> None:
    write(person(), tmp_path / "a.dcm")

    with pytest.raises(InvalidInputError, match="crosswalk"):
        run(tmp_path, out=tmp_path / "out", crosswalk=tmp_path / "out" / "c.json")


def test_big_endian_files_are_de_identified_too(tmp_path: Path) -> None:
    dataset = person()
    path = tmp_path / "a.dcm"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dataset.PixelData = bytes(len(dataset.PixelData))
    dataset.save_as(path, little_endian=False, implicit_vr=False, enforce_file_format=True)

    report = run(path, out=tmp_path / "out")

    assert report.done == 1, report.files
    assert b"Hubermeier" not in (tmp_path / "out" / "anon_0001.dcm").read_bytes()


def test_the_values_of_a_series_stay_one_series(tmp_path: Path) -> None:
    write_series(series(5), tmp_path / "in")

    run(tmp_path / "in", out=tmp_path / "out")

    made = [dcmread(path) for path in (tmp_path / "out").iterdir()]
    assert len({one.SeriesInstanceUID for one in made}) == 1
    assert len({one.SOPInstanceUID for one in made}) == 5
