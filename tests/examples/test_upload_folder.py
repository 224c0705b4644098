from pathlib import Path

import pytest

from examples import upload_folder
from tests import builders
from tests.serving import serving


def test_a_folder_is_sent_deidentified_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "scans"
    builders.write_series(builders.series(3), folder)
    (folder / "notes").write_bytes(b"what is this")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)

    with serving(tmp_path / "data") as server:
        monkeypatch.setenv("DATAMINT_API_URL", server.url)
        monkeypatch.setenv("DATAMINT_API_KEY", server.key)
        codes = [upload_folder.main([str(folder), "--channel", "CT"]) for _ in range(2)]

    said = capsys.readouterr()
    assert codes == [3, 3]
    assert said.out.splitlines() == ["3 sent, 1 not; the channel has 3 now"] * 2
    assert "held back" in said.err
