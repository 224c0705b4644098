"""One window over a series, whatever its headers say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.dicom.image_facts import ImageFacts
from isocenter.dicom.windows import Window
from isocenter.errors import CorruptPixelDataError, IsocenterError
from isocenter.services.series_windows import Ends, Image, choose_windows


def an_image(
    name: str,
    *windows: Window,
    series_uid: str = "1.2",
    is_grey: bool = True,
    has_lut: bool = False,
    is_plain: bool = False,
) -> Image:
    facts = ImageFacts(series_uid, 1, 4, is_grey, windows, has_lut, is_plain, is_native=True)
    return Image(Path(name), facts)


def measure(images: list[Image]) -> Iterator[tuple[Image, Ends | IsocenterError | None]]:
    values: dict[str, Ends | IsocenterError | None] = {
        "a": (0.0, 100.0),
        "b": (-50.0, 20.0),
        "empty": None,
        "broken": CorruptPixelDataError("broken"),
    }
    for image in images:
        yield image, values[image.path.name]


def chosen(images: list[Image], wanted: str = "header") -> dict[str, str]:
    windows = choose_windows(images, wanted, measure).windows
    return {path.name: window for path, window in windows.items()}


@pytest.mark.parametrize("wanted", ["full", "own", "40,400"])
def test_what_the_caller_says_holds_for_all(wanted: str) -> None:
    images = [an_image("a", Window(1, 2)), an_image("b"), an_image("c", is_grey=False)]

    assert chosen(images, wanted) == dict.fromkeys("abc", wanted)


def test_the_window_of_the_headers_is_taken() -> None:
    images = [an_image("a", Window(40, 400)), an_image("b", Window(40, 400))]

    result = choose_windows(images, "header", measure)

    assert set(result.windows.values()) == {"40,400"}
    assert result.warnings == []


def test_different_windows_of_a_series_become_one_and_are_told() -> None:
    images = [
        an_image("a", Window(40, 400)),
        an_image("b", Window(50, 500)),
        an_image("c", Window(900, 9)),
    ]

    result = choose_windows(images, "header", measure)

    assert set(result.windows.values()) == {"50,400"}
    assert len(result.warnings) == 1
    assert result.warnings[0].startswith("a and 2 more: their headers have several windows")


def test_another_series_keeps_its_own_window() -> None:
    images = [an_image("a", Window(40, 400)), an_image("b", Window(1, 9), series_uid="1.3")]

    assert chosen(images) == {"a": "40,400", "b": "1,9"}


def test_images_without_series_are_on_their_own() -> None:
    images = [
        an_image("a", Window(40, 400), series_uid=""),
        an_image("b", Window(1, 9), series_uid=""),
    ]

    assert chosen(images) == {"a": "40,400", "b": "1,9"}


def test_images_without_window_are_measured_together() -> None:
    assert chosen([an_image("a"), an_image("b")]) == dict.fromkeys("ab", "25,150,LINEAR_EXACT")


def test_auto_measures_whatever_the_header_says() -> None:
    images = [an_image("a", Window(1, 2)), an_image("b", is_plain=True)]

    assert set(chosen(images, "auto").values()) == {"25,150,LINEAR_EXACT"}


def test_tables_plain_images_and_colours_are_shown_as_they_are() -> None:
    images = [
        an_image("lut", has_lut=True),
        an_image("plain", is_plain=True),
        an_image("colour", is_grey=False),
    ]

    assert chosen(images) == {"lut": "own", "plain": "full", "colour": "own"}


def test_colours_are_never_measured() -> None:
    assert chosen([an_image("colour", is_grey=False)], "auto") == {"colour": "own"}


def test_an_image_that_cannot_be_measured_fails_alone() -> None:
    result = choose_windows([an_image("broken"), an_image("a")], "header", measure)

    assert list(result.failures) == [Path("broken")]
    assert result.windows == {Path("a"): "50,100,LINEAR_EXACT"}


def test_nothing_but_padding_is_shown_by_the_full_range() -> None:
    assert chosen([an_image("empty")]) == {"empty": "full"}
