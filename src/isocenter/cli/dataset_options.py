"""Options of `isocenter dataset`, apart from its work so that help starts fast."""

from argparse import ArgumentParser

WHAT = "what"
CREATE, ADD, LIST, VERSION = "create", "add", "list", "version"


def add_options(command: ArgumentParser) -> None:
    """Add what can be done with datasets."""
    kinds = command.add_subparsers(dest=WHAT, metavar="WHAT", required=True)

    def kind(name: str, sentence: str) -> ArgumentParser:
        parser = kinds.add_parser(
            name,
            help=sentence,
            description=f"{sentence[0].upper()}{sentence[1:]}.",
            allow_abbrev=False,
        )
        parser.add_argument(
            "--url",
            metavar="URL",
            help="the server (default: DATAMINT_API_URL, the configuration, this machine);"
            " the key is in DATAMINT_API_KEY, .netrc or the configuration",
        )
        parser.add_argument("--json", action="store_true", help="give JSON instead of text")
        return parser

    created = kind(CREATE, "make a dataset of all resources that fit, and print its id")
    created.add_argument("name", metavar="NAME", help="what it is called")
    created.add_argument("--description", metavar="TEXT", default="", help="what it is for")
    added = kind(ADD, "add all resources that fit to a dataset")
    added.add_argument("name", metavar="NAME", help="its name or its id")
    for parser in (created, added):
        parser.add_argument("--channel", metavar="C", help="resources of this channel")
        parser.add_argument(
            "--label",
            metavar="L",
            action="append",
            default=[],
            help="resources with this label; several times: with one of them",
        )
        parser.add_argument(
            "--status",
            choices=("inbox", "published", "archived"),
            help="resources in this status (default: all)",
        )
    kind(LIST, "show the datasets")
    kept = kind(VERSION, "keep a dataset as it is now, as a version that never changes")
    kept.add_argument("name", metavar="NAME", help="its name or its id")
