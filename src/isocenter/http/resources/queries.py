"""What the address and the body of a request say, in the ways of all generations of clients."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeGuard

import orjson

from isocenter.errors import InvalidInputError
from isocenter.http.uploads import read_number
from isocenter.store.resource_query import ResourceQuery
from isocenter.store.resource_rows import STATUSES, FrameLabel

PAGE = 50
# Clients of before October 2024 ask for pages of this size, and read a flat list.
FLAT_PAGE = 10

_INDEXED_LABEL = re.compile(r"(labels|tags)\[\d*\]")
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_FRAME_NAMES = ("frame_index", "frame", "index")
_FRAMES_MAX = 1 << 31
_FRAME_SENTENCE = 'frame_labels is a list of {"frame_index": number from 0, "label": text}'
_DAY = dt.timedelta(days=1)
_OFFSET_MAX = 1 << 53


class Listing(NamedTuple):
    """A query for Resources, and how the answer is to be written.

    ``projects`` are names or ids of projects that it is to be in: in one of them, or in all.
    """

    query: ResourceQuery
    is_flat: bool
    ids_only: bool
    projects: tuple[str, ...]
    all_projects: bool


class Filter(NamedTuple):
    """Some words, of which one is enough, or all are needed."""

    items: tuple[str, ...] = ()
    is_all: bool = False


def read_listing(pairs: Sequence[tuple[str, str]], page_max: int) -> Listing:
    """Return what a list is asked for.

    Parameters
    ----------
    pairs
        Names and values of the address, decoded.

    Raises
    ------
    InvalidInputError
        If a value says nothing sensible. Names that nobody knows do not matter.
    """
    said = {name: value for name, value in pairs if value}
    offset, limit = read_page(said, page_max)
    labels = read_filter(said.get("tags", ""), "tags")
    indexed = [value for name, value in pairs if value and _INDEXED_LABEL.fullmatch(name)]
    repeated = [value for name, value in pairs if value and name == "labels"]
    projects = read_filter(said.get("project", ""), "project")
    named = read_filter(said.get("projectId") or said.get("project_id") or "", "projectId").items
    statuses = tuple(word for word in said.get("status", "").split(",") if word)
    if not set(statuses) <= set(STATUSES):
        raise InvalidInputError(f"status is one of {', '.join(STATUSES)}")
    query = ResourceQuery(
        statuses=statuses,
        from_ms=read_time(said.get("from", ""), "from"),
        to_ms=read_time(said.get("to", ""), "to", is_end=True),
        modality=said.get("modality", ""),
        mimetype=said.get("mimetype", ""),
        channel=said.get("channel_name") or said.get("channel"),
        labels=(*labels.items, *indexed, *repeated),
        all_labels=labels.is_all,
        filename=said.get("filename", ""),
        order_field=said.get("order_field", "created_at"),
        is_ascending=read_truth(said.get("order_by_asc", "false"), "order_by_asc"),
        offset=offset,
        limit=limit,
    )
    return Listing(
        query,
        is_flat=limit == FLAT_PAGE,
        ids_only=read_truth(said.get("ids", "false"), "ids"),
        projects=(*projects.items, *named),
        all_projects=projects.is_all,
    )


def read_page(said: Mapping[str, str], page_max: int) -> tuple[int, int]:
    """Return offset and limit of a list.

    Raises
    ------
    InvalidInputError
        If one is no number; a page that is too large is refused, because clients take one that
        is shorter than they asked for to be the last.
    """
    offset = read_number(said.get("offset", "0"), "offset", _OFFSET_MAX, least=0)
    return offset, read_number(said.get("limit", str(PAGE)), "limit", page_max)


def read_filter(text: str, name: str) -> Filter:
    """Return words: a JSON object with ``items`` and ``filterType``, a JSON list, or one word.

    Raises
    ------
    InvalidInputError
        If it begins as JSON and is none of these.
    """
    if "\x00" in text:
        raise InvalidInputError(f"{name} has a zero character")
    if not text.startswith(("{", "[")):
        return Filter((text,)) if text else Filter()
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidInputError(f"{name} is not JSON") from None
    said = {"items": said} if isinstance(said, list) else said
    items, kind = said.get("items", []), said.get("filterType", "union")
    if isinstance(items, str):
        items = [items]
    if not _are_texts(items) or "\x00" in "".join(items) or kind not in {"union", "intersection"}:
        raise InvalidInputError(
            f'{name} is {{"items": [texts], "filterType": "union" or "intersection"}}'
        )
    return Filter(tuple(items), kind == "intersection")


def read_truth(text: str, name: str) -> bool:
    """Return a truth value, however a client writes it.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    try:
        return _TRUTHS[text.lower()]
    except KeyError:
        raise InvalidInputError(f"{name} is true or false") from None


def read_time(text: str, name: str, *, is_end: bool = False) -> int | None:
    """Return a day or a time in milliseconds since 1970; without a zone it is UTC.

    Parameters
    ----------
    is_end
        Whether a day counts as a whole, so that its end is meant.

    Raises
    ------
    InvalidInputError
        If it is neither.
    """
    if not text:
        return None
    try:
        at = dt.datetime.fromisoformat(text)
        if is_end and ":" not in text and "T" not in text:
            at += _DAY
        at = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at
        return round(at.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise InvalidInputError(f"{name} is a day or a time such as 2024-01-31") from None


def read_ids(value: object, most: int) -> list[str]:
    """Return ids that a body or an address names: a list, or a text with commas.

    Raises
    ------
    InvalidInputError
        If there are none, too many, or something else.
    """
    ids = [one for one in value.split(",") if one.strip()] if isinstance(value, str) else value
    if not _are_texts(ids) or not 1 <= len(ids) <= most:
        raise InvalidInputError(f"resource_ids is a list of 1 to {most} ids")
    return [one.strip() for one in ids]


def read_labels(said: Mapping[str, object]) -> tuple[list[str] | None, list[FrameLabel] | None]:
    """Return labels of a whole Resource and of its frames; ``None``: the body has none.

    Raises
    ------
    InvalidInputError
        If they are not lists of texts, and of objects with a frame and a label.
    """
    named = said.get("labels") if said.get("labels") is not None else said.get("tags")
    frames = said.get("frame_labels")
    if named is None and frames is None:
        raise InvalidInputError('the body is {"labels": [texts], "frame_labels": [objects]}')
    labels = None
    if named is not None:
        if not _are_texts(named):
            raise InvalidInputError("labels is a list of texts")
        labels = named
    if frames is None:
        return labels, None
    if not isinstance(frames, list):
        raise InvalidInputError(_FRAME_SENTENCE)
    return labels, [label for frame in frames for label in _frame_labels(frame)]


def _frame_labels(frame: object) -> Iterable[FrameLabel]:
    if not isinstance(frame, dict):
        raise InvalidInputError(_FRAME_SENTENCE)
    index = next((frame[name] for name in _FRAME_NAMES if name in frame), None)
    labels = frame.get("label", frame.get("labels"))
    labels = [labels] if isinstance(labels, str) else labels
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < _FRAMES_MAX:
        raise InvalidInputError(_FRAME_SENTENCE)
    if not _are_texts(labels):
        raise InvalidInputError(_FRAME_SENTENCE)
    return [FrameLabel(index, label) for label in labels]


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
