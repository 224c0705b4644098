"""Uploads, downloads and whole jobs of `isocenter serve` against nginx, FastAPI and Orthanc.

    python -m benchmarks.serving [--rounds N] [NAME...]

All servers run on loopback at the same time and take turns, one request after another from the
same client, which sends files by the kernel and so costs next to nothing. What counts is the
ratio of the medians. Ours hashes what it takes and forces it onto the disk before it answers;
nginx and FastAPI do neither, so nginx is also shown with a client that forces the file.
"""

import argparse
import contextlib
import http.client
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import servers
from benchmarks.__main__ import SLICES, WORK, prepare
from benchmarks.contest import Budget, Contest, Contestant, Run, judge, median, table
from benchmarks.servers import Server

ROUNDS = 5
LARGE_BYTES = 500_000_000
DOWNLOAD_BYTES = 200_000_000
BATCH = 20
SESSIONS = 50
SLICES_OF_EACH = 8
BOUNDARY = "isocenter-benchmark"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
_STEP_BYTES = 1 << 20
# Resident memory above idle that ours may have at its peak while it takes or gives files; and
# while many do so at once, of whom 16 upload: each holds some MiB, and each thread keeps some.
ABOVE_IDLE_MB = 60
ABOVE_IDLE_CROWDED_MB = 120


