"""Headers, info and summary: what a DICOM object is, as values and as text that is safe to print.

No character of a value reaches a terminal or a log viewer unless it is printable: control and
escape characters, line ends, and marks that turn the direction of writing are shown escaped.
A line of ``header_text`` looks as pydicom prints the element, except that items of sequences and
long texts are shown instead of counted.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from struct import calcsize, unpack
from typing import NamedTuple

from isocenter.dicom.dictionary import is_private, is_private_creator, keyword_of
from isocenter.dicom.header_index import (
    PIXEL_DATA,
    TRANSFER_SYNTAX_UID,
    UNDEFINED,
    DataSetIndex,
    HeaderIndex,
)
from isocenter.dicom.json_model import JSONObject, Scope, element_vr, to_json
from isocenter.dicom.names_table import ELEMENT_NAMES, REPEATING_NAMES, UID_NAMES
from isocenter.dicom.private_dictionary import private_creator, private_entry
from isocenter.dicom.text import (
    DEFAULT,
    Encodings,
    decode,
    decode_names,
    decode_values,
    encodings_of,
)
from isocenter.dicom.uids import NATIVE
from isocenter.dicom.values import first_string, integer
from isocenter.errors import InvalidInputError, TruncatedError, UnusualEncodingError

_INDENT = "   "
_NAME_WIDTH = 35
_KEY_WIDTH = 25
_CHARACTERS_MAX = 200
_VALUES_MAX = 16
_BYTES_MAX = 16
_READ_BYTES_MAX = 65536  # a longer value is counted without being read
_DELIMITER_BYTES = 8
# Float Pixel Data, Double Float Pixel Data, Pixel Data
PIXEL_DATA_TAGS = frozenset({0x7FE00008, 0x7FE00009, PIXEL_DATA})


def printable(text: str) -> str:
    """Return the text with every character escaped that is not printable."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


class HeaderRow(NamedTuple):
    """One element as it is shown; an Item is a row without a tag, named ``Item 1``."""

    depth: int
    tag: str
    vr: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Info:
    """The main facts of one file; texts are ``""`` and numbers None where they are missing.

    The fields are the keys of the documented output, in its order. UIDs are numbers, not names.
    """

    filepath: str
    patient_name: str
    patient_id: str
    study_date: str
    modality: str
    rows: int | None
    columns: int | None
    bits_allocated: int | None
    num_frames: int
    transfer_syntax: str
    series_uid: str
    study_uid: str
    sop_class: str
    photometric: str
    compressed: bool

    def to_json(self) -> JSONObject:
        """Return the facts as a JSON object."""
        return {key.name: getattr(self, key.name) for key in fields(self)}

    def lines(self) -> list[str]:
        """Return one line a fact: two spaces, the key in 25 columns, a colon, the value."""
        return [_fact(key.name, getattr(self, key.name)) for key in fields(self)]

    def short_lines(self) -> list[str]:
        """Return the four lines that a folder's listing shows of each file."""
        keys = ("filepath", "patient_name", "modality", "num_frames")
        return [_fact(key, getattr(self, key)) for key in keys]


def read_info(header: HeaderIndex, filepath: str, transfer_syntax_uid: str) -> Info:
    """Return the main facts of one file.

    Parameters
    ----------
    transfer_syntax_uid
        Of the file as it was found, which may have been rewritten for the index.
    """
    dataset = header.dataset
    encodings = encodings_of(dataset)
    rows = _integer(dataset, 0x00280010)
    return Info(
        filepath=filepath,
        patient_name=decode_names(dataset.value(0x00100010), encodings)[0].rstrip("="),
        patient_id=decode_values(dataset.value(0x00100020), encodings)[0].strip(),
        study_date=first_string(dataset, 0x00080020),
        modality=first_string(dataset, 0x00080060),
        rows=rows,
        columns=_integer(dataset, 0x00280011),
        bits_allocated=_integer(dataset, 0x00280100),
        num_frames=_frames(dataset, is_image=rows is not None),
        transfer_syntax=transfer_syntax_uid,
        series_uid=first_string(dataset, 0x0020000E),
        study_uid=first_string(dataset, 0x0020000D),
        sop_class=first_string(dataset, 0x00080016) or first_string(header.meta, 0x00020002),
        photometric=first_string(dataset, 0x00280004),
        compressed=transfer_syntax_uid not in NATIVE and bool(transfer_syntax_uid),
    )


