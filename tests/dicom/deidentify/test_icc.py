import io
from struct import pack

from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageCms

from isocenter.dicom.deidentify.icc import cleaned_icc_profile


def srgb() -> bytes:
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile


def test_a_cleaned_profile_is_read_and_has_the_same_colours() -> None:
    cleaned = cleaned_icc_profile(srgb())

    mine, theirs = (ImageCms.ImageCmsProfile(io.BytesIO(one)) for one in (cleaned, srgb()))
    assert len(cleaned) == len(srgb())
    assert mine.profile.red_primary == theirs.profile.red_primary
    assert mine.profile.media_white_point == theirs.profile.media_white_point


def test_no_text_of_a_profile_is_left() -> None:
    assert b"s\0R\0G\0B" in srgb()
    assert b"s\0R\0G\0B" not in cleaned_icc_profile(srgb())
    assert cleaned_icc_profile(srgb())[48:56] == bytes(8)  # manufacturer and model


def test_what_hides_behind_the_profile_or_between_its_tags_is_gone() -> None:
    assert b"Xanthippe" not in cleaned_icc_profile(srgb() + b"Xanthippe")


def test_what_is_no_profile_is_refused() -> None:
    assert cleaned_icc_profile(b"Xanthippe" * 40) == b""
    assert cleaned_icc_profile(b"") == b""
    many = srgb()[:128] + pack(">I", 1000) + srgb()[132:]
    assert cleaned_icc_profile(many) == b""


@given(st.integers(0, 600), st.binary(min_size=1, max_size=8))
def test_damaged_profiles_are_refused_or_read(at: int, junk: bytes) -> None:
    damaged = srgb()[:at] + junk + srgb()[at + len(junk) :]

    assert len(cleaned_icc_profile(damaged)) <= len(damaged)
