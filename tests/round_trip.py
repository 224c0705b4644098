"""Merging and splitting in tests: through the table of actions, as every face does it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pydicom

from isocenter.services.actions import resolve
from isocenter.services.reports import Report, Work
from tests.equality import View, differences, frame_of, view

SOP_INSTANCE_UID = 0x00080018
# Without the original UIDs the Instances, and references among them, have new ones.
UIDS = frozenset({SOP_INSTANCE_UID, 0x00081155})


def merge_files(out: Path, *paths: Path, **options: object) -> Report:
    """Merge files and folders into `out`; nothing may fail."""
    return _act("merge", out, paths, options)


def split_files(out: Path, *paths: Path, original_uids: bool = False) -> Report:
    """Split files and folders into `out`; nothing may fail."""
    return _act("split", out, paths, {"original_uids": original_uids})


def split_report(out: Path, *paths: Path) -> Report:
    """Split files and folders into `out`; what failed is in the report."""
    return resolve("split")(Work(paths=paths, out=out, durable=False))


def _act(name: str, out: Path, paths: tuple[Path, ...], options: dict[str, object]) -> Report:
    report = resolve(name)(Work(paths=paths, out=out, options=options, jobs=2, durable=False))
    failed = [outcome.reason for outcome in report.files if outcome.status == "failed"]
    assert not failed, failed
    return report


def outputs_of(report: Report) -> list[Path]:
    """Return the files that an action wrote, in order."""
    return [output.path for output in report.outputs]


def assert_gives_back(merged: Sequence[Path], sources: Iterable[Path], out: Path) -> list[Path]:
    """Split the merged files in both ways and compare each slice; return the original-UID ones.

    By UID every source must be there once, equal in all elements; without the original UIDs the
    same Instances come back under new UIDs, each a different one.
    """
    originals = {uid_of(path): path for path in sources}
    restored = outputs_of(split_files(out / "original", *merged, original_uids=True))
    assert sorted(map(uid_of, restored)) == sorted(originals)
    for path in restored:
        _assert_equal(path, originals[uid_of(path)], frozenset())
    renewed = outputs_of(split_files(out / "new", *merged))
    assert len({*map(uid_of, renewed), *originals}) == 2 * len(originals), "the UIDs are new"
    for path, same in zip(renewed, restored, strict=True):
        _assert_equal(path, originals[uid_of(same)], UIDS)
    return restored


def uid_of(path: Path) -> str:
    """Return the SOP Instance UID, from the file meta where the Data Set has none."""
    dataset = pydicom.dcmread(path, specific_tags=[SOP_INSTANCE_UID], force=True)
    uid = dataset.get("SOPInstanceUID") or dataset.file_meta.MediaStorageSOPInstanceUID
    return str(uid)


def _assert_equal(ours: Path, theirs: Path, without: frozenset[int]) -> None:
    one, other = pydicom.dcmread(ours), pydicom.dcmread(theirs, force=True)
    assert one.file_meta.TransferSyntaxUID == other.file_meta.TransferSyntaxUID
    assert frame_of(one) == frame_of(other), f"pixels of {ours.name} differ"
    assert not differences(_completed(one, without), _completed(other, without))


def _completed(dataset: pydicom.Dataset, without: frozenset[int]) -> View:
    """Return the view; a SOP Class or Instance UID that only the file meta names counts as set."""
    found = view(dataset, without=without)
    for keyword, tag in (("SOPClassUID", 0x00080016), ("SOPInstanceUID", SOP_INSTANCE_UID)):
        if not dataset.get(keyword) and tag not in without:
            found[tag] = ("UI", dataset.file_meta[f"MediaStorage{keyword}"].value)
    return found
