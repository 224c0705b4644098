"""Uploads through the Ingest API, until they can be searched, against Orthanc's POST /instances.

    python -m benchmarks.ingest [--rounds N] [--slices N]

Both servers run on loopback at the same time and take turns; each round has CT slices of half a
MiB under new UIDs. Ours checks a key and a signature, hashes, forces bytes and rows onto the disk
before each answer, and is timed until the last slice is registered. Orthanc checks nothing, and
its database is forced to the disk now and then only, as is its default. The documented script is
its own loop: a new connection for each request, one file after another.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests

from benchmarks import servers
from benchmarks.__main__ import BIN, SLICES, WORK, prepare
from benchmarks.archive_client import Request, ask, ask_together, request
from benchmarks.archive_inputs import Slices
from benchmarks.servers import Server

ROUNDS = 3
COUNT = 400
CLIENTS = 16
PRESIGNED = 2000
_DICOM = "application/dicom"


def main() -> int:
    """Run the contests, show files and requests a second, and keep them in var/bench."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--slices", type=int, default=COUNT)
    options = parser.parse_args()
    subprocess.run(["bash", str(Path(__file__).with_name("install_peers.sh"))], check=True)
    prepare()
    slices = Slices(sorted(SLICES.glob("*.dcm")))
    found: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory(dir=WORK, prefix="ingest-") as place,
        servers.isocenter(Path(place) / "isocenter") as ours,
        servers.orthanc(Path(place) / "orthanc") as orthanc,
    ):
        jobs: dict[str, tuple[Callable[[Server, Sequence[bytes]], float], Server]] = {
            "documented script, a loop": (_documented, ours),
            "isocenter upload": (_command, ours),
            "signed PUTs, 1 client": (_signed(1), ours),
            f"signed PUTs, {CLIENTS} clients": (_signed(CLIENTS), ours),
            "Orthanc POST /instances, 1 client": (_posted(1), orthanc),
            f"Orthanc POST /instances, {CLIENTS} clients": (_posted(CLIENTS), orthanc),
        }
        for _ in range(options.rounds):
            for name, (job, server) in jobs.items():
                _, contents = slices.study(options.slices)
                found.setdefault(name, []).append(options.slices / job(server, contents))
            for clients in (1, CLIENTS):
                name = f"tickets a second, {clients} clients"
                found.setdefault(name, []).append(_presigned(ours, clients))
    medians = {name: round(statistics.median(figures), 1) for name, figures in found.items()}
    for name, figure in medians.items():
        print(f"{name}: {figure:.0f}/s")
    (WORK / "ingest.json").write_text(json.dumps(medians, indent=2) + "\n", encoding="utf-8")
    return 0


def _documented(server: Server, contents: Sequence[bytes]) -> float:
    """Return the seconds of what the documented script does: two connections a file."""
    begun = time.perf_counter()
    keys = []
    for content in contents:
        given = requests.get(f"{_url(server)}/upload/", headers=server.headers, timeout=60).json()
        answer = requests.put(
            given["url"], data=content, headers={"Content-Type": _DICOM}, timeout=60
        )
        answer.raise_for_status()
        keys.append(given["key"])
    _wait(server, keys)
    return time.perf_counter() - begun


def _command(server: Server, contents: Sequence[bytes]) -> float:
    """Return the seconds of our own command, which waits for the reports."""
    with tempfile.TemporaryDirectory(dir=WORK) as place:
        folder = Path(place) / "slices"
        folder.mkdir()
        for number, content in enumerate(contents):
            (folder / f"{number:04d}.dcm").write_bytes(content)
        key_id, _, secret = server.headers["X-API-Key"].partition(".")
        endpoint = f"http://{key_id}:{secret}@127.0.0.1:{server.port}"
        command = [str(BIN / "isocenter"), "upload", "--api-endpoint", endpoint]
        command += ["--path", str(folder)]
        begun = time.perf_counter()
        subprocess.run([*command, "--quiet"], check=True, env={"HOME": place})
        return time.perf_counter() - begun


def _signed(clients: int) -> Callable[[Server, Sequence[bytes]], float]:
    """Return a job: a batch of tickets, then the PUTs of so many clients with kept connections."""

    def job(server: Server, contents: Sequence[bytes]) -> float:
        begun = time.perf_counter()
        uploads = requests.post(
            f"{_url(server)}/upload/",
            json={"files": [{"size": len(content)} for content in contents]},
            headers=server.headers,
            timeout=60,
        ).json()["uploads"]
        puts = [
            request(server, "PUT", _path(one["url"], server), content, Content_Type=_DICOM)
            for one, content in zip(uploads, contents, strict=True)
        ]
        _send(server, puts, clients)
        _wait(server, [one["key"] for one in uploads])
        return time.perf_counter() - begun

    return job


def _posted(clients: int) -> Callable[[Server, Sequence[bytes]], float]:
    """Return a job: the POSTs of so many clients; Orthanc answers when a slice is registered."""

    def job(server: Server, contents: Sequence[bytes]) -> float:
        posts = [
            request(server, "POST", "/instances", content, Content_Type=_DICOM)
            for content in contents
        ]
        begun = time.perf_counter()
        _send(server, posts, clients)
        return time.perf_counter() - begun

    return job


def _presigned(server: Server, clients: int) -> float:
    """Return how many tickets a second so many clients get, one a request."""
    gets = [request(server, "GET", "/upload/")] * (PRESIGNED // clients)
    return len(gets) * clients / ask_together(server, [gets] * clients).seconds


def _send(server: Server, wanted: Sequence[Request], clients: int) -> None:
    if clients == 1:
        ask(server, *wanted)
    else:
        ask_together(server, [wanted[start::clients] for start in range(clients)])


def _wait(server: Server, keys: Sequence[str]) -> None:
    """Return when everything is registered."""
    while True:
        report = requests.post(
            f"{_url(server)}/upload/report",
            json={"keys": list(keys), "wait_seconds": 30},
            headers=server.headers,
            timeout=60,
        ).json()
        if not report["counts"]["received"]:
            assert report["counts"]["stored"] == len(keys), report["counts"]
            return


def _url(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def _path(url: str, server: Server) -> str:
    return url.removeprefix(_url(server))


if __name__ == "__main__":
    raise SystemExit(main())
