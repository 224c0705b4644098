import gzip
import io
import json
from pathlib import Path

import nibabel
import numpy as np
import pytest
from PIL import Image

from isocenter.client import APIHandler
from isocenter.client.annotation_calls import Segmentation, segmentations_of
from isocenter.errors import InvalidInputError, NotSupportedError, UnavailableError
from tests import builders
from tests.faulty_store import FaultyStore

WHOLE = "POST /annotations/r/segmentations/file"
MANY = "POST /annotations/r/annotations"


@pytest.fixture
def nifti(tmp_path: Path) -> Path:
    array = np.zeros((4, 3, 2), np.uint8)
    array[3, 1, 1] = 1
    path = tmp_path / "mask.nifti"
    made = nibabel.Nifti1Image(array, np.eye(4))  # type: ignore[no-untyped-call]  # has no types
    path.write_bytes(made.to_bytes())
    return path


def test_a_nifti_is_sent_as_it_is(faulty: APIHandler, store: FaultyStore, nifti: Path) -> None:
    store.answers[WHOLE] = {"id": "s"}

    assert faulty.upload_segmentation("r", str(nifti), "SegmentationName") == "s"

    (asked,) = store.asked
    assert nifti.read_bytes() in asked.body
    assert b'name="name"\r\n\r\nSegmentationName\r\n' in asked.body
    assert b"Content-Type: application/nifti" in asked.body


def test_names_of_values_go_as_a_map(faulty: APIHandler, store: FaultyStore, nifti: Path) -> None:
    store.answers[WHOLE] = {"id": "s", "annotation_ids": ["a", "b"]}
    packed = gzip.compress(nifti.read_bytes())

    assert faulty.upload_segmentations("r", packed, {1: "liver"}) == ["a", "b"]
    assert b'{"1": "liver"}' in store.asked[0].body


