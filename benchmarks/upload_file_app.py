"""The usual way to take uploads in Python, as FastAPI's documentation shows it: a peer of ours."""

import os
import shutil
from pathlib import Path

from fastapi import FastAPI, UploadFile

_STEP_BYTES = 1 << 20


def upload(files: list[UploadFile]) -> dict[str, int]:
    """Write each file into the folder."""
    folder = Path(os.environ["UPLOAD_FOLDER"])
    for number, file in enumerate(files):
        with (folder / f"{number}.dcm").open("wb") as target:
            shutil.copyfileobj(file.file, target, _STEP_BYTES)
    return {"uploaded": len(files)}


app = FastAPI()
app.add_api_route("/upload", upload, methods=["POST"])
