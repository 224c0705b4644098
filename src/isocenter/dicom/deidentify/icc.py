"""ICC profiles without their text: who made them and for which device stays out.

References
----------
ICC.1:2010 7.2 (header), 7.3 (tag table), 10.13 (mluc), 10.22 (text); ICC.1:2001 6.5.17 (desc).
"""

from struct import unpack_from

_HEADER_BYTES = 128
_TAGS_MAX = 100
# Types whose content is text or private to a maker: description, texts, numbers of devices.
_NUMERIC_TYPES = frozenset(
    {
        *(b"XYZ ", b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mBA ", b"sf32", b"uf32"),
        *(b"chrm", b"meas", b"view", b"ui08", b"ui16", b"ui32", b"clro"),
    }
)
# Offset and length in the header: CMM, date and time, manufacturer, model, creator, Profile ID.
_IDENTIFYING = ((4, 4), (24, 12), (48, 8), (80, 4), (84, 44))


def cleaned_icc_profile(profile: bytes) -> bytes:
    """Return the profile with all text zeroed, ``b""`` where it is no ICC profile.

    Lengths and offsets stay; only bytes that a numeric tag names keep their value.
    """
    if profile[36:40] != b"acsp" or len(profile) < _HEADER_BYTES + 4:
        return b""
    size, (count,) = (
        min(int.from_bytes(profile[:4], "big"), len(profile)),
        unpack_from(">I", profile, 128),
    )
    table_end = _HEADER_BYTES + 4 + 12 * count
    if count > _TAGS_MAX or table_end > size:
        return b""
    cleaned = bytearray(size)
    cleaned[:table_end] = profile[:table_end]
    for start, length in _IDENTIFYING:
        cleaned[start : start + length] = bytes(length)
    for number in range(count):
        _, start, length = unpack_from(">4sII", profile, _HEADER_BYTES + 4 + 12 * number)
        end = start + length
        if start < table_end or end > size:
            return b""
        kind = profile[start : start + 4]
        cleaned[start : start + 8] = kind + bytes(4)
        if kind in _NUMERIC_TYPES:
            cleaned[start:end] = profile[start:end]
    return bytes(cleaned)
