import io
from collections.abc import Callable

import pytest
from pydicom import Dataset, Sequence, dcmread

from isocenter.errors import NotSupportedError
from tests.builders import add_private, series, set_fragments, to_bytes
from tests.equality import differences, frame_of, view
from tests.in_memory import MergedStack, merged_stack, split_streams
from tests.pictures import KINDS, pictures
from tests.raw_instance import IMPLICIT, RLE, SC, ct_slice, part10, text, us

SC_BYTE, SC_COLOUR = f"{SC}.2", f"{SC}.4"
NOT_TOLD = "nothing says whether text is burnt in: Burned In Annotation is set to YES"
NO_OVERLAYS = "this class has no overlays: those of the slices are kept for split alone"


def merged(datasets: list[Dataset]) -> MergedStack:
    """Return the merged stack; it must give the slices back, in their order."""
    made = merged_stack([to_bytes(dataset) for dataset in datasets])
    given_back = [dcmread(io.BytesIO(one)) for one in split_streams(made.stream)]
    assert len(given_back) == len(datasets)
    for ours, source in zip(given_back, datasets, strict=True):
        assert not differences(view(ours), view(dcmread(io.BytesIO(to_bytes(source)))))
        assert frame_of(ours) == frame_of(source)
    return made


def setting(**values: object) -> Callable[[int, Dataset], None]:
    """Return what sets these attributes; a function among them is asked for each index."""

    def vary(index: int, dataset: Dataset) -> None:
        for keyword, value in values.items():
            setattr(dataset, keyword, value(index) if callable(value) else value)

    return vary


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("transfer_syntax_uid", ["1.2.840.10008.1.2.1", IMPLICIT])
def test_a_series_of_each_kind_becomes_one_object_and_comes_back(
    kind: str, transfer_syntax_uid: str
) -> None:
    """Frames of 42 bytes and of 45: odd ones are joined without their pad byte."""
    for columns in (7, 9):
        datasets = pictures(
            kind, 5, rows=5, columns=columns, transfer_syntax_uid=transfer_syntax_uid
        )

        dataset = merged(datasets).dataset

        assert dataset.NumberOfFrames == 5
        pixels = b"".join(frame_of(one) for one in datasets)
        assert dataset.PixelData == pixels + b"\0" * (len(pixels) % 2)
        sources = [item.ReferencedSOPInstanceUID for item in dataset.SourceImageSequence]
        assert sources == [one.SOPInstanceUID for one in datasets]
        assert dataset.SOPInstanceUID not in sources
        assert dataset.SeriesInstanceUID != datasets[0].SeriesInstanceUID
        assert dataset.PatientName == datasets[0].PatientName


def test_what_slices_share_stands_in_the_root_and_the_rest_in_the_private_block() -> None:
    datasets = pictures("US", 3)

    dataset = merged(datasets).dataset

    assert dataset.Manufacturer == "BUILDER"
    assert "HeartRate" not in dataset
    assert dataset[0x00750010].value == "ISOCENTER"
    items = dataset[0x00751003].value
    assert [item[0x00751001].value[0].HeartRate for item in items] == [60, 61, 62]
    assert [item[0x00751001].value[0][0x00091001].value for item in items] == [
        f"private {index}" for index in range(3)
    ]


@pytest.mark.parametrize("kind", ["XA", "RF", "NM"])
def test_attributes_that_the_class_requires_show_the_first_slice_where_they_differ(
    kind: str,
) -> None:
    """All but the first slice lack everything that these modules ask for."""
    asked = {
        "XA": ("KVP", "RadiationSetting", "PixelIntensityRelationship", "PositionerPrimaryAngle"),
        "RF": ("KVP", "RadiationSetting", "PixelIntensityRelationship", "XRayTubeCurrent"),
        "NM": ("PixelSpacing", "SpacingBetweenSlices", "NumberOfDetectors"),
    }[kind]

    def lack(index: int, dataset: Dataset) -> None:
        for keyword in asked if index else ():
            delattr(dataset, keyword)

    datasets = pictures(kind, 3, vary=lack)

    dataset = merged(datasets).dataset

    assert {keyword: dataset.get(keyword) for keyword in asked} == {
        keyword: datasets[0].get(keyword) for keyword in asked
    }