@dataclass(slots=True)
class Summary:
    """What a folder holds, added up file by file.

    A patient is a Patient ID; files without one count as one patient, shown as ``(no ID)``.
    """

    files: int = 0
    frames: int = 0
    size_bytes: int = 0
    patients: set[str] = field(default_factory=set)
    series: set[str] = field(default_factory=set)
    modalities: set[str] = field(default_factory=set)

    def add(self, info: Info, size_bytes: int) -> None:
        """Count one file."""
        self.files += 1
        self.frames += info.num_frames
        self.size_bytes += size_bytes
        if info.patient_id or info.series_uid or info.modality:
            # A DICOMDIR, for one, is nobody's and in no series.
            self.patients.add(info.patient_id or "(no ID)")
            self.series.add(info.series_uid)
            self.modalities.add(info.modality)

    def to_json(self) -> JSONObject:
        """Return the totals as a JSON object."""
        return {
            "total_files": self.files,
            "total_patients": len(self.patients),
            "total_series": len(self.series),
            "modalities": [*sorted(self.modalities - {""})],
            "total_frames": self.frames,
            "total_size_bytes": self.size_bytes,
            "total_size_mb": round(self.size_bytes / 1e6, 1),
            "patients": [*sorted(self.patients)],
        }

    def text(self, title: str) -> str:
        """Return the documented lines; ``title`` is the path of the folder."""
        lines = [
            f"Folder Summary: {printable(title)}",
            "=" * 60,
            f"Total files: {self.files}",
            f"Total patients: {len(self.patients)}",
            f"Total series: {len(self.series)}",
            f"Modalities: {', '.join(map(_bare, sorted(self.modalities - {''})))}",
            f"Total frames: {self.frames}",
            f"Total size (MB): {self.size_bytes / 1e6:.1f}",
            f"Patients: {', '.join(map(_bare, sorted(self.patients)))}",
        ]
        return "\n".join(lines) + "\n"


def _fact(key: str, value: object) -> str:
    text = "" if value is None else printable(str(value))
    return f"  {key:<{_KEY_WIDTH}}: {text}"


def _integer(dataset: DataSetIndex, tag: int) -> int | None:
    """Return a number of at most 32 bits, None where there is none."""
    try:
        number = integer(dataset, tag)
    except InvalidInputError:
        return None
    return number if abs(number) < 1 << 32 else None


def _frames(dataset: DataSetIndex, *, is_image: bool) -> int:
    """Return the Number of Frames; without one, images have one and other objects none."""
    number = _integer(dataset, 0x00280008)
    if number is not None and number > 0:
        return number
    return int(is_image or any(tag in dataset for tag in PIXEL_DATA_TAGS))


def header_text(
    header: HeaderIndex, title: str, transfer_syntax_uid: str, warnings: Iterable[str] = ()
) -> str:
    """Return every element as a line of text, those of Items indented below their sequence.

    Parameters
    ----------
    transfer_syntax_uid
        Of the file as it was found, which may have been rewritten for the index.

    Raises
    ------
    UnusualEncodingError, TruncatedError
        If a sequence cannot be opened.
    """
    lines = [f"DICOM header: {printable(title)}", "=" * 80]
    lines += [f"Warning: {printable(warning)}" for warning in warnings]
    lines += ["", "--- File Meta Information ---"]
    rows = header_rows(header, transfer_syntax_uid)
    of_meta = len(header.meta.elements)
    lines += _lines(itertools.islice(rows, of_meta))
    lines += ["", "--- Dataset ---", *_lines(rows), ""]
    return "\n".join(lines)


