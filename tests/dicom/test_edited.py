"""Edits carried out, against pydicom doing the same by itself and reading what came out."""

import io

import pytest
from pydicom import Dataset, dcmread
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from isocenter.dicom.edited import Changes, apply_edits
from isocenter.dicom.edits import parse_edits
from isocenter.dicom.header_index import DataSetIndex, index_elements
from isocenter.dicom.part10 import encode_data_set
from isocenter.errors import InvalidInputError
from tests.builders import PRIVATE_CREATOR, add_private, instance

BOTH = pytest.mark.parametrize("is_implicit", [False, True])


def encoded(dataset: Dataset, *, is_implicit: bool) -> bytes:
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, is_implicit
    write_dataset(stream, dataset)
    return stream.getvalue()


def index(dataset: Dataset, *, is_implicit: bool = False) -> DataSetIndex:
    return index_elements(encoded(dataset, is_implicit=is_implicit), is_implicit=is_implicit)


def changes_of(dataset: Dataset, text: str, *, is_implicit: bool = False) -> Changes:
    return apply_edits(index(dataset, is_implicit=is_implicit), parse_edits(text))


def edited(dataset: Dataset, text: str, *, is_implicit: bool = False) -> Dataset:
    """Return the Data Set after the edits, as pydicom reads it."""
    source = index(dataset, is_implicit=is_implicit)
    changes = apply_edits(source, parse_edits(text)).elements
    elements = {tag: source.raw(tag) for tag in source.elements if tag not in changes}
    elements |= {tag: raw for tag, raw in changes.items() if raw is not None}
    uid = ImplicitVRLittleEndian if is_implicit else ExplicitVRLittleEndian
    return read(encode_data_set(elements), uid)


def read(data: bytes, uid: str = ExplicitVRLittleEndian) -> Dataset:
    meta = DicomBytesIO()
    meta.is_little_endian, meta.is_implicit_VR = True, False
    head = Dataset()
    head.add_new(0x00020010, "UI", uid)
    write_dataset(meta, head)
    return Dataset(dcmread(io.BytesIO(bytes(128) + b"DICM" + meta.getvalue() + data)))


def plain() -> Dataset:
    """Return a Data Set without a file meta."""
    return Dataset(instance())


@BOTH
def test_values_of_every_kind_are_set(is_implicit: bool) -> None:
    result = edited(
        plain(),
        "PatientName=Müller^Jörg=山田^太郎\n"
        "ImageType=DERIVED\\SECONDARY\n"
        "Rows=7\nSmallestImagePixelValue=3\nFrameIncrementPointer=(0018,1063)\\00280009\n"
        "DopplerCorrectionAngle=-1.5\nSliceThickness=2.5\nStudyDate=\nImageComments=a\\b\n",
        is_implicit=is_implicit,
    )

    assert result.PatientName == "Müller^Jörg=山田^太郎"
    assert result.ImageType == ["DERIVED", "SECONDARY"]
    assert (result.Rows, result.SmallestImagePixelValue) == (7, 3)
    assert result.FrameIncrementPointer == [0x00181063, 0x00280009]
    assert (result.DopplerCorrectionAngle, result.SliceThickness) == (-1.5, 2.5)
    assert (result.StudyDate, result.ImageComments) == ("", "a\\b")


@BOTH
def test_only_what_is_named_changes(is_implicit: bool) -> None:
    before = plain()

    after = edited(before, "PatientID=7\nr PatientSex", is_implicit=is_implicit)

    before.PatientID = "7"
    del before.PatientSex
    assert encoded(after, is_implicit=True) == encoded(before, is_implicit=True)


