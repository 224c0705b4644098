"""A stand-in for Tesseract: a small program in its place, whose answer the test chooses."""

import sys
from pathlib import Path

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\t"
    "left\ttop\twidth\theight\tconf\ttext\n"
)


def stand_in(folder: Path, code: str) -> Path:
    """Return a program named `tesseract` that runs this Python code."""
    program = folder / "tesseract"
    program.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    program.chmod(0o700)
    return program
