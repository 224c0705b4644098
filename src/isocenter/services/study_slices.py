"""What a viewer of volumes can show of a Study or a Series: files, all in one archive.

Volumes of several Frames go in as archives of their slices (``services/slice_archives.py``), what
the viewer cannot decode goes in decoded, and what is no image stays out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from isocenter.dicom.slice_archive import READABLE
from isocenter.dicom.uids import EXPLICIT, VIDEO
from isocenter.errors import IsocenterError, NotFoundError
from isocenter.services.retrieval import ArchivedInstance, OpenedBytes, Place, Retrieval
from isocenter.services.slice_archives import SliceArchives, Volume

# Of the archive's volumes, where those of sessions have the id of theirs.
_NO_SESSION = ""
_NOT_SHOWN = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.66.4",  # Segmentation
        "1.2.840.10008.5.1.4.1.1.66.7",  # Label Map Segmentation
    }
)


@dataclass(frozen=True, slots=True)
class SliceEntry:
    """One file for the viewer: an Instance, or an archive of its slices; names are numbers."""

    name: str
    size_bytes: int
    instance: ArchivedInstance
    is_volume: bool


class StudySlices:
    """Finds and opens the files; for any number of threads."""

    def __init__(self, retrieval: Retrieval, archives: SliceArchives) -> None:
        self._retrieval = retrieval
        self._archives = archives

    def check(self, place: Place) -> None:
        """Raise NotFoundError if there is no such Study or Series of this owner."""
        self._retrieval.instances(place)

    def entries(self, place: Place) -> list[SliceEntry]:
        """Return the files of a Study or a Series, each made where it has to be made.

        Raises
        ------
        NotFoundError
            If there is none, or no image in it.
        """
        found = [one for one in self._retrieval.instances(place) if _is_shown(one)]
        if not found:
            raise NotFoundError("there is no image in it that this viewer can show")
        series = _numbers([one.series_uid for one in found])
        return [
            self._entry(one, f"series{series[one.series_uid]:04d}/{number:06d}")
            for number, one in enumerate(found, 1)
        ]

    def open(self, entry: SliceEntry) -> OpenedBytes:
        """Return the bytes of a file; the caller closes them.

        Raises
        ------
        IsocenterError
            As ``Retrieval.open`` and ``SliceArchives.open`` raise them.
        """
        if entry.is_volume:
            with self._retrieval.stored(entry.instance) as reader:
                volume = Volume(_NO_SESSION, entry.instance.blob_key, reader)
                return self._archives.open(volume).source
        return self._open(entry.instance)

    def _entry(self, instance: ArchivedInstance, name: str) -> SliceEntry:
        is_volume = instance.frames > 1 and self._is_volume(instance)
        suffix = ".zip" if is_volume else ".dcm"
        entry = SliceEntry(name + suffix, instance.size_bytes, instance, is_volume)
        if not is_volume and instance.transfer_syntax_uid in READABLE:
            return entry
        opened = self.open(entry)
        try:
            return SliceEntry(entry.name, opened.size, instance, is_volume)
        finally:
            opened.close()

    def _is_volume(self, instance: ArchivedInstance) -> bool:
        with self._retrieval.stored(instance) as reader:
            return self._archives.count(Volume(_NO_SESSION, instance.blob_key, reader)) > 0

    def _open(self, instance: ArchivedInstance) -> OpenedBytes:
        if instance.transfer_syntax_uid in READABLE:
            return self._retrieval.open(instance)
        try:
            return self._retrieval.open(instance, EXPLICIT)
        except IsocenterError:
            # What is wrong with it, viewing it as it is will show.
            return self._retrieval.open(instance)


def _is_shown(instance: ArchivedInstance) -> bool:
    is_video = instance.transfer_syntax_uid.startswith(VIDEO)
    return instance.frames > 0 and not is_video and instance.sop_class_uid not in _NOT_SHOWN


def _numbers(uids: Sequence[str]) -> dict[str, int]:
    """Return numbers from 1 for UIDs, in the order in which they come first."""
    return {uid: number for number, uid in enumerate(dict.fromkeys(uids), 1)}
