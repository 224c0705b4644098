import numpy as np
import pytest

from isocenter.dicom.yuv import (
    Plane,
    Quantisation,
    even,
    to_planes,
    to_rgb,
    usual_quantisation,
)

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def flat(colour: tuple[int, ...] | int, rows: int = 4, columns: int = 6) -> Plane:
    shape = (rows, columns, 3) if isinstance(colour, tuple) else (rows, columns)
    return np.full(shape, colour, np.uint8)


# The primaries as the recommendations quantise them, by hand from their equations.
@pytest.mark.parametrize(
    ("colour", "matrix", "is_full", "expected"),
    [
        (RED, "bt601", False, (81, 90, 240)),
        (GREEN, "bt601", False, (145, 54, 34)),
        (BLUE, "bt601", False, (41, 240, 110)),
        (RED, "bt709", False, (63, 102, 240)),
        (GREEN, "bt709", False, (173, 42, 26)),
        (BLUE, "bt709", False, (32, 240, 118)),
        (WHITE, "bt709", False, (235, 128, 128)),
        (RED, "bt601", True, (76, 85, 255)),
        (WHITE, "bt601", True, (255, 128, 128)),
    ],
)
def test_colours_become_the_numbers_of_the_recommendations(
    colour: tuple[int, ...], matrix: str, is_full: bool, expected: tuple[int, ...]
) -> None:
    planes = to_planes(flat(colour), Quantisation(matrix, is_full=is_full))

    assert [plane.shape for plane in planes] == [(4, 6), (2, 3), (2, 3)]
    assert tuple(int(plane[0, 0]) for plane in planes) == expected
    assert all((plane == plane[0, 0]).all() for plane in planes)


@pytest.mark.parametrize(("grey", "limited"), [(0, 16), (128, 126), (255, 235)])
def test_grey_has_no_colour(grey: int, limited: int) -> None:
    luma, blue, red = to_planes(flat(grey), Quantisation("bt601", is_full=False))

    assert (luma == limited).all()
    assert (blue == 128).all()
    assert (red == 128).all()
    full, *_ = to_planes(flat(grey), Quantisation("bt601", is_full=True))
    assert (full == grey).all()


def test_grey_in_three_colours_is_the_same_grey() -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for is_full in (False, True):
        how = Quantisation("bt709", is_full=is_full)
        ours = to_planes(np.repeat(ramp[..., None], 3, axis=2), how)
        assert all((a == b).all() for a, b in zip(ours, to_planes(ramp, how), strict=True))


def test_chroma_lies_on_the_even_columns_unless_the_range_is_full() -> None:
    picture = flat((0, 0, 0), 2, 6)
    picture[:, 2] = RED
    _, _, on_columns = to_planes(picture, Quantisation("bt601", is_full=False))
    _, _, between = to_planes(picture, Quantisation("bt601", is_full=True))

    assert on_columns.tolist() == [[128, 184, 128]]
    assert between.tolist() == [[128, 192, 128]]


@pytest.mark.parametrize("shape", [(1, 1), (3, 4), (4, 3), (5, 7, 3), (2, 2)])
def test_odd_sizes_get_their_border_repeated(shape: tuple[int, ...]) -> None:
    picture = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)

    made = even(picture)

    rows, columns = shape[:2]
    assert made.shape[:2] == (rows + rows % 2, columns + columns % 2)
    assert (made[:rows, :columns] == picture).all()
    assert (made[-1, :columns] == picture[-1]).all()
    assert (made[:rows, -1] == picture[:, -1]).all()


def test_high_definition_is_bt709() -> None:
    assert usual_quantisation(512, 512) == Quantisation("bt601", is_full=False)
    assert usual_quantisation(1080, 1920).matrix == "bt709"
    assert usual_quantisation(719, 1280).matrix == "bt709"


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("matrix", ["bt601", "bt709", "bt2020", "smpte240m"])
def test_the_way_back_ends_at_the_same_colours(matrix: str, is_full: bool) -> None:
    how = Quantisation(matrix, is_full=is_full)
    for colour in (RED, GREEN, BLUE, WHITE, (0, 0, 0), (224, 32, 64), (10, 200, 150)):
        luma, blue, red = to_planes(flat(colour), how)
        whole = np.stack([luma, *(np.kron(plane, np.ones((2, 2), "u1")) for plane in (blue, red))])
        assert np.abs(to_rgb(whole, how).astype(int) - colour).max() <= 2


def test_large_pictures_are_converted_as_small_ones() -> None:
    small = np.random.default_rng(1).integers(0, 255, (8, 16, 3), "u1")
    how = Quantisation("bt709", is_full=False)
    large = np.tile(small, (100, 20, 1))

    assert large.shape[0] * large.shape[1] > 1 << 17
    ours = to_planes(large, how)

    assert (ours[0] == np.tile(to_planes(small, how)[0], (100, 20))).all()
    # Chroma of the first column looks to its left, where a tile has a neighbour.
    blue = to_planes(np.tile(small, (1, 20, 1)), how)[1]
    assert (ours[1] == np.tile(blue, (100, 1))).all()
    whole = np.stack([large[..., 0]] * 3)
    assert (to_rgb(whole, how) == np.tile(to_rgb(whole[:, :8, :16], how), (100, 20, 1))).all()
