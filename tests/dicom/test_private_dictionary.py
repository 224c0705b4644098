import struct

import pytest
from pydicom._private_dict import private_dictionaries
from pydicom.datadict import get_private_entry

from isocenter.dicom.header_index import DataSetIndex, index_header
from isocenter.dicom.private_dictionary import private_creator, private_entry, private_vr
from isocenter.dicom.streams import BytesSource

ENCODINGS = ("latin-1",)


def _dataset(*elements: tuple[int, bytes]) -> DataSetIndex:
    data = [
        struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value
        for tag, value in ((0x00080005, b"ISO_IR 100"), *elements)
    ]
    return index_header(BytesSource(b"".join(data))).dataset


def test_every_element_has_the_vr_and_name_of_pydicoms_dictionary() -> None:
    for creator, elements in private_dictionaries.items():
        for mask in elements:
            tag = int(mask.replace("x", "1"), 16)
            try:
                vr, _, name, _ = get_private_entry(tag, creator)
            except KeyError:  # a few masks are written in a way that is never found
                vr, name = "UN", ""
            assert private_entry(creator, tag) == (vr.replace("OB_OW", "OB or OW"), name.rstrip())


@pytest.mark.parametrize(
    ("tag", "creator", "vr"),
    [
        (0x0019100C, "SIEMENS MR HEADER", "IS"),
        (0x0019990C, "", "UN"),
        (0x00190010, "", "LO"),
        (0x0019000C, "", "UN"),
        (0x001910FE, "SIEMENS MR HEADER", "UN"),
    ],
)
def test_an_element_belongs_to_the_creator_of_its_block(tag: int, creator: str, vr: str) -> None:
    dataset = _dataset((0x00190010, b"SIEMENS MR HEADER "), (0x0019100C, b"1000"))

    assert private_creator(dataset, tag, ENCODINGS) == creator
    assert private_vr(dataset, tag, ENCODINGS) == vr


def test_an_unknown_creator_knows_nothing() -> None:
    assert private_entry("NOBODY", 0x00191010) == ("UN", "")
