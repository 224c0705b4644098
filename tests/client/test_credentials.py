from pathlib import Path

import pytest

from isocenter.client.credentials import Server, find_server
from isocenter.errors import InvalidInputError, NotFoundError

BASIC = "Basic a2V5LWlkOnMzY3IzdA=="  # key-id:s3cr3t, by `base64` of coreutils


def write_netrc(folder: Path) -> Path:
    netrc = folder / ".netrc"
    netrc.write_text(
        "machine other login a password b\nmachine host login key-id password s3cr3t\n"
    )
    netrc.chmod(0o600)
    return netrc


def test_the_address_says_who_calls_and_loses_it() -> None:
    server = find_server("https://key-id:s3cr3t@host:8443/base/?x=1", {})

    assert server.address == "https://host:8443/base"
    assert server.authorization == BASIC


def test_escapes_in_an_address_are_resolved() -> None:
    assert find_server("https://key%2Did:s3cr3t@host", {}).authorization == BASIC


def test_the_environment_says_who_calls() -> None:
    server = find_server("https://host", {"ISOCENTER_API_KEY": "id.secret"})

    assert server.authorization == "Bearer id.secret"


def test_a_key_file_wins_over_everything(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("file.secret\n")

    server = find_server("https://a:b@host", {"ISOCENTER_API_KEY": "id.secret"}, key_file=key_file)

    assert server.authorization == "Bearer file.secret"


def test_a_netrc_is_asked_for_the_host_alone(tmp_path: Path) -> None:
    write_netrc(tmp_path)

    assert find_server("https://host", {}, home=tmp_path).authorization == BASIC
    assert find_server("https://another", {}, home=tmp_path).authorization == ""


def test_netrc_may_lie_elsewhere(tmp_path: Path) -> None:
    netrc = write_netrc(tmp_path)

    assert find_server("https://host", {"NETRC": str(netrc)}).authorization == BASIC


def test_a_token_in_the_path_is_enough(tmp_path: Path) -> None:
    write_netrc(tmp_path)

    server = find_server("https://host/t/id.secret", {"ISOCENTER_API_KEY": "k.s"}, home=tmp_path)

    assert (server.address, server.authorization) == ("https://host/t/id.secret", "")


@pytest.mark.parametrize("address", ["host", "ftp://host", "https://", "https://host:x", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInputError, match="--api-endpoint"):
        find_server(address, {})


@pytest.mark.parametrize("key", ["two words", "a\nb", "x" * 600])
def test_what_is_no_key_is_refused_and_not_shown(tmp_path: Path, key: str) -> None:
    (tmp_path / "key").write_text(key)

    with pytest.raises(InvalidInputError) as caught:
        find_server("https://host", {}, key_file=tmp_path / "key")

    assert key not in str(caught.value)


def test_a_key_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        find_server("https://host", {}, key_file=tmp_path / "key")
    with pytest.raises(NotFoundError, match="NETRC"):
        find_server("https://host", {"NETRC": str(tmp_path / "none")})


def test_an_odd_netrc_is_said(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine host logging key-id")

    with pytest.raises(InvalidInputError, match="netrc"):
        find_server("https://host", {}, home=tmp_path)


def test_nothing_goes_over_a_network_without_tls() -> None:
    with pytest.raises(InvalidInputError, match="without TLS"):
        find_server("http://host", {})
    with pytest.raises(InvalidInputError, match="without TLS"):
        find_server("https://host", {}).check_plain("http://store/bucket")

    find_server("http://host", {}, allows_plain=True).check_plain("http://store/bucket")
    for here in ("localhost", "127.0.0.1", "[::1]"):
        find_server(f"http://{here}:8420", {})


def test_nothing_of_it_is_shown() -> None:
    server = find_server("https://key-id:s3cr3t@host/t/t0ken", {})

    assert repr(server) == "Server(allows_plain=False)"
    assert server.name == "host"
    assert Server("https://host").authorization == ""
