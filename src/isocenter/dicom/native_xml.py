"""The Native DICOM Model, XML for the same Data Sets as DICOM JSON, and back.

Text comes out in UTF-8. A private element is named without its block, which its private creator
stands for; where an Item has two blocks of one creator, the block stays. Characters that XML 1.0
cannot hold become U+FFFD.

References
----------
PS3.19 A.1 (Native DICOM Model), PS3.18 F.2 (DICOM JSON Model), XML 1.0 section 2.2.
"""

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from isocenter.dicom.dictionary import is_private, is_private_creator, keyword_of
from isocenter.dicom.json_model import JSON, JSONObject
from isocenter.errors import InvalidInputError, TooLargeError
from isocenter.limits import Limits

NAMESPACE = "http://dicom.nema.org/PS3.19/models/NativeDICOM"
_BEGIN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<NativeDicomModel xml:space="preserve" xmlns="{NAMESPACE}">\n'
)
_END = "</NativeDicomModel>\n"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = {"\r": "&#13;"}
_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_NAME_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_NAME_PARTS = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")
_INTEGERS = frozenset({"US", "SS", "UL", "SL"})
_FLOATS = frozenset({"FL", "FD"})
_NUMBER_MAX = 100_000
_GAPS_MAX = 100  # empty values may be left out, but not without end
_LEVELS_OF_AN_ITEM = 2  # DicomAttribute and Item
_LEVELS_INSIDE = 5  # NativeDicomModel, DicomAttribute, PersonName, Alphabetic, FamilyName


def to_xml(document: Mapping[str, JSON]) -> bytes:
    """Return an object of the DICOM JSON Model as a Native DICOM Model."""
    return "".join((_BEGIN, *_attributes(document), _END)).encode()


def from_xml(text: bytes, limits: Limits) -> JSONObject:
    """Return a Native DICOM Model as an object of the DICOM JSON Model.

    Raises
    ------
    InvalidInputError
        If it is none, or has a document type, which could name files and expand without end.
    TooLargeError
        If it has more or deeper elements than ``limits`` allow.
    """
    root = _parse(text, limits)
    if root.name != "NativeDicomModel":
        raise InvalidInputError("the XML is no Native DICOM Model")
    return _data_set(root)


def _attributes(document: Mapping[str, JSON]) -> Iterator[str]:
    creators = _creators(document)
    shared = {creator for creator, count in Counter(creators.values()).items() if count > 1}
    for key in sorted(document):
        element = document[key]
        assert isinstance(element, dict), "a Data Set in JSON has objects only"
        tag = int(key, 16)
        creator = creators.get(tag >> 8, "")
        name, more = key, ""
        if is_private(tag) and creator and not is_private_creator(tag):
            more = f" privateCreator={_quoted(creator[1])}"
            if creator not in shared:
                name = f"{key[:4]}00{key[6:]}"
        elif keyword_of(tag):
            more = f' keyword="{keyword_of(tag)}"'
        yield f'<DicomAttribute tag="{name}" vr="{element["vr"]}"{more}>\n'
        yield from _content(element)
        yield "</DicomAttribute>\n"


def _creators(document: Mapping[str, JSON]) -> dict[int, tuple[str, str]]:
    """Return group and creator of each private block, by the first six digits of its tags."""
    found = {}
    for key, element in document.items():
        tag = int(key, 16)
        if is_private_creator(tag) and isinstance(element, dict):
            values = element.get("Value")
            if isinstance(values, list) and values and isinstance(values[0], str):
                found[tag >> 16 << 8 | tag & 0xFF] = (key[:4], values[0])
    return found


def _content(element: Mapping[str, JSON]) -> Iterator[str]:
    if "InlineBinary" in element:
        yield f"<InlineBinary>{element['InlineBinary']}</InlineBinary>\n"
    elif "BulkDataURI" in element:
        yield f"<BulkData uri={_quoted(str(element['BulkDataURI']))}/>\n"
    values = element.get("Value")
    if not isinstance(values, list):
        return
    for number, value in enumerate(values, 1):
        if element["vr"] == "SQ":
            yield f'<Item number="{number}">\n'
            yield from _attributes(value if isinstance(value, dict) else {})
            yield "</Item>\n"
        elif element["vr"] == "PN":
            yield f'<PersonName number="{number}">\n'
            yield from _name(value if isinstance(value, dict) else {})
            yield "</PersonName>\n"
        else:
            text = "" if value is None else _escaped(str(value))
            yield f'<Value number="{number}">{text}</Value>\n'


def _name(value: Mapping[str, JSON]) -> Iterator[str]:
    for group in _NAME_GROUPS:
        if group not in value:
            continue
        yield f"<{group}>\n"
        parts = str(value[group]).split("^", len(_NAME_PARTS) - 1)
        for name, part in zip(_NAME_PARTS, parts, strict=False):
            if part:
                yield f"<{name}>{_escaped(part)}</{name}>\n"
        yield f"</{group}>\n"


