"""One upload: all of its files or none, whatever they are called and whatever they hold."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError, NotFoundError, TooLargeError, TooManyFilesError
from isocenter.limits import DEFAULT
from tests.builders import CANARY, instance, to_bytes
from tests.sessions import OWNER, Bench, open_bench, slices
from tests.stores import HOUR_MS, Clock, files_under

HOSTILE = [
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "C:\\windows\\a.dcm",
    "qu\"ote's.dcm",
    "new\nline.dcm",
    "zero\0byte.dcm",
    "CON",
    "nul.dcm",
    "x" * 300 + ".dcm",
    "山田^太郎.dcm",
    "\ud800.dcm",
    "-rf",
    ".hidden",
    "",
    "..",
    "a/b/c.dcm",
    "$(reboot).dcm",
    "<script>.dcm",
    "%2e%2e%2fa.dcm",
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Bench]:
    limits = replace(DEFAULT, session_files=3, session_bytes=1000)
    with open_bench(tmp_path, limits=limits) as made:
        yield made


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return stream.getvalue()


def test_files_are_stored_byte_for_byte_with_their_facts(bench: Bench) -> None:
    session_id = bench.new_session()

    stored = bench.upload(session_id, slices(2))

    assert [one.name for one in stored] == ["0000.dcm", "0001.dcm"]
    assert [one.number for one in stored] == [1, 2]
    assert all(one.facts["is_dicom"] and one.facts["rows"] == 8 for one in stored)
    assert bench.sessions.files(OWNER, session_id).inputs == stored


def test_hostile_names_become_harmless_and_stay_within_the_store(bench: Bench) -> None:
    session_id = bench.new_session()

    stored = [
        bench.upload(session_id, {name: b"%d" % number})[0] for number, name in enumerate(HOSTILE)
    ]

    names = [one.name for one in stored]
    assert len(set(map(str.lower, names))) == len(HOSTILE)
    for number, name in enumerate(names):
        assert bench.read(session_id, name) == b"%d" % number
    keys = {one.blob_key for one in stored}
    assert {path.name for path in bench.blob_files()} == keys


def test_names_of_clients_are_no_names_of_files(bench: Bench) -> None:
    bench.new_session({f"{CANARY}.dcm": to_bytes(instance())})

    assert not any(CANARY in str(path.relative_to(bench.folder)) for path in all_files(bench))


def all_files(bench: Bench) -> list[Path]:
    return files_under(bench.folder)


def test_same_name_and_bytes_are_one_file_and_other_bytes_another(bench: Bench) -> None:
    session_id = bench.new_session({"a.dcm": b"1"})

    again = bench.upload(session_id, {"a.dcm": b"1", "x/a.dcm": b"2", "y/a.dcm": b"2"})

    assert [one.name for one in again] == ["a.dcm", "a__2.dcm", "a__2.dcm"]
    assert bench.names(session_id)[0] == ["a.dcm", "a__2.dcm"]


def test_names_that_differ_in_case_only_are_one_name(bench: Bench) -> None:
    session_id = bench.new_session({"a.dcm": b"1"})

    (other,) = bench.upload(session_id, {"A.DCM": b"2"})
    (same,) = bench.upload(session_id, {"A.dcm": b"1"})

    assert other.name == "A__2.DCM"
    assert same.name == "a.dcm"


def test_nothing_is_stored_without_finish(bench: Bench) -> None:
    session_id = bench.new_session()

    with bench.sessions.begin_upload(OWNER, session_id) as upload:
        part = upload.add_part("a.dcm")
        part.write(b"whole")
        part.close()
        upload.add_part("b.dcm").write(b"half")

    assert bench.names(session_id) == ([], [])
    assert bench.blob_files() == []


def test_an_upload_without_files_is_refused(bench: Bench) -> None:
    session_id = bench.new_session()

    with (
        bench.sessions.begin_upload(OWNER, session_id) as upload,
        pytest.raises(InvalidInputError, match="no files"),
    ):
        upload.finish()


def test_one_file_too_many_and_nothing_is_stored(small: Bench) -> None:
    session_id = small.new_session({"a": b"a"})

    with pytest.raises(TooManyFilesError):
        small.upload(session_id, {"b": b"b", "c": b"c", "d": b"d"})

    assert small.names(session_id)[0] == ["a"]
    assert len(small.blob_files()) == 1


def test_2001_files_are_refused_and_2000_are_not(bench: Bench) -> None:
    session_id = bench.new_session()
    files = {f"{k}.dcm": b"%d" % k for k in range(2000)}

    with pytest.raises(TooManyFilesError):
        bench.upload(session_id, {**files, "one-more.dcm": b"x"})
    assert bench.names(session_id)[0] == []
    assert bench.blob_files() == []

    assert len(bench.upload(session_id, files)) == 2000
    with pytest.raises(TooManyFilesError):
        bench.upload(session_id, {"one-more.dcm": b"x"})


def test_more_bytes_than_a_session_may_have_are_refused(small: Bench) -> None:
    session_id = small.new_session({"a": bytes(600)})

    with pytest.raises(TooLargeError):
        small.upload(session_id, {"b": b"b" * 500})
    with pytest.raises(TooLargeError):
        small.upload(session_id, {"c": bytes(2000)})

    assert small.names(session_id)[0] == ["a"]


def test_an_archive_becomes_its_files(bench: Bench) -> None:
    files = slices(3)
    session_id = bench.new_session()
    inside = {f"disc/{name}": data for name, data in files.items()}

    stored = bench.upload(session_id, {"all.zip": zipped(inside), "extra.dcm": b"x"})

    assert [one.name for one in stored] == [*files, "extra.dcm"]
    assert all(bench.read(session_id, name) == data for name, data in files.items())


@pytest.mark.parametrize(
    "data",
    [
        zipped({f"{k}": bytes(1 << 20) for k in range(100)}),
        zipped({f"{k}": b"" for k in range(2001)}),
        zipped({"a.dcm": b"x" * 1000})[:-30],
    ],
    ids=["bomb", "2001 files", "cut off"],
)
def test_a_hostile_archive_is_refused_with_all_that_came_with_it(bench: Bench, data: bytes) -> None:
    session_id = bench.new_session()

    with pytest.raises((InvalidInputError, TooLargeError)):
        bench.upload(session_id, {"good.dcm": b"good", "bad.zip": data})

    assert bench.names(session_id)[0] == []
    assert bench.blob_files() == []


def test_a_session_that_expires_meanwhile_takes_nothing(bench: Bench) -> None:
    session_id = bench.new_session()
    with bench.sessions.begin_upload(OWNER, session_id) as upload:
        part = upload.add_part("a.dcm")
        part.write(b"late")
        part.close()
        bench.clock.now_ms += HOUR_MS
        with pytest.raises(NotFoundError):
            upload.finish()

    assert bench.blob_files() == []


def test_an_empty_file_is_a_file(bench: Bench) -> None:
    session_id = bench.new_session()

    (stored,) = bench.upload(session_id, {"empty.dcm": b""})

    assert (stored.size_bytes, stored.facts) == (0, {"is_dicom": False})


class SlowClock(Clock):
    """A clock on which everything takes four seconds."""

    def __call__(self) -> int:
        self.now_ms += 4000
        return self.now_ms


def test_headers_that_take_too_long_are_left_to_the_actions(tmp_path: Path) -> None:
    limits = replace(DEFAULT, intake_seconds=7)
    with open_bench(tmp_path, limits=limits, clock=SlowClock()) as bench:
        session_id = bench.new_session()
        stored = bench.upload(session_id, {**slices(3), "x.txt": b"text"})

    problems = ["problem" in one.facts for one in stored]
    assert problems == [False, False, True, False]
    assert [one.facts["is_dicom"] for one in stored] == [True, True, True, False]
