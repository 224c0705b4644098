"""The services of the archive, wired to one another: what faces get as one thing."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from isocenter.access.audit import Audit
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import Limits
from isocenter.services.bulk_data import BulkValues
from isocenter.services.conversions import Conversions
from isocenter.services.derived_files import DerivedFiles
from isocenter.services.history import History
from isocenter.services.plain_forms import PlainForms
from isocenter.services.query_tags import QueryTags
from isocenter.services.retrieval import Retrieval
from isocenter.services.search import Search
from isocenter.services.segmentations import Segmentations
from isocenter.services.studies import Studies
from isocenter.services.told_instances import ToldIntakes
from isocenter.services.told_pictures import Pictures
from isocenter.store.blobs import BlobStore
from isocenter.store.database import Database


@dataclass(frozen=True, slots=True)
class Archive:
    """Stores, finds and gives out Instances."""

    studies: Studies
    search: Search
    retrieval: Retrieval
    tags: QueryTags
    told: ToldIntakes
    bulk: BulkValues
    history: History
    segmentations: Segmentations


@contextlib.contextmanager
def open_archive(
    database: Database,
    blobs: BlobStore,
    audit: Audit,
    scratch: Path,
    *,
    clock: Callable[[], int],
    limits: Limits,
    jobs: int,
) -> Iterator[Archive]:
    """Give the archive; its child processes start when they are needed and end with the block.

    Parameters
    ----------
    scratch
        A folder of this process alone, for what can be made again.
    jobs
        How many children of each kind work at once.
    """
    with contextlib.ExitStack() as stack:
        files = DerivedFiles(scratch / "derived", limits.derived_bytes)
        plain_forms = PlainForms(files, stack.enter_context(Sandbox(limits)), limits)
        conversions = stack.enter_context(Conversions(files, jobs, limits))
        tags = QueryTags(database, audit)
        retrieval = Retrieval(database, blobs, plain_forms, conversions, limits)
        studies = Studies(database, blobs, audit, plain_forms, tags, clock, limits)
        segmentations = Segmentations(
            studies, retrieval, scratch / "labels", clock=clock, limits=limits, jobs=jobs
        )
        yield Archive(
            studies=studies,
            search=Search(database, tags, limits),
            retrieval=retrieval,
            tags=tags,
            told=ToldIntakes(files, Pictures(files, conversions, limits), limits),
            bulk=BulkValues(retrieval, limits),
            history=History(database, blobs, limits.search_results),
            segmentations=stack.enter_context(segmentations),
        )
