"""An archive with the real database, the real bytes and real child processes, in one folder."""

import contextlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from isocenter.access.audit import Audit
from isocenter.access.server_secret import ServerSecret
from isocenter.limits import DEFAULT, Limits
from isocenter.services.archive import Archive, open_archive
from isocenter.services.retrieval import Place
from isocenter.services.search import Found
from isocenter.services.studies import StoreResult
from isocenter.store.blobs import BlobStore
from isocenter.store.database import Database
from tests.builders import to_bytes
from tests.stores import BLOB_STORES, DATABASES, Clock

OWNER = f"account:{uuid.UUID(int=1)}"
STRANGER = f"account:{uuid.UUID(int=2)}"


@dataclass
class Desk:
    """An archive and what it stands on."""

    folder: Path
    database: Database
    blobs: BlobStore
    audit: Audit
    clock: Clock
    archive: Archive

    def store(
        self,
        *instances: Dataset | bytes,
        owner: str = OWNER,
        policy: str = "reject",
        study_uid: str = "",
    ) -> StoreResult:
        """Store Instances in one request."""
        with self.archive.studies.begin(owner, policy=policy, study_uid=study_uid) as intake:
            for one in instances:
                part = intake.add_part()
                part.write(one if isinstance(one, bytes) else to_bytes(one))
                part.close()
            return intake.finish()

    def studies(self, *pairs: tuple[str, str], owner: str = OWNER) -> Found:
        """Search for Studies."""
        search = self.archive.search
        return search.find_studies(owner, search.parse(pairs))

    def read(self, place: Place) -> list[bytes]:
        """Return the stored bytes of all Instances of a place."""
        retrieval = self.archive.retrieval
        found = []
        for one in retrieval.instances(place):
            with contextlib.closing(retrieval.open(one)) as source:
                found.append(source.read_at(0, source.size))
        return found


@contextlib.contextmanager
def open_desk(
    folder: Path,
    *,
    limits: Limits = DEFAULT,
    jobs: int = 1,
    engines: tuple[str, str] = ("sqlite", "local"),
) -> Iterator[Desk]:
    """Give an archive on a database and a store, by their names in `tests.stores`."""
    clock = Clock()
    with contextlib.ExitStack() as stack:
        database = DATABASES[engines[0]](folder)
        stack.callback(database.close)
        database.migrate()
        blobs = BLOB_STORES[engines[1]](folder, clock)
        stack.callback(blobs.close)
        audit = Audit(ServerSecret(bytes(32)), clock)
        archive = stack.enter_context(
            open_archive(
                database, blobs, audit, folder / "scratch", clock=clock, limits=limits, jobs=jobs
            )
        )
        yield Desk(folder, database, blobs, audit, clock, archive)


def place_of(dataset: Dataset, owner: str = OWNER) -> Place:
    return Place(
        owner,
        str(dataset.StudyInstanceUID),
        str(dataset.SeriesInstanceUID),
        str(dataset.SOPInstanceUID),
    )


def uids_of(found: Found) -> list[str]:
    """Return the UIDs of results, the innermost of each."""
    return [one.sop_instance_uid or one.series_uid or one.study_uid for one in found.matches]


def tags_of(instances: Iterable[Dataset]) -> set[str]:
    return {f"{int(element.tag):08X}" for one in instances for element in one}
