"""Byte order and ACR-NEMA as actions on files: names, what is so already, what is refused."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import pack, unpack_from

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.datadict import dictionary_VR
from pydicom.pixels.utils import pixel_array
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, JPEG2000Lossless

from isocenter.errors import InvalidInputError
from isocenter.services.convert import big_endian, dicom3, little_endian, nema2
from isocenter.services.reports import Report, Work
from tests.builders import instance, series, set_fragments, write, write_series

# Numbers that pydicom cannot read; the bytes are compared elsewhere.
BEYOND_PYDICOM = ("pydicom/test_files/badVR.dcm",)
Action = Callable[[Work], Report]


def run(action: Action, *paths: Path, out: Path | None = None, **options: object) -> Report:
    return action(Work(paths=paths, out=out, options=options, jobs=2, durable=False))


def test_files_are_turned_round_beside_themselves_and_back(tmp_path: Path) -> None:
    paths = write_series(series(3), tmp_path)

    there = run(big_endian, tmp_path)
    back = run(little_endian, *(output.path for output in there.outputs))

    assert [output.path.name for output in there.outputs] == [
        "0000_be.dcm",
        "0001_be.dcm",
        "0002_be.dcm",
    ]
    assert back.outputs[0].path.name == "0000_be_le.dcm"
    for path, big, little in zip(paths, there.outputs, back.outputs, strict=True):
        before, turned, after = dcmread(path), dcmread(big.path), dcmread(little.path)
        assert turned.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
        assert Dataset(after) == Dataset(before)
        assert np.array_equal(turned.pixel_array, before.pixel_array)


def test_what_is_so_already_is_left_alone(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "a.dcm")
    data = path.read_bytes()

    assert run(little_endian, tmp_path, in_place=True).unchanged == 1
    assert path.read_bytes() == data
    assert run(big_endian, tmp_path, in_place=True).done == 1
    data = path.read_bytes()
    assert run(big_endian, tmp_path, in_place=True).unchanged == 1
    assert path.read_bytes() == data
    assert run(little_endian, tmp_path, in_place=True).done == 1
    assert dcmread(path).file_meta.TransferSyntaxUID == ExplicitVRLittleEndian


def test_compressed_files_are_never_made_wrong(tmp_path: Path) -> None:
    write(set_fragments(instance(), [b"\1\2"], JPEG2000Lossless), tmp_path / "a.dcm")

    assert run(little_endian, tmp_path).unchanged == 1
    for action in (big_endian, nema2):
        (outcome,) = run(action, tmp_path).files
        assert (outcome.status, "decompress" in outcome.reason) == ("failed", True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.dcm"]


def test_acr_nema_there_and_back(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "a.dcm")

    there = run(nema2, tmp_path)
    back = run(dicom3, tmp_path / "a_nema2.dcm")

    assert [output.path.name for output in there.outputs] == ["a_nema2.dcm"]
    assert [output.path.name for output in back.outputs] == ["a_nema2_dcm3.dcm"]
    assert "left out: RequestAttributesSequence" in there.warnings[0]
    assert (tmp_path / "a_nema2.dcm").read_bytes()[128:132] != b"DICM"
    assert dcmread(tmp_path / "a_nema2_dcm3.dcm").PixelData == dcmread(path).PixelData
    assert run(dicom3, path).unchanged == 1
    assert run(nema2, tmp_path / "a_nema2.dcm").unchanged == 1


def turned(data: bytes) -> bytes:
    """Return an ACR-NEMA file in big endian, element by element and by hand."""
    sizes = {"US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4}
    made, position = b"", 0
    while position < len(data):
        group, element, length = unpack_from("<HHI", data, position)
        value = data[position + 8 : position + 8 + length]
        try:
            vr = dictionary_VR(group << 16 | element)
        except KeyError:
            vr = "UL" if element == 0 else "UN"
        size = sizes.get(vr.rpartition(" or ")[2], 1)
        value = b"".join(value[at : at + size][::-1] for at in range(0, length, size))
        made += pack(">HHI", group, element, length) + value
        position += 8 + length
    return made


@pytest.mark.usefixtures("odd_values_allowed")
def test_acr_nema_in_big_endian_becomes_dicom(tmp_path: Path) -> None:
    write(instance(), tmp_path / "a.dcm")
    run(nema2, tmp_path / "a.dcm")
    (tmp_path / "b.acr").write_bytes(turned((tmp_path / "a_nema2.dcm").read_bytes()))

    report = run(dicom3, tmp_path / "b.acr")
    run(dicom3, tmp_path / "a_nema2.dcm")

    assert report.warnings == ["b.acr: it is ACR-NEMA in big endian"]
    after = dcmread(tmp_path / "b_dcm3.acr")
    assert Dataset(after) == Dataset(dcmread(tmp_path / "a_nema2_dcm3.dcm"))
    assert np.array_equal(after.pixel_array, instance().pixel_array)


def test_outputs_go_to_one_place_only(tmp_path: Path) -> None:
    write(instance(), tmp_path / "a.dcm")

    with pytest.raises(InvalidInputError, match="not both"):
        run(big_endian, tmp_path, out=tmp_path / "out", in_place=True)


def facts(shared_data: Path) -> Iterator[dict[str, object]]:
    """Yield what is known of every file with native or compressed pixels, some of each series."""
    for line in (shared_data / "dicom" / "FACTS.jsonl").read_text().splitlines():
        fact = json.loads(line)
        name = str(fact["path"])
        if not name.startswith("series/") or name.endswith("01.dcm"):
            yield fact


@pytest.mark.usefixtures("odd_values_allowed")
def test_every_shared_file_keeps_its_pixels_or_says_why(shared_data: Path, tmp_path: Path) -> None:
    known = {str(fact["path"]): fact for fact in facts(shared_data)}
    root = shared_data / "dicom"

    there = run(big_endian, *(root / name for name in known), out=tmp_path / "be")
    back = run(little_endian, *(output.path for output in there.outputs), out=tmp_path / "le")

    assert back.failed <= 1  # a Data Set of one private group, whose byte order cannot be told
    assert there.done > 200
    assert all(outcome.reason for outcome in there.files if outcome.status == "failed")
    checked = 0
    sources = {outcome.outputs[0]: outcome.path for outcome in there.files if outcome.outputs}
    for outcome in back.files:
        fact = known[str(sources[outcome.path].relative_to(root))]
        if fact["path"] in BEYOND_PYDICOM or outcome.status != "done":
            continue
        if fact.get("pixel_sha256") and fact["pixel_element"] == "PixelData":
            pixels = pixel_array(outcome.outputs[0], raw=True)
            digest = hashlib.sha256(pixels.tobytes()).hexdigest()
            assert digest == fact["pixel_sha256"], fact["path"]
            checked += 1
    assert checked > 130
