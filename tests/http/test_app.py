"""What happens to every request, whatever it asks for."""

import json
import logging
import socket
from dataclasses import replace

import pytest

from isocenter.http.app import AppOptions
from tests.serving import GENEROUS, Served, serving


@pytest.mark.parametrize("path", ["/healthz", "/api/nothing", "/api/session", "/docs", "/app"])
def test_every_answer_has_the_headers_of_safety(served: Served, path: str) -> None:
    headers = served.call("GET", path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert len(headers["X-Request-Id"]) == 16
    assert "Cache-Control" in headers
    assert "Server" not in headers
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/api/session/", "/healthz/"])
def test_one_slash_too_many_is_no_redirect(served: Served, path: str) -> None:
    method = "POST" if "session" in path else "GET"
    assert served.call(method, path, allow_redirects=False).status_code == 200


def test_head_has_the_headers_and_no_body(served: Served) -> None:
    answer = served.call("HEAD", "/healthz")
    assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (200, b"", "3")


@pytest.mark.parametrize("path", ["/%ff", "/%00", "/a%0d%0ab", "/" + "a" * 5000, "/api//x"])
def test_odd_addresses_are_not_found(served: Served, path: str) -> None:
    assert served.call("GET", path).status_code == 404


def test_names_of_other_sites_are_no_host_of_ours(served: Served) -> None:
    assert served.call("GET", "/app", headers={"Host": "evil.example"}).status_code == 421


def test_a_request_without_a_host_is_refused(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as line:
        line.sendall(b"GET /app HTTP/1.0\r\n\r\n")
        assert b" 421 " in line.recv(100)


def test_behind_a_proxy_addresses_are_the_proxys(tmp_path_factory: pytest.TempPathFactory) -> None:
    options = AppOptions(behind_proxy=True)
    forwarded = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "images.example",
        "X-Forwarded-Prefix": "/dicom",
        "X-Forwarded-For": "203.0.113.5",
    }
    with serving(tmp_path_factory.mktemp("s"), options=options) as server:
        session_id = server.new_session()
        server.upload(session_id, ("a.txt", b"x"))
        for prefix in ("", "/dicom"):  # proxies may cut it off or not
            listed = server.call(
                "GET", f"{prefix}/api/files/{session_id}?facts=1", headers=forwarded
            )
            url = listed.json()["input"][0]["view_url"]
            assert url.startswith("https://images.example/dicom/api/view/")
        answer = server.call("GET", "/", headers=forwarded, allow_redirects=False)
        assert answer.headers["Location"] == "/dicom/app"
        assert "Strict-Transport-Security" in answer.headers
        assert server.call("GET", "/metrics", key="", headers=forwarded).status_code == 401
        assert server.call("GET", "/metrics", headers=forwarded).status_code == 200


def test_strict_rates_count_transfers_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    options = AppOptions(is_loopback=True, strict_rates=True)
    limits = replace(GENEROUS, requests_per_minute=5)
    with serving(tmp_path_factory.mktemp("s"), options=options, limits=limits) as server:
        session_id = server.new_session()
        statuses = [server.upload(session_id, ("a", b"a")).status_code for _ in range(6)]
        assert statuses == [200] * 4 + [429] * 2


def test_the_log_has_patterns_of_paths_and_no_names(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="isocenter"):
        session_id = served.new_session()
        served.upload(session_id, ("DOE_JANE.dcm", b"x"))
        served.call("GET", f"/api/download/{session_id}/DOE_JANE.dcm?api_key={served.key}")
        served.call("GET", "/api/DOE_JANE?x=DOE")
    values = [getattr(record, "event_values", {}) for record in caplog.records]
    routes = [said.get("route") for said in values]
    assert "/api/download/{session_id}/{filename}" in routes
    text = json.dumps(values)
    assert "DOE" not in text
    assert served.key.partition(".")[2] not in text
    assert session_id not in text