def test_counts_and_angles_that_differ_are_not_told_for_all_frames() -> None:
    """Type 2: empty is true. A positioner that stood elsewhere for each frame was not static."""
    nm = merged(pictures("NM", 3)).dataset
    xa = merged(
        pictures("XA", 3, vary=setting(PositionerPrimaryAngle=lambda index: str(10 * index)))
    ).dataset

    assert nm.CountsAccumulated is None
    assert nm.DetectorInformationSequence[0].ImagePositionPatient == [-10, -20, 0]
    assert xa.PositionerMotion == "DYNAMIC"
    assert "PositionerPrimaryAngleIncrement" in xa
    assert merged(pictures("XA", 3)).dataset.PositionerMotion == "STATIC"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("SC", {"RescaleSlope": lambda index: str(index + 1), "RescaleIntercept": "0"}),
        ("US", {"RescaleSlope": lambda index: str(index + 1), "RescaleIntercept": "0"}),
        ("SC", {"RescaleSlope": "2", "RescaleIntercept": "0"}),
        ("SC", {"ModalityLUTSequence": Sequence([Dataset()])}),
    ],
)
def test_values_are_not_joined_where_they_would_mean_something_else(
    kind: str, values: dict[str, object]
) -> None:
    """PS3.3 A.8.3: one identity rescale; the others have one for all Frames."""
    with pytest.raises(NotSupportedError):
        merged(pictures(kind, 3, vary=setting(**values)))


def test_a_rescale_that_is_no_number_is_not_taken_for_an_identity() -> None:
    eight_bits = {0x00280100: us(8), 0x00280101: us(8), 0x00280102: us(7)}
    odd = {0x00281052: text("DS", "zero"), 0x00281053: text("DS", "1")}
    streams = [part10({**ct_slice(n, sop_class=SC), **eight_bits, **odd}) for n in range(2)]

    with pytest.raises(NotSupportedError):
        merged_stack(streams)


def test_words_keep_the_rescale_that_they_share() -> None:
    """PS3.3 A.8.4.4: it may be any; that of CT without a unit is in Hounsfield units."""
    rescale = {"RescaleSlope": "2.5", "RescaleIntercept": "-7"}
    sc = merged(pictures("SC", 3, bits_stored=12, vary=setting(**rescale))).dataset
    with_unit = merged(
        pictures("SC", 3, bits_stored=12, vary=setting(**rescale, RescaleType="OD"))
    ).dataset

    assert (sc.RescaleSlope, sc.RescaleIntercept, sc.RescaleType) == (2.5, -7, "US")
    assert with_unit.RescaleType == "OD"


def test_bytes_have_an_identity_rescale_of_no_unit() -> None:
    without = merged(pictures("SC", 3)).dataset
    identity = {"RescaleSlope": "1.0", "RescaleIntercept": "0", "RescaleType": "HU"}
    with_one = merged(pictures("SC", 3, vary=setting(**identity))).dataset

    for dataset in (without, with_one):
        assert dataset.SOPClassUID == SC_BYTE
        assert (dataset.RescaleSlope, dataset.RescaleIntercept) == (1, 0)
        assert dataset.RescaleType == "US"


def test_secondary_captures_say_what_their_modules_ask_for() -> None:
    def unsaid(_: int, dataset: Dataset) -> None:
        for keyword in ("BurnedInAnnotation", "ConversionType", "PatientOrientation"):
            delattr(dataset, keyword)

    told, untold = merged(pictures("SC", 3)), merged(pictures("SC", 3, vary=unsaid))

    assert told.dataset.BurnedInAnnotation == "NO"
    assert NOT_TOLD not in told.notes
    assert untold.dataset.BurnedInAnnotation == "YES"
    assert NOT_TOLD in untold.notes
    assert untold.dataset.ConversionType == "WSD"
    assert untold.dataset.PatientOrientation == ""
    assert untold.dataset.PresentationLUTShape == "IDENTITY"


def test_a_text_burnt_into_some_slices_is_in_the_object() -> None:
    some = setting(BurnedInAnnotation=lambda index: "YES" if index == 2 else "NO")

    assert merged(pictures("SC", 3, vary=some)).dataset.BurnedInAnnotation == "YES"


@pytest.mark.parametrize("kind", ["US", "SC"])
def test_a_window_is_whole_or_is_not_there(kind: str) -> None:
    """One center for each slice, one width for all: a width alone would be no window."""
    window = setting(WindowCenter=lambda index: str(10 + index), WindowWidth="100")

    def no_center(index: int, dataset: Dataset) -> None:
        window(index, dataset)
        if index == 0:
            del dataset.WindowCenter, dataset.WindowWidth

    dataset = merged(pictures(kind, 3, vary=window)).dataset

    assert (dataset.WindowCenter, dataset.WindowWidth) == (10, 100)
    assert "WindowWidth" not in merged(pictures(kind, 3, vary=no_center)).dataset


