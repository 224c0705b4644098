import io

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from isocenter.dicom.explicit import explicit_element, explicit_items
from isocenter.dicom.header_index import index_header
from isocenter.dicom.json_model import Scope
from isocenter.dicom.streams import BytesSource
from tests.builders import instance, to_bytes
from tests.encoded import part10
from tests.equality import differences, view


def made(transfer_syntax_uid: str) -> Dataset:
    dataset = instance(signed=True, transfer_syntax_uid=transfer_syntax_uid)
    dataset.SmallestImagePixelValue = -5
    dataset["SmallestImagePixelValue"].VR = "SS"
    dataset.PixelPaddingValue = -7
    dataset["PixelPaddingValue"].VR = "SS"
    return dataset


@pytest.mark.parametrize("uid", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_every_element_says_the_same_in_explicit_vr(uid: str) -> None:
    dataset = made(uid)
    index = index_header(BytesSource(to_bytes(dataset))).dataset
    scope = Scope().inside(index)

    elements = [explicit_element(index, tag, scope) for tag in sorted(index.elements)]

    read = dcmread(io.BytesIO(part10(b"".join(elements))))
    assert not differences(view(read), view(made(uid)))
    assert read["PixelPaddingValue"].VR == "SS"
    assert read["RequestAttributesSequence"].VR == "SQ"


def test_what_nobody_knows_is_un() -> None:
    dataset = made(ImplicitVRLittleEndian)
    block = dataset.private_block(0x0011, "NOBODY KNOWS", create=True)
    block.add_new(0x01, "LO", "text")
    index = index_header(BytesSource(to_bytes(dataset))).dataset

    assert explicit_element(index, 0x00111001, Scope())[4:6] == b"UN"
    assert explicit_element(index, 0x00110010, Scope())[4:6] == b"LO"


def test_items_are_given_element_by_element() -> None:
    index = index_header(BytesSource(to_bytes(made(ImplicitVRLittleEndian)))).dataset

    (item,) = explicit_items(index, 0x00400275, Scope())

    assert item[0x00401001][4:6] == b"SH"
    assert explicit_items(index, 0x00081140, Scope()) == []
