"""The developer API as its document and its reference implementation show it, on both path sets."""

import base64
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pydicom
import pytest
import requests

from isocenter.settings import Settings
from tests.builders import instance, to_bytes
from tests.conftest import REPOSITORY
from tests.developers import PASSWORD, PROFILE, Developer, new_developer
from tests.servers import postgres
from tests.serving import Served, limited, serving

DOCUMENT = REPOSITORY.parent / "shared" / "specs" / "developer-api.rst"
HOW_TO = REPOSITORY / "docs" / "how-to" / "developer-api.md"
CREDENTIALS = '{ "email": "user5@example.com", "password": "securepassword123" }'
PROFILE_BODY = '{ "purpose": "testing", "organization": "My Organization" }'
KEY_BODY = '{ "name": "New API Key" }'
NO_PERMISSION = {"detail": "You do not have permission to perform this action."}


class Paths(NamedTuple):
    """Where one implementation has what the other has elsewhere."""

    keys: str
    delete_key: str


DOCUMENTED = Paths("/api-keys/", "/api-keys/delete/{}/")
REFERENCE = Paths("/api/developer/auth/api-keys/", "/api/developer/auth/api-keys/delete/{}/")
both = pytest.mark.parametrize("paths", [DOCUMENTED, REFERENCE], ids=["documented", "reference"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("developers")) as server:
        yield server


@pytest.fixture(scope="module")
def jane(served: Served) -> Developer:
    return new_developer(served)


def send(served: Served, path: str, body: str, token: str = "") -> requests.Response:
    """Post a body as the document writes it, with no more headers than it shows."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(served.url + path, data=body, headers=headers, timeout=60)


def send_raw(served: Served, request: str) -> tuple[int, bytes]:
    """Send bytes over a socket; return status and body."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        head = request.replace("\n", "\r\n").encode()
        connection.sendall(head + b"\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    first, _, body = answer.partition(b"\r\n\r\n")
    return int(first.split()[1]), body


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the shared documents are not here")
def test_these_are_the_bodies_of_the_document() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for body in (CREDENTIALS, PROFILE_BODY, KEY_BODY):
        assert body in text


@both
def test_the_documented_flow_from_an_address_to_a_key_and_back(
    served: Served, paths: Paths
) -> None:
    email = f"{paths.keys.strip('/').replace('/', '-')}@example.com"
    registered = requests.post(
        f"{served.url}/api/auth/register/",
        json={"email": email, "first_name": "U", "last_name": "5", "password": PASSWORD},
        timeout=60,
    )
    assert (registered.status_code, registered.json()) == (
        201,
        {"message": "User registered successfully!"},
    )
    signed_in = send(served, "/api/token/", CREDENTIALS.replace("user5@example.com", email))
    assert (signed_in.status_code, sorted(signed_in.json())) == (200, ["access", "refresh"])
    access = signed_in.json()["access"]
    said = json.loads(base64.urlsafe_b64decode(access.split(".")[1] + "=="))
    assert (said["first_name"], said["last_name"]) == ("U", "5")
    assert "refresh_token" in signed_in.cookies

    profile = send(served, "/api/developer/profiles/", PROFILE_BODY, access)
    assert (profile.status_code, profile.json()) == (201, PROFILE)
    made = send(served, paths.keys, KEY_BODY, access)
    assert made.status_code == 201
    assert {"id": 1, "name": "New API Key", "key": made.json()["key"]}.items() <= (
        made.json().items()
    )

    with_key = {"Authorization": f"ApiKey {made.json()['key']}"}
    profile_url = f"{served.url}/api/developer/profiles/"
    assert requests.get(profile_url, headers=with_key, timeout=60).status_code == 200
    bearer = {"Authorization": f"Bearer {access}"}
    gone = requests.delete(served.url + paths.delete_key.format(1), headers=bearer, timeout=60)
    assert (gone.status_code, gone.content) == (204, b"")
    assert requests.get(profile_url, headers=with_key, timeout=60).status_code == 401
    assert requests.get(served.url + paths.keys, headers=bearer, timeout=60).json() == []


def test_the_raw_examples_of_the_document_are_answered(served: Served, jane: Developer) -> None:
    key = "ApiKey amRqSgZZ...."
    status, body = send_raw(
        served,
        "GET /api/dicom-format/allowed-fields/?fields__contains=Patient HTTP/1.1\n"
        f"Host: localhost:8080\nAuthorization: {key}",
    )
    said = json.loads(body)
    assert (status, said["dicomVersion"]) == (200, "3.0.1")
    # The list of the document is shortened; all of it but one stands in the dictionary.
    documented = {"PatientName", "PatientID", "PatientBirthDate", "PatientSex", "PatientAge"}
    assert documented <= set(said["allowedFields"])
    assert all("Patient" in name for name in said["allowedFields"])

    status, body = send_raw(
        served,
        "GET /api/dicom-format/required-field-type/ HTTP/1.1\n"
        f"Host: localhost:8080\nAuthorization: {key}",
    )
    types = json.loads(body)["requiredFieldTypes"]
    assert (status, next(iter(types))) == (200, "CommandGroupLength")

    status, body = send_raw(
        served,
        "GET /api/developer/profiles/activity-summary/ HTTP/1.1\n"
        f"Host: localhost:8080\nAuthorization: Bearer {jane.access}",
    )
    assert (status, json.loads(body)) == (200, {"daily_activity": [], "monthly_total": 0})


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"email": "taken@example.com"}, {"email": ["user with this email already exists."]}),
        ({"email": None}, {"email": ["This field may not be null."]}),
        (
            {"password": "short"},
            {"password": ["Ensure this field has at least 8 characters."]},
        ),
    ],
)
def test_rows_1_to_4_registering(
    served: Served, fields: dict[str, str | None], complaint: dict[str, list[str]]
) -> None:
    whole = {"email": "taken@example.com", "first_name": "T", "last_name": "", "password": PASSWORD}
    url = f"{served.url}/api/auth/register/"
    requests.post(url, json=whole, timeout=60)
    refused = requests.post(url, json={**whole, "email": "new@example.com", **fields}, timeout=60)
    assert (refused.status_code, refused.json()) == (400, complaint)


