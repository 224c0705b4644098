"""`isocenter viewers install`: the viewers, from npm packages into the data folder."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from isocenter.errors import InvalidInputError
from isocenter.jobs.npm import fetch_package
from isocenter.services.viewer_table import VIEWERS
from isocenter.services.viewers import install_viewer
from isocenter.settings import read_settings

_MEBIBYTE = 1 << 20


def add_options(command: ArgumentParser) -> None:
    """Add what `isocenter viewers` takes."""
    actions = command.add_subparsers(dest="viewers_action", metavar="COMMAND", required=True)
    install = actions.add_parser(
        "install",
        help="get the viewers; once they are there, nothing is fetched any more",
        description="Get the viewers with npm, verify them and put them into the data folder. "
        "Once they are there, nothing is fetched any more.",
        allow_abbrev=False,
    )
    install.add_argument(
        "names",
        nargs="*",
        metavar="VIEWER",
        help=f"which of: {', '.join(VIEWERS)}; all, where none is named",
    )
    install.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder (default: ISOCENTER_DATA)"
    )


def run(chosen: Namespace, environment: Mapping[str, str]) -> int:
    """Run `isocenter viewers install`; return the exit code."""
    # Only here: the parser of all commands imports this module, and the platform a database.
    from isocenter.engines import data_folder, viewers_folder

    if not VIEWERS.keys() >= set(chosen.names):
        raise InvalidInputError(f"the viewers are: {', '.join(VIEWERS)}")
    settings = read_settings(environment)
    folder = viewers_folder(settings, chosen.data or data_folder(settings, environment))
    for name in chosen.names or VIEWERS:
        viewer = VIEWERS[name]
        installed, is_new = install_viewer(viewer, folder, fetch_package)
        mebibytes = installed.size_bytes / _MEBIBYTE
        said = "installed" if is_new else "is there already"
        print(f"{viewer.title} {viewer.version} {said}: {mebibytes:.0f} MiB at /{name}/")
    return 0