def overlaid(index: int, dataset: Dataset) -> None:
    """Draw an overlay, another one in each slice, and one that all share."""
    for group, data in ((0x6000, bytes([index] * 6)), (0x6002, b"\1" * 6)):
        dataset.add_new((group, 0x0010), "US", dataset.Rows)
        dataset.add_new((group, 0x0011), "US", dataset.Columns)
        dataset.add_new((group, 0x0040), "CS", "G")
        dataset.add_new((group, 0x0050), "SS", [1, 1])
        dataset.add_new((group, 0x0100), "US", 1)
        dataset.add_new((group, 0x0102), "US", 0)
        dataset.add_new((group, 0x3000), "OW", data)


def test_an_overlay_is_whole_or_is_not_there() -> None:
    made = merged(pictures("US", 3, vary=overlaid))

    assert not any(element.tag.group == 0x6000 for element in made.dataset)
    assert made.dataset[0x60023000].value == b"\1" * 6
    assert NO_OVERLAYS not in made.notes


def test_secondary_captures_have_no_overlays_and_colours_no_window() -> None:
    """PS3.3 A.8.3.4, A.8.4.4, A.8.5.4."""

    def drawn(index: int, dataset: Dataset) -> None:
        overlaid(index, dataset)
        setting(WindowCenter="1", WindowWidth="2")(index, dataset)

    made = merged(pictures("SC", 3, samples=3, vary=drawn))

    assert made.dataset.SOPClassUID == SC_COLOUR
    assert not any(element.tag.group in (0x6000, 0x6002) for element in made.dataset)
    assert "WindowCenter" not in made.dataset
    assert NO_OVERLAYS in made.notes


def test_colours_by_plane_and_palettes_of_ultrasound_are_kept() -> None:
    def palette(_: int, dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for colour in ("Red", "Green", "Blue"):
            setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
            setattr(dataset, f"{colour}PaletteColorLookupTableData", bytes(range(256)) * 2)

    by_plane = merged(pictures("US", 3, samples=3, vary=setting(PlanarConfiguration=1))).dataset
    coloured = merged(pictures("US", 3, vary=palette)).dataset

    assert by_plane.PlanarConfiguration == 1
    assert coloured.PhotometricInterpretation == "PALETTE COLOR"
    assert coloured.RedPaletteColorLookupTableData == bytes(range(256)) * 2


@pytest.mark.parametrize("kind", ["US", "XA", "SC"])
def test_compressed_frames_are_copied(kind: str) -> None:
    datasets = pictures(kind, 4)
    for index, dataset in enumerate(datasets):
        set_fragments(dataset, [bytes([index]) * (64 + 2 * index)], RLE)

    assert merged(datasets).dataset.file_meta.TransferSyntaxUID == RLE


def with_private(index: int, dataset: Dataset) -> None:
    add_private(dataset, index)


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_slices_of_a_volume_may_become_pictures_and_come_back(modality: str) -> None:
    """`--sop-class multiframe`: SC Word; rescale and unit in the root, positions kept for split."""
    datasets = series(4, modality=modality, vary=with_private)
    streams = [to_bytes(dataset) for dataset in datasets]

    made = merged_stack(streams, sop_class="multiframe")

    assert made.dataset.SOPClassUID.name.startswith("Multi-frame Grayscale Word Secondary")
    assert made.dataset.Modality == modality
    assert "ImagePositionPatient" not in made.dataset
    if modality == "CT":
        assert (made.dataset.RescaleIntercept, made.dataset.RescaleType) == (-1024, "HU")
    for ours, source in zip(split_streams(made.stream), streams, strict=True):
        assert not differences(view(dcmread(io.BytesIO(ours))), view(dcmread(io.BytesIO(source))))


def test_slices_without_uids_are_merged_only_where_their_class_is_known() -> None:
    """The references to the sources are what tells the class; without UIDs there are none."""

    def streams(sop_class: str) -> list[bytes]:
        unnamed = {0x00080016: text("UI", sop_class), 0x00080018: text("UI", "")}
        return [part10({**ct_slice(index), **unnamed}) for index in range(2)]

    split = split_streams(merged_stack(streams(SC)).stream, keep_original_uids=False)

    assert {dcmread(io.BytesIO(one)).SOPClassUID for one in split} == {SC}
    with pytest.raises(NotSupportedError):
        merged_stack(streams("1.2.840.10008.5.1.4.1.1.1"))
