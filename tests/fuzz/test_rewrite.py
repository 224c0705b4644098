"""Fuzz of the rewriting: what the index refuses becomes readable, or ends in a clean error."""

import io
import logging
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from isocenter.dicom.rewrite import rewrite
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import Limits
from tests.builders import add_private, instance, to_bytes
from tests.fuzz.mutations import mutations
from tests.fuzz.test_header_index import built, installed, name_of
from tests.header_view import seen_in_bytes

CPU_SECONDS_MAX = 5.0  # pydicom is at work; the child's deadline is 60
LIMITS = Limits(inflated_bytes=20_000_000)
MUTATIONS, MUTATIONS_FULL = 90, 4000


@pytest.fixture(autouse=True)
def _quiet_pydicom() -> Iterator[None]:
    """Keep pydicom's log of each broken value out of the report."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def odd() -> list[bytes]:
    """Return instances that the index always leaves to the rewriting."""
    made = []
    for uid in (ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian):
        dataset = add_private(instance())
        dataset.file_meta.TransferSyntaxUID = uid
        made.append(to_bytes(dataset))
    return made


def outcome(data: bytes) -> str:
    target = io.BytesIO()
    started = time.process_time()
    try:
        facts = rewrite(io.BytesIO(data), target, LIMITS)
    except (InvalidInputError, TooLargeError) as error:
        return name_of(error)
    finally:
        assert time.process_time() - started < CPU_SECONDS_MAX
    assert set(facts) == {"transfer_syntax_uid", "warnings"}
    seen_in_bytes(target.getvalue(), LIMITS)
    return "rewritten"


def fuzz(seeds: list[bytes], count: int) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for number, seed in enumerate(seeds):
        other = seeds[(7 * number + 3) % len(seeds)]
        for turn, data in enumerate(mutations(seed, other, count, 500 + number)):
            try:
                outcomes[outcome(data)] += 1
            except BaseException:
                print(f"seed {number}, mutation {turn} of {count}, {len(data)} bytes")
                raise
    print(outcomes.most_common())
    return outcomes


@pytest.mark.slow
def test_mutated_files_are_rewritten_readable_or_refused() -> None:
    outcomes = fuzz(odd() + built() + installed()[::2], MUTATIONS)

    assert outcomes["rewritten"] > outcomes.total() // 2


@pytest.mark.full
def test_many_mutated_files_are_rewritten_readable_or_refused() -> None:
    fuzz(odd() + built() + installed(), MUTATIONS_FULL)
