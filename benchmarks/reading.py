"""DICOM to JSON and PNG by `POST /api/dicom/read/file/` against the usual pydicom and Pillow way.

    python -m benchmarks.reading [--rounds N]

Both servers run on loopback and take turns; what counts is the ratio of the medians, and the
memory of the whole server with all its processes.
"""

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np
import pydicom

from benchmarks import servers
from benchmarks.__main__ import SLICES, WORK, prepare
from benchmarks.servers import Server
from benchmarks.serving import FORM, send, write_form

ROUNDS = 5
SLICES_SENT = 40
CLIENTS = 4
FRAMES = 96
OURS, PEER = "isocenter", "pydicom and Pillow"
_PATHS = {OURS: "/api/dicom/read/file/", PEER: "/read"}


def main() -> int:
    """Run the contests and show them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    prepare()
    results = {}
    with tempfile.TemporaryDirectory(dir=WORK, prefix="reading-") as name:
        folder = Path(name)
        jobs = {
            f"{SLICES_SENT} CT slices": [_form(path, folder) for path in _slices()],
            f"one object of {FRAMES} frames": [_form(_multi_frame(folder), folder)] * CLIENTS,
        }
        with _servers(folder) as running:
            for job, bodies in jobs.items():
                for clients in (1, CLIENTS):
                    found = _contest(running, bodies, clients, rounds)
                    results[f"{job}, {clients} clients"] = found
                    print(_line(f"{job}, {clients} clients", found, len(bodies)), flush=True)
    (WORK / "reading.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


def _contest(
    running: dict[str, Server], bodies: list[Path], clients: int, rounds: int
) -> dict[str, tuple[float, float]]:
    """Return the median of seconds and the peak of memory in MB of each server."""
    seconds: dict[str, list[float]] = {name: [] for name in running}
    peaks: dict[str, list[float]] = {name: [] for name in running}
    for _ in range(rounds):
        for name, server in running.items():
            server.forget_peak()
            begun = time.perf_counter()
            with ThreadPoolExecutor(clients) as pool:
                shares = [bodies[start::clients] for start in range(clients)]
                list(pool.map(lambda share: _post(server, _PATHS[name], share), shares))  # noqa: B023 -- over before the next one
            seconds[name].append(time.perf_counter() - begun)
            peaks[name].append(server.whole_peak_mb())
    return {name: (median(seconds[name]), median(peaks[name])) for name in running}


def _post(server: Server, path: str, bodies: list[Path]) -> None:
    for answer in send(server, "POST", [(path, body) for body in bodies], FORM):
        assert b'"Images":["iVBOR' in answer, answer[:200]


def _line(job: str, found: dict[str, tuple[float, float]], files: int) -> str:
    (ours, our_mb), (peer, peer_mb) = found[OURS], found[PEER]
    return (
        f"{job}: {files / ours:.1f} against {files / peer:.1f} files/s, {peer / ours:.1f} times; "
        f"{our_mb:.0f} against {peer_mb:.0f} MB, {our_mb / peer_mb:.2f} of it"
    )


def _slices() -> list[Path]:
    return sorted(SLICES.glob("*.dcm"))[:SLICES_SENT]


def _multi_frame(folder: Path) -> Path:
    """Write what an angiography looks like to a codec: 8 bits, smooth, with some noise."""
    dataset = pydicom.dcmread(_slices()[0])
    chance = np.random.default_rng(1)
    frames = chance.normal(0, 2, (FRAMES, 512, 512)) + np.linspace(60, 190, 512)
    dataset.PixelData = frames.clip(0, 255).astype(np.uint8).tobytes()
    dataset.NumberOfFrames, dataset.BitsAllocated, dataset.BitsStored = FRAMES, 8, 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    for keyword in ("RescaleSlope", "RescaleIntercept", "WindowCenter", "WindowWidth"):
        dataset.pop(keyword, None)
    path = folder / "multi-frame.dcm"
    dataset.save_as(path)
    return path


def _form(path: Path, folder: Path) -> Path:
    body = folder / f"{path.stem}.body"
    write_form(body, [path], field="file")
    return body


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[dict[str, Server]]:
    with servers.isocenter(folder / "ours") as ours, servers.naive_reading(folder / "peer") as peer:
        yield {OURS: ours, PEER: peer}
    shutil.rmtree(folder / "ours", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
