"""Projects, datasets, versions and parts as the documented clients read them."""

from collections.abc import Mapping, Sequence

from isocenter.errors import InvalidInputError
from isocenter.http.resources.json_fields import Said, text, texts, whole
from isocenter.http.resources.resource_json import customer_of
from isocenter.services.learning_sets import Choice
from isocenter.services.snapshot_document import iso_time
from isocenter.store.learning_rows import LearningSet, Project, Split
from isocenter.store.resource_query import ResourceQuery
from isocenter.store.snapshot_rows import Snapshot

_FILTERS = ("channel", "channel_name", "labels", "tags", "status", "modality", "mimetype")


def set_json(found: LearningSet, ids: Sequence[str]) -> dict[str, object]:
    """Return a dataset; ``last_version`` is the version that a download gives now."""
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "created_at": iso_time(found.created_ms),
        "created_by": found.created_by,
        "updated_at": iso_time(found.changed_ms),
        "customer_id": customer_of(found.owner),
        "total_resource": found.resource_count,
        "resource_count": found.resource_count,
        "resource_ids": list(ids),
        "version": found.version,
        "last_version": found.next_version,
    }


def project_json(project: Project) -> dict[str, object]:
    """Return a project; ``dataset_id`` is what is downloaded of it."""
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "dataset_id": project.set_id,
        "worklist_id": None,
        "archived": project.is_archived,
        "resource_count": project.resource_count,
        "annotated_resource_count": project.annotated_count,
        "created_at": iso_time(project.created_ms),
        "created_by": project.created_by,
        "updated_at": iso_time(project.changed_ms),
        "customer_id": customer_of(project.owner),
    }


def member_json(project_id: str, member: str, roles: Sequence[str]) -> dict[str, object]:
    """Return a member of a project."""
    return {
        "project_id": project_id,
        "user_id": member,
        "email": member,
        "firstname": member,
        "lastname": "",
        "roles": list(roles),
        "status": "active",
        "expertise_level": None,
    }


def split_json(split: Split, project_id: str) -> dict[str, object]:
    """Return which part a resource belongs to; clients know parts of projects."""
    return {
        "id": split.id,
        "split_name": split.name,
        "project_id": project_id,
        "resource_id": split.resource_id,
        "created_at": iso_time(split.created_ms),
        "created_by": split.created_by,
        "deleted_at": None if split.ended_ms is None else iso_time(split.ended_ms),
        "deleted_by": split.ended_by,
    }


def version_json(snapshot: Snapshot) -> dict[str, object]:
    """Return one version of a dataset; ``id`` is the token that downloads it."""
    return {
        "id": snapshot.id,
        "version": snapshot.version,
        "sha256": snapshot.digest,
        "resource_count": snapshot.resource_count,
        "splits": dict(snapshot.splits),
        "size": snapshot.size_bytes,
        "created_at": iso_time(snapshot.created_ms),
        "created_by": snapshot.created_by,
        "updated_at": iso_time(snapshot.set_changed_ms),
    }


def read_choice(said: Said, most: int, *, ids: str = "resource_ids") -> Choice:
    """Return which resources a body means: by ids, or by channel, labels, status and the like.

    Raises
    ------
    InvalidInputError
        If a field says nothing sensible.
    """
    named = texts(said, ids, most)
    if not any(said.get(name) for name in _FILTERS):
        return Choice(named)
    statuses = tuple(word for word in text(said, "status").split(",") if word)
    labels = texts(said, "labels", most) + texts(said, "tags", most)
    query = ResourceQuery(
        statuses=statuses,
        channel=text(said, "channel", "channel_name") or None,
        labels=labels,
        all_labels=said.get("all_labels") is True,
        modality=text(said, "modality"),
        mimetype=text(said, "mimetype"),
        is_ascending=True,
        limit=most + 1,
    )
    return Choice(named, query)


def read_shares(said: Said) -> tuple[dict[str, float], int] | None:
    """Return how a dataset is divided at random, and the seed; ``None``: the body says no shares.

    Raises
    ------
    InvalidInputError
        If they are no numbers by name.
    """
    shares = said.get("fractions")
    if shares is None:
        return None
    if not isinstance(shares, Mapping) or not all(map(_is_number, shares.values())):
        raise InvalidInputError('fractions is an object such as {"train": 0.8, "test": 0.2}')
    return {name: float(share) for name, share in shares.items()}, whole(said, "seed") or 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1
