from pathlib import Path

import pytest

from isocenter.dicom.deidentify.profile import Held, Option
from isocenter.dicom.deidentify.regions import Region
from isocenter.errors import InvalidInputError, NotSupportedError
from isocenter.services.profiles import read_profile
from isocenter.services.reports import Work

KEY = "0123456789abcdef0123456789abcdef"


def work(**options: object) -> Work:
    return Work(paths=(), options={"key_file": KEY, **options})


def test_the_basic_profile_is_what_no_option_means() -> None:
    profile, notes = read_profile(work())

    assert not profile.is_none
    assert not profile.options
    assert not profile.accepted
    assert profile.key == KEY.encode()
    assert notes == []


def test_options_have_the_names_of_the_standard() -> None:
    profile, _ = read_profile(
        work(
            retain=["uids", "modified-dates"],
            clean=["descriptors"],
            accept=["document"],
            accept_burned_in=True,
            regions=["0,0,100,20"],
        )
    )

    assert profile.options == {
        Option.RETAIN_UIDS,
        Option.RETAIN_MODIFIED_DATES,
        Option.CLEAN_DESCRIPTORS,
    }
    assert profile.accepted == {Held.DOCUMENT, Held.BURNED_IN}
    assert profile.regions == (Region(0, 0, 100, 20),)


def test_documented_lines_are_set_on_top_of_it(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("# name\n(0010,0010)=ANON^A\n\n0010 0020 LO 7\nr 1 2 3 4\n")

    profile, _ = read_profile(work(params=lines))

    assert [edit.text for edit in profile.parameters] == ["ANON^A", "7"]
    assert [(one.left, one.top, one.right, one.bottom) for one in profile.regions] == [(1, 2, 4, 5)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"profile": "full"}, "basic or none"),
        ({"retain": ["everything"]}, "institution-identity"),
        ({"clean": ["teeth"]}, "descriptors"),
        ({"accept": ["burned-in"]}, "document"),
        ({"regions": ["1,2,3"]}, "X,Y,WIDTH,HEIGHT"),
        ({"params": "(0010,0010)=A\nnonsense"}, "line 2"),
        ({"retain": ["full-dates", "modified-dates"]}, "not both"),
        ({"key_file": "short"}, "key"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        read_profile(work(**options))


def test_safe_private_elements_are_not_available() -> None:
    with pytest.raises(NotSupportedError, match="not available"):
        read_profile(work(retain=["safe-private"]))


def test_without_a_key_pseudonyms_are_of_one_run(tmp_path: Path) -> None:
    first, notes = read_profile(work(key_file=None))
    second, _ = read_profile(work(key_file=None))
    _, made = read_profile(work(key_file=tmp_path / "key"))

    assert first.key != second.key
    assert "this run alone" in notes[0]
    assert "new key" in made[0]
    assert (tmp_path / "key").read_text().strip() not in made[0]


def test_the_profile_none_needs_no_key() -> None:
    profile, notes = read_profile(work(profile="none", key_file=None))

    assert profile.is_none
    assert profile.key == b""
    assert notes == []
