"""Calls about annotations: segmentations of every kind, categories, lists, files."""

import contextlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import isocenter.client as doors
from isocenter.client.attempts import NONSENSE
from isocenter.client.calls import Calls, Json, id_of, ids_of, only_given
from isocenter.client.file_names import DICOM, NIFTI, START_BYTES, display_name, guess_mimetype
from isocenter.client.given_files import DicomDataset, GivenFile, open_item
from isocenter.client.mask import Mask, Names
from isocenter.client.sequences import LazySequence
from isocenter.client.transport import About, FilePart
from isocenter.errors import InvalidInputError, NotSupportedError, UnavailableError

Frames = int | Sequence[int] | None

_WHOLE = (NIFTI, DICOM)
_GZIP = b"\x1f\x8b"


class Segmentation(NamedTuple):
    """One segmentation of a file that is uploaded."""

    file: object
    names: Names = None
    frames: Frames = None


class AnnotationCalls(Calls):
    """Annotations of resources."""

    def upload_segmentations(
        self,
        resource_id: object,
        file_path: object,
        name: Names = None,
        frame_index: Frames = None,
        *,
        discard_empty_segmentations: bool = True,
        transpose_segmentation: bool = False,
        frames_first: bool = False,
    ) -> list[str]:
        """Upload a segmentation of a resource and return the ids of its annotations.

        NIfTI and DICOM SEG are sent as they are, and the server finds the frames by their position
        in space. Pictures and arrays become one annotation for each value of each frame.

        Parameters
        ----------
        file_path
            A path (``.nii``, ``.nii.gz``, ``.nifti``, ``.png``, ``.dcm``), bytes, an open file, a
            pydicom Data Set, or an array (rows, columns) or (rows, columns, frames).
        name
            One name, or a name for each value.
        frame_index
            0-based, of a picture or of each frame of an array.
        discard_empty_segmentations
            Frames in which nothing is marked give no annotation.
        transpose_segmentation
            Rows and columns of a picture or array are exchanged; those of NIfTI are taken as rows
            and columns, whatever its affine says.
        frames_first
            An array is (frames, rows, columns).

        Raises
        ------
        ResourceNotFoundError
            If the resource is not there.
        InvalidInputError
            If it is no segmentation.
        """
        one = id_of(resource_id)
        with contextlib.ExitStack() as stack:
            if _is_array(file_path):
                array: object = file_path
                kind, given = "array", None
            else:
                given = open_item(file_path, stack)
                kind = _kind(given)
                if kind in _WHOLE and not transpose_segmentation:
                    return self._send_whole(one, given, kind, name)
                array = _voxels(given, kind) if kind in _WHOLE else None
            frames = [frame_index] if isinstance(frame_index, int) else frame_index
            if given is None or array is not None:
                masks = doors.masks_of_array(
                    array,
                    name,
                    frames,
                    frames_first=frames_first,
                    transpose=transpose_segmentation and kind == "array",
                    keep_empty=not discard_empty_segmentations,
                )
            else:
                masks = doors.masks_of_picture(
                    _content(given),
                    name,
                    frames,
                    transpose=transpose_segmentation,
                    keep_empty=not discard_empty_segmentations,
                )
            return self._send_masks(one, list(masks))

    def upload_segmentation(
        self,
        resource_id: object,
        file_path: object,
        name: Names = None,
        frame_index: Frames = None,
        *,
        discard_empty_segmentations: bool = True,
        transpose_segmentation: bool = False,
        frames_first: bool = False,
    ) -> str | list[str]:
        """Upload a segmentation as ``upload_segmentations`` does; a single id is no list.

        Raises
        ------
        IsocenterError
            As ``upload_segmentations`` does.
        """
        made = self.upload_segmentations(
            resource_id,
            file_path,
            name,
            frame_index,
            discard_empty_segmentations=discard_empty_segmentations,
            transpose_segmentation=transpose_segmentation,
            frames_first=frames_first,
        )
        return made[0] if len(made) == 1 else made

    def add_annotations(
        self, resource_id: object, annotations: Iterable[Mapping[str, object]]
    ) -> list[str]:
        """Add annotations as the wire has them (``identifier``, ``scope``, ``type``, ...).

        Raises
        ------
        ResourceNotFoundError
            If the resource is not there.
        InvalidInputError
            If the server refuses one of them; then it adds none.
        """
        one = id_of(resource_id)
        body = [dict(annotation) for annotation in annotations]
        path = ["annotations", one, "annotations"]
        answer = self._transport.call("POST", path, about=_resource(one), body=body)
        if not isinstance(answer.json, list) or len(answer.json) != len(body):
            raise UnavailableError(NONSENSE)
        return [str(made["id"] if isinstance(made, dict) else made) for made in answer.json]

    def add_image_category_annotation(
        self, resource_id: object, identifier: str, value: str
    ) -> str:
        """Say something of a whole resource, such as ``quality`` = ``good``; return the id.

        Raises
        ------
        ResourceNotFoundError
            If it is not there.
        """
        annotation = {"identifier": identifier, "value": value, "scope": "image"}
        return self.add_annotations(resource_id, [{**annotation, "type": "category"}])[0]

    def add_frame_category_annotation(
        self, resource_id: object, frame_index: int | tuple[int, int], identifier: str, value: str
    ) -> list[str]:
        """Say something of a frame, or of all from one to another, both included; return the ids.

        Raises
        ------
        ResourceNotFoundError
            If the resource is not there.
        """
        first, last = (frame_index, frame_index) if isinstance(frame_index, int) else frame_index
        annotation = {"identifier": identifier, "value": value, "scope": "frame"}
        return self.add_annotations(
            resource_id,
            [
                {**annotation, "type": "category", "frame_index": index}
                for index in range(first, last + 1)
            ],
        )

    def get_annotations(
        self, resource_id: object, annotation_type: str | None = None
    ) -> LazySequence[Json]:
        """Return the annotations of a resource.

        Raises
        ------
        ResourceNotFoundError
            If it is not there, when items are asked for.
        """
        one = id_of(resource_id)
        query = only_given({"annotation_type": annotation_type})
        return self._sequence(["annotations", one, "annotations"], query, about=_resource(one))

    get_resource_annotations = get_annotations

    def download_annotation_file(self, resource_id: object, annotation_id: str) -> bytes:
        """Return the file of an annotation: a mask as PNG, a whole NIfTI, a DICOM SEG.

        Raises
        ------
        ResourceNotFoundError
            If it is not there, or has none.
        """
        target = io.BytesIO()
        path = ["annotations", id_of(resource_id), "annotations", annotation_id, "file"]
        self._transport.fetch(path, target, about=About("annotation", {"id": annotation_id}))
        return target.getvalue()

    def delete_annotations(self, annotation_ids: object) -> None:
        """Delete one annotation or many.

        Raises
        ------
        ResourceNotFoundError
            If one of them is not there.
        """
        for one in ids_of(annotation_ids):
            about = About("annotation", {"id": one})
            self._transport.call("DELETE", ["annotations", one], about=about)

    delete_annotation = delete_annotations

    def _upload_given(
        self, resource_id: str, given: Sequence[Segmentation], *, transposes: bool
    ) -> None:
        for one in given:
            self.upload_segmentations(
                resource_id,
                one.file,
                one.names,
                one.frames,
                transpose_segmentation=transposes,
            )

    def _send_whole(self, one: str, given: GivenFile, kind: str, names: Names) -> list[str]:
        """Send a file that holds the segmentation of all frames."""
        path = ["annotations", one, "segmentations", "file"]
        part = FilePart("file", display_name(given.name), kind, given.open)
        fields = []
        if isinstance(names, str):
            fields = [("name", names)]
        elif names is not None:
            fields = [("segmentation_map", json.dumps({str(key): names[key] for key in names}))]
        said = self._transport.send_form(path, fields, part, about=_resource(one)).json
        if not isinstance(said, dict):
            raise UnavailableError(NONSENSE)
        made = said.get("annotation_ids") or [said.get("id")]
        if not isinstance(made, list) or not all(isinstance(each, str) for each in made):
            raise UnavailableError(NONSENSE)
        return made

    def _send_masks(self, one: str, masks: Sequence[Mask]) -> list[str]:
        """Make all annotations with one request, then send their pictures, several at once."""
        if not masks:
            return []
        made = self.add_annotations(
            one,
            [
                {
                    "identifier": mask.name,
                    "scope": "frame",
                    "frame_index": mask.frame_index,
                    "type": "segmentation",
                }
                for mask in masks
            ],
        )

        def send(annotation_id: str, mask: Mask) -> None:
            path = ["annotations", one, "annotations", annotation_id, "file"]
            part = FilePart("file", mask.name, "image/png", lambda: io.BytesIO(mask.png))
            about = About("annotation", {"id": annotation_id})
            self._transport.send_form(path, [], part, about=about)

        with ThreadPoolExecutor(self._parallel) as pool:
            for sent in [pool.submit(send, *pair) for pair in zip(made, masks, strict=True)]:
                sent.result()
        return made


