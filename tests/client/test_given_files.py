import contextlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.client.given_files import find_items, open_item
from isocenter.errors import InvalidInputError, NotFoundError
from tests import builders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("2.dcm", "10.dcm", "sub/1.png", ".hidden/3.dcm", ".DS_Store"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def names(given: object, folder: Path) -> list[str]:
    items, is_single = find_items(given)
    assert not is_single
    return [Path(str(item)).relative_to(folder).as_posix() for item in items]


def content(item: object) -> tuple[str, bytes, bytes]:
    with contextlib.ExitStack() as stack:
        given = open_item(item, stack)
        with given.open() as first:
            once = first.read()
        with given.open() as second:
            return given.name, once, second.read()


def test_a_folder_is_its_files_in_natural_order_without_hidden_ones(folder: Path) -> None:
    assert names(folder, folder) == ["2.dcm", "10.dcm", "sub/1.png"]


def test_a_pattern_is_the_files_that_it_fits(folder: Path) -> None:
    assert names(str(folder / "*.dcm"), folder) == ["2.dcm", "10.dcm"]
    assert names(f"{folder}/**/*.png", folder) == ["sub/1.png"]


def test_lists_and_generators_may_hold_folders_and_patterns(folder: Path) -> None:
    given: Iterator[object] = (one for one in (folder / "10.dcm", f"{folder}/sub", "x.dcm"))

    items, is_single = find_items(given)

    assert not is_single
    assert list(items) == [folder / "10.dcm", folder / "sub" / "1.png", "x.dcm"]


def test_one_thing_is_one_thing(folder: Path) -> None:
    (dataset,) = builders.series(1)

    for one in (folder / "2.dcm", str(folder / "2.dcm"), b"data", io.BytesIO(), dataset):
        items, is_single = find_items(one)
        assert is_single
        assert list(items) == [one]


def test_a_name_with_signs_of_a_pattern_is_a_file_if_it_is_there(folder: Path) -> None:
    path = folder / "a[1].dcm"
    path.touch()

    assert find_items(str(path)) == ([str(path)], True)


def test_nothing_that_fits_is_an_error(folder: Path) -> None:
    with pytest.raises(NotFoundError):
        find_items(str(folder / "*.xyz"))
    with pytest.raises(InvalidInputError):
        find_items(7)


def test_everything_can_be_read_twice(folder: Path) -> None:
    path = folder / "2.dcm"
    named = path.open("rb")

    assert content(path) == (str(path), b"2.dcm", b"2.dcm")
    assert content(b"data") == ("file", b"data", b"data")
    assert content(bytearray(b"data")) == ("file", b"data", b"data")
    assert content(io.BytesIO(b"data")) == ("file", b"data", b"data")
    with named:
        assert content(named) == (str(path), b"2.dcm", b"2.dcm")


def test_a_data_set_is_its_file() -> None:
    (dataset,) = builders.series(1)

    name, once, again = content(dataset)

    assert name == "instance.dcm"
    assert once == again
    assert once[128:132] == b"DICM"


def test_what_is_not_there_or_no_file_is_said(folder: Path) -> None:
    shutil.rmtree(folder / "sub")

    with pytest.raises(NotFoundError):
        content(folder / "sub" / "1.png")
    with pytest.raises(InvalidInputError, match="int"):
        content(3)
    with pytest.raises(InvalidInputError, match="'rb'"):
        content(io.StringIO("text"))
