import re
import stat
from pathlib import Path

import pytest

from isocenter.dicom.streams import ByteRange
from isocenter.errors import CancelledError, InvalidInputError, UnusualEncodingError
from isocenter.services.files import FileSource
from isocenter.services.one_each import (
    Bench,
    Made,
    Maker,
    Name,
    Namer,
    Plan,
    Skipped,
    made_by_earlier_run,
    make_one_each,
)
from isocenter.services.reports import NoProgress, Report, Work
from isocenter.services.sources import OpenedFile
from tests.builders import instance, write

PLAN = Plan("mark", "Marking", "_new")


class Marking:
    """Fills the preamble; refuses what its name says."""

    def make(self, opened: OpenedFile) -> Made | Skipped:
        name = opened.path.name
        if name.startswith("skip"):
            return Skipped("not wanted")
        if name.startswith("bad"):
            raise InvalidInputError("it is bad")

        def open_source(_: int) -> FileSource:
            return FileSource(opened.source.path, opened.source.stamp)

        rest = ByteRange(0, 128, opened.source.size - 128)
        return Made([b"\1" * 128, rest], open_source, 1, ("marked now",))

    def kill(self) -> None:
        pass


def new_marking(_: Bench) -> Maker:
    return Marking()


def run(
    *paths: Path,
    out: Path | None = None,
    name: Namer | None = None,
    **options: object,
) -> Report:
    work = Work(paths=paths, out=out, options=options, jobs=2, durable=False)
    return make_one_each(work, PLAN, new_marking, name=name)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_input_is_reported_in_order(tmp_path: Path) -> None:
    for name in ("a.dcm", "bad.dcm", "skip.dcm", "z.dcm"):
        write(instance(), tmp_path / name)
    (tmp_path / "notes.txt").write_text("no DICOM")

    report = run(tmp_path)

    found = [(outcome.path.name, outcome.status) for outcome in report.files]
    assert found == [
        ("a.dcm", "done"),
        ("bad.dcm", "failed"),
        ("notes.txt", "skipped"),
        ("skip.dcm", "skipped"),
        ("z.dcm", "done"),
    ]
    assert [output.path.name for output in report.outputs] == ["a_new.dcm", "z_new.dcm"]
    assert report.warnings == ["a.dcm: marked now", "z.dcm: marked now"]


def test_a_second_run_leaves_its_own_outputs_alone(tmp_path: Path) -> None:
    write(instance(), tmp_path / "a.dcm")
    run(tmp_path)
    before = names(tmp_path)

    report = run(tmp_path)

    assert names(tmp_path) == before == ["a.dcm", "a_new.dcm"]
    assert [outcome.status for outcome in report.files] == ["done", "skipped"]


def test_an_output_that_is_asked_for_by_name_is_an_input(tmp_path: Path) -> None:
    write(instance(), tmp_path / "a.dcm")
    run(tmp_path)

    report = run(tmp_path / "a_new.dcm")

    assert [output.path.name for output in report.outputs] == ["a_new_new.dcm"]


def test_an_output_is_known_by_its_own_input_only(tmp_path: Path) -> None:
    files = {tmp_path / name for name in ("a.dcm", "b_new.dcm", "a_new_1.dcm")}

    assert made_by_earlier_run(tmp_path / "a_new_1.dcm", "_new", files) == tmp_path / "a.dcm"
    assert made_by_earlier_run(tmp_path / "b_new.dcm", "_new", files) is None
    assert made_by_earlier_run(tmp_path / "a.dcm", "", files) is None


def test_in_place_keeps_permissions_and_names(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "a.dcm")
    path.chmod(0o640)
    before = path.read_bytes()

    report = run(tmp_path, in_place=True)

    assert names(tmp_path) == ["a.dcm"]
    assert path.read_bytes() == b"\1" * 128 + before[128:]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert report.outputs[0].path == path


def test_outputs_go_into_a_folder_or_in_place_not_both(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="not both"):
        run(tmp_path, out=tmp_path, in_place=True)