def header_json(header: HeaderIndex, transfer_syntax_uid: str) -> JSONObject:
    """Return File Meta Information and Data Set as one DICOM JSON Model object, without pixels.

    Raises
    ------
    UnusualEncodingError, TruncatedError
        If a sequence cannot be opened.
    """
    meta = to_json(header.meta)
    if transfer_syntax_uid and "00020010" in meta:
        meta["00020010"] = {"vr": "UI", "Value": [transfer_syntax_uid]}
    return {**meta, **to_json(header.dataset, exclude=PIXEL_DATA_TAGS)}


def header_rows(header: HeaderIndex, transfer_syntax_uid: str) -> Iterator[HeaderRow]:
    """Yield every element with what ``header_text`` shows of it, Items below their sequence.

    Parameters are those of ``header_text``, which says what is raised, too.
    """
    for row in _rows(header.meta, Scope(), 0, 0):
        if row.tag == _tag(TRANSFER_SYNTAX_UID):
            yield row._replace(value=_show_uids(transfer_syntax_uid.encode(), DEFAULT))
        else:
            yield row
    yield from _rows(header.dataset, Scope(), 0, len(header.fragments))


def items_text(dataset: DataSetIndex, tag: int, parent: Scope) -> str:
    """Return the Items of a sequence as lines of text; ``""`` where it has none.

    Parameters
    ----------
    parent
        The scope of the elements of ``dataset``.

    Raises
    ------
    UnusualEncodingError, TruncatedError
        If the bytes are no sequence of Items.
    """
    lines: list[str] = []
    for number, item in enumerate(dataset.items(tag), start=1):
        lines += [f"Item {number}", *_lines(_rows(item, parent, 1, 0))]
    return "\n".join(lines)


def _lines(rows: Iterable[HeaderRow]) -> Iterator[str]:
    for row in rows:
        indent = _INDENT * row.depth
        if row.tag:
            name = row.name[:_NAME_WIDTH]
            yield f"{indent}{row.tag} {name:<{_NAME_WIDTH}} {row.vr}: {row.value}"
        else:
            yield f"{indent}{row.name}"


def _rows(dataset: DataSetIndex, parent: Scope, depth: int, fragments: int) -> Iterator[HeaderRow]:
    scope = parent.inside(dataset)
    for tag in sorted(dataset.elements):
        vr = element_vr(dataset, tag, scope)
        items = _items(dataset, tag) if vr == "SQ" else None
        if items is not None:
            value = f"<Sequence, length {len(items)}>"
        else:
            vr = "UN" if vr == "SQ" else vr  # only a dictionary called it a sequence
            value = _value(dataset, tag, vr, scope.encodings)
        if tag == PIXEL_DATA and fragments:
            value += f" in {fragments} fragments"
        yield HeaderRow(depth, _tag(tag), vr, _name(dataset, tag, scope.encodings), value)
        for number, item in enumerate(items or [], start=1):
            yield HeaderRow(depth + 1, "", "", f"Item {number}", "")
            yield from _rows(item, scope, depth + 1, 0)


def _items(dataset: DataSetIndex, tag: int) -> list[DataSetIndex] | None:
    """Return the items, None where the file does not say that it is a sequence and it is none."""
    try:
        return dataset.items(tag)
    except (UnusualEncodingError, TruncatedError):
        if dataset.vr(tag) == "SQ":
            raise
        return None


