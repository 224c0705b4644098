"""Resources refer to bytes, so that no sweep takes them."""

from isocenter.store import blob_rows
from isocenter.store.resource_tables import metadata, resource_labels, resources
from isocenter.store.tables import blobs


def test_the_tables_are_among_all_others() -> None:
    assert {"resources", "resource_labels", "analysis_orders", "blobs"} <= metadata.tables.keys()


def test_bytes_of_resources_are_known_to_be_used() -> None:
    assert resources.c.blob_key.references(blobs.c.key)
    assert resources.c.blob_key in blob_rows._REFERENCES


def test_labels_go_with_their_resource() -> None:
    (key,) = resource_labels.c.resource_number.foreign_keys
    assert key.ondelete == "CASCADE"
