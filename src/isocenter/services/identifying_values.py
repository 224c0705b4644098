"""Values of Instances that say who the patient is, removed from texts that others wrote.

A help for logs of programs that print what they read; what a program makes of such a value (one
letter changed, digits in groups) is not found.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from isocenter.dicom.header_index import index_header
from isocenter.errors import IsocenterError
from isocenter.services.files import FileSource

REMOVED = "[removed]"
_TEXTS = ("utf-8", "latin-1")
# Names of people, whose parts are names too.
_NAMES = (
    *(0x00100010, 0x00101001, 0x00101005, 0x00101060, 0x00080090, 0x00081048, 0x00081050),
    *(0x00081060, 0x00081070, 0x00321032, 0x0040A123),
)
# Numbers, dates, places and texts of people; and what names the examination elsewhere.
_TAGS = (
    *(0x00100020, 0x00101000, 0x00100030, 0x00101040, 0x00102154, 0x00104000, 0x001021B0),
    *(0x00080050, 0x00080080, 0x00080081, 0x00081010, 0x00200010, 0x00401001, 0x00400253),
    *(0x00181000, 0x00324000, 0x00081030, 0x0008103E, 0x00080018, 0x0020000D, 0x0020000E),
)
_WORD_CHARACTERS_MIN = 3
_PARTS = re.compile(r"[\^=\\\s,;]+")


class IdentifyingValues:
    """Values of some Instances."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def add(self, path: Path) -> None:
        """Add the values of an Instance; of what cannot be read there are none."""
        try:
            with FileSource(path) as source:
                dataset = index_header(source).dataset
                there = dataset.elements.keys()
                names = [dataset.value(tag) for tag in _NAMES if tag in there]
                others = [dataset.value(tag) for tag in _TAGS if tag in there]
        except IsocenterError:
            return
        # As programs print them, whatever the character set says.
        for encoding in _TEXTS:
            for value in names:
                self._take(_PARTS.split(value.decode(encoding, "ignore")))
            for value in (*names, *others):
                self._take(value.decode(encoding, "ignore").split("\\"))

    def _take(self, texts: Iterable[str]) -> None:
        words = (text.strip(" \0") for text in texts)
        self._values.update(word for word in words if len(word) >= _WORD_CHARACTERS_MIN)

    def remove(self, text: str) -> str:
        """Return a text without the values, in capitals or not."""
        if not self._values or not text:
            return text
        longest_first = sorted(self._values, key=len, reverse=True)
        pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
        return re.sub(pattern, REMOVED, text, flags=re.IGNORECASE)
