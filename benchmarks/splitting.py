"""Contest of splitting an encapsulated Enhanced CT of 100 Frames, as another maker writes it.

No program of GDCM or DCMTK makes Instances of Frames: theirs write the bare fragments, without
headers, and force nothing onto the disk. pydicom does the whole job.

python -m benchmarks.splitting SLICES TARGET makes the input.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.contest import Budget, Contest, Contestant

ISOCENTER = str(Path(sys.executable).parent / "isocenter")
FRAMES = 100
_PEERS = (
    (
        "gdcmraw --split-frags",
        "gdcmraw -i '{source}' -o '{out}/frame' --split-frags --pattern %03d",
    ),
    ("dcmdump +W", "dcmdump -q +W '{out}' '{source}' > /dev/null"),
)


def contests(slices: Path, work: Path) -> list[Contest]:
    """Return the contest; its input is made once."""
    source, out = work / "enhanced.dcm", work / "out" / "frames"
    if not source.is_file():
        command = (sys.executable, "-m", "benchmarks.splitting", str(slices), str(source))
        subprocess.run(command, check=True)
    ours = (ISOCENTER, "split", str(source), "--quiet", "--out", str(out))
    pydicom = (sys.executable, str(Path(__file__).parent / "contestants.py"), "split_pydicom")
    contestants = [
        Contestant("isocenter", ours, out),
        Contestant("isocenter --no-fsync", (*ours, "--no-fsync"), out),
        Contestant("split_pydicom", (*pydicom, str(source), str(out)), out),
        *_peers(source, out),
    ]
    budgets = [Budget("cpu_seconds", 0.6, "split_pydicom"), Budget("peak_mb", 60)]
    return [Contest(f"split {FRAMES} encapsulated frames", tuple(contestants), tuple(budgets))]


def _peers(source: Path, out: Path) -> list[Contestant]:
    """Return the installed ones of the programs that write fragments."""
    found = []
    for name, template in _PEERS:
        if shutil.which(name.partition(" ")[0]) is not None:
            script = f"mkdir -p '{out}'; {template.format(source=source, out=out)}"
            found.append(Contestant(name, ("bash", "-euc", script), out))
    return found


def make(slices: str, target: str) -> None:
    """Write an Enhanced CT of the first slices of a folder, in JPEG-LS, without an offset table."""
    import jpeg_ls
    from pydicom import Dataset, dcmread
    from pydicom.encaps import encapsulate
    from pydicom.uid import EnhancedCTImageStorage, JPEGLSLossless

    sources = [dcmread(path) for path in sorted(Path(slices).glob("*.dcm"))[:FRAMES]]
    dataset, frames = sources[0], []
    groups = []
    for number, source in enumerate(sources, 1):
        encoded = bytes(jpeg_ls.encode(source.pixel_array))
        frames.append(encoded)
        content, plane, frame = Dataset(), Dataset(), Dataset()
        content.FrameAcquisitionNumber = number
        content.FrameAcquisitionDateTime = f"{source.AcquisitionDate}{source.AcquisitionTime}"
        plane.ImagePositionPatient = source.ImagePositionPatient
        frame.FrameContentSequence, frame.PlanePositionSequence = [content], [plane]
        groups.append(frame)
    shared, measures, orientation, values = Dataset(), Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = dataset.PixelSpacing, dataset.SliceThickness
    orientation.ImageOrientationPatient = dataset.ImageOrientationPatient
    values.RescaleIntercept, values.RescaleSlope = dataset.RescaleIntercept, dataset.RescaleSlope
    values.RescaleType = "HU"
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [measures], [orientation]
    shared.PixelValueTransformationSequence = [values]
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        del dataset[keyword]
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    dataset.NumberOfFrames = len(frames)
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = groups
    dataset.file_meta.TransferSyntaxUID = JPEGLSLossless
    dataset.PixelData = encapsulate(frames, has_bot=False)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(target)


if __name__ == "__main__":
    make(*sys.argv[1:])
