"""Decode HTJ2K files by OpenJPEG, in a process of its own: `python -m tests.htj2k_judge FILE...`.

Prints the hash of the samples of each. The library is not safe in threads and may crash.
"""

import sys

import numpy as np
from openjpeg.utils import decode_pixel_data
from pydicom import dcmread
from pydicom.encaps import generate_frames

from tests.recorded_facts import digest_of


def main() -> None:
    """Print a hash, or the name of an error, for each file."""
    for name in sys.argv[1:]:
        dataset = dcmread(name)
        kind = f"{'i' if dataset.PixelRepresentation else 'u'}{dataset.BitsAllocated // 8}"
        count = int(dataset.get("NumberOfFrames") or 1)
        decoded = [
            bytes(decode_pixel_data(frame, version=2))
            for frame in generate_frames(dataset.PixelData, number_of_frames=count)
        ]
        width = len(decoded[0]) // (dataset.Rows * dataset.Columns * dataset.SamplesPerPixel)
        samples = np.frombuffer(b"".join(decoded), f"<{kind[0]}{width}")
        print(digest_of(samples.astype(f"<{kind}")))


if __name__ == "__main__":
    main()
