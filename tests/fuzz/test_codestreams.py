"""Broken and hostile codestreams through every action that decodes: an error for each, no crash."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames
from pydicom.uid import HTJ2KLossless

from isocenter.services.export import export
from isocenter.services.reports import FileOutcome, Report, Work
from isocenter.services.transcode import compress_lossless, decompress
from tests.builders import instance, to_bytes, write

CODECS = ("j2k", "htj2k", "jpegls", "jpeg-lossless", "rle", "jpegxl", "deflate")
SIZE, FRAMES = 48, 2
FLIPS, FLIPS_FULL = 12, 600
CONTROL = "control.dcm"


def multi_frame(seed: int) -> Dataset:
    dataset = instance(seed, rows=SIZE, columns=SIZE)
    other = instance(seed + 1, rows=SIZE, columns=SIZE)
    dataset.NumberOfFrames = FRAMES
    dataset.PixelData = dataset.PixelData + other.PixelData
    return dataset


def encoded(codec: str, folder: Path) -> Dataset:
    """Return an instance that the codec has compressed."""
    path = write(multi_frame(3), folder / "source" / f"{codec}.dcm")
    work = Work(paths=(path,), out=folder / "encoded", options={"codec": codec}, durable=False)
    (output,) = compress_lossless(work).outputs
    return dcmread(output.path)


def stored(dataset: Dataset) -> bytes:
    """Return the file, also in a Transfer Syntax that pydicom does not know."""
    uid = dataset.file_meta.TransferSyntaxUID
    if uid.is_transfer_syntax:
        return to_bytes(dataset)
    dataset.file_meta.TransferSyntaxUID = HTJ2KLossless
    data = to_bytes(dataset)
    dataset.file_meta.TransferSyntaxUID = uid
    known = HTJ2KLossless.encode()
    return data.replace(known, uid.encode().ljust(len(known), b"\0"), 1)


def with_frames(dataset: Dataset, frames: list[bytes]) -> bytes:
    # An empty offset table, then an item for each, which pydicom would not write of so little.
    items = [b"", *(frame + b"\0" * (len(frame) % 2) for frame in frames)]
    dataset.PixelData = b"".join(
        b"\xfe\xff\x00\xe0" + len(item).to_bytes(4, "little") + item for item in items
    )
    dataset["PixelData"].is_undefined_length = True
    return stored(dataset)


def broken(whole: Dataset, flips: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files that say something wrong or are damaged."""
    data = stored(whole)
    frames = list(generate_frames(whole.PixelData, number_of_frames=FRAMES))
    random = Random(11)
    for number in range(flips):
        changed = bytearray(frames[0])
        for _ in range(random.choice((1, 1, 3, 20))):
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
        yield f"flip{number}", with_frames(again(data), [bytes(changed), frames[1]])
    for length in (0, 1, 2, 7, 20, len(frames[0]) // 2, len(frames[0]) - 9):
        yield f"cut{length}", with_frames(again(data), [frames[0], frames[1][:length]])
    yield "one_fragment", with_frames(again(data), frames[:1])
    yield "no_fragment", with_frames(again(data), [])
    yield "noise", with_frames(again(data), [random.randbytes(500), random.randbytes(501)])
    yield "end_of_file", data[: len(data) - len(frames[1]) // 2]
    for keyword, value in (
        ("Rows", 65535),
        ("Rows", SIZE - 1),
        ("Columns", 1),
        ("Columns", 0),
        ("NumberOfFrames", 3),
        ("NumberOfFrames", 2**31 - 1),
        ("SamplesPerPixel", 3),
        ("BitsStored", 17),
        ("BitsAllocated", 8),
        ("BitsAllocated", 24),
    ):
        dataset = again(data)
        setattr(dataset, keyword, value)
        yield f"{keyword}{value}", stored(dataset)
    dataset = again(data)
    dataset.Rows = dataset.Columns = 65535
    dataset.NumberOfFrames = 2**31 - 1
    yield "absurd", stored(dataset)


def again(data: bytes) -> Dataset:
    return dcmread(BytesIO(data))


def mislabelled(wholes: dict[str, Dataset]) -> Iterator[tuple[str, bytes]]:
    """Yield what one codec made under the Transfer Syntax of each other one."""
    for codec, whole in wholes.items():
        for other, theirs in wholes.items():
            if other != codec:
                dataset = again(stored(whole))
                dataset.file_meta.TransferSyntaxUID = theirs.file_meta.TransferSyntaxUID
                yield f"{codec}_as_{other}", stored(dataset)


def native_and_broken() -> Iterator[tuple[str, bytes]]:
    for length in (0, 2, SIZE * SIZE * 2 - 2):
        dataset = instance(1, rows=SIZE, columns=SIZE)
        dataset.PixelData = dataset.PixelData[:length]
        yield f"native{length}", stored(dataset)
    dataset = instance(1, rows=SIZE, columns=SIZE)
    dataset.Rows = dataset.Columns = 65535
    dataset.NumberOfFrames = 2**31 - 1
    yield "native_absurd", stored(dataset)


def work_on(folder: Path, out: Path, **options: object) -> Work:
    return Work(paths=(folder,), out=out, options=options, jobs=2, durable=False)


def check(report: Report, count: int) -> list[FileOutcome]:
    """Check that each file is accounted for, with a reason where it failed; return the done."""
    assert len(report.files) == count
    for outcome in report.files:
        assert outcome.status in ("done", "failed", "unchanged"), outcome
        assert outcome.status == "done" or outcome.reason, outcome
        assert "\n" not in outcome.reason
    return [outcome for outcome in report.files if outcome.status == "done"]


def fuzz(folder: Path, flips: int) -> None:
    wholes = {codec: encoded(codec, folder) for codec in CODECS}
    native = multi_frame(3).PixelData
    files = folder / "files"
    for codec in CODECS:
        (files / codec).mkdir(parents=True)
        (files / codec / CONTROL).write_bytes(stored(again(stored(wholes[codec]))))
        for name, data in broken(wholes[codec], flips):
            (files / codec / f"{name}.dcm").write_bytes(data)
    for name, data in (*mislabelled(wholes), *native_and_broken()):
        (files / f"{name}.dcm").write_bytes(data)
    count = sum(path.is_file() for path in files.rglob("*"))

    decoded = check(decompress(work_on(files, folder / "decoded")), count)
    check(compress_lossless(work_on(files, folder / "packed", codec="rle")), count)
    shown = check(export(work_on(files, folder / "shown", type="png")), count)

    for codec in CODECS:
        assert dcmread(folder / "decoded" / codec / CONTROL).PixelData == native
    certain = ("absurd", "one_fragment", "no_fragment", "noise", "cut0", "Rows65535", "Columns0")
    for outcome in (*decoded, *shown):
        assert not outcome.path.stem.startswith(certain), outcome
    assert {path.name for path in (folder / "shown").glob("*/control_frame*.png")}


@pytest.mark.slow
def test_broken_codestreams_cost_nobody_but_themselves(tmp_path: Path) -> None:
    fuzz(tmp_path, FLIPS)


@pytest.mark.full
def test_many_broken_codestreams_cost_nobody_but_themselves(tmp_path: Path) -> None:
    fuzz(tmp_path, FLIPS_FULL)
