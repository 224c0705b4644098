"""Frames come back as they were, views into one buffer, from any process."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from isocenter.client.frame_pack import KINDS, PackReader, PackWriter, Place, kind_needed
from isocenter.errors import ConflictError, CorruptPixelDataError


def test_frames_written_by_threads_come_back_in_one_buffer(tmp_path: Path) -> None:
    frames = [np.full((3, 5), at, np.int16) for at in range(40)]
    with PackWriter(tmp_path / "pack") as pack, ThreadPoolExecutor(4) as pool:
        offsets = list(pool.map(pack.append, frames))
    reader = pickle.loads(pickle.dumps(PackReader(tmp_path / "pack")))  # noqa: S301 - our own
    found = reader.read_frames([Place(at, (3, 5), 1) for at in reversed(offsets)])
    assert [int(one[2, 4]) for one in found] == list(reversed(range(40)))
    assert all(one.base is found[0].base for one in found)
    assert found[0].flags.writeable
    assert found[0].flags.c_contiguous


def test_frames_of_other_shapes_get_buffers_of_their_own(tmp_path: Path) -> None:
    with PackWriter(tmp_path / "pack") as pack:
        grey = pack.append(np.ones((2, 2), np.uint8))
        colour = pack.append(np.full((1, 4, 3), 7, np.float32))
    places = [Place(grey, (2, 2), 0), Place(colour, (1, 4, 3), 2), Place(grey, (2, 2), 0)]
    found = PackReader(tmp_path / "pack").read_frames(places)
    assert [one.shape for one in found] == [(2, 2), (1, 4, 3), (2, 2)]
    assert found[1].dtype == np.float32
    assert (found[1] == 7).all()


def test_a_pack_that_is_gone_or_short_is_an_error(tmp_path: Path) -> None:
    reader = PackReader(tmp_path / "pack")
    with pytest.raises(ConflictError, match="another version"):
        reader.read_bytes(0, 1)
    (tmp_path / "pack").write_bytes(b"12")
    with pytest.raises(CorruptPixelDataError, match="cut off"):
        reader.read_bytes(0, 3)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.zeros(1, bool), "u1"),
        (np.zeros(1, np.uint8), "u1"),
        (np.zeros(1, np.int8), "i2"),
        (np.full(1, 32767, np.uint16), "i2"),
        (np.full(1, 32768, np.uint16), "f4"),
        (np.full(1, -32769, np.int64), "f4"),
        (np.zeros(1, np.float64), "f4"),
    ],
)
def test_values_take_the_narrowest_kind_that_holds_them(
    values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], kind: str
) -> None:
    assert KINDS[kind_needed(values)] == np.dtype(kind)
