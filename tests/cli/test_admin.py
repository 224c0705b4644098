"""`isocenter admin`, beside a server that has the same data folder open."""

import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocenter.access.accounts import check_password
from isocenter.access.api_keys import ApiKeys
from isocenter.access.sign_ins import SignIns
from isocenter.cli.main import main
from isocenter.engines import Engines, now_ms, open_engines
from isocenter.errors import NotAuthenticatedError
from isocenter.limits import DEFAULT
from isocenter.settings import Settings
from isocenter.store.blob_rows import keep
from tests.stores import files_under, read_all, stage

KEY = re.compile(r"[A-Za-z0-9-]{36}\.[A-Za-z0-9_-]{43}\n")
PASSWORD = "correct horse battery"  # noqa: S105 -- of a test


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("ISOCENTER_DATA", str(folder))
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[Engines]:
    """Hold open what a server does, while the command runs."""
    with open_engines(Settings(), folder) as engines:
        yield engines


def admin(*arguments: str) -> int:
    return main(["admin", *arguments])


def keys_of(engines: Engines) -> ApiKeys:
    return ApiKeys(engines.database, engines.secret, now_ms)


def add_blob(engines: Engines, value: bytes) -> str:
    staged = stage(engines.blobs, value)
    with engines.database.begin() as connection:
        keep(connection, engines.blobs, [staged], 1)
    return staged.key


@pytest.mark.usefixtures("folder")
def test_the_key_stands_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert admin("create-key", "--name", "uploader") == 0

    printed = capsys.readouterr()
    assert KEY.fullmatch(printed.out)
    assert printed.err == ""


def test_a_running_server_takes_the_key_at_once_and_leaves_it_at_once(
    server: Engines, capsys: pytest.CaptureFixture[str]
) -> None:
    assert admin("create-key", "--name", "k", "--scope", "read", "--scope", "upload") == 0
    text = capsys.readouterr().out.strip()

    principal = keys_of(server).verify(text)

    assert principal.scopes == {"read", "upload"}
    assert principal.key_id is not None
    assert admin("revoke-key", principal.key_id) == 0
    with pytest.raises(NotAuthenticatedError):
        keys_of(server).verify(text)


def test_an_address_signs_a_browser_in_once(
    server: Engines, capsys: pytest.CaptureFixture[str]
) -> None:
    assert admin("create-key", "--name", "k") == 0
    principal = keys_of(server).verify(capsys.readouterr().out.strip())
    assert principal.key_id is not None

    assert admin("sign-in-address", principal.key_id, "--url", "https://pacs.example/") == 0

    address = capsys.readouterr().out.strip()
    assert address.startswith("https://pacs.example/app#sign-in=")
    sign_ins = SignIns(server.database, server.secret, now_ms, DEFAULT)
    code = address.partition("=")[2]
    assert sign_ins.begin_by_code(code, "browser").principal.id == principal.id
    with pytest.raises(NotAuthenticatedError):
        sign_ins.begin_by_code(code, "browser")


def test_a_server_that_writes_is_waited_for(server: Engines, folder: Path) -> None:
    with server.database.begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET name = name")
        process = subprocess.Popen(
            [sys.executable, "-m", "isocenter.cli.main", "admin", "create-key", "--name", "k"],
            stdout=subprocess.PIPE,
            env={"ISOCENTER_DATA": str(folder)},
            text=True,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)

    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert keys_of(server).verify(out.strip()).name == "k"


