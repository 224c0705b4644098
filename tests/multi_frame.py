"""Multi-frame objects as other makers write them, built with pydicom, and what split makes of them.

dataset = enhanced("MR", 3)
dataset.SharedFunctionalGroupsSequence[0].MRModifierSequence[0].Spoiling = "RF"
first, *_ = split_datasets(dataset)
"""

import io

import pydicom
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from isocenter.dicom.header_index import index_header
from isocenter.dicom.split import SplitFrame, split_frames
from isocenter.dicom.streams import BytesSource, read_pieces
from tests.builders import to_bytes, uid

STORAGE = "1.2.840.10008.5.1.4.1.1."
CLASSES = {
    "CT": f"{STORAGE}2.1",
    "MR": f"{STORAGE}4.1",
    "PT": f"{STORAGE}130",
    "US": f"{STORAGE}6.2",
    "XA": f"{STORAGE}12.1.1",
}
_FRAME_TYPES = {
    "CT": "CTImageFrameTypeSequence",
    "MR": "MRImageFrameTypeSequence",
    "PT": "PETFrameTypeSequence",
    "US": "USImageDescriptionSequence",
    "XA": "FramePixelDataPropertiesSequence",
}


def item(**values: object) -> Dataset:
    """Return an Item with the attributes given by keyword."""
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def classic(sop_class_uid: str, frames: int, *, modality: str = "OT", **values: object) -> Dataset:
    """Return an object without functional groups, 2 rows by 3 columns of 8 bits.

    Every sample of a Frame is its 0-based number, from 256 on counted from 0 again.
    """
    dataset = item(
        SpecificCharacterSet="ISO_IR 100",
        SOPClassUID=sop_class_uid,
        SOPInstanceUID=uid(sop_class_uid, "instance"),
        StudyInstanceUID=uid("study"),
        SeriesInstanceUID=uid(sop_class_uid, "series"),
        StudyDate="20240131",
        StudyTime="101500",
        SeriesDate="20240131",
        SeriesTime="101500",
        ContentDate="20240131",
        ContentTime="101500",
        AccessionNumber="",
        ReferringPhysicianName="",
        StudyID="1",
        SeriesNumber=4,
        InstanceNumber=7,
        Modality=modality,
        Manufacturer="BUILDER",
        PatientName="Doe^Jane",
        PatientID="P1",
        PatientBirthDate="",
        PatientSex="O",
        PatientOrientation="",
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        NumberOfFrames=frames,
        Rows=2,
        Columns=3,
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        PixelRepresentation=0,
    )
    pixels = b"".join(bytes([frame_index % 256]) * 6 for frame_index in range(frames))
    dataset.PixelData = pixels + b"\0" * (len(pixels) % 2)
    dataset["PixelData"].VR = "OB"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(ExplicitVRLittleEndian)
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def enhanced(modality: str, frames: int, *, sop_class_uid: str = "") -> Dataset:
    """Return an Enhanced object of 16 bits (US: 8), its Frames 2 mm apart along z."""
    dataset = classic(sop_class_uid or CLASSES[modality], frames, modality=modality)
    if modality != "US":
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
        dataset.PixelData = b"".join(bytes([index % 256]) * 12 for index in range(frames))
        dataset["PixelData"].VR = "OW"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    dataset.AcquisitionDateTime = "20240131101500"
    dataset.FrameOfReferenceUID = uid("frame of reference")
    dataset.PositionReferenceIndicator = ""
    dataset.PatientPosition = "HFS"
    dataset.DimensionOrganizationSequence = [item(DimensionOrganizationUID=uid("dimensions"))]
    pointer = item(DimensionIndexPointer=0x00200032, FunctionalGroupPointer=0x00209113)
    dataset.DimensionIndexSequence = [pointer]
    dataset.SharedFunctionalGroupsSequence = [_shared(modality)]
    dataset.PerFrameFunctionalGroupsSequence = [_frame(index) for index in range(frames)]
    return dataset


def _shared(modality: str) -> Dataset:
    shared = item(
        PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
        PixelMeasuresSequence=[item(PixelSpacing=[0.5, 0.75], SliceThickness=2)],
        PixelValueTransformationSequence=[
            item(RescaleIntercept=-1024, RescaleSlope=1, RescaleType="HU")
        ],
    )
    frame_type = item(
        FrameType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
        VolumetricProperties="VOLUME",
        VolumeBasedCalculationTechnique="NONE",
    )
    if modality != "US":
        frame_type.PixelPresentation = "MONOCHROME"
    setattr(shared, _FRAME_TYPES[modality], [frame_type])
    return shared


def _frame(frame_index: int) -> Dataset:
    minutes, seconds = divmod(10 + frame_index, 60)
    moment = f"20240131{10 + (15 + minutes) // 60}{(15 + minutes) % 60:02}{seconds:02}"
    content = item(
        FrameAcquisitionNumber=frame_index + 1,
        FrameAcquisitionDateTime=f"{moment}.5",
        FrameReferenceDateTime=f"{moment}.75",
        FrameAcquisitionDuration=250.0,
        StackID="1",
        InStackPositionNumber=frame_index + 1,
        DimensionIndexValues=[frame_index + 1],
    )
    return item(
        FrameContentSequence=[content],
        PlanePositionSequence=[item(ImagePositionPatient=[-10, -20, 2 * frame_index])],
        FrameVOILUTSequence=[item(WindowCenter=40 + frame_index, WindowWidth=400)],
    )


def groups_of(dataset: Dataset, frame_index: int | None = None) -> Dataset:
    """Return the shared functional groups, or those of a Frame, to be changed."""
    if frame_index is None:
        found = dataset.SharedFunctionalGroupsSequence[0]
    else:
        found = dataset.PerFrameFunctionalGroupsSequence[frame_index]
    assert isinstance(found, Dataset)
    return found


def split_stream(stream: bytes, *, keep_original_uids: bool = False) -> list[SplitFrame]:
    """Return what split makes of a stream, unread."""
    source = BytesSource(stream)
    return list(split_frames(index_header(source), source, keep_original_uids=keep_original_uids))


def split_datasets(dataset: Dataset, *, keep_original_uids: bool = False) -> list[Dataset]:
    """Return what split makes of an object, as pydicom reads it."""
    source = BytesSource(to_bytes(dataset))
    frames = split_frames(index_header(source), source, keep_original_uids=keep_original_uids)
    return [
        pydicom.dcmread(io.BytesIO(b"".join(read_pieces(frame.pieces, [source]))))
        for frame in frames
    ]


def notes_of(dataset: Dataset) -> set[str]:
    """Return the sentences for the report that split has about an object."""
    return {note for frame in split_stream(to_bytes(dataset)) for note in frame.notes}
