"""Addresses at an object store that are good for one PUT: signed here, without asking the store.

What a client must send is signed with the address, so that the store refuses another type or
another length. The store's own library cannot bind either; the signature is a few lines.

References
----------
Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters (AWS Signature Version
4)".
"""

import hashlib
import hmac
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from isocenter.store.blobs_s3 import S3Place

_ALGORITHM = "AWS4-HMAC-SHA256"
_PAYLOAD = "UNSIGNED-PAYLOAD"
_AMAZON = "https://{bucket}.s3.{region}.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs addresses of a bucket.

    Parameters
    ----------
    place
        With the keys that sign.
    endpoint
        Where clients reach the store, if they do so by another name than we.
    """

    place: S3Place
    endpoint: str = ""
    _base: str = field(init=False, default="")

    def __post_init__(self) -> None:
        endpoint = self.endpoint or self.place.endpoint
        base = f"{endpoint.rstrip('/')}/{self.place.bucket}" if endpoint else ""
        amazon = _AMAZON.format(bucket=self.place.bucket, region=self.place.region)
        object.__setattr__(self, "_base", base or amazon)

    def put_address(self, path: str, headers: Mapping[str, str], seconds: int, now_ms: int) -> str:
        """Return the address of a PUT.

        Parameters
        ----------
        path
            Of the object in the bucket.
        headers
            What the request must have, beside its host.
        now_ms
            Milliseconds since 1970 UTC.
        """
        url = urllib.parse.urlsplit(self._base)
        full_path = urllib.parse.quote(f"{url.path}/{path}", safe="/~")
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_ms // 1000))
        scope = f"{stamp[:8]}/{self.place.region}/s3/aws4_request"
        signed = {name.lower(): value.strip() for name, value in headers.items()}
        signed["host"] = url.netloc
        names = ";".join(sorted(signed))
        query = {
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{self.place.access_key}/{scope}",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": names,
        }
        written = urllib.parse.urlencode(
            sorted(query.items()), quote_via=urllib.parse.quote, safe="~"
        )
        lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
        request = "\n".join(["PUT", full_path, written, *lines, "", names, _PAYLOAD])
        digest = hashlib.sha256(request.encode()).hexdigest()
        to_sign = f"{_ALGORITHM}\n{stamp}\n{scope}\n{digest}"
        signature = hmac.new(self._key(stamp[:8]), to_sign.encode(), hashlib.sha256).hexdigest()
        return f"{url.scheme}://{url.netloc}{full_path}?{written}&X-Amz-Signature={signature}"

    def _key(self, day: str) -> bytes:
        key = f"AWS4{self.place.secret_key}".encode()
        for part in (day, self.place.region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key
