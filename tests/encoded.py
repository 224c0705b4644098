"""Elements, Items and Part 10 streams encoded by hand, right or wrong, for tests of parsers."""

from struct import pack


def element(tag: int, vr: str, value: bytes, length: int | None = None) -> bytes:
    """Return an explicit element; ``vr`` empty: an implicit one."""
    length = len(value) if length is None else length
    head = pack("<HH", tag >> 16, tag & 0xFFFF)
    if not vr:
        return head + pack("<I", length) + value
    if vr in ("OB", "OW", "SQ", "UN", "UT"):
        return head + vr.encode() + pack("<HI", 0, length) + value
    return head + vr.encode() + pack("<H", length) + value


UNDEFINED = 0xFFFFFFFF
ITEM_END = element(0xFFFEE00D, "", b"")
SEQUENCE_END = element(0xFFFEE0DD, "", b"")
MODALITY = element(0x00080060, "CS", b"CT")
NAME = element(0x00100010, "PN", b"A^B ")


def part10(data_set: bytes, transfer_syntax_uid: str = "1.2.840.10008.1.2.1") -> bytes:
    """Return preamble, prefix, a file meta of one element or none, and the Data Set."""
    uid = transfer_syntax_uid.encode()
    meta = element(0x00020010, "UI", uid + b"\0" * (len(uid) % 2)) if uid else b""
    return bytes(128) + b"DICM" + meta + data_set


def item(content: bytes, *, is_defined: bool = True) -> bytes:
    """Return an Item of known or undefined length."""
    if is_defined:
        return element(0xFFFEE000, "", content)
    return element(0xFFFEE000, "", content + ITEM_END, UNDEFINED)


def sequence(tag: int, *items: bytes, vr: str = "SQ", is_defined: bool = True) -> bytes:
    """Return a sequence of known or undefined length, explicit or, ``vr`` empty, implicit."""
    content = b"".join(items)
    if is_defined:
        return element(tag, vr, content)
    return element(tag, vr, content + SEQUENCE_END, UNDEFINED)
