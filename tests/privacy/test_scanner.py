"""The scanner finds markers in every disguise; otherwise its silence would mean nothing."""

import base64
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.privacy.markers import Marker, Markers
from tests.privacy.scanner import Scanner
from tests.raw_instance import encode, text

Disguise = Callable[[bytes], bytes]


def _deflated_data_set(value: bytes) -> bytes:
    meta = encode({0x00020010: text("UI", "1.2.840.10008.1.2.1.99")})
    length = b"\2\0\0\0UL\4\0" + len(meta).to_bytes(4, "little")
    packer = zlib.compressobj(wbits=-15)
    return bytes(128) + b"DICM" + length + meta + packer.compress(value) + packer.flush()


def _high_nibbles(value: bytes) -> bytes:
    return b"".join(bytes((7, half << 4 | 5)) for b in value for half in (b >> 4, b & 15))


DISGUISES: dict[str, Disguise] = {
    "as it is": lambda value: b"before" + value + b"behind",
    "small letters": bytes.lower,
    "UTF-16 LE": lambda value: value.decode("ascii").encode("utf-16-le"),
    "UTF-16 BE": lambda value: b"\1" + value.decode("ascii").encode("utf-16-be"),
    "with NULs": lambda value: b"\0\0\0".join(bytes((byte,)) for byte in value),
    "zlib": lambda value: b"\1\2\3" + zlib.compress(b"x" + value),
    "gzip": lambda value: b"\xff" * 7 + gzip.compress(value),
    "deflated": _deflated_data_set,
    "base64": lambda value: b"<p>" + base64.b64encode(b"an" + value) + b"</p>",
    "base64 in a word": lambda value: b"abc" + base64.b64encode(value),
    "zlib in UTF-16": lambda value: zlib.compress(value.decode("ascii").encode("utf-16-le")),
    "high bits": _high_nibbles,
}


@pytest.mark.parametrize("name", DISGUISES)
def test_a_marker_is_found_in_each_disguise(name: str) -> None:
    markers = Markers()
    value = markers.text().encode()

    assert Scanner(markers).in_bytes(DISGUISES[name](value)) == set(markers)


def _numbers(markers: Markers) -> list[bytes]:
    makers = (markers.uid, markers.date, markers.time, markers.integer, markers.decimal)
    return [make().encode() for make in makers]


@pytest.mark.parametrize("name", ["as it is", "UTF-16 LE", "zlib", "base64", "deflated"])
def test_numbers_dates_and_uids_are_found_too(name: str) -> None:
    markers = Markers()

    for value, marker in zip(_numbers(markers), markers, strict=True):
        assert Scanner(markers).in_bytes(DISGUISES[name](b" " + value)) == {marker}


@pytest.mark.parametrize("codec", ["latin_1", "iso8859_5", "tis_620", "utf-8", "iso2022_jp"])
@pytest.mark.parametrize("other", ["", "utf-8", "utf-16-le", "utf-16-be"])
def test_foreign_scripts_are_found_in_their_own_and_in_unicode(codec: str, other: str) -> None:
    markers = Markers()
    written = markers.foreign(codec).encode(other or codec)

    assert Scanner(markers).in_bytes(b"1" + written + b"2") == set(markers)


def test_bytes_that_are_no_text_are_found() -> None:
    markers = Markers()
    data = b"abc" + markers.four_bytes() + markers.word()

    assert Scanner(markers).in_bytes(data) == set(markers)


def test_names_of_files_and_folders_are_searched(tmp_path: Path) -> None:
    markers = Markers()
    folder = tmp_path / f"x{markers.text()}"
    folder.mkdir()
    (folder / f"{markers.text().lower()}.txt").write_text("nothing")

    found = Scanner(markers).in_folder(tmp_path)

    assert set[Marker]().union(*found.values()) == set(markers)


def test_other_bytes_hold_nothing() -> None:
    markers = Markers()
    for _ in range(50):
        markers.text()

    assert Scanner(markers).in_bytes(bytes(range(256)) * 40 + b"ZQXAAAAA9") == set()
