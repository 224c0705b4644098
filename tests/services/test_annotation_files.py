"""What a file is, is told by its bytes; how large a mask must be, by the resource."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from isocenter.errors import InvalidInputError, NotSupportedError, TooLargeError
from isocenter.jobs.sandbox import DECODING_CHILD
from isocenter.limits import DEFAULT
from isocenter.services.annotation_files import AnnotationFiles, CheckedFile, is_nifti
from isocenter.services.child_pool import ChildPool
from isocenter.store.resource_rows import Resource
from tests.builders import series, to_bytes
from tests.learning_desk import LearningDesk, mask_png, nifti, open_learning_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LearningDesk]:
    with open_learning_desk(tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture(scope="module")
def files(
    desk: LearningDesk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AnnotationFiles]:
    beneath = desk.beneath.desk
    with ChildPool(1, DEFAULT, DECODING_CHILD) as pool:
        scratch = tmp_path_factory.mktemp("scratch")
        yield AnnotationFiles(
            beneath.blobs,
            beneath.archive.retrieval,
            pool,
            scratch,
            beneath.archive.segmentations.check_nifti,
            100_000,
        )
        assert not list(scratch.iterdir())


@pytest.fixture(scope="module")
def resource(desk: LearningDesk) -> Resource:
    return desk.upload()


def check(files: AnnotationFiles, desk: LearningDesk, data: bytes, of: Resource) -> CheckedFile:
    staged = desk.stage(data)
    try:
        return files.check(staged, of)
    finally:
        desk.beneath.desk.blobs.discard(staged)


def test_the_kinds_of_files_are_told_by_their_bytes(
    files: AnnotationFiles, desk: LearningDesk, resource: Resource
) -> None:
    expected = {
        mask_png(): ("image/png", True),
        nifti(): ("application/nifti+gzip", False),
        nifti(is_packed=False): ("application/nifti", False),
        to_bytes(series(1)[0]): ("application/dicom", False),
    }
    for data, kind in expected.items():
        assert check(files, desk, data, resource) == kind


def test_a_mask_has_the_size_of_a_picture_that_is_the_resource(
    files: AnnotationFiles, desk: LearningDesk
) -> None:
    made = io.BytesIO()
    Image.new("L", (5, 3)).save(made, "PNG")
    picture = desk.beneath.upload(made.getvalue(), "a.png")
    other = desk.beneath.upload(b"\x89PNG\r\n\x1a\n broken", "b.png")
    film = desk.beneath.upload(b"0000ftypisom0000", "a.mp4")

    assert files.frame_size(picture) == files.frame_size(picture) == (3, 5)
    assert files.frame_size(other) is None
    assert files.frame_size(film) is None
    assert check(files, desk, mask_png(3, 5), picture).is_mask
    with pytest.raises(InvalidInputError, match="8 rows and 6 columns"):
        check(files, desk, mask_png(), picture)


def test_what_is_no_file_of_an_annotation_is_refused(
    files: AnnotationFiles, desk: LearningDesk, resource: Resource
) -> None:
    for wrong in (b"", b"GIF89a", nifti()[:-40], mask_png()[:-30]):
        with pytest.raises((InvalidInputError, NotSupportedError)):
            check(files, desk, wrong, resource)
    with pytest.raises(TooLargeError):
        check(files, desk, bytes(100_001), resource)


def test_a_nifti_begins_with_the_size_of_its_header() -> None:
    assert is_nifti((348).to_bytes(4, "little"))
    assert is_nifti((540).to_bytes(4, "big"))
    assert not is_nifti(b"\0\0\0\0")
