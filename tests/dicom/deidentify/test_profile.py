import pytest

from isocenter.dicom.deidentify.profile import NOT_AVAILABLE, OPTION_CODES, Held, Option, Profile
from isocenter.errors import InvalidInputError, NotSupportedError
from tests.dicom.deidentify.deidentifying import KEY


def test_a_profile_needs_a_key_that_nobody_guesses() -> None:
    with pytest.raises(InvalidInputError, match="at least 16 bytes"):
        Profile(b"short")


@pytest.mark.parametrize("option", sorted(NOT_AVAILABLE))
def test_an_option_that_has_no_answer_is_an_error_that_says_why(option: Option) -> None:
    with pytest.raises(NotSupportedError, match="not available"):
        Profile(KEY, frozenset({option}))


def test_dates_are_retained_in_full_or_moved_and_not_both() -> None:
    with pytest.raises(InvalidInputError, match="not both"):
        Profile(KEY, frozenset({Option.RETAIN_FULL_DATES, Option.RETAIN_MODIFIED_DATES}))


def test_the_profile_none_needs_no_key_and_takes_no_options() -> None:
    assert Profile(is_none=True).key == b""
    with pytest.raises(InvalidInputError, match="no options"):
        Profile(is_none=True, options=frozenset({Option.RETAIN_UIDS}))


def test_a_profile_never_shows_its_key_or_what_is_set() -> None:
    assert KEY.decode() not in repr(Profile(KEY, frozenset({Option.RETAIN_UIDS})))


def test_every_option_has_its_code_of_the_standard() -> None:
    assert set(OPTION_CODES) == set(Option)
    assert len({code for code, _ in OPTION_CODES.values()}) == len(Option)


def test_what_the_caller_accepts_is_not_held_back() -> None:
    accepting = Profile(KEY, accepted=frozenset({Held.DOCUMENT}))

    assert accepting.accepts(Held.DOCUMENT)
    assert not accepting.accepts(Held.RAW_DATA)
