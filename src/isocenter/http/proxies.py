"""Where a request comes from and by which address it was asked for, also behind a proxy.

Only with ``--behind-proxy`` are forwarding headers believed; otherwise anybody could write them.
"""

import ipaddress
import re
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import Scope

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+){1,8}")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?")
# Pairs of one element of ``Forwarded``; addresses of IPv6 are quoted.
_PAIR = re.compile(r'(?:^|;)[ \t]*(for|proto|host)=("[^"]*"|[^;"]*)', re.IGNORECASE)
_FORWARDED_CHARACTERS = 1024
_IPV6_NETWORK_BITS = 64


class Origin(NamedTuple):
    """How a request reached us.

    Attributes
    ----------
    client
        Address of the caller, as rate limits count it: of IPv6 the network, because a caller
        has all addresses of it.
    is_local
        Whether it came from this machine, and through no proxy.
    prefix
        What the proxy puts before our paths, such as ``/images``; empty without one.
    base_url
        Scheme, host and prefix as the caller wrote them, without a slash at the end.
    """

    client: str
    is_local: bool
    scheme: str
    prefix: str
    base_url: str


def origin_of(scope: Scope, *, behind_proxy: bool) -> Origin:
    """Return how a request reached us.

    Parameters
    ----------
    behind_proxy
        Whether every request comes through one proxy of ours, which sets ``X-Forwarded-For``,
        and may set ``-Proto``, ``-Host`` and ``-Prefix``; or ``Forwarded`` (RFC 7239) instead of
        the first three.
    """
    headers = Headers(scope=scope)
    peer = scope["client"][0] if scope.get("client") else ""
    scheme, host, prefix = str(scope["scheme"]), headers.get("host", ""), ""
    client = peer
    if behind_proxy:
        told = _told(headers)
        client = told.get("for", "") or peer
        forwarded = told.get("proto", "").lower()
        scheme = forwarded if forwarded in {"http", "https"} else scheme
        host = told.get("host", "") or host
        given = headers.get("x-forwarded-prefix", "").rstrip("/")
        prefix = given if _PREFIX.fullmatch(given) else ""
    if _HOST.fullmatch(host) is None:
        host = "localhost"
    return Origin(
        client=_network(client),
        is_local=not behind_proxy and _is_loopback(peer),
        scheme=scheme,
        prefix=prefix,
        base_url=f"{scheme}://{host}{prefix}",
    )


def is_address_or_localhost(host: str) -> bool:
    """Whether a ``Host`` is one that no other site's name can be made to point to.

    A page of another site whose name suddenly means this machine (DNS rebinding) sends that
    name; addresses and ``localhost`` are nobody else's.
    """
    matched = _HOST.fullmatch(host)
    if matched is None:
        return False
    name = matched[1].strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _told(headers: Headers) -> dict[str, str]:
    """Return what the proxy tells; the last of each was written by it, the others by anybody.

    A proxy that writes one kind of header hands on what the client wrote in the other kind.
    """
    if "x-forwarded-for" in headers or "forwarded" not in headers:
        names = {name: f"x-forwarded-{name}" for name in ("for", "proto", "host")}
        return {name: _last(headers, header) for name, header in names.items()}
    pairs = _PAIR.findall(_last(headers, "forwarded")[:_FORWARDED_CHARACTERS])
    return {name.lower(): value.strip('"') for name, value in pairs}


def _last(headers: Headers, name: str) -> str:
    values = headers.getlist(name)
    return values[-1].rpartition(",")[2].strip() if values else ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _network(address: str) -> str:
    matched = _HOST.fullmatch(address)  # some proxies write the port too
    bare = matched[1] if matched is not None else address
    try:
        parsed = ipaddress.ip_address(bare.strip("[]"))
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_NETWORK_BITS), strict=False))
    return str(parsed)
