import stat
from pathlib import Path

import pytest

from isocenter.engines import data_folder, now_ms, open_engines
from isocenter.errors import InvalidInputError
from isocenter.settings import Settings
from tests.stores import files_under, put, read_all


def test_a_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    with open_engines(Settings(), folder) as engines:
        key = put(engines.blobs, b"bytes")

    assert {path.name for path in folder.iterdir()} >= {
        "blobs",
        "database.sqlite3",
        "server.secret",
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with open_engines(Settings(), folder) as again:
        assert read_all(again.blobs, key) == b"bytes"
        assert again.secret.sign("a") == engines.secret.sign("a")


def test_database_and_bytes_can_be_elsewhere(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'db' / 'x'}", blobs=f"file:{tmp_path / 'bytes'}"
    )

    with open_engines(settings, tmp_path / "data") as engines:
        put(engines.blobs, b"bytes")

    assert (tmp_path / "db" / "x").is_file()
    assert files_under(tmp_path / "bytes")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["server.secret"]


@pytest.mark.parametrize("blobs", ["file:", "/data", "s3://", "s3://a/b", "s3://A", "ftp:x"])
def test_other_stores_are_refused_by_name(tmp_path: Path, blobs: str) -> None:
    with (
        pytest.raises(InvalidInputError, match="ISOCENTER_BLOBS"),
        open_engines(Settings(blobs=blobs), tmp_path),
    ):
        pass

    assert list(tmp_path.iterdir()) == []


def test_the_data_folder_is_set_or_the_users(tmp_path: Path) -> None:
    assert data_folder(Settings(data_folder=str(tmp_path)), {}) == tmp_path
    assert data_folder(Settings(), {"HOME": str(tmp_path)}).name == "isocenter"
    with pytest.raises(InvalidInputError, match="ISOCENTER_DATA"):
        data_folder(Settings(), {})


def test_the_clock_counts_milliseconds_since_1970() -> None:
    assert 1_700_000_000_000 < now_ms() < 10_000_000_000_000
