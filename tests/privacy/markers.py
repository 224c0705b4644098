"""Values that exist nowhere else, in every shape that an element can hold, and a list of them."""

import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

TEXT_PATTERN = rb"zqx[a-z2-7]{6}"
UID_PATTERN = rb"1\.3\.6\.1\.4\.1\.98765\.[0-9]{7,}"
# Pseudonyms are long numbers: somewhere in one of them any eight digits may turn up by chance.
DATE_PATTERN = rb"(?<![0-9.])18[0-9]{6}"
TIME_PATTERN = rb"[0-9]{6}\.77[0-9]{4}"
INTEGER_PATTERN = rb"(?<![0-9])79[0-9]{7}"
DECIMAL_PATTERN = rb"0\.79[0-9]{8}"
WORD_PATTERN = rb"zq[a-z2-7]{6}"

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# Letters of other scripts in the place of digits.
_SCRIPTS = {
    "latin_1": ("ÄÖÞ", "ÀÇÈÌÑÒÙÝÆØ"),
    "iso8859_5": ("ЖЩЪ", "АБВГДЕИКЛМ"),
    "tis_620": ("กขค", "งจฉชซฌญฎฏฐ"),
    "utf-8": ("漢字名", "一二三四五六七八九十"),
    "iso2022_jp": ("山田太", "東西南北春夏秋冬天地"),
}


@dataclass(frozen=True, slots=True)
class Marker:
    """One planted value.

    Attributes
    ----------
    form
        `text`, `uid`, `date`, `time`, `integer`, `decimal`, `word` (8 bytes), `bytes` (4 bytes
        that are no text) or the codec of a foreign script.
    value
        As bytes in small letters, or in UTF-8 for a foreign script.
    where
        File and path of tags, for the message of a failing test.
    tags
        Every tag on the way to it; empty outside of the Data Set.
    """

    form: str
    value: bytes
    where: str
    tags: tuple[int, ...] = ()


@dataclass
class Markers:
    """Makes markers, never the same twice, and remembers all of them."""

    made: list[Marker] = field(default_factory=list)
    where: str = ""
    tags: tuple[int, ...] = ()
    _count: int = 0
    _random: random.Random = field(default_factory=lambda: random.Random(20240131))

    def __len__(self) -> int:
        return len(self.made)

    def __iter__(self) -> Iterator[Marker]:
        return iter(self.made)

    def locate(self, start: int, values: Iterable[tuple[tuple[int, ...], bytes]]) -> None:
        """Note where markers stand that were made without a place, from number `start` on."""
        places = [(path, value.lower()) for path, value in values]
        for number in range(start, len(self.made)):
            marker = self.made[number]
            if not marker.tags:
                found = next((path for path, value in places if marker.value in value), ())
                self.made[number] = replace(marker, tags=found)

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _keep(self, form: str, value: bytes) -> None:
        path = ".".join(f"{tag:08X}" for tag in self.tags)
        self.made.append(Marker(form, value, f"{self.where} {path}".strip(), self.tags))

    def _letters(self, count: int) -> str:
        number = self._next() * 7919
        return "".join(_LETTERS[number >> 5 * place & 31] for place in range(count))

    def text(self) -> str:
        """Return nine letters and digits, beginning with ZQX."""
        value = "ZQX" + self._letters(6)
        self._keep("text", value.lower().encode())
        return value

    def word(self) -> bytes:
        """Return eight bytes that read as text."""
        value = ("ZQ" + self._letters(6)).encode()
        self._keep("word", value.lower())
        return value

    def four_bytes(self) -> bytes:
        """Return four bytes that are neither text nor small numbers."""
        value = struct.pack("<I", self._random.randrange(0x90000000, 0xF0000000) | 0x80808080)
        self._keep("bytes", value)
        return value

    def uid(self) -> str:
        """Return a UID of a root that nobody has."""
        value = f"1.3.6.1.4.1.98765.{1000003 * self._next()}"
        self._keep("uid", value.encode())
        return value

    def date(self) -> str:
        """Return a day of the 19th century."""
        day = date(1801, 1, 1) + timedelta(days=self._next() * 37 % 36000)
        value = day.strftime("%Y%m%d")
        self._keep("date", value.encode())
        return value

    def time(self) -> str:
        """Return a time of day whose microseconds begin with 77."""
        hour, number = divmod(self._next(), 10000)
        value = f"{10 + hour:02d}1112.77{number:04d}"
        self._keep("time", value.encode())
        return value

    def integer(self) -> str:
        """Return a number of nine digits, beginning with 79."""
        value = f"79{self._next():07d}"
        self._keep("integer", value.encode())
        return value

    def decimal(self) -> str:
        """Return a decimal fraction beginning with 0.79."""
        value = f"0.79{self._next():08d}"
        self._keep("decimal", value.encode())
        return value

    def foreign(self, codec: str) -> str:
        """Return letters of the script that a codec stands for, without one of ASCII."""
        start, digits = _SCRIPTS[codec]
        value = start + "".join(digits[int(digit)] for digit in f"{self._next():06d}")
        self._keep(codec, value.encode())
        return value
