"""The child process that encodes Instances anew; it loads all codecs and holds the threads."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from isocenter.dicom.deidentify.pixels import blank_regions
from isocenter.dicom.deidentify.regions import decode_regions
from isocenter.dicom.header_index import index_header
from isocenter.dicom.lossy import Goal
from isocenter.dicom.streams import StreamSource
from isocenter.dicom.transcode import Wish, reason_to_skip, transcode
from isocenter.jobs.child_process import Function, serve
from isocenter.limits import Limits


def transcode_in_threads(
    source: BinaryIO,
    target: BinaryIO,
    limits: Limits,
    *,
    threads: int = 1,
    recompress: bool = False,
    codec: str = "",
    goal: str = "",
) -> Mapping[str, object]:
    """Write the Instance in another Transfer Syntax; leave the target empty if that is skipped.

    Parameters
    ----------
    codec
        Name in the codec table, ``""`` for native pixels.
    goal
        ``""``: lossless; else ``psnr_db 50`` or ``ratio 10``.

    Returns
    -------
    dict
        ``skipped``, a reason, and ``unchanged``, whether it is as wished; or what ``transcode``
        returns.
    """
    measure, _, number = goal.partition(" ")
    wish = Wish(codec, Goal(**{measure: float(number)}) if goal else None)
    found = reason_to_skip(index_header(StreamSource(source), limits), wish, recompress=recompress)
    if found is not None:
        return {"skipped": found.reason, "unchanged": found.is_as_wished}
    if threads == 1:
        return transcode(source, target, limits, wish=wish)
    with ThreadPoolExecutor(threads) as executor:
        return transcode(source, target, limits, wish=wish, executor=executor, threads=threads)


def blank_in_threads(
    source: BinaryIO, target: BinaryIO, limits: Limits, *, regions: str, threads: int = 1
) -> Mapping[str, object]:
    """Write the Instance with regions of every Frame black.

    Parameters
    ----------
    regions
        As ``encode_regions`` writes them.

    Returns
    -------
    dict
        What ``blank_regions`` returns.
    """
    wanted = decode_regions(regions)
    if threads == 1:
        return blank_regions(source, target, limits, regions=wanted)
    with ThreadPoolExecutor(threads) as executor:
        return blank_regions(
            source, target, limits, regions=wanted, executor=executor, threads=threads
        )


TABLE: dict[str, Function] = {
    "isocenter.jobs.transcode_child:transcode_in_threads": transcode_in_threads,
    "isocenter.jobs.transcode_child:blank_in_threads": blank_in_threads,
}

if __name__ == "__main__":
    serve(TABLE)
