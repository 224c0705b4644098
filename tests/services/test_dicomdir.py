"""Making a DICOMDIR on disk: in place, with copies, again, and where it cannot be made."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pydicom import dcmread

from isocenter.dicom.uids import BIG_ENDIAN
from isocenter.errors import (
    CancelledError,
    ConflictError,
    InvalidInputError,
    UnavailableError,
)
from isocenter.services.dicomdir import dicomdir
from isocenter.services.locks import FolderLock
from isocenter.services.reports import NoProgress, Report, Work
from tests.builders import instance, to_bytes, uid, write
from tests.file_sets import referenced
from tests.judges import run


def disc(folder: Path, count: int = 3) -> Path:
    """Write instances under legal names; return the folder."""
    for index in range(count):
        write(instance(index), folder / "CT" / f"IM{index}")
    return folder


def make(*paths: Path, **options: object) -> Report:
    return dicomdir(Work(tuple(paths), options=options, durable=False))


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_folder_with_legal_names_gets_a_dicomdir_and_nothing_else(tmp_path: Path) -> None:
    before = content(disc(tmp_path))

    report = make(tmp_path)

    after = content(tmp_path)
    assert report.done == 3
    assert [output.path for output in report.outputs] == [tmp_path / "DICOMDIR"]
    assert referenced(tmp_path / "DICOMDIR") == ["CT/IM0", "CT/IM1", "CT/IM2"]
    del after["DICOMDIR"]
    assert after == before


@pytest.mark.judge("dcmgpdir", "dcmdump")
def test_dcmtk_makes_the_same_tree(tmp_path: Path) -> None:
    """Every key that dcmgpdir writes has the same value here; it adds ImageType and charsets."""
    disc(tmp_path / "ours")
    disc(tmp_path / "theirs")
    make(tmp_path / "ours")

    run(*("bash", "-c", f"cd '{tmp_path}/theirs' && dcmgpdir +r +id . +D DICOMDIR"))

    ours, theirs = (
        dcmread(tmp_path / name / "DICOMDIR").DirectoryRecordSequence for name in ("ours", "theirs")
    )
    assert len(ours) == len(theirs) == 6
    for one, other in zip(ours, theirs, strict=True):
        for element in other:
            if element.tag.group > 4 and element.keyword not in (
                "ImageType",
                "SpecificCharacterSet",
            ):
                assert one[element.tag].value == element.value
        assert one.get("ReferencedFileID") == other.get("ReferencedFileID")


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    make(disc(tmp_path))
    stamp = (tmp_path / "DICOMDIR").stat()

    report = make(tmp_path)

    again = (tmp_path / "DICOMDIR").stat()
    assert (again.st_ino, again.st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)
    assert (report.unchanged, report.settled, len(report.files)) == (3, 3, 3)


def test_a_dicomdir_is_replaced_and_never_an_input(tmp_path: Path) -> None:
    make(disc(tmp_path, 2))
    write(instance(2), tmp_path / "CT" / "IM2")

    report = make(tmp_path)

    assert report.done == len(report.files) == 3
    assert len(referenced(tmp_path / "DICOMDIR")) == 3


def test_a_file_that_is_no_directory_is_not_replaced(tmp_path: Path) -> None:
    (disc(tmp_path) / "DICOMDIR").write_text("mine")

    with pytest.raises(ConflictError):
        make(tmp_path)

    assert (tmp_path / "DICOMDIR").read_text() == "mine"


def test_an_image_named_dicomdir_is_not_replaced_either(tmp_path: Path) -> None:
    image = write(instance(9), disc(tmp_path) / "DICOMDIR").read_bytes()

    report = make(tmp_path)

    assert (report.settled, report.failed) == (0, 1)
    assert (tmp_path / "DICOMDIR").read_bytes() == image


def test_illegal_names_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    disc(tmp_path)
    for index, name in enumerate(("slice.dcm", "IM 7", 'a"b\n', "IMAGE00001"), 3):
        write(instance(index), tmp_path / "CT" / name)
    before = content(tmp_path)

    report = make(tmp_path)

    assert content(tmp_path) == before
    assert (report.settled, report.failed, report.skipped) == (0, 4, 3)
    failed = [one for one in report.files if one.status == "failed"]
    assert {one.path.name for one in failed} == {"slice.dcm", "IM 7", 'a"b\n', "IMAGE00001"}
    assert all("--copy DIR" in one.reason for one in failed)


def test_nine_levels_are_too_many(tmp_path: Path) -> None:
    write(instance(0), tmp_path.joinpath(*"ABCDEFG", "IM0"))
    write(instance(1), tmp_path.joinpath(*"ABCDEFGH", "IM1"))

    assert [one.status for one in make(tmp_path).files] == ["skipped", "failed"]


def test_names_of_files_that_are_no_dicom_do_not_count(tmp_path: Path) -> None:
    (disc(tmp_path) / "readme.txt").write_text("about these images")

    report = make(tmp_path)

    assert (report.done, report.skipped) == (3, 1)


def test_the_folder_above_refers_to_the_folder(tmp_path: Path) -> None:
    disc(tmp_path / "DISC")

    report = make(tmp_path / "DISC", parent=True)

    assert report.outputs[0].path == tmp_path / "DICOMDIR"
    assert referenced(tmp_path / "DICOMDIR")[0] == "DISC/CT/IM0"


def test_files_of_several_folders_lie_under_the_common_one(tmp_path: Path) -> None:
    write(instance(0), tmp_path / "A" / "IM0")
    write(instance(1), tmp_path / "B" / "IM1")
    write(instance(2), tmp_path / "C" / "IM2")

    report = make(tmp_path / "A", tmp_path / "B" / ".." / "B" / "IM1")

    assert report.done == 2
    assert referenced(tmp_path / "DICOMDIR") == ["A/IM0", "B/IM1"]


def test_copies_get_legal_names_and_the_same_bytes(tmp_path: Path) -> None:
    sources = [write(instance(k), tmp_path / "in" / f"slice {k}.dcm") for k in range(3)]
    before = content(tmp_path / "in")

    report = make(tmp_path / "in", copy=str(tmp_path / "out"))

    names = [f"PT000000/ST000000/SE000000/IM00000{k}" for k in range(3)]
    assert report.done == 3
    assert referenced(tmp_path / "out" / "DICOMDIR") == names
    assert [(tmp_path / "out" / name).read_bytes() for name in names] == list(before.values())
    assert content(tmp_path / "in") == before
    assert [one.outputs for one in report.files] == [(tmp_path / "out" / name,) for name in names]
    assert [one.path for one in report.files] == sources


def test_copies_are_made_once(tmp_path: Path) -> None:
    disc(tmp_path / "in")
    make(tmp_path / "in", copy=str(tmp_path / "out"))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}

    report = make(tmp_path / "in", copy=str(tmp_path / "out"))

    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before
    assert report.unchanged == 3


def test_copies_that_lie_among_the_inputs_are_no_inputs(tmp_path: Path) -> None:
    disc(tmp_path)
    make(tmp_path, copy=str(tmp_path / "disc"))

    report = make(tmp_path, copy=str(tmp_path / "disc"))

    assert (report.unchanged, len(report.files)) == (3, 3)
    assert len(content(tmp_path)) == 7


def test_a_copy_that_was_interrupted_is_completed(tmp_path: Path) -> None:
    disc(tmp_path / "in")
    make(tmp_path / "in", copy=str(tmp_path / "out"))
    whole = content(tmp_path / "out")
    (tmp_path / "out" / "DICOMDIR").unlink()
    (tmp_path / "out" / "PT000000/ST000000/SE000000/IM000001").unlink()

    assert make(tmp_path / "in", copy=str(tmp_path / "out")).done == 3

    assert content(tmp_path / "out") == whole


def test_what_a_killed_run_left_hidden_in_the_copy_goes_away(tmp_path: Path) -> None:
    disc(tmp_path / "in")
    make(tmp_path / "in", copy=str(tmp_path / "out"))
    whole = content(tmp_path / "out")
    for folder in ("", "PT000000/ST000000/SE000000"):
        (tmp_path / "out" / folder / ".isocenter-0123456789abcdef.part").write_bytes(b"CANARY")

    assert make(tmp_path / "in", copy=str(tmp_path / "out")).unchanged == 3

    assert content(tmp_path / "out") == whole


def test_two_runs_do_not_make_copies_in_one_folder_at_once(tmp_path: Path) -> None:
    disc(tmp_path / "in")
    (tmp_path / "out").mkdir()

    with FolderLock(tmp_path / "out"), pytest.raises(ConflictError, match="another run"):
        make(tmp_path / "in", copy=str(tmp_path / "out"))

    assert content(tmp_path / "out") == {}


@pytest.mark.parametrize("name", ["notes.txt", "PT000000/ST000000/SE000000/IM000001"])
def test_a_folder_with_other_files_takes_no_copies(name: str, tmp_path: Path) -> None:
    disc(tmp_path / "in")
    other = tmp_path / "out" / name
    other.parent.mkdir(parents=True)
    other.write_text("mine")

    with pytest.raises(ConflictError):
        make(tmp_path / "in", copy=str(tmp_path / "out"))

    assert content(tmp_path / "out") == {name: b"mine"}
    assert sum(path.is_dir() for path in (tmp_path / "out").rglob("*")) == name.count("/")


def test_a_file_as_folder_for_copies_is_refused(tmp_path: Path) -> None:
    disc(tmp_path / "in")
    (tmp_path / "out").write_text("mine")

    with pytest.raises(ConflictError):
        make(tmp_path / "in", copy=str(tmp_path / "out"))


def test_options_that_contradict_one_another_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError):
        make(tmp_path, copy=str(tmp_path / "out"), parent=True)
    with pytest.raises(InvalidInputError):
        dicomdir(Work((tmp_path,), out=tmp_path / "a", options={"copy": str(tmp_path / "b")}))
    with pytest.raises(InvalidInputError):
        dicomdir(Work((tmp_path,), out=tmp_path, options={"parent": True}, is_staging=True))


def test_a_staging_folder_gets_the_dicomdir_of_the_folder(tmp_path: Path) -> None:
    disc(tmp_path / "in")
    (tmp_path / "staging").mkdir()
    make(tmp_path / "in")

    dicomdir(Work((tmp_path / "in",), out=tmp_path / "staging", is_staging=True))

    ours = (tmp_path / "staging" / "DICOMDIR").read_bytes()
    assert ours == (tmp_path / "in" / "DICOMDIR").read_bytes()


def test_a_data_set_without_file_meta_is_refused_in_place_and_gets_one_in_a_copy(
    tmp_path: Path,
) -> None:
    raw = to_bytes(instance(0))
    start = raw.index(b"\x08\0\x05\0CS")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "IM0").write_bytes(raw[start:])

    in_place = make(tmp_path / "in")
    report = make(tmp_path / "in", copy=str(tmp_path / "out"))

    assert "no complete File Meta Information" in in_place.files[0].reason
    assert report.done == 1
    (name,) = referenced(tmp_path / "out" / "DICOMDIR")
    copied = (tmp_path / "out" / name).read_bytes()
    assert copied.endswith(raw[start:])
    assert dcmread(tmp_path / "out" / name) == instance(0)
    assert make(tmp_path / "in", copy=str(tmp_path / "out")).unchanged == 1


@pytest.mark.judge("dcmconv")
def test_a_big_endian_file_is_referred_to_as_it_is(tmp_path: Path) -> None:
    write(instance(0), tmp_path / "plain")
    (tmp_path / "in").mkdir()
    run("dcmconv", "+te", "+tb", tmp_path / "plain", tmp_path / "in" / "IM0")

    report = make(tmp_path / "in")

    assert report.done == 1
    (record,) = [
        one
        for one in dcmread(tmp_path / "in" / "DICOMDIR").DirectoryRecordSequence
        if one.DirectoryRecordType == "IMAGE"
    ]
    assert record.ReferencedTransferSyntaxUIDInFile == BIG_ENDIAN
    assert any("Big Endian" in warning for warning in report.warnings)


def test_files_that_cannot_be_indexed_fail_and_leave_the_others(tmp_path: Path) -> None:
    disc(tmp_path)
    raw = to_bytes(instance(7))
    (tmp_path / "CUT").write_bytes(raw[: len(raw) // 2])
    nobody = instance(8)
    del nobody.StudyInstanceUID
    write(nobody, tmp_path / "NOBODY")
    (tmp_path / "SAME").write_bytes((tmp_path / "CT" / "IM0").read_bytes())
    other = instance(1)
    other.KVP = "80"
    write(other, tmp_path / "OTHER")

    report = make(tmp_path)

    by_name = {one.path.name: one for one in report.files}
    assert report.done == 3
    assert by_name["CUT"].reason.startswith("the file ends inside")
    assert by_name["NOBODY"].reason == "StudyInstanceUID is missing or empty"
    assert {by_name["SAME"].status, by_name["IM0"].status} == {"skipped", "done"}
    assert {by_name["OTHER"].status, by_name["IM1"].status} == {"failed", "done"}
    assert len(referenced(tmp_path / "DICOMDIR")) == 3


def test_other_dicomdirs_are_no_inputs(tmp_path: Path) -> None:
    make(disc(tmp_path / "DISC1"))

    report = make(tmp_path)

    assert ("DICOMDIR", "skipped") in [(one.path.name, one.status) for one in report.files]
    assert referenced(tmp_path / "DICOMDIR") == [f"DISC1/CT/IM{k}" for k in range(3)]


@pytest.mark.parametrize("junk", [None, b"", b"GIF89a", b"\0" * 4000])
def test_nothing_to_refer_to_makes_no_dicomdir(junk: bytes | None, tmp_path: Path) -> None:
    if junk is not None:
        (tmp_path / "JUNK").write_bytes(junk)

    report = make(tmp_path)

    assert (report.settled, report.outputs) == (0, [])
    assert not (tmp_path / "DICOMDIR").exists()
    assert make(tmp_path, copy=str(tmp_path / "out")).settled == 0
    assert not (tmp_path / "out").exists()


def test_the_order_of_reading_does_not_matter(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        for index in range(100):
            write(instance(index), tmp_path / folder / f"IM{index}")

    dicomdir(Work((tmp_path / "one",), jobs=1, durable=False))
    dicomdir(Work((tmp_path / "two",), jobs=4, durable=False))

    first, second = ((tmp_path / name / "DICOMDIR").read_bytes() for name in ("one", "two"))
    assert first == second


def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, unprivileged: Callable[[Path], AbstractContextManager[None]]
) -> None:
    disc(tmp_path / "in")
    (tmp_path / "in").chmod(0o555)

    with unprivileged(tmp_path / "in"):
        with pytest.raises(UnavailableError, match="no permission"):
            make(tmp_path / "in")
        with pytest.raises(UnavailableError, match="no permission"):
            make(tmp_path / "in", copy=str(tmp_path / "in" / "out"))

    (tmp_path / "in").chmod(0o755)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["CT"]


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, mounted: Callable[[Path, str], AbstractContextManager[None]]
) -> None:
    for index in range(8):
        write(instance(index, rows=128, columns=128), tmp_path / "in" / f"{index}.dcm")
    place = tmp_path / "small"
    place.mkdir()

    with mounted(place, "size=100k"):
        with pytest.raises(UnavailableError, match="the disk is full"):
            make(tmp_path / "in", copy=str(place / "deep" / "disc"))
        assert list(place.rglob("*")) == []


class _Stopping(NoProgress):
    """Stops at the n-th question."""

    def __init__(self, at: int) -> None:
        self._left = at

    def check_cancelled(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise CancelledError("stopped")


def test_stopping_at_any_moment_leaves_nothing_behind(tmp_path: Path) -> None:
    disc(tmp_path / "in", 40)
    stops = 0
    for at in range(200):
        work = Work(
            (tmp_path / "in",),
            out=tmp_path / "out",
            progress=_Stopping(at),
            durable=False,
        )
        try:
            dicomdir(work)
        except CancelledError:
            stops += 1
            assert not (tmp_path / "out").exists()
        else:
            break

    assert stops > 40
    assert len(referenced(tmp_path / "out" / "DICOMDIR")) == 40


def test_uids_of_the_directory_follow_from_its_content(tmp_path: Path) -> None:
    make(disc(tmp_path / "one"))
    make(disc(tmp_path / "two"))
    make(disc(tmp_path / "three", 2))

    uids = [
        dcmread(tmp_path / name / "DICOMDIR").file_meta.MediaStorageSOPInstanceUID
        for name in ("one", "two", "three")
    ]
    assert uids[0] == uids[1] != uids[2]
    assert uids[0].is_valid
    assert uids[0] != uid("anything")
