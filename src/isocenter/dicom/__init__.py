"""Pure DICOM: bytes, streams, Data Sets in and out; no path, clock, log or thread."""
