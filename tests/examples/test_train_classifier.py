"""The example trains to the end, and what it finds stands in the archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from pydicom import dcmread

from examples import sample_series, train_classifier
from tests.serving import Served, serving

pytestmark = pytest.mark.torch

SLICES = 24


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "server") as served:
        yield served


def labelled(folder: Path) -> Path:
    """Return a folder with the slices that show air inside the body apart from the others."""
    made = folder / "made"
    sizes = ["--rows", "64", "--slices", str(SLICES)]
    assert sample_series.main([*sizes, "--out", str(made)]) == 0
    for path in sorted(made.iterdir()):
        values = dcmread(path).pixel_array[16:48, 16:48].astype(int) - 1024
        label = "lung" if (values < -500).mean() > 0.1 else "other"
        (folder / "labelled" / label).mkdir(parents=True, exist_ok=True)
        path.rename(folder / "labelled" / label / path.name)
    return folder / "labelled"


def test_it_learns_the_label_and_stores_what_it_marks(
    server: Served,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    torch.set_num_threads(1)  # more wait for one another where the machine is busy
    folder = labelled(tmp_path)
    assert {path.name for path in folder.iterdir()} == {"lung", "other"}
    monkeypatch.setenv("DATAMINT_API_URL", server.url)
    monkeypatch.setenv("DATAMINT_API_KEY", server.key)
    arguments = [str(folder), "--positive", "lung", "--root", str(tmp_path / "root")]
    assert train_classifier.main(arguments) == 0
    said = capsys.readouterr().out
    assert "right in 100% of the slices that were held out" in said
    found = server.call("GET", "/dicom-web/instances?Modality=SEG&includefield=all").json()
    assert len(found) == 1
    (study,) = found[0]["0020000D"]["Value"]
    assert f"StudyInstanceUIDs={study}" in said
    series = server.call("GET", f"/dicom-web/studies/{study}/series").json()
    assert sorted(one["00080060"]["Value"][0] for one in series) == ["CT", "SEG"]
