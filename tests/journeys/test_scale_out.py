"""Sessions on PostgreSQL and S3: every route that wants bytes, and workers beside the server."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest

from isocenter.platform import open_platform
from tests.builders import series, to_bytes
from tests.servers import environment_of, scale_out_settings
from tests.serving import serving

pytestmark = pytest.mark.slow
WORKER = [sys.executable, "-m", "isocenter.cli.main", "worker"]
OWNER = "account:00000000-0000-0000-0000-000000000001"


def slices(count: int) -> list[tuple[str, bytes]]:
    return [(f"{k:03d}.dcm", to_bytes(one)) for k, one in enumerate(series(count))]


def test_a_series_is_merged_shown_split_and_removed(tmp_path: Path) -> None:
    settings = scale_out_settings(tmp_path)
    with serving(tmp_path / "data", settings=settings) as served:
        session_id = served.new_session()
        files = slices(12)
        assert served.upload(session_id, *files).json()["uploaded"] == 12

        merged = served.process(session_id, "merge").json()
        assert merged["success"], merged
        (made,) = merged["output_files"]
        whole = served.call("GET", f"/api/download/{session_id}/{made['name']}")
        part = served.call(
            "GET",
            f"/api/download/{session_id}/{made['name']}",
            headers={"Range": "bytes=100-299"},
        )
        other_id = served.new_session()
        served.upload(other_id, ("merged.dcm", whole.content))
        split = served.process(other_id, "split").json()
        frame = served.call("GET", f"/api/frames/{session_id}/000.dcm/1")
        header = served.call("GET", f"/api/headers/{session_id}/000.dcm")
        archive = served.call("GET", f"/api/download/{session_id}")
        gone = served.call("DELETE", f"/api/session/{session_id}")
        served.call("DELETE", f"/api/session/{other_id}")

        store = served.platform.engines.blobs
        assert store.keys("") == frozenset()

    path = tmp_path / "merged.dcm"
    path.write_bytes(whole.content)
    assert pydicom.dcmread(path).NumberOfFrames == 12
    assert (part.status_code, part.content) == (206, whole.content[100:300])
    assert split["success"], split
    assert len(split["output_files"]) == 12
    assert [one.status_code for one in (frame, header, archive, gone)] == [200] * 4
    staging = tmp_path / "data" / "staging"
    assert list(staging.iterdir()) == []


def test_a_worker_on_another_machine_does_the_work(tmp_path: Path) -> None:
    settings = scale_out_settings(tmp_path)
    here, there = tmp_path / "here", tmp_path / "there"
    with open_platform(settings, here) as platform:
        session = platform.sessions.create(OWNER)
        with platform.sessions.begin_upload(OWNER, session.id) as upload:
            for name, data in slices(3):
                part = upload.add_part(name)
                part.write(data)
                part.close()
            upload.finish()
        job_id = platform.sessions.process(OWNER, session.id, "merge")
        there.mkdir(mode=0o700)
        shutil.copy2(here / "server.secret", there)
        worker = subprocess.Popen(
            [*WORKER, "--data", str(there), "--jobs", "1"],
            env={**os.environ, **environment_of(settings)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            job = platform.queue.wait(job_id, 90)
        finally:
            worker.send_signal(signal.SIGTERM)
            said, _ = worker.communicate(timeout=60)

        result = platform.sessions.result(job)
        with platform.sessions.open_file(OWNER, session.id, result.output_files[0].name) as stored:
            data = stored.reader.read_at(0, stored.size_bytes)

    assert result.success, result
    assert worker.returncode == 0, said
    assert settings.s3_secret_key.reveal() not in said
    assert data[128:132] == b"DICM"


def test_a_worker_with_another_secret_is_refused(tmp_path: Path) -> None:
    settings = scale_out_settings(tmp_path)
    with open_platform(settings, tmp_path / "here") as platform:
        platform.sessions.create(OWNER)

    done = subprocess.run(
        [*WORKER, "--data", str(tmp_path / "there")],
        env={**os.environ, **environment_of(settings)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "server.secret" in done.stderr