@BOTH
def test_items_are_changed_added_and_removed(is_implicit: bool) -> None:
    result = edited(
        plain(),
        "RequestAttributesSequence[0].RequestedProcedureDescription=CT of the head\n"
        "RequestAttributesSequence[1].RequestedProcedureCodeSequence=1^99X^one\n"
        "RequestAttributesSequence[*].RequestedProcedureID=9\n"
        "(0008,1140)[0].(0008,1155)=1.2.3\n"
        "ProcedureCodeSequence=1^99X^one\n"
        "r ProcedureCodeSequence[0]\n"
        "r RequestAttributesSequence[0].ScheduledProcedureStepID\n",
        is_implicit=is_implicit,
    )

    first, second = result.RequestAttributesSequence
    assert first.RequestedProcedureDescription == "CT of the head"
    assert first.ScheduledProcedureStepDescription == "a nested step"
    assert "ScheduledProcedureStepID" not in first
    assert second.RequestedProcedureCodeSequence[0].CodeMeaning == "one"
    assert [first.RequestedProcedureID, second.RequestedProcedureID] == ["9", "9"]
    assert result.ReferencedImageSequence[0].ReferencedSOPInstanceUID == "1.2.3"
    assert len(result.ProcedureCodeSequence) == 0


def test_private_elements_are_found_by_creator_and_added_in_a_free_block() -> None:
    result = edited(
        add_private(plain()),
        f'(0009,"{PRIVATE_CREATOR}",01)=changed\n'
        'i (0009,"OTHER",02) FD 1.5\n'
        '(0009,"OTHER",02)=2.5\n'
        'r (0009,"NOBODY",02)\n'
        f'(0009,"{PRIVATE_CREATOR}",03)[0].CodeValue=new\n'
        "(0011,0010)=MINE\ni 0011 1001 US 7\n",
    )

    assert result[0x00091001].value == "changed"
    assert (result[0x00090011].value, result[0x00091102].value) == ("OTHER", 2.5)
    assert result[0x00091003].value[0].CodeValue == "new"
    assert result[0x00111001].value == 7


def test_a_private_creator_takes_its_block_with_it() -> None:
    result = edited(add_private(plain()), "r 0009 0010")

    assert not [element for element in result if element.tag.group == 0x0009]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("(0009,1101)=a", "no private creator"),
        ("(0009,1055)=a", "its VR is not known"),
        ("RequestAttributesSequence[2].RequestedProcedureID=1", "has 1 Item"),
        ("i 0009 1001 LO " + "x" * 65, "longer than the 64"),
        ("(0009,1001)=" + "x" * 65, "longer than the 64"),
        ("(0009,1001)[0].PatientID=1", "it is no sequence"),
        ("(0009,1002)[0].PatientID=1", "it is no sequence"),
        ("StudyID=Ж", "only ASCII|cannot be written"),
        ("Modality=Ж", "none of its VR"),
        ("RequestAttributesSequence[0].SpecificCharacterSet=ISO_IR 100", "for a whole file"),
        ("SpecificCharacterSet=ISO_IR 100", "PatientName cannot be converted"),
    ],
)
def test_what_cannot_be_done_in_this_file_names_the_line(line: str, said: str) -> None:
    dataset = add_private(plain())
    if "StudyID" in line:
        dataset.SpecificCharacterSet = "ISO_IR 100"
        dataset.PatientName = "Jörg"

    with pytest.raises(InvalidInputError, match=said) as caught:
        changes_of(dataset, f"\n{line}\n")
    assert str(caught.value).startswith("line 2: ")


def ascii_instance() -> Dataset:
    dataset = plain()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Doe^Jane"
    return dataset


def test_a_text_beyond_the_character_set_makes_an_ascii_file_utf_8() -> None:
    changes = changes_of(ascii_instance(), "PatientName=山田^太郎")
    result = edited(ascii_instance(), "PatientName=山田^太郎")

    assert result.SpecificCharacterSet == "ISO_IR 192"
    assert result.PatientName == "山田^太郎"
    assert changes.warnings == ("the character set was changed to ISO_IR 192 for a new text",)


def test_a_file_with_other_text_is_not_made_utf_8_unasked() -> None:
    dataset = ascii_instance()
    dataset.InstitutionName = "Städtisches Klinikum"

    with pytest.raises(InvalidInputError, match="SpecificCharacterSet=ISO_IR 192 would convert"):
        changes_of(dataset, "PatientName=山田^太郎")