@dataclass(frozen=True, slots=True)
class Turn:
    """One who does a job: `before` is not timed; `job` gets what it returned."""

    name: str
    server: Server
    job: Callable[[str], object]
    before: Callable[[], str] = str
    after: Callable[[str], object] = lambda _: None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files that were prepared: bodies of requests, and the bytes themselves."""

    slices: list[Path]
    batches: list[Path]
    some: list[Path] = field(default_factory=list)
    large: Path = Path()
    large_body: Path = Path()
    download: Path = Path()


def main() -> int:
    """Run the contests and show them; return 1 if a binding budget is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("names", nargs="*", help="words in the names of contests to run")
    options = parser.parse_args()
    subprocess.run(["bash", str(Path(__file__).with_name("install_peers.sh"))], check=True)
    prepare()
    WORK.mkdir(parents=True, exist_ok=True)
    results = {}
    code = 0
    with (
        tempfile.TemporaryDirectory(dir=WORK, prefix="serving-") as place,
        _servers(Path(place)) as all_servers,
    ):
        inputs = _inputs(Path(place))
        for name, turns, budgets in contests(inputs, all_servers, Path(place)):
            if options.names and not any(word in name for word in options.names):
                continue
            medians = _run(turns, options.rounds)
            contest = Contest(name, tuple(Contestant(turn.name, ()) for turn in turns), budgets)
            print("\n".join(table(contest, medians)))
            for verdict in judge(contest, medians):
                print(verdict, flush=True)
                code = code if verdict.is_kept or not verdict.is_binding else 1
            results[name] = {key: [run.seconds, run.peak_mb] for key, run in medians.items()}
    (WORK / "serving.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return code


class Session:
    """The session API of a server of ours."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def create(self) -> str:
        """Return the id of a new session."""
        return str(self.ask("POST", "/api/session")["session_id"])

    def delete(self, session_id: str) -> None:
        """Remove a session."""
        self.ask("DELETE", f"/api/session/{session_id}")

    def upload(self, session_id: str, *bodies: Path) -> None:
        """Send prepared bodies, one request each, by one connection."""
        send(self.server, "POST", [(f"/api/upload/{session_id}", body) for body in bodies], FORM)

    def get(self, path: str, target: Path | None = None) -> int:
        """Download a file."""
        return get(self.server, path, target)

    def whole_job(self, bodies: list[Path]) -> None:
        """Make a session, upload, merge, download, as the documented examples do."""
        session_id = self.create()
        self.upload(session_id, *bodies)
        made = self.ask("POST", f"/api/process/{session_id}", {"action": "merge"})
        assert made["success"], made
        outputs = made["output_files"]
        assert isinstance(outputs, list)
        for one in outputs:
            path = f"/api/download/{session_id}/{one['name']}"
            assert self.get(path, self.server.folder.parent / "merged.dcm") == one["size"]
        self.delete(session_id)

    def ask(self, method: str, path: str, body: object = None) -> dict[str, object]:
        """Send a short request and return its JSON."""
        with connection(self.server) as to:
            data = None if body is None else json.dumps(body)
            to.request(
                method, path, data, {**self.server.headers, "Content-Type": "application/json"}
            )
            answer = to.getresponse()
            text = answer.read()
            assert answer.status == http.HTTPStatus.OK, (answer.status, text[:500])
            said: dict[str, object] = json.loads(text)
            return said


class Orthanc:
    """Orthanc's REST API: instances in one by one, a series out as an archive."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def job(self, slices: list[Path]) -> None:
        """Upload all slices and download them as one archive."""
        (answer, *_) = send(self.server, "POST", [("/instances", path) for path in slices], {})
        series = json.loads(answer)["ParentSeries"]
        get(self.server, f"/series/{series}/archive", self.server.folder / "series.zip")

    def empty(self) -> str:
        """Remove every patient."""
        with connection(self.server) as to:
            to.request("GET", "/patients")
            for patient in json.loads(to.getresponse().read()):
                to.request("DELETE", f"/patients/{patient}")
                to.getresponse().read()
        return ""


One = tuple[str, list[Turn], tuple[Budget, ...]]


def contests(inputs: Inputs, running: dict[str, Server], folder: Path) -> Iterator[One]:
    """Yield each contest: its name, who takes part, its budgets; ours comes first."""
    ours = Session(running["isocenter"])
    idle_mb = ours.server.resident_mb()
    print(f"isocenter serve, idle: {idle_mb:.0f} MB")
    flat = Budget("peak_mb", idle_mb + ABOVE_IDLE_MB)
    crowded = Budget("peak_mb", idle_mb + ABOVE_IDLE_CROWDED_MB)
    large, many = "upload 500 MB", "upload 400 x 0.5 MB"
    yield _upload(large, ours, running, [inputs.large], [inputs.large_body], flat)
    yield _upload(many, ours, running, inputs.slices, inputs.batches, flat)
    held = ours.create()
    ours.upload(held, inputs.download)
    turns = [Turn("isocenter", ours.server, _download(ours.server, f"/api/download/{held}/a.bin"))]
    if nginx := running.get("nginx"):
        shutil.copyfile(folder / "download.bin", nginx.folder / "download.bin")
        turns.append(Turn("nginx", nginx, _download(nginx, "/download.bin")))
    yield "download 200 MB", turns, (*_aims(running, "nginx", 1.25), flat)
    ours.delete(held)
    turns = [Turn("isocenter", ours.server, lambda _: ours.whole_job(inputs.batches))]
    if orthanc := running.get("orthanc"):
        store = Orthanc(orthanc)
        turns.append(Turn("orthanc", orthanc, lambda _: store.job(inputs.slices), store.empty))
    # Orthanc cannot merge: it takes and gives the slices only.
    yield "whole job of 400 slices", turns, (*_aims(running, "orthanc", 1), flat)
    turns = [
        Turn("at once", ours.server, lambda _: _crowd(ours, inputs.some, SESSIONS)),
        Turn("one after another", ours.server, lambda _: _crowd(ours, inputs.some, 1)),
    ]
    yield "50 sessions", turns, (Budget("seconds", 1.1, turns[1].name, is_aim=True), crowded)


def _upload(
    name: str,
    ours: Session,
    running: dict[str, Server],
    files: list[Path],
    bodies: list[Path],
    flat: Budget,
) -> One:
    """Return the contest of taking these files, which the bodies hold as forms."""

    def job(session_id: str) -> None:
        ours.upload(session_id, *bodies)

    turns = [Turn("isocenter", ours.server, job, ours.create, ours.delete)]
    budgets = [flat]
    if nginx := running.get("nginx"):
        peers = _puts(nginx, files)
        turns += peers
        budgets += [Budget("seconds", 2, peer.name, is_aim=True) for peer in peers]
    if fastapi := running.get("UploadFile"):
        turns += _posts(fastapi, bodies)
    return name, turns, tuple(budgets)


def _aims(running: dict[str, Server], peer: str, at_most: float) -> list[Budget]:
    return [Budget("seconds", at_most, peer, is_aim=True)] if peer in running else []


def send(
    server: Server, method: str, files: list[tuple[str, Path]], headers: dict[str, str]
) -> list[bytes]:
    """Send files as bodies by one connection, each by the kernel; return the answers."""
    answers = []
    with connection(server) as to:
        for path, body in files:
            to.putrequest(method, path, skip_accept_encoding=True)
            given = {**server.headers, **headers, "Content-Length": str(body.stat().st_size)}
            for name, value in given.items():
                to.putheader(name, value)
            to.endheaders()
            with body.open("rb") as stream:
                to.sock.sendfile(stream)
            answer = to.getresponse()
            answers.append(answer.read())
            assert answer.status in {200, 201, 204}, (answer.status, answers[-1][:500])
    return answers


def get(server: Server, path: str, target: Path | None = None) -> int:
    """Download a file, to nowhere unless a target is given; return its size."""
    buffer = memoryview(bytearray(_STEP_BYTES))
    size_bytes = 0
    with connection(server) as to, (target or Path(os.devnull)).open("wb", buffering=0) as stream:
        to.request("GET", path, headers=dict(server.headers))
        answer = to.getresponse()
        assert answer.status == http.HTTPStatus.OK, answer.status
        while count := answer.readinto(buffer):
            size_bytes += count
            if target is not None:
                stream.write(buffer[:count])
    return size_bytes


@contextlib.contextmanager
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    """Give a connection."""
    made = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        yield made
    finally:
        made.close()


def _download(server: Server, path: str) -> Callable[[str], object]:
    def job(_: str) -> None:
        size_bytes = get(server, path)
        assert size_bytes == DOWNLOAD_BYTES, size_bytes

    return job


def _puts(server: Server, files: list[Path]) -> list[Turn]:
    return [
        Turn("nginx PUT", server, lambda _: _put(server, files)),
        Turn("nginx PUT, forced", server, lambda _: _put(server, files, forced=True)),
    ]


def _put(server: Server, files: list[Path], *, forced: bool = False) -> None:
    for path in files if forced else ():
        (server.folder / path.name).unlink(missing_ok=True)
    send(server, "PUT", [(f"/{path.name}", path) for path in files], {})
    if forced:
        # Side by side, as a careful client of many files does.
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(_force, [server.folder / path.name for path in files]))


