"""Videos as FFmpeg's own programs see them, and videos that these programs make for tests.

Tests that call them carry `@pytest.mark.judge("ffmpeg", "ffprobe")`.
"""

import json
import math
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.uint8]
# Exact conversion, so that what differs is what the encoder changed.
_SCALER = ("-sws_flags", "accurate_rnd+full_chroma_int+full_chroma_inp+bicubic")


def probe(path: Path) -> dict[str, str]:
    """Return what ffprobe says of the only stream, Frames counted by decoding them."""
    command = ("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path))
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b"", done.stderr
    (stream,) = json.loads(done.stdout)["streams"]
    return {name: str(value) for name, value in stream.items()}


def times_of(path: Path) -> list[float]:
    """Return when each Frame is shown, in seconds."""
    entries = ("-show_entries", "frame=pts_time", "-of", "csv=p=0")
    command = ("ffprobe", "-v", "error", *entries, str(path))
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return [float(line.split(",")[0]) for line in done.stdout.split() if line.strip(",")]


def frames_of(path: Path) -> Frames:
    """Return all Frames as ffmpeg decodes them: `(frames, rows, columns, 3)`, RGB."""
    stream = probe(path)
    rows, columns = int(stream["height"]), int(stream["width"])
    # Stored, neither turned nor stretched, none dropped or doubled.
    options = ("-fps_mode", "passthrough", *_SCALER, "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    command = ("ffmpeg", "-v", "error", "-noautorotate", "-i", str(path), *options)
    done = subprocess.run(command, capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, rows, columns, 3)


def digests_of(path: Path) -> list[str]:
    """Return a digest of each Frame as ffmpeg decodes it, without any conversion."""
    command = ("ffmpeg", "-v", "error", "-i", str(path), "-f", "framemd5", "-")
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    lines = done.stdout.splitlines()
    return [line.split(",")[-1].strip() for line in lines if not line.startswith("#")]


def make_video(path: Path, *options: str, source: str = "testsrc2=size=64x48:rate=25") -> Path:
    """Return a video of one second or less that ffmpeg made of one of its test patterns."""
    command = ("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-t", "0.4", *options)
    subprocess.run((*command, str(path)), check=True)
    return path


def boxes_of(path: Path) -> list[str]:
    """Return the names of the outermost boxes of an MP4, in order."""
    data = path.read_bytes()
    names, at = [], 0
    while at < len(data):
        names.append(data[at + 4 : at + 8].decode("latin-1"))
        at += int.from_bytes(data[at : at + 4], "big") or len(data)
    return names


def psnr_db(frames: npt.NDArray[np.generic], others: npt.NDArray[np.generic]) -> float:
    """Return the peak signal-to-noise ratio of the worst Frame, over 255."""
    difference = frames.astype(float) - others.astype(float)
    worst = float((difference**2).mean(axis=tuple(range(1, difference.ndim))).max())
    return math.inf if worst == 0 else 10 * math.log10(255**2 / worst)