def test_names_can_be_given_that_tell_nothing(tmp_path: Path) -> None:
    write(instance(), tmp_path / "in" / "SMITH" / "JOHN.dcm")
    write(instance(), tmp_path / "in" / "JONES.dcm")
    out = tmp_path / "out"

    report = run(
        tmp_path / "in", out=out, name=lambda _, number, __: Name(out, f"{number:04d}", ".dcm")
    )

    assert report.done == 2
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*")) == ["0001.dcm", "0002.dcm"]


def test_what_is_nested_oddly_is_given_again_as_pydicom_reads_it(tmp_path: Path) -> None:
    seen: list[Path] = []

    class Picky(Marking):
        def make(self, opened: OpenedFile) -> Made | Skipped:
            seen.append(opened.source.path)
            if opened.source.path == opened.path:
                raise UnusualEncodingError("odd", 0)
            return super().make(opened)

    path = write(instance(), tmp_path / "a.dcm")

    report = make_one_each(Work(paths=(path,), durable=False), PLAN, lambda _: Picky())

    assert report.done == 1
    assert len(seen) == 2
    assert not seen[1].exists()


def test_cancelling_keeps_what_is_complete_and_kills_the_makers(tmp_path: Path) -> None:
    killed: list[bool] = []

    class Killed(Marking):
        def kill(self) -> None:
            killed.append(True)

    class Stop(NoProgress):
        steps = 0

        def advance(self, steps: int = 1) -> None:
            self.steps += steps

        def check_cancelled(self) -> None:
            if self.steps:
                raise CancelledError

    for index in range(30):
        write(instance(), tmp_path / f"{index}.dcm")

    with pytest.raises(CancelledError):
        make_one_each(
            Work(paths=(tmp_path,), progress=Stop(), durable=False), PLAN, lambda _: Killed()
        )

    assert killed
    assert all(path.name[0] != "." for path in tmp_path.iterdir())


def test_own_outputs_are_not_counted_where_names_have_numbers(tmp_path: Path) -> None:
    for file_name in ("a.dcm", "a_new.dcm", "own_0001.dcm", "z.dcm"):
        write(instance(), tmp_path / file_name)
    plan = PLAN._replace(own_stem=re.compile(r"own_\d+"))
    given: dict[str, int] = {}

    def name(path: Path, number: int, _: Made) -> Name:
        given[path.name] = number
        return Name(path.parent, f"{path.stem}_made", ".dcm")

    make_one_each(Work(paths=(tmp_path,), durable=False), plan, new_marking, name=name)

    assert given == {"a.dcm": 1, "own_0001.dcm": 1, "z.dcm": 2}


def test_of_a_link_its_file_is_replaced(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "elsewhere" / "a.dcm")
    link = tmp_path / "in" / "link.dcm"
    link.parent.mkdir()
    link.symlink_to(path)

    run(link, in_place=True)

    assert link.is_symlink()
    assert path.read_bytes()[:128] == b"\1" * 128


def test_a_file_that_changes_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "a.dcm")

    class Slow(Marking):
        def make(self, opened: OpenedFile) -> Made | Skipped:
            made = super().make(opened)
            path.write_bytes(b"changed")
            return made

    work = Work(paths=(path,), options={"in_place": True}, durable=False)
    report = make_one_each(work, PLAN, lambda _: Slow())

    assert [outcome.status for outcome in report.files] == ["failed"]
    assert path.read_bytes() == b"changed"
    assert names(tmp_path) == ["a.dcm"]


def test_two_inputs_never_fight_for_one_name(tmp_path: Path) -> None:
    for folder in range(20):
        write(instance(folder), tmp_path / str(folder) / "a.dcm")
    out = tmp_path / "out"

    report = run(tmp_path, out=out, name=lambda _, __, ___: Name(out, "same", ".dcm"))

    assert report.done == 20
    assert len(names(out)) == 20
