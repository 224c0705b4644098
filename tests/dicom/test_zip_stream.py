"""Archives are what zip programs expect, also beyond 4 GiB and 65,535 files."""

import binascii
import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from isocenter.dicom.zip_stream import ZipEntry, archive_size, directory, local_header

GIB = 1 << 30


def archive(files: list[tuple[str, bytes]]) -> bytes:
    made = b""
    entries = []
    for name, content in files:
        entry = ZipEntry(name, len(content), binascii.crc32(content), len(made))
        entries.append(entry)
        made += local_header(entry) + content
    return made + directory(entries, len(made))


FILES = [("a.dcm", b"one" * 1000), ("b.txt", b""), ("c.png", bytes(range(256)))]


def test_pythons_reader_finds_every_byte() -> None:
    made = archive(FILES)
    with zipfile.ZipFile(io.BytesIO(made)) as read:
        assert read.testzip() is None
        assert [(name, read.read(name)) for name in read.namelist()] == FILES


@pytest.mark.judge("unzip")
def test_unzip_finds_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive(FILES))
    done = subprocess.run(["unzip", "-t", tmp_path / "a.zip"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_length_is_known_before() -> None:
    made = archive(FILES)
    assert archive_size([(name, len(content)) for name, content in FILES]) == len(made)
    assert archive_size([]) == len(archive([]))


def test_the_same_files_give_the_same_archive() -> None:
    assert archive(FILES) == archive(FILES)


def test_more_than_4_gib_and_what_follows_is_found(tmp_path: Path) -> None:
    large = ZipEntry("large", 5 * GIB, 0, 0)
    small = ZipEntry("small", 3, binascii.crc32(b"abc"), len(local_header(large)) + 5 * GIB)
    end = small.offset + len(local_header(small)) + 3
    with (tmp_path / "a.zip").open("wb") as file:  # sparse: it takes no room
        file.write(local_header(large))
        file.seek(small.offset)
        file.write(local_header(small) + b"abc" + directory([large, small], end))
    assert (tmp_path / "a.zip").stat().st_size == archive_size([("large", 5 * GIB), ("small", 3)])
    with zipfile.ZipFile(tmp_path / "a.zip") as read:
        assert [info.file_size for info in read.infolist()] == [5 * GIB, 3]
        assert read.read("small") == b"abc"


def test_more_than_65_535_files_are_found() -> None:
    made = archive([(f"{number}", b"") for number in range(70_000)])
    with zipfile.ZipFile(io.BytesIO(made)) as read:
        assert len(read.namelist()) == 70_000
        assert read.read("69999") == b""
