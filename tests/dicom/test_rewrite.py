"""Odd files rewritten plainly: the same elements and pixels, by independent witnesses."""

import hashlib
import io
import json
import subprocess
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import pack

import numpy as np
import pytest
from pydicom import Dataset, config, dcmread
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from isocenter.dicom.header_index import index_header
from isocenter.dicom.rewrite import rewrite
from isocenter.dicom.streams import BytesSource
from isocenter.errors import (
    InvalidInputError,
    NotDicomError,
    TooLargeError,
    TruncatedError,
)
from isocenter.jobs.sandbox import Sandbox
from isocenter.limits import Limits
from tests.builders import add_private, instance, to_bytes
from tests.header_view import read_by_pydicom, seen_in_bytes

PIXEL_DATA = 0x7FE00010

BIG_ENDIAN = (
    "barre/US-RGB-8-epicard.dcm",
    "pydicom-data/SC_rgb_expb.dcm",
    "pydicom-data/SC_rgb_expb_16bit.dcm",
    "pydicom-data/SC_rgb_expb_32bit.dcm",
    "pydicom-data/SC_rgb_expb_32bit_2frame.dcm",
    "pydicom-data/emri_small_big_endian.dcm",
    "pydicom/dicomdirtests/DICOMDIR-bigEnd",
    "pydicom/test_files/ExplVR_BigEnd.dcm",
    "pydicom/test_files/ExplVR_BigEndNoMeta.dcm",
    "pydicom/test_files/MR_small_bigendian.dcm",
    "pydicom/test_files/MR_small_expb.dcm",
    "pydicom/test_files/SC_rgb_small_odd_big_endian.dcm",
    "pydicom/test_files/liver_expb_1frame.dcm",
    "pydicom/test_files/rtdose_expb.dcm",
    "pydicom/test_files/rtdose_expb_1frame.dcm",
    "transfer_syntaxes_ct/CTImage_BigEndianExplicit_1.2.840.10008.1.2.2.dcm",
)
DEFLATED = (
    "dicomparser/report_dfl",
    "pydicom/test_files/image_dfl.dcm",
    "transfer_syntaxes_ct/CTImage_DeflatedExplicitVRLittleEndian_1.2.840.10008.1.2.1.99.dcm",
)
# Samples of 32 bits as whole numbers; DCMTK and GDCM read them as words of 16 bits, and the twins
# in little endian say that here pydicom is right.
WHOLE_NUMBERS = (
    "pydicom/test_files/rtdose_expb.dcm",
    "pydicom/test_files/rtdose_expb_1frame.dcm",
)
BROKEN = (
    "pydicom/dicomdirtests/DICOMDIR-nooffset",
    "pydicom/test_files/SC_rgb_jpeg.dcm",
)


def rewritten(data: bytes, limits: Limits | None = None) -> tuple[dict[str, object], bytes]:
    target = io.BytesIO()
    facts = rewrite(io.BytesIO(data), target, limits or Limits())
    return facts, target.getvalue()


def differences(one: Dataset, other: Dataset, place: str = "") -> list[str]:
    """Return the places where decoded values differ; Pixel Data is compared by its samples.

    Elements of VR UN are compared as bytes: in big endian pydicom would turn them round.
    """
    with config.disable_value_validation():
        return list(_differences(one, other, place))


def _differences(one: Dataset, other: Dataset, place: str) -> Iterator[str]:
    tags = {tag for dataset in (one, other) for tag in list(dataset.keys()) if tag.element}
    for tag in sorted(tags - {PIXEL_DATA}):
        here = f"{place}{tag}"
        if tag not in one or tag not in other:
            yield f"{here} is missing"
            continue
        stored, other_stored = one.get_item(tag), other.get_item(tag)
        if stored.VR == "UN" and stored.is_raw:
            if stored.value != other_stored.value:
                yield here
        elif one[tag].VR == "SQ":
            if len(one[tag].value) != len(other[tag].value):
                yield f"{here} has other items"
            for number, items in enumerate(zip(one[tag].value, other[tag].value, strict=False)):
                yield from _differences(*items, f"{here}[{number}]")
        elif one[tag].value != other[tag].value:
            yield here


