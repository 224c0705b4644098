"""Pure DICOM: bytes, streams and Data Sets in, the same kinds out; no path, clock, log or thread."""