def test_rows_5_to_8_tokens(served: Served, jane: Developer) -> None:
    wrong = {"email": jane.email, "password": "not my password"}
    refused = served.call("POST", "/api/token/", key="", data=wrong)
    assert (refused.status_code, refused.json()) == (
        401,
        {"detail": "No active account found with the given credentials"},
    )
    url = f"{served.url}/api/token/refresh/"
    good = requests.post(url, data={"refresh": jane.refresh}, timeout=60)
    assert (good.status_code, list(good.json())) == (200, ["access"])
    bad = requests.post(url, data={"refresh": "invalid_or_expired_refresh_token"}, timeout=60)
    assert (bad.status_code, bad.json()) == (401, {"detail": "Invalid or expired JWT token"})
    none = requests.post(url, timeout=60)
    assert (none.status_code, none.json()) == (401, {"detail": "Refresh token not found"})


@both
def test_rows_9_to_14_profiles_and_keys_without_one(served: Served, paths: Paths) -> None:
    developer = new_developer(served, has_profile=False)
    path = "/api/developer/profiles/"
    missing = developer.call("GET", path)
    assert (missing.status_code, missing.json()) == (
        404,
        {"detail": "Developer profile does not exist."},
    )
    for method, refused in (
        ("GET", paths.keys),
        ("POST", paths.keys),
        ("DELETE", paths.delete_key.format(1)),
        ("GET", f"{path}activity-summary/"),
    ):
        answer = developer.call(method, refused)
        assert (answer.status_code, answer.json()) == (403, NO_PERMISSION), refused

    other = {**PROFILE, "purpose": "research"}
    for said in (PROFILE, other):
        made = developer.call("POST", path, data=said)
        assert (made.status_code, made.json()) == (201, said)
    assert developer.call("GET", path).json() == other
    assert developer.call("GET", paths.keys).json() == []


