"""Isocenter: one platform to process, store, view, share and learn from DICOM."""

__version__ = "0.1.0"