def test_setting_the_character_set_converts_all_text() -> None:
    dataset = ascii_instance()
    dataset.InstitutionName = "Städtisches Klinikum"
    dataset.RequestAttributesSequence[0].RequestedProcedureDescription = "Schädel"
    own = Dataset()
    own.SpecificCharacterSet = "ISO_IR 144"
    own.CodeMeaning = "Люкceмбypг"  # noqa: RUF001
    dataset.ProcedureCodeSequence = [own]

    result = edited(dataset, "PatientName=山田^太郎\nSpecificCharacterSet=ISO_IR 192")

    assert result.PatientName == "山田^太郎"
    assert result.InstitutionName == "Städtisches Klinikum"
    assert result.RequestAttributesSequence[0].RequestedProcedureDescription == "Schädel"
    assert result.ProcedureCodeSequence[0].CodeMeaning == "Люкceмбypг"  # noqa: RUF001


def test_us_or_ss_follows_the_pixel_representation() -> None:
    signed = Dataset(instance(signed=True))

    assert edited(signed, "PixelPaddingValue=-5", is_implicit=True).PixelPaddingValue == -5
    with pytest.raises(InvalidInputError, match="none of its VR, US"):
        changes_of(plain(), "PixelPaddingValue=-5")


@BOTH
def test_group_lengths_go_on_counting(is_implicit: bool) -> None:
    # pydicom writes no group lengths: the element is put before the patient group by hand.
    data = encoded(ascii_instance(), is_implicit=is_implicit)
    at, before = data.index(b"\x10\0\x10\0"), patient_bytes(data, is_implicit=is_implicit)
    head = b"\x10\0\0\0" + (b"\4\0\0\0" if is_implicit else b"UL\4\0")
    data = data[:at] + head + len(before).to_bytes(4, "little") + data[at:]
    source = index_elements(data, is_implicit=is_implicit)

    changes = apply_edits(
        source, parse_edits("PatientName=A\nr PatientSex\nPatientComments=long")
    ).elements

    elements = {tag: source.raw(tag) for tag in source.elements if tag not in changes}
    elements |= {tag: raw for tag, raw in changes.items() if raw is not None}
    after = b"".join(raw for tag, raw in elements.items() if tag >> 16 == 0x10 and tag & 0xFFFF)
    assert elements[0x00100000][8:] == len(after).to_bytes(4, "little")


def patient_bytes(data: bytes, *, is_implicit: bool) -> bytes:
    source = index_elements(data, is_implicit=is_implicit)
    return b"".join(source.raw(tag) for tag in source.elements if tag >> 16 == 0x10)


def test_items_in_implicit_vr_inside_un_become_explicit() -> None:
    item = Dataset()
    item.ScheduledProcedureStepID = "1"
    item_bytes = encoded(item, is_implicit=True)
    value = b"\xfe\xff\x00\xe0" + len(item_bytes).to_bytes(4, "little") + item_bytes
    raw = b"\x40\x00\x75\x02UN\0\0" + len(value).to_bytes(4, "little") + value
    source = index_elements(raw, is_implicit=False)

    changes = apply_edits(source, parse_edits("(0040,0275)[0].RequestedProcedureID=2"))

    (after,) = [raw for raw in changes.elements.values() if raw is not None]
    (item,) = read(after).RequestAttributesSequence
    assert (item.ScheduledProcedureStepID, item.RequestedProcedureID) == ("1", "2")


def test_later_edits_see_earlier_ones() -> None:
    result = edited(
        plain(),
        "r RequestAttributesSequence\n"
        "RequestAttributesSequence[0].RequestedProcedureID=2\n"
        "r PatientID\nPatientID=3\nStudyID=1\nr StudyID\n",
    )

    (item,) = result.RequestAttributesSequence
    assert [element.keyword for element in item] == ["RequestedProcedureID"]
    assert result.PatientID == "3"
    assert "StudyID" not in result


def test_removing_what_is_not_there_changes_nothing() -> None:
    changes = changes_of(plain(), "r PatientComments\nr (0008,1140)[3].PatientID\nr (0008,1140)[0]")

    assert changes.elements == {}
