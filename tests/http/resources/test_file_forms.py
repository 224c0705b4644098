"""Forms with one file: bounded, whole, and never half of it kept."""

from pathlib import Path

from tests.learning_desk import nifti
from tests.resource_wire import Wire
from tests.serving import limited, serving


def test_a_file_that_is_too_large_is_refused_while_it_comes(tmp_path: Path) -> None:
    with serving(tmp_path, limits=limited(annotation_file_bytes=1000)) as served:
        wire = Wire(served)
        path = f"/annotations/{wire.upload()['id']}/segmentations/file"

        refused = wire.call("POST", path, files={"file": ("a.nii", bytes(2000))})
        declared = wire.call("POST", path, files={"file": ("a.nii", bytes(1 << 21))})

        assert [refused.status_code, declared.status_code] == [413, 413]
        assert "annotation_file_bytes" in refused.json()["message"]


def test_forms_that_are_none_are_refused(wire: Wire) -> None:
    path = f"/annotations/{wire.upload()['id']}/segmentations/file"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    two = [("file", ("a", nifti())), ("file", ("b", nifti()))]
    bad = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\r\n'
    bad += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\na\r\n--x--\r\n'

    answers = [
        wire.call("POST", path, data=b"--x\r\n", headers=form),
        wire.call("POST", path, files=two),
        wire.call("POST", path, data=bad, headers=form),
    ]

    assert [one.status_code for one in answers] == [400, 400, 400]
    assert "one request sends one file" in answers[1].json()["message"]
    assert "UTF-8" in answers[2].json()["message"]
