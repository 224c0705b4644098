"""Resources on an archive with the real database, the real bytes and real child processes."""

import itertools
import uuid
from dataclasses import dataclass

from isocenter.limits import DEFAULT, Limits
from isocenter.services.resource_uploads import Told
from isocenter.services.resources import Resources
from isocenter.store.resource_rows import Resource
from tests.archives import OWNER, Desk


@dataclass
class ResourceDesk:
    """Resources and the archive beneath."""

    desk: Desk
    resources: Resources

    def upload(
        self, data: bytes, name: str = "a.dcm", *, owner: str = OWNER, **told: object
    ) -> Resource:
        """Upload a file in two pieces."""
        with self.resources.begin_upload(owner) as upload:
            upload.write(data[:100])
            upload.write(data[100:])
            return upload.finish(Told(name, **told))  # type: ignore[arg-type]  # passed on

    def read(self, resource: Resource) -> bytes:
        """Return the bytes of a Resource."""
        with self.resources.open(resource.owner, resource.id) as stored:
            return stored.reader.read_at(0, stored.size_bytes + 1)


def resource_desk(desk: Desk, limits: Limits = DEFAULT) -> ResourceDesk:
    """Return resources on a desk; ids count from 1."""
    numbers = itertools.count(1)
    resources = Resources(
        desk.database,
        desk.blobs,
        desk.archive.studies,
        desk.audit,
        clock=desk.clock,
        new_id=lambda: str(uuid.UUID(int=next(numbers))),
        limits=limits,
    )
    return ResourceDesk(desk, resources)