@both
def test_rows_15_to_18_keys(served: Served, jane: Developer, paths: Paths) -> None:
    named = jane.call("POST", paths.keys, data={"name": "new-key"})
    assert (named.status_code, named.json()["name"]) == (201, "new-key")
    assert "api_key" in named.json()
    usual = jane.call("POST", paths.keys)
    assert usual.json()["name"] == "Jane-developer-key"

    gone = paths.delete_key.format(usual.json()["id"])
    stranger = new_developer(served)
    assert stranger.call("DELETE", gone).status_code == 404
    numbers = {key["id"] for key in jane.call("GET", paths.keys).json()}
    assert {named.json()["id"], usual.json()["id"]} <= numbers
    assert jane.call("DELETE", gone).status_code == 204
    assert usual.json()["id"] not in {key["id"] for key in jane.call("GET", paths.keys).json()}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def test_rows_23_to_29_of_50_at_once_at_10_below_the_quota_10_succeed(
    tmp_path: Path, engine: str
) -> None:
    url = postgres().url_of(tmp_path) if engine == "postgres" else ""
    settings = Settings(jobs=2, database_url=url)
    data = to_bytes(instance())
    with serving(tmp_path, settings=settings, limits=limited(monthly_reads=12)) as served:
        developer = new_developer(served, has_profile=False)  # the quota needs none

        def read(_: int = 0, content: bytes = data) -> requests.Response:
            files = {"file": ("a.dcm", content)}
            return developer.call("POST", "/api/dicom/read/file/?pixel_data=omit", files=files)

        assert [read().status_code for _ in range(2)] == [200, 200]
        assert read(content=b"no DICOM").status_code == 400  # does not count
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(read, range(50)))
        other = developer.call("GET", "/api/dicom-format/required-field-type/")
        usage = developer.call("GET", "/v1/usage").json()

    refused = [one for one in answers if one.status_code != 200]
    assert len(answers) - len(refused) == 10
    assert {one.status_code for one in refused} == {429}
    assert refused[0].json() == {
        "error": "Monthly API request for '/api/dicom/read/file/' limit exceeded.",
        "quota": 12,
        "requests_used": 13,
    }
    assert 0 < int(refused[0].headers["Retry-After"]) <= 31 * 86_400
    assert other.status_code == 200  # what is not limited stays so
    assert usage["quotas"]["read"] == {"quota": 12, "used": 12}


def test_no_log_and_no_listing_tells_a_secret_or_a_person(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    developer = new_developer(served, first_name="Canary")
    key = developer.call("POST", "/api-keys/").json()["key"]
    wrong = {"email": developer.email, "password": "canary of a password"}
    served.call("POST", "/api/token/", key="", json=wrong)
    served.call("POST", "/api/token/refresh/", key="", json={"refresh": developer.refresh})
    listed = developer.call("GET", "/api-keys/").text
    developer.call("DELETE", f"/api-keys/delete/{key.partition('.')[0]}/")
    with served.platform.engines.database.read() as connection:
        audited = str(connection.exec_driver_sql("SELECT * FROM audit_events").all())

    events = " ".join(str(record.__dict__) for record in caplog.records)
    assert "/api-keys/" in events  # routes are told
    secrets = [key.partition(".")[2], developer.access, developer.refresh, "canary of a password"]
    for secret in (*secrets, PASSWORD, developer.email, "argon2"):
        assert secret not in events + listed + audited
    assert "Canary-developer-key" not in events + audited


def code_blocks(language: str) -> str:
    text = HOW_TO.read_text(encoding="utf-8")
    (block,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(block)


@pytest.mark.slow
def test_the_how_to_page_runs(served: Served, tmp_path: Path) -> None:
    (tmp_path / "slice.dcm").write_bytes(to_bytes(instance()))

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def here(text: str) -> str:
        assert "http://127.0.0.1:8420" in text
        return text.replace("http://127.0.0.1:8420", served.url)

    said = run("bash", "-euo", "pipefail", "-c", here(code_blocks("bash")))
    assert '"monthly_total":2' in said
    assert (tmp_path / "slice.png").read_bytes().startswith(b"\x89PNG")
    made = pydicom.dcmread(tmp_path / "example_dicom.dcm")
    assert (made.PatientName, made.Modality) == ("John Doe", "CT")

    (tmp_path / "slice.png").unlink()
    said = run(sys.executable, "-c", here(code_blocks("python")))
    assert said.split()[-1] == "1"
    assert (tmp_path / "slice.png").read_bytes().startswith(b"\x89PNG")
