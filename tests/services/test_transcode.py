import stat
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from isocenter.errors import CancelledError, InvalidInputError
from isocenter.limits import Limits
from isocenter.services.reports import NoProgress, Report, Work
from isocenter.services.transcode import compress_lossless, compress_lossy, decompress
from tests.builders import instance, write
from tests.judges import run as judge

ACTIONS = {
    "lossless": compress_lossless,
    "lossy": compress_lossy,
    "decompress": decompress,
}


def run(action: str, *paths: Path, **options: object) -> Report:
    return ACTIONS[action](Work(paths=paths, options=options, jobs=2, durable=False))


def run_into(out: Path, action: str, *paths: Path, **options: object) -> Report:
    return ACTIONS[action](Work(paths=paths, out=out, options=options, jobs=2, durable=False))


def folder_of(path: Path, count: int = 3) -> list[Path]:
    return [
        write(instance(index, rows=32, columns=32), path / f"{index}.dcm") for index in range(count)
    ]


def outcomes(report: Report) -> dict[str, tuple[str, str]]:
    return {outcome.path.name: (outcome.status, outcome.reason) for outcome in report.files}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_outputs_stand_beside_their_input_with_a_suffix(tmp_path: Path) -> None:
    folder_of(tmp_path, 2)

    report = run("lossless", tmp_path)

    assert names(tmp_path) == ["0.dcm", "0_jll.dcm", "1.dcm", "1_jll.dcm"]
    assert report.done == 2
    assert [output.path.name for output in report.outputs] == ["0_jll.dcm", "1_jll.dcm"]
    assert dcmread(tmp_path / "1_jll.dcm").file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.90"
    run("decompress", tmp_path / "1_jll.dcm")
    back = dcmread(tmp_path / "1_jll_unc.dcm")
    assert back.PixelData == dcmread(tmp_path / "1.dcm").PixelData


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    folder_of(tmp_path, 2)
    run("lossless", tmp_path)
    run("lossy", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    run("lossless", tmp_path)
    run("lossy", tmp_path / "0.dcm")

    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {name: after[name] for name in before} == before
    assert not [name for name in after if "_1." in name]


def test_a_folder_of_results_also_gets_what_was_as_wished_before(tmp_path: Path) -> None:
    folder_of(tmp_path / "in", 2)
    run("lossless", tmp_path / "in" / "1.dcm", in_place=True)

    report = run_into(tmp_path / "out", "lossless", tmp_path / "in")

    assert [outcome.status for outcome in report.files] == ["done", "unchanged"]
    assert names(tmp_path / "out") == ["0.dcm", "1.dcm"]
    assert [output.path.name for output in report.outputs] == ["0.dcm", "1.dcm"]
    assert (tmp_path / "out/1.dcm").read_bytes() == (tmp_path / "in/1.dcm").read_bytes()


def test_files_of_one_stem_do_not_meet(tmp_path: Path) -> None:
    for name in ("a.dcm", "a.ima", "a", "IMG1.2.3"):
        write(instance(), tmp_path / name)

    run_into(tmp_path / "out", "lossless", tmp_path)
    run("lossless", tmp_path / "a", tmp_path / "IMG1.2.3")

    assert names(tmp_path / "out") == ["IMG1.2.3", "a", "a.dcm", "a.ima"]
    assert {"a_jll", "IMG1.2_jll.3"} <= set(names(tmp_path))


def test_in_place_the_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    (path,) = folder_of(tmp_path, 1)
    path.chmod(0o640)
    pixels = dcmread(path).PixelData
    before = path.stat().st_ino

    report = run("lossless", tmp_path, in_place=True, codec="htj2k")

    assert report.outputs[0].path == path
    assert names(tmp_path) == ["0.dcm"]
    assert dcmread(path).file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.201"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_ino != before
    run("decompress", tmp_path, in_place=True)
    assert dcmread(path).PixelData == pixels
    assert outcomes(run("decompress", path, in_place=True)) == {
        "0.dcm": ("unchanged", "not compressed")
    }


def test_what_cannot_be_done_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    good, broken = folder_of(tmp_path, 2)
    dataset = instance(rows=32, columns=32)
    samples = np.frombuffer(dataset.PixelData, "<u2") | 0x8000
    dataset.PixelData = samples.tobytes()
    write(dataset, broken)
    truncated = tmp_path / "truncated.dcm"
    truncated.write_bytes(good.read_bytes()[:-100])
    (tmp_path / "notes.txt").write_text("no image")
    before = broken.read_bytes()

    report = run("lossless", tmp_path, in_place=True)

    assert {name: status for name, (status, _) in outcomes(report).items()} == {
        "0.dcm": "done",
        "1.dcm": "failed",
        "notes.txt": "skipped",
        "truncated.dcm": "failed",
    }
    assert "overlay" in outcomes(report)["1.dcm"][1]
    assert broken.read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [
        {"quality": "x"},
        {"quality": "101"},
        {"psnr": "5"},
        {"ratio": "0.5"},
        {"ratio": "nan"},
        {"ratio": "4", "psnr": "50"},
    ],
)
def test_goals_out_of_range_are_refused_before_any_work(
    options: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError):
        run("lossy", tmp_path, **options)


