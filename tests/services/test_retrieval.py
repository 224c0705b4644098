"""What the archive gives out: Frames, metadata, bulk data, other encodings, pictures."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.uid import ImplicitVRLittleEndian

from isocenter.errors import (
    FrameNotFoundError,
    InvalidInputError,
    NotFoundError,
    NotSupportedError,
)
from isocenter.services.conversions import TARGETS
from isocenter.services.retrieval import Place
from tests.archives import OWNER, STRANGER, Desk, open_desk, place_of
from tests.builders import instance, series, to_bytes

EXPLICIT = "1.2.840.10008.1.2.1"
LOSSLESS = [uid for uid, (_, goal) in TARGETS.items() if not goal]
# pydicom has no decoder for these; tests/dicom compares them with other judges.
UNREAD = {f"1.2.840.10008.1.2.{end}" for end in ("4.70", "4.110", "4.201", "8.1")}
URL = "https://host/dicom-web"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("archive")) as made:
        made.store(*series(3))
        yield made


def metadata(desk: Desk, place: Place) -> list[dict[str, dict[str, object]]]:
    found: list[dict[str, dict[str, object]]] = json.loads(
        b"".join(desk.archive.retrieval.metadata(place, URL))
    )
    return found


def test_native_frame_is_its_bytes(desk: Desk) -> None:
    frame = desk.archive.retrieval.frame(place_of(instance(1)), 1)

    assert frame.data == instance(1).PixelData
    assert frame.transfer_syntax_uid == EXPLICIT


def test_frames_come_in_the_order_asked_for(desk: Desk) -> None:
    dataset = instance(series_name="frames")
    dataset.NumberOfFrames = 5
    dataset.PixelData = b"".join(bytes([n]) * 96 for n in range(5))
    desk.store(dataset)

    frames = desk.archive.retrieval.frames(place_of(dataset), [5, 1, 3, 3])

    assert [frame.data[0] for frame in frames] == [4, 0, 2, 2]


@pytest.mark.parametrize("frame_number", [0, 2, -1])
def test_frame_that_is_not_there_is_said_before_any_is_given(desk: Desk, frame_number: int) -> None:
    with pytest.raises(FrameNotFoundError):
        desk.archive.retrieval.frames(place_of(instance()), [1, frame_number])


@pytest.mark.parametrize("wanted", LOSSLESS)
def test_pixels_are_equal_in_every_lossless_transfer_syntax(desk: Desk, wanted: str) -> None:
    retrieval = desk.archive.retrieval
    place = place_of(instance())

    frame = retrieval.frame(place, 1, wanted)
    (archived,) = retrieval.instances(place)
    with contextlib.closing(retrieval.open(archived, wanted)) as source:
        whole = pydicom.dcmread(io.BytesIO(source.read_at(0, source.size)))

    assert frame.transfer_syntax_uid == whole.file_meta.TransferSyntaxUID == wanted
    if wanted in UNREAD:
        return
    assert (whole.pixel_array == instance().pixel_array).all()
    if wanted != EXPLICIT:
        held = pydicom.encaps.get_frame(whole.PixelData, 0, number_of_frames=1)
        assert held.rstrip(b"\0") == frame.data.rstrip(b"\0")


def test_implicit_instance_is_given_in_explicit_vr(desk: Desk) -> None:
    dataset = instance(series_name="implicit", transfer_syntax_uid=ImplicitVRLittleEndian)
    desk.store(dataset)
    (archived,) = desk.archive.retrieval.instances(place_of(dataset))

    with contextlib.closing(desk.archive.retrieval.open(archived, EXPLICIT)) as source:
        found = pydicom.dcmread(io.BytesIO(source.read_at(0, source.size)))

    assert archived.transfer_syntax_uid == ImplicitVRLittleEndian
    assert found.file_meta.TransferSyntaxUID == EXPLICIT
    assert found.PixelData == dataset.PixelData
    assert found.PatientName == dataset.PatientName


@pytest.mark.parametrize("wanted", ["1.2.3", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.2"])
def test_transfer_syntax_that_cannot_be_made_is_refused(desk: Desk, wanted: str) -> None:
    retrieval = desk.archive.retrieval
    with pytest.raises(NotSupportedError):
        retrieval.frame(place_of(instance()), 1, wanted)
    with pytest.raises(NotSupportedError):
        retrieval.open(retrieval.instances(place_of(instance()))[0], wanted)


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small_bigendian.dcm", "image_dfl.dcm"])
def test_frames_of_odd_encodings_are_little_endian(
    desk: Desk, shared_data: Path, name: str
) -> None:
    path = next((shared_data / "dicom").rglob(name))
    dataset = pydicom.dcmread(path)
    (stored,) = desk.store(path.read_bytes()).stored
    place = Place(OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)

    frame = desk.archive.retrieval.frame(place, 1)

    expected = dataset.pixel_array
    pixels = np.frombuffer(frame.data, expected.dtype.newbyteorder("<"))
    assert (pixels == expected.reshape(-1)).all()
    assert frame.transfer_syntax_uid == EXPLICIT


def test_metadata_equals_what_pydicom_says(desk: Desk) -> None:
    place = place_of(instance(1))

    (found,) = metadata(desk, place)

    expected = pydicom.dcmread(io.BytesIO(to_bytes(instance(1)))).to_json_dict()
    del expected["7FE00010"]
    pixels = found.pop("7FE00010")
    assert pixels["BulkDataURI"] == (
        f"{URL}/studies/{place.study_uid}/series/{place.series_uid}"
        f"/instances/{place.sop_instance_uid}/bulkdata/7FE00010"
    )
    assert found == expected
    assert len(metadata(desk, place._replace(sop_instance_uid=""))) == 3


def test_metadata_of_a_study_is_one_array(desk: Desk) -> None:
    desk.store(*series(2, series_name="second"))

    found = metadata(desk, Place(OWNER, str(instance().StudyInstanceUID)))

    assert len(found) >= 5


def test_text_that_looks_like_a_uri_is_left_alone(desk: Desk) -> None:
    dataset = instance(series_name="trap")
    dataset.ImageComments = '"BulkDataURI":"x'
    desk.store(dataset)

    (found,) = metadata(desk, place_of(dataset))

    assert found["00204000"]["Value"] == ['"BulkDataURI":"x']


def test_tag_of_metadata_changes_with_it(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        place = place_of(instance())._replace(sop_instance_uid="")
        desk.store(instance())
        before = desk.archive.retrieval.metadata_tag(place)
        assert desk.archive.retrieval.metadata_tag(place) == before
        desk.store(instance(1))
        assert desk.archive.retrieval.metadata_tag(place) != before


@pytest.mark.parametrize(("kind", "start"), [("jpeg", "JPEG"), ("png", "PNG"), ("gif", "GIF")])
def test_picture_is_of_the_kind_and_size_asked_for(desk: Desk, kind: str, start: str) -> None:
    data = desk.archive.retrieval.rendered(place_of(instance()), kind=kind, viewport="60,60")

    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == (start, (45, 60))


def test_video_of_all_frames_is_an_mp4(desk: Desk) -> None:
    dataset = instance(rows=32, columns=32, series_name="video")
    dataset.NumberOfFrames = 4
    dataset.PixelData *= 4
    desk.store(dataset)

    assert desk.archive.retrieval.rendered(place_of(dataset), kind="mp4")[4:8] == b"ftyp"


def test_series_is_shown_by_its_middle(desk: Desk) -> None:
    retrieval = desk.archive.retrieval
    place = place_of(instance(1))

    shown = retrieval.rendered(place._replace(sop_instance_uid=""), kind="png")

    assert shown == retrieval.rendered(place, kind="png")


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "tiff"},
        {"window": "x"},
        {"quality": 101},
        {"viewport": "0,10"},
        {"viewport": "1"},
        {"viewport": "10,10,0,0,900,900"},
    ],
)
def test_rendering_that_means_nothing_is_refused(desk: Desk, options: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        desk.archive.retrieval.rendered(place_of(instance()), **options)  # type: ignore[arg-type]


def test_nobody_reads_what_others_have(desk: Desk) -> None:
    place = place_of(instance(), STRANGER)
    retrieval = desk.archive.retrieval
    for read in (
        lambda: retrieval.instances(place),
        lambda: retrieval.frames(place, [1]),
        lambda: retrieval.metadata(place, URL),
        lambda: retrieval.metadata_tag(place),
        lambda: retrieval.rendered(place),
    ):
        with pytest.raises(NotFoundError):
            read()
