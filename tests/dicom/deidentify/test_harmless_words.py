import pytest

from isocenter.dicom.deidentify.harmless_words import is_harmless


@pytest.mark.parametrize(
    "word", ["head", "chest", "philips", "anonymous", "axial", "long", "user1", "anonymous"[:8]]
)
def test_words_of_the_standard_and_of_makers_are_harmless(word: str) -> None:
    assert is_harmless(word)


@pytest.mark.parametrize("word", ["schmidt", "garcia", "yamada", "aachen", "1000", "head smith"])
def test_names_numbers_and_several_words_are_not(word: str) -> None:
    assert not is_harmless(word)
