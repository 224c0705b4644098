"""Annotations: which lines, and that they are readable wherever they lie."""

import numpy as np
import pytest

from isocenter.dicom.annotations import annotation_lines, annotator, draw_annotation
from isocenter.dicom.render import Picture
from tests.rendering import image, indexed


def test_name_id_and_date_are_the_lines() -> None:
    dataset = image([[1]])
    dataset.PatientName, dataset.PatientID = "Müller^Jörg=山田", "ID-7"
    dataset.ContentDate = "20240131"

    assert annotation_lines(indexed(dataset)[0].dataset) == ["Müller Jörg", "ID-7", "2024-01-31"]


def test_lines_that_are_not_there_are_left_out() -> None:
    dataset = image([[1]])
    dataset.PatientName = dataset.PatientID = ""
    for keyword in ("ContentDate", "AcquisitionDate", "StudyDate"):
        del dataset[keyword]

    assert annotation_lines(indexed(dataset)[0].dataset) == []
    assert annotator(indexed(dataset)[0].dataset, 50, 50) is None


def test_what_the_font_lacks_is_a_question_mark() -> None:
    dataset = image([[1]])
    dataset.PatientName, dataset.PatientID = "山田^太郎", "\tA\n"

    assert annotation_lines(indexed(dataset)[0].dataset)[:2] == ["?? ??", "A"]


def test_a_line_is_bounded() -> None:
    dataset = image([[1]], PatientComments="")
    dataset.add_new("PatientID", "UT", "x" * 5000)

    assert max(map(len, annotation_lines(indexed(dataset)[0].dataset))) == 64


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(512, 512), (512, 512, 3), (64, 64), (3, 5), (2000, 100)])
def test_text_is_white_with_a_black_border(shape: tuple[int, ...], dtype: type[np.uint8]) -> None:
    top = int(np.iinfo(dtype).max)
    plain: Picture = np.full(shape, top // 2, dtype)
    annotation = draw_annotation(["Doe John", "1234567890", "2024-01-31"], *shape[:2])

    if annotation is None:
        assert shape[0] < 8
        return
    burnt = annotation.burn(plain)

    assert burnt.shape == shape
    assert burnt.dtype == dtype
    assert (plain == top // 2).all()
    if shape[0] >= 64:
        # Small letters are thinner than a pixel.
        assert burnt.max() > 0.8 * top
        assert burnt.min() < 0.2 * top
        changed = np.argwhere(burnt.reshape(*shape[:2], -1)[:, :, 0] != top // 2)
        assert changed[:, 0].max() < shape[0] / 2 + 10


def test_long_lines_are_made_smaller_until_they_fit() -> None:
    annotation = draw_annotation(["a rather long name of a patient"], 512, 200)

    assert annotation is not None
    assert annotation.ink.shape[1] <= 200
    assert not annotation.ink[:, -1].any()