@pytest.mark.usefixtures("odd_values_allowed")
@pytest.mark.parametrize("name", BIG_ENDIAN + DEFLATED + BROKEN)
def test_real_odd_files_keep_their_elements(shared_data: Path, name: str) -> None:
    data = (shared_data / "dicom" / name).read_bytes()

    facts, written = rewritten(data)

    assert differences(read_by_pydicom(data), dcmread(io.BytesIO(written))) == []
    assert bool(facts["warnings"]) == (name in BROKEN + WHOLE_NUMBERS)
    if name not in BROKEN:
        expected = ExplicitVRBigEndian if name in BIG_ENDIAN else DeflatedExplicitVRLittleEndian
        assert facts["transfer_syntax_uid"] == expected
    seen_in_bytes(written)


@pytest.mark.usefixtures("odd_values_allowed")
def test_real_odd_files_keep_their_pixels(shared_data: Path) -> None:
    lines = (shared_data / "dicom" / "FACTS.jsonl").read_text(encoding="utf-8").splitlines()
    facts = {fact["path"]: fact for fact in map(json.loads, lines)}
    checked = 0
    for name in BIG_ENDIAN + DEFLATED:
        expected = facts[name].get("pixel_sha256")
        if expected is None:
            continue
        _, written = rewritten((shared_data / "dicom" / name).read_bytes())
        samples = pixel_array(dcmread(io.BytesIO(written)), raw=True)
        samples = np.ascontiguousarray(samples, samples.dtype.newbyteorder("<"))
        assert hashlib.sha256(samples.tobytes()).hexdigest() == expected, name
        checked += 1
    assert checked == 16


@pytest.mark.judge("dcmconv", "dcmdump")
@pytest.mark.usefixtures("odd_values_allowed")
def test_dcmtk_converts_to_the_same_elements(shared_data: Path, tmp_path: Path) -> None:
    compared = 0
    for name in BIG_ENDIAN + DEFLATED:
        source, judged, ours = shared_data / "dicom" / name, tmp_path / "dcmtk", tmp_path / "ours"
        converted = subprocess.run(
            ["dcmconv", "+te", source, judged], capture_output=True, check=False
        )
        if converted.returncode:
            continue  # DCMTK refuses DICOMDIRs and files without file meta here
        ours.write_bytes(rewritten(source.read_bytes())[1])
        assert differences(dcmread(judged), dcmread(ours)) == [], name
        if name not in WHOLE_NUMBERS:
            assert dcmread(judged).get("PixelData") == dcmread(ours).get("PixelData"), name
        told = subprocess.run(["dcmdump", "-q", ours], capture_output=True, check=True)
        assert told.stderr == b""
        compared += 1
    assert compared >= 15


@pytest.mark.usefixtures("odd_values_allowed")
def test_truncated_files_keep_what_is_there(shared_data: Path) -> None:
    expected = {
        "MR_truncated.dcm": (72, "(7FE0,0010)"),
        "rtplan_truncated.dcm": (99, "(300A,00B0)"),
        "emri_small_jpeg_2k_lossless_too_short.dcm": (131, "(FFFE,E000)"),
    }
    for name, (count, place) in expected.items():
        (path,) = shared_data.rglob(name)
        facts, written = rewritten(path.read_bytes())
        _, seen = seen_in_bytes(written)
        assert sum(element.tag >> 16 != 0x0002 for element in seen) == count, name
        (warning,) = warnings_of(facts)
        assert place in warning


def warnings_of(facts: dict[str, object]) -> list[str]:
    warnings = facts["warnings"]
    assert isinstance(warnings, list)
    return warnings


def written_as(dataset: Dataset, transfer_syntax_uid: str) -> bytes:
    dataset.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    return to_bytes(dataset)


