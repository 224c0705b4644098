"""De-identifying Data Sets in tests: pydicom in, pydicom out."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pydicom
from pydicom import Dataset

from isocenter.dicom.deidentify.apply import Deidentified, deidentify
from isocenter.dicom.deidentify.profile import Held, Option, Profile
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource, read_pieces
from tests.builders import to_bytes

KEY = b"a key of a project, for tests only"
OTHER_KEY = b"a key of another project, of tests"
TABLE = Path(__file__).parents[3] / "tools" / "confidentiality_profile_attributes.json"
BASIC = Profile(KEY)


def rows() -> list[dict[str, str]]:
    """Return the rows of Table E.1-1, as the standard's own file has them."""
    found: list[dict[str, str]] = json.loads(TABLE.read_text())
    return found


def profile(*options: Option, key: bytes = KEY, accepted: Iterable[Held] = ()) -> Profile:
    return Profile(key, frozenset(options), frozenset(accepted))


def run(raw: bytes, chosen: Profile = BASIC) -> tuple[Deidentified, bytes]:
    """Return the result for a whole file, and its bytes."""
    source = BytesSource(raw)
    made = deidentify(index_header(source), source, chosen)
    return made, b"".join(read_pieces(made.pieces, [source]))


def deidentified(dataset: Dataset, chosen: Profile = BASIC) -> Dataset:
    """Return the Data Set as it comes out, read by pydicom."""
    return read(run(to_bytes(dataset), chosen)[1])


def read(raw: bytes) -> Dataset:
    return pydicom.dcmread(io.BytesIO(raw))


def value(dataset: Dataset, keyword: str) -> Any:  # noqa: ANN401 - a value of any VR
    """Return the value of an element, None where it is absent."""
    return dataset[keyword].value if keyword in dataset else None
