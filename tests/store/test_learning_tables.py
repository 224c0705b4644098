"""What annotations and snapshots refer to is bytes that no sweep takes."""

from isocenter.store.blob_rows import _REFERENCES
from isocenter.store.learning_tables import annotations, snapshot_files, snapshots


def test_bytes_of_annotations_and_snapshots_count_as_used() -> None:
    used = {annotations.c.file_key, snapshots.c.directory_key, snapshot_files.c.blob_key}

    assert used <= set(_REFERENCES)
