"""Every image at hand, compressed by every codec and decoded by programs that are not ours."""

import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.rle import _rle_decode_frame

from isocenter.services.reports import Report, Work
from isocenter.services.transcode import compress_lossless, compress_lossy
from tests.judges import errors_of
from tests.recorded_facts import (
    Fact,
    Samples,
    digest_of,
    installed_images,
    native_samples,
    shared_images,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("odd_values_allowed")]

# By how they begin.
REASONS = (
    "no image",
    "indices of a palette cannot be compressed with loss",
    "video is not transcoded",
    "already compressed",
    "1-bit pixels can be compressed by rle and deflate only",
    "the bits outside of Bits Stored are in use",
    "a frame has 1024 x 3722445056 pixels",  # made so: a delimiter inside the codestream
    "the file ends inside element",
    "NumberOfFrames is not a decimal number",
    *(f"{name} is not used for" for name in ("j2k", "htj2k", "jpegls", "jpeg-lossless", "jpegxl")),
)
PROGRAMS = {
    "gdcmconv": ("gdcmconv", "--raw"),
    "dcmdjpls": ("dcmdjpls",),
    "dcmdjpeg": ("dcmdjpeg", "+cn"),  # no conversion of colours
    "dcmdrle": ("dcmdrle",),
}
# A DERIVED ophthalmic photograph needs a third value (PS3.3 C.8.17.2.1.4), a word for what was
# done to it, and the standard has none for a lossy compression.
WAIVED = frozenset({"sample-op.dcm: ImageType"})
FRAMES_MAX = 3  # of each image, where every frame is a process

Digests = Iterator[tuple[Path, str]]


def by_program(name: str) -> Callable[[list[Path], Path], Digests]:
    """Return a judge that makes native files."""

    def judge(paths: list[Path], scratch: Path) -> Digests:
        for path in paths:
            native = scratch / f"{name}.dcm"
            native.unlink(missing_ok=True)
            command = [*PROGRAMS[name], str(path), str(native)]
            done = subprocess.run(command, check=False, capture_output=True)
            if done.returncode or not native.exists():
                yield path, f"{name}: {(done.stdout + done.stderr)[-200:]!r}"
            else:
                yield path, digest_of(native_samples(dcmread(native)))

    return judge


