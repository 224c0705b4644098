"""Batches keep types, and copy nothing that lies in one buffer already."""

import numpy as np
import pytest
import torch

from isocenter.client.batches import collate

pytestmark = pytest.mark.torch


def test_views_into_one_buffer_become_a_tensor_without_a_copy() -> None:
    buffer = np.zeros((2, 3, 4), np.int16)
    images, facts = collate([(buffer[0], {"id": "a"}), (buffer[1], {"id": "b"})])
    assert images.dtype == torch.int16
    assert facts == [{"id": "a"}, {"id": "b"}]
    buffer[1, 2, 3] = -7
    assert images[1, 2, 3] == -7


def test_other_images_of_one_size_are_put_together() -> None:
    buffer = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    swapped = collate([buffer[1], buffer[0]])
    assert torch.equal(swapped, torch.from_numpy(buffer[::-1].copy()))
    assert torch.equal(collate([torch.ones(2), torch.zeros(2)]), torch.eye(2)[:1].T.expand(2, 2))


def test_images_of_other_sizes_or_types_stay_a_list() -> None:
    for one, other in [
        (np.zeros((2, 2)), np.zeros((2, 3))),
        (np.zeros(2, np.int16), np.zeros(2, np.float32)),
        (torch.zeros(2), torch.zeros(3)),
        (torch.zeros(2), np.zeros(2)),
        ("a", "b"),
    ]:
        assert isinstance(collate([one, other]), list)
