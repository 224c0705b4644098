#!/usr/bin/env python3
"""The documented uploader: each file goes to an address that the server gives out for it.

    upload_dicom.py --api-endpoint https://api.example.com --path FILE_OR_FOLDER

It needs Python 3.8 or newer and `requests`, and nothing else: copy this one file to the machine
that has the images. Options, lines and exit codes are the documented ones (0: all were sent, 1:
not all, 2: wrong options). Files are streamed, what passes by itself is tried again, and what
proves who calls goes to the API only, never to the store, and is never printed. It is found in

- the address: https://KEY_ID:SECRET@host, or https://host/t/TOKEN;
- the environment: ISOCENTER_API_KEY;
- a .netrc with an entry for the host.

`isocenter upload` of the installed package does the same with many files at once, goes on where it
was interrupted, and says what the server made of each file.
"""

import argparse
import email.utils
import os
import random
import sys
import time
from typing import Callable, List, Optional, Tuple
from urllib.parse import unquote, urlsplit, urlunsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

KEY_VARIABLE = "ISOCENTER_API_KEY"
TIMEOUT_SECONDS = (30, 300)
ATTEMPTS = 10
# Busy, or out of order for a moment; everything else stays as it is, however often it is asked.
PASSING = frozenset({408, 429, 500, 502, 503, 504})
TORN = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 120.0
SHOWN_CHARACTERS = 500
INTERRUPTED = 130


class Key(AuthBase):
    """A key as a bearer token."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add it to a request."""
        request.headers["Authorization"] = "Bearer " + self.key
        return request


class Nobody(AuthBase):
    """No credentials at all: `requests` would take some from a .netrc, and stores refuse two."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave a request as it is."""
        return request


class RefusedError(Exception):
    """An answer that is no success, for good; shown as the documented line."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text[:SHOWN_CHARACTERS]
        super().__init__(f"HTTP status {status}")


class OutOfReachError(Exception):
    """No answer, however often it was tried; says neither address nor token."""


def split_credentials(endpoint: str) -> Tuple[str, Optional[AuthBase]]:
    """Return the address without credentials, and what proves who calls (None: a .netrc may)."""
    parts = urlsplit(endpoint)
    address = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))
    if parts.username or parts.password:
        return address, HTTPBasicAuth(unquote(parts.username or ""), unquote(parts.password or ""))
    key = os.environ.get(KEY_VARIABLE, "")
    return address, Key(key) if key else None


def get_presigned_upload(api_base_url: str, auth: Optional[AuthBase]) -> Tuple[str, str]:
    """Return the address for one file, and the key that it gets there."""
    url = api_base_url.rstrip("/") + "/upload/"
    answer = persist(lambda: requests.get(url, auth=auth, timeout=TIMEOUT_SECONDS))
    try:
        data = answer.json()
        return str(data["url"]), str(data["key"])
    except (ValueError, KeyError, TypeError):
        raise OutOfReachError("the answer of the API is none: is the address right?") from None


def upload_file_to_s3(presigned_url: str, file_path: str) -> None:
    """Send one file to the address for it, streamed."""

    def put() -> requests.Response:
        with open(file_path, "rb") as stream:  # noqa: PTH123 - paths stay as they were given
            # `requests` would send an empty stream in chunks, which stores refuse.
            body = stream if os.fstat(stream.fileno()).st_size else b""
            return requests.put(
                presigned_url,
                data=body,
                headers={"Content-Type": "application/dicom"},
                auth=Nobody(),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )

    persist(put)


def persist(send: Callable[[], requests.Response]) -> requests.Response:
    """Return the answer to a request that succeeds, repeated while what hinders it may pass."""
    for attempt in range(1, ATTEMPTS + 1):
        wait_seconds = FIRST_WAIT_SECONDS * 2**attempt * random.uniform(0.5, 1)  # noqa: S311
        try:
            answer = send()
        except TORN as error:
            if attempt == ATTEMPTS:
                raise OutOfReachError(reason_of(error)) from None
        except requests.RequestException as error:
            raise OutOfReachError(reason_of(error)) from None
        else:
            if answer.status_code < 300:
                return answer
            if answer.status_code not in PASSING or attempt == ATTEMPTS:
                raise RefusedError(answer.status_code, answer.text)
            wait_seconds = asked_seconds(answer.headers.get("Retry-After", "")) or wait_seconds
        time.sleep(min(wait_seconds, LONGEST_WAIT_SECONDS))
    raise AssertionError("the last attempt returns or raises")


def asked_seconds(retry_after: str) -> float:
    """Return how long a server asks to be left alone, 0 where it does not say."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        at = email.utils.parsedate_to_datetime(retry_after)
        return max(0.0, at.timestamp() - time.time())
    except (TypeError, ValueError, IndexError):
        return 0.0


