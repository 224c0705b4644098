import itertools
import math
import random
from collections.abc import Sequence

import pytest

from isocenter.dicom.stacks import Slice, Stack, find_stacks
from tests.in_memory import summaries
from tests.raw_instance import Elements, ct_slice, part10, text, us

ECHO_TIME, TEMPORAL_IDENTIFIER, B_VALUE = 0x00180081, 0x00200100, 0x00189087
TRIGGER_TIME, ACQUISITION_NUMBER, IMAGE_TYPE = 0x00181060, 0x00200012, 0x00080008
FRAME_OF_REFERENCE, CONTENT_TIME = 0x00200052, 0x00080033
SAGITTAL, CORONAL = "0\\1\\0\\0\\0\\-1", "1\\0\\0\\0\\0\\-1"


def at(z: float, x: float = 0.0, y: float = 0.0, **elements: str) -> Elements:
    """Return a slice at a position; keywords in `KEYWORDS` give it more elements."""
    one = ct_slice(position=(x, y, z))
    for name, value in elements.items():
        tag, vr = KEYWORDS[name]
        one[tag] = text(vr, value)
    return one


KEYWORDS = {
    "echo": (ECHO_TIME, "DS"),
    "time": (TEMPORAL_IDENTIFIER, "IS"),
    "trigger": (TRIGGER_TIME, "DS"),
    "number": (ACQUISITION_NUMBER, "IS"),
    "image_type": (IMAGE_TYPE, "CS"),
    "content_time": (CONTENT_TIME, "TM"),
    "frame_of_reference": (FRAME_OF_REFERENCE, "UI"),
    "orientation": (0x00200037, "DS"),
    "instance": (0x00200013, "IS"),
    "series": (0x0020000E, "UI"),
    "patient": (0x00100020, "LO"),
    "location": (0x00201041, "DS"),
}


def slices_of(elements: Sequence[Elements]) -> list[Slice]:
    """Return the summaries of slices, numbered as they come unless they have a number."""
    streams = []
    for index, one in enumerate(elements):
        numbered = {0x00200013: text("IS", str(index + 1))}
        given = {tag: raw for tag, raw in one.items() if tag != 0x00200013 or raw.value != b"1 "}
        own = {0x00080018: text("UI", f"1.2.{index}")}
        streams.append(part10({**numbered, **given, **own}))
    return [one for one, _ in summaries(streams)]


def stacks_of(elements: Sequence[Elements]) -> list[Stack]:
    return find_stacks(slices_of(elements))


def only_stack(elements: Sequence[Elements]) -> Stack:
    (stack,) = stacks_of(elements)
    return stack


def order(stack: Stack) -> list[int]:
    return [frame.slice.source_index for frame in stack.frames]


def test_slices_are_ordered_along_the_normal_whatever_their_numbers() -> None:
    heights = [30.0, 0.0, 20.0, 10.0]

    stack = only_stack([at(z) for z in heights])

    assert order(stack) == [1, 3, 2, 0]
    assert [frame.location_index for frame in stack.frames] == [1, 2, 3, 4]
    assert stack.spacing_mm == 10.0
    assert stack.is_regular
    assert stack.dimensions == ()
    assert stack.notes == ()


@pytest.mark.parametrize(
    ("orientation", "normal"),
    [(SAGITTAL, (-1, 0, 0)), (CORONAL, (0, 1, 0)), ("1\\0\\0\\0\\0.8\\0.6", (0, -0.6, 0.8))],
)
def test_other_planes_are_ordered_along_their_own_normal(
    orientation: str, normal: tuple[float, float, float]
) -> None:
    """The normal is row times column: (0,1,0)x(0,0,-1) = (-1,0,0), and so on."""
    steps = [3, 0, 2, 1]
    placed = [[step * 2.5 * along for along in normal] for step in steps]

    stack = only_stack([at(z, x, y, orientation=orientation) for x, y, z in placed])

    assert order(stack) == [1, 3, 2, 0]
    assert stack.spacing_mm == pytest.approx(2.5)
    assert stack.is_regular


