"""Merging and splitting of streams in memory, without files and services."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from pydicom import Dataset, dcmread

from isocenter.dicom.header_index import HeaderIndex, index_header
from isocenter.dicom.merge import merge_stack, series_uid_of
from isocenter.dicom.part10 import Elements
from isocenter.dicom.slices import source_elements, summarise
from isocenter.dicom.split import split_frames
from isocenter.dicom.stacks import Slice, Stack, find_stacks
from isocenter.dicom.streams import BytesSource, read_pieces
from isocenter.dicom.supplied import Supplied
from tests.equality import differences, frame_of
from tests.raw_instance import Elements as RawElements
from tests.raw_instance import ct_slice, part10, raw_view


@dataclass(frozen=True, slots=True)
class MergedStack:
    """One merged stream, the stack that it was made of, and the notes for the report."""

    stream: bytes
    stack: Stack
    notes: tuple[str, ...]

    @property
    def dataset(self) -> Dataset:
        """What pydicom reads from it."""
        return dcmread(io.BytesIO(self.stream))


def summaries(
    streams: Sequence[bytes], *, sop_class: str = ""
) -> list[tuple[Slice, tuple[str, ...]]]:
    """Return what merge knows of each stream, and its notes."""
    found = []
    for index, stream in enumerate(streams):
        source = BytesSource(stream)
        digest = hashlib.sha256(stream).digest()
        found.append(summarise(index, digest, index_header(source), source, sop_class))
    return found


def merged_stacks(
    streams: Sequence[bytes], *, sop_class: str = "", supplied: Supplied | None = None
) -> list[MergedStack]:
    """Return one merged stream for each stack of slices."""
    sources = [BytesSource(stream) for stream in streams]
    headers: list[HeaderIndex] = [index_header(source) for source in sources]

    def elements_of(source_index: int) -> Elements:
        return source_elements(headers[source_index].dataset)

    slices = [one for one, _ in summaries(streams, sop_class=sop_class)]
    made = []
    for number, stack in enumerate(find_stacks(slices), 1):
        (merged,) = merge_stack(
            stack,
            elements_of,
            series_instance_uid=series_uid_of(slices),
            instance_number=number,
            supplied=supplied,
        )
        stream = b"".join(read_pieces(merged.pieces, list(sources)))
        made.append(MergedStack(stream, stack, merged.notes))
    return made


def merged_stack(
    streams: Sequence[bytes], *, sop_class: str = "", supplied: Supplied | None = None
) -> MergedStack:
    """Return the merged stream of slices that form one stack."""
    (merged,) = merged_stacks(streams, sop_class=sop_class, supplied=supplied)
    return merged


def split_streams(stream: bytes, *, keep_original_uids: bool = True) -> list[bytes]:
    """Return the single-frame streams of a multi-frame one, in order of its Frames."""
    source = BytesSource(stream)
    frames = split_frames(index_header(source), source, keep_original_uids=keep_original_uids)
    return [b"".join(read_pieces(frame.pieces, [source])) for frame in frames]


def three(*changes: RawElements) -> list[bytes]:
    """Return three slices; each gets the elements given for it."""
    padded = [*changes, *({} for _ in range(3 - len(changes)))]
    return [part10({**ct_slice(index), **change}) for index, change in enumerate(padded)]


def assert_given_back(streams: list[bytes], merged: bytes) -> None:
    """Split a merged stream and compare each Frame with its slice, the slices in order."""
    given_back = split_streams(merged)
    assert len(given_back) == len(streams)
    for ours, source in zip(given_back, streams, strict=True):
        assert not differences(raw_view(ours), raw_view(source))
        assert frame_of(dcmread(io.BytesIO(ours))) == frame_of(dcmread(io.BytesIO(source)))
