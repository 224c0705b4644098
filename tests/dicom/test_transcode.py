import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from isocenter.dicom.header_index import index_header
from isocenter.dicom.lossy import Goal
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.transcode import Wish, reason_to_skip, transcode
from isocenter.errors import CorruptPixelDataError, NotSupportedError, TooLargeError
from isocenter.limits import DEFAULT, Limits
from tests.builders import add_private, instance, set_fragments, to_bytes
from tests.equality import View, differences, view
from tests.pictures import pictures

CODECS = ["j2k", "htj2k", "jpegls", "jpeg-lossless", "rle", "jpegxl", "deflate"]
CHANGED = ["PhotometricInterpretation", "PlanarConfiguration", "PixelData"]

AS_WISHED = (
    "not compressed",
    "already in this transfer syntax",
    "already compressed by this codec, perhaps with loss",
)
METHODS = {
    "j2k": "ISO_15444_1",
    "htj2k": "ISO_15444_15",
    "jpegls": "ISO_14495_1",
    "jpegxl": "ISO_18181_1",
}


def transcoded(data: bytes, wish: Wish, limits: Limits = DEFAULT, **options: object) -> bytes:
    target = io.BytesIO()
    transcode(io.BytesIO(data), target, limits, wish=wish, **options)  # type: ignore[arg-type]  # passed on
    return target.getvalue()


def multi_frame(frames: int = 5, **options: object) -> Dataset:
    """Return a native multi-frame instance whose Frames differ."""
    datasets = [instance(index, **options) for index in range(frames)]  # type: ignore[arg-type]  # passed on
    whole = datasets[0]
    whole.NumberOfFrames = frames
    whole.PixelData = b"".join(dataset.PixelData for dataset in datasets)
    return whole


def without_pixels(dataset: Dataset) -> View:
    for keyword in CHANGED:
        if keyword in dataset:
            del dataset[keyword]
    return view(dataset)


