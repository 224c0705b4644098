"""Names of clients, made harmless: whatever they are, URLs, shells and file systems take them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.services.session_names import (
    MERGED_ALIAS,
    NAME_CHARACTERS_MAX,
    harmless_name,
    input_name,
    numbered_output_name,
    output_name,
    resolve_alias,
    split_name,
)

HARMLESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
EXAMPLES = {
    "0000.dcm": "0000.dcm",
    "IM000001": "IM000001",
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\system32\\a.dcm": "a.dcm",
    "C:\\Users\\x\\b.dcm": "b.dcm",
    "C:a.dcm": "C_a.dcm",
    "..": "file",
    ".": "file",
    "": "file",
    "/": "file",
    "folder/": "file",
    ".hidden": "hidden",
    "-rf": "rf",
    "a\"b'c.dcm": "a_b_c.dcm",
    "a\nb.dcm": "a_b.dcm",
    "a\0.dcm": "a_.dcm",
    "CON": "_CON",
    "con.dcm": "_con.dcm",
    "LPT1.txt": "_LPT1.txt",
    "Müller Jörg.dcm": "Muller_Jorg.dcm",
    "山田.dcm": "_.dcm",
    "a..b.dcm": "a.b.dcm",
    "name.": "name",
    "name ": "name_",
    "a;rm -rf *?.dcm": "a_rm_-rf_.dcm",
    "1.2.840.113619.2.55": "1.2.840.113619.2.55",
    "\uff0fetc\uff0fpasswd": "_etc_passwd",
}


@pytest.mark.parametrize(("name", "expected"), EXAMPLES.items())
def test_harmless_names_of_examples(name: str, expected: str) -> None:
    assert harmless_name(name) == expected


def test_long_names_keep_their_suffix() -> None:
    name = harmless_name("x" * 300 + ".dcm")

    assert len(name) == NAME_CHARACTERS_MAX
    assert name.endswith("x.dcm")


@given(st.text(st.characters(), max_size=400))
def test_every_name_becomes_harmless_and_stays_so(name: str) -> None:
    harmless = harmless_name(name)

    assert HARMLESS.fullmatch(harmless)
    assert len(harmless) <= NAME_CHARACTERS_MAX
    assert ".." not in harmless
    assert not harmless.endswith(".")
    assert harmless_name(harmless) == harmless


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.dcm", ("a", ".dcm")),
        ("a", ("a", "")),
        ("a.b-c", ("a.b-c", "")),
        ("a." + "x" * 40, ("a." + "x" * 40, "")),
        ("1.2.3", ("1.2", ".3")),
    ],
)
def test_stem_and_suffix(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_other_bytes_under_one_name_get_the_next_number() -> None:
    taken = {"a.dcm": "k1", "a__2.dcm": "k2"}

    assert input_name("a.dcm", "k1", taken.get) == ("a.dcm", True)
    assert input_name("a.dcm", "k2", taken.get) == ("a__2.dcm", True)
    assert input_name("a.dcm", "k3", taken.get) == ("a__3.dcm", False)
    assert output_name("a.dcm", "k3", taken.get) == ("a_2.dcm", False)


def test_numbered_long_names_stay_within_the_bound() -> None:
    name = "x" * (NAME_CHARACTERS_MAX - 4) + ".dcm"

    chosen, _ = input_name(name, "other", {name: "key"}.get)

    assert len(chosen) == NAME_CHARACTERS_MAX
    assert chosen.endswith("__2.dcm")


def test_neutral_names_have_four_digits() -> None:
    assert numbered_output_name(7) == "anon_0007.dcm"
    assert numbered_output_name(12345) == "anon_12345.dcm"


def test_alias_means_the_only_merge() -> None:
    assert resolve_alias(MERGED_ALIAS, ["P_multiframe.dcm"]) == "P_multiframe.dcm"
    assert resolve_alias(MERGED_ALIAS, []) is None
    assert resolve_alias(MERGED_ALIAS, ["a.dcm", "b.dcm"]) is None
    assert resolve_alias("other.dcm", ["a.dcm"]) is None