def test_a_tilted_gantry_gives_the_distance_along_the_normal() -> None:
    """Tilt of 20 degrees, table step of 5 mm: the planes are 5 cos 20 apart (PS3.3 C.7.6.2.1.1)."""
    cos, sin = math.cos(math.radians(20)), math.sin(math.radians(20))
    orientation = f"1\\0\\0\\0\\{cos:.8f}\\{sin:.8f}"

    stack = only_stack([at(5.0 * index, orientation=orientation) for index in range(5)])

    assert stack.spacing_mm == pytest.approx(5 * cos)
    assert stack.is_regular


def test_a_gap_is_reported_and_nothing_is_filled_in() -> None:
    stack = only_stack([at(z) for z in (0.0, 1.0, 2.0, 5.0, 6.0)])

    assert len(stack.frames) == 5
    assert not stack.is_regular
    assert stack.notes == ("gap: about 2 slice(s) missing between locations 3 and 4",)


def test_uneven_spacing_is_reported() -> None:
    stack = only_stack([at(z) for z in (0.0, 1.0, 2.2, 3.2)])

    assert stack.spacing_mm == pytest.approx(1.0)
    assert not stack.is_regular
    assert "not evenly spaced" in stack.notes[0]


def test_slices_that_leave_the_line_are_no_regular_volume() -> None:
    """A viewer would place them by the first position and the spacing."""
    stack = only_stack([at(float(z), x=40.0 if z > 3 else 0.0) for z in range(6)])

    assert not stack.is_regular
    assert "one line" in stack.notes[0]


def test_one_slice_is_a_stack() -> None:
    stack = only_stack([at(3.0)])

    assert stack.spacing_mm is None
    assert not stack.is_regular
    assert stack.notes == ()


def test_orientations_are_stacks_of_their_own() -> None:
    """Scouts: one series, a sagittal and a coronal image."""
    stacks = stacks_of(
        [
            at(0.0),
            at(0.0, orientation=SAGITTAL),
            at(1.0),
            at(0.0, 5.0, orientation=SAGITTAL),
            at(0.0, orientation=CORONAL),
        ]
    )

    assert [sorted(order(stack)) for stack in stacks] == [[0, 2], [1, 3], [4]]


def test_orientation_may_jitter_in_its_last_digits() -> None:
    stack = only_stack([at(0.0), at(1.0, orientation="1\\0.0005\\0\\0\\1\\0"), at(2.0)])

    assert order(stack) == [0, 1, 2]


@pytest.mark.parametrize("tilt", [0.0, 0.4])
def test_stacks_side_by_side_are_separate(tilt: float) -> None:
    """Bilateral breast MR: two boxes at the same heights; also where the gantry is tilted."""
    left = [at(5.0 * z, x=0.0, y=5.0 * tilt * z) for z in range(4)]
    right = [at(5.0 * z, x=150.0, y=5.0 * tilt * z) for z in range(4)]
    mixed = [one for pair in zip(left, right, strict=True) for one in pair]

    stacks = stacks_of(mixed)

    assert [order(stack) for stack in stacks] == [[0, 2, 4, 6], [1, 3, 5, 7]]
    assert all(stack.is_regular for stack in stacks)


def test_time_points_in_stacks_side_by_side_stay_with_their_stack() -> None:
    elements = [
        at(float(z), x=x, time=str(time))
        for time, z, x in itertools.product((1, 2), range(3), (0.0, 90.0))
    ]

    stacks = stacks_of(elements)

    assert [len(stack.frames) for stack in stacks] == [6, 6]
    assert all(stack.dimensions == (TEMPORAL_IDENTIFIER,) for stack in stacks)


