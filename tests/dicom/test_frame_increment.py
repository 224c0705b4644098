import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydicom import Dataset

from isocenter.dicom.frame_increment import frame_increment
from isocenter.dicom.stacks import find_stacks
from isocenter.errors import NotSupportedError
from tests.builders import to_bytes
from tests.in_memory import merged_stack, summaries
from tests.pictures import pictures

FRAME_TIME, FRAME_TIME_VECTOR, PAGE_VECTOR, SLICE_VECTOR = (
    *(0x00181063, 0x00181065, 0x00182001, 0x00540080),
)


def joined(kind: str, count: int, vary: Callable[[int, Dataset], None]) -> Dataset:
    return merged_stack([to_bytes(one) for one in pictures(kind, count, vary=vary)]).dataset


def at_times(
    *times: str, dates: str = "", keyword: str = "Acquisition"
) -> Callable[[int, Dataset], None]:
    """Return what gives the slices these times, and dates separated by blanks."""
    days = dates.split() or ["20240131"] * len(times)

    def vary(index: int, dataset: Dataset) -> None:
        for prefix in ("Acquisition", "Content"):
            for part in ("Date", "Time"):
                if f"{prefix}{part}" in dataset:
                    delattr(dataset, f"{prefix}{part}")
        if times[index]:
            setattr(dataset, f"{keyword}Time", times[index])
        if days[index] != "-":
            setattr(dataset, f"{keyword}Date", days[index])

    return vary


@pytest.mark.parametrize("kind", ["US", "XA", "RF", "SC"])
def test_even_times_give_one_frame_time_in_milliseconds(kind: str) -> None:
    times = [f"1015{tenths / 10:07.4f}" for tenths in (0, 5, 10, 15)]

    dataset = joined(kind, 4, at_times(*times))

    assert dataset.FrameIncrementPointer == FRAME_TIME
    assert dataset.FrameTime == 500
    assert "FrameTimeVector" not in dataset


def test_uneven_times_give_a_vector_that_begins_with_zero() -> None:
    """PS3.3 C.7.6.5.1.2: the increment of each frame from the one before."""
    dataset = joined("XA", 4, at_times("101500", "101501.5", "101501.5", "101504"))

    assert dataset.FrameIncrementPointer == FRAME_TIME_VECTOR
    assert dataset.FrameTimeVector == [0, 1500, 0, 2500]
    assert "FrameTime" not in dataset


def test_steps_within_a_hundredth_are_even() -> None:
    assert joined("XA", 3, at_times("101500.000", "101500.100", "101500.201")).FrameTime == 100.5
    uneven = joined("XA", 3, at_times("101500.000", "101500.100", "101500.203"))
    assert uneven.FrameIncrementPointer == FRAME_TIME_VECTOR


def test_midnight_is_crossed_by_date() -> None:
    times = ("235959", "000001", "000003")

    with_dates = joined("XA", 3, at_times(*times, dates="20240131 20240201 20240201"))

    assert with_dates.FrameTime == 2000
    with pytest.raises(NotSupportedError):
        joined("XA", 3, at_times(*times, dates="- - -"))


def test_times_of_acquisition_come_before_those_of_content() -> None:
    def both(index: int, dataset: Dataset) -> None:
        dataset.AcquisitionTime = f"10150{index}"
        dataset.ContentTime = f"1015{10 * index:02d}"

    assert joined("US", 3, both).FrameTime == 1000
    of_content = at_times("101500", "101510", "101520", keyword="Content")
    assert joined("US", 3, of_content).FrameTime == 10000


def test_a_frame_time_of_the_slices_is_kept() -> None:
    def timed(_: int, dataset: Dataset) -> None:
        dataset.FrameTime = "33.3"

    dataset = joined("XA", 3, timed)

    assert dataset.FrameTime == pytest.approx(33.3)
    assert dataset.FrameIncrementPointer == FRAME_TIME


@pytest.mark.parametrize("value", ["0", "", "0.0"])
def test_a_frame_time_of_nothing_tells_nothing(value: str) -> None:
    """PS3.3 C.7.6.6.1.1: a single frame may have Frame Time 0."""

    def still(_: int, dataset: Dataset) -> None:
        dataset.FrameTime = value

    assert joined("XA", 3, still).FrameTime == 1000


@pytest.mark.parametrize(
    ("times", "dates"),
    [
        (("101500", "", "101502"), ""),
        (("101500", "101500", "101500"), ""),
        (("101502", "101501", "101500"), ""),
        (("10", "11", "12"), ""),
        (("101500", "101501", "101502"), "20240131 - 20240131"),
        (("101500", "101501", "101502"), "20240131 20240131 2024"),
    ],
)
@pytest.mark.usefixtures("odd_values_allowed")
def test_where_times_tell_nothing_frames_are_pages_and_x_ray_stays_single(
    times: tuple[str, ...], dates: str
) -> None:
    """Missing, equal, running back, whole hours, a date for some only, a date that is none."""
    dataset = joined("SC", 3, at_times(*times, dates=dates))

    assert dataset.FrameIncrementPointer == PAGE_VECTOR
    assert dataset.PageNumberVector == [1, 2, 3]
    for kind in ("XA", "RF"):
        with pytest.raises(NotSupportedError, match="time"):
            joined(kind, 3, at_times(*times, dates=dates))


def test_nm_slices_are_numbered_along_the_one_vector_that_they_have() -> None:
    def nothing(_: int, __: Dataset) -> None:
        pass

    dataset = joined("NM", 4, nothing)

    assert dataset.FrameIncrementPointer == SLICE_VECTOR
    assert dataset.SliceVector == [1, 2, 3, 4]
    assert dataset.NumberOfSlices == 4


@pytest.mark.parametrize(
    "pointers", [[0x00540010] * 3, [SLICE_VECTOR, SLICE_VECTOR, 0x00540010], [None] * 3]
)
def test_other_nm_frames_are_not_numbered(pointers: list[int | None]) -> None:
    """Energy windows; slices that say different things; slices that say nothing."""

    def point(index: int, dataset: Dataset) -> None:
        del dataset.FrameIncrementPointer
        if pointers[index] is not None:
            dataset.FrameIncrementPointer = pointers[index]

    with pytest.raises(NotSupportedError, match="NM"):
        joined("NM", 3, point)


@pytest.mark.parametrize("kind", ["SC", "NM"])
def test_vectors_that_one_value_cannot_hold_are_refused(kind: str) -> None:
    """A value in Explicit VR has at most 65,534 bytes (PS3.5 7.1.2)."""
    streams = [to_bytes(one) for one in pictures(kind, 2)]
    slices = [one for one, _ in summaries(streams)]
    (stack,) = find_stacks(slices)
    many = replace(stack, frames=tuple(itertools.islice(itertools.cycle(stack.frames), 33_000)))
    pointer = {0x00280009: b"\x28\0\x09\0AT\x04\0\x54\0\x80\0"}

    with pytest.raises(NotSupportedError, match="too many"):
        frame_increment(many, pointer, is_implicit=False)
