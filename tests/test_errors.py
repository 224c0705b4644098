"""The tree of errors: drawn as it is, safe sentences, values kept, sent and copied whole."""

import copy
import inspect
import re

import pytest

from isocenter import errors
from isocenter.errors import (
    DeadlineExceededError,
    FrameNotFoundError,
    InvalidInputError,
    IsocenterError,
    MissingElementError,
    NotDicomError,
    TooLargeError,
    TruncatedError,
    UnusualEncodingError,
)

CLASSES = [
    error
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, IsocenterError)
]
EXAMPLES = [
    NotDicomError("empty"),
    UnusualEncodingError("a delimiter between elements", 12),
    TruncatedError(0x7FE00010, 100, 60),
    MissingElementError("Rows"),
    FrameNotFoundError(3, 2),
    TooLargeError("header_depth", 64, 65, "levels"),
    DeadlineExceededError(1.5),
]


def drawn_tree() -> dict[str, str]:
    """Return class -> parent as the docstring of the module draws them."""
    parents: dict[str, str] = {}
    open_names: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.search(r"[A-Za-z]+Error\b", line)
        if found is None or not re.fullmatch(r"[\s│├└─]*", line[: found.start()]):
            continue
        depth = (found.start() - 4) // 4
        del open_names[depth:]
        if open_names:
            parents[found.group()] = open_names[-1]
        open_names.append(found.group())
    return parents


def test_the_tree_is_drawn_as_it_is() -> None:
    real = {
        error.__name__: parent.__name__
        for error in CLASSES
        for parent in error.__bases__
        if error is not IsocenterError
    }

    assert drawn_tree() == real
    assert len(CLASSES) > 10


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_class_has_a_sentence_and_the_right_ending(error: type[IsocenterError]) -> None:
    assert error.__doc__
    assert error.__name__.endswith("Error")
    assert issubclass(error, Exception)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_sentences_are_one_line_without_a_full_stop(error: IsocenterError) -> None:
    sentence = str(error)

    assert sentence
    assert not sentence.endswith(".")
    assert sentence.isprintable()


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_values_are_kept_under_the_names_of_the_parameters(error: IsocenterError) -> None:
    parameters = inspect.signature(type(error)).parameters

    assert set(vars(error)) == set(parameters)
    rebuilt = type(error)(**vars(error))
    assert str(rebuilt) == str(error)


def test_sentences_name_tags_and_numbers_as_the_standard_does() -> None:
    assert str(TruncatedError(0x7FE00010, 100, 60)) == (
        "the file ends inside element (7FE0,0010): 60 of 100 bytes are there"
    )
    assert str(TooLargeError("header_depth", 64, 65, "levels")) == (
        "header_depth: 65 levels are more than the 64 allowed"
    )
    assert str(DeadlineExceededError(60)) == (
        "stopped after 60 seconds, the time allowed for one file"
    )


def test_a_plain_error_carries_its_sentence() -> None:
    error = InvalidInputError("a sentence")

    assert str(copy.copy(error)) == "a sentence"
    assert vars(error) == {}


def test_a_catch_of_the_root_catches_all() -> None:
    for error in EXAMPLES:
        with pytest.raises(IsocenterError):
            raise error