def test_a_frame_of_reference_for_each_slice_makes_no_stack_of_its_own() -> None:
    """As in the real series ct_chest_60; also with a gap, and with one slice sent twice."""
    plain = [at(float(z), frame_of_reference=f"1.3.{z}") for z in range(8)]

    stack = only_stack(plain)
    assert not stack.has_one_frame_of_reference
    assert len(only_stack([one for z, one in enumerate(plain) if z != 4]).frames) == 7
    again = only_stack([*plain, at(3.0, frame_of_reference="1.3.99", content_time="120000")])
    assert len(again.frames) == 9


def test_a_missing_frame_of_reference_is_not_one() -> None:
    missing = [at(float(z), frame_of_reference="") for z in range(3)]

    assert not only_stack(missing).has_one_frame_of_reference
    assert only_stack([at(float(z)) for z in range(3)]).has_one_frame_of_reference


def test_volumes_with_frames_of_reference_of_their_own_are_separate() -> None:
    """Positions of two Frames of Reference cannot be compared (PS3.3 C.7.4.1)."""
    first = [at(float(z), frame_of_reference="1.3.1") for z in range(4)]
    same_place = [at(float(z), frame_of_reference="1.3.2") for z in range(4)]
    far_away = [at(100.0 + z, frame_of_reference="1.3.2") for z in range(4)]

    for second in (same_place, far_away):
        stacks = stacks_of([*first, *second])
        assert [sorted(order(stack)) for stack in stacks] == [[0, 1, 2, 3], [4, 5, 6, 7]]
        assert all(stack.has_one_frame_of_reference for stack in stacks)


def test_two_frames_of_reference_that_form_one_stack_are_one() -> None:
    elements = [at(float(z), frame_of_reference=f"1.3.{z // 3}") for z in range(6)]

    assert order(only_stack(elements)) == [0, 1, 2, 3, 4, 5]


def test_two_echoes_at_five_times_are_two_dimensions() -> None:
    elements = [
        at(float(z), echo=echo, time=str(time))
        for z, time, echo in itertools.product(range(3), range(1, 6), ("90", "9.5"))
    ]

    stack = only_stack(elements)

    assert stack.dimensions == (ECHO_TIME, TEMPORAL_IDENTIFIER)
    places = [(*frame.dimension_indices, frame.location_index) for frame in stack.frames]
    assert places == [*itertools.product((1, 2), range(1, 6), range(1, 4))]
    first = elements[order(stack)[0]]
    assert first[ECHO_TIME].value == b"9.5 ", "9.5 ms come before 90 ms"
    assert stack.is_regular


def test_diffusion_directions_that_only_time_tells_apart_get_an_order_in_time() -> None:
    elements = []
    for z, (b, when) in itertools.product(range(2), (("0", "01"), ("1000", "03"), ("1000", "02"))):
        one = at(float(z), content_time=f"1200{when}")
        one[B_VALUE] = text("DS", b)
        elements.append(one)

    stack = only_stack(elements)

    assert stack.dimensions == (B_VALUE, 0)
    assert [frame.dimension_indices for frame in stack.frames[::2]] == [(1, 1), (2, 1), (2, 2)]
    assert order(stack) == [0, 3, 2, 5, 1, 4]
    assert stack.notes == ()


def test_a_slice_missing_in_one_time_point_moves_no_other() -> None:
    elements = [
        at(float(z), time=str(time))
        for time, z in itertools.product((1, 2, 3), range(3))
        if (time, z) != (2, 1)
    ]

    stack = only_stack(elements)

    places = {(*frame.dimension_indices, frame.location_index) for frame in stack.frames}
    assert places == {*itertools.product((1, 2, 3), (1, 2, 3))} - {(2, 2)}
    assert not stack.is_regular
    assert stack.notes == ("locations hold between 2 and 3 slices each",)


def test_a_cine_at_one_location_is_ordered_by_trigger_time() -> None:
    elements = [at(0.0, trigger=trigger) for trigger in ("100", "20", "3")]

    stack = only_stack(elements)

    assert stack.dimensions == (TRIGGER_TIME,)
    assert order(stack) == [2, 1, 0]
    assert stack.spacing_mm is None


