"""What a viewer of volumes gets of a Study: images, volumes as slices, pixels it can decode."""

import contextlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import UID

from isocenter.errors import NotFoundError
from isocenter.jobs.sandbox import TRANSCODE_CHILD, Sandbox
from isocenter.services.retrieval import Place
from isocenter.services.slice_archives import DECODE, SliceArchives
from isocenter.services.study_slices import StudySlices
from tests.archives import OWNER, STRANGER, Desk, open_desk
from tests.builders import instance, series, set_fragments, to_bytes, uid
from tests.multi_frame import classic, enhanced

CINE = "1.2.840.10008.5.1.4.1.1.3.1"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("archive")) as made:
        made.store(
            *series(3), enhanced("MR", 4), classic(CINE, 5, modality="US"), no_image(), mask()
        )
        yield made


@pytest.fixture(scope="module")
def slices(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudySlices]:
    with SliceArchives(tmp_path_factory.mktemp("slices"), desk.clock) as archives:
        yield StudySlices(desk.archive.retrieval, archives)


def no_image() -> Dataset:
    dataset = instance(series_name="no image")
    del dataset.PixelData
    return dataset


def mask() -> Dataset:
    dataset = instance(series_name="mask")
    dataset.SOPClassUID = UID(SEGMENTATION)
    return dataset


def place(**series_uid: str) -> Place:
    return Place(OWNER, uid("study"), **series_uid)


def files(slices: StudySlices, where: Place) -> dict[str, bytes]:
    found = {}
    for entry in slices.entries(where):
        with contextlib.closing(slices.open(entry)) as opened:
            found[entry.name] = opened.read_at(0, opened.size)
        assert len(found[entry.name]) == entry.size_bytes
    return found


def test_a_study_is_its_images_with_volumes_cut_and_the_rest_as_stored(slices: StudySlices) -> None:
    found = files(slices, place())

    suffixes = sorted(name.rpartition(".")[2] for name in found)
    assert suffixes == ["dcm", "dcm", "dcm", "dcm", "zip"]
    assert {to_bytes(one) for one in series(3)} < set(found.values())
    (volume,) = [data for name, data in found.items() if name.endswith(".zip")]
    with zipfile.ZipFile(io.BytesIO(volume)) as archive:
        assert len(archive.namelist()) == 4


def test_names_are_numbers_and_one_folder_a_series(slices: StudySlices) -> None:
    names = [entry.name for entry in slices.entries(place())]

    assert len(set(names)) == 5
    assert len({name.partition("/")[0] for name in names}) == 3
    assert {name.partition(".")[0].rpartition("/")[2] for name in names} == {
        f"{number:06d}" for number in range(1, 6)
    }


def test_a_series_is_only_that(slices: StudySlices) -> None:
    series_uid = str(series(1)[0].SeriesInstanceUID)

    found = files(slices, place(series_uid=series_uid))

    assert list(found.values()) == [to_bytes(one) for one in series(3)]


def test_a_series_without_images_has_nothing_to_show(slices: StudySlices) -> None:
    with pytest.raises(NotFoundError, match="no image"):
        slices.entries(place(series_uid=str(no_image().SeriesInstanceUID)))


def test_somebody_else_finds_nothing(slices: StudySlices) -> None:
    slices.check(place())

    for asked in (slices.check, slices.entries):
        with pytest.raises(NotFoundError):
            asked(place()._replace(owner=STRANGER))


def test_what_the_viewer_cannot_decode_is_decoded(
    desk: Desk, slices: StudySlices, tmp_path: Path
) -> None:
    dataset = instance(rows=32, columns=32, series_name="htj2k")
    (tmp_path / "native").write_bytes(to_bytes(dataset))
    with Sandbox(child=TRANSCODE_CHILD) as sandbox:
        sandbox.transform(DECODE, tmp_path / "native", tmp_path / "htj2k", codec="htj2k")
    desk.store((tmp_path / "htj2k").read_bytes())

    (data,) = files(slices, place(series_uid=str(dataset.SeriesInstanceUID))).values()

    read = dcmread(io.BytesIO(data))
    assert read.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert np.array_equal(read.pixel_array, dataset.pixel_array)


def test_what_cannot_be_decoded_is_given_as_it_is(desk: Desk, slices: StudySlices) -> None:
    dataset = instance(series_name="broken")
    set_fragments(dataset, [b"no image"], "1.2.840.10008.1.2.4.201")
    stored = to_bytes(dataset)
    desk.store(stored)

    assert list(files(slices, place(series_uid=str(dataset.SeriesInstanceUID))).values()) == [
        stored
    ]
