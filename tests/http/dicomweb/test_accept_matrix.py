"""Every resource with everything that a client may take: right or 406, never a failure of ours.

A 200 must be of a type and transfer syntax that were asked for.
"""

import itertools
from collections.abc import Iterator

import pytest
import requests
from pydicom import dcmread
from pydicom.data import get_testdata_file

from tests.builders import to_bytes
from tests.serving import Served
from tests.stowed import STUDIES, Archived, store

JPEG = "1.2.840.10008.1.2.4"
EXPLICIT = "1.2.840.10008.1.2.1"
RESOURCES = {
    "": "study",
    "/metadata": "study metadata",
    "/series": "search",
    "I": "instance",
    "I/metadata": "metadata",
    "I/frames/1": "frames",
    "I/bulkdata/7FE00010": "bulk data",
    "I/rendered": "rendered",
    "I/thumbnail": "thumbnail",
}
TYPES = (
    *("*/*", "application/*", "image/*", "text/html", "no type", "application/dicom"),
    *("application/dicom+json", "application/json", "application/dicom+xml", "application/zip"),
    *("application/octet-stream", "image/jpeg", "image/jls", "image/jp2", "image/jphc"),
    *("image/jxl", "image/dicom-rle", "image/png", "image/gif", "video/mp4", "application/pdf"),
)
SYNTAXES = ("", "*", EXPLICIT, "1.2.840.10008.1.2.5", f"{JPEG}.80", f"{JPEG}.50", "1.2.3", "x y")
# What these transfer syntaxes are as frames; of others, any type may be.
FAMILIES = {
    "1.2.840.10008.1.2.5": {"image/dicom-rle", "application/octet-stream"},
    f"{JPEG}.80": {"image/jls", "application/octet-stream"},
}


@pytest.fixture(scope="module")
def session(served: Served) -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.headers["X-API-Key"] = served.key
        yield made


@pytest.fixture(scope="module")
def studies(served: Served, slices: Archived) -> dict[str, tuple[str, str]]:
    """Store images in several encodings; return the paths of their study and instance."""
    found = {"native": (slices.study, slices.instance())}
    for name in ("MR_small_RLE.dcm", "JPEG-lossy.dcm", "reportsi.dcm"):
        dataset = dcmread(str(get_testdata_file(name)))
        assert store(served, to_bytes(dataset)).status_code == 200
        study = f"{STUDIES}/{dataset.StudyInstanceUID}"
        series = f"{study}/series/{dataset.SeriesInstanceUID}"
        found[name] = (study, f"{series}/instances/{dataset.SOPInstanceUID}")
    return found


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.full), 11])
@pytest.mark.parametrize("name", ["native", "MR_small_RLE.dcm", "JPEG-lossy.dcm", "reportsi.dcm"])
@pytest.mark.parametrize("resource", RESOURCES)
def test_every_wish_is_met_or_refused(
    served: Served,
    session: requests.Session,
    studies: dict[str, tuple[str, str]],
    resource: str,
    name: str,
    step: int,
) -> None:
    """Try all wishes, or every so many of them, others for each resource and image."""
    study, instance = studies[name]
    path = instance + resource[1:] if resource.startswith("I") else study + resource
    wishes = itertools.product(TYPES, SYNTAXES, (False, True))
    for kind, syntax, is_related in itertools.islice(
        wishes, len(name + resource) % step, None, step
    ):
        if syntax and kind in TYPES[6:10]:
            continue  # these have none
        accept = f'multipart/related; type="{kind}"' if is_related else kind
        accept += f"; transfer-syntax={syntax}" if syntax else ""
        answer = session.get(served.url + path, headers={"Accept": accept}, timeout=60)
        told = (resource, accept, answer.status_code, answer.text[:200])
        is_missing = name == "reportsi.dcm" and resource in {"I/frames/1", "I/bulkdata/7FE00010"}
        assert answer.status_code in ({404, 406} if is_missing else {200, 406}), told
        if answer.status_code == 200:
            _check(answer, kind, syntax, is_related=is_related)


def _check(answer: requests.Response, kind: str, syntax: str, *, is_related: bool) -> None:
    given = answer.headers["Content-Type"]
    assert given.startswith("multipart/related;") == is_related or kind == "*/*", given
    if is_related:
        assert _fits(kind, given.partition('type="')[2].partition('"')[0]), (kind, given)
        given = answer.content[:1000].partition(b"Content-Type: ")[2].partition(b"\r\n")[0].decode()
    assert _fits(kind, given.partition(";")[0]) or given.startswith("multipart/"), (kind, given)
    uid = given.partition("transfer-syntax=")[2]
    # An Accept that is no UID is none; "*" is whatever is stored.
    if uid and syntax not in {"", "*", "x y"}:
        assert uid == syntax, (kind, syntax, given)
        assert given.partition(";")[0] in FAMILIES.get(uid, {given.partition(";")[0]}) or (
            given.startswith("application/dicom;")
        )


def _fits(pattern: str, given: str) -> bool:
    kind, _, subtype = pattern.partition("/")
    return pattern in {"*/*", given} or (subtype == "*" and given.startswith(f"{kind}/"))
