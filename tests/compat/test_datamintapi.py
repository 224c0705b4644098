"""The distribution `datamintapi`: its names, and both commands against a real server."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import datamintapi
from datamintapi import config_command, upload_command
from datamintapi.api_handler import APIHandler, DatamintException, ResourceNotFoundError
from datamintapi.mask_files import Names, find_masks, read_names
from isocenter.client.config import config_path, read_config
from isocenter.errors import InvalidInputError
from tests import builders
from tests.compat.conftest import make_environment
from tests.conftest import REPOSITORY
from tests.serving import Served, serving

DISTRIBUTION = REPOSITORY / "compat" / "datamintapi"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith(("DATAMINT_", "ISOCENTER_", "XDG_")) or name == "NETRC":
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def api(server: Served, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[APIHandler]:
    """Return a handler of an account of its own, whose key the commands find too."""
    assert home.is_dir()
    monkeypatch.setenv("DATAMINT_API_URL", server.url)
    monkeypatch.setenv("DATAMINT_API_KEY", server.new_key())
    with datamintapi.APIHandler() as handler:
        yield handler


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    for number, dataset in enumerate(builders.series(3), 1):
        dataset.PatientName = "Zauberberg^Hans"
        path = folder / ("deep/er" if number == 3 else "") / f"{number}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(builders.to_bytes(dataset))
    (folder / "notes.txt").write_text("notes")
    (folder / ".DS_Store").write_text("hidden")
    (folder / "empty.dcm").touch()
    return folder


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_documented_names_are_there() -> None:
    assert datamintapi.APIHandler is APIHandler
    assert {"APIHandler", "Dataset"} <= set(dir(datamintapi))
    assert issubclass(ResourceNotFoundError, DatamintException)
    assert not hasattr(datamintapi, "nothing")


def test_the_client_needs_no_torch_and_nothing_of_the_vendor() -> None:
    code = """
