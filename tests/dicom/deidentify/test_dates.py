import pytest

from isocenter.dicom.deidentify.dates import capped_ages, shifted_date, shifted_date_time


@pytest.mark.parametrize(
    ("text", "days", "moved"),
    [
        ("20240301", -1, "20240229"),
        ("20230301", -1, "20230228"),
        ("2024.03.01", -1, "20240229"),
        ("20240301 ", -366, "20230301"),
        ("20241301", -1, ""),
        ("2024-03-01", -1, ""),
        ("Xanthippe", -1, ""),
        ("00010101", -1, ""),
        ("", -1, ""),
    ],
)
def test_dates_move_by_whole_days(text: str, days: int, moved: str) -> None:
    assert shifted_date(text, days) == moved


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("20240301101530.123456+0100", "20240229101530.123456+0100"),
        ("202403011015", "202402291015"),
        ("2024030110", "2024022910"),
        ("20240301", "20240229"),
        ("202403", "202402"),
        ("2024", "2023"),
        ("2024-0500", "2023-0500"),
        ("20240301Xanthippe", ""),
        ("20241301", ""),
        ("", ""),
    ],
)
def test_date_times_keep_time_offset_and_precision(text: str, moved: str) -> None:
    assert shifted_date_time(text, -1) == moved


@pytest.mark.parametrize(
    ("ages", "capped"),
    [
        (b"089Y", b"089Y"),
        (b"090Y", b"090Y"),
        (b"103Y", b"090Y"),
        (b"999M", b"999M"),
        (b"101Y\\012D", b"090Y\\012D"),
        (b"", b""),
    ],
)
def test_nobody_is_older_than_ninety(ages: bytes, capped: bytes) -> None:
    assert capped_ages(ages) == capped
