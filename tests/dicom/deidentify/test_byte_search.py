import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocenter.dicom.deidentify.byte_search import ByteSearch
from isocenter.dicom.deidentify.identifying_tokens import Role, Token, tokens_of
from isocenter.dicom.streams import BytesSource

LATIN = ("latin-1",)


def token(value: str, role: Role = Role.IDENTIFIER) -> Token:
    return tokens_of(role, value.encode(), LATIN)[0]


def noise(count: int, seed: int = 0) -> bytes:
    return np.random.Generator(np.random.PCG64(seed)).bytes(count)


@given(
    st.integers(0, 300),
    st.sampled_from(["ascii", "utf-16-le", "utf-16-be"]),
    st.booleans(),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ^- ", min_size=8, max_size=70).filter(
        lambda text: len(set(text.strip())) > 6 and len(text.strip()) > 7
    ),
)
def test_a_string_is_found_at_any_offset_in_either_case_and_width(
    offset: int, codec: str, is_upper: bool, value: str
) -> None:
    value = value.strip()
    written = (value if is_upper else value.lower()).encode(codec)
    data = bytes(offset) + written + bytes(200)

    found = ByteSearch([token(value)]).in_bytes(data)

    assert [one.token.words for one in found] == [token(value).words]


@pytest.mark.parametrize("offset", [(1 << 17) - 5, (1 << 18) - 3, (1 << 18) + 60, 1 << 21])
def test_a_string_across_blocks_is_found(offset: int) -> None:
    data = noise(offset) + b"MRN-7712345" + noise(1 << 20, seed=1)

    (found,) = ByteSearch([token("MRN-7712345")]).in_source(BytesSource(data))

    assert abs(found.offset - offset) < 12


def test_only_the_range_that_is_asked_for_is_searched() -> None:
    source = BytesSource(b"MRN-7712345" + bytes(5000))

    assert ByteSearch([token("MRN-7712345")]).in_source(source, 16) == []


def test_foreign_bytes_are_found() -> None:
    name = tokens_of(Role.NAME, "Δημήτριος".encode("iso8859_7"), ("iso8859_7",))
    data = noise(9000) + "Δημήτριος".encode("utf-16-be") + noise(9000)

    assert ByteSearch(name).in_bytes(data)


def test_a_date_inside_a_longer_number_is_none_unless_it_begins_it() -> None:
    search = ByteSearch([token("20240131", Role.DATE)])

    assert not search.in_bytes(b"2.25.9120240131998877")
    assert search.in_bytes(b"2.25.20240131998877")


def test_a_short_uid_that_begins_another_one_is_not_that_one() -> None:
    search = ByteSearch([token("1.2.3.4.55", Role.UID)])

    assert not search.in_bytes(b"1.2.3.4.556")
    assert not search.in_bytes(b"9.1.2.3.4.55")
    assert search.in_bytes(b"\x001.2.3.4.55\x00")


def test_noise_and_ramps_hold_nothing() -> None:
    values = ["SMITH^JOHN", "MRN-7712345", "01234567-9", "GENERAL HOSPITAL"]
    search = ByteSearch([token(value) for value in values])
    ramp = bytes(range(256)) * 64 + np.arange(65536, dtype="<u2").tobytes()

    assert search.in_source(BytesSource(noise(1 << 22) + ramp)) == []


def test_a_file_made_of_beginnings_does_not_take_long() -> None:
    search = ByteSearch([token("SMITH^JOHN")])
    data = b"SMITH^JO" * (1 << 17)
    started = time.process_time()

    assert search.in_bytes(data) == []
    assert time.process_time() - started < 20
