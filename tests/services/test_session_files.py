"""Files of a session as rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.errors import NotFoundError
from isocenter.services.session_files import (
    Naming,
    files_named,
    find_file,
    list_files,
    list_names,
    next_number,
    remove_files,
    size_of_session,
)
from tests.sessions import Bench, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


def test_files_are_listed_by_number_with_what_was_stored(bench: Bench) -> None:
    session_id = bench.new_session({"b": b"bb", "a": b"a"})

    with bench.database.read() as connection:
        files = list_files(connection, session_id, "input")
        assert [(one.number, one.name, one.size_bytes) for one in files] == [
            (1, "b", 2),
            (2, "a", 1),
        ]
        assert dict(list_names(connection, session_id, "input")) == {
            one.name: one.blob_key for one in files
        }
        assert list_files(connection, session_id, "output") == []
        assert next_number(connection, session_id, "input") == 3
        assert next_number(connection, session_id, "output") == 1
        assert size_of_session(connection, session_id) == 3
        assert find_file(connection, session_id, "a") == files[1]
        with pytest.raises(NotFoundError):
            find_file(connection, session_id, "c")


def test_more_names_and_ids_than_one_statement_takes(bench: Bench) -> None:
    names = [f"{k}.dcm" for k in range(1200)]
    session_id = bench.new_session(dict.fromkeys(names, b"x"))

    with bench.database.begin() as connection:
        found = files_named(connection, session_id, "input", names)
        assert set(found) == set(names)
        remove_files(connection, [one.id for one in found.values()])
        assert list_files(connection, session_id, "input") == []


def test_naming_remembers_what_it_gave() -> None:
    naming = Naming([("a.dcm", "k1")])

    assert naming.name_input("a.dcm", "k1") == ("a.dcm", True)
    assert naming.name_input("A.dcm", "k2") == ("A__2.dcm", False)
    assert naming.name_input("a.dcm", "k2") == ("A__2.dcm", True)
    assert naming.name_output("a.dcm", "k3") == ("a_2.dcm", False)
    assert naming.name_output("a.dcm", "k3") == ("a_2.dcm", True)
