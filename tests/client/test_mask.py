from isocenter.client.mask import Mask


def test_a_mask_says_what_it_marks_and_where() -> None:
    assert Mask("liver", 3, b"png") == ("liver", 3, b"png")
