"""A server of learning sets in a thread: lists, preparation by events, archives with ranges.

It speaks the documented contract and nothing else, so that what it serves can be bad on purpose.
"""

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.prepared_sets import Entry, prepared_list, write_archive

KEY = "id.s3cr3t"
NAME = "TestCTdataset"


class PreparedServer(ThreadingHTTPServer):
    """Has one set in as many versions as were given to it.

    Attributes
    ----------
    requests
        Path and Range of each request.
    cut_bytes
        The next archives end after so many bytes, as a connection does that is lost.
    error
        What preparing ends with, if anything.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._folder = folder
        self.requests: list[tuple[str, str]] = []
        self.cut_bytes: list[int] = []
        self.error = ""
        self.archives: list[Path] = []
        self.updated_at = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add(self, entries: Sequence[Entry]) -> None:
        """Make the next version of the set."""
        version = len(self.archives) + 1
        path = self._folder / f"version-{version}.zip"
        self.archives.append(write_archive(path, entries, version, NAME))
        self.updated_at = str(prepared_list(entries, version)["updated_at"])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PreparedServer

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.requests.append((url.path, self.headers.get("Range", "")))
        if self.headers.get("apikey") != KEY:
            self._send(401, {"message": "Unauthorized"})
        elif url.path == "/datasets":
            of_set = {"id": "5e7", "name": NAME, "updated_at": self.server.updated_at}
            self._send(200, {"data": [of_set], "totalCount": 1})
        elif url.path == "/projects":
            of_project = {"id": "p", "name": "the project", "dataset_id": "5e7"}
            self._send(200, {"data": [of_project], "totalCount": 1})
        elif url.path == "/datasets/5e7/download/dicom":
            self._prepare(parse_qs(url.query).get("version", ["latest"])[0])
        elif found := re.fullmatch(r"/datasets/download/token-(\d+)", url.path):
            self._archive(self.server.archives[int(found[1]) - 1])
        else:
            self._send(404, {"message": "Not Found"})

    def _send(self, status: int, said: object) -> None:
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _prepare(self, version: str) -> None:
        count = len(self.server.archives)
        number = count if version == "latest" else int(version)
        if not 1 <= number <= count:
            self._send(404, {"message": "Not Found"})
            return
        events = 'data: {"processedImages":0,"totalImages":2}\n\n: still here\n\n'
        if self.server.error:
            events += f"event: error\ndata: {self.server.error}\n\n"
        else:
            events += f'data: {{"zip":"token-{number}"}}\n\n'
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(events.encode())
        self.close_connection = True

    def _archive(self, path: Path) -> None:
        data = path.read_bytes()
        etag = f'"{hashlib.sha256(data).hexdigest()}"'
        start = 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and self.headers.get("If-Range") == etag:
            start = int(asked[1])
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        body = data[start:]
        if self.server.cut_bytes:
            body = body[: self.server.cut_bytes.pop(0)]
            self.close_connection = True
        self.wfile.write(body)


@contextlib.contextmanager
def prepared_server(folder: Path) -> Iterator[PreparedServer]:
    """Serve while the context lasts."""
    with PreparedServer(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(30)
