"""What annotations, projects and learning sets stand on, in one value."""

from collections.abc import Callable
from typing import NamedTuple

from isocenter.access.audit import Audit
from isocenter.limits import Limits
from isocenter.store.blobs import BlobStore
from isocenter.store.database import Database


class LearningEngines(NamedTuple):
    """Database, bytes, audit, a clock in milliseconds since 1970 UTC, ids, and bounds."""

    database: Database
    blobs: BlobStore
    audit: Audit
    clock: Callable[[], int]
    new_id: Callable[[], str]
    limits: Limits
