"""Keyed, stateless pseudonyms: HMAC-SHA256 of the project's key and what is replaced.

The same key gives the same pseudonyms in every file, run and machine; without the key nothing
links a pseudonym to its source, nor two pseudonyms made with different keys. Each kind of value
has a domain of its own, so that equal texts of different kinds are not linked either.

References
----------
PS3.15 E.1 (de-identifier), E.3.6 (longitudinal temporal information), PS3.5 B.2 (UIDs of UUIDs).
"""

import hmac
import re
from base64 import b32encode

from isocenter.dicom.names_table import UID_NAMES

STANDARD_ROOT = "1.2.840.10008."
UID = re.compile(r"(?=.{1,64}$)(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")
# Transfer Syntaxes and SOP Classes; no component of them is longer than three digits.
_OF_STANDARD = re.compile(r"1\.2\.840\.10008\.(?:1\.2|5\.1\.4)(?:\.[0-9]{1,3}){0,8}")

# Shifts go back by one day to ten years: no date of a study comes to lie in the future.
SHIFT_DAYS_MAX = 3652
_ID_BYTES = 10


def _digest(key: bytes, domain: str, *parts: str) -> bytes:
    """Return the keyed digest; each part goes in with its length, so that no two lists collide."""
    message = [domain.encode()]
    for part in parts:
        raw = part.encode()
        message.append(len(raw).to_bytes(4, "big") + raw)
    return hmac.digest(key, b"\0".join(message), "sha256")


def uid(key: bytes, original: str) -> str:
    """Return the UID that stands for another one: ``2.25.`` and 128 bits."""
    return "2.25." + str(int.from_bytes(_digest(key, "isocenter uid", original)[:16], "big"))


def is_registered(original: str) -> bool:
    """Return whether the standard itself gives the UID a name (PS3.6 Annex A)."""
    return original.startswith(STANDARD_ROOT) and f"\n{original} " in UID_NAMES


def is_of_standard(original: str) -> bool:
    """Return whether the UID is a class or an encoding of the standard, also of a later edition."""
    return _OF_STANDARD.fullmatch(original) is not None or is_registered(original)


def patient_id(key: bytes, original: str, issuer: str = "") -> str:
    """Return 16 characters that stand for a Patient ID of this issuer."""
    return b32encode(_digest(key, "isocenter patient id", original, issuer)[:_ID_BYTES]).decode()


def application_entity(key: bytes, original: str) -> str:
    """Return an application entity title that stands for another one, 16 characters."""
    digest = _digest(key, "isocenter application entity", original)
    return "AE" + b32encode(digest[:_ID_BYTES]).decode()[:14]


def shift_days(key: bytes, *patient: str) -> int:
    """Return by how many days the dates of a patient are moved, -3652 to -1."""
    digest = _digest(key, "isocenter date shift", *patient)
    return -1 - int.from_bytes(digest[:8], "big") % SHIFT_DAYS_MAX
