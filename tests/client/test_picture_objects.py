import io

import numpy as np
import pytest
from PIL import Image

from isocenter.client.picture_objects import read_array, read_picture
from isocenter.errors import InvalidInputError


def test_a_picture_is_decoded() -> None:
    target = io.BytesIO()
    Image.new("RGB", (3, 2), (1, 2, 3)).save(target, format="PNG")

    picture = read_picture(target.getvalue())

    assert (picture.size, picture.getpixel((2, 1))) == ((3, 2), (1, 2, 3))


def test_an_array_is_read() -> None:
    one, many = io.BytesIO(), io.BytesIO()
    np.save(one, np.arange(3))
    np.savez(many, a=np.arange(2))

    assert np.array_equal(np.asarray(read_array(one.getvalue())), [0, 1, 2])
    arrays = read_array(many.getvalue())
    assert isinstance(arrays, dict)
    assert arrays["a"].tolist() == [0, 1]


def test_an_array_of_python_objects_is_refused() -> None:
    target = io.BytesIO()
    np.save(target, np.array([{}]), allow_pickle=True)

    with pytest.raises(InvalidInputError):
        read_array(target.getvalue())


def test_junk_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        read_picture(b"junk")
    with pytest.raises(InvalidInputError):
        read_array(b"junk")
