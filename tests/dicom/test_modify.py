"""Whole instances with edits: every other byte stays, in every little endian Transfer Syntax."""

import io
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import CTImageStorage, ImplicitVRLittleEndian, JPEG2000Lossless

from isocenter.dicom.edits import parse_edits
from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.modify import Modified, modify
from isocenter.dicom.streams import ByteRange, BytesSource, read_pieces
from isocenter.errors import InvalidInputError
from tests.builders import add_private, instance, set_fragments, to_bytes, uid
from tests.judges import run


def modified(data: bytes, text: str) -> tuple[bytes, Modified]:
    source = BytesSource(data)
    result = modify(index_header(source), source, parse_edits(text))
    return b"".join(read_pieces(result.pieces, [source])), result


def read(data: bytes) -> Dataset:
    return dcmread(io.BytesIO(data))


def header_of(data: bytes) -> HeaderIndex:
    return index_header(BytesSource(data))


def implicit() -> Dataset:
    return instance(transfer_syntax_uid=ImplicitVRLittleEndian)


def compressed() -> Dataset:
    return set_fragments(instance(), [b"\1\2\3\4"], JPEG2000Lossless)


@pytest.mark.parametrize("make", [instance, implicit, compressed])
def test_everything_but_the_edit_stays_byte_for_byte(make: object) -> None:
    assert callable(make)
    dataset = add_private(make())
    before = to_bytes(dataset)

    after, _ = modified(before, "PatientID=7\nr PatientSex\nPatientComments=new")

    old, new = header_of(before), header_of(after)
    assert new.transfer_syntax_uid == old.transfer_syntax_uid
    changed = {0x00100020, 0x00100040, 0x00104000}
    for tag in old.dataset.elements.keys() - changed:
        assert new.dataset.raw(tag) == old.dataset.raw(tag)
    assert new.dataset.elements.keys() - old.dataset.elements.keys() == {0x00104000}
    assert list(new.dataset.elements) == sorted(new.dataset.elements)


def test_edits_there_and_back_give_the_same_bytes() -> None:
    first, _ = modified(to_bytes(instance()), "PatientID=CANARY-1")

    there, _ = modified(first, "PatientID=other\nPatientComments=new\nr PatientSex")
    back, _ = modified(there, "PatientID=CANARY-1\nr PatientComments\nPatientSex=O")

    assert back == first


def test_what_is_so_already_is_told() -> None:
    data = to_bytes(instance())

    assert modified(data, "PatientID=CANARY-1\nr PatientComments")[1].is_same
    assert not modified(data, "PatientID=2")[1].is_same


def test_large_pixel_data_is_a_range_of_the_source() -> None:
    data = to_bytes(instance(rows=512, columns=512))

    _, result = modified(data, "PatientID=7")

    (pixels,) = [piece for piece in result.pieces if isinstance(piece, ByteRange)]
    assert pixels.length > 512 * 512 * 2
    assert len(result.pieces) == 2


def test_new_uids_are_taken_over_into_the_file_meta() -> None:
    data, _ = modified(
        to_bytes(instance(modality="MR")),
        f"SOPInstanceUID={uid('new')}\nSOPClassUID={CTImageStorage}",
    )

    meta = read(data).file_meta
    assert meta.MediaStorageSOPInstanceUID == uid("new")
    assert meta.MediaStorageSOPClassUID == CTImageStorage


def test_an_instance_keeps_its_identity() -> None:
    for line in ("r SOPInstanceUID", "SOPClassUID="):
        with pytest.raises(InvalidInputError, match="every instance has one"):
            modified(to_bytes(instance()), line)


def test_a_file_without_meta_and_class_stays_without() -> None:
    elements = Dataset()
    elements.ImageType, elements.PatientID = "ORIGINAL", "1"
    stream = io.BytesIO()
    elements.save_as(stream, implicit_vr=True, little_endian=True)

    data, _ = modified(stream.getvalue(), "PatientID=22")

    assert data == stream.getvalue().replace(b"\x02\0\0\x001 ", b"\x02\0\0\x0022")


def test_what_describes_the_pixels_and_signatures_is_warned_about() -> None:
    dataset = instance()
    dataset.add_new(0xFFFAFFFA, "SQ", [])

    _, result = modified(to_bytes(dataset), "Rows=4")

    assert [warning.split(" ")[0] for warning in result.warnings] == ["Rows", "the"]


@pytest.mark.judge("dcmdump")
@pytest.mark.judge("dcmodify")
def test_dcmodify_makes_the_same_of_the_same_edits(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs.dcm", tmp_path / "ours.dcm"
    theirs.write_bytes(to_bytes(instance()))
    data, _ = modified(
        theirs.read_bytes(),
        "PatientID=7\n(0040,0275)[0].(0032,1060)=CT of the head\n"
        "m 0018 0050 DS 2.5\ni 0018 1063 DS 33.5\nr 0008 0080\n",
    )
    ours.write_bytes(data)

    edits = ["PatientID=7", "(0040,0275)[0].(0032,1060)=CT of the head", "(0018,0050)=2.5"]
    given = [part for edit in edits for part in ("-i", edit)]
    run("dcmodify", "-nb", *given, "-i", "(0018,1063)=33.5", "-e", "(0008,0080)", theirs)

    expected, found = dcmread(theirs), dcmread(ours)
    assert Dataset(expected) == Dataset(found)
    assert np.array_equal(expected.pixel_array, found.pixel_array)
    assert "E:" not in run("dcmdump", ours)