def _escaped(text: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", text), _LINE_END)


def _quoted(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", text))


@dataclass(slots=True)
class _Node:
    name: str
    attributes: Mapping[str, str]
    children: list["_Node"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)


def _parse(text: bytes, limits: Limits) -> _Node:
    """Return the root of an XML document."""
    depth_max = _LEVELS_INSIDE + _LEVELS_OF_AN_ITEM * limits.header_depth
    root = _Node("", {})
    open_nodes = [root]
    count = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > limits.intake_elements:
            raise TooLargeError("intake_elements", limits.intake_elements, count, "elements")
        if len(open_nodes) > depth_max:
            raise TooLargeError("header_depth", depth_max, len(open_nodes), "levels")
        node = _Node(name.rpartition(" ")[2], attributes)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(_: str) -> None:
        open_nodes.pop()

    def take(data: str) -> None:
        open_nodes[-1].texts.append(data)

    def refuse(*_: object) -> None:
        raise InvalidInputError("the XML has a document type, which is not read")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = take, refuse
    try:
        parser.Parse(text, True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, ValueError, LookupError):
        raise InvalidInputError("the metadata is no XML") from None
    return root.children[0]


def _data_set(node: _Node) -> JSONObject:
    """Return the attributes of a node, private ones in the blocks of their creators."""
    found: JSONObject = {}
    private: list[tuple[int, str, JSONObject]] = []
    for child in node.children:
        if child.name != "DicomAttribute":
            raise InvalidInputError(f"the XML has something else than attributes in {node.name}")
        text = child.attributes.get("tag", "")
        if _TAG.fullmatch(text) is None:
            raise InvalidInputError("an attribute of the XML has no tag")
        tag, creator = int(text, 16), child.attributes.get("privateCreator", "")
        if creator and is_private(tag):
            # Without its block it may look like the tag of a private creator.
            private.append((tag, creator, _attribute(child)))
            continue
        _add(found, tag, _attribute(child))
    for tag, creator, element in private:
        _add(found, _placed(found, tag, creator), element)
    return found


def _add(found: JSONObject, tag: int, element: JSONObject) -> None:
    key = f"{tag:08X}"
    if key in found:
        raise InvalidInputError("an attribute of the XML is told twice")
    found[key] = element


def _placed(found: JSONObject, tag: int, creator: str) -> int:
    """Return the tag of a private element in a block of its creator, reserved if need be."""
    blocks = {
        key: name for key, (group, name) in _creators(found).items() if int(group, 16) == tag >> 16
    }
    if blocks.get(tag >> 8) == creator:
        return tag
    for key, name in blocks.items():
        if name == creator:
            return key << 8 | tag & 0xFF
    group = tag >> 16
    for block in range(0x10, 0x100):
        if f"{group:04X}{block:04X}" not in found:
            found[f"{group:04X}{block:04X}"] = {"vr": "LO", "Value": [creator]}
            return group << 16 | block << 8 | tag & 0xFF
    raise InvalidInputError("a private group of the XML has no block left")


def _attribute(node: _Node) -> JSONObject:
    vr = node.attributes.get("vr", "")
    said: JSONObject = {"vr": vr} if vr else {}
    values: dict[int, JSON] = {}
    for child in node.children:
        if child.name == "InlineBinary":
            said["InlineBinary"] = child.text
        elif child.name == "BulkData":
            said["BulkDataURI"] = child.attributes.get("uri") or child.attributes.get("uuid", "")
        elif child.name in {"Value", "PersonName", "Item"}:
            number = child.attributes.get("number", "")
            if not (number.isascii() and number.isdigit() and 0 < int(number) <= _NUMBER_MAX):
                raise InvalidInputError("a value of the XML has no number")
            values[int(number)] = _value(child, vr)
        else:
            raise InvalidInputError("an attribute of the XML has something else than values")
    if values:
        if max(values) > len(values) + _GAPS_MAX:
            raise InvalidInputError("values of the XML are missing")
        said["Value"] = [values.get(number) for number in range(1, max(values) + 1)]
    return said


def _value(node: _Node, vr: str) -> JSON:
    if node.name == "Item":
        return _data_set(node)
    if node.name == "PersonName":
        return {group.name: _joined(group) for group in node.children}
    text = node.text
    if vr in _INTEGERS or vr in _FLOATS:
        # What is no number stays text: whoever encodes it says of which element it is.
        with contextlib.suppress(ValueError):
            return int(text) if vr in _INTEGERS else _finite(text)
    return text or None


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number


def _joined(group: _Node) -> str:
    parts = {part.name: part.text for part in group.children}
    return "^".join(parts.get(name, "") for name in _NAME_PARTS).rstrip("^")