def segmentations_of(given: object, *, is_single: bool) -> list[tuple[Segmentation, ...]] | None:
    """Return the segmentations of each file, as callers say them; ``None`` where they say none.

    Raises
    ------
    InvalidInputError
        If it is none of the documented forms.
    """
    if given is None:
        return None
    if is_single and not (isinstance(given, list) and given and isinstance(given[0], list | dict)):
        return [_of_one(given)]
    if not isinstance(given, Iterable) or isinstance(given, str | bytes | Mapping):
        raise InvalidInputError("segmentation_files has one entry for each file")
    return [_of_one(one) for one in given]


def _of_one(given: object) -> tuple[Segmentation, ...]:
    """Return the segmentations of one file."""
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        many = given if isinstance(given, list | tuple) else [given]
        return tuple(Segmentation(one) for one in many if one is not None)
    files = given.get("files")
    if not isinstance(files, list | tuple):
        raise InvalidInputError("an entry of segmentation_files needs the list 'files'")
    names = _for_each(given.get("names"), len(files))
    frames = _for_each(given.get("frame_index"), len(files))
    return tuple(
        Segmentation(file, name, frame)
        for file, name, frame in zip(files, names, frames, strict=True)
        if file is not None
    )


def _for_each(given: Any, number: int) -> list[Any]:  # noqa: ANN401 - as callers say it
    """Return one value for each of some files, of one for all or of a list."""
    if not isinstance(given, list | tuple):
        return [given] * number
    if len(given) != number:
        raise InvalidInputError("'files', 'names' and 'frame_index' need the same length")
    return list(given)


def _is_array(given: object) -> bool:
    # A pydicom Data Set says that it has every attribute of this kind.
    return hasattr(given, "__array__") and not isinstance(given, DicomDataset)


def _kind(given: GivenFile) -> str:
    with given.open() as stream:
        start = stream.read(START_BYTES)
    kind = guess_mimetype(given.name, start)
    is_nameless_nifti = start[:4] in (b"\x5c\x01\0\0", b"\0\0\x01\x5c")
    return NIFTI if is_nameless_nifti or start[:2] == _GZIP else kind


def _content(given: GivenFile) -> bytes:
    with given.open() as stream:
        return stream.read()


def _voxels(given: GivenFile, kind: str) -> object:
    """Return the voxels of a NIfTI as they are stored."""
    if kind != NIFTI:
        raise NotSupportedError("a DICOM SEG cannot be transposed: it says itself where it is")
    try:
        image = doors.read_nifti(_content(given))
    except ImportError:
        raise NotSupportedError("nibabel is needed to transpose NIfTI") from None
    return getattr(image, "dataobj", None)


def _resource(resource_id: str) -> About:
    return About("resource", {"id": resource_id})
