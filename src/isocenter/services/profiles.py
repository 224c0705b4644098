"""Profiles of de-identification, from the options of an action."""

from pathlib import Path

from isocenter.dicom.deidentify.params import parse_parameters
from isocenter.dicom.deidentify.profile import Held, Option, Profile
from isocenter.dicom.deidentify.regions import parse_region
from isocenter.errors import InvalidInputError
from isocenter.key_files import new_key, read_or_make_key
from isocenter.services.reports import Work
from isocenter.services.sources import read_option_text

# What the options `retain` and `clean` can name; dicom/deidentify/profile.py says what they are.
RETAINED = tuple(
    option.removeprefix("retain-") for option in Option if option.startswith("retain-")
)
CLEANED = tuple(option.removeprefix("clean-") for option in Option if option.startswith("clean-"))
ACCEPTED = tuple(str(held) for held in Held if held is not Held.BURNED_IN)


def read_profile(work: Work) -> tuple[Profile, list[str]]:
    """Return what the options ask for, and sentences about the key.

    Raises
    ------
    InvalidInputError
        If an option or a line of the parameters says nothing sensible; it names the line.
    NotSupportedError
        If an option of Annex E is not available.
    TooLargeError, NotFoundError, UnavailableError
        If the key or the parameters cannot be read.
    """
    options = work.options
    parameters = parse_parameters(read_option_text(options.get("params"), work.limits), work.limits)
    given = tuple(parse_region(text) for text in _texts(options.get("regions")))
    chosen = [
        *(_option("retain", name) for name in _texts(options.get("retain"))),
        *(_option("clean", name) for name in _texts(options.get("clean"))),
    ]
    accepted = {_held(name) for name in _texts(options.get("accept"))}
    if options.get("accept_burned_in"):
        accepted.add(Held.BURNED_IN)
    name = str(options.get("profile") or "basic")
    if name not in ("basic", "none"):
        raise InvalidInputError("the profile is basic or none")
    is_none = name == "none"
    key, notes = (b"", []) if is_none else _key(options.get("key_file"))
    profile = Profile(
        key=key,
        options=frozenset(chosen),
        accepted=frozenset(accepted),
        regions=(*parameters.regions, *given),
        parameters=parameters.edits,
        is_none=is_none,
    )
    return profile, notes


def _option(verb: str, name: str) -> Option:
    try:
        return Option(f"{verb}-{name}")
    except ValueError:
        known = ", ".join(RETAINED if verb == "retain" else CLEANED)
        raise InvalidInputError(f"what can be named with {verb} is {known}") from None


def _held(name: str) -> Held:
    if name not in ACCEPTED:
        raise InvalidInputError(f"what can be accepted is {', '.join(ACCEPTED)}")
    return Held(name)


def _key(value: object) -> tuple[bytes, list[str]]:
    """Return the key: of a file, as text, or one for this run alone."""
    if isinstance(value, Path):
        key, is_new = read_or_make_key(value)
        if is_new:
            return key, [f"a new key was made in {value}: it links pseudonyms to people, keep it"]
        return key, []
    if value:
        return str(value).encode(), []
    return new_key(), ["no key file was named: pseudonyms are of this run alone"]


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    return (str(value),) if value else ()
