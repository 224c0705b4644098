"""Where requests come from: forwarding headers count behind a proxy only."""

import pytest
from starlette.types import Scope

from isocenter.http.proxies import is_address_or_localhost, origin_of

FORWARDED = {
    "x-forwarded-for": "9.9.9.9, 203.0.113.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "images.example",
    "x-forwarded-prefix": "/dicom/",
}


def scope_of(headers: dict[str, str], peer: str = "127.0.0.1") -> Scope:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "scheme": "http", "client": (peer, 1), "headers": raw}


def test_without_a_proxy_forwarding_headers_are_ignored() -> None:
    origin = origin_of(scope_of({"host": "h:1", **FORWARDED}), behind_proxy=False)
    assert (origin.client, origin.base_url, origin.prefix) == ("127.0.0.1", "http://h:1", "")
    assert origin.is_local


def test_behind_a_proxy_the_last_address_counts() -> None:
    origin = origin_of(scope_of({"host": "h:1", **FORWARDED}), behind_proxy=True)
    assert origin.client == "203.0.113.7"
    assert origin.base_url == "https://images.example/dicom"
    assert not origin.is_local


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3::4]:5555", "2001:db8:1:2::/64"),
        ("203.0.113.7:5555", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("nonsense", "unknown"),
    ],
)
def test_addresses_are_counted_by_network(address: str, client: str) -> None:
    scope = scope_of({"x-forwarded-for": address})
    assert origin_of(scope, behind_proxy=True).client == client


@pytest.mark.parametrize(
    ("given", "client", "base_url"),
    [
        (
            "for=203.0.113.7;proto=https;host=images.example",
            "203.0.113.7",
            "https://images.example",
        ),
        ('for=9.9.9.9;host=evil, For="[2001:db8::1]:80"', "2001:db8::/64", "http://h:1"),
        ("proto=ftp;host=a/b;for=x", "unknown", "http://localhost"),
        ("", "127.0.0.1", "http://h:1"),
    ],
)
def test_the_standard_header_is_understood(given: str, client: str, base_url: str) -> None:
    scope = scope_of({"host": "h:1", "forwarded": given})
    origin = origin_of(scope, behind_proxy=True)
    assert (origin.client, origin.base_url) == (client, base_url)
    assert origin_of(scope, behind_proxy=False).base_url == "http://h:1"


def test_a_client_cannot_add_the_other_kind_of_header() -> None:
    scope = scope_of({"x-forwarded-for": "203.0.113.7", "forwarded": "for=1.2.3.4;host=evil"})
    origin = origin_of(scope, behind_proxy=True)
    assert (origin.client, origin.base_url) == ("203.0.113.7", "http://localhost")


@pytest.mark.parametrize("prefix", ["//evil", "/a b", "/a?b", "a", "/<script>"])
def test_a_prefix_that_is_no_path_is_ignored(prefix: str) -> None:
    assert origin_of(scope_of({"x-forwarded-prefix": prefix}), behind_proxy=True).prefix == ""


@pytest.mark.parametrize("host", ["a b", "a/b", "a@b", "<script>"])
def test_a_host_that_is_none_is_not_repeated(host: str) -> None:
    assert origin_of(scope_of({"host": host}), behind_proxy=False).base_url == "http://localhost"


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("localhost:8420", True),
        ("app.localhost", True),
        ("127.0.0.1", True),
        ("[::1]:8420", True),
        ("evil.example:8420", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_names_of_other_sites_are_told_apart(host: str, is_own: bool) -> None:
    assert is_address_or_localhost(host) is is_own
