"""The options of `isocenter serve`; reading them loads no server."""

from argparse import ArgumentParser
from pathlib import Path

HOST = "127.0.0.1"
PORT = 8420


def add_options(command: ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("--host", default=HOST, help=f"address to listen at (default: {HOST})")
    command.add_argument(
        "--port", type=int, default=PORT, help=f"port; 0 takes a free one (default: {PORT})"
    )
    command.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder for database, files and secret (default: ISOCENTER_DATA, else the user's own)",
    )
    command.add_argument(
        "--tls-cert", type=Path, metavar="FILE", help="certificate chain, as PEM; with --tls-key"
    )
    command.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key, as PEM")
    command.add_argument(
        "--behind-proxy",
        action="store_true",
        help="every request comes through a proxy of yours, which ends TLS and sets "
        "X-Forwarded-For, -Proto, -Host and -Prefix",
    )
