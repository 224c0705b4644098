"""Facts of Instances made by hand, for tests of the catalog without any DICOM."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert

from isocenter.store.catalog import Added, Policy, add_instances
from isocenter.store.catalog_facts import InstanceFacts, LevelFacts, SearchValue
from isocenter.store.database import Database
from isocenter.store.tables import blobs

OWNER, STRANGER = "account:1", "account:2"
NOW_MS = 1_700_000_000_000


def facts(
    study: str = "1.1",
    series: str = "1.1.1",
    instance: str = "1.1.1.1",
    *,
    content: str = "",
    modality: str = "CT",
    date: str = "20240131",
    name: str = "doe^jane",
    patient_id: str = "P1",
    number: int | None = 1,
) -> InstanceFacts:
    """Return facts; ``content`` stands for what else is in the Instance."""
    metadata = {
        "00080018": {"vr": "UI", "Value": [instance]},
        "0020000D": {"vr": "UI", "Value": [study]},
        "0020000E": {"vr": "UI", "Value": [series]},
        "00204000": {"vr": "LT", "Value": [content]},
    }
    document = json.dumps(metadata, separators=(",", ":"), sort_keys=True).encode()
    columns = {
        "study_date": date,
        "study_time": "101500.000000",
        "accession_number": f"A{study}",
        "study_id": "S1",
        "patient_id": patient_id,
    }
    values = (SearchValue("00100010", "a", name),) if name else ()
    return InstanceFacts(
        study=LevelFacts(study, columns, b"{}", values),
        series=LevelFacts(series, {"modality": modality, "series_number": 1}, b"{}"),
        instance=LevelFacts(instance, {"instance_number": number}, b"{}"),
        patient_id=patient_id,
        issuer="",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
        transfer_syntax_uid="1.2.840.10008.1.2.1",
        blob_key=hashlib.sha256(document).hexdigest(),
        size_bytes=len(document),
        frames=1,
        frame_offsets=b"",
        is_plain=True,
        metadata=document,
    )


def add(
    database: Database,
    *wanted: InstanceFacts,
    owner: str = OWNER,
    policy: Policy = "reject",
) -> Added:
    """Add Instances in one transaction; their bytes are rows alone."""
    with database.begin() as connection:
        return add_within(connection, wanted, owner=owner, policy=policy)


def add_within(
    connection: Connection,
    wanted: Sequence[InstanceFacts],
    *,
    owner: str = OWNER,
    policy: Policy = "reject",
) -> Added:
    def keep(indices: Iterable[int]) -> None:
        present = set(connection.scalars(blobs.select().with_only_columns(blobs.c.key)))
        keys = {wanted[at].blob_key for at in indices} - present
        rows = [{"key": key, "size_bytes": 1, "created_ms": NOW_MS} for key in sorted(keys)]
        if rows:
            connection.execute(insert(blobs), rows)

    return add_instances(connection, owner, wanted, policy=policy, now_ms=NOW_MS, keep=keep)
