"""Single values of archived Instances, as the BulkDataURIs of metadata name them.

A header is walked once for a value; where the value lies is remembered, so that ranges of it are
reads and nothing else. Pixel Data can be had in other Transfer Syntaxes, too.

References
----------
PS3.18 10.4.1.1.5 (bulk data), 8.7.3.3 (its media types).
"""

import contextlib
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from isocenter.dicom.header_index import PIXEL_DATA, UNDEFINED, DataSetIndex, index_header
from isocenter.dicom.streams import ByteSource
from isocenter.dicom.uids import EXPLICIT
from isocenter.errors import InvalidInputError, MissingElementError, NotFoundError
from isocenter.limits import Limits
from isocenter.services.retrieval import STORED, ArchivedInstance, OpenedBytes, Place, Retrieval

_PATH_PARTS_MAX = 129  # as deep as sequences nest, a tag and a number each
_DELIMITER_BYTES = 8
_REMEMBERED = 10_000
_TAG, _NUMBER = re.compile(r"[0-9A-Fa-f]{8}\Z"), re.compile(r"[0-9]{1,9}\Z")
_NONE = "there is no such value"


@dataclass(frozen=True, slots=True)
class BulkData:
    """One value of an Instance, read in parts; whoever has it closes it.

    Attributes
    ----------
    key
        What is different whenever the value is.
    is_encapsulated
        Its bytes are Items with fragments.
    """

    vr: str
    size: int
    key: str
    transfer_syntax_uid: str
    is_encapsulated: bool
    _source: ByteSource
    _offset: int
    _stack: contextlib.ExitStack

    def read_at(self, offset: int, length: int) -> bytes:
        """Return ``length`` bytes of the value from ``offset``, fewer at its end."""
        taken = max(0, min(length, self.size - offset))
        return self._source.read_at(self._offset + offset, taken)

    def close(self) -> None:
        """Close what it is read from."""
        self._stack.close()


class _Found(NamedTuple):
    """Where a value lies."""

    vr: str
    offset: int
    size: int
    transfer_syntax_uid: str
    is_encapsulated: bool


class BulkValues:
    """Gives values out; safe for any number of threads."""

    def __init__(self, retrieval: Retrieval, limits: Limits) -> None:
        self._retrieval = retrieval
        self._limits = limits
        self._places: OrderedDict[tuple[str, str, str], _Found] = OrderedDict()
        self._guard = threading.Lock()

    def open(self, place: Place, path: str, transfer_syntax_uid: str = STORED) -> BulkData:
        """Return one value of an Instance.

        Parameters
        ----------
        path
            What follows ``bulkdata/`` in its URL: tags, and numbers of Items from 0 in between.
        transfer_syntax_uid
            Of Pixel Data; ``*`` as it is stored. Other values are what they are.

        Raises
        ------
        NotFoundError
            If there is no such Instance or value.
        NotSupportedError, IsocenterError
            If Pixel Data cannot be had in this Transfer Syntax.
        """
        steps = _steps(path)
        instance = self._retrieval.instances(place)[0]
        wanted = transfer_syntax_uid if steps == [PIXEL_DATA] else STORED
        if wanted == instance.transfer_syntax_uid:
            wanted = STORED
        key = (instance.blob_key, wanted, "/".join(map(str, steps)))
        with contextlib.ExitStack() as stack:
            source = stack.enter_context(contextlib.closing(self._opened(instance, wanted)))
            with self._guard:
                found = self._places.get(key)
            if found is None:
                found = _find(source, steps, self._limits)
                with self._guard:
                    self._places[key] = found
                    if len(self._places) > _REMEMBERED:
                        self._places.popitem(last=False)
            return BulkData(
                found.vr,
                found.size,
                " ".join(key),
                found.transfer_syntax_uid,
                found.is_encapsulated,
                source,
                found.offset,
                stack.pop_all(),
            )

    def _opened(self, instance: ArchivedInstance, wanted_uid: str) -> OpenedBytes:
        if wanted_uid == STORED:
            return self._retrieval.open_plain(instance)
        return self._retrieval.open(instance, wanted_uid)


def is_pixels(path: str) -> bool:
    """Whether a path names the Pixel Data of the whole Instance."""
    return path.upper() == f"{PIXEL_DATA:08X}"


def _find(source: ByteSource, steps: Sequence[int], limits: Limits) -> _Found:
    header = index_header(source, limits)
    dataset = _descend(header.dataset, steps[:-1])
    entry = dataset.elements.get(steps[-1])
    if entry is None or entry[0] == "SQ":
        raise NotFoundError(_NONE)
    vr, _, offset, length, end = entry
    size = end - offset - (_DELIMITER_BYTES if length == UNDEFINED else 0)
    is_encapsulated = length == UNDEFINED and steps[-1] == PIXEL_DATA
    uid = header.transfer_syntax_uid if is_encapsulated else EXPLICIT
    return _Found(vr, offset, size, uid or EXPLICIT, is_encapsulated)


def _steps(path: str) -> list[int]:
    """Return the tags and numbers of a path of bulk data."""
    parts = path.split("/")
    tags, numbers = parts[::2], parts[1::2]
    is_path = len(parts) % 2 == 1 and len(parts) <= _PATH_PARTS_MAX
    if not is_path or not all(map(_TAG.match, tags)) or not all(map(_NUMBER.match, numbers)):
        raise NotFoundError(_NONE)
    return [int(part, 16 if at % 2 == 0 else 10) for at, part in enumerate(parts)]


def _descend(dataset: DataSetIndex, steps: Sequence[int]) -> DataSetIndex:
    for tag, number in zip(steps[::2], steps[1::2], strict=True):
        try:
            dataset = dataset.items(tag)[number]
        except (IndexError, MissingElementError, InvalidInputError):
            raise NotFoundError(_NONE) from None
    return dataset
