"""The Ingest API over HTTP: who may ask, what an address is good for, what reports say."""

import base64
import time
import uuid
from collections.abc import Iterator

import pytest
import requests
from sqlalchemy import select

from isocenter.settings import Settings
from isocenter.store.tables import audit_events
from tests.builders import instance, to_bytes
from tests.serving import Served, limited, serving
from tests.stores import key_of

BYTES_MAX = 20_000
DICOM = {"Content-Type": "application/dicom"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = limited(ticket_bytes=BYTES_MAX, ticket_batch=5, denials_per_minute=10_000)
    with serving(tmp_path_factory.mktemp("uploads"), limits=limits) as server:
        yield server


def ticket(served: Served) -> dict[str, str]:
    answer = served.call("GET", "/upload/")
    assert answer.status_code == 200
    said: dict[str, str] = answer.json()
    return said


def put(url: str, data: bytes, headers: dict[str, str] | None = None) -> requests.Response:
    return requests.put(url, data=data, headers=headers or DICOM, timeout=60)


def slice_bytes(index: int = 0) -> bytes:
    return to_bytes(instance(index, rows=4, columns=4, series_name="uploads"))


def settled(served: Served, *keys: str) -> list[dict[str, object]]:
    """Return reports when nothing is under way any more."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        body = {"keys": list(keys), "wait_seconds": 10}
        answer = served.call("POST", "/upload/report", json=body)
        if not answer.json()["counts"]["received"]:
            uploads: list[dict[str, object]] = answer.json()["uploads"]
            return uploads
    raise AssertionError("they are not registered")


def audit_of(served: Served, key: str) -> list[tuple[str, str, str]]:
    query = (
        select(audit_events.c.principal, audit_events.c.action, audit_events.c.result)
        .where(audit_events.c.object_id == key)
        .order_by(audit_events.c.number)
    )
    with served.platform.engines.database.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_content_is_sent_to_the_address_and_is_soon_in_the_archive(served: Served) -> None:
    given = ticket(served)
    data = slice_bytes()

    answer = put(given["url"], data)
    report = settled(served, given["key"])[0]

    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["ETag"] == f'"{key_of(data)}"'
    digest = base64.b64encode(bytes.fromhex(key_of(data))).decode()
    assert answer.headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert answer.headers["X-Ingest-Id"] == given["key"] == given["id"]
    assert (report["state"], report["outcome"], report["sha256"]) == (
        "stored",
        "stored",
        key_of(data),
    )
    place = "/dicom-web/studies/{study_uid}/series/{series_uid}/instances/{sop_instance_uid}"
    stored = served.call("GET", place.format(**report), headers={"Accept": "application/dicom"})
    assert stored.content == data


@pytest.mark.parametrize("path", ["/upload/", "/upload"])
def test_tickets_are_never_kept_by_caches(served: Served, path: str) -> None:
    answer = served.call("GET", path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Ingest-Id"] == answer.json()["key"]
    assert uuid.UUID(answer.json()["key"]).version == 4
    assert answer.json()["headers"] == DICOM


def test_every_way_to_show_a_key(served: Served) -> None:
    key_id, _, secret = served.key.partition(".")
    form = {"grant_type": "client_credentials", "client_id": key_id, "client_secret": secret}
    token = requests.post(f"{served.url}/oauth/token", data=form, timeout=60).json()["access_token"]
    ways = [
        requests.get(f"{served.url}/upload/", headers={"X-API-Key": served.key}, timeout=60),
        requests.get(f"{served.url}/upload/", headers={"apikey": served.key}, timeout=60),
        requests.get(
            f"{served.url}/upload/", headers={"Authorization": f"Bearer {served.key}"}, timeout=60
        ),
        requests.get(
            f"{served.url}/upload/", headers={"Authorization": f"Bearer {token}"}, timeout=60
        ),
        requests.get(f"{served.url}/upload/", auth=(key_id, secret), timeout=60),
        requests.get(f"{served.url}/upload/", auth=(served.key, ""), timeout=60),
        requests.get(f"{served.url}/upload/", auth=("anybody", served.key), timeout=60),
        requests.get(f"{served.url}/t/{served.key}/upload/", timeout=60),
        requests.get(f"{served.url}/t/{token}/upload/", timeout=60),
    ]

    assert [way.status_code for way in ways] == [200] * len(ways)


def test_nobody_and_who_may_not_are_refused_and_written_down(served: Served) -> None:
    reader = served.platform.administration.create_key("reader", ["read"]).text
    before = len(audit_of(served, ""))

    answers = [
        served.call("GET", "/upload/", key=""),
        served.call("GET", "/upload/", key="x.y"),
        served.call("GET", "/upload/", key=reader),
        requests.get(f"{served.url}/t/{reader}/upload/", timeout=60),
        requests.get(f"{served.url}/t/wrong.key/upload/", timeout=60),
        requests.get(
            f"{served.url}/upload/",
            headers={"Cookie": requests.get(f"{served.url}/app", timeout=60).headers["Set-Cookie"]},
            timeout=60,
        ),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 403, 403, 401, 401]
    rows = audit_of(served, "")[before:]
    assert [(action, result) for _, action, result in rows] == [("upload.issue", "denied")] * 6
    owner = served.platform.keys.verify(reader).id
    assert [row[0] for row in rows] == ["nobody", "nobody", owner, owner, "nobody", "nobody"] or (
        rows[5][0].startswith("cookie:")
    )


def test_key_of_a_path_is_good_for_sending_alone(served: Served) -> None:
    given = ticket(served)
    place = f"{served.url}/t/{served.key}"

    assert requests.get(f"{place}/upload/{given['key']}", timeout=60).status_code == 200
    assert requests.get(f"{place}/dicom-web/studies", timeout=60).status_code == 404
    assert requests.get(f"{place}/v1/quarantine", timeout=60).status_code == 404


def test_put_looks_at_nothing_but_its_address(served: Served) -> None:
    given = ticket(served)

    answer = put(given["url"], b"text", {**DICOM, "Authorization": "Basic bm9ib2R5Om5vdGhpbmc="})

    assert answer.status_code == 200


def test_address_is_refused_for_anything_else(served: Served) -> None:
    given, other = ticket(served), ticket(served)
    url = given["url"]
    end = url[-1]
    foreign_key = url.replace(given["key"], other["key"])
    signed_anew = url.replace(url.rpartition("token=")[2], "eA.9999999999." + "A" * 43)

    answers = [
        put(foreign_key, b"x"),
        put(signed_anew, b"x"),
        put(url[:-1] + ("A" if end != "A" else "B"), b"x"),
        put(url.partition("?")[0], b"x"),
        put(url, b"x", {"Content-Type": "text/plain"}),
        put(url, b"x", {"Content-Type": ""}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    assert requests.post(url, data=b"x", timeout=60).status_code == 405
    assert requests.get(url, timeout=60).status_code == 401
    assert requests.delete(url, timeout=60).status_code == 405
    assert served.call("GET", f"/upload/{given['key']}").json()["state"] == "issued"
    assert ("nobody", "upload.receive", "denied") in audit_of(served, given["key"])
    assert ("nobody", "upload.receive", "denied") in audit_of(served, other["key"])


def test_second_content_is_refused_and_the_same_one_is_not(served: Served) -> None:
    given = ticket(served)

    answers = [put(given["url"], data) for data in (b"one", b"one", b"two", b"one")]

    assert [answer.status_code for answer in answers] == [200, 200, 403, 200]
    results = [result for _, action, result in audit_of(served, given["key"]) if "rec" in action]
    assert results == ["ok", "same", "denied", "same"]


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large_content_is_refused(served: Served, chunked: bool) -> None:
    given = ticket(served)
    data = bytes(BYTES_MAX + 1)
    body = iter([data[:1000], data[1000:]]) if chunked else data

    answer = requests.put(given["url"], data=body, headers=DICOM, timeout=60)

    assert answer.status_code == 413
    assert put(given["url"], bytes(BYTES_MAX)).status_code == 200


def test_batch_has_a_ticket_for_each_file_and_none_for_what_is_there(served: Served) -> None:
    data = slice_bytes(7)
    given = ticket(served)
    put(given["url"], data)
    settled(served, given["key"])
    files = [
        {"name": "a/known.dcm", "size": len(data), "sha256": key_of(data)},
        {"name": "new.dcm", "size": 4},
        {},
    ]

    answer = served.call("POST", "/upload/", json={"files": files}).json()
    known, new, other = answer["uploads"]

    assert (known["state"], known["url"], known["outcome"]) == ("stored", None, "present")
    assert (new["state"], new["name"], new["max_bytes"]) == ("issued", "new.dcm", 4)
    assert put(new["url"], b"toolong").status_code == 413
    assert put(new["url"], b"sho").status_code == 400
    assert put(new["url"], b"text").status_code == 200
    assert put(other["url"], b"").status_code == 200
    report = served.call("POST", "/upload/report", json={"batch": answer["batch"]}).json()
    assert [one["key"] for one in report["uploads"]] == [one["key"] for one in (known, new, other)]
    assert {*report["counts"]} == {"issued", "received", "stored", "rejected", "expired"}


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        b"{}",
        b'{"files": {}}',
        b'{"files": []}',
        b'{"count": 6}',
        b'{"count": true}',
        b'{"count": 1, "files": [{}]}',
        b'{"files": [{"naem": "x"}]}',
        b'{"files": [{"size": -1}]}',
        b'{"files": [{"size": "1"}]}',
        b'{"files": [{"sha256": "x"}]}',
        b'{"files": [{"name": ""}]}',
        b'{"files": [{"content_type": "text/plain"}]}',
        b'{"files": [{}, {}, {}, {}, {}, {}]}',
    ],
)
def test_batch_that_says_nothing_clear_is_refused(served: Served, body: bytes) -> None:
    assert served.call("POST", "/upload/", data=body).status_code == 400


def test_reports_are_those_of_the_owner(served: Served) -> None:
    given = ticket(served)
    stranger = served.new_key()

    assert served.call("GET", f"/upload/{given['key']}", key=stranger).status_code == 404
    body = {"keys": [given["key"], "x"]}
    foreign = served.call("POST", "/upload/report", json=body, key=stranger).json()
    assert (foreign["uploads"], foreign["missing"]) == ([], [given["key"], "x"])
    assert served.call("GET", "/upload/report", key=stranger).json()["uploads"] == []
    for path in ("/upload/report?state=lost", "/upload/report?limit=0", "/upload/report?after=-"):
        assert served.call("GET", path).status_code == 400
    for wrong in ({"keys": "x"}, {"keys": ["x"] * 6}, {"keys": [], "wait_seconds": 31}):
        assert served.call("POST", "/upload/report", json=wrong).status_code == 400


def test_nothing_of_a_content_or_its_name_is_logged(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = instance(9, rows=4, columns=4, series_name="uploads")
    dataset.PatientName = "Canary^Bird"
    data = to_bytes(dataset)
    dataset.PatientID = "Canary"
    contents = [data, data[:-7], data[:200], b"Canary", to_bytes(dataset)]
    with caplog.at_level("DEBUG", logger="isocenter"):
        files = [{"name": f"Canary^Bird/{number}.dcm"} for number in range(len(contents))]
        given = served.call("POST", "/upload/", json={"files": files}).json()["uploads"]
        for one, content in zip(given, contents, strict=True):
            assert put(one["url"], content).status_code == 200
        put(given[0]["url"], b"Canary")
        reports = settled(served, *(one["key"] for one in given))

    assert {one["state"] for one in reports} == {"stored", "rejected"}
    told = [str(one["reason"]) for one in reports]
    metrics = served.call("GET", "/metrics").text
    for text in [caplog.text, *told, metrics]:
        assert "Canary" not in text


def test_listing_goes_on_where_it_ended(served: Served) -> None:
    key = served.new_key()
    keys = [served.call("GET", "/upload/", key=key).json()["key"] for _ in range(3)]

    first = served.call("GET", "/upload/report?limit=2", key=key).json()
    second = served.call("GET", f"/upload/report?limit=2&after={first['next']}", key=key).json()

    listed = [one["key"] for one in [*first["uploads"], *second["uploads"]]]
    assert (listed, second["next"]) == (keys[::-1], None)


def test_events_and_words_of_clients_only_make_us_look(served: Served) -> None:
    """On local files there is nothing to look at."""
    given = ticket(served)
    records = [{"s3": {"object": {"key": f"incoming%2F{given['key']}"}}}, {"s3": None}, 5]

    event = served.call("POST", "/upload/events", json={"Records": records})
    told = served.call("POST", f"/upload/{given['key']}/received")

    assert (event.status_code, event.json()) == (202, {"noticed": 0})
    assert (told.status_code, told.json()["state"]) == (202, "issued")
    assert served.call("POST", f"/upload/{uuid.uuid4()}/received").status_code == 404


def test_named_networks_may_send_without_a_key_where_somebody_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("door")
    with serving(folder) as served:
        key = served.new_key()
    settings = Settings(jobs=1, anonymous_uploads=f"{key.partition('.')[0]} 127.0.0.0/8")
    with serving(folder, settings=settings) as served:
        given = served.call("GET", "/upload/", key="").json()
        assert put(given["url"], b"text").status_code == 200
        report = served.call("GET", f"/upload/{given['key']}", key="")
        of_key = served.call("GET", f"/upload/{given['key']}", key=key)
        others = [
            served.call("GET", "/upload/", key="x.y"),
            served.call("POST", "/upload/", key="", json={"count": 1}),
            served.call("GET", "/upload/report", key=""),
            served.call("GET", "/dicom-web/studies", key=""),
        ]

    assert (report.status_code, of_key.status_code) == (200, 200)
    assert [answer.status_code for answer in others] == [401] * 4


def test_address_that_is_refused_often_fills_no_audit_and_hinders_nobody(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    limits = limited(denials_per_minute=2)
    with serving(tmp_path_factory.mktemp("denials"), limits=limits) as served:
        statuses = [served.call("GET", "/upload/", key="x.y").status_code for _ in range(4)]
        refused = put(f"{served.url}/upload/{uuid.uuid4()}?token=x", b"x")
        given = served.call("GET", "/upload/")
        rows = audit_of(served, "")

    assert statuses == [401, 401, 429, 429]
    assert refused.status_code == 429
    assert given.status_code == 200
    assert [result for *_, result in rows] == ["denied"] * 2
