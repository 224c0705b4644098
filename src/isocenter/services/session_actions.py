"""The twelve documented actions: which row of the table of actions each one is, and on what.

Here a request is checked before it becomes a job: the action, its options against the rows of
``services/actions.py``, and whether any file suits. ``services/session_child.py`` does the work.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import DEFAULT, Limits
from isocenter.services.action_rows import Action, Option
from isocenter.services.actions import ACTIONS
from isocenter.services.profiles import read_profile
from isocenter.services.reports import Json, Work

Facts = Mapping[str, Json]
Suits = Callable[[Facts], bool]

# These name files of the machine, decide where outputs lie, or are decided here already.
_WITHHELD = frozenset({"in_place", "key_file", "crosswalk", "copy", "parent", "write"})
_TEXTS_MAX = 1000
_ANY_KEY = "0" * 64  # to check a profile; the real one never leaves the worker
_TEXTS_OF_NUMBERS = "regions"
_REGION_NUMBERS = 4


def _is_dicom(facts: Facts) -> bool:
    return bool(facts.get("is_dicom"))


def _may_have_frames(facts: Facts) -> bool:
    """Return whether it is multi-frame, or nobody knows yet."""
    frames = facts.get("num_frames")
    return _is_dicom(facts) and ("problem" in facts or not isinstance(frames, int) or frames > 1)


def _may_have_pixels(facts: Facts) -> bool:
    return _is_dicom(facts) and ("problem" in facts or facts.get("rows") is not None)


@dataclass(frozen=True, slots=True)
class SessionAction:
    """One documented action.

    Attributes
    ----------
    row
        The name of its row in ``services/actions.py``.
    suffix
        What the stem of an output gets where the action itself keeps the name of its input.
    fixed
        Options that callers cannot choose.
    suits
        Whether the action has something to do with a file, as far as its facts say.
    wanted
        What suits, in words.
    """

    name: str
    row: str
    suffix: str = ""
    fixed: Mapping[str, object] = field(default_factory=dict)
    suits: Suits = _is_dicom
    wanted: str = "a DICOM file"

    @property
    def action(self) -> Action:
        """The row itself."""
        return ACTIONS[self.row]

    @property
    def options(self) -> tuple[Option, ...]:
        """What callers can choose."""
        hidden = _WITHHELD | self.fixed.keys()
        return tuple(option for option in self.action.options if option.name not in hidden)


_ROWS = (
    SessionAction("merge", "merge", suits=_may_have_pixels, wanted="a DICOM image"),
    SessionAction("split", "split", suits=_may_have_frames, wanted="a multi-frame DICOM file"),
    SessionAction("compress_lossless", "compress_lossless", suffix="_jll"),
    SessionAction("compress_lossy", "compress_lossy", suffix="_jl"),
    SessionAction("decompress", "decompress", suffix="_unc"),
    SessionAction("anonymize", "anonymize"),
    SessionAction(
        "export_png",
        "export",
        fixed={"type": "png"},
        suits=_may_have_pixels,
        wanted="a DICOM image",
    ),
    SessionAction("export_video", "video", suits=_may_have_pixels, wanted="a DICOM image"),
    SessionAction("dicomdir", "dicomdir"),
    SessionAction("headers", "headers"),
    SessionAction("info", "info"),
    SessionAction("summary", "summary"),
)
SESSION_ACTIONS = {action.name: action for action in _ROWS}


class Request(NamedTuple):
    """A checked request: the action, its options as its function takes them, and notes."""

    action: str
    options: dict[str, Json]
    notes: tuple[str, ...] = ()


def check_request(
    action: str,
    params: object,
    options: object,
    limits: Limits = DEFAULT,
) -> Request:
    """Return what a request asks for; ``params`` and ``options`` are as its body had them.

    Raises
    ------
    InvalidInputError
        If there is no such action or option, or a value says nothing sensible; for lines of
        parameters the sentence names the line.
    TooLargeError
        If the parameters are longer than ``limits.parameters_bytes``.
    NotSupportedError
        If an option of de-identification is not available.
    """
    row = SESSION_ACTIONS.get(action)
    if row is None:
        raise InvalidInputError(f"the action is one of {', '.join(SESSION_ACTIONS)}")
    if options is not None and not isinstance(options, Mapping):
        raise InvalidInputError("options is an object with the names of options")
    if params is not None and not isinstance(params, str):
        raise InvalidInputError("params is text, one (GGGG,EEEE)=VALUE per line")
    given = dict(options or {})
    notes: tuple[str, ...] = ()
    if params is not None and params.strip():
        if action != "anonymize":
            notes = ("params were given and are for anonymize only",)
        elif str(given.get("params") or "").strip():
            raise InvalidInputError("params are given twice, also in options")
        else:
            given["params"] = params
    checked = _check_options(row, given, limits)
    if action == "anonymize":
        _check_profile(checked, given, limits)
    return Request(action, checked, notes)


def check_inputs(action: str, facts: Iterable[Facts]) -> None:
    """Return if at least one file suits the action.

    Raises
    ------
    InvalidInputError
        If there is no file, or none that suits.
    """
    row = SESSION_ACTIONS[action]
    known = list(facts)
    if not known:
        raise InvalidInputError("the session has no files: upload some first")
    if not any(row.suits(one) for one in known):
        raise InvalidInputError(f"{action} wants {row.wanted}, and none of the files is one")


def describe_actions() -> list[dict[str, Json]]:
    """Return every action with its options, for pages and programs."""
    return [
        {
            "name": row.name,
            "description": row.action.sentence,
            "input": row.wanted,
            "writes": row.action.writes,
            "options": [_describe(option) for option in row.options],
        }
        for row in _ROWS
    ]


def _describe(option: Option) -> dict[str, Json]:
    default: Json = [*option.default] if isinstance(option.default, tuple) else option.default
    return {
        "name": option.name,
        "type": {"flag": "boolean", "texts": "array"}.get(option.kind, "string"),
        "default": default,
        "choices": [*option.choices],
        "description": option.sentence,
        "form": option.metavar,
    }


def _check_options(
    row: SessionAction, given: Mapping[str, object], limits: Limits
) -> dict[str, Json]:
    known = {option.name: option for option in row.options}
    checked: dict[str, Json] = {}
    for name, value in given.items():
        option = known.get(name)
        if option is None:
            names = ", ".join(known) or "none"
            raise InvalidInputError(f"{row.name} has no such option; there are: {names}")
        if value is not None:
            checked[name] = _check_value(option, value, limits)
    return checked


def _check_value(option: Option, value: object, limits: Limits) -> Json:
    if option.kind == "flag":
        if not isinstance(value, bool):
            raise InvalidInputError(f"{option.name} is true or false")
        return value
    if option.kind == "texts":
        return [*_texts(option, value, limits)]
    text = _text(option, value, limits)
    if option.choices and text and text not in option.choices:
        raise InvalidInputError(f"{option.name} is one of {', '.join(option.choices)}")
    return text


def _text(option: Option, value: object, limits: Limits) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidInputError(f"{option.name} is text")
    text = str(value)
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError:
        raise InvalidInputError(f"{option.name} holds half a character") from None
    if size_bytes > limits.parameters_bytes:
        raise TooLargeError("parameters_bytes", limits.parameters_bytes, size_bytes, "bytes")
    if "\0" in text:
        raise InvalidInputError(f"{option.name} holds a zero byte")
    return text


def _texts(option: Option, value: object, limits: Limits) -> Sequence[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        raise InvalidInputError(f"{option.name} is a list of texts")
    if option.name == _TEXTS_OF_NUMBERS:
        values = [_rectangle(one) for one in values]
    if len(values) > _TEXTS_MAX:
        raise InvalidInputError(f"{option.name} has at most {_TEXTS_MAX} values")
    texts = [_text(option, one, limits) for one in values]
    size_bytes = sum(len(text) for text in texts)
    if size_bytes > limits.parameters_bytes:
        raise TooLargeError("parameters_bytes", limits.parameters_bytes, size_bytes, "bytes")
    return texts


def _rectangle(value: object) -> object:
    """Return the text form of a rectangle that came as four numbers."""
    if not isinstance(value, list) or len(value) != _REGION_NUMBERS:
        return value
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        return value
    return ",".join(str(one) for one in value)


def _check_profile(
    checked: Mapping[str, Json], given: Mapping[str, object], limits: Limits
) -> None:
    """Refuse a de-identification that nobody described, or that cannot be done as described."""
    if not str(checked.get("params") or "").strip() and not given.get("profile"):
        raise InvalidInputError(
            "anonymize needs params, one (GGGG,EEEE)=VALUE per line, or options with a profile"
        )
    read_profile(Work((), options={**checked, "key_file": _ANY_KEY}, limits=limits))
