"""`isocenter serve`: the server with embedded engines, in one process.

It listens at the loopback address unless it is told otherwise, and at others only with TLS or
behind a proxy. The first start makes a key and prints it, once.
"""

import gc
import ipaddress
import logging
import socket
import ssl
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace

import uvicorn

from isocenter import __version__
from isocenter.engines import data_folder
from isocenter.errors import InvalidInputError, UnavailableError
from isocenter.http.app import AppOptions
from isocenter.http.server import make_app
from isocenter.http.uvicorn_protocol import bounded_protocol
from isocenter.logs import log_event, set_up_server_logs, tear_down_logs
from isocenter.platform import Platform, open_platform
from isocenter.settings import read_settings

logger = logging.getLogger(__name__)

_DONE = 0
_FAILED = 1
_STOP_SECONDS = 15
_KEEP_ALIVE_SECONDS = 75  # longer than what proxies keep, so that they never send into the void
_BACKLOG = 2048
# Python looks for cycles at every 700 new objects; that was a twentieth of storing a slice.
_COLLECT_AT = (10_000, 20, 20)


def run(chosen: Namespace, environment: Mapping[str, str]) -> int:
    """Serve until a signal ends it; return the exit code."""
    settings = read_settings(environment)
    if chosen.data is not None:
        settings = replace(settings, data_folder=str(chosen.data))
    has_tls = _check_safety(chosen)
    is_secure = has_tls or chosen.behind_proxy
    folder = data_folder(settings, environment)
    with (
        _listen(chosen.host, chosen.port) as listener,
        open_platform(settings, folder, is_secure=is_secure) as platform,
    ):
        port = listener.getsockname()[1]
        _greet(platform, f"{'https' if has_tls else 'http'}://{_in_url(chosen.host)}:{port}")
        return _serve(chosen, platform, listener)


def _check_safety(chosen: Namespace) -> bool:
    """Return whether we speak TLS ourselves.

    Raises
    ------
    InvalidInputError
        If data and keys would go over a network in the clear, or the certificate is no use.
    """
    if (chosen.tls_cert is None) != (chosen.tls_key is None):
        raise InvalidInputError("--tls-cert and --tls-key go together")
    if not 0 <= chosen.port <= 65535:
        raise InvalidInputError("--port must be 0 to 65535")
    has_tls = chosen.tls_cert is not None
    if not has_tls and not chosen.behind_proxy and not _is_loopback(chosen.host):
        raise InvalidInputError(
            "other machines would reach this address without TLS: give --tls-cert and --tls-key, "
            "or --behind-proxy where a proxy of yours ends TLS"
        )
    if has_tls:
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(chosen.tls_cert, chosen.tls_key)
        except OSError:  # as errors of TLS are
            raise InvalidInputError("the certificate and its key cannot be used") from None
    return has_tls


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, before anything else is done: the port may be taken.

    Raises
    ------
    UnavailableError
        If the address cannot be had.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError:
        raise UnavailableError("--host names no address of this machine") from None
    try:
        if sys.platform != "win32":  # there it would let others take the port as well
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise UnavailableError(f"cannot listen at port {port}: {error.strerror}") from None
    return listener


def _greet(platform: Platform, url: str) -> None:
    """Say where we are; a first start makes a key, which is shown here and never again.

    The address of the web tool signs in by a code in its fragment, which browsers send nowhere
    and which is worth nothing afterwards.
    """
    print(f"Isocenter {__version__} at {url}")
    first = platform.administration.create_first_key("first")
    if first is not None:
        key, code = first
        minutes = platform.limits.sign_in_code_seconds // 60
        print(f"Web tool: {url}/app#sign-in={code}")
        print(f"API key:  {key.text}")
        print(f"The address signs a browser in once, within {minutes} minutes; then the key does.")
        print("The key is shown once; 'isocenter admin create-key --name NAME' makes others.")
    sys.stdout.flush()


def _serve(chosen: Namespace, platform: Platform, listener: socket.socket) -> int:
    options = AppOptions(
        behind_proxy=chosen.behind_proxy,
        is_loopback=_is_loopback(chosen.host) and not chosen.behind_proxy,
        strict_rates=platform.settings.strict_rates,
    )
    limits = platform.limits
    config = uvicorn.Config(
        make_app(platform, options),
        http=bounded_protocol(limits),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=limits.connections,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        ssl_certfile=chosen.tls_cert,
        ssl_keyfile=chosen.tls_key,
    )
    server = uvicorn.Server(config)
    set_up_server_logs()
    _silence("uvicorn", "python_multipart", "asyncio")
    log_event(logger, "server.started", version=__version__, port=listener.getsockname()[1])
    was_told_to_end = False
    # What lives as long as the server is not looked through again and again.
    gc.freeze()
    gc.set_threshold(*_COLLECT_AT)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        # It has ended its work, and raises the signal again that told it to.
        was_told_to_end = True
    finally:
        # A signal that came while it started ends it without its own last steps.
        platform.stop()
        log_event(logger, "server.stopped")
        tear_down_logs()
    return _DONE if server.started or was_told_to_end else _FAILED


def _silence(*names: str) -> None:
    """Keep libraries from writing what clients sent, or tracebacks with values, anywhere."""
    for name in names:
        library = logging.getLogger(name)
        library.addHandler(logging.NullHandler())
        library.propagate = False


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
