"""Slices in the archive of a server: what was sent, and where it is."""

from dataclasses import dataclass
from typing import Any

import requests
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from tests.builders import series, to_bytes
from tests.serving import Served

STUDIES = "/dicom-web/studies"
STORED = "application/dicom; transfer-syntax=*"


@dataclass(frozen=True)
class Archived:
    """Slices of one series: as Data Sets and as the bytes that were stored."""

    datasets: list[Dataset]
    files: list[bytes]

    @property
    def study(self) -> str:
        return f"{STUDIES}/{self.datasets[0].StudyInstanceUID}"

    @property
    def series(self) -> str:
        return f"{self.study}/series/{self.datasets[0].SeriesInstanceUID}"

    def instance(self, index: int = 0) -> str:
        return f"{self.series}/instances/{self.datasets[index].SOPInstanceUID}"


def new_slices(count: int = 1) -> list[Dataset]:
    """Return slices of a series that no archive has, 32 rows of 48."""
    datasets = series(count, rows=32, columns=48)
    study, own_series = generate_uid(), generate_uid()
    for one in datasets:
        one.StudyInstanceUID, one.SeriesInstanceUID = study, own_series
        one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    return datasets


def archive_slices(served: Served, *, key: str | None = None) -> Archived:
    """Store three slices of a new series."""
    datasets = new_slices(3)
    files = [to_bytes(one) for one in datasets]
    answer = store(served, *files, key=key)
    assert answer.status_code == 200, answer.text
    return Archived(datasets, files)


def store(
    served: Served,
    *files: bytes,
    path: str = STUDIES,
    key: str | None = None,
    method: str = "POST",
    **headers: str,
) -> requests.Response:
    """Send files in one body."""
    content_type, data = related(*files)
    sent = {"Content-Type": content_type, **headers}
    return served.call(method, path, key=key, data=data, headers=sent)


def related(*files: bytes) -> tuple[str, bytes]:
    """Return the type and the bytes of a body with files as parts."""
    boundary = "a-boundary"
    body = b"".join(
        b"\r\n--%s\r\nContent-Type: application/dicom\r\n\r\n%s" % (boundary.encode(), one)
        for one in files
    )
    content_type = f'multipart/related; type="application/dicom"; boundary={boundary}'
    return content_type, body + f"\r\n--{boundary}--\r\n".encode()


def parts_of(answer: requests.Response) -> list[tuple[str, bytes]]:
    """Return type and bytes of each part, split in the simplest way."""
    boundary = answer.headers["Content-Type"].rpartition("boundary=")[2].strip('"').encode()
    blocks = (b"\r\n" + answer.content).split(b"\r\n--" + boundary)
    assert blocks[0] == b""
    assert blocks[-1] == b"--\r\n"
    parts = []
    for block in blocks[1:-1]:
        head, _, data = block.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().strip().split("\r\n"))
        assert int(headers["Content-Length"]) == len(data)
        parts.append((headers["Content-Type"], data))
    return parts


def value(element: Any) -> Any:  # noqa: ANN401 - any value of DICOM JSON
    """Return the first value of an element in DICOM JSON."""
    return element["Value"][0]
