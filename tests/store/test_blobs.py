"""Keys and staged blobs as values; what engines do is in tests/contracts/test_blobs.py."""

import pytest

from isocenter.errors import InvalidInputError
from isocenter.store.blobs import StagedBlob, check_key

STAGED_NAME = "0f8fad5b-d9cb-469f-a165-70867728950e"


def test_key_of_64_digits_is_one() -> None:
    assert check_key("0123456789abcdef" * 4) == "0123456789abcdef" * 4


@pytest.mark.parametrize("key", ["", "ab", "G" * 64, "a" * 64 + "\n", "../" + "a" * 61])
def test_anything_else_is_no_key(key: str) -> None:
    with pytest.raises(InvalidInputError, match="64 hexadecimal"):
        check_key(key)


def test_staged_blob_checks_itself() -> None:
    StagedBlob("a" * 64, 0, STAGED_NAME)
    with pytest.raises(InvalidInputError):
        StagedBlob("../a", 0, STAGED_NAME)
    with pytest.raises(InvalidInputError):
        StagedBlob("a" * 64, 0, STAGED_NAME + "/..")
