"""Attributes by keyword: as text the way pydicom prints values, or as plain values of JSON.

Both leave out pixels. As text, private elements are left out too, and a sequence is several lines.

References
----------
PS3.6 section 6 (keywords), PS3.18 Annex F (the values of JSON).
"""

from collections.abc import Callable, Collection
from struct import calcsize, unpack

from isocenter.dicom.describe import NUMBER_CODES, PIXEL_DATA_TAGS, items_text
from isocenter.dicom.dictionary import is_private, keyword_of
from isocenter.dicom.header_index import UNDEFINED, DataSetIndex
from isocenter.dicom.json_model import JSON, JSONObject, Scope, element_vr, to_json
from isocenter.dicom.text import Encodings, decode, decode_names, decode_values
from isocenter.errors import TruncatedError, UnusualEncodingError

_PREVIEW_BYTES = 64
_DELIMITER_BYTES = 8


def text_values(dataset: DataSetIndex, tags: Collection[int] | None = None) -> dict[str, str]:
    r"""Return keyword -> value as text, in ascending order of tags.

    Parameters
    ----------
    tags
        What is wanted of it; ``None`` for all.

    Returns
    -------
    values
        Several values are ``[a, b]``, with quotes around text; bytes are a preview, such as
        ``b'\x00\x01...``; an empty value is ``""``. A repeating group beside the first one has
        its number behind the keyword (``OverlayRows_6002``).

    Raises
    ------
    UnusualEncodingError, TruncatedError
        If a sequence cannot be opened.
    TooLargeError
        If a value or the nesting passes a bound of ``limits``.
    """
    scope = Scope().inside(dataset)
    found: dict[str, str] = {}
    for tag in sorted(dataset.elements):
        keyword = "" if is_private(tag) or tag in PIXEL_DATA_TAGS else keyword_of(tag)
        if keyword and (tags is None or tag in tags):
            found[_key(found, keyword, tag)] = _text(dataset, tag, scope)
    return found


def native_values(dataset: DataSetIndex, tags: Collection[int] | None = None) -> JSONObject:
    """Return keyword -> value as JSON writes it: numbers, text, lists, objects, ``null``.

    Elements without a keyword have eight hexadecimal digits; bytes are base64; a person name is
    its component groups with ``=`` between them; an Item of a sequence is an object.

    Raises
    ------
    UnusualEncodingError, TruncatedError, TooLargeError
        As ``text_values`` does.
    """
    return _native_object(dicom_values(dataset, tags))


def dicom_values(dataset: DataSetIndex, tags: Collection[int] | None = None) -> JSONObject:
    """Return the DICOM JSON Model (PS3.18 F) without pixels.

    Raises
    ------
    UnusualEncodingError, TruncatedError, TooLargeError
        As ``text_values`` does.
    """
    unwanted = (
        PIXEL_DATA_TAGS if tags is None else PIXEL_DATA_TAGS | (dataset.elements.keys() - set(tags))
    )
    return to_json(dataset, exclude=unwanted)


def preview(dataset: DataSetIndex, tag: int) -> str:
    """Return the first bytes of a value as Python writes them, with dots where there are more."""
    _, _, start, length, end = dataset.elements[tag]
    size = end - start - (_DELIMITER_BYTES if length == UNDEFINED else 0)
    first = repr(dataset.value_part(tag, 0, min(size, _PREVIEW_BYTES)))
    return first if size <= _PREVIEW_BYTES else f"{first[:-1]}..."


def _key(found: Collection[str], keyword: str, tag: int) -> str:
    return f"{keyword}_{tag >> 16:04X}" if keyword in found else keyword


def _text(dataset: DataSetIndex, tag: int, scope: Scope) -> str:
    vr = element_vr(dataset, tag, scope)
    if vr == "SQ":
        try:
            return items_text(dataset, tag, scope)
        except (UnusualEncodingError, TruncatedError):
            if dataset.vr(tag) == "SQ":
                raise
            vr = "UN"  # only a dictionary called it a sequence
    code = NUMBER_CODES.get(vr, "")
    show = _SHOWN_AS.get(vr)
    if not code and show is None:
        return preview(dataset, tag) if dataset.elements[tag][3] else ""
    raw = dataset.value(tag)
    if show is not None:
        return show(raw, scope.encodings)
    if len(raw) % calcsize(f"<{code}"):
        return preview(dataset, tag)
    return _listed([str(one) for one in unpack(f"<{len(raw) // calcsize(f'<{code}')}{code}", raw)])


def _listed(values: list[str]) -> str:
    if len(values) > 1:
        return f"[{', '.join(values)}]"
    return values[0] if values else ""


def _quoted(values: list[str]) -> str:
    return _listed([repr(value) for value in values]) if len(values) > 1 else _listed(values)


def _split(raw: bytes) -> list[str]:
    return raw.decode("latin-1").rstrip(" \0").split("\\")


def _strings(raw: bytes, _: Encodings) -> str:
    return _quoted(_split(raw))


def _stripped_strings(raw: bytes, _: Encodings) -> str:
    return _quoted([text.strip() for text in _split(raw)])


def _texts(raw: bytes, encodings: Encodings) -> str:
    return _quoted(decode_values(raw, encodings))


def _whole_text(raw: bytes, encodings: Encodings) -> str:
    return decode(raw, encodings).rstrip("\0 ")


def _uri(raw: bytes, _: Encodings) -> str:
    return raw.decode("latin-1").rstrip(" \0")


def _names(raw: bytes, encodings: Encodings) -> str:
    return _listed([name.rstrip("=") for name in decode_names(raw, encodings)])


def _numbers_as_written(raw: bytes, _: Encodings) -> str:
    return _listed([number.strip() for number in _split(raw)])


def _tags(raw: bytes, _: Encodings) -> str:
    words = unpack(f"<{len(raw) // 4 * 2}H", raw[: len(raw) // 4 * 4])
    pairs = zip(words[::2], words[1::2], strict=True)
    return _listed([f"({group:04X},{element:04X})" for group, element in pairs])


_SHOWN_AS: dict[str, Callable[[bytes, Encodings], str]] = {
    **dict.fromkeys(("AS", "CS", "DA", "DT", "TM"), _strings),
    **dict.fromkeys(("AE", "UI"), _stripped_strings),
    **dict.fromkeys(("LO", "SH", "UC"), _texts),
    **dict.fromkeys(("LT", "ST", "UT"), _whole_text),
    **dict.fromkeys(("DS", "IS"), _numbers_as_written),
    "AT": _tags,
    "PN": _names,
    "UR": _uri,
}


def _native_object(values: JSONObject) -> JSONObject:
    found: JSONObject = {}
    for name, element in values.items():
        tag = int(name, 16)
        keyword = "" if is_private(tag) else keyword_of(tag)
        assert isinstance(element, dict)
        found[_key(found, keyword, tag) if keyword else name] = _native(element)
    return found


def _native(element: JSONObject) -> JSON:
    if "InlineBinary" in element:
        return element["InlineBinary"]
    values = element.get("Value", [])
    assert isinstance(values, list)
    if element["vr"] == "SQ":
        return [_native_object(item) for item in values if isinstance(item, dict)]
    plain: list[JSON] = [_joined(value) if isinstance(value, dict) else value for value in values]
    return plain if len(plain) > 1 else plain[0] if plain else None


def _joined(name: JSONObject) -> str:
    groups = [str(name.get(key, "")) for key in ("Alphabetic", "Ideographic", "Phonetic")]
    return "=".join(groups).rstrip("=")
