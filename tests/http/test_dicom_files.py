"""DICOM files posted by developers, against a real server; pictures are looked at by Pillow."""

import base64
import io
import re
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom import Dataset

from tests.builders import instance, to_bytes
from tests.serving import Served, limited, serving

PATH = "/api/dicom/read/file/"
NO_FILE_SENT = "The submitted data was not a file. Check the encoding type on the form."
PYDICOM_FILES = Path(pydicom.__file__).parent / "data/test_files"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = limited(monthly_reads=100_000)
    with serving(tmp_path_factory.mktemp("server"), limits=limits) as made:
        yield made


def _post(
    served: Served, data: bytes, name: str = "a.dcm", path: str = PATH, **fields: str
) -> dict[str, object]:
    answer = served.call("POST", path, files={"file": (name, data)}, data=fields)
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    found = answer.json()
    assert isinstance(found, dict)
    return found


def _refused(served: Served, data: bytes, name: str = "a.dcm", **fields: str) -> object:
    answer = served.call("POST", PATH, files={"file": (name, data)}, data=fields)
    assert answer.status_code == 400, answer.text
    return answer.json()


def _pictures(found: dict[str, object]) -> list[Image.Image]:
    images = found["Images"]
    assert isinstance(images, list)
    return [Image.open(io.BytesIO(base64.b64decode(one, validate=True))) for one in images]


def _multi_frame(frames: int) -> Dataset:
    dataset = instance(rows=8, columns=6)
    del dataset.WindowCenter, dataset.WindowWidth
    dataset.BitsStored, dataset.HighBit = 16, 15
    dataset.NumberOfFrames = frames
    dataset.PixelData = np.arange(frames * 48, dtype="<i2").tobytes()
    return dataset


def test_a_file_comes_back_as_text_and_pictures(served: Served) -> None:
    data = (PYDICOM_FILES / "CT_small.dcm").read_bytes()

    found = _post(served, data)

    wanted = {
        element.keyword: str(element.value)
        for element in pydicom.dcmread(io.BytesIO(data))
        if element.VR not in {"SQ", "OB", "OW", "UN"} and not element.tag.is_private
    }
    assert {name: found[name] for name in wanted} == wanted
    assert str(found["PixelData"]).startswith(r"b'\xaf\x00\xb4")
    assert found["ImageFormat"] == "PNG"
    assert [picture.size for picture in _pictures(found)] == [(128, 128)]


@pytest.mark.parametrize(
    ("kind", "count", "steps"), [("png", 96, 1), ("jpeg", 96, 1), ("GIF", 1, 96)]
)
def test_every_frame_comes_back(served: Served, kind: str, count: int, steps: int) -> None:
    found = _post(served, to_bytes(_multi_frame(96)), return_format=kind)

    pictures = _pictures(found)
    assert found["ImageFormat"] == kind.upper()
    assert len(pictures) == count
    assert {(picture.format, getattr(picture, "n_frames", 1)) for picture in pictures} == {
        (kind.upper(), steps)
    }


def test_wishes_may_stand_in_the_query_and_the_body_wins(served: Served) -> None:
    data = to_bytes(instance())

    asked = _post(served, data, path=f"{PATH}?fields=PatientID&return_format=jpeg")
    both = _post(served, data, path=f"{PATH}?fields=PatientID", fields="Modality")

    assert ([*asked], asked["ImageFormat"]) == (["PatientID", "ImageFormat", "Images"], "JPEG")
    assert [*both] == ["Modality", "ImageFormat", "Images"]


def test_absent_fields_are_unknown_and_empty_ones_empty(served: Served) -> None:
    dataset = instance()
    dataset.Manufacturer = ""

    found = _post(
        served, to_bytes(dataset), fields="Manufacturer,PatientMotherBirthName", images="omit"
    )

    assert found == {"Manufacturer": "", "PatientMotherBirthName": "Unknown"}


def test_a_file_without_an_image_has_none(served: Served) -> None:
    found = _post(served, (PYDICOM_FILES / "rtplan.dcm").read_bytes(), name="no suffix")

    assert found["Modality"] == "RTPLAN"
    assert not {"Images", "ImageFormat", "PixelData"} & found.keys()


@pytest.mark.parametrize("values", ["text", "native", "dicom"])
def test_pixel_data_comes_whole_where_that_is_wanted(served: Served, values: str) -> None:
    dataset = instance()

    found = _post(served, to_bytes(dataset), values=values, pixel_data="base64")

    if values == "dicom":
        element = found["7FE00010"]
        assert isinstance(element, dict)
        assert base64.b64decode(element["InlineBinary"]) == dataset.PixelData
        assert found["00280010"] == {"vr": "US", "Value": [dataset.Rows]}
    else:
        assert base64.b64decode(str(found["PixelData"])) == dataset.PixelData
        assert found["Rows"] == (dataset.Rows if values == "native" else str(dataset.Rows))
    assert len(_pictures(found)) == 1


def test_an_archive_comes_back_file_by_file(served: Served) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/one.dcm", to_bytes(instance()))
        archive.writestr("notes.txt", b"none")
        archive.writestr("two.dcm", to_bytes(_multi_frame(2)))

    found = _post(served, stream.getvalue(), name="all.zip", fields="Modality")

    assert found["count"] == 3
    results = found["results"]
    assert isinstance(results, list)
    one, notes, two = results
    assert [*one] == ["FileName", "Modality", "ImageFormat", "Images"]
    assert len(two["Images"]) == 2
    assert notes == {
        "FileName": "notes.txt",
        "error": "not a DICOM file: no DICOM prefix and no readable Data Set",
    }


