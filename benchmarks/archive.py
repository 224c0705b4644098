"""The archive's DICOMweb against Orthanc's: metadata, Frames, pictures, studies, searches, storing.

    python -m benchmarks.archive [--rounds N] [--accept] [NAME...]

Both servers run on loopback at the same time and take turns; clients are raw sockets with kept
connections, each in a process of its own. What counts is the ratio of the medians. Ours checks a
key with each request and answers a store when bytes and rows are forced onto the disk. Orthanc
checks nothing, and its database is forced to the disk now and then only, as is its default.
"""

import argparse
import contextlib
import importlib.util
import itertools
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import servers
from benchmarks.__main__ import ACCEPTED, SLICES, WORK, prepare
from benchmarks.archive_client import ask, ask_together, fetch, request
from benchmarks.archive_inputs import (
    FRAMES,
    STUDIES,
    Place,
    Slices,
    fill_catalog,
    multi_frame,
    small_instances,
    store,
)
from benchmarks.servers import Server

ROUNDS = 3
OURS, ORTHANC = "isocenter", "orthanc"
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
MANY_STUDIES = 5_000
_OCTETS = 'multipart/related; type="application/octet-stream"'
_DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_JSON = "application/dicom+json"
_AT_ONCE = 20  # Instances of one request where storing is not what is measured
_CONFIGURATION: Mapping[str, object] = {
    "Plugins": [str(PLUGIN)],
    "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "EnableWado": False, "Ssl": False},
    "SaveJobs": False,
    "HttpThreadsCount": 50,
    "StorageCompression": False,
    "TcpNoDelay": True,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, in seconds a request unless `unit` says otherwise.

    `at_most` is what ours may be of Orthanc's; of measures without a peer, the figure itself.
    """

    name: str
    at_most: float
    peer: str = ORTHANC
    unit: str = "ms"


Found = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Contest:
    """Measures that one job of a server finds; `prepare` is called once for each server."""

    name: str
    measures: tuple[Measure, ...]
    job: Callable[[Server], Found]
    prepare: Callable[[Server], object] = lambda _: None


@dataclass(slots=True)
class Inputs:
    """What is stored, and where it is: made once, and stored where a contest needs it."""

    slices: Slices
    paths: list[Path]
    series: dict[str, Place] = field(default_factory=dict)
    images: dict[str, Place] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def store_series(self, server: Server) -> Place:
        """Store a new Series of 400 slices and return where it is."""
        place, instances = self.slices.study(len(self.paths))
        for start in range(0, len(instances), _AT_ONCE):
            ask(server, store(server, *instances[start : start + _AT_ONCE]))
        return place

    def need_series(self, server: Server) -> None:
        """Store a Series unless this server has it."""
        if server.name not in self.series:
            self.series[server.name] = self.store_series(server)

    def need_image(self, server: Server) -> None:
        """Store a multi-frame unless this server has it."""
        if server.name not in self.images:
            place, data = multi_frame(self.paths)
            ask(server, store(server, data))
            self.images[server.name] = place


def main() -> int:
    """Run the contests, show them, and keep them in var/bench; all figures are aims."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--accept", action="store_true", help="write accepted.json anew")
    parser.add_argument("names", nargs="*", help="words in the names of contests to run")
    options = parser.parse_args()
    subprocess.run(["bash", str(Path(__file__).with_name("install_peers.sh"))], check=True)
    prepare()
    accepted = json.loads(ACCEPTED.read_text()) if ACCEPTED.is_file() else {}
    results: dict[str, dict[str, float]] = {}
    paths = sorted(SLICES.glob("*.dcm"))
    with (
        tempfile.TemporaryDirectory(dir=WORK, prefix="archive-") as place,
        _servers(Path(place)) as running,
    ):
        for contest in contests(Inputs(Slices(paths), paths)):
            if options.names and not any(word in contest.name for word in options.names):
                continue
            found = _run(contest, running, options.rounds)
            for measure in contest.measures:
                results[measure.name] = {name: medians[measure.name] for name, medians in found}
                print(_line(measure, results[measure.name], accepted), flush=True)
    (WORK / "archive.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if options.accept:
        ACCEPTED.write_text(json.dumps(accepted, indent=2, sort_keys=True) + "\n")
    return 0


def contests(inputs: Inputs) -> Iterator[Contest]:
    """Yield every contest."""
    yield Contest(
        "metadata",
        (Measure("metadata of 400, first", 1 / 40), Measure("metadata of 400, warm", 1 / 2)),
        lambda server: _metadata(server, inputs),
    )
    yield Contest(
        "multi-frame",
        (
            Measure("a frame of 105 MB", 1),
            Measure("10 frames in one request", 1 / 50),
            Measure("rendered frame of 105 MB", 1 / 20),
        ),
        lambda server: _frames(server, inputs),
        inputs.need_image,
    )
    yield Contest(
        "CT frames",
        (Measure("CT frames, 1 client", 1), Measure("CT frames, 4 clients", 1)),
        lambda server: _ct_frames(server, inputs),
        inputs.need_series,
    )
    yield Contest(
        "study",
        (Measure("study of 400, retrieved", 1 / 2, unit="s"),),
        lambda server: _study(server, inputs),
        inputs.need_series,
    )
    yield Contest(
        "STOW",
        (Measure("STOW of CT, 1 client", 1), Measure("STOW of CT, 16 clients", 1 / 1.3)),
        lambda server: _stow(server, inputs),
    )
    yield Contest(
        "large",
        (
            Measure("STOW of 105 MB", 1 / 2, unit="s"),
            Measure("STOW of 105 MB, memory", 50, "", "MB more"),
        ),
        lambda server: _stow_large(server, inputs),
    )
    yield Contest(
        "QIDO",
        (
            Measure("QIDO studies, p50", 0.003, ""),
            Measure("QIDO studies, p99", 0.010, ""),
            Measure("QIDO studies of 100 k, p50", 0.003, ""),
            Measure("QIDO studies of 100 k, p99", 0.010, ""),
        ),
        _qido,
        _store_small,
    )


def _metadata(server: Server, inputs: Inputs) -> Found:
    place = inputs.store_series(server)
    one = request(server, "GET", f"{place.series}/metadata", Accept=_JSON)
    first = ask(server, one)
    warm = ask(server, *[one] * 10)
    said = json.loads(fetch(server, one))
    assert len(said) == len(place.instance_uids), "metadata of every Instance"
    return {
        "metadata of 400, first": first.seconds,
        "metadata of 400, warm": statistics.median(warm.latencies),
    }


def _frames(server: Server, inputs: Inputs) -> Found:
    frames = f"{inputs.images[server.name].instance(0)}/frames"
    size_bytes = (512 * 512) * 2
    numbers = [next(inputs.numbers) % FRAMES + 1 for _ in range(20)]
    single = [request(server, "GET", f"{frames}/{number}", Accept=_OCTETS) for number in numbers]
    singles = ask(server, *single)
    assert singles.received_bytes >= len(single) * size_bytes
    ten = ",".join(map(str, range(11, 21)))
    tens = ask(server, *[request(server, "GET", f"{frames}/{ten}", Accept=_OCTETS)] * 2)
    assert tens.received_bytes >= 20 * size_bytes
    # Frames that nobody asked for yet: ours keeps pictures that it made.
    new = [next(inputs.numbers) % FRAMES + 1 for _ in range(5)]
    pictures = ask(
        server,
        *(request(server, "GET", f"{frames}/{n}/rendered", Accept="image/jpeg") for n in new),
    )
    return {
        "a frame of 105 MB": statistics.median(singles.latencies),
        "10 frames in one request": statistics.median(tens.latencies),
        "rendered frame of 105 MB": statistics.median(pictures.latencies),
    }


def _ct_frames(server: Server, inputs: Inputs) -> Found:
    place = inputs.series[server.name]
    one = [
        request(server, "GET", f"{place.instance(at)}/frames/1", Accept=_OCTETS)
        for at in range(len(place.instance_uids))
    ]
    alone = ask_together(server, [one])
    together = ask_together(server, [one[at::4] * 2 for at in range(4)])
    return {
        "CT frames, 1 client": alone.seconds / len(one),
        "CT frames, 4 clients": together.seconds / (2 * len(one)),
    }


def _study(server: Server, inputs: Inputs) -> Found:
    place = inputs.series[server.name]
    asked = ask(server, request(server, "GET", place.study, Accept=_DICOM))
    assert asked.received_bytes > len(place.instance_uids) * 512 * 512 * 2
    return {"study of 400, retrieved": asked.seconds}


def _stow(server: Server, inputs: Inputs) -> Found:
    _, some = inputs.slices.study(100)
    alone = ask_together(server, [[store(server, one) for one in some]])
    lists = []
    for _ in range(16):
        _, own = inputs.slices.study(20)
        lists.append([store(server, one) for one in own])
    together = ask_together(server, lists)
    return {
        "STOW of CT, 1 client": alone.seconds / len(some),
        "STOW of CT, 16 clients": together.seconds / sum(map(len, lists)),
    }


def _stow_large(server: Server, inputs: Inputs) -> Found:
    _, data = multi_frame(inputs.paths)
    one = store(server, data)
    before = server.resident_mb()
    server.forget_peak()
    asked = ask(server, one)
    return {
        "STOW of 105 MB": asked.seconds,
        "STOW of 105 MB, memory": server.peak_mb() - before,
    }


def _store_small(server: Server) -> None:
    for series in small_instances():
        ask(server, store(server, *series))


def _qido(server: Server) -> Found:
    usual = _search(server)
    found = {f"QIDO studies, p{percent}": usual[percent] for percent in (50, 99)}
    name = "QIDO studies of 100 k, p"
    if server.name != OURS:
        return found | {f"{name}{percent}": float("nan") for percent in (50, 99)}
    with (
        tempfile.TemporaryDirectory(dir=WORK, prefix="archive-many-") as place,
        servers.isocenter(Path(place)) as many,
    ):
        fill_catalog(many, MANY_STUDIES)
        large = _search(many)
    return found | {f"{name}{percent}": large[percent] for percent in (50, 99)}


def _search(server: Server) -> dict[int, float]:
    """Return percentiles of the times of searches of several kinds."""
    queries = (
        "limit=25",
        "limit=25&StudyDate=20100101-20101231",
        "PatientID=BENCH00007",
        "PatientName=Phantom0002*&limit=25",
        "AccessionNumber=A000031",
    )
    asked = [
        request(server, "GET", f"{STUDIES}?{query}", Accept=_JSON)
        for _ in range(60)
        for query in queries
    ]
    ask(server, *asked[: len(queries)])
    answers = ask_together(server, [asked])
    return {percent: answers.percentile(percent) for percent in (50, 99)}


def _run(
    contest: Contest, running: Mapping[str, Server], rounds: int
) -> list[tuple[str, dict[str, float]]]:
    """Return the medians of each server, ours first; they take turns in each round."""
    found: dict[str, list[Found]] = {name: [] for name in running}
    for server in running.values():
        contest.prepare(server)
    for _ in range(rounds):
        for name, server in running.items():
            os.sync()
            found[name].append(contest.job(server))
    names = [measure.name for measure in contest.measures]
    return [
        (server, {name: statistics.median(run[name] for run in runs) for name in names})
        for server, runs in found.items()
    ]


def _line(
    measure: Measure, medians: Mapping[str, float], accepted: dict[str, dict[str, float]]
) -> str:
    """Return the line of a figure, and note what it came to."""
    ours, theirs = medians[OURS], medians.get(ORTHANC, float("nan"))
    scale = 1000 if measure.unit == "ms" else 1
    asked = f"at most {measure.at_most * scale:g} {measure.unit}"
    value = ours
    if measure.peer:
        value = ours / theirs
        asked = f"{1 / measure.at_most:g} times as fast"
    verdict = "kept" if value <= measure.at_most else "no peer" if math.isnan(value) else "MISSED"
    before = accepted.setdefault("archive", {})
    was = f"; accepted: {before[measure.name]:.3g}" if measure.name in before else ""
    if not math.isnan(value):
        before[measure.name] = round(value, 5)
    return (
        f"{measure.name:<28}{ours * scale:>9.2f} {measure.unit:<8}"
        f"Orthanc {theirs * scale:>9.2f}  {theirs / ours:>7.2f} times as fast; "
        f"asked: {asked}: {verdict}{was}"
    )


@contextlib.contextmanager
def _servers(place: Path) -> Iterator[dict[str, Server]]:
    """Run ours, and Orthanc where it is installed with its plugin."""
    assert importlib.util.find_spec("uvicorn"), "install the extra `server`"
    with contextlib.ExitStack() as stack:
        running = {OURS: stack.enter_context(servers.isocenter(place / OURS))}
        if shutil.which("Orthanc") and PLUGIN.exists():
            running[ORTHANC] = stack.enter_context(servers.orthanc(place / ORTHANC, _CONFIGURATION))
        yield running


if __name__ == "__main__":
    sys.exit(main())
