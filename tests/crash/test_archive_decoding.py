"""Frames that cannot be decoded, and decoders that die: told, and the next request works."""

import io
import os
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import generate_uid

from tests.builders import to_bytes
from tests.crash.test_worker import descendants, kill
from tests.serving import Served, serving
from tests.stowed import Archived, archive_slices, store, value

pytestmark = pytest.mark.slow
_JPEG = "1.2.840.10008.1.2.4"
ENCODINGS = {
    "jpeg 2000": f"{_JPEG}.90",
    "htj2k": f"{_JPEG}.201",
    "jpeg-ls": f"{_JPEG}.80",
    "jpeg lossless": f"{_JPEG}.70",
    "rle": "1.2.840.10008.1.2.5",
}
EXPLICIT = "application/dicom; transfer-syntax=1.2.840.10008.1.2.1"
KILLS = 8
# A child that was killed while it started says nothing of the file: the client may try again.
TOLD = {400: "died on this file", 503: "does not start"}


@pytest.fixture(scope="module")
def started_before() -> frozenset[int]:
    """Return the processes that are there for other tests."""
    return frozenset(descendants(os.getpid()))


@pytest.fixture(scope="module")
def served(
    started_before: frozenset[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    del started_before  # must be known before
    with serving(tmp_path_factory.mktemp("decoding")) as server:
        yield server


@pytest.fixture(scope="module")
def sound(served: Served) -> Archived:
    return archive_slices(served)


def damaged(frame: bytes) -> dict[str, bytes]:
    """Return a codestream in all the ways in which it may arrive that is none any more."""
    chance = random.Random(len(frame))
    return {
        "cut": frame[: len(frame) // 2],
        "half empty": frame[: len(frame) // 3].ljust(len(frame), b"\0"),
        "noise": chance.randbytes(len(frame)),
        "other head": frame[:2] + chance.randbytes(18) + frame[20:],
        "some bytes": bytes(
            chance.randrange(256) if at > 20 and chance.random() < 0.02 else byte
            for at, byte in enumerate(frame)
        ),
        "two bytes": bytes(2),
    }


@pytest.mark.parametrize("name", ENCODINGS)
def test_corrupt_codestreams_are_refused_and_nothing_else_suffers(
    served: Served, sound: Archived, name: str
) -> None:
    accept = {"Accept": f"application/dicom; transfer-syntax={ENCODINGS[name]}"}
    dataset = dcmread(io.BytesIO(served.call("GET", sound.instance(), headers=accept).content))
    dataset.SeriesInstanceUID = generate_uid()
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    refused = 0
    for corrupt in damaged(frame).values():
        dataset.SOPInstanceUID = generate_uid()
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.PixelData = encapsulate([corrupt])
        answer = store(served, data := to_bytes(dataset))
        assert answer.status_code == 200
        url = str(value(value(answer.json()["00081199"])["00081190"])).removeprefix(served.url)
        for what, kind in (
            ("/frames/1", "application/octet-stream"),
            ("/frames/1", 'multipart/related; type="image/jls"'),
            ("/rendered", "image/png"),
            ("", EXPLICIT),
        ):
            answer = served.call("GET", url + what, headers={"Accept": kind})
            assert answer.status_code in {200, 400, 406}, (what, answer.text)
            refused += answer.status_code != 200
            if answer.status_code != 200:
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.json()["detail"]
        # What was stored is given out as it is, whatever it is.
        stored = {"Accept": "application/dicom; transfer-syntax=*"}
        assert served.call("GET", url, headers=stored).content == data

    assert refused > 12
    assert served.call("GET", f"{sound.instance(1)}/rendered").status_code == 200


def test_decoders_that_are_killed_come_back(
    served: Served, sound: Archived, started_before: frozenset[int]
) -> None:
    is_over = threading.Event()
    chance = random.Random(5)

    def ask(client: int) -> list[int]:
        statuses = []
        number = 0
        while not is_over.is_set():
            number += 1
            # Never the same twice, which would be remembered.
            window = f"{client * 100_000 + number},400,linear"
            for path, kind in (
                (f"{sound.instance(client % 3)}/rendered?window={window}", "image/jpeg"),
                (f"{sound.series}/rendered?window={window}", "image/png"),
            ):
                answer = served.call("GET", path, headers={"Accept": kind})
                statuses.append(answer.status_code)
                if answer.status_code != 200:
                    said = f"the reader process {TOLD[answer.status_code]}"
                    assert answer.json()["detail"] == said
        return statuses

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask, client) for client in range(3)]
        killed: set[int] = set()
        while len(killed) < KILLS and not any(one.done() for one in asking):
            alive = set(descendants(os.getpid(), but=started_before)) - killed
            if alive:
                victim = chance.choice(sorted(alive))
                kill(victim)
                killed.add(victim)
            is_over.wait(chance.random() / 5)
        is_over.set()
        statuses = [status for one in asking for status in one.result(60)]

    assert len(killed) == KILLS
    assert set(statuses) <= {200, *TOLD}
    for index in range(3):
        path = f"{sound.instance(index)}/rendered?window=40,{401 + index},linear"
        assert served.call("GET", path).status_code == 200
    coded = {"Accept": 'multipart/related; type="image/jp2"'}
    assert served.call("GET", f"{sound.instance()}/frames/1", headers=coded).status_code == 200
