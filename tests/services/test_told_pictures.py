"""Pictures of other formats as Pixel Data: the samples that Pillow reads, or a reason."""

import io
from collections.abc import Iterator

import numpy as np
import orjson
import pytest
from PIL import Image
from pydicom import dcmread

from isocenter.dicom.json_model import JSONObject
from isocenter.services.retrieval import Place
from isocenter.services.studies import StoreResult
from isocenter.services.told_instances import Location
from isocenter.services.told_pictures import MEDIA_TYPES
from tests.archives import OWNER, Desk, open_desk
from tests.builders import uid

SC = "1.2.840.10008.5.1.4.1.1.7"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("told")) as opened:
        yield opened


def _picture(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _store(desk: Desk, name: str, media_type: str, data: bytes, **more: object) -> StoreResult:
    uids = {
        "0020000D": uid(name, "study"),
        "0020000E": uid(name, "series"),
        "00080018": uid(name),
        "00080016": SC,
    }
    document: JSONObject = {tag: {"vr": "UI", "Value": [one]} for tag, one in uids.items()}
    document["7FE00010"] = {"vr": "OW", "BulkDataURI": "picture"}
    document |= {tag[1:]: {"vr": "US", "Value": [one]} for tag, one in more.items()}  # type: ignore[list-item]  # as JSON is
    archive = desk.archive
    with archive.studies.begin(OWNER) as intake, archive.told.begin(intake) as told:
        part = told.add_bulk_data(Location("picture", "", media_type, ""))
        part.write(data)
        part.close()
        told.take_metadata(orjson.dumps(document), "json")
        told.finish()
        return intake.finish()


@pytest.mark.parametrize(
    ("kind", "media_type", "shape", "dtype"),
    [
        ("PNG", "image/png", (5, 7), "u1"),
        ("PNG", "image/png", (5, 7), "u2"),
        ("PNG", "image/png", (5, 7, 3), "u1"),
        ("TIFF", "image/tiff", (5, 7, 3), "u1"),
        ("BMP", "image/bmp", (5, 7, 3), "u1"),
    ],
)
def test_samples_go_in_as_they_are(
    desk: Desk, kind: str, media_type: str, shape: tuple[int, ...], dtype: str
) -> None:
    samples = np.random.default_rng(7).integers(0, np.iinfo(dtype).max, shape).astype(dtype)
    data = _picture(Image.fromarray(samples), kind)
    result = _store(desk, f"{kind}{shape}{dtype}", media_type, data)
    assert [one.state for one in result.stored] == ["stored"], result.failed
    stored = result.stored[0]
    place = (OWNER, stored.study_uid, stored.series_uid, stored.sop_instance_uid)
    dataset = dcmread(io.BytesIO(desk.read(Place(*place))[0]))
    assert (dataset.pixel_array == samples).all()
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert dataset.BitsStored == 8 * np.dtype(dtype).itemsize


def test_what_is_no_picture_or_another_size_fails(desk: Desk) -> None:
    image = Image.fromarray(np.zeros((4, 4), "u1"))
    noise = Image.fromarray(np.random.default_rng(7).integers(0, 255, (64, 64)).astype("u1"))
    for name, data, more in (
        ("none", b"no picture", {}),
        ("cut", _picture(noise, "PNG")[:1000], {}),
        ("size", _picture(image, "PNG"), {"_00280010": 400}),
    ):
        result = _store(desk, name, "image/png", data, **more)
        assert [one.tag for one in result.failed] == [0x7FE00010], name
        assert not result.stored


def test_the_media_types_are_pictures() -> None:
    assert all(one.startswith("image/") for one in MEDIA_TYPES)
