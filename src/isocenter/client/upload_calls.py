"""Uploads of resources: many at once, de-identified on the way, each taken once.

A retry of a request is recognised by its Idempotency-Key; what the server has by its SHA-256 is
not sent again where the server offers that. Bytes are read when their turn comes, so that a
generator of many Data Sets needs room for a few.
"""

import contextlib
import hashlib
import json
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import isocenter.client as doors
from isocenter.client.annotation_calls import AnnotationCalls, Segmentation, segmentations_of
from isocenter.client.calls import Json, object_of, path_text, texts_of
from isocenter.client.file_names import Mung
from isocenter.client.given_files import find_items, open_item
from isocenter.client.progress import ProgressLine
from isocenter.client.resource_calls import ResourceCalls
from isocenter.client.sent_files import SentFile, Wish, prepare
from isocenter.client.transport import About, FilePart, new_idempotency_key
from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    ResourceNotFoundError,
    UnavailableError,
)
from isocenter.system_errors import safe_error

Entry = TypeVar("Entry")
Metadata = Mapping[str, object] | str | os.PathLike[str] | None

# Below it, asking whether the server has the bytes takes as long as sending them.
_ASKED_BYTES_MIN = 64 << 10
# After so many files in a row that the server has not, the others of the call are just sent.
_UNKNOWN_MAX = 32
_NEW = About("resource", {})


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is the same for all files of one call."""

    fields: tuple[tuple[str, str], ...]
    wish: Wish
    publishes: bool
    resume: str | None
    seen: Counter[str] = field(default_factory=Counter)
    # Files in a row whose bytes the server has not.
    unknown: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def idempotency_key(self, sha256: str, name: str) -> str:
        """Return the key of one file: a new one, or in a run that is resumed always the same."""
        if self.resume is None:
            return new_idempotency_key()
        what = f"{self.resume}\0{sha256}\0{name}"
        with self.lock:
            self.seen[what] += 1
            what = f"{what}\0{self.seen[what]}"
        return hashlib.sha256(what.encode()).hexdigest()


class _Task(NamedTuple):
    """One file of a call."""

    number: int
    item: object
    metadata: Metadata
    segmentations: Sequence[Segmentation]


class UploadCalls(ResourceCalls, AnnotationCalls):
    """Uploads to the server."""

    def upload_resource(  # noqa: PLR0913 - those of upload_resources
        self,
        file_path: object,
        mimetype: str | None = None,
        *,
        anonymize: bool = False,
        anonymize_retain_codes: Iterable[tuple[int, int]] = (),
        labels: str | Iterable[str] | None = None,
        mung_filename: Mung = None,
        channel: str | None = None,
        publish: bool = False,
        modality: str | None = None,
        metadata: Metadata = None,
    ) -> str:
        """Upload one file and return the id of its resource.

        Raises
        ------
        InvalidInputError
            If several files are named.
        IsocenterError
            As ``upload_resources`` does.
        """
        made = self.upload_resources(
            file_path,
            mimetype,
            anonymize=anonymize,
            anonymize_retain_codes=anonymize_retain_codes,
            labels=labels,
            mung_filename=mung_filename,
            channel=channel,
            publish=publish,
            modality=modality,
            metadata=metadata,
        )
        if not isinstance(made, str):
            raise InvalidInputError("upload_resource takes one file: use upload_resources")
        return made

    def upload_resources(  # noqa: PLR0913 - the documented arguments and ours
        self,
        files_path: object,
        mimetype: str | None = None,
        *,
        anonymize: bool = False,
        anonymize_retain_codes: Iterable[tuple[int, int]] = (),
        on_error: Literal["raise", "skip"] = "raise",
        labels: str | Iterable[str] | None = None,
        mung_filename: Mung = None,
        channel: str | None = None,
        publish: bool = False,
        publish_to: str | None = None,
        segmentation_files: object = None,
        transpose_segmentation: bool = False,
        modality: str | None = None,
        tags: str | Iterable[str] | None = None,
        metadata: Metadata | Sequence[Metadata] = None,
        anonymize_retain: Iterable[str] = (),
        anonymize_clean: Iterable[str] = (),
        anonymize_params: str = "",
        accept_burned_in: bool = False,
        accept: Iterable[str] = (),
        regions: Iterable[str] = (),
        key_file: str | os.PathLike[str] | None = None,
        resume: str | None = None,
        progress_bar: bool | None = None,
    ) -> str | list[str | IsocenterError]:
        """Upload files, each as a new resource, and return their ids in the same order.

        Parameters
        ----------
        files_path
            A path, a pattern such as ``scans/**/*.dcm``, a folder, bytes, an open file, a pydicom
            Data Set, or an iterable of these. One thing alone gives one id instead of a list.
        mimetype
            Default: by content and name.
        anonymize
            De-identify DICOM files before they leave the machine (PS3.15 Annex E), with the key
            of ``key_file`` or the user's own. Other kinds of files are sent as they are.
        anonymize_retain_codes
            Elements that keep their values, such as ``(0x0008, 0x0050)``.
        on_error
            ``skip``: the list has an error where a file could not be uploaded.
        labels, tags
            Two names for one thing.
        mung_filename
            How many folders go into the name: ``None``, ``'all'``, a number, or their numbers.
        publish, publish_to
            Publish the resources; also add them to this project.
        segmentation_files
            For each file a path, a list of paths or ``{"files", "names", "frame_index"}``.
        metadata
            JSON values that are kept with a resource, or a JSON file; one for all or one for each.
        anonymize_retain, anonymize_clean
            Options of Annex E such as ``patient-characteristics``, ``descriptors``.
        anonymize_params
            Lines ``(gggg,eeee)=value``.
        accept_burned_in, accept, regions
            What need not be held back, and rectangles ``left,top,width,height`` to be blanked.
        resume
            Any text that names this upload: called again with the same text, it goes on where it
            was, and makes no resource twice.
        progress_bar
            Default: where somebody looks at a terminal.

        Raises
        ------
        HeldBackError
            If de-identification may not pass a file on.
        InvalidInputError, NotSupportedError, NotFoundError
            If a file is not what it should be or not there, or an argument says nothing sensible.
        NotAuthenticatedError, NotAllowedError, TooLargeError, UnavailableError
            If the server does not take it.
        """
        if on_error not in ("raise", "skip"):
            raise InvalidInputError("on_error is 'raise' or 'skip'")
        wishes = None
        if anonymize:
            wishes = doors.Wishes(
                retain_codes=tuple(anonymize_retain_codes),
                retain=tuple(texts_of(anonymize_retain)),
                clean=tuple(texts_of(anonymize_clean)),
                params=anonymize_params,
                regions=tuple(texts_of(regions)),
                accept=tuple(texts_of(accept)),
                accept_burned_in=accept_burned_in,
                key_file=None if key_file is None else Path(path_text(key_file)),
            )
        names = [*texts_of(labels), *texts_of(tags)]
        plan = _Plan(
            fields=(
                *_fields(names, channel=channel, modality=modality),
                # A server that does not know it leaves the resource in the inbox.
                *([("bypass_inbox", "true")] if publish or publish_to is not None else []),
            ),
            wish=Wish(
                mimetype, mung_filename, None if wishes is None else doors.Deidentifier(wishes)
            ),
            publishes=publish or publish_to is not None,
            resume=resume,
        )
        items, is_single = find_items(files_path)
        given = segmentations_of(segmentation_files, is_single=is_single)
        tasks = _tasks(items, metadata, given)
        total = len(items) if isinstance(items, Sequence) else None

        def upload(task: _Task) -> str:
            return self._upload(plan, task, transposes=transpose_segmentation)

        with ProgressLine("Uploading", total, is_shown=progress_bar) as line:
            made = _in_order(upload, tasks, self._parallel, line, skips=on_error == "skip")
        if publish_to is not None:
            self._add_to_project(publish_to, [one for one in made if isinstance(one, str)])
        if is_single and isinstance(made[0], str):
            return made[0]
        return made

    def _upload(self, plan: _Plan, task: _Task, *, transposes: bool) -> str:
        """Upload one file with what belongs to it; return the id."""
        with contextlib.ExitStack() as stack:
            given = open_item(task.item, stack)
            try:
                ready = prepare(given, plan.wish, task.number, stack)
                fields = [*plan.fields, *_fields_of(ready), *_metadata_fields(task.metadata)]
                key = plan.idempotency_key(ready.sha256, ready.name)
                said = self._known(plan, fields, ready, key) or self._send(fields, ready, key)
                made = _id(said)
                if plan.publishes and said.get("status") != "published":
                    self.publish_resources(made)
                self._upload_given(made, task.segmentations, transposes=transposes)
            except IsocenterError as error:
                error.add_note(f"while uploading {given.name}")
                raise
        return made

    def _known(self, plan: _Plan, fields: list[tuple[str, str]], ready: SentFile, key: str) -> Json:
        """Return a resource made of bytes that the server has; an empty one where it has not."""
        is_asked = ready.size_bytes >= _ASKED_BYTES_MIN and (
            plan.resume is not None or len(plan.unknown) < _UNKNOWN_MAX
        )
        if not self._knows_hashes or not is_asked:
            return {}
        named = [*fields, ("filename", ready.name), ("sha256", ready.sha256)]
        try:
            answer = self._transport.send_form(
                ["resources"], named, None, about=_NEW, idempotency_key=key
            )
        except ResourceNotFoundError:
            plan.unknown.append(ready.sha256)
            return {}
        except InvalidInputError:
            self._knows_hashes = False  # a server that wants the bytes, always
            return {}
        plan.unknown.clear()
        return object_of(answer)

    def _send(self, fields: list[tuple[str, str]], ready: SentFile, key: str) -> Json:
        part = FilePart("resource", ready.name, ready.mimetype, ready.open)
        answer = self._transport.send_form(
            ["resources"], fields, part, about=_NEW, idempotency_key=key
        )
        return object_of(answer)

    def _add_to_project(self, project: str, made: list[str]) -> None:
        self._transport.call(
            "POST",
            ["projects", project, "resources"],
            about=About("project", {"id": project}),
            body={"resource_ids_to_add": made},
        )


def _in_order(
    upload: Callable[[_Task], str],
    tasks: Iterator[_Task],
    parallel: int,
    line: ProgressLine,
    *,
    skips: bool,
) -> list[str | IsocenterError]:
    """Return what becomes of the tasks, in their order; a few are ahead, never all."""
    made: list[str | IsocenterError] = []
    waiting: deque[Future[str]] = deque()

    def collect() -> None:
        try:
            made.append(waiting.popleft().result())
        except IsocenterError as error:
            if not skips:
                raise
            made.append(error)
        line.tell()

    with ThreadPoolExecutor(parallel) as pool:
        try:
            for task in tasks:
                waiting.append(pool.submit(upload, task))
                if len(waiting) >= 2 * parallel:
                    collect()
            while waiting:
                collect()
        except BaseException:
            for one in waiting:
                one.cancel()
            raise
    return made


def _tasks(
    items: Iterable[object],
    metadata: Metadata | Sequence[Metadata],
    given: Sequence[tuple[Segmentation, ...]] | None,
) -> Iterator[_Task]:
    """Yield what is to be uploaded.

    Raises
    ------
    InvalidInputError
        If there are more or fewer segmentations or metadata than files.
    """
    each = metadata if isinstance(metadata, list | tuple) else None
    number = 0
    for number, item in enumerate(items, 1):
        facts = metadata if each is None else _entry(each, number, "metadata")
        masks = () if given is None else _entry(given, number, "segmentation_files")
        assert facts is None or isinstance(facts, Mapping | str | os.PathLike)
        yield _Task(number, item, facts, masks)
    for named, what in ((each, "metadata"), (given, "segmentation_files")):
        if named is not None and len(named) > number:
            raise InvalidInputError(f"{what} has more entries than there are files")


def _entry(entries: Sequence[Entry], number: int, what: str) -> Entry:
    if number > len(entries):
        raise InvalidInputError(f"{what} has fewer entries than there are files")
    return entries[number - 1]


def _fields(
    labels: Sequence[str], *, channel: str | None, modality: str | None
) -> Iterator[tuple[str, str]]:
    """Yield fields of the form that all files share."""
    yield "source", "api"
    if channel is not None:
        yield "channel", channel
    if modality is not None:
        yield "modality", modality
    if any("," in label for label in labels):
        for number, label in enumerate(labels):
            yield f"labels[{number}]", label
    elif labels:
        yield "labels", ",".join(labels)


def _fields_of(ready: SentFile) -> Iterator[tuple[str, str]]:
    yield "source_filepath", ready.source
    yield "mimetype", ready.mimetype


def _metadata_fields(metadata: Metadata) -> Iterator[tuple[str, str]]:
    if metadata is None:
        return
    values: object = metadata
    try:
        if not isinstance(metadata, Mapping):
            values = json.loads(Path(path_text(metadata)).read_bytes())
        yield "metadata", json.dumps(values)
    except OSError as error:
        raise safe_error(error) from None
    except (TypeError, ValueError):
        raise InvalidInputError("the metadata are no JSON") from None


def _id(said: Mapping[str, object]) -> str:
    made = said.get("id")
    if not isinstance(made, str) or not made:
        raise UnavailableError("the server did not say the id of the resource that it made")
    return made
