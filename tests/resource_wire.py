"""Requests of the documented clients, field by field as their releases send them."""

import json
import urllib.parse
from dataclasses import dataclass

import requests

from tests.serving import Served

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
Fields = list[tuple[str, tuple[str | None, bytes | str, str | None]]]


@dataclass(frozen=True, slots=True)
class Wire:
    """A server, and a client that sends what old ones do."""

    served: Served

    def call(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        prefix: str = "",
        **given: object,
    ) -> requests.Response:
        """Send a request with the header of releases 0.x."""
        headers = {"apikey": self.served.key if key is None else key}
        more = given.pop("headers", {})
        assert isinstance(more, dict)
        url = f"{self.served.url}{prefix}{path}"
        return requests.request(method, url, headers={**headers, **more}, timeout=60, **given)  # type: ignore[arg-type]  # passed on

    def upload(
        self,
        data: bytes = PNG,
        name: str = "a.png",
        *,
        key: str | None = None,
        **fields: str,
    ) -> dict[str, object]:
        """Upload a file with some fields; return the Resource."""
        parts: Fields = [("source", (None, "api", None)), ("resource", (name, data, None))]
        parts += [(field, (None, value, None)) for field, value in fields.items()]
        answer = self.call("POST", "/resources", key=key, files=parts)
        assert answer.status_code == 201, answer.text
        made: dict[str, object] = answer.json()
        return made

    def upload_0_4(self, data: bytes, name: str, labels: list[str], channel: str) -> str:
        """Upload as 0.4.0 does: the path percent-encoded, one field for each label."""
        quoted = urllib.parse.quote(name, safe="")
        parts: Fields = [
            ("source", (None, "api", None)),
            ("resource", (quoted, data, "application/dicom")),
            ("filepath", (None, name, None)),
            ("mimetype", (None, "application/dicom", None)),
            ("channel", (None, channel, None)),
            *((f"labels[{at}]", (None, label, None)) for at, label in enumerate(labels)),
        ]
        return str(self.call("POST", "/resources", files=parts).json()["id"])

    def upload_0_7(self, data: bytes, name: str, labels: list[str], channel: str) -> str:
        """Upload as 0.7.0 does: labels with commas between them."""
        parts: Fields = [
            ("source", (None, "api", None)),
            ("resource", (name.rpartition("/")[2], data, "application/dicom")),
            ("source_filepath", (None, name, None)),
            ("mimetype", (None, "application/dicom", None)),
            ("channel", (None, channel, None)),
            ("modality", (None, "CT", None)),
            ("labels", (None, ",".join(labels), None)),
        ]
        return str(self.call("POST", "/resources", files=parts).json()["id"])

    def upload_2(self, data: bytes, name: str, tags: list[str], metadata: object) -> str:
        """Upload as 2.x does: two headers, tags, metadata, published at once."""
        parts: Fields = [
            ("source", (None, "api", None)),
            ("resource", (name.rpartition("/")[2], data, "image/png")),
            ("source_filepath", (None, name, None)),
            ("mimetype", (None, "image/png", None)),
            ("bypass_inbox", (None, "true", None)),
            ("tags", (None, ",".join(tags), None)),
            ("metadata", (None, json.dumps(metadata), "application/json")),
        ]
        headers = {"Authorization": f"Bearer {self.served.key}"}
        answer = self.call("POST", "/resources", files=parts, headers=headers)
        return str(answer.json()["id"])
