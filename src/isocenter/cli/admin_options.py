"""Options of `isocenter admin`, apart from its work so that help starts fast."""

from argparse import ArgumentParser

from isocenter.cli.process import a_path
from isocenter.cli.serve_options import PORT

WHAT = "what"
_SCOPES = "read, upload, process, write, admin"


def add_options(command: ArgumentParser) -> None:
    """Add what an administrator can do."""
    kinds = command.add_subparsers(dest=WHAT, metavar="WHAT", required=True)

    def kind(name: str, sentence: str) -> ArgumentParser:
        parser = kinds.add_parser(
            name,
            help=sentence,
            description=f"{sentence[0].upper()}{sentence[1:]}.",
            allow_abbrev=False,
        )
        parser.add_argument(
            "--data", metavar="DIR", type=a_path, help="data folder (default: ISOCENTER_DATA)"
        )
        return parser

    _add_key_options(kind("create-key", "make a key and print it, alone and only this once"))
    listed = kind("list-keys", "show the keys, without what is secret of them")
    listed.add_argument("--json", action="store_true", help="give JSON instead of text")
    revoked = kind("revoke-key", "end a key, at once and for ever")
    revoked.add_argument("key_id", metavar="ID", help="what stands before the dot in the key")
    address = kind("sign-in-address", "print an address that signs a browser in, once and soon")
    address.add_argument("key_id", metavar="ID", help="the key that the browser then acts with")
    address.add_argument(
        "--url",
        metavar="URL",
        default=f"http://127.0.0.1:{PORT}",
        help="where browsers reach the server (default: %(default)s)",
    )
    account = kind("create-account", "make the account of a person, and print its id")
    account.add_argument("--email", metavar="MAIL", required=True, help="the person's address")
    account.add_argument("--name", metavar="N", help="the person's name (default: the address)")
    reset = kind("set-password", "give a person another password; sign-ins end, keys stay good")
    reset.add_argument("--email", metavar="MAIL", required=True, help="the person's address")
    for parser in (account, reset):
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            required=True,
            help="read the password from the first line of standard input",
        )
    kind("verify-audit", "check that no row of the audit was changed or removed")
    checked = kind("check", "compare what the database names with the bytes that are there")
    checked.add_argument(
        "--read-bytes", action="store_true", help="also read everything and compare it with its key"
    )
    backup = kind("backup", "copy everything into a new folder, also while the server runs")
    backup.add_argument(
        "folder",
        metavar="DIR",
        type=a_path,
        help="a data folder is made of it; it holds the server's secret: guard it like the first",
    )
    kind("migrate", "bring the database to the form of this version")


def _add_key_options(parser: ArgumentParser) -> None:
    parser.add_argument("--name", metavar="N", required=True, help="what the key is for")
    parser.add_argument(
        "--scope",
        metavar="S",
        dest="scopes",
        action="append",
        default=[],
        help=f"what it may do, may be repeated: {_SCOPES} (default: all but admin)",
    )
    parser.add_argument(
        "--account",
        metavar="MAIL",
        help="whose it is (default: a new service account of the name)",
    )
    parser.add_argument(
        "--expires", metavar="DAYS", type=int, help="when it ends by itself (default: never)"
    )
