"""The one table of actions: command line, REST, web tool and watch mode all call it.

A row names its function as ``module:function``; ``resolve`` is the one place that imports it, so
that reading the table costs nothing. Every function takes a ``Work`` and returns a ``Report``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from isocenter.errors import NotFoundError
from isocenter.services.reports import Report, Work

ActionFunction = Callable[[Work], Report]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an action; faces make their switches and fields from it."""

    name: str
    kind: Literal["flag", "text", "texts"]
    default: str | bool | tuple[str, ...]
    sentence: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table.

    Attributes
    ----------
    function
        ``module:function``.
    writes
        Whether it can make files; the others only describe.
    sentence
        What it does, for help and documentation.
    """

    name: str
    function: str
    writes: bool
    sentence: str
    options: tuple[Option, ...] = ()


_JSON = Option(name="json", kind="flag", default=False, sentence="give JSON instead of text")
_ROWS = (
    Action(
        name="merge",
        function="isocenter.services.merge:merge",
        writes=True,
        sentence="make one multi-frame instance of each series and stack",
        options=(
            Option(
                name="name_template",
                kind="text",
                default="",
                sentence="file name without a patient name, such as 'series{number}_{index}'",
            ),
            Option(
                name="sop_class",
                kind="text",
                default="",
                sentence="kind of multi-frame class: true, legacy converted, or without groups",
                choices=("enhanced", "legacy", "multiframe"),
            ),
            Option(
                name="set",
                kind="texts",
                default=(),
                sentence="KEYWORD=VALUE that the enhanced class requires and no slice has; "
                "{KEYWORD} as value takes it over from another attribute; may be repeated",
            ),
        ),
    ),
    Action(
        name="split",
        function="isocenter.services.split:split",
        writes=True,
        sentence="make single-frame instances of multi-frame ones",
        options=(
            Option(
                name="original_uids",
                kind="flag",
                default=False,
                sentence="give the instances back the UIDs they had before they were merged",
            ),
        ),
    ),
    Action(
        name="headers",
        function="isocenter.services.describe:headers",
        writes=True,
        sentence="show every element of each file",
        options=(
            Option(
                name="write",
                kind="flag",
                default=False,
                sentence="write it beside each file as .txt or .json instead of printing it",
            ),
            _JSON,
        ),
    ),
    Action(
        name="info",
        function="isocenter.services.describe:info",
        writes=False,
        sentence="show the main facts of each file",
        options=(_JSON,),
    ),
    Action(
        name="summary",
        function="isocenter.services.describe:summary",
        writes=False,
        sentence="count files, patients, series and frames",
        options=(_JSON,),
    ),
)
ACTIONS = {action.name: action for action in _ROWS}


def resolve(name: str) -> ActionFunction:
    """Return the function of an action.

    Raises
    ------
    NotFoundError
        If the table has no such action.
    """
    action = ACTIONS.get(name)
    if action is None:
        raise NotFoundError("there is no such action")
    module, _, function = action.function.partition(":")
    resolved: ActionFunction = getattr(import_module(module), function)
    return resolved
