import io

from pydicom import Dataset, dcmread
from pydicom.uid import EnhancedMRImageStorage

from isocenter.dicom.header_index import index_header
from isocenter.dicom.part10 import Elements
from isocenter.dicom.streams import BytesSource
from isocenter.dicom.transcoded_header import Loss, changed_elements, data_set_bytes, meta_bytes
from tests.builders import instance, to_bytes
from tests.coded import pixel_format
from tests.encoded import part10
from tests.equality import differences, view

LOST = Loss("ISO_15444_1", new_uid="2.25.7")


def read(elements: Elements) -> Dataset:
    return dcmread(io.BytesIO(part10(b"".join(elements[tag] for tag in sorted(elements)))))


def changed(dataset: Dataset, loss: Loss) -> Dataset:
    header = index_header(BytesSource(to_bytes(dataset)))
    return read(changed_elements(header, pixel_format(photometric="RGB", samples=3), loss))


def test_without_a_loss_only_the_colours_change() -> None:
    written = changed(instance(), Loss())

    assert [element.keyword for element in written] == [
        "PhotometricInterpretation",
        "PlanarConfiguration",
    ]
    assert (written.PhotometricInterpretation, written.PlanarConfiguration) == ("RGB", 0)


def test_a_second_loss_is_added_to_the_first() -> None:
    dataset = instance()
    dataset.LossyImageCompression = "01"
    dataset.LossyImageCompressionRatio = ["7.5"]
    dataset.LossyImageCompressionMethod = ["ISO_10918_1"]
    dataset.DerivationDescription = "made smaller"

    written = changed(dataset, LOST)

    assert list(written.LossyImageCompressionMethod) == ["ISO_10918_1", "ISO_15444_1"]
    assert [float(ratio) for ratio in written.LossyImageCompressionRatio] == [7.5, 0]
    assert written.DerivationDescription == "made smaller; lossy compression ISO_15444_1"
    assert len(written.SourceImageSequence) == 1
    series = written.ReferencedSeriesSequence[0]
    assert series.SeriesInstanceUID == dataset.SeriesInstanceUID
    assert series.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == dataset.SOPInstanceUID


def test_a_known_loss_is_not_told_twice() -> None:
    dataset = instance()
    dataset.LossyImageCompression = "01"

    assert "LossyImageCompression" not in changed(dataset, Loss("ISO_10918_1", ratio=4))
    dataset.LossyImageCompression = "00"
    told = changed(dataset, Loss("ISO_10918_1", ratio=4))
    assert (told.LossyImageCompression, told.LossyImageCompressionRatio) == ("01", 4)


def test_frames_with_types_of_their_own_keep_the_type_of_the_image() -> None:
    dataset = instance()
    dataset.SharedFunctionalGroupsSequence = [Dataset()]

    assert "ImageType" not in changed(dataset, LOST)
    assert changed(instance(), LOST).ImageType[0] == "DERIVED"
    del dataset.SharedFunctionalGroupsSequence
    dataset.SOPClassUID = EnhancedMRImageStorage
    assert "ImageType" not in changed(dataset, LOST)


def test_an_instance_without_identity_is_not_referred_to() -> None:
    header = index_header(BytesSource(part10(b"\x08\0\x60\0CS\2\0CT")))

    written = read(changed_elements(header, pixel_format(), LOST))

    assert "SourceImageSequence" not in written
    assert b"\x02\0\x03\0UI" not in meta_bytes(header, "1.2.840.10008.1.2.1")


def test_all_else_is_copied_before_and_behind_the_pixels() -> None:
    dataset = instance()
    dataset.add_new(0x7FE10010, "LO", "BEHIND")
    dataset.DataSetTrailingPadding = b"\0\0"
    source = BytesSource(to_bytes(dataset))
    header = index_header(source)

    before = b"".join(data_set_bytes(header, source, {}, is_behind=False))
    behind = b"".join(data_set_bytes(header, source, {}, is_behind=True))

    again = dcmread(io.BytesIO(part10(before + behind)))
    expected = dcmread(io.BytesIO(source.read_at(0, source.size)))
    del expected.PixelData, expected.DataSetTrailingPadding
    assert not differences(view(again), view(expected))


def test_the_file_meta_is_ours_but_keeps_where_it_came_from() -> None:
    dataset = instance()
    dataset.file_meta.SourceApplicationEntityTitle = "SCANNER"
    header = index_header(BytesSource(to_bytes(dataset)))

    meta = dcmread(io.BytesIO(meta_bytes(header, "1.2.840.10008.1.2.4.90", "2.25.7"))).file_meta

    assert meta.SourceApplicationEntityTitle == "SCANNER"
    assert meta.MediaStorageSOPInstanceUID == "2.25.7"
    assert meta.ImplementationVersionName == "ISOCENTER_1"
