"""What is learnt from, on an archive with the real database, bytes and child processes."""

import contextlib
import gzip
import io
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
from PIL import Image

from isocenter.jobs.sandbox import DECODING_CHILD
from isocenter.limits import DEFAULT, Limits
from isocenter.services.child_pool import ChildPool
from isocenter.services.learning import Learning, make_learning
from isocenter.services.learning_engines import LearningEngines
from isocenter.services.snapshots import Progress
from isocenter.store.blobs import StagedBlob
from isocenter.store.resource_rows import Resource
from isocenter.store.snapshot_rows import Snapshot
from tests.archives import OWNER, open_desk
from tests.builders import series, to_bytes
from tests.resource_desk import ResourceDesk, resource_desk


@dataclass
class LearningDesk:
    """Learning, and resources beneath."""

    beneath: ResourceDesk
    learning: Learning

    def upload(self, number: int = 0, *, owner: str = OWNER, **told: object) -> Resource:
        """Upload one of four slices of 8 x 6."""
        return self.beneath.upload(
            to_bytes(series(4)[number]), f"slice-{number}.dcm", owner=owner, **told
        )

    def stage(self, data: bytes) -> StagedBlob:
        """Return bytes that are complete and not yet visible."""
        with self.learning.annotations.new_writer() as writer:
            writer.write(data)
            return writer.finish()

    def snapshot(self, set_id: str, version: int | None = None, owner: str = OWNER) -> Snapshot:
        """Prepare a snapshot and return it."""
        *steps, made = self.learning.snapshots.prepare(owner, set_id, version)
        assert all(isinstance(one, Progress) for one in steps)
        assert isinstance(made, Snapshot)
        return made

    def archive(self, snapshot: Snapshot, owner: str = OWNER) -> bytes:
        """Return the archive of a snapshot, read in odd steps."""
        with contextlib.closing(self.learning.snapshots.open(owner, snapshot.id)) as archive:
            steps = range(0, archive.size, 10_007)
            return b"".join(archive.read_at(offset, 10_007) for offset in steps)


@contextlib.contextmanager
def open_learning_desk(
    folder: Path,
    *,
    limits: Limits = DEFAULT,
    engines: tuple[str, str] = ("sqlite", "local"),
) -> Iterator[LearningDesk]:
    """Give learning on a database and a store, with a clock that stands still."""
    with (
        open_desk(folder, limits=limits, engines=engines) as desk,
        ChildPool(1, limits, DECODING_CHILD) as pool,
    ):
        numbers = itertools.count(1000)
        stands_on = LearningEngines(
            desk.database,
            desk.blobs,
            desk.audit,
            desk.clock,
            lambda: str(uuid.UUID(int=next(numbers))),
            limits,
        )
        learning = make_learning(stands_on, desk.archive, pool, folder / "learning")
        yield LearningDesk(resource_desk(desk, limits), learning)


def mask_png(rows: int = 8, columns: int = 6) -> bytes:
    """Return a mask as the clients send it: RGB, 0 and 255."""
    pixels = np.zeros((rows, columns, 3), np.uint8)
    pixels[rows // 4 : rows // 2, columns // 4 : columns // 2] = 255
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "PNG")
    return made.getvalue()


def nifti(*, is_packed: bool = True, slices: int = 4) -> bytes:
    """Return a small volume as nibabel writes it."""
    data = np.zeros((8, 6, slices), np.uint8)
    data[2:4, 1:5, :2] = 1
    plain: bytes = nibabel.Nifti1Image(data, np.eye(4)).to_bytes()  # type: ignore[no-untyped-call]  # it has no types
    return gzip.compress(plain, mtime=0) if is_packed else plain