import sys
from datamintapi import APIHandler
from datamintapi import config_command, upload_command
loaded = {'torch', 'torchvision', 'numpy', 'pydicom', 'requests', 'aiohttp'} & set(sys.modules)
assert not loaded, loaded
"""
    path = os.pathsep.join([str(DISTRIBUTION / "src"), str(REPOSITORY / "src")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_configuration_is_saved_and_found(
    server: Served, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert config_command.main(["--api-key", server.key, "--url", server.url]) == 0

    with datamintapi.APIHandler(check_connection=True) as handler:
        assert handler.root_url == server.url
    assert (home / ".config" / "datamintapi" / "datamintapi.yaml").is_file()
    assert server.key not in capsys.readouterr().out


def test_the_configuration_is_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.is_dir()
    answers(monkeypatch, "id.s3cr3t", "2", "https://a.example", "3", "9", "q")
    assert config_command.main([]) == 0

    said = capsys.readouterr().out
    assert read_config(config_path()) == {
        "api_key": "id.s3cr3t",
        "default_api_url": "https://a.example",
    }
    assert "api_key: id.***" in said
    assert "s3cr3t" not in said
    assert "Invalid choice" in said

    answers(monkeypatch, "1", "", "4", "y", "3")
    assert config_command.main(["-i"]) == 0
    assert read_config(config_path()) == {}
    assert "No configurations found." in capsys.readouterr().out


def test_a_value_that_cannot_be_saved_is_an_error(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.is_dir()
    assert config_command.main(["--api-key", 'a"b']) == 1
    assert "datamint-config: " in capsys.readouterr().err


def test_files_are_uploaded_deidentified(
    api: APIHandler, scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--channel", "CT", "-l", "a", "--label", "b", "--publish", "--yes"]

    code = upload_command.main(
        ["--path", str(scans), "-r", "--include-extensions", "dcm", *options]
    )

    assert code == 0
    assert "Successful uploads: 3" in capsys.readouterr().out
    found = api.get_resources(status="published", channel="CT")
    assert sorted(one["filename"] for one in found) == ["1.dcm", "2.dcm", "3.dcm"]
    assert all(one["labels"] == ["a", "b"] for one in found)
    content = api.download_resource_file(found[0]["id"], auto_convert=False)
    assert isinstance(content, bytes)
    assert b"Zauberberg" not in content


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["1.dcm", "2.dcm", "notes.txt"]),
        (["-r", "1"], ["1.dcm", "2.dcm", "notes.txt"]),
        (["-r", "--exclude", "de*"], ["1.dcm", "2.dcm", "notes.txt"]),
        (["-r", "--exclude-extensions", ".txt"], ["1.dcm", "2.dcm", "3.dcm"]),
        (["-r", "2", "--include-extensions", "txt,png"], ["notes.txt"]),
        (["-r", "--mungfilename", "1", "--include-extensions", "dcm"], None),
    ],
)
def test_options_choose_files_and_names(
    api: APIHandler, scans: Path, options: list[str], names: list[str] | None
) -> None:
    assert upload_command.main(["--path", str(scans), "--retain-pii", "--yes", *options]) == 0

    found = sorted(one["filename"] for one in api.get_resources())
    if names is None:
        first = scans.parts[1]
        names = [f"{first}_{number}.dcm" for number in (1, 2, 3)]
    assert found == names


def test_attributes_can_be_retained(api: APIHandler, scans: Path) -> None:
    one = str(scans / "1.dcm")

    upload_command.main(["--path", one, "--retain-attribute", "(0x0010, 0x0010)", "--yes"])

    made = api.download_resource_file(api.get_resources()[0])
    assert getattr(made, "PatientName", "") == "Zauberberg^Hans"


def test_nothing_is_sent_without_a_yes(
    api: APIHandler, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, "n")
    assert upload_command.main(["--path", str(scans)]) == 1
    answers(monkeypatch)
    assert upload_command.main(["--path", str(scans)]) == 1
    assert len(api.get_resources()) == 0


def test_files_that_failed_are_named(
    api: APIHandler, scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (scans / "junk.dcm").write_bytes(b"junk")
    options = ["--path", str(scans), "--exclude-extensions", "txt", "--yes"]

    assert upload_command.main(options) == 0
    assert upload_command.main([*options, "--strict"]) == 3

    said = capsys.readouterr()
    assert "Failed uploads: 1" in said.out
    assert f"{scans / 'junk.dcm'}: held back" in said.err
    assert len(api.get_resources()) == 4


@pytest.mark.parametrize(
    "options",
    [
        ["--retain-pii", "--retain-attribute", "0010,0010"],
        ["--include-extensions", "a", "--exclude-extensions", "b"],
        ["--retain-attribute", "x"],
        ["--mungfilename", "0"],
        ["--mungfilename", "a"],
        ["--segmentation_path", "/none/at/all"],
    ],
)
def test_options_that_say_nothing_are_refused(scans: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        upload_command.main(["--path", str(scans), *options])
    assert caught.value.code == 2


def test_a_missing_key_is_said(
    home: Path, scans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home.is_dir()
    answers(monkeypatch)

    assert upload_command.main(["--path", str(scans), "--yes"]) == 1
    assert "datamint-config" in capsys.readouterr().err


def mask(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.eye(4, dtype=np.uint8)).save(path)
    return path


def test_segmentations_are_found_where_the_files_are(scans: Path, tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    files = [scans / "1.dcm", scans / "2.dcm", scans / "deep" / "er" / "3.dcm"]
    first = mask(masks / "1_liver.png")
    second = [mask(masks / "2" / "0.png"), mask(masks / "2" / "7.png")]
    third = mask(masks / "deep" / "er" / "any.png")

    found = find_masks(files, scans, masks, Names(("liver",), {1: "left"}))

    assert found == [
        {
            "files": [str(first)],
            "names": [{"default": "liver", 1: "liver_left"}],
            "frame_index": [None],
        },
        {"files": [*map(str, second)], "names": [{1: "left"}] * 2, "frame_index": [0, 7]},
        {"files": [str(third)], "names": [{1: "left"}], "frame_index": [None]},
    ]
    assert find_masks(files[:1], files[0], first, Names()) == [
        {"files": [str(first)], "names": [None], "frame_index": [None]}
    ]
    with pytest.raises(InvalidInputError, match="folder"):
        find_masks(files, scans, first, Names())


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        (
            "a.yaml",
            (
                "segmentation_names:\n  - liver\n  - 'spleen'\n"
                "class_names:\n  1: left # x\n  2: right\n"
            ),
            Names(("liver", "spleen"), {1: "left", 2: "right"}),
        ),
        ("a.yml", 'segmentation_names: [liver, "spleen"]\n', Names(("liver", "spleen"), {})),
        (
            "a.csv",
            '0,0,0,0,0,0,0,"Clear"\n1,255,0,0,1,1,1,"Femur"\n',
            Names((), {1: "Femur"}),
        ),
    ],
)
def test_names_are_read_in_both_forms(tmp_path: Path, name: str, text: str, names: Names) -> None:
    (tmp_path / name).write_text(text)

    assert read_names(tmp_path / name) == names


@pytest.mark.full
def test_it_is_built_and_installed(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(DISTRIBUTION)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("datamintapi-*.whl")
    environment = make_environment(tmp_path / "venv")
    (site_packages,) = environment.folder.glob("[Ll]ib/**/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site_packages)
        points = archive.read(next(n for n in archive.namelist() if n.endswith("entry_points.txt")))
    ours = [str(REPOSITORY / "src"), *(path for path in sys.path if "site-packages" in path)]
    (site_packages / "isocenter.pth").write_text("".join(f"{path}\n" for path in ours))

    code = "import datamintapi.upload_command as c; c.main(['--version'])"
    done = subprocess.run(
        [environment.python, "-c", code], capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("datamint-upload 0.8.0"), done.stderr
    assert b"datamint-config = datamintapi.config_command:main" in points
    assert json.dumps(done.returncode) == "0"
