import stat
from pathlib import Path

import pytest

from isocenter.client.config import (
    DEFAULT_URL,
    config_path,
    find_config,
    pseudonyms_path,
    read_config,
    write_config,
)
from isocenter.errors import InvalidInputError, NotAuthenticatedError


def environment(home: Path, **values: str) -> dict[str, str]:
    return {"HOME": str(home), **values}


def store(home: Path, **values: str) -> None:
    path = config_path({"HOME": str(home)}, "linux")
    assert path is not None
    write_config(path, values)


def test_without_any_configuration_the_server_is_on_this_machine(tmp_path: Path) -> None:
    config = find_config(api_key="a.b", environment=environment(tmp_path))

    assert config.url == DEFAULT_URL == "http://127.0.0.1:8420"


def test_argument_environment_netrc_and_file_are_asked_in_this_order(tmp_path: Path) -> None:
    store(tmp_path, api_key="of.file", default_api_url="https://file.example/datamint/")
    asked = environment(tmp_path)
    in_file = find_config(environment=asked)
    (tmp_path / ".netrc").write_text("machine file.example login user password of.netrc\n")
    in_netrc = find_config(environment=asked)
    asked |= {"DATAMINT_API_KEY": "of.environment", "DATAMINT_API_URL": "https://env.example"}
    in_environment = find_config(environment=asked)
    given = find_config("https://given.example:8443/", "of.argument", environment=asked)

    assert (in_file.url, in_file.api_key) == ("https://file.example/datamint", "of.file")
    assert (in_netrc.url, in_netrc.api_key) == ("https://file.example/datamint", "of.netrc")
    assert (in_environment.url, in_environment.api_key) == (
        "https://env.example",
        "of.environment",
    )
    assert (given.url, given.api_key) == ("https://given.example:8443", "of.argument")


@pytest.mark.parametrize(
    ("login", "password", "key"),
    [("user", "id.secret", "id.secret"), ("id", "secret", "id.secret")],
)
def test_a_netrc_has_a_key_as_password_or_in_two_parts(
    tmp_path: Path, login: str, password: str, key: str
) -> None:
    entry = f"machine 127.0.0.1 login {login} password {password}\n"
    (tmp_path / ".netrc").write_text(entry)

    assert find_config(environment=environment(tmp_path)).api_key == key


def test_without_a_key_the_ways_to_one_are_said(tmp_path: Path) -> None:
    with pytest.raises(NotAuthenticatedError, match=r"api_key=.*DATAMINT_API_KEY.*datamint-config"):
        find_config(environment=environment(tmp_path))


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example", "a.example", "https://", "https://a:b@a.example", "https://a.example/?b"],
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidInputError):
        find_config(url, "a.b", environment=environment(tmp_path))


def test_a_key_with_blanks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="one word"):
        find_config(api_key="a b\r\nc: d", environment=environment(tmp_path))


def test_an_address_without_tls_is_warned_about(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="without TLS"):
        find_config("http://pacs.example", "a.b", environment=environment(tmp_path))


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    assert "s3cr3t" not in repr(find_config(api_key="a.s3cr3t", environment=environment(tmp_path)))


def test_what_is_written_is_read_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "datamintapi.yaml"
    values = {"api_key": "a.b", "default_api_url": "https://a.example/x y"}

    write_config(path, values)

    assert read_config(path) == values
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["datamintapi.yaml"]


def test_a_file_of_the_documented_package_is_read(tmp_path: Path) -> None:
    path = tmp_path / "datamintapi.yaml"
    path.write_text("# comment\napi_key: 'a.b'  # mine\ndefault_api_url: https://a.example\n")

    assert read_config(path) == {"api_key": "a.b", "default_api_url": "https://a.example"}


def test_a_line_that_says_nothing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "datamintapi.yaml"
    path.write_text("api_key: a\n- secret\n")

    with pytest.raises(InvalidInputError) as caught:
        read_config(path)

    assert "line 2" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("system", "values", "config", "pseudonyms"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/datamintapi", "/h/.local/state/isocenter"),
        (
            "linux",
            {"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"},
            "/c/datamintapi",
            "/s/isocenter",
        ),
        (
            "darwin",
            {"HOME": "/h"},
            "/h/Library/Application Support/datamintapi",
            "/h/Library/Application Support/isocenter",
        ),
    ],
)
def test_files_are_where_the_system_has_such_files(
    system: str, values: dict[str, str], config: str, pseudonyms: str
) -> None:
    assert config_path(values, system) == Path(config) / "datamintapi.yaml"
    assert pseudonyms_path(values, system) == Path(pseudonyms) / "pseudonyms.key"


def test_a_user_without_a_home_has_no_files() -> None:
    assert config_path({}, "linux") is None
    assert pseudonyms_path({}, "linux") is None
    assert pseudonyms_path({"ISOCENTER_KEY_FILE": "/k"}, "linux") == Path("/k")
