"""Fuzz of the header index: equal to pydicom, or a clean error, in bounded time and memory.

The corpus is fixed and the mutations are derandomised: every run tries the same streams.
"""

import logging
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pydicom.data
import pytest
from pydicom.uid import ImplicitVRLittleEndian, JPEGBaseline8Bit

from isocenter.errors import InvalidInputError, TooLargeError
from tests.builders import add_private, instance, set_fragments, to_bytes
from tests.fuzz.mutations import mutations
from tests.header_view import seen_by_pydicom, seen_in_bytes

PYDICOM_FILES = Path(pydicom.data.__file__).parent
SMALL_BYTES = 60_000
CPU_SECONDS_MAX = 0.5
MEMORY_FACTOR, MEMORY_BYTES = 60, 2_000_000
MUTATIONS, MUTATIONS_FULL = 250, 12_000


@pytest.fixture(autouse=True)
def _quiet_pydicom() -> Iterator[None]:
    """Keep pydicom's log of each broken value out of the report."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def built() -> list[bytes]:
    """Return instances of our own in each encoding, with sequences in both forms of length."""
    explicit, implicit = add_private(instance()), add_private(instance(modality="MR"))
    implicit.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    for dataset in (explicit, implicit):
        item = dataset.RequestAttributesSequence[0]
        item.ScheduledProtocolCodeSequence = [add_private(instance(rows=2, columns=2))]
        for element in (
            dataset["RequestAttributesSequence"],
            item["ScheduledProtocolCodeSequence"],
        ):
            element.is_undefined_length = True
            element.value[0].is_undefined_length_sequence_item = True
    frames = set_fragments(instance(), [b"\xff\xd8ab", b"\xff\xd8cdef"], JPEGBaseline8Bit)
    without_meta = to_bytes(instance(modality="PT"))
    without_meta = without_meta[without_meta.index(b"\x08\0\x05\0CS") :]
    return [to_bytes(explicit), to_bytes(implicit), to_bytes(frames), without_meta]


def installed() -> list[bytes]:
    """Return pydicom's small test files."""
    paths = sorted(path for path in PYDICOM_FILES.rglob("*.dcm"))
    return [path.read_bytes() for path in paths if path.stat().st_size < SMALL_BYTES]


def outcome(data: bytes) -> str:
    """Return what became of the stream; anything that must not happen fails the test."""
    started = time.process_time()
    try:
        _, seen = seen_in_bytes(data)
    except (InvalidInputError, TooLargeError) as error:
        return name_of(error)
    finally:
        assert time.process_time() - started < CPU_SECONDS_MAX
    try:
        expected = seen_by_pydicom(data)
    except Exception as error:  # noqa: BLE001 - pydicom decodes some values at once and may fail
        return f"pydicom raised {type(error).__name__}"
    assert seen == expected
    return "equal"


def name_of(error: Exception) -> str:
    """Return the class of an error whose sentence can be shown."""
    assert str(error).isprintable()
    return type(error).__name__


def fuzz(seeds: list[bytes], count: int) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for number, seed in enumerate(seeds):
        other = seeds[(7 * number + 3) % len(seeds)]
        for turn, data in enumerate(mutations(seed, other, count, number)):
            try:
                outcomes[outcome(data)] += 1
            except BaseException:
                print(f"seed {number}, mutation {turn} of {count}, {len(data)} bytes")
                raise
    return outcomes


def check(outcomes: Counter[str], seeds: int, count: int) -> None:
    print(outcomes.most_common())
    assert outcomes.total() == seeds * count
    # The mutations reach both sides: a fifth and more is still readable, most is not.
    assert outcomes["equal"] > outcomes.total() // 10
    assert outcomes["UnusualEncodingError"] > outcomes.total() // 10
    without_truth = sum(number for name, number in outcomes.items() if name.startswith("pydicom"))
    assert without_truth < outcomes.total() // 100


@pytest.mark.slow
def test_mutations_of_built_instances_are_read_like_pydicom_or_refused() -> None:
    seeds = built()

    check(fuzz(seeds, 10 * MUTATIONS), len(seeds), 10 * MUTATIONS)


@pytest.mark.slow
def test_mutations_of_installed_files_are_read_like_pydicom_or_refused() -> None:
    seeds = installed()

    check(fuzz(seeds, MUTATIONS), len(seeds), MUTATIONS)


@pytest.mark.full
def test_many_mutations_are_read_like_pydicom_or_refused() -> None:
    seeds = built() + installed()

    check(fuzz(seeds, MUTATIONS_FULL), len(seeds), MUTATIONS_FULL)


@pytest.mark.full
def test_mutations_of_real_files_are_read_like_pydicom_or_refused(shared_data: Path) -> None:
    paths = sorted((shared_data / "dicom").rglob("*"))
    seeds = [
        path.read_bytes() for path in paths if path.is_file() and path.stat().st_size < 200_000
    ]

    fuzz(seeds, 100)


def test_memory_is_bounded_by_the_size_of_the_stream() -> None:
    seeds = built() + installed()[::4]
    for number, seed in enumerate(seeds):
        for data in mutations(seed, seeds[number - 1], 9, 1000 + number):
            tracemalloc.start()
            try:
                seen_in_bytes(data)
            except (InvalidInputError, TooLargeError):
                pass
            finally:
                _, peak_bytes = tracemalloc.get_traced_memory()
                tracemalloc.stop()
            assert peak_bytes < MEMORY_FACTOR * len(data) + MEMORY_BYTES


def test_mutations_are_the_same_in_every_run() -> None:
    first, second = built()[:2]

    assert list(mutations(first, second, 50, 1)) == list(mutations(first, second, 50, 1))
    assert list(mutations(first, second, 50, 1)) != list(mutations(first, second, 50, 2))