def test_a_folder_for_outputs_and_in_place_exclude_one_another(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError):
        run_into(tmp_path, "lossless", tmp_path, in_place=True)


@pytest.mark.parametrize("options", [{"quality": "40"}, {"psnr": "42"}, {"ratio": "6"}])
def test_goals_reach_the_codec(options: dict[str, object], tmp_path: Path) -> None:
    (path,) = folder_of(tmp_path, 1)

    run("lossy", path, **options)

    written = dcmread(tmp_path / "0_jl.dcm")
    assert written.LossyImageCompression == "01"
    assert float(written.LossyImageCompressionRatio) > (6 if "ratio" in options else 1.5)


def test_files_that_lost_something_are_only_encoded_anew_when_asked(tmp_path: Path) -> None:
    folder_of(tmp_path, 1)
    run("lossy", tmp_path)
    lossy = tmp_path / "0_jl.dcm"

    assert outcomes(run("lossless", lossy, codec="rle"))["0_jl.dcm"][0] == "skipped"
    assert run("lossless", lossy, codec="rle", recompress=True).done == 1


def test_an_odd_file_is_made_plain_first(tmp_path: Path) -> None:
    dataset = instance(rows=32, columns=32, transfer_syntax_uid="1.2.840.10008.1.2.1.99")
    path = write(dataset, tmp_path / "deflated.dcm")

    run("lossless", path)

    read = dcmread(tmp_path / "deflated_jll.dcm")
    assert read.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.90"


def test_a_hung_child_costs_only_its_file(tmp_path: Path) -> None:
    big = write(instance(rows=3000, columns=3000), tmp_path / "big.dcm")
    write(instance(rows=32, columns=32), tmp_path / "small.dcm")
    work = Work(paths=(tmp_path,), durable=False, jobs=1, limits=Limits(transcode_seconds=1))

    report = compress_lossless(work)

    assert outcomes(report)["small.dcm"][0] == "done"
    assert outcomes(report)[big.name][0] == "failed"
    assert "stopped after 1 seconds" in outcomes(report)[big.name][1]


class StopsAfter(NoProgress):
    """Stops the action at the n-th look."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def check_cancelled(self) -> None:
        self.looks -= 1
        if self.looks <= 0:
            raise CancelledError


def test_stopping_leaves_nothing_half_written(tmp_path: Path) -> None:
    folder_of(tmp_path, 6)
    work = Work(paths=(tmp_path,), durable=False, jobs=2, progress=StopsAfter(8))

    with pytest.raises(CancelledError):
        compress_lossless(work)

    assert not [name for name in names(tmp_path) if name.startswith(".")]
    for name in names(tmp_path):
        assert dcmread(tmp_path / name).PixelData


@pytest.mark.judge("gdcmconv")
def test_gdcm_reads_what_we_compressed(tmp_path: Path) -> None:
    (path,) = folder_of(tmp_path, 1)
    run("lossless", path)

    judge("gdcmconv", "--raw", tmp_path / "0_jll.dcm", tmp_path / "back.dcm")

    assert dcmread(tmp_path / "back.dcm").PixelData == dcmread(path).PixelData