def test_an_account_is_made_and_gets_keys(
    server: Engines, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\r\nrest\n"))
    assert admin("create-account", "--email", "ann@example.org", "--password-stdin") == 0
    account_id = capsys.readouterr().out.strip()

    assert admin("create-key", "--name", "k", "--account", "ann@example.org") == 0

    assert keys_of(server).verify(capsys.readouterr().out.strip()).account_id == account_id


def test_a_password_is_replaced(
    server: Engines, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command, password in (("create-account", PASSWORD), ("set-password", "another password")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        assert admin(command, "--email", "ann@example.org", "--password-stdin") == 0

    first, second = capsys.readouterr().out.split()
    assert first == second
    with server.database.read() as connection:
        assert check_password(connection, "ann@example.org", "another password").id == first


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("create-key", "--name", ""), 2, "a name has"),
        (("create-key", "--name", "k", "--scope", "root"), 2, "the scopes are"),
        (("create-key", "--name", "k", "--expires", "0"), 2, "days"),
        (("create-key", "--name", "k", "--account", "nobody@example.org"), 1, "no account"),
        (("create-key", "--name", "k", "--account", "nobody"), 2, "no e-mail address"),
        (("revoke-key", "none"), 1, "no such key"),
        (("sign-in-address", "none"), 1, "no such key"),
        (("create-account", "--email", "a@b", "--password-stdin"), 2, "no password"),
        (("set-password", "--email", "a@b", "--password-stdin"), 2, "no password"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    assert admin(*arguments) == code

    printed = capsys.readouterr()
    assert printed.out == ""
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
    assert str(folder) not in printed.err


@pytest.mark.usefixtures("folder")
def test_keys_are_listed_without_what_is_secret(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("--expires", "3"), ("--scope", "read")):
        admin("create-key", "--name", "k", *arguments)
    made = [line.partition(".") for line in capsys.readouterr().out.splitlines()]

    admin("list-keys")
    text = capsys.readouterr().out
    admin("list-keys", "--json")
    listed = json.loads(capsys.readouterr().out)

    assert [row["id"] for row in listed] == [key_id for key_id, _, _ in made]
    assert len(text.splitlines()) == len(made)
    for key_id, _, secret in made:
        assert key_id in text
        assert secret not in f"{text}{listed}"


def test_check_says_what_is_missing(server: Engines, capsys: pytest.CaptureFixture[str]) -> None:
    there, lost = add_blob(server, b"there"), add_blob(server, b"lost")
    assert admin("check", "--read-bytes") == 0
    path = server.blobs.path_of(lost)
    assert path is not None
    path.unlink()
    capsys.readouterr()

    assert admin("check") == 3

    printed = capsys.readouterr()
    assert printed.out == "2 blobs: 1 without bytes, 0 damaged; 0 bytes without a row\n"
    assert printed.err == f"without bytes: {lost}\n"
    assert there not in printed.err


def test_a_changed_row_of_the_audit_is_named(
    server: Engines, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin("create-key", "--name", "a")
    admin("create-key", "--name", "b")
    assert admin("verify-audit") == 0
    with sqlite3.connect(folder / "database.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_events_unchanged")
        connection.execute("UPDATE audit_events SET object_id = 'other' WHERE number = 3")
    connection.close()
    capsys.readouterr()

    assert admin("verify-audit") == 3

    assert capsys.readouterr().out == "2 rows are as they were written; row 3 is not\n"
    assert server.database.is_sqlite


def test_a_server_started_on_a_backup_knows_keys_and_bytes(
    server: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin("create-key", "--name", "k")
    text = capsys.readouterr().out.strip()
    key = add_blob(server, b"bytes")

    assert admin("backup", str(tmp_path / "backup")) == 0
    assert admin("revoke-key", text.partition(".")[0]) == 0

    with open_engines(Settings(), tmp_path / "backup") as restored:
        assert keys_of(restored).verify(text).name == "k"
        assert read_all(restored.blobs, key) == b"bytes"
    assert admin("verify-audit", "--data", str(tmp_path / "backup")) == 0
    assert admin("check", "--read-bytes", "--data", str(tmp_path / "backup")) == 0
    assert admin("backup", str(tmp_path / "backup")) == 1


def test_migrating_twice_changes_nothing(folder: Path) -> None:
    assert admin("migrate") == 0
    before = (folder / "server.secret").read_bytes()

    assert admin("migrate") == 0

    assert (folder / "server.secret").read_bytes() == before


def test_no_secret_key_or_password_is_anywhere_in_the_data_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The canaries: everything the commands wrote and printed is searched for them."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    admin("create-account", "--email", "ann@example.org", "--password-stdin")
    admin("create-key", "--name", "k", "--account", "ann@example.org")
    text = capsys.readouterr().out.splitlines()[-1]
    server_secret = (folder / "server.secret").read_text().strip()
    admin("list-keys")
    admin("verify-audit")
    admin("check")
    admin("revoke-key", f"{text}x")
    printed = capsys.readouterr()

    secrets = [PASSWORD, text.partition(".")[2], server_secret]
    for secret in secrets:
        assert secret not in printed.out + printed.err
        for path in files_under(folder):
            found = secret.encode() in path.read_bytes()
            assert found == (path.name == "server.secret" and secret == server_secret)