@pytest.mark.parametrize("uid", [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_built_files_come_back_as_if_written_plainly(uid: str) -> None:
    dataset = add_private(instance())
    if uid == ExplicitVRBigEndian:
        odd_dataset = add_private(instance())
        swapped = np.frombuffer(odd_dataset.PixelData, "<u2").astype(">u2").tobytes()
        odd_dataset.PixelData = swapped
        odd = written_as(odd_dataset, uid)
    else:
        odd = written_as(dataset, uid)
    plain = written_as(dataset, ExplicitVRLittleEndian)

    facts, written = rewritten(odd)

    assert facts == {"transfer_syntax_uid": uid, "warnings": []}
    before, after = index_header(BytesSource(plain)), index_header(BytesSource(written))
    assert after.transfer_syntax_uid == ExplicitVRLittleEndian
    assert (
        plain[before.dataset.elements[0x00080005][1] :]
        == (written[after.dataset.elements[0x00080005][1] :])
    )
    assert after.meta.value(0x00020003) == before.meta.value(0x00020003)


def test_an_ordinary_file_is_copied() -> None:
    data = to_bytes(add_private(instance()))

    assert rewritten(data) == (
        {"transfer_syntax_uid": ExplicitVRLittleEndian, "warnings": []},
        data,
    )


@pytest.mark.parametrize(
    ("said", "done"),
    [
        (ImplicitVRLittleEndian, ExplicitVRLittleEndian),
        (ExplicitVRLittleEndian, ImplicitVRLittleEndian),
        (ExplicitVRBigEndian, ExplicitVRLittleEndian),
        (ExplicitVRBigEndian, ImplicitVRLittleEndian),
    ],
)
def test_a_wrong_transfer_syntax_is_set_right_and_told(said: str, done: str) -> None:
    true = written_as(instance(), done)
    start = index_header(BytesSource(true)).dataset.elements[0x00080005][1]
    stated = pack("<HH2sH", 0x0002, 0x0010, b"UI", len(said) + len(said) % 2)
    wrong = bytes(128) + b"DICM" + stated + said.encode() + b"\0" * (len(said) % 2) + true[start:]

    facts, written = rewritten(wrong)

    assert facts["transfer_syntax_uid"] == said
    assert len(warnings_of(facts)) == 1
    assert index_header(BytesSource(written)).transfer_syntax_uid == done
    assert written.endswith(true[start:])


def test_a_broken_sequence_is_read_by_pydicom_and_told() -> None:
    data = to_bytes(instance())
    place = data.index(b"\xfe\xff\x00\xe0") + 4
    broken = data[:place] + pack("<I", 10_000) + data[place + 4 :]

    try:
        facts, written = rewritten(broken)
    except InvalidInputError:
        return
    assert warnings_of(facts)
    seen_in_bytes(written)


@pytest.mark.parametrize("zeros", [8, 12, 2048])
def test_zeros_behind_the_last_element_are_left_out_and_told(zeros: int) -> None:
    data = to_bytes(instance())

    facts, written = rewritten(data + bytes(zeros))

    assert written == data
    assert len(warnings_of(facts)) == 1


def test_a_big_endian_file_may_begin_with_a_high_group() -> None:
    dataset = Dataset()
    dataset.file_meta = instance().file_meta
    dataset.file_meta.MediaStorageSOPClassUID = UID("1.2.3")
    dataset.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3.4")
    dataset.PerFrameFunctionalGroupsSequence = []

    facts, written = rewritten(written_as(dataset, ExplicitVRBigEndian))

    assert 0x52009230 in index_header(BytesSource(written)).dataset
    assert warnings_of(facts) == []


def test_a_cut_big_endian_file_is_turned_and_mended() -> None:
    whole = written_as(instance(), ExplicitVRBigEndian)

    facts, written = rewritten(whole[:-5])

    header = index_header(BytesSource(written))
    assert header.dataset.elements[PIXEL_DATA][3] == 8 * 6 * 2 - 6
    assert "(7FE0,0010)" in warnings_of(facts)[0]


def test_a_cut_deflated_file_keeps_what_was_inflated() -> None:
    whole = written_as(instance(rows=64, columns=64), DeflatedExplicitVRLittleEndian)

    facts, written = rewritten(whole[: len(whole) // 2])

    header = index_header(BytesSource(written))
    assert header.dataset.value(0x00080060) == b"CT"
    assert "cut off" in warnings_of(facts)[0]
    assert "(7FE0,0010)" in warnings_of(facts)[1]


def test_a_damaged_deflated_file_keeps_what_comes_before_or_is_refused() -> None:
    whole = written_as(instance(rows=64, columns=64), DeflatedExplicitVRLittleEndian)
    head = whole[: len(whole) - len(deflated_part(whole))]
    data_set = zlib.decompress(deflated_part(whole), -zlib.MAX_WBITS)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    sound = deflate.compress(data_set[:5000]) + deflate.flush(zlib.Z_FULL_FLUSH)
    reserved_block = b"\xff" * 100  # block type 3 does not exist (RFC 1951 3.2.3)

    facts, written = rewritten(head + sound + reserved_block)

    assert written.endswith(data_set[4000:5000])
    assert "damaged" in warnings_of(facts)[0]
    with pytest.raises(InvalidInputError):
        rewritten(head + reserved_block)


def deflated_part(data: bytes) -> bytes:
    """Return what follows the file meta."""
    group_length = int.from_bytes(data[140:144], "little")
    return data[144 + group_length :]


def test_a_deflated_bomb_stops_at_the_bound() -> None:
    data = written_as(instance(), DeflatedExplicitVRLittleEndian)
    head = data[: len(data) - len(deflated_part(data))]
    pixels = pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, 100_000_000)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = head + deflate.compress(pixels + bytes(100_000_000)) + deflate.flush()
    tracemalloc.start()

    with pytest.raises(TooLargeError, match="inflated_bytes"):
        rewritten(bomb, Limits(inflated_bytes=10_000_000))
    with pytest.raises(TooLargeError, match="inflate_ratio"):
        rewritten(bomb, Limits(inflate_ratio=100))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 40_000_000  # the target, in memory here, included


def test_pixel_data_is_never_held(tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    big = written_as(instance(), ExplicitVRBigEndian)
    place = big.index(b"\x7f\xe0\x00\x10")
    with odd.open("wb") as stream:
        stream.write(big[:place] + pack(">HH2sHI", 0x7FE0, 0x0010, b"OW", 0, 100_000_000))
        stream.truncate(place + 12 + 100_000_000)
    tracemalloc.start()

    with odd.open("rb") as source, (tmp_path / "plain").open("w+b") as target:
        rewrite(source, target)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 8_000_000
    assert (tmp_path / "plain").stat().st_size == odd.stat().st_size


@pytest.mark.parametrize(
    "data", [b"", b"text " * 100, b"\x89PNG\r\n\x1a\n" + bytes(300), b"{}", bytes(1000)]
)
def test_junk_is_not_dicom(data: bytes) -> None:
    with pytest.raises(NotDicomError):
        rewritten(data)


def test_a_file_that_ends_in_its_file_meta_is_truncated() -> None:
    with pytest.raises(TruncatedError):
        rewritten(to_bytes(instance())[:200])


def test_the_sandbox_runs_it(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(written_as(instance(), ExplicitVRBigEndian))
    with Sandbox() as sandbox:
        facts = sandbox.transform("isocenter.dicom.rewrite:rewrite", source, target)
        source.write_bytes(b"junk")
        with pytest.raises(NotDicomError):
            sandbox.transform("isocenter.dicom.rewrite:rewrite", source, tmp_path / "other")

    assert facts == {"transfer_syntax_uid": ExplicitVRBigEndian, "warnings": []}
    assert index_header(BytesSource(target.read_bytes())).dataset.value(0x00080060) == b"CT"