def pixels_of(dataset: Dataset) -> npt.NDArray[Any]:
    stored: npt.NDArray[Any] = dataset.pixel_array
    return stored


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("uid", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_there_and_back_gives_the_same_instance(codec: str, uid: str) -> None:
    dataset = add_private(multi_frame(rows=31, columns=17, signed=True, transfer_syntax_uid=uid))
    data = to_bytes(dataset)

    packed = transcoded(data, Wish(codec))
    back = transcoded(packed, Wish())

    header = index_header(StreamSource(io.BytesIO(packed)))
    assert header.transfer_syntax_uid == Wish(codec).transfer_syntax_uid
    assert len(header.fragments) == 6
    assert header.fragments[0].length == 20
    written = dcmread(io.BytesIO(back))
    assert written.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert written.PixelData == dataset.PixelData
    assert written.SOPInstanceUID == dataset.SOPInstanceUID
    assert not differences(without_pixels(written), without_pixels(dcmread(io.BytesIO(data))))


@pytest.mark.parametrize("codec", CODECS)
def test_colours_and_planes_come_back(codec: str) -> None:
    (dataset,) = pictures("SC", 1, samples=3, rows=20, columns=15)
    expected = pixels_of(dcmread(io.BytesIO(to_bytes(dataset))))
    dataset.PlanarConfiguration = 1
    dataset.PixelData = np.moveaxis(expected, -1, 0).tobytes()

    packed = transcoded(to_bytes(dataset), Wish(codec))
    back = dcmread(io.BytesIO(transcoded(packed, Wish())))

    label = "YBR_RCT" if codec in ("j2k", "htj2k") else "RGB"
    assert dcmread(io.BytesIO(packed)).PhotometricInterpretation == label
    assert (back.PhotometricInterpretation, back.PlanarConfiguration) == ("RGB", 0)
    assert np.array_equal(pixels_of(back), expected)


@pytest.mark.parametrize("codec", ["rle", "deflate"])
def test_frames_of_bits_that_share_bytes_come_back(codec: str) -> None:
    dataset = multi_frame(rows=5, columns=7)
    bits = np.random.Generator(np.random.PCG64(1)).integers(0, 2, 5 * 35).astype("u1")
    dataset.BitsAllocated = dataset.BitsStored = 1
    dataset.HighBit = 0
    dataset.PixelData = np.packbits(bits, bitorder="little").tobytes()
    dataset["PixelData"].VR = "OB"

    back = transcoded(transcoded(to_bytes(dataset), Wish(codec)), Wish())

    assert dcmread(io.BytesIO(back)).PixelData == dataset.PixelData


@pytest.mark.parametrize("codec", ["htj2k", "jpegls", "rle"])
def test_threads_change_no_byte(codec: str) -> None:
    data = to_bytes(multi_frame(12, rows=64, columns=64))
    alone = transcoded(data, Wish(codec))

    with ThreadPoolExecutor(3) as executor:
        together = transcoded(data, Wish(codec), executor=executor, threads=3)

    assert together == alone


def test_palette_indices_are_never_changed_by_a_loss() -> None:
    (dataset,) = pictures("SC", 1)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    data = to_bytes(dataset)

    back = dcmread(io.BytesIO(transcoded(transcoded(data, Wish("j2k")), Wish())))
    assert back.PixelData == dataset.PixelData
    assert back.PhotometricInterpretation == "PALETTE COLOR"
    with pytest.raises(NotSupportedError, match="palette"):
        transcoded(data, Wish("j2k", Goal()))


@pytest.mark.parametrize("codec", list(METHODS))
def test_a_lossy_output_says_what_was_lost(codec: str) -> None:
    dataset = instance(rows=64, columns=64)
    down, across = np.mgrid[:64, :64]
    dataset.PixelData = (1000 + 20 * down + 25 * across).astype("<u2").tobytes()
    data = to_bytes(dataset)

    packed = transcoded(data, Wish(codec, Goal(50)))
    written = dcmread(io.BytesIO(packed))

    lost = pixels_of(dcmread(io.BytesIO(transcoded(packed, Wish())))).astype(float)
    error = np.mean(np.square(lost - pixels_of(dataset)))
    assert 20 * np.log10(2835) - 10 * np.log10(max(error, 1e-9)) >= 50
    assert written.LossyImageCompression == "01"
    assert written.LossyImageCompressionMethod == METHODS[codec]
    real_ratio = 64 * 64 * 2 / (len(written.PixelData) - 24)
    assert float(written.LossyImageCompressionRatio) == pytest.approx(real_ratio, rel=0.06)
    assert written.ImageType[0] == "DERIVED"
    assert written.SOPInstanceUID != dataset.SOPInstanceUID
    assert written.file_meta.MediaStorageSOPInstanceUID == written.SOPInstanceUID
    (source,) = written.SourceImageSequence
    assert source.ReferencedSOPInstanceUID == dataset.SOPInstanceUID
    assert source.PurposeOfReferenceCodeSequence[0].CodeValue == "121320"
    assert written.DerivationCodeSequence[0].CodeValue == "113040"
    again = dcmread(io.BytesIO(transcoded(data, Wish(codec, Goal(50)))))
    assert again.SOPInstanceUID == written.SOPInstanceUID
    other = dcmread(io.BytesIO(transcoded(data, Wish(codec, Goal(40)))))
    assert other.SOPInstanceUID != written.SOPInstanceUID


def _saved(dataset: Dataset) -> bytes:
    stream = io.BytesIO()
    dataset.save_as(stream)
    return stream.getvalue()


def test_a_decoded_lossy_image_still_says_that_it_lost_something() -> None:
    data = to_bytes(instance(rows=64, columns=64))
    packed = dcmread(io.BytesIO(transcoded(data, Wish("j2k", Goal(40)))))
    del packed.LossyImageCompression, packed.LossyImageCompressionMethod

    back = dcmread(io.BytesIO(transcoded(_saved(packed), Wish())))

    assert (back.LossyImageCompression, back.LossyImageCompressionMethod) == ("01", "ISO_15444_1")


def test_overlays_in_unused_bits_are_refused_and_kept_by_rle() -> None:
    dataset = instance(rows=8, columns=8)
    samples = np.frombuffer(dataset.PixelData, "<u2") | 0x8000
    dataset.PixelData = samples.tobytes()
    data = to_bytes(dataset)

    with pytest.raises(NotSupportedError, match="overlay"):
        transcoded(data, Wish("j2k"))
    back = dcmread(io.BytesIO(transcoded(transcoded(data, Wish("rle")), Wish())))
    assert back.PixelData == dataset.PixelData


def test_what_fits_already_is_skipped() -> None:
    native = to_bytes(instance())
    packed = transcoded(native, Wish("j2k"))
    lossy = transcoded(native, Wish("j2k", Goal(40)))

    def reason(data: bytes, wish: Wish, *, recompress: bool = False) -> str:
        header = index_header(StreamSource(io.BytesIO(data)))
        found = reason_to_skip(header, wish, recompress=recompress)
        assert found is None or found.is_as_wished == (found.reason in AS_WISHED)
        return "" if found is None else found.reason

    assert reason(native, Wish()) == "not compressed"
    assert reason(packed, Wish()) == ""
    assert reason(packed, Wish("j2k")) == "already in this transfer syntax"
    assert reason(packed, Wish("rle")) == ""
    assert reason(lossy, Wish("j2k")) == "already compressed by this codec, perhaps with loss"
    assert reason(lossy, Wish("rle")) == "already compressed with loss"
    assert reason(lossy, Wish("j2k", Goal())) == "already in this transfer syntax"
    assert reason(lossy, Wish("j2k", Goal()), recompress=True) == ""
    assert reason(packed, Wish("j2k"), recompress=True) == "already in this transfer syntax"
    assert reason(lossy, Wish("rle"), recompress=True) == ""
    no_image = instance()
    del no_image.PixelData
    assert reason(to_bytes(no_image), Wish("j2k")) == "no image"


def test_video_and_unknown_syntaxes_are_refused() -> None:
    for uid in ("1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.92"):
        data = to_bytes(set_fragments(instance(), [b"\0" * 8], uid))
        with pytest.raises(NotSupportedError):
            transcoded(data, Wish())


def test_frames_and_header_must_agree() -> None:
    dataset = set_fragments(
        instance(rows=8, columns=6), [b"\xff\xd8\xff\xd9"], "1.2.840.10008.1.2.4.70"
    )
    with pytest.raises(CorruptPixelDataError):
        transcoded(to_bytes(dataset), Wish())
    with pytest.raises(TooLargeError):
        transcoded(to_bytes(instance()), Wish("j2k"), Limits(frame_bytes=10))


@pytest.mark.usefixtures("odd_values_allowed")
@pytest.mark.parametrize(
    "name",
    [
        "cornerstone/TestPattern_JPEG-Baseline_YBR422.dcm",
        "pydicom/test_files/SC_rgb_dcmtk_+eb+cy+np.dcm",
        "pydicom/test_files/SC_rgb_jpeg_dcmtk.dcm",
        "pydicom/test_files/examples_ybr_color.dcm",
    ],
)
def test_ycbcr_jpeg_becomes_rgb_as_dcmtk_and_pydicom_make_it(name: str, shared_data: Path) -> None:
    data = (shared_data / "dicom" / name).read_bytes()

    back = dcmread(io.BytesIO(transcoded(data, Wish())))

    assert back.PhotometricInterpretation == "RGB"
    ours = pixels_of(back).astype(int)
    theirs = _pillow_rgb(data)
    first = ours if ours.ndim == 3 else ours[0]
    assert np.abs(first - theirs).max() <= 3


def _pillow_rgb(data: bytes) -> npt.NDArray[Any]:
    from PIL import Image  # noqa: PLC0415 - only these tests need it
    from pydicom.encaps import get_frame  # noqa: PLC0415

    dataset = dcmread(io.BytesIO(data))
    number = int(dataset.get("NumberOfFrames", 1))
    image = Image.open(io.BytesIO(get_frame(dataset.PixelData, 0, number_of_frames=number)))
    return np.asarray(image.convert("RGB")).astype(int)


def test_the_digest_of_the_output_is_the_same_every_time() -> None:
    data = to_bytes(multi_frame(3))

    digests = {hashlib.sha256(transcoded(data, Wish("j2k"))).hexdigest() for _ in range(2)}

    assert len(digests) == 1


def test_samples_are_changed_and_elements_left_out_where_that_is_wished() -> None:
    data = to_bytes(multi_frame())
    wish = Wish("j2k", change=lambda samples, _: samples // 2, left_out=frozenset({0x00080060}))

    made = dcmread(io.BytesIO(transcoded(data, wish)))

    before = dcmread(io.BytesIO(data))
    assert np.array_equal(made.pixel_array, before.pixel_array // 2)
    assert "Modality" in before
    assert "Modality" not in made