def reason_of(error: requests.RequestException) -> str:
    """Return what went wrong in words of our own: the library's would show the address."""
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate of the server is not trusted"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy lets nothing pass"
    if isinstance(error, requests.Timeout):
        return "the server does not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection to the server, or it was cut"
    return f"the address cannot be used ({type(error).__name__})"


def gather_files(path: str) -> List[str]:
    """Return the file, or every file under the folder, sorted."""
    if os.path.isfile(path):  # noqa: PTH113 - paths stay as they were given
        return [path]
    if os.path.isdir(path):  # noqa: PTH112
        found = []
        for root, _, names in os.walk(path):
            found += [os.path.join(root, name) for name in names]  # noqa: PTH118
        return sorted(found)
    print(f"Error: {path!r} is not a file or directory", file=sys.stderr)
    sys.exit(1)


def upload(address: str, auth: Optional[AuthBase], file_path: str) -> None:
    """Send one file; an address that ran out meanwhile is asked for once more."""
    for is_last in (False, True):
        presigned_url, key = get_presigned_upload(address, auth)
        print(f" → Presigned URL acquired; S3 key will be: {key}")
        try:
            upload_file_to_s3(presigned_url, file_path)
        except RefusedError as error:
            if is_last or error.status != 403:
                raise
        else:
            print(f" ✔ Success: {file_path!r} → s3://<bucket>/{key}")
            return


def main(arguments: Optional[List[str]] = None) -> int:
    """Send what the arguments name; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Upload a DICOM file or entire folder of DICOMs via your S3-backed API"
    )
    parser.add_argument(
        "--api-endpoint",
        "-u",
        required=True,
        help="Base URL of your API (e.g. https://api.example.com)",
    )
    parser.add_argument(
        "--path",
        "-p",
        required=True,
        help="Path to a DICOM file or a directory containing DICOM files",
    )
    chosen = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A console that has no arrow shows an escape instead of ending the upload.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    file_paths = gather_files(chosen.path)
    if not file_paths:
        print(f"No files found under {chosen.path}", file=sys.stderr)
        return 1
    return upload_all(file_paths, *split_credentials(chosen.api_endpoint))


def upload_all(file_paths: List[str], address: str, auth: Optional[AuthBase]) -> int:
    """Send all files, one after another, up to the first that cannot be sent."""
    print(f"Found {len(file_paths)} file(s) to upload.")
    for number, file_path in enumerate(file_paths, start=1):
        print(f"\n[{number}/{len(file_paths)}] Uploading {file_path!r}...", flush=True)
        try:
            upload(address, auth, file_path)
        except RefusedError as error:
            line = f"HTTP error for {file_path!r}: {error.status} – {error.text}"  # noqa: RUF001 - the documented line
            print(line, file=sys.stderr)
            return 1
        except OSError as error:
            print(f"Error uploading {file_path!r}: {error.strerror}", file=sys.stderr)
            return 1
        except OutOfReachError as error:
            print(f"Error uploading {file_path!r}: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            sent = f"{number - 1} of {len(file_paths)} files were sent"
            print(f"\nInterrupted: {sent}; run it again, nothing is stored twice.", file=sys.stderr)
            return INTERRUPTED
    print("\nAll done!")
    return 0


if __name__ == "__main__":
    sys.exit(main())
