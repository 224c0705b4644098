"""Lossy encoding to a goal: how good it must be at least, or how small.

The measure is the peak signal-to-noise ratio over the range of values that the Frame really
uses, which is what a window shows of it; over the whole range of Bits Stored it is higher.

The default of 50 dB leaves a root mean square error of 1/316 of that range. A CT that spans
4,000 HU is off by 13 HU, no more than the noise of one slice of a routine examination; an 8-bit
ultrasound by 0.8 of a grey level. The 45 dB that reading studies call visually lossless are met
by every Frame, with a margin, because each is decoded and measured; quality is never assumed.
"""

from dataclasses import dataclass
from math import inf, log2, log10

import numpy as np

from isocenter.dicom.codecs import Codec, decode_frame, encode_frame
from isocenter.dicom.pixel_format import PixelFormat, Samples
from isocenter.errors import NotSupportedError

DEFAULT_PSNR_DB = 50.0

# What is encoded are the bits of signed samples as an unsigned number, so that -1 stands at the
# upper end of the range and 0 at the lower one.
_SIGNLESS = frozenset({"jpegls", "jpegxl"})
_STEPS = 8
_STEP_DB = 1.5


@dataclass(frozen=True, slots=True)
class Goal:
    """How good a Frame must be at least, or, with ``ratio`` above 0, how small.

    Attributes
    ----------
    psnr_db
        Over the range of values that the Frame uses.
    ratio
        Bytes of the native Frame to bytes of the encoded one, at least; 0: as the PSNR gives it.
    """

    psnr_db: float = DEFAULT_PSNR_DB
    ratio: float = 0.0


def measured_psnr(samples: Samples, decoded: Samples) -> float:
    """Return the PSNR in dB over the range of ``samples``; infinite where nothing differs."""
    error = float(np.mean(np.square(samples.astype("f8") - decoded)))
    if not error:
        return inf
    used = float(samples.max()) - float(samples.min())
    return 20 * log10(max(used, 1.0)) - 10 * log10(error)


def encode_lossy(codec: Codec, samples: Samples, pixels: PixelFormat, goal: Goal) -> bytes:
    """Return one Frame encoded with loss: the smallest found that is good enough.

    With a ratio, the best found that is small enough. At most nine encodings are tried.

    Raises
    ------
    NotSupportedError
        If the ratio cannot be met, or the codec loses nothing of such pixels sensibly.
    """
    if pixels.is_signed and codec.name in _SIGNLESS:
        # Near zero a small error would be a large one, and to shift all values would change the
        # meaning of every attribute that names one.
        raise NotSupportedError(f"{codec.name} has no lossy encoding of signed pixels")
    used = max(float(samples.max()) - float(samples.min()), 1.0)
    headroom = 20 * log10(((1 << pixels.bits_stored) - 1) / used)
    allowed_bytes = len(samples.tobytes()) / goal.ratio if goal.ratio else inf
    measure = _first_measure(codec, goal, used, headroom)
    worst, best = _bounds(codec, pixels, goal, measure)
    chosen: bytes | None = None
    step = _STEP_DB
    for _ in range(_STEPS):
        data = encode_frame(codec, samples, pixels, measure)
        if goal.ratio:
            is_met, is_better_lower = len(data) <= allowed_bytes, False
        else:
            decoded = decode_frame(codec, data, pixels)
            is_met, is_better_lower = measured_psnr(samples, decoded) >= goal.psnr_db, True
        if is_met:
            chosen = data
            if is_better_lower and codec.name == "j2k":
                return data  # its own measure is the goal: the first that meets it is close
        # The next guess lies towards the side where there is something to gain.
        if is_met == is_better_lower:
            best, measure = measure, (worst + measure) / 2
        elif codec.name == "j2k" and is_better_lower:
            measure, step = min(best, measure + step), 2 * step
        else:
            worst, measure = measure, (measure + best) / 2
        if codec.name == "jpegls":
            measure = float(round(measure))
    if chosen is None and goal.ratio:
        raise NotSupportedError(f"{codec.name} does not reach the ratio on these pixels")
    # What hardly differs from pixel to pixel may only be good enough where nothing is lost.
    return encode_frame(codec, samples, pixels) if chosen is None else chosen


def _bounds(codec: Codec, pixels: PixelFormat, goal: Goal, measure: float) -> tuple[float, float]:
    """Return between which measures of loss to look, given the first guess."""
    worst, best = codec.lossy_range
    if codec.name == "jpegls":
        return max(worst, -float(((1 << pixels.bits_stored) - 1) // 2)), best
    if codec.name == "htj2k" and not goal.ratio:
        # Its range is wide and the guess is good; 18 dB to each side.
        return max(worst, measure - 3), min(best, measure + 3)
    return worst, best


def _first_measure(codec: Codec, goal: Goal, used: float, headroom: float) -> float:
    """Return a first guess of the codec's own measure of loss."""
    worst, best = codec.lossy_range
    if goal.ratio:
        return (worst + best) / 2
    if codec.name == "j2k":
        # Its PSNR is over the range of Bits Stored; what it reaches falls a little short.
        return min(best, goal.psnr_db + headroom + 0.5)
    if codec.name == "jpegls":
        # Errors are spread evenly over -n..n, so that their mean square is n (n + 1) / 3.
        error = (used / 10 ** (goal.psnr_db / 20)) ** 2
        return float(max(worst, -int((3 * error + 0.25) ** 0.5 - 0.5)))
    if codec.name == "htj2k":
        # The error of a base step is about a fifth of it.
        return min(best, max(worst, log2(10 ** ((goal.psnr_db + headroom) / 20) / 5)))
    return -1.0
