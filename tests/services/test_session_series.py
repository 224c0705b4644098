"""Series among the files of a session, by what intake reads in real bytes."""

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Literal

from pydicom import Dataset

from isocenter.dicom.streams import BytesSource
from isocenter.services.intake import read_facts
from isocenter.services.session_files import Files, SessionFile
from isocenter.services.session_series import Series, find_series
from tests.builders import instance, series, to_bytes

_NUMBERS = itertools.count(1)


def _file(data: bytes, name: str = "", kind: Literal["input", "output"] = "input") -> SessionFile:
    number = next(_NUMBERS)
    facts = read_facts(BytesSource(data))
    return SessionFile(
        f"id-{number}", kind, number, name or f"{number}.dcm", "key", len(data), facts, None, 0
    )


def _found(datasets: Iterable[Dataset]) -> list[Series]:
    return find_series(Files([_file(to_bytes(one)) for one in datasets], []))[0]


def test_slices_of_one_series_are_one_in_the_order_of_their_numbers() -> None:
    slices = series(5)

    (found,) = _found(reversed(slices))

    numbers = [int(file.facts["instance_number"]) for file in found.files]  # type: ignore[arg-type]  # text
    assert numbers == [one.InstanceNumber for one in slices]


def test_slices_without_numbers_lie_along_their_normal() -> None:
    slices = series(5)
    for one in slices:
        one.InstanceNumber = None

    (found,) = _found([slices[3], slices[0], slices[4], slices[2], slices[1]])

    positions = [file.facts["position"] for file in found.files]
    assert positions == [list(one.ImagePositionPatient) for one in slices]


def test_slices_that_say_nothing_of_their_order_stay_as_they_came() -> None:
    slices = series(3)
    for one in slices:
        one.InstanceNumber = 1
        del one.ImagePositionPatient
    files = [_file(to_bytes(one)) for one in slices]

    (found,), _ = find_series(Files(files, []))

    assert list(found.files) == files


def test_other_series_and_other_sizes_are_apart() -> None:
    found = _found(
        [
            *series(2, series_name="one"),
            *series(2, series_name="two"),
            *series(2, series_name="two", rows=4),
        ]
    )

    assert [len(one.files) for one in found] == [2, 2, 2]
    assert len({one.id for one in found}) == 3


def test_a_multi_frame_file_is_a_series_of_its_own_with_all_frames() -> None:
    volume = instance(0)
    volume.NumberOfFrames = 7

    single, multi = _found([instance(1), volume])

    assert single.to_json()["files"] == [[single.files[0].name, 1]]
    assert multi.to_json()["files"] == [[multi.files[0].name, 7]]


def test_results_are_apart_from_inputs_and_by_action() -> None:
    data = to_bytes(instance())
    compressed, other = (
        dataclasses.replace(one, facts={**one.facts, "action": action})
        for one, action in zip(
            (_file(data, kind="output"), _file(data, kind="output")),
            ("compress_lossless", "anonymize"),
            strict=True,
        )
    )

    found, _ = find_series(Files([_file(data)], [compressed, other]))

    assert [one.kind for one in found] == ["input", "output", "output"]


def test_files_without_a_picture_are_named_with_the_reason() -> None:
    report = instance()
    del report.Rows

    found, others = find_series(Files([_file(b"text", "a.txt"), _file(to_bytes(report))], []))

    assert not found
    assert [one.reason for one in others] == ["not a DICOM file", "no image"]
    assert others[0].to_json() == {"name": "a.txt", "size": 4, "reason": "not a DICOM file"}


def test_window_spacing_and_size_are_told() -> None:
    one = instance(pixel_spacing_mm=(0.75, 0.5), rows=8, columns=6)
    one.WindowCenter, one.WindowWidth = [40, 50], [400, 500]
    one.SeriesDescription = "Thorax"
    file = _file(to_bytes(one))

    (found,), _ = find_series(Files([file], []))

    said = found.to_json()
    assert said["window"] == [40.0, 400.0]
    assert said["spacing"] == [0.75, 0.5]
    assert (said["rows"], said["columns"], said["size"]) == (8, 6, file.size_bytes)
    assert (said["title"], said["modality"]) == ("Thorax", "CT")


def test_the_id_of_a_series_stays_while_slices_come_and_hides_its_uid() -> None:
    slices = series(3)

    (first,), (all_of_them,) = _found(slices[:1]), _found(slices)

    assert first.id == all_of_them.id
    assert slices[0].SeriesInstanceUID not in first.id