def test_a_dicom_segmentation_is_sent_as_it_is(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers[WHOLE] = {"id": "s"}
    (dataset,) = builders.series(1)

    assert faulty.upload_segmentations("r", dataset, "liver") == ["s"]
    assert b"Content-Type: application/dicom" in store.asked[0].body
    with pytest.raises(NotSupportedError, match="transposed"):
        faulty.upload_segmentations("r", dataset, transpose_segmentation=True)


def test_segmentations_of_every_kind_are_taken_and_given_back(api: APIHandler, nifti: Path) -> None:
    (dataset,) = builders.series(1, rows=3, columns=4)
    one = api.upload_resource(dataset)
    array = np.zeros((3, 4), np.uint8)
    array[1, 3] = 1
    array[2, 0] = 2

    whole = api.upload_segmentation(one, nifti, "whole")
    masks = api.upload_segmentations(one, array, {1: "liver", 2: "spleen"})
    category = api.add_image_category_annotation(one, "quality", "good")

    assert isinstance(whole, str)
    assert [found["id"] for found in api.get_annotations(one)] == [whole, *masks, category]
    assert {found["id"] for found in api.get_annotations(one, "segmentation")} == {whole, *masks}
    assert api.download_annotation_file(one, whole) == nifti.read_bytes()
    liver = Image.open(io.BytesIO(api.download_annotation_file(one, masks[0])))
    assert np.argwhere(np.asarray(liver.convert("L"))).tolist() == [[1, 3]]
    api.delete_annotations([whole, *masks])
    assert [found["id"] for found in api.get_annotations(one)] == [category]


def test_an_array_becomes_a_mask_for_each_value_of_each_frame(
    faulty: APIHandler, store: FaultyStore
) -> None:
    store.answers |= {MANY: ["a", "b"]} | {
        f"POST /annotations/r/annotations/{one}/file": {} for one in "ab"
    }
    array = np.zeros((4, 3, 5), np.uint8)
    array[0, 1, 2] = 1
    array[3, 2, 4] = 2

    made = faulty.upload_segmentation("r", array, {1: "liver", 2: "spleen"})

    assert made == ["a", "b"]
    assert json.loads(store.asked[0].body) == [
        {"identifier": name, "scope": "frame", "frame_index": index, "type": "segmentation"}
        for name, index in (("liver", 2), ("spleen", 4))
    ]
    by_path = {one.path: one.body for one in store.asked[1:]}
    body = by_path["/annotations/r/annotations/b/file"]
    assert b'name="file"; filename="spleen"' in body
    png = body[body.index(b"\x89PNG") :]
    assert np.argwhere(np.asarray(Image.open(io.BytesIO(png)))[..., 0]).tolist() == [[3, 2]]


def test_a_picture_marks_the_frame_that_is_said(
    faulty: APIHandler, store: FaultyStore, tmp_path: Path
) -> None:
    store.answers |= {MANY: ["a"], "POST /annotations/r/annotations/a/file": {}}
    path = tmp_path / "a.png"
    Image.fromarray(np.eye(3, dtype=np.uint8) * 255).save(path)

    assert faulty.upload_segmentation("r", path, "bone", 7) == "a"
    (annotation,) = json.loads(store.asked[0].body)
    assert (annotation["identifier"], annotation["frame_index"]) == ("bone", 7)


def test_an_empty_segmentation_is_nothing(faulty: APIHandler, store: FaultyStore) -> None:
    assert faulty.upload_segmentations("r", np.zeros((3, 3))) == []
    assert store.asked == []


def test_a_nifti_is_transposed_to_masks(
    faulty: APIHandler, store: FaultyStore, nifti: Path
) -> None:
    store.answers |= {MANY: ["a"], "POST /annotations/r/annotations/a/file": {}}

    faulty.upload_segmentations("r", nifti, "liver", transpose_segmentation=True)

    png = store.asked[1].body[store.asked[1].body.index(b"\x89PNG") :]
    assert json.loads(store.asked[0].body)[0]["frame_index"] == 1
    assert np.argwhere(np.asarray(Image.open(io.BytesIO(png)))[..., 0]).tolist() == [[3, 1]]


def test_categories_are_annotations(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers[MANY] = ["a"]
    assert faulty.add_image_category_annotation("r", "quality", "good") == "a"
    store.answers[MANY] = ["a", "b", "c"]
    assert faulty.add_frame_category_annotation("r", (2, 4), "organ", "liver") == ["a", "b", "c"]

    image, frames = (json.loads(one.body) for one in store.asked)
    assert image == [
        {"identifier": "quality", "value": "good", "scope": "image", "type": "category"}
    ]
    assert [one["frame_index"] for one in frames] == [2, 3, 4]


def test_fewer_ids_than_annotations_are_nonsense(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers[MANY] = []

    with pytest.raises(UnavailableError, match="no usable answer"):
        faulty.add_annotations("r", [{"identifier": "a"}])


def test_annotations_are_listed_had_and_deleted(faulty: APIHandler, store: FaultyStore) -> None:
    store.answers |= {
        "GET /annotations/r/annotations": {"data": [{"id": "a"}]},
        "GET /annotations/r/annotations/a/file": b"png",
        "DELETE /annotations/a": {},
    }

    assert [one["id"] for one in faulty.get_resource_annotations("r")] == ["a"]
    assert faulty.download_annotation_file("r", "a") == b"png"
    faulty.delete_annotation("a")
    assert store.asked[-1].method == "DELETE"


@pytest.mark.parametrize(
    ("given", "is_single", "expected"),
    [
        (None, True, None),
        ("a.nii", True, [(Segmentation("a.nii"),)]),
        (["a", "b"], True, [(Segmentation("a"), Segmentation("b"))]),
        ({"files": ["a"]}, True, [(Segmentation("a"),)]),
        ([{"files": ["a"]}], True, [(Segmentation("a"),)]),
        (
            [["a", "b"], None, "c"],
            False,
            [(Segmentation("a"), Segmentation("b")), (), (Segmentation("c"),)],
        ),
        (
            [{"files": ["a", None], "names": {1: "x"}, "frame_index": [3, 4]}],
            False,
            [(Segmentation("a", {1: "x"}, 3),)],
        ),
    ],
)
def test_segmentations_of_files_come_in_every_documented_form(
    given: object, *, is_single: bool, expected: object
) -> None:
    assert segmentations_of(given, is_single=is_single) == expected


@pytest.mark.parametrize("given", ["a.nii", [{"names": ["a"]}], [{"files": ["a"], "names": []}]])
def test_other_forms_are_refused(given: object) -> None:
    with pytest.raises(InvalidInputError):
        segmentations_of(given, is_single=False)