def by_openjpeg(paths: list[Path], _: Path) -> Digests:
    """Judge HTJ2K; in a process of its own."""
    command = [sys.executable, "-m", "tests.htj2k_judge", *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    yield from zip(paths, done.stdout.split(), strict=True)


def by_djxl(paths: list[Path], scratch: Path) -> Digests:
    """Judge JPEG XL by its reference decoder; of many frames, the first ones."""
    for path in paths:
        dataset = dcmread(path)
        count = int(dataset.get("NumberOfFrames") or 1)
        frames = generate_frames(dataset.PixelData, number_of_frames=count)
        decoded = [
            _unscaled(frame, dataset, scratch)
            for frame, _ in zip(frames, range(FRAMES_MAX), strict=False)
        ]
        if count <= FRAMES_MAX:
            yield path, digest_of(np.stack(decoded))


def _unscaled(frame: bytes, dataset: Dataset, scratch: Path) -> Samples:
    """Return samples of a PGM or PPM, which has them stretched over 8 or 16 bits."""
    encoded = scratch / "frame.jxl"
    encoded.write_bytes(frame)
    written = scratch / ("frame.pgm" if dataset.SamplesPerPixel == 1 else "frame.ppm")
    subprocess.run(["djxl", encoded, written], check=True, capture_output=True)
    width = 2 if dataset.BitsStored > 8 else 1
    shape = (dataset.Rows, dataset.Columns, *([3] if dataset.SamplesPerPixel == 3 else []))
    stretched = np.frombuffer(written.read_bytes()[-int(np.prod(shape)) * width :], f">u{width}")
    highest = (1 << dataset.BitsStored) - 1
    stored = np.round(stretched / ((1 << 8 * width) - 1) * highest).astype("i8").reshape(shape)
    if dataset.PixelRepresentation:
        stored -= (stored > highest // 2) * (highest + 1)
    kind = f"<{'i' if dataset.PixelRepresentation else 'u'}{dataset.BitsAllocated // 8}"
    samples: Samples = stored.astype(kind)
    return samples


def by_zlib(paths: list[Path], _: Path) -> Digests:
    """Judge deflated frames."""
    for path in paths:
        dataset = dcmread(path)
        count = int(dataset.get("NumberOfFrames") or 1)
        inflated = [
            zlib.decompress(frame, -zlib.MAX_WBITS)
            for frame in generate_frames(dataset.PixelData, number_of_frames=count)
        ]
        if dataset.BitsAllocated == 1 and dataset.Rows * dataset.Columns % 8:
            continue  # frames fill whole bytes here, which native ones do not
        dataset.PixelData = b"".join(inflated)
        yield path, digest_of(native_samples(dataset))


def by_pydicom(paths: list[Path], _: Path) -> Digests:
    """Judge RLE by pydicom's own decoder, also of single bits."""
    for path in paths:
        dataset = dcmread(path)
        count = int(dataset.get("NumberOfFrames") or 1)
        is_packed = dataset.BitsAllocated == 1
        if is_packed and dataset.Rows * dataset.Columns % 8 and count > 1:
            continue  # frames fill whole bytes here, which native ones do not
        rows = 1 if is_packed else dataset.Rows
        columns = -(-dataset.Rows * dataset.Columns // 8) if is_packed else dataset.Columns
        bits = max(8, dataset.BitsAllocated)
        decoded = [
            bytes(_rle_decode_frame(frame, rows, columns, dataset.SamplesPerPixel, bits))
            for frame in generate_frames(dataset.PixelData, number_of_frames=count)
        ]
        dataset.PixelData = b"".join(decoded)
        if dataset.SamplesPerPixel > 1:
            dataset.PlanarConfiguration = 1
        yield path, digest_of(native_samples(dataset))


Judge = Callable[[list[Path], Path], Digests]
# Each image is decoded by the first judge that can; what the others can decode must agree.
JUDGES: dict[str, list[Judge]] = {
    "j2k": [by_program("gdcmconv"), by_openjpeg],
    "htj2k": [by_openjpeg],
    "jpegls": [by_program("dcmdjpls"), by_program("gdcmconv")],
    "jpeg-lossless": [by_program("dcmdjpeg"), by_program("gdcmconv")],
    "rle": [by_program("dcmdrle"), by_pydicom],
    "jpegxl": [by_djxl],
    "deflate": [by_zlib],
}
EXACT_MIN = 140


def images(shared_data: Path) -> list[Fact]:
    return shared_images(shared_data, of_a_series=2) + installed_images(shared_data)


@pytest.mark.parametrize("codec", list(JUDGES))
@pytest.mark.judge("gdcmconv", "dcmdjpls", "dcmdjpeg", "dcmdrle", "djxl", "dcmdump", "dciodvfy")
def test_others_decode_every_image_to_the_recorded_samples(
    codec: str, shared_data: Path, tmp_path: Path
) -> None:
    facts = {fact.path: fact for fact in images(shared_data)}
    options = {"codec": codec}
    work = Work(paths=tuple(facts), out=tmp_path / "out", options=options, jobs=2, durable=False)

    report = compress_lossless(work)

    assert not _unexplained(report)
    made = _made(report, facts)
    exact, wrong = _judged(made, JUDGES[codec], tmp_path)
    assert not wrong
    assert len(exact) >= EXACT_MIN
    assert not _new_in_structure(made)
    if codec in ("j2k", "jpegls"):  # of the others, dciodvfy knows no more, or nothing at all
        assert not _new_in_attributes(made, tmp_path)


def _made(report: Report, facts: dict[Path, Fact]) -> dict[Path, Fact]:
    return {one.outputs[0]: facts[one.path] for one in report.files if one.status == "done"}


def _judged(
    made: dict[Path, Fact], judges: list[Judge], scratch: Path
) -> tuple[set[Path], list[str]]:
    """Return which outputs somebody decoded exactly, and what is wrong with the others."""
    exact: set[Path] = set()
    wrong = []
    for judge in judges:
        for path, digest in judge([path for path in made if path not in exact], scratch):
            digest_known = made[path].digest
            if not digest_known or digest == digest_known:
                exact.add(path)
            elif len(digest) == len(digest_known):
                wrong.append(f"{made[path].path.name}: decoded to other samples")
    return exact, wrong


def _unexplained(report: Report) -> list[str]:
    return [
        f"{outcome.path.name}: {outcome.reason}"
        for outcome in report.files
        if outcome.status in ("failed", "skipped") and not outcome.reason.startswith(REASONS)
    ]


def _new_in_structure(made: dict[Path, Fact]) -> list[str]:
    """Return what dcmdump says of outputs and of none of their sources."""
    before = _structure_of([fact.path for fact in made.values()])
    return sorted(_structure_of(list(made)) - before)


def _structure_of(paths: list[Path]) -> set[str]:
    done = subprocess.run(
        ["dcmdump", "--search", "0008,0016", *paths], check=False, capture_output=True
    )
    lines = (done.stdout + done.stderr).decode(errors="replace").splitlines()
    return {re.sub(r"\S*/\S+", "FILE", line) for line in lines if line.startswith(("E:", "W:"))}


def _new_in_attributes(made: dict[Path, Fact], scratch: Path) -> list[str]:
    """Return the attributes of which dciodvfy says something it does not say of the sources."""
    found = []
    for path, fact in made.items():
        after = _subjects(path)
        if not after:
            continue
        known = _subjects(fact.path) | _subjects(_converted(fact.path, scratch))
        if "SOPInstanceUID" in known:  # which is told again in these places
            known |= {"MediaStorageSOPInstanceUID", "ReferencedSOPInstanceUID"}
        found += [f"{fact.path.name}: {line}" for line in sorted(after - known)]
    return [one for one in found if one not in WAIVED]


def _subjects(path: Path | None) -> set[str]:
    if path is None:
        return set()
    return {one.about for one in errors_of(path)}


def _converted(path: Path, scratch: Path) -> Path | None:
    """Return the file as DCMTK writes it anew: of some encodings dciodvfy reads the half."""
    target = scratch / "converted.dcm"
    target.unlink(missing_ok=True)
    subprocess.run(["dcmconv", "+te", path, target], check=False, capture_output=True)
    return target if target.exists() else None


@pytest.mark.parametrize("codec", ["j2k", "htj2k"])
@pytest.mark.judge("gdcmconv", "dcmdump", "dciodvfy")
def test_others_decode_what_lost_something_as_well_as_was_asked(
    codec: str, shared_data: Path, tmp_path: Path
) -> None:
    facts = {fact.path: fact for fact in images(shared_data)}
    options: dict[str, object] = {"codec": codec, "psnr": "45"}
    work = Work(paths=tuple(facts), out=tmp_path / "out", options=options, jobs=2, durable=False)

    report = compress_lossy(work)

    assert not _unexplained(report)
    made = _made(report, facts)
    assert len(made) >= EXACT_MIN
    assert not _new_in_structure(made)
    if codec == "j2k":
        assert not _new_in_attributes(made, tmp_path)
    for path in made:
        assert dcmread(path, stop_before_pixels=True).LossyImageCompression == "01"
