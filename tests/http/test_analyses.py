"""Orders and reports over HTTP, on a server with the built-in analysis and one that fails."""

import io
import json
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from PIL import Image
from sqlalchemy import select

from isocenter.limits import Limits
from isocenter.settings import Settings
from isocenter.store.tables import audit_events
from tests.builders import series, to_bytes, uid
from tests.serving import GENEROUS, Served, serving

_SECONDS = 60
LIMITS: Limits = replace(GENEROUS, analysis_attempts=1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("server")
    table = folder / "analyses.toml"
    command = json.dumps([sys.executable, "-c", "print('no GPU'); raise SystemExit(3)"])
    sample = '[[analysis]]\nname = "sample"\nbuiltin = "sample"\n'
    table.write_text(f'{sample}[[analysis]]\nname = "fails"\ncommand = {command}\n')
    settings = Settings(jobs=1, analyses=str(table), analysis_stable_seconds=100_000)
    with serving(folder / "data", limits=LIMITS, settings=settings) as server:
        yield server


def new_study(served: Served, name: str, key: str | None = None) -> str:
    """Store a Study of its own and return its UID."""
    (instance,) = series(1)
    instance.StudyInstanceUID = uid("http analyses", name)
    instance.SeriesInstanceUID = uid("http analyses series", name)
    instance.SOPInstanceUID = uid("http analyses instance", name)
    instance.file_meta.MediaStorageSOPInstanceUID = instance.SOPInstanceUID
    headers = {"Content-Type": "application/dicom"}
    sent = served.call(
        "POST", "/dicom-web/studies", key=key, data=to_bytes(instance), headers=headers
    )
    assert sent.status_code == 200, sent.text
    return str(instance.StudyInstanceUID)


def order(served: Served, study_uid: str, name: str) -> dict[str, object]:
    """Order an analysis and return its status when it has ended."""
    body = {"study_uid": study_uid, "analysis": name}
    answer = served.call("POST", "/v1/analyses/orders", json=body)
    assert answer.status_code == 202, answer.text
    until = time.monotonic() + _SECONDS
    while True:
        status = get(served, "/status", order_id=answer.json()["order_id"])
        assert status.status_code == 200
        told: dict[str, object] = status.json()
        if told["status"] in {"DELIVERED", "FAILED"}:
            return told
        assert time.monotonic() < until, told
        time.sleep(0.05)


def get(served: Served, path: str, key: str | None = None, **params: object) -> requests.Response:
    return served.call("GET", path, key=key, params=params)


@pytest.fixture(scope="module")
def delivered(served: Served) -> dict[str, object]:
    return order(served, new_study(served, "delivered"), "sample")


@pytest.fixture(scope="module")
def failed(served: Served) -> dict[str, object]:
    return order(served, new_study(served, "failed"), "fails")


def test_status_by_order_and_by_study_is_the_same(
    served: Served, delivered: dict[str, object]
) -> None:
    by_study = get(served, "/status", study_uid=delivered["study_uid"])

    assert by_study.json() == delivered
    assert delivered["status"] == "DELIVERED"
    assert delivered["report_types"] == ["JSON", "PDF", "PNG", "TXT"]
    assert by_study.headers["Cache-Control"] == "no-store"


def test_results_are_sent_by_type_and_by_name(served: Served, delivered: dict[str, object]) -> None:
    study_uid = delivered["study_uid"]

    pdf = get(served, "/results", study_uid=study_uid, report_type="PDF")
    values = get(served, "/results", order_id=delivered["order_id"], report_type="json")
    png = get(served, "/results", study_uid=study_uid, name="contact-sheet.png")

    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert values.json()["instances"] == 1
    assert Image.open(io.BytesIO(png.content)).format == "PNG"


def test_a_type_that_there_is_not_is_404_and_says_which_there_are(
    served: Served, delivered: dict[str, object]
) -> None:
    answer = get(served, "/results", order_id=delivered["order_id"], report_type="DICOM")

    assert answer.status_code == 404
    assert answer.json()["detail"].endswith("only: JSON, PDF, PNG, TXT")


def test_a_failure_is_told_as_text_and_as_a_picture(
    served: Served, failed: dict[str, object]
) -> None:
    order_id = failed["order_id"]

    text = get(served, "/failure-report", order_id=order_id)
    picture = get(served, "/failure-report", order_id=order_id, report_type="PNG")

    assert failed["status"] == "FAILED"
    assert "the command ended with code 3" in text.text
    assert "no GPU" in text.text
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    assert get(served, "/failure-report", order_id=order_id, report_type="PDF").status_code == 404


def test_what_the_state_forbids_is_409(
    served: Served, delivered: dict[str, object], failed: dict[str, object]
) -> None:
    assert get(served, "/results", order_id=failed["order_id"]).status_code == 409
    assert get(served, "/failure-report", order_id=delivered["order_id"]).status_code == 409


def test_reports_are_polled_and_acknowledged(
    served: Served, delivered: dict[str, object], failed: dict[str, object]
) -> None:
    ids = [delivered["order_id"], failed["order_id"]]

    listed = get(served, "/reports", organizationId="me").json()["reports"]
    one = served.call("POST", "/reports", json={"order_ids": [ids[0]]})
    rest = served.call("POST", "/reports")

    assert set(ids) <= {told["order_id"] for told in listed}
    assert one.json() == {"acknowledged": 1}
    assert rest.json()["acknowledged"] == len(listed) - 1
    assert get(served, "/reports").json() == {"reports": []}


def test_orders_of_a_study_are_listed(served: Served, delivered: dict[str, object]) -> None:
    study_uid = delivered["study_uid"]

    ids = get(served, "/orderId", study_uid=study_uid).json()
    orders = get(served, "/v1/analyses/orders", study_uid=study_uid).json()["orders"]

    assert ids == {"study_uid": study_uid, "order_ids": [delivered["order_id"]]}
    assert [one["order_id"] for one in orders] == [delivered["order_id"]]
    assert get(served, "/v1/analyses").json() == {
        "analyses": [{"name": "sample"}, {"name": "fails"}]
    }


def test_a_group_is_what_came_with_one_batch(served: Served) -> None:
    (instance,) = series(1, series_name="batch")
    instance.StudyInstanceUID = uid("http analyses", "batch")
    batch = served.call("POST", "/upload/", json={"count": 1}).json()
    (ticket,) = batch["uploads"]
    sent = requests.put(
        ticket["url"], data=to_bytes(instance), headers=ticket["headers"], timeout=9
    )
    assert sent.status_code == 200
    wanted = {"batch": batch["batch"], "wait_seconds": 30}
    assert served.call("POST", "/upload/report", json=wanted).json()["counts"]["stored"] == 1
    assert get(served, "/report", study_group=batch["batch"]).status_code == 404
    order(served, str(instance.StudyInstanceUID), "sample")

    values = get(served, "/report", study_group=batch["batch"], report_type="JSON").json()
    archive = get(served, "/report", study_group=batch["batch"], report_type="TXT")

    assert [one["study_uid"] for one in values["orders"]] == [instance.StudyInstanceUID]
    with zipfile.ZipFile(io.BytesIO(archive.content)) as packed:
        (name,) = packed.namelist()
        assert "What this study holds" in packed.read(name).decode()
    assert get(served, "/report", study_group=batch["batch"], report_type="CSV").status_code == 404


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/status", {}),
        ("/status", {"order_id": "a", "study_uid": "1.2"}),
        ("/results", {}),
        ("/failure-report", {}),
        ("/orderId", {}),
        ("/report", {}),
    ],
)
def test_what_names_nothing_or_too_much_is_400(
    served: Served, path: str, params: dict[str, str]
) -> None:
    assert get(served, path, **params).status_code == 400


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"order_ids": 1}', b'{"order_ids": [1]}'])
def test_a_body_that_is_no_list_is_400(served: Served, body: bytes) -> None:
    assert served.call("POST", "/reports", data=body).status_code == 400
    assert served.call("POST", "/v1/analyses/orders", data=body).status_code == 400


