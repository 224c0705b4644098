"""Files of annotations: a mask is a picture of its frame's size, a volume is kept as it is.

What somebody sends is opened by child processes with limits only; here its first bytes say what
it is.
"""

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import orjson

from isocenter.dicom.picture_files import picture_kind
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.jobs.sandbox import JSON
from isocenter.services.child_pool import ChildPool
from isocenter.services.resource_kinds import is_dicom_by_prefix
from isocenter.services.retrieval import Place, Retrieval
from isocenter.store.blobs import BlobStore, StagedBlob
from isocenter.store.resource_rows import Resource

PNG, NIFTI, DICOM = "image/png", "application/nifti", "application/dicom"
SUFFIXES = {PNG: ".png", NIFTI: ".nii", f"{NIFTI}+gzip": ".nii.gz", DICOM: ".dcm"}

_HEAD_BYTES = 512
_READ_PICTURE = "isocenter.dicom.foreign_pictures:read_picture"
_GZIP = b"\x1f\x8b"
_NIFTI_SIZES = frozenset({348, 540})
_ROWS, _COLUMNS = "00280010", "00280011"
_SIZES_KEPT = 1000


class CheckedFile(NamedTuple):
    """What a file is: its type, and whether it is a mask of one frame."""

    media_type: str
    is_mask: bool


class AnnotationFiles:
    """Looks at what is sent for annotations; safe for any number of threads.

    Parameters
    ----------
    pool
        Children that decode pictures.
    scratch
        A folder for what they decode, which is removed at once.
    check_volume
        Raises an error if a file is no whole NIfTI volume.
    """

    def __init__(
        self,
        blobs: BlobStore,
        retrieval: Retrieval,
        pool: ChildPool,
        scratch: Path,
        check_volume: Callable[[Path], object],
        bytes_max: int,
    ) -> None:
        self._blobs = blobs
        self._retrieval = retrieval
        self._pool = pool
        self._scratch = scratch
        self._check_volume = check_volume
        self._bytes_max = bytes_max
        self._sizes: OrderedDict[str, tuple[int, int] | None] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, staged: StagedBlob, resource: Resource) -> CheckedFile:
        """Return what a file is, if it fits its resource.

        Raises
        ------
        InvalidInputError
            If it is damaged, none of the kinds, or of another size than the resource's frames.
        TooLargeError, DeadlineExceededError, UnavailableError
            If it passes a bound, or the machine fails.
        """
        if staged.size_bytes > self._bytes_max:
            raise TooLargeError(
                "annotation_file_bytes", self._bytes_max, staged.size_bytes, "bytes"
            )
        with self._blobs.open_staged(staged) as reader:
            head = reader.read_at(0, _HEAD_BYTES)
            if picture_kind(head) == "png":
                with reader.as_file() as path:
                    self._check_mask(path, resource)
                return CheckedFile(PNG, is_mask=True)
            if is_dicom_by_prefix(head):
                return CheckedFile(DICOM, is_mask=False)
            is_packed = head.startswith(_GZIP)
            if not is_packed and not is_nifti(head):
                raise InvalidInputError(
                    "a segmentation is a PNG mask, a NIfTI volume or a DICOM object"
                )
            with reader.as_file() as path:
                self._check_volume(path)
            return CheckedFile(f"{NIFTI}+gzip" if is_packed else NIFTI, is_mask=False)

    def frame_size(self, resource: Resource) -> tuple[int, int] | None:
        """Return rows and columns of a resource's frames; ``None`` where nobody can tell."""
        key = resource.blob_key
        with self._lock:
            if key in self._sizes:
                return self._sizes[key]
        size = self._measure(resource)
        with self._lock:
            self._sizes[key] = size
            while len(self._sizes) > _SIZES_KEPT:
                self._sizes.popitem(last=False)
        return size

    def _check_mask(self, path: Path, resource: Resource) -> None:
        found = _sizes(self._run(_READ_PICTURE, path, multi_frame=False))
        if len(found) != 1:
            raise InvalidInputError("a mask is one picture")
        wanted = self.frame_size(resource)
        if wanted is not None and found[0] != wanted:
            told = "{} rows and {} columns"
            raise InvalidInputError(
                f"the mask has {told.format(*found[0])}, frames of the resource have "
                f"{told.format(*wanted)}"
            )

    def _measure(self, resource: Resource) -> tuple[int, int] | None:
        if resource.is_dicom:
            return self._dicom_size(resource)
        if not resource.mimetype.startswith("image/"):
            return None
        try:
            with self._blobs.open(resource.blob_key) as reader, reader.as_file() as path:
                found = _sizes(self._run(_READ_PICTURE, path, multi_frame=False))
        except InvalidInputError:
            return None  # a picture that cannot be read has no size that a mask could have
        return found[0] if found else None

    def _dicom_size(self, resource: Resource) -> tuple[int, int] | None:
        assert resource.study_uid
        assert resource.series_uid
        assert resource.sop_instance_uid
        uids = (resource.study_uid, resource.series_uid, resource.sop_instance_uid)
        told = b"".join(self._retrieval.metadata(Place(resource.owner, *uids), ""))
        for attributes in orjson.loads(told):
            values = [attributes.get(tag, {}).get("Value") for tag in (_ROWS, _COLUMNS)]
            if all(values):
                return int(values[0][0]), int(values[1][0])
        return None

    def _run(self, function: str, path: Path, **options: str | int | bool) -> dict[str, JSON]:
        """Return what a child says of a file; what it makes of it is removed."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        target = self._scratch / str(uuid.uuid4())
        try:
            return self._pool.run(function, path, target, **options)
        finally:
            target.unlink(missing_ok=True)


def is_nifti(head: bytes) -> bool:
    """Whether a file begins as NIfTI-1 or NIfTI-2 does, in either byte order."""
    sizes = {int.from_bytes(head[:4], "little"), int.from_bytes(head[:4], "big")}
    return bool(sizes & _NIFTI_SIZES)


def _sizes(facts: dict[str, JSON]) -> list[tuple[int, int]]:
    """Return rows and columns of each frame, as a child tells them."""
    formats, frames = facts.get("formats"), facts.get("frames")
    if not isinstance(formats, list) or not isinstance(frames, list):
        raise InvalidInputError("the reader process gave no usable answer")
    try:
        sizes = [(int(one[1]), int(one[2])) for one in formats]  # type: ignore[index, arg-type]  # checked as it fails
        return [sizes[int(frame[0])] for frame in frames]  # type: ignore[index, arg-type]  # likewise
    except (TypeError, ValueError, LookupError):
        raise InvalidInputError("the reader process gave no usable answer") from None
