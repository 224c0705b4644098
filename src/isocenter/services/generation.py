"""Instances made for programmers: a picture and attributes by keyword become a DICOM file.

The picture is decoded in a child process with limits. What is not given is empty or derived from
the content, so that the same request makes the same file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import orjson

from isocenter.dicom.dictionary import tag_of, vr_of
from isocenter.dicom.edit_values import check_value
from isocenter.dicom.generate import PictureFormat, PictureFrame, make_instance
from isocenter.dicom.given_identity import (
    GivenIdentity,
    NewInstance,
    given_identity,
    group_digest,
    template_of_json,
)
from isocenter.dicom.picture_files import HEAD_BYTES, PictureFacts, picture_kind
from isocenter.dicom.streams import PiecesSource
from isocenter.dicom.supplied import is_value
from isocenter.errors import FieldsError, InvalidInputError, NotSupportedError
from isocenter.services.files import FileSource
from isocenter.services.picture_reading import Picture, digest_of, read_picture
from isocenter.services.reading import Desk, Reading

KINDS = frozenset({"png", "jpeg"})
FIELDS = "non_field_errors"

_DATE = re.compile(r"(\d{4})[-./](\d\d)[-./](\d\d)")
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(\.\d{1,6})?)?")
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,6})?\d*)?)?"
    r"(Z|[+-]\d\d:?\d\d)?"
)
_BYTES = frozenset({"OB", "OL", "OV", "OW", "UN", "OB or OW"})
_ONE_TEXT = frozenset({"LT", "SQ", "ST", "UR", "UT"})
_LIST = re.compile(r"\[(.*)\]", re.DOTALL)
_DECIMALS = frozenset({"DS", "FD", "FL", "OD", "OF"})
_INTEGERS = frozenset({"IS", "SL", "SS", "SV", "UL", "US", "UV", "US or SS"})


class MadeFile(NamedTuple):
    """The bytes of a DICOM file; ``close`` when they were read."""

    size: int
    read_at: Callable[[int, int], bytes]
    close: Callable[[], None]
    warnings: tuple[str, ...]


class Generation:
    """Makes Instances, safe for any number of threads, with the children of ``Reading``."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def make(self, desk: Desk, path: Path, given: GivenIdentity) -> MadeFile:
        """Return the DICOM file of a picture that lies at the desk.

        One Frame becomes Secondary Capture; several, of an animation, its multi-frame class. A
        JPEG stays as it is compressed.

        Raises
        ------
        InvalidInputError, NotSupportedError
            If it is no PNG or JPEG, is damaged, or no class of the standard takes it.
        TooLargeError, DeadlineExceededError, UnavailableError
            If it passes a bound, or there is no room.
        """
        with FileSource(path) as source:
            if picture_kind(source.read_at(0, HEAD_BYTES)) not in KINDS:
                raise InvalidInputError("Upload a valid image: a PNG or a JPEG")
            digest = digest_of(source)
            picture = Picture(path, source.stamp, digest, group_digest([digest]), 1)
        read = read_picture(picture, self._reading.any.run, desk.folder, multi_frame=False)
        shared, frames = _only_format(read.facts)
        new = NewInstance("", group_digest([digest]), picture.group)
        pieces = [*make_instance(shared, frames, given, new, is_multi_frame=len(frames) > 1)]
        source = FileSource(read.scratch)
        made = PiecesSource(pieces, [source])
        return MadeFile(made.size, made.read_at, source.close, read.facts.warnings)


def _only_format(facts: PictureFacts) -> tuple[PictureFormat, list[PictureFrame]]:
    """Return what all Frames share, and the Frames; without a density that says nothing."""
    if len(facts.formats) != 1:
        raise NotSupportedError("the pages of the picture differ in size or kind")
    shared = facts.formats[0]
    if shared.density[0] == shared.density[1]:
        shared = replace(shared, density=(0.0, 0.0))
    return shared, [frame for _, frame in facts.frames]


def parse_attributes(texts: Mapping[str, str]) -> GivenIdentity:
    """Return what keywords and texts say about a new Instance.

    Several values are parted by a backslash, or written as a list, as they are read. Dates and
    times may be written as ISO 8601 has them. A sequence is JSON, a list of objects by keyword
    or as the DICOM JSON Model has them (PS3.18 F).

    Raises
    ------
    FieldsError
        If a keyword is none of the standard or follows from the picture, or a text is none of
        its VR; it names all of them.
    """
    problems: list[str] = []
    elements: dict[int, bytes] = {}
    for keyword, text in texts.items():
        try:
            elements.update(_element(keyword, text))
        except InvalidInputError as error:
            problems.append(f"{keyword[:64]}: {error}")
    if problems:
        raise FieldsError({FIELDS: problems})
    return GivenIdentity(elements)


def _element(keyword: str, text: str) -> Mapping[int, bytes]:
    tag = tag_of(keyword)
    if tag is None:
        raise InvalidInputError("This is no keyword of the standard.")
    vr = vr_of(tag)
    if vr == "SQ" and text.strip()[:1] in ("[", "{"):
        try:
            return template_of_json(orjson.dumps({keyword: orjson.loads(text)}))
        except orjson.JSONDecodeError:
            raise InvalidInputError("A sequence is written as JSON.") from None
    if vr in _BYTES:
        raise InvalidInputError(
            "The submitted data was not a file. Check the encoding type on the form."
        )
    values = [text] if vr in _ONE_TEXT else [_normalised(one, vr) for one in _values(text)]
    wanted = "number" if vr in _DECIMALS else "integer" if vr in _INTEGERS else ""
    if wanted and not all(is_value(one, vr.partition(" ")[0]) for one in values if one):
        raise InvalidInputError(f"A valid {wanted} is required.")
    joined = "\\".join(values)
    problem = check_value(joined, vr.partition(" ")[0])
    if problem:
        raise InvalidInputError(f"The value {problem}.")
    return given_identity([f"{keyword}={joined}"]).elements


def _values(text: str) -> list[str]:
    """Return the single values of a text; ``[1, 2]`` and ``['A', 'B']`` are lists."""
    listed = _LIST.fullmatch(text.strip())
    if listed is None:
        return text.split("\\")
    return [one.strip().strip("'\"") for one in listed[1].split(",")]


def _normalised(text: str, vr: str) -> str:
    """Return a date or time of ISO 8601 as the standard writes it, any other text as it is."""
    text = text.strip()
    if vr == "DA" and (found := _DATE.fullmatch(text)):
        return "".join(found.groups())
    if vr == "TM" and (found := _TIME.fullmatch(text)):
        return "".join(part or "" for part in found.groups())
    if vr == "DT" and (found := _DATE_TIME.fullmatch(text)):
        *parts, zone = found.groups(default="")
        return "".join(parts) + ("+0000" if zone == "Z" else zone.replace(":", ""))
    return text