def test_what_is_no_dicom_file_is_refused_by_field(served: Served) -> None:
    assert _refused(served, b"text", name="a.txt") == {
        "file": ["Invalid file type. Only .dcm, .DCM, .zip are allowed."]
    }
    assert _refused(served, b"text") == {
        "file": ["Invalid DICOM file: no DICOM prefix and no readable Data Set."]
    }
    assert _refused(served, to_bytes(instance())[:-9], fields="FakeField,Balabla,Tadam") == {
        "fields": ["Invalid fields: Balabla, FakeField, Tadam"]
    }
    assert "ends inside" in str(_refused(served, to_bytes(instance())[:-9]))
    assert "the choices are: png, jpeg, gif" in str(
        _refused(served, to_bytes(instance()), return_format="bmp")
    )


@pytest.mark.parametrize(
    ("name", "value"), [("data", None), ("files", {"other": ("a.dcm", b"")}), ("json", {})]
)
def test_a_request_without_a_file_says_so(served: Served, name: str, value: object) -> None:
    answer = served.call("POST", PATH, key=None, **{name: value})

    assert answer.status_code == 400
    assert answer.json() == {"file": ["This field may not be null."]}


def test_nobody_reads_without_a_key(served: Served) -> None:
    answer = served.call("POST", PATH, key="", files={"file": ("a.dcm", b"")})

    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}


def test_the_documented_request_without_a_boundary_is_understood(served: Served) -> None:
    body = (
        b'--boundary\r\nContent-Disposition: form-data; name="file"; filename="dicom-file.dcm"\r\n'
        b"Content-Type: application/dicom\r\n\r\n" + to_bytes(instance()) + b"\r\n--boundary\r\n"
        b'Content-Disposition: form-data; name="fields"\r\n\r\nPatientName,StudyDate,Modality\r\n'
        b'--boundary\r\nContent-Disposition: form-data; name="return_format"\r\n\r\npng\r\n'
        b"--boundary--\r\n"
    )
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost:8080\r\nAuthorization: ApiKey {served.key}\r\n"
        f"Content-Type: multipart/form-data\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as wire:
        wire.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: wire.recv(1 << 16), b""))

    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"StudyDate"' in answer


def test_only_what_succeeds_is_counted_and_the_quota_ends_it(tmp_path: Path) -> None:
    with serving(tmp_path, limits=limited(monthly_reads=1)) as served:
        data = to_bytes(instance())
        _refused(served, b"text")
        _post(served, data)
        refused = served.call("POST", PATH, files={"file": ("a.dcm", data)})

        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.json() == {
            "error": "Monthly API request for '/api/dicom/read/file/' limit exceeded.",
            "quota": 1,
            "requests_used": 2,
        }


def test_nothing_is_left_behind(served: Served) -> None:
    _post(served, to_bytes(instance()))
    _refused(served, b"text")

    scratch = served.platform.engines.folder
    assert not [path for path in scratch.rglob("reading/*") if path.exists()]


def _png() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(8, 6)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("path", ["/api/dicom/generate/", "/api/dicom/write/upload_content/"])
def test_a_picture_comes_back_as_dicom(served: Served, path: str) -> None:
    fields = {"file_name": "example_dicom", "PatientName": "John Doe", "Modality": "CT"}

    answer = served.call("POST", path, files={"image": ("image.png", _png())}, data=fields)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/dicom")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="example_dicom.dcm"'
    dataset = pydicom.dcmread(io.BytesIO(answer.content))
    assert (dataset.PatientName, dataset.Modality, dataset.Rows) == ("John Doe", "CT", 8)
    read = _post(served, answer.content, fields="PatientName,Modality", images="omit")
    assert read == {"PatientName": "John Doe", "Modality": "CT"}


@pytest.mark.parametrize("name", ['a"; x=".exe', "../../etc/x", "Größe\r\nX: 1", "...", "\x00"])
def test_names_of_files_are_made_harmless(served: Served, name: str) -> None:
    answer = served.call(
        "POST", "/api/dicom/generate/", files={"image": ("i.png", _png())}, data={"file_name": name}
    )

    assert answer.status_code == 200, answer.text
    said = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9_-][A-Za-z0-9._-]*\.dcm"', said)
    assert "X" not in answer.headers


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        (
            {"file_name": "a", "PatientSize": "error"},
            {"non_field_errors": ["PatientSize: A valid number is required."]},
        ),
        (
            {"file_name": "a", "PixelData": "text"},
            {"non_field_errors": [f"PixelData: {NO_FILE_SENT}"]},
        ),
        (
            {"file_name": "a", "Tadam": "x"},
            {"non_field_errors": ["Tadam: This is no keyword of the standard."]},
        ),
        ({}, {"file_name": ["This field is required."]}),
    ],
)
def test_wrong_attributes_are_refused_by_name(
    served: Served, fields: dict[str, str], reasons: object
) -> None:
    answer = served.call(
        "POST", "/api/dicom/generate/", files={"image": ("i.png", _png())}, data=fields
    )

    assert (answer.status_code, answer.json()) == (400, reasons)


def test_what_is_no_picture_is_refused(served: Served) -> None:
    answer = served.call(
        "POST", "/api/dicom/generate/", files={"image": ("i.png", b"x")}, data={"file_name": "a"}
    )

    assert (answer.status_code, [*answer.json()]) == (400, ["image"])
