"""Several child processes of one kind."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError
from isocenter.jobs.sandbox import CHILD
from isocenter.limits import DEFAULT
from isocenter.services.child_pool import ChildPool
from isocenter.services.sources import REWRITE
from tests.builders import instance, write


def test_more_calls_than_children_take_turns(tmp_path: Path) -> None:
    source = write(instance(), tmp_path / "a.dcm")
    with ChildPool(2, DEFAULT, CHILD) as pool, ThreadPoolExecutor(6) as threads:
        facts = list(
            threads.map(lambda n: pool.run(REWRITE, source, tmp_path / f"out{n}"), range(6))
        )

    assert len(facts) == 6
    assert len(list(tmp_path.glob("out*"))) == 6


def test_child_that_failed_is_free_again(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"no dicom")
    source = write(instance(), tmp_path / "a.dcm")
    with ChildPool(1, DEFAULT, CHILD) as pool:
        with pytest.raises(InvalidInputError):
            pool.run(REWRITE, tmp_path / "bad", tmp_path / "out1")
        pool.run(REWRITE, source, tmp_path / "out2")
