"""Child processes that render: which one is asked, and what is done with odd files."""

from pathlib import Path

import pytest
from pydicom.uid import ExplicitVRBigEndian

from isocenter.errors import InvalidInputError, NotSupportedError
from isocenter.services.renderers import Option, Renderers
from tests.builders import set_fragments, write
from tests.rendering import image

OPTIONS: dict[str, Option] = {"first_frame": 1, "frames": 1, "kind": "png", "window": "full"}


def test_pictures_are_written_into_the_target(tmp_path: Path) -> None:
    path = write(image([[1, 2]]), tmp_path / "a.dcm")

    with Renderers(1, tmp_path) as renderers:
        renderers.start(is_simple=True)
        target = renderers.new_scratch()
        lengths, warnings = renderers.export(path, target, is_simple=True, options=OPTIONS)

    assert lengths == [target.stat().st_size]
    assert target.read_bytes().startswith(b"\x89PNG")
    assert warnings == []


@pytest.mark.slow
def test_a_file_in_big_endian_is_rewritten_first_and_leaves_nothing(tmp_path: Path) -> None:
    dataset = image([[0x0102, 0]], bits_stored=16)
    path = write(dataset, tmp_path / "a.dcm")
    big = tmp_path / "big.dcm"
    dataset.PixelData = b"\1\2\0\0"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dataset.save_as(big, little_endian=False, implicit_vr=False)

    with Renderers(1, tmp_path) as renderers:
        same = [
            renderers.measure(one, is_native=True, first_frame=1, frames=1) for one in (path, big)
        ]

    assert same == [(0.0, 258.0), (0.0, 258.0)]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.dcm", "big.dcm"]


def test_the_simple_child_has_no_codecs(tmp_path: Path) -> None:
    uid = "1.2.840.10008.1.2.4.90"
    path = write(set_fragments(image([[1, 2]]), [b"ab"], uid), tmp_path / "a.dcm")

    with Renderers(1, tmp_path) as renderers:
        with pytest.raises(NotSupportedError):
            renderers.measure(path, is_native=True, first_frame=1, frames=1)
        with pytest.raises(InvalidInputError):
            renderers.measure(path, is_native=False, first_frame=1, frames=1)


def test_a_frame_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = write(image([[1, 2]]), tmp_path / "a.dcm")

    with Renderers(1, tmp_path) as renderers, pytest.raises(Exception, match="no frame 2"):
        renderers.export(
            path, tmp_path / "t", is_simple=True, options={**OPTIONS, "first_frame": 2}
        )
