"""The usual way to read posted DICOM in Python: pydicom for values, Pillow for PNG; a peer."""

import base64
import io

import numpy as np
import pydicom
from fastapi import FastAPI, UploadFile
from PIL import Image
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

app = FastAPI()


def read(file: UploadFile) -> dict[str, object]:
    """Return every value as text and every frame as PNG."""
    dataset = pydicom.dcmread(file.file)
    values: dict[str, object] = {
        element.keyword: str(element.value)
        for element in dataset
        if element.keyword and element.keyword != "PixelData"
    }
    frames = dataset.pixel_array
    frames = frames[np.newaxis] if frames.ndim == 2 else frames
    values["ImageFormat"] = "PNG"
    values["Images"] = [_png(_shown(frame, dataset)) for frame in frames]
    return values


def _shown(
    frame: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]", dataset: pydicom.Dataset
) -> Image.Image:
    if frame.dtype == np.uint8:
        return Image.fromarray(frame)
    shown = apply_voi_lut(apply_modality_lut(frame, dataset), dataset).astype(float)
    shown -= shown.min()
    return Image.fromarray((shown / max(shown.max(), 1) * 255).astype(np.uint8))


def _png(image: Image.Image) -> str:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


app.add_api_route("/read", read, methods=["POST"])
