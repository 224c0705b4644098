"""Files de-identified before they leave the machine: PS3.15 Annex E, checked, with a user's key.

The same as `isocenter anonymize` does, on streams and in this process, since the files are the
caller's own.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from isocenter.client.config import pseudonyms_path
from isocenter.client.scratch import new_scratch
from isocenter.dicom.deidentify.apply import deidentify
from isocenter.dicom.deidentify.identifiers import collect
from isocenter.dicom.deidentify.params import parse_parameters
from isocenter.dicom.deidentify.pixels import blank_regions
from isocenter.dicom.deidentify.profile import Held, Option, Profile
from isocenter.dicom.deidentify.regions import parse_region
from isocenter.dicom.deidentify.rules import Rules
from isocenter.dicom.deidentify.self_check import check, check_name
from isocenter.dicom.edits import Edit, Step, make_edit
from isocenter.dicom.header_index import DataSetIndex, HeaderIndex, index_header
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import Piece, PiecesSource, StreamSource
from isocenter.dicom.text import decode, decode_names, decode_values, encodings_of
from isocenter.dicom.values import numbers
from isocenter.errors import (
    HeldBackError,
    InvalidInputError,
    NotSupportedError,
    UnusualEncodingError,
)
from isocenter.key_files import new_key, read_or_make_key
from isocenter.limits import DEFAULT

_COPY_BYTES = 1 << 20
_HITS_NAMED_MAX = 3
_BINARY = frozenset({"SQ", "OB", "OW", "OD", "OF", "OL", "OV", "UN", "AT"})
_NUMBERS = frozenset({"US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "US or SS"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller wants of a de-identification.

    Attributes
    ----------
    retain_codes
        Elements that keep their value, as (group, element).
    retain
        Options of Annex E by name, without ``retain-``: ``patient-characteristics``, ...
    clean
        Likewise, without ``clean-``.
    params
        Lines ``(gggg,eeee)=value``, on top of the profile.
    regions
        Rectangles to be blanked, ``left,top,width,height``.
    accept
        What need not be held back; ``accept_burned_in``: images that may have text in them.
    key_file
        Holds the key of pseudonyms; ``None``: the user's own.
    """

    retain_codes: tuple[tuple[int, int], ...] = ()
    retain: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()
    params: str = ""
    regions: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    accept_burned_in: bool = False
    key_file: Path | None = None


class Deidentification(NamedTuple):
    """What became of one file.

    Attributes
    ----------
    has_harmless_name
        Whether the name of the file says nothing of whose it is.
    """

    has_harmless_name: bool
    warnings: tuple[str, ...]


class Deidentifier:
    """De-identifies files, all with the same profile; safe for any number of threads.

    Raises
    ------
    InvalidInputError, NotSupportedError
        If a wish says nothing sensible.
    NotFoundError, UnavailableError
        If the key cannot be read or made.
    """

    def __init__(self, wishes: Wishes) -> None:
        self._codes = wishes.retain_codes
        self._profile = _profile(wishes)
        self._rules = Rules(self._profile)

    def write(self, source: BinaryIO, target: BinaryIO, name: str) -> Deidentification:
        """Write what the profile lets pass of a file, searched for what may not pass.

        Parameters
        ----------
        source, target
            Seekable; the target empty and readable.
        name
            Under which the file would be shown.

        Raises
        ------
        HeldBackError
            If nothing may pass.
        InvalidInputError, NotSupportedError, TooLargeError
            If it cannot be de-identified.
        """
        with contextlib.ExitStack() as stack:
            header, source = _indexed(source, stack)
            profile = self._profile
            kept = _kept(header.dataset, self._codes)
            if kept:
                profile = replace(profile, parameters=(*profile.parameters, *kept))
            made = deidentify(header, StreamSource(source), profile)
            warnings = list(made.warnings)
            if made.pixel_work:
                cleaned = new_scratch(stack)
                _copy(made.pieces, source, cleaned)
                facts = blank_regions(cleaned, target, regions=made.pixel_work.regions)
                told = facts["warnings"]
                assert isinstance(told, list)
                warnings += told
            else:
                _copy(made.pieces, source, target)
            identifiers = collect(header, self._rules.letter)
        allowed = [edit.text for edit in profile.parameters if edit.text]
        hits = check(StreamSource(target), identifiers, allowed=allowed)
        if hits:
            named = ", ".join(map(str, hits[:_HITS_NAMED_MAX]))
            raise HeldBackError(f"the result still holds values of its source: {named}")
        target.seek(0)
        return Deidentification(check_name(name, identifiers), tuple(warnings))


def _profile(wishes: Wishes) -> Profile:
    parameters = parse_parameters(wishes.params)
    accepted = {_held(name) for name in wishes.accept}
    if wishes.accept_burned_in:
        accepted.add(Held.BURNED_IN)
    options = {_option("retain", name) for name in wishes.retain}
    options |= {_option("clean", name) for name in wishes.clean}
    regions = tuple(map(parse_region, wishes.regions))
    path = wishes.key_file or pseudonyms_path()
    return Profile(
        # Without a home, pseudonyms are of this run alone.
        key=new_key() if path is None else read_or_make_key(path)[0],
        options=frozenset(options),
        accepted=frozenset(accepted),
        regions=(*parameters.regions, *regions),
        parameters=parameters.edits,
    )


def _held(name: str) -> Held:
    try:
        return Held(name)
    except ValueError:
        raise InvalidInputError(f"what can be accepted is {', '.join(Held)}") from None


def _option(verb: str, name: str) -> Option:
    try:
        return Option(f"{verb}-{name}")
    except ValueError:
        alike = (one.removeprefix(f"{verb}-") for one in Option if one.startswith(f"{verb}-"))
        raise InvalidInputError(f"what can be named to {verb} is {', '.join(alike)}") from None


def _indexed(source: BinaryIO, stack: contextlib.ExitStack) -> tuple[HeaderIndex, BinaryIO]:
    """Return the header of a file, and the file, or what stands for it where it is odd."""
    try:
        return index_header(StreamSource(source)), source
    except UnusualEncodingError:
        plain = new_scratch(stack)
        source.seek(0)
        rewrite(source, plain, DEFAULT)
        return index_header(StreamSource(plain)), plain


def _kept(dataset: DataSetIndex, codes: Sequence[tuple[int, int]]) -> list[Edit]:
    """Return edits that give elements the values that they have."""
    edits = []
    for group, element in codes:
        tag = group << 16 | element
        if tag in dataset:
            text = _text(dataset, tag)
            edits.append(make_edit((Step(tag),), text, "", "anonymize_retain_codes"))
    return edits


def _text(dataset: DataSetIndex, tag: int) -> str:
    """Return the value of an element as an edit would write it."""
    vr = dataset.vr(tag)
    if vr in _BINARY:
        raise NotSupportedError(f"({tag >> 16:04X},{tag & 0xFFFF:04X}) is no text to be retained")
    if vr in _NUMBERS:
        return "\\".join(map(str, numbers(dataset, tag)))
    value, encodings = dataset.value(tag), encodings_of(dataset)
    if vr in ("ST", "LT", "UT"):
        return decode(value, encodings).rstrip(" \0")
    read = decode_names if vr == "PN" else decode_values
    return "\\".join(read(value, encodings))


def _copy(pieces: Sequence[Piece], source: BinaryIO, target: BinaryIO) -> None:
    whole = PiecesSource(pieces, [StreamSource(source)])
    offset = 0
    while data := whole.read_at(offset, _COPY_BYTES):
        target.write(data)
        offset += len(data)
    if offset != whole.size:
        raise InvalidInputError("the file became shorter while it was read")