def _force(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _posts(server: Server, bodies: list[Path]) -> list[Turn]:
    def job(_: str) -> None:
        send(server, "POST", [("/upload", body) for body in bodies], FORM)

    return [Turn("FastAPI UploadFile", server, job)]


def _crowd(ours: Session, some: list[Path], at_once: int) -> None:
    """Do whole jobs of some slices, so many at a time."""

    def job(_: int) -> None:
        session_id = ours.create()
        ours.upload(session_id, *some)
        made = ours.ask("POST", f"/api/process/{session_id}", {"action": "merge"})
        outputs = made["output_files"]
        assert isinstance(outputs, list)
        for one in outputs:
            assert ours.get(f"/api/download/{session_id}/{one['name']}") == one["size"]
        ours.delete(session_id)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(job, range(SESSIONS)))


def _run(turns: list[Turn], rounds: int) -> dict[str, Run]:
    """Return the medians of all who take part; they take turns in each round."""
    runs: dict[str, list[Run]] = {turn.name: [] for turn in turns}
    for _ in range(rounds):
        for turn in turns:
            given = turn.before()
            if hasattr(os, "sync"):
                os.sync()
            turn.server.forget_peak()
            cpu, begun = turn.server.cpu_seconds(), time.perf_counter()
            turn.job(given)
            seconds = time.perf_counter() - begun
            cpu = turn.server.cpu_seconds() - cpu
            runs[turn.name].append(Run(seconds, cpu, turn.server.peak_mb()))
            turn.after(given)
    return {name: median(found) for name, found in runs.items()}


@contextlib.contextmanager
def _servers(place: Path) -> Iterator[dict[str, Server]]:
    """Run ours and those peers that are installed."""
    with contextlib.ExitStack() as stack:
        running = {"isocenter": stack.enter_context(servers.isocenter(place / "isocenter"))}
        if shutil.which("nginx"):
            running["nginx"] = stack.enter_context(servers.nginx(place / "nginx"))
        if shutil.which("Orthanc"):
            running["orthanc"] = stack.enter_context(servers.orthanc(place / "orthanc"))
        if importlib.util.find_spec("fastapi"):
            running["UploadFile"] = stack.enter_context(servers.upload_file(place / "fastapi"))
        yield running


def _inputs(folder: Path) -> Inputs:
    """Make the files that are sent."""
    slices = sorted(SLICES.glob("*.dcm"))
    batches = []
    for first in range(0, len(slices), BATCH):
        body = folder / f"batch-{first:04d}.body"
        write_form(body, slices[first : first + BATCH])
        batches.append(body)
    large = _random_file(folder / "large.bin", LARGE_BYTES)
    write_form(folder / "large.body", [large])
    download = _random_file(folder / "download.bin", DOWNLOAD_BYTES)
    write_form(folder / "download.body", [download], name="a.bin")
    write_form(folder / "some.body", slices[:SLICES_OF_EACH])
    return Inputs(
        slices,
        batches,
        [folder / "some.body"],
        large,
        folder / "large.body",
        folder / "download.body",
    )


def _random_file(path: Path, size_bytes: int) -> Path:
    with path.open("wb") as stream:
        for start in range(0, size_bytes, _STEP_BYTES):
            stream.write(os.urandom(min(_STEP_BYTES, size_bytes - start)))
    return path


def write_form(body: Path, files: list[Path], *, name: str = "", field: str = "files") -> None:
    """Write a multipart form as clients send it."""
    with body.open("wb") as stream:
        for path in files:
            head = (
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; '
                f'filename="{name or path.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
            )
            stream.write(head.encode())
            with path.open("rb") as source:
                shutil.copyfileobj(source, stream, _STEP_BYTES)
            stream.write(b"\r\n")
        stream.write(f"--{BOUNDARY}--\r\n".encode())


if __name__ == "__main__":
    sys.exit(main())
