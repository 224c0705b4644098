"""Health, readiness and measurements."""

from isocenter.http.health import Measurements
from tests.serving import Served


def test_the_process_lives_and_is_ready(served: Served) -> None:
    assert served.call("GET", "/healthz", key="").text == "ok\n"
    answer = served.call("GET", "/readyz", key="")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_measurements_are_in_the_text_format(served: Served) -> None:
    served.call("GET", "/healthz")
    text = served.call("GET", "/metrics", key="").text
    line = 'isocenter_requests_total{method="GET",route="/healthz",status="200"}'
    assert line in text
    assert 'isocenter_things{kind="sessions"}' in text
    assert 'isocenter_things{kind="jobs_running"}' in text
    assert 'isocenter_ingest_lag_seconds{of="oldest"} 0.0' in text


def test_methods_nobody_knows_are_one_label() -> None:
    measurements = Measurements()
    for number in range(50):
        measurements.count(f"METHOD{number}", "/x", 405, 0.1, 0, 0)
    lines = [line for line in measurements.text({}, {}).decode().splitlines() if "METHOD" in line]
    assert lines == []