def _tag(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _name(dataset: DataSetIndex, tag: int, encodings: Encodings) -> str:
    name = _names(ELEMENT_NAMES).get(f"{tag:08X}", "")
    if name:
        return name
    if tag & 0xFFFF == 0:
        return "Group Length"
    if is_private_creator(tag):
        return "Private Creator"
    if is_private(tag):
        known = private_entry(private_creator(dataset, tag, encodings), tag)[1]
        return f"[{known}]" if known else "Private tag data"
    return _names(REPEATING_NAMES).get(keyword_of(tag), "")


@cache
def _names(table: str) -> dict[str, str]:
    """Return the first word of each line of a generated table -> the rest of the line."""
    return dict(line.split(" ", 1) for line in table.splitlines() if " " in line)


def _value(dataset: DataSetIndex, tag: int, vr: str, encodings: Encodings) -> str:
    _, _, start, length, end = dataset.elements[tag]
    size = end - start - (_DELIMITER_BYTES if length == UNDEFINED else 0)
    code = NUMBER_CODES.get(vr)
    if size > _READ_BYTES_MAX:
        return f"Array of {size // calcsize(code or 'B')} elements"
    raw = dataset.value(tag)[:size]
    if code and raw and not size % calcsize(f"<{code}"):
        return _listed([repr(number) for number in unpack(f"<{size // calcsize(code)}{code}", raw)])
    show = _SHOWN_AS.get(vr)
    if show is not None and (raw or vr not in _NONE_WHERE_EMPTY):
        return show(raw, encodings)
    if size > _BYTES_MAX:
        return f"Array of {size} elements"
    return repr(raw) if raw else "None"


def _listed(values: list[str]) -> str:
    if len(values) == 1:
        return values[0]
    shown = ", ".join(values[:_VALUES_MAX])
    return f"[{shown}]" if len(values) <= _VALUES_MAX else f"[{shown}, ...] ({len(values)} values)"


def _quoted(text: str) -> str:
    """Return the text in quotes, escaped as in Python, cut with a note where it is long."""
    if len(text) <= _CHARACTERS_MAX:
        return repr(text)
    return f"{text[:_CHARACTERS_MAX]!r} ... ({len(text)} characters)"


def _bare(text: str) -> str:
    if len(text) <= _CHARACTERS_MAX:
        return printable(text) or "''"
    return f"{printable(text[:_CHARACTERS_MAX])} ... ({len(text)} characters)"


def _split(raw: bytes) -> list[str]:
    return raw.decode("latin-1").rstrip(" \0").split("\\")


def _show_strings(raw: bytes, _: Encodings) -> str:
    return _listed([_quoted(text) for text in _split(raw)])


def _show_titles(raw: bytes, _: Encodings) -> str:
    return _listed([_quoted(text.strip()) for text in _split(raw)])


def _show_texts(raw: bytes, encodings: Encodings) -> str:
    return _listed([_quoted(text) for text in decode_values(raw, encodings)])


def _show_text(raw: bytes, encodings: Encodings) -> str:
    return _quoted(decode(raw, encodings).rstrip("\0 "))


def _show_uri(raw: bytes, _: Encodings) -> str:
    return _quoted(raw.decode("latin-1").rstrip(" \0"))


def _show_names(raw: bytes, encodings: Encodings) -> str:
    names = [name.rstrip("=") for name in decode_names(raw, encodings)]
    return _quoted(names[0]) if len(names) == 1 else _listed([_bare(name) for name in names])


def _show_decimals(raw: bytes, _: Encodings) -> str:
    numbers = [number.strip() for number in _split(raw)]
    return _quoted(numbers[0]) if len(numbers) == 1 else _listed([_bare(n) for n in numbers])


def _show_uids(raw: bytes, _: Encodings) -> str:
    uids = [uid.strip() for uid in _split(raw)]
    if len(uids) > 1:
        return _listed([_quoted(uid) for uid in uids])
    return _names(UID_NAMES).get(uids[0]) or _bare(uids[0])


def _show_tags(raw: bytes, _: Encodings) -> str:
    words = unpack(f"<{len(raw) // 4 * 2}H", raw[: len(raw) // 4 * 4])
    pairs = zip(words[::2], words[1::2], strict=True)
    return _listed([_tag(group << 16 | element) for group, element in pairs])


NUMBER_CODES = {
    "FD": "d",
    "FL": "f",
    "SL": "i",
    "SS": "h",
    "SV": "q",
    "UL": "I",
    "US": "H",
    "UV": "Q",
}
_NONE_WHERE_EMPTY = frozenset({"AT", "DS", "IS"})
_SHOWN_AS: dict[str, Callable[[bytes, Encodings], str]] = {
    **dict.fromkeys(("AS", "CS", "DA", "DT", "TM"), _show_strings),
    "AE": _show_titles,
    **dict.fromkeys(("LO", "SH", "UC"), _show_texts),
    **dict.fromkeys(("LT", "ST", "UT"), _show_text),
    **dict.fromkeys(("DS", "IS"), _show_decimals),
    "AT": _show_tags,
    "PN": _show_names,
    "UI": _show_uids,
    "UR": _show_uri,
}
