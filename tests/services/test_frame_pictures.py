"""Single Frames rendered in children."""

import io
from pathlib import Path

import pytest
from PIL import Image

from isocenter.errors import FrameNotFoundError, InvalidInputError, IsocenterError
from isocenter.services.frame_pictures import FramePictures
from tests.builders import instance, write


def test_a_frame_is_rendered_and_nothing_is_left(tmp_path: Path) -> None:
    path = write(instance(rows=20, columns=30), tmp_path / "a.dcm")
    with FramePictures(1) as pictures:
        made = pictures.render(path, frame_number=1, kind="png", window="40,400")
        assert Image.open(io.BytesIO(made)).size == (30, 20)
        with pytest.raises(FrameNotFoundError):
            pictures.render(path, frame_number=0, kind="png", window="own")
        with pytest.raises(IsocenterError):
            pictures.render(path, frame_number=2, kind="png", window="own")
        for kind, window in (("gif", "own"), ("png", "x")):
            with pytest.raises(InvalidInputError):
                pictures.render(path, frame_number=1, kind=kind, window=window)
