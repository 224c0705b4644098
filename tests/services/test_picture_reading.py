import hashlib
from pathlib import Path

import pytest

from isocenter.errors import ConflictError, InvalidInputError, IsocenterError
from isocenter.services.files import FileSource
from isocenter.services.picture_reading import Picture, ReadPicture, digest_of, read_pictures
from isocenter.services.reports import Work
from tests.foreign import encoded, grey


def picture(path: Path, number: int, data: bytes) -> Picture:
    path.write_bytes(data)
    with FileSource(path) as source:
        return Picture(path, source.stamp, digest_of(source), b"group", number)


def test_pictures_come_in_their_order_and_bad_ones_as_errors(tmp_path: Path) -> None:
    contents = [encoded(grey(), "PNG"), b"hello", encoded(grey(), "GIF")]
    given = [picture(tmp_path / f"{n}", n, data) for n, data in enumerate(contents)]
    (tmp_path / "scratch").mkdir()
    work = Work(paths=(tmp_path,), jobs=2)

    found = list(read_pictures(work, given, tmp_path / "scratch", multi_frame=False))

    assert [one for one, _ in found] == given
    kinds = [ReadPicture, InvalidInputError, ReadPicture]
    assert all(isinstance(read, kind) for (_, read), kind in zip(found, kinds, strict=True))
    read = found[0][1]
    assert not isinstance(read, IsocenterError)
    assert read.scratch.read_bytes() == grey().tobytes()
    assert len(list((tmp_path / "scratch").iterdir())) == 2


def test_a_picture_that_changed_since_it_was_looked_at_is_refused(tmp_path: Path) -> None:
    given = picture(tmp_path / "a", 1, encoded(grey(), "PNG"))
    (tmp_path / "a").write_bytes(encoded(grey()[:4], "PNG"))
    (tmp_path / "scratch").mkdir()

    ((_, read),) = read_pictures(
        Work(paths=(tmp_path,)), [given], tmp_path / "scratch", multi_frame=False
    )

    assert isinstance(read, ConflictError)
    assert not list((tmp_path / "scratch").iterdir())


def test_digests_are_those_of_the_whole_file(tmp_path: Path) -> None:
    data = bytes(3_000_001)
    (tmp_path / "a").write_bytes(data)

    with FileSource(tmp_path / "a") as source:
        assert digest_of(source) == hashlib.sha256(data).digest()


def test_readers_end_where_nobody_waits_for_them(tmp_path: Path) -> None:
    given = [picture(tmp_path / f"{n}", n, encoded(grey(), "PNG")) for n in range(20)]
    (tmp_path / "scratch").mkdir()
    reading = read_pictures(Work(paths=(tmp_path,)), given, tmp_path / "scratch", multi_frame=True)

    next(iter(reading))
    reading.close()  # type: ignore[attr-defined]  # it is a generator

    with pytest.raises(StopIteration):
        next(reading)
