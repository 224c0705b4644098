"""What a DICOMDIR says of one Instance: character sets, odd values, missing ones, sequences."""

import io

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import (
    UID,
    BasicTextSRStorage,
    BlendingSoftcopyPresentationStateStorage,
    EncapsulatedPDFStorage,
    ExplicitVRLittleEndian,
    HangingProtocolStorage,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
    RTDoseStorage,
)

from isocenter.dicom.dicomdir_entry import (
    Entry,
    Level,
    has_whole_meta,
    is_directory,
    read_entry,
)
from isocenter.dicom.header_index import index_header
from isocenter.dicom.streams import BytesSource
from isocenter.errors import InvalidInputError, MissingElementError, NotSupportedError
from tests.builders import instance, to_bytes, uid

PATIENT_NAME, PATIENT_ID, CHARACTER_SET = 0x00100010, 0x00100020, 0x00080005


def entry_of(dataset: Dataset) -> Entry:
    return read_entry(index_header(BytesSource(to_bytes(dataset))))


def read_back(level: Level) -> Dataset:
    """Return the keys as pydicom reads them."""
    raw = b"".join(element for _, element in level.elements)
    stream = bytes(128) + b"DICM" + b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0" + raw
    return dcmread(io.BytesIO(stream))


def document(**values: object) -> Dataset:
    """Return a structured report."""
    dataset = instance()
    for keyword in ("PixelData", "Rows", "Columns", "BitsAllocated"):
        del dataset[keyword]
    dataset.SOPClassUID = BasicTextSRStorage
    dataset.Modality = "SR"
    dataset.CompletionFlag, dataset.VerificationFlag = "COMPLETE", "UNVERIFIED"
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "18748-4", "LN", "Bericht für"
    dataset.ConceptNameCodeSequence = [code]
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def test_keys_of_an_image_are_those_of_the_standard() -> None:
    entry = entry_of(instance(3))

    assert entry.record_type == "IMAGE"
    assert entry.patient_id == "CANARY-1"
    assert [tag for tag, _ in entry.study.elements] == [
        *(0x00080020, 0x00080030, 0x00080050, 0x00081030, 0x0020000D, 0x00200010)
    ]
    assert read_back(entry.study).StudyDescription == ""  # type 2
    assert read_back(entry.series).SeriesNumber == 31
    assert read_back(entry.instance).InstanceNumber == 4
    assert entry.notes == ()


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg"),
        ("ISO_IR 192", "Müller^Jörg=山田^太郎"),
        ("ISO_IR 144", "Чайковский"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        (["ISO 2022 IR 13", "ISO 2022 IR 87"], "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
        (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
    ],
)
def test_names_keep_their_character_set(character_set: str | list[str], name: str) -> None:
    dataset = instance()
    dataset.SpecificCharacterSet = character_set
    dataset.PatientName = name

    back = read_back(entry_of(dataset).patient)

    assert str(back.PatientName) == name
    assert back.SpecificCharacterSet == character_set


def test_plain_text_has_no_character_set() -> None:
    dataset = instance()
    dataset.PatientName = "Doe^Jane"

    assert CHARACTER_SET not in dict(entry_of(dataset).patient.elements)
    assert CHARACTER_SET not in dict(entry_of(instance()).series.elements)


@pytest.mark.parametrize("stated", [None, "ISO-IR 100", "latin1", "nonsense"])
def test_text_of_no_defined_character_set_becomes_utf_8(stated: str | None) -> None:
    raw = to_bytes(instance())
    name, umlaut = "CANARY^Jörg=山田^太郎".encode(), "CANARY^J\xf6rg".encode("latin-1")
    raw = raw.replace(name, umlaut.ljust(len(name)))
    old = b"\x08\0\x05\0CS\x0a\0ISO_IR 192"
    assert old in raw
    new = b"" if stated is None else b"\x08\0\x05\0CS\x0a\0" + stated.encode().ljust(10)
    raw = raw.replace(old, new)

    back = read_back(read_entry(index_header(BytesSource(raw))).patient)

    assert back.SpecificCharacterSet == "ISO_IR 192"
    assert str(back.PatientName) == "CANARY^Jörg"


def test_bytes_that_do_not_fit_the_character_set_become_utf_8() -> None:
    raw = to_bytes(instance()).replace("山田".encode(), b"\xff\xfe\xff\xfe\xff\xfe")

    back = read_back(read_entry(index_header(BytesSource(raw))).patient)

    assert back.SpecificCharacterSet == "ISO_IR 192"
    assert str(back.PatientName).startswith("CANARY^Jörg=\ufffd")


def test_implicit_vr_gives_the_same_keys() -> None:
    dataset = instance()
    explicit = entry_of(dataset)
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian

    implicit = entry_of(dataset)

    assert implicit.transfer_syntax_uid == ImplicitVRLittleEndian
    assert implicit[4:] == explicit[4:]


def test_missing_values_of_type_1_are_taken_from_elsewhere_or_made_up() -> None:
    dataset = instance()
    for keyword in ("StudyDate", "StudyTime", "StudyID", "SeriesNumber", "InstanceNumber"):
        setattr(dataset, keyword, None)
    dataset.SeriesDate = "20230203"
    del dataset.SeriesTime, dataset.AcquisitionTime, dataset.ContentTime, dataset.Modality
    del dataset.PatientID

    entry = entry_of(dataset)

    assert read_back(entry.study).StudyDate == "20230203"
    assert read_back(entry.study).StudyTime == "000000"
    assert entry.study.made_up == (0x00080030,)
    assert entry.study.missing == (0x00200010,)
    assert read_back(entry.series).Modality == "OT"
    assert (entry.patient_id, entry.patient.missing) == ("", (PATIENT_ID,))
    assert entry.instance.missing == (0x00200013,)


@pytest.mark.usefixtures("odd_values_allowed")
def test_values_of_old_and_odd_form_are_put_right() -> None:
    raw = to_bytes(instance())
    raw = raw.replace(b"DA\x08\x0020240131", b"DA\x0a\x002024.01.31", 1)
    raw = raw.replace(b"TM\x06\x00101500", b"TM\x08\x0010:15:00", 1)
    raw = raw.replace(b"IS\x02\x0031", b"IS\x06\x0031.00 ", 1)

    entry = read_entry(index_header(BytesSource(raw)))

    assert read_back(entry.study).StudyDate == "20240131"
    assert read_back(entry.study).StudyTime == "101500"
    assert entry.series.missing == (0x00200011,)


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID"])
def test_an_instance_without_a_uid_is_refused(keyword: str) -> None:
    dataset = instance()
    setattr(dataset, keyword, "")

    with pytest.raises(MissingElementError, match=keyword):
        entry_of(dataset)


@pytest.mark.usefixtures("odd_values_allowed")
def test_what_is_no_uid_is_refused() -> None:
    raw = to_bytes(instance())
    study = uid("study").encode()

    with pytest.raises(InvalidInputError, match="StudyInstanceUID is no UID"):
        read_entry(index_header(BytesSource(raw.replace(study, b"\\" + study[1:]))))


def test_a_dose_without_its_kind_is_refused_and_not_guessed() -> None:
    dataset = instance()
    dataset.SOPClassUID = RTDoseStorage

    with pytest.raises(MissingElementError, match="DoseSummationType"):
        entry_of(dataset)


@pytest.mark.usefixtures("odd_values_allowed")
def test_a_name_of_megabytes_is_refused() -> None:
    dataset = instance()
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    dataset.PatientName = "A" * 1_000_000

    with pytest.raises(InvalidInputError, match="PatientName is too long"):
        entry_of(dataset)


def test_the_uid_of_the_file_meta_counts_and_a_difference_is_told() -> None:
    dataset = instance()
    raw = to_bytes(dataset)
    own = str(dataset.SOPInstanceUID).encode()
    other = own[:-1] + (b"1" if own[-1:] != b"1" else b"2")
    raw = raw.replace(own, other, 1)  # the meta comes first

    entry = read_entry(index_header(BytesSource(raw)))

    assert entry.sop_instance_uid == other.decode()
    assert entry.notes == ("SOPInstanceUID is another one in the file meta",)


def test_a_class_without_a_record_is_refused() -> None:
    dataset = instance()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.201.1"

    with pytest.raises(NotSupportedError, match="no directory record"):
        entry_of(dataset)


def test_a_hanging_protocol_belongs_to_nobody() -> None:
    dataset = Dataset()
    dataset.file_meta = instance().file_meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = HangingProtocolStorage, uid("protocol")
    dataset.HangingProtocolName, dataset.HangingProtocolDescription = "NAME", "what it is"
    dataset.HangingProtocolLevel, dataset.HangingProtocolCreator = "SITE", "me"
    dataset.HangingProtocolCreationDateTime = "20240131"
    dataset.NumberOfPriorsReferenced = 1
    dataset.HangingProtocolDefinitionSequence = [Dataset()]

    entry = entry_of(dataset)

    assert (entry.record_type, entry.study_uid) == ("HANGING PROTOCOL", "")
    back = read_back(entry.instance)
    assert back.HangingProtocolDefinitionSequence == [Dataset()]
    assert back.HangingProtocolUserIdentificationCodeSequence == []


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_a_report_has_its_title_and_what_modifies_it(syntax: UID) -> None:
    modifier, finding = Dataset(), Dataset()
    modifier.RelationshipType, modifier.ValueType = "HAS CONCEPT MOD", "CODE"
    finding.RelationshipType, finding.ValueType = "CONTAINS", "TEXT"
    dataset = document(ContentSequence=[finding, modifier])
    dataset.file_meta.TransferSyntaxUID = syntax

    back = read_back(entry_of(dataset).instance)

    assert back.ConceptNameCodeSequence[0].CodeMeaning == "Bericht für"
    assert back.SpecificCharacterSet == "ISO_IR 192"
    assert [item.RelationshipType for item in back.ContentSequence] == ["HAS CONCEPT MOD"]


def test_a_verified_report_says_when_it_was_verified_last() -> None:
    first, last = Dataset(), Dataset()
    first.VerificationDateTime, last.VerificationDateTime = "20240101120000", "20240102"
    dataset = document(VerificationFlag="VERIFIED", VerifyingObserverSequence=[last, first])

    assert read_back(entry_of(dataset).instance).VerificationDateTime == "20240102"


def test_a_report_without_a_title_is_refused() -> None:
    with pytest.raises(MissingElementError, match="ConceptNameCodeSequence"):
        entry_of(document(ConceptNameCodeSequence=[]))


def test_a_presentation_state_names_what_it_applies_to_and_nothing_more() -> None:
    image, series, blending = Dataset(), Dataset(), Dataset()
    image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = "1.2", "1.3"
    series.SeriesInstanceUID, series.ReferencedImageSequence = "1.4", [image]
    blending.StudyInstanceUID, blending.ReferencedSeriesSequence = "1.5", [series]
    blending.WindowCenter = "40"
    dataset = instance()
    dataset.SOPClassUID = BlendingSoftcopyPresentationStateStorage
    dataset.ContentLabel = "LABEL"
    dataset.PresentationCreationDate = dataset.PresentationCreationTime = ""
    dataset.BlendingSequence = [blending]

    back = read_back(entry_of(dataset).instance)

    del blending.WindowCenter
    assert back.BlendingSequence == [blending]
    assert back.PresentationCreationDate == "20240131"
    assert back.ContentDescription == ""


def test_a_document_has_its_kind() -> None:
    dataset = instance()
    dataset.SOPClassUID = EncapsulatedPDFStorage
    dataset.DocumentTitle, dataset.MIMETypeOfEncapsulatedDocument = "Título ä", "application/pdf"

    back = read_back(entry_of(dataset).instance)

    assert (back.DocumentTitle, back.MIMETypeOfEncapsulatedDocument) == (
        "Título ä",
        "application/pdf",
    )
    assert back.ConceptNameCodeSequence == []


def test_a_directory_is_known_by_its_meta() -> None:
    dataset = instance()
    header = index_header(BytesSource(to_bytes(dataset)))
    dataset.SOPClassUID = MediaStorageDirectoryStorage
    directory = index_header(BytesSource(to_bytes(dataset)))

    assert is_directory(directory.meta)
    assert not is_directory(header.meta)


def test_a_data_set_alone_has_no_whole_meta() -> None:
    raw = to_bytes(instance())
    start = raw.index(b"\x08\0\x05\0CS")

    assert has_whole_meta(index_header(BytesSource(raw)))
    assert not has_whole_meta(index_header(BytesSource(raw[start:])))
    assert not has_whole_meta(index_header(BytesSource(raw[132:])))