def test_too_many_orders_are_413(served: Served) -> None:
    body = {"order_ids": ["x"] * 1001}

    assert served.call("POST", "/reports", json=body).status_code == 413


def test_others_find_nothing(served: Served, delivered: dict[str, object]) -> None:
    other = served.new_key()
    study_uid, order_id = delivered["study_uid"], delivered["order_id"]

    for path in ("/status", "/results", "/failure-report"):
        assert get(served, path, key=other, order_id=order_id).status_code == 404
        assert get(served, path, key=other, study_uid=study_uid).status_code == 404
    assert get(served, "/orderId", key=other, study_uid="1" * 100).status_code == 404
    assert get(served, "/reports", key=other).json() == {"reports": []}
    assert get(served, "/reports", organizationId="another").status_code == 404
    body = {"study_uid": study_uid, "analysis": "sample"}
    assert served.call("POST", "/v1/analyses/orders", key=other, json=body).status_code == 404


def test_without_a_key_it_is_401_and_without_the_scope_403(served: Served) -> None:
    reads = served.platform.administration.create_key("reads", ["read"]).text

    for path in ("/status", "/results", "/reports", "/orderId", "/report", "/v1/analyses"):
        assert get(served, path, key="").status_code == 401
    body = {"study_uid": "1.2", "analysis": "sample"}
    assert served.call("POST", "/v1/analyses/orders", key=reads, json=body).status_code == 403
    query = select(audit_events.c.principal).where(audit_events.c.result == "denied")
    with served.platform.engines.database.read() as connection:
        denied = list(connection.scalars(query))
    assert (denied.count("nobody"), len(denied)) == (6, 7)


def test_a_token_opens_one_study_by_dicomweb_and_no_other(
    served: Served, delivered: dict[str, object]
) -> None:
    owner = served.platform.keys.verify(served.key).id
    study_uid = str(delivered["study_uid"])
    token = served.platform.tokens.make("study", owner, 60, bound_to=study_uid)
    place = f"/dicom-web/studies/{study_uid}"
    other = f"/dicom-web/studies/{new_study(served, 'not for the token')}"

    assert get(served, f"{place}/metadata", key="", token=token).status_code == 200
    assert get(served, f"{other}/metadata", key="", token=token).status_code == 401
    assert served.call("DELETE", place, key="", params={"token": token}).status_code == 403