def test_magnitude_and_phase_are_told_apart_by_image_type() -> None:
    kinds = ("ORIGINAL\\PRIMARY\\P", "ORIGINAL\\PRIMARY\\M")

    stack = only_stack([at(float(z), image_type=kind) for z in range(2) for kind in kinds])

    assert stack.dimensions == (IMAGE_TYPE,)
    assert order(stack) == [1, 3, 0, 2]


def test_slices_that_differ_only_in_number_are_all_kept_and_reported() -> None:
    doubled = only_stack([at(float(z)) for z in range(3) for _ in range(2)])

    assert len(doubled.frames) == 6
    assert not doubled.is_regular, "an order by numbers is none in time"
    assert doubled.notes == ("2 slices at every location, told apart by their numbers alone",)
    once = only_stack([at(0.0), at(1.0), at(1.0), at(2.0)])
    assert set(once.notes) == {
        "locations hold between 1 and 2 slices each",
        "1 slice(s) lie where another does and only their numbers differ",
    }


def test_values_that_are_no_numbers_are_ordered_as_text() -> None:
    stack = only_stack([at(0.0, number=number) for number in ("b", "10", "")])

    assert order(stack) == [2, 1, 0]


def test_slices_without_a_position_are_ordered_by_location_and_number() -> None:
    located = [at(0.0, location=location) for location in ("5", "-5", "0")]
    numbered = [at(0.0, instance=number) for number in ("9", "10", "8")]
    for one in (*located, *numbered):
        del one[0x00200032]

    by_location, by_number = only_stack(located), only_stack(numbered)

    assert order(by_location) == [1, 2, 0]
    assert order(by_number) == [2, 0, 1]
    assert by_number.spacing_mm is None
    assert not by_number.is_regular
    assert not by_number.is_placed


def test_slices_without_position_and_number_are_ordered_by_time() -> None:
    """Single pictures of an ultrasound: no number, or the same in all."""
    times = ["101503", "101501", "101502", "101500"]
    elements = [at(0.0, instance="7", content_time=time) for time in times]
    for one in elements:
        del one[0x00200032]

    assert order(only_stack(elements)) == [3, 1, 2, 0]


@pytest.mark.parametrize("position", ["1\\2", "1\\2\\nan", "a\\b\\c", ""])
def test_a_slice_with_a_broken_position_is_kept_apart(position: str) -> None:
    broken = at(1.0)
    broken[0x00200032] = text("DS", position)

    stacks = stacks_of([at(0.0), broken, at(2.0)])

    assert [order(stack) for stack in stacks] == [[0, 2], [1]]


def test_series_patients_and_sizes_are_never_mixed() -> None:
    wide = at(3.0)
    wide[0x00280011] = us(2)

    stacks = stacks_of([at(0.0), at(1.0, patient="P2"), at(2.0, series="1.9"), wide, at(1.0)])

    assert sorted(sorted(order(stack)) for stack in stacks) == [[0, 4], [1], [2], [3]]


def test_the_stacks_do_not_depend_on_the_order_of_the_inputs() -> None:
    """Not even where nothing but their bytes tells slices apart."""
    elements = [at(float(z % 3), instance="5") for z in range(9)]
    elements += [at(0.0, orientation=CORONAL, instance="x") for _ in range(2)]
    slices = slices_of(elements)
    expected = [[frame.slice.digest for frame in stack.frames] for stack in find_stacks(slices)]

    for seed in range(5):
        shuffled = random.Random(seed).sample(slices, len(slices))
        found = [[frame.slice.digest for frame in stack.frames] for stack in find_stacks(shuffled)]
        assert found == expected


def test_series_come_in_order_of_their_first_input() -> None:
    stacks = stacks_of([at(0.0, series="1.9", instance="7"), at(0.0, series="1.2"), at(1.0)])

    assert [stack.group.series_instance_uid for stack in stacks] == [
        b"1.9",
        b"1.2",
        b"1.2.826.0.3",
    ]
