"""Uploads of slices as resources by our client, against `requests` in a loop on the same server.

    python -m benchmarks.resource_client [--rounds N] [--slices N]

Each round has CT slices of half a MiB under new UIDs and takes turns. Every slice is timed until it
is durable, in the archive and found. The loop is what scripts do: one request after the other, on
a kept connection, which is the best that `requests` has.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests

from benchmarks import servers
from benchmarks.__main__ import SLICES, WORK, prepare
from benchmarks.archive_inputs import Slices
from benchmarks.servers import Server
from isocenter.client import APIHandler

ROUNDS = 3
COUNT = 400
_DICOM = "application/dicom"


def main() -> int:
    """Run the contest, show files a second, and keep them in var/bench."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resource_client")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--slices", type=int, default=COUNT)
    options = parser.parse_args()
    prepare()
    slices = Slices(sorted(SLICES.glob("*.dcm")))
    found: dict[str, list[float]] = {}
    jobs: dict[str, Callable[[Server, Sequence[bytes]], None]] = {
        "our client": _client,
        "our client, de-identifying": _deidentifying,
        "requests in a loop": _loop,
    }
    with (
        tempfile.TemporaryDirectory(dir=WORK, prefix="resources-") as place,
        servers.isocenter(Path(place) / "isocenter") as server,
    ):
        for _ in range(options.rounds):
            for name, job in jobs.items():
                _, contents = slices.study(options.slices)
                begun = time.perf_counter()
                job(server, contents)
                seconds = time.perf_counter() - begun
                found.setdefault(name, []).append(options.slices / seconds)
    medians = {name: round(statistics.median(figures), 1) for name, figures in found.items()}
    for name, figure in medians.items():
        print(f"{name}: {figure:.0f} files/s")
    ratio = medians["our client"] / medians["requests in a loop"]
    print(f"our client against the loop: {ratio:.1f} times")
    (WORK / "resource_client.json").write_text(
        json.dumps(medians, indent=2) + "\n", encoding="utf-8"
    )
    return 0


def _client(server: Server, contents: Sequence[bytes]) -> None:
    with APIHandler(_url(server), server.headers["X-API-Key"]) as api:
        api.upload_resources(list(contents), channel="bench", progress_bar=False)


def _deidentifying(server: Server, contents: Sequence[bytes]) -> None:
    with (
        tempfile.TemporaryDirectory(dir=WORK) as place,
        APIHandler(_url(server), server.headers["X-API-Key"]) as api,
    ):
        api.upload_resources(
            list(contents),
            channel="bench",
            anonymize=True,
            key_file=Path(place) / "pseudonyms.key",
            progress_bar=False,
        )


def _loop(server: Server, contents: Sequence[bytes]) -> None:
    with requests.Session() as session:
        session.headers["apikey"] = server.headers["X-API-Key"]
        for number, content in enumerate(contents):
            answer = session.post(
                f"{_url(server)}/resources",
                data={"source": "api", "channel": "bench"},
                files={"resource": (f"{number}.dcm", content, _DICOM)},
                timeout=60,
            )
            answer.raise_for_status()


def _url(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


if __name__ == "__main__":
    raise SystemExit(main())
