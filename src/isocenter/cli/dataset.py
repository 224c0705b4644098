"""`isocenter dataset`: datasets on a server, made of what was uploaded there."""

from argparse import Namespace
from collections.abc import Mapping

import orjson

from isocenter.cli.dataset_options import ADD, CREATE, LIST, WHAT
from isocenter.client.api_handler import APIHandler
from isocenter.errors import InvalidInputError
from isocenter.logs import one_line

_LISTED = "{id}  {resource_count:>7} resources  version {last_version}  {name}"
_KEPT = "version {version}: {resource_count} resources, {sha256}"


def run(chosen: Namespace) -> int:
    """Do what was chosen, and print what came of it.

    Raises
    ------
    IsocenterError
        If the server is not there, refuses the key, or cannot do it.
    """
    with APIHandler(chosen.url) as handler:
        what = getattr(chosen, WHAT)
        if what == CREATE:
            _check_filters(chosen)
            made = handler.create_dataset(
                chosen.name,
                channel=chosen.channel,
                labels=chosen.label or None,
                status=chosen.status,
                description=chosen.description,
            )
            _print(made, "{id}", is_json=chosen.json)
        elif what == ADD:
            _check_filters(chosen)
            handler.add_to_dataset(
                chosen.name,
                channel=chosen.channel,
                labels=chosen.label or None,
                status=chosen.status,
            )
            _print(handler.get_dataset(chosen.name), _LISTED, is_json=chosen.json)
        elif what == LIST:
            for found in handler.get_datasets():
                _print(found, _LISTED, is_json=chosen.json)
        else:
            made = handler.create_dataset_version(chosen.name)
            _print(made, _KEPT, is_json=chosen.json)
    return 0


def _check_filters(chosen: Namespace) -> None:
    """Refuse to take everything that is there only because nothing was said."""
    if not (chosen.channel or chosen.label or chosen.status):
        raise InvalidInputError("name a --channel, a --label or a --status of the resources")


def _print(said: Mapping[str, object], told: str, *, is_json: bool) -> None:
    if is_json:
        print(orjson.dumps(said).decode())
    else:
        print(one_line(told.format(**said)))
