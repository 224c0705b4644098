"""Calls about datasets and projects: lists, making, adding, versions, splits."""

from collections.abc import Mapping, Sequence

from isocenter.client.calls import Calls, Json, ids_of, object_of, only_given, texts_of
from isocenter.client.sequences import LazySequence
from isocenter.client.transport import About
from isocenter.errors import InvalidInputError, ResourceNotFoundError


class DatasetCalls(Calls):
    """Datasets and projects of the server."""

    def get_datasets(self) -> LazySequence[Json]:
        """Return the datasets."""
        return self._sequence(["datasets"], {}, about=About("datasets", {}))

    def get_dataset(self, dataset: str) -> Json:
        """Return one dataset, by its id or its name.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        return _named("dataset", dataset, self.get_datasets())

    def create_dataset(
        self,
        name: str,
        *,
        resource_ids: object = None,
        channel: str | None = None,
        labels: str | Sequence[str] | None = None,
        status: str | None = None,
        description: str = "",
    ) -> Json:
        """Make a dataset of these resources, or of all that fit a channel, labels, a status.

        Raises
        ------
        ConflictError
            If there is one of this name.
        ResourceNotFoundError
            If a resource is not there.
        InvalidInputError
            If both resources and filters are named.
        """
        body: dict[str, object] = {"name": name, "description": description}
        body |= _chosen(resource_ids, "resource_ids", channel, labels, status)
        about = About("resource", {"dataset": name})
        return object_of(self._transport.call("POST", ["datasets"], about=about, body=body))

    def add_to_dataset(
        self,
        dataset: str,
        resource_ids: object = None,
        *,
        channel: str | None = None,
        labels: str | Sequence[str] | None = None,
        status: str | None = None,
    ) -> None:
        """Add resources, or all that fit, to a dataset, by its id or its name.

        Raises
        ------
        ResourceNotFoundError
            If the dataset or a resource is not there.
        """
        body = _chosen(resource_ids, "resource_ids_to_add", channel, labels, status)
        self._of_dataset("POST", dataset, "resources", body)

    def remove_from_dataset(self, dataset: str, resource_ids: object) -> None:
        """Take resources out of a dataset; its earlier versions keep them.

        Raises
        ------
        ResourceNotFoundError
            If the dataset is not there.
        """
        body = {"resource_ids_to_delete": ids_of(resource_ids)}
        self._of_dataset("POST", dataset, "resources", body)

    def get_dataset_versions(self, dataset: str) -> list[Json]:
        """Return the versions of a dataset, which never change.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        one = str(self.get_dataset(dataset)["id"])
        about = About("dataset", {"id": one})
        return list(self._sequence(["datasets", one, "versions"], {}, about=about))

    def create_dataset_version(self, dataset: str) -> Json:
        """Keep a dataset as it is now, as a version.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        return self._of_dataset("POST", dataset, "versions", {})

    def split_dataset(self, dataset: str, fractions: Mapping[str, float], *, seed: int = 0) -> None:
        """Part a dataset at random, such as ``{"train": 0.8, "val": 0.1, "test": 0.1}``.

        What is of one patient stays together.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        body = {"fractions": dict(fractions), "seed": seed}
        self._of_dataset("POST", dataset, "splits", body)

    def delete_dataset(self, dataset: str) -> None:
        """Delete a dataset with all its versions; its resources stay.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        one = str(self.get_dataset(dataset)["id"])
        self._transport.call("DELETE", ["datasets", one], about=About("dataset", {"id": one}))

    def get_projects(self) -> LazySequence[Json]:
        """Return the projects."""
        return self._sequence(["projects"], {}, about=About("projects", {}))

    def get_project(self, project: str) -> Json:
        """Return one project, by its id or its name.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        return _named("project", project, self.get_projects())

    get_project_by_name = get_project

    def create_project(self, name: str, description: str = "", resource_ids: object = None) -> Json:
        """Make a project, with these resources.

        Raises
        ------
        ConflictError
            If there is one of this name.
        """
        body = {
            "name": name,
            "description": description,
            "resource_ids": [] if resource_ids is None else ids_of(resource_ids),
        }
        about = About("resource", {"project": name})
        return object_of(self._transport.call("POST", ["projects"], about=about, body=body))

    def add_to_project(self, project: str, resource_ids: object) -> None:
        """Add resources to a project, by its id or its name.

        Raises
        ------
        ResourceNotFoundError
            If the project or a resource is not there.
        """
        one = str(self.get_project(project)["id"])
        self._transport.call(
            "POST",
            ["projects", one, "resources"],
            about=About("project", {"id": one}),
            body={"resource_ids_to_add": ids_of(resource_ids)},
        )

    def get_project_resources(self, project: str) -> list[Json]:
        """Return the resources of a project.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        one = str(self.get_project(project)["id"])
        about = About("project", {"id": one})
        return list(self._sequence(["projects", one, "resources"], {}, about=about))

    def delete_project(self, project: str) -> None:
        """Delete a project; its resources stay.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        one = str(self.get_project(project)["id"])
        self._transport.call("DELETE", ["projects", one], about=About("project", {"id": one}))

    def _of_dataset(self, method: str, dataset: str, what: str, body: Mapping[str, object]) -> Json:
        """Send something to a dataset that is named by id or name."""
        one = str(self.get_dataset(dataset)["id"])
        about = About("dataset", {"id": one})
        answer = self._transport.call(method, ["datasets", one, what], about=about, body=body)
        return answer.json if isinstance(answer.json, dict) else {}


def _named(kind: str, wanted: str, known: LazySequence[Json]) -> Json:
    for one in known:
        if wanted in (one.get("id"), one.get("name")):
            return one
    raise ResourceNotFoundError(kind, {"name": wanted})


def _chosen(
    resource_ids: object,
    called: str,
    channel: str | None,
    labels: str | Sequence[str] | None,
    status: str | None,
) -> dict[str, object]:
    """Return which resources are meant, as the wire says it."""
    filters: dict[str, object] = dict(only_given({"channel": channel, "status": status}))
    if labels is not None:
        filters["labels"] = texts_of(labels)
    if resource_ids is None:
        return filters or {called: []}
    if filters:
        raise InvalidInputError("name either resources, or a channel, labels or a status")
    return {called: ids_of(resource_ids)}
