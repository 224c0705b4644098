"""The contestants that are Python: one function each, which loads only its own library.

python benchmarks/contestants.py NAME ARGUMENT...

Readers print `seconds N`, the time of reading without the start of the process.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Twenty elements that an index of a CT header needs.
TAGS = (
    0x00080016, 0x00080018, 0x00080020, 0x00080030, 0x00080060,
    0x00100010, 0x00100020, 0x0020000D, 0x0020000E, 0x00200011,
    0x00200013, 0x00200032, 0x00200037, 0x00200052, 0x00280008,
    0x00280010, 0x00280011, 0x00280030, 0x00280100, 0x00280101,
)  # fmt: skip
PASSES = 3


def timed(folder: str, read: Callable[[Path], int]) -> None:
    """Print how long it takes to read every file of a folder, over and over."""
    files = sorted(Path(folder).glob("*.dcm"))
    started = time.perf_counter()
    found = sum(read(path) for _ in range(PASSES) for path in files)
    seconds = time.perf_counter() - started
    assert found > 0, "nothing was read"
    print(f"{found} values")
    print(f"seconds {seconds:.6f}")


def tags_isocenter(folder: str) -> None:
    from isocenter.dicom.header_index import index_header
    from isocenter.dicom.streams import StreamSource

    def read(path: Path) -> int:
        with path.open("rb", buffering=0) as stream:
            dataset = index_header(StreamSource(stream)).dataset
            return sum(bool(dataset.value(tag)) for tag in TAGS)

    timed(folder, read)


def tags_pydicom(folder: str) -> None:
    from pydicom import dcmread

    def read(path: Path) -> int:
        dataset = dcmread(path, stop_before_pixels=True, specific_tags=list(TAGS))
        return sum(dataset[tag].value is not None for tag in TAGS if tag in dataset)

    timed(folder, read)


def tags_dicomsdl(folder: str) -> None:
    import dicomsdl

    def read(path: Path) -> int:
        dataset = dicomsdl.open_file(str(path))
        return sum(dataset.getDataElement(tag).value() is not None for tag in TAGS)

    timed(folder, read)


def json_isocenter(folder: str) -> None:
    from isocenter.dicom.header_index import PIXEL_DATA, index_header
    from isocenter.dicom.json_model import json_bytes
    from isocenter.dicom.streams import StreamSource

    def read(path: Path) -> int:
        with path.open("rb", buffering=0) as stream:
            return len(json_bytes(index_header(StreamSource(stream)).dataset, exclude=[PIXEL_DATA]))

    timed(folder, read)


def json_pydicom(folder: str) -> None:
    import orjson
    from pydicom import dcmread

    def read(path: Path) -> int:
        return len(orjson.dumps(dcmread(path, stop_before_pixels=True).to_json_dict()))

    timed(folder, read)


def merge_highdicom(folder: str, output: str) -> None:
    from highdicom.legacy import LegacyConvertedEnhancedCTImage
    from pydicom import dcmread
    from pydicom.uid import generate_uid

    merged = LegacyConvertedEnhancedCTImage(
        [dcmread(path) for path in sorted(Path(folder).glob("*.dcm"))],
        series_instance_uid=generate_uid(),
        series_number=1,
        sop_instance_uid=generate_uid(),
        instance_number=1,
    )
    merged.save_as(output)


def split_pydicom(source: str, output: str) -> None:
    import copy

    from pydicom import Dataset, dcmread
    from pydicom.encaps import encapsulate, generate_frames
    from pydicom.uid import CTImageStorage, generate_uid

    def flatten(target: Dataset, groups: Dataset) -> None:
        for sequence in groups:
            target.update(sequence.value[0])

    multi = dcmread(source)
    groups = multi.PerFrameFunctionalGroupsSequence
    frames = generate_frames(multi.PixelData, number_of_frames=len(groups))
    root = Dataset()
    root.update(multi)
    for keyword in ("PixelData", "NumberOfFrames", "PerFrameFunctionalGroupsSequence"):
        del root[keyword]
    flatten(root, multi.SharedFunctionalGroupsSequence[0])
    del root.SharedFunctionalGroupsSequence
    root.SOPClassUID = CTImageStorage
    root.SeriesInstanceUID = generate_uid()
    Path(output).mkdir(parents=True)
    for number, (frame, own) in enumerate(zip(frames, groups, strict=True), 1):
        single = Dataset()
        single.update(root)
        flatten(single, own)
        single.file_meta = copy.deepcopy(multi.file_meta)
        single.SOPInstanceUID = single.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        single.file_meta.MediaStorageSOPClassUID = CTImageStorage
        single.InstanceNumber = number
        single.PixelData = encapsulate([frame])
        single["PixelData"].VR = "OB"
        single["PixelData"].is_undefined_length = True
        single.save_as(Path(output) / f"frame{number:04d}.dcm")


def compress_unverified(codec: str, source: str, output: str) -> None:
    """Compress as we do, without decoding anything again: what the verification costs."""
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    Path(output).mkdir(parents=True)
    paths = sorted(Path(source).iterdir())
    with ProcessPoolExecutor(initializer=_verify_nothing) as executor:
        work = partial(_compress_one, codec, output)
        assert sum(executor.map(work, paths, chunksize=8)) == len(paths)


def _verify_nothing() -> None:
    from types import SimpleNamespace

    from isocenter.dicom import transcode

    vars(transcode)["decode_frame"] = lambda *_: None
    vars(transcode)["np"] = SimpleNamespace(array_equal=lambda *_: True)


def _compress_one(codec: str, output: str, path: Path) -> int:
    from isocenter.dicom.transcode import Wish, transcode

    with path.open("rb") as source, (Path(output) / path.name).open("w+b") as target:
        facts = transcode(source, target, wish=Wish(codec))
        target.flush()
        os.fsync(target.fileno())
    return 1 if facts["frames"] else 0


def deidentify_dicognito(folder: str, output: str) -> None:
    from dicognito.__main__ import main

    files = [str(path) for path in sorted(Path(folder).glob("*.dcm"))]
    main(["--output-directory", output, "--seed", "benchmark", "--quiet", *files])


CONTESTANTS: dict[str, Callable[..., None]] = {
    function.__name__: function
    for function in (
        tags_isocenter,
        tags_pydicom,
        tags_dicomsdl,
        json_isocenter,
        json_pydicom,
        merge_highdicom,
        split_pydicom,
        compress_unverified,
        deidentify_dicognito,
    )
}

if __name__ == "__main__":
    CONTESTANTS[sys.argv[1]](*sys.argv[2:])
