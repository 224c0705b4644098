"""`Dataset` and its other documented name; needs torch."""

from isocenter.client.dataset import Dataset

DatamintDataset = Dataset

__all__ = ["DatamintDataset", "Dataset"]
