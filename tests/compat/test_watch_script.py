"""`compat/dicompressor-watch.sh`: what it runs, in every shell at hand."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell script")

SHELLS = [
    shell
    for shell in (["bash"], ["bash", "--posix"], ["dash"], ["busybox", "sh"])
    if shutil.which(shell[0])
]
# Stands in for dicompressor.py, to see what it is given.
RECORDER = "import json, sys; print(json.dumps(sys.argv[1:])); sys.exit(7)\n"
ODD_NAMES = ["plain", "two words", 'it\'s "odd"', "a\nb", "end\n", "-f", "*", "$HOME `id`", "ü\\n"]
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Return the script in a folder of its own, beside a recorder."""
    compat = tmp_path / 'the "program\'s"\nfolder' / "compat"
    compat.mkdir(parents=True)
    (compat / "dicompressor.py").write_text(RECORDER)
    return Path(shutil.copy(REPOSITORY / "compat" / "dicompressor-watch.sh", compat))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return the present folder of the runs, in which `images` exists."""
    (tmp_path / "here" / "images").mkdir(parents=True)
    return tmp_path / "here"


def run(script: Path, here: Path, *arguments: str, shell: list[str] | None = None) -> Done:
    return subprocess.run(
        [*(shell or []), script, *arguments],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def given(result: Done) -> list[str]:
    """Return the arguments that the program got; its exit code must have come through."""
    assert result.returncode == 7, result.stdout + result.stderr
    arguments: list[str] = json.loads(result.stdout.splitlines()[-1])
    return arguments


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["images"], ["-j", "--watch=300", "-f", "images"]),
        (["images", "60"], ["-j", "--watch=60", "-f", "images"]),
        (["images", "60", "o"], ["-j", "--watch=60", "-f", "images", "--output-dir=o"]),
        (["images", "", "", "", ""], ["-j", "--watch=300", "-f", "images"]),
        (
            ["images", "60", "o", "l.log", "s.json"],
            [
                *("-j", "--watch=60", "-f", "images", "--output-dir=o"),
                *("--log-file=l.log", "--scan-state-file=s.json"),
            ],
        ),
        (["images", "-5"], ["-j", "--watch=-5", "-f", "images"]),
    ],
    ids=str,
)
def test_arguments_become_those_of_the_program(
    script: Path, here: Path, shell: list[str], arguments: list[str], expected: list[str]
) -> None:
    result = run(script, here, *arguments, shell=shell)

    assert given(result) == expected
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("log", "state"),
    [
        ("watch.log", "watch.scan-state.json"),
        ("logs.d/watch", "logs.d/watch.scan-state.json"),
        ("/var/my logs/a.b.log", "/var/my logs/a.b.scan-state.json"),
        (".log", ".log.scan-state.json"),
        ("[l]*.log", "[l]*.scan-state.json"),
    ],
)
def test_scan_state_lies_beside_the_log(script: Path, here: Path, log: str, state: str) -> None:
    arguments = given(run(script, here, "images", "300", "", log))

    assert arguments[-2:] == [f"--log-file={log}", f"--scan-state-file={state}"]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_odd_names_arrive_as_they_are(script: Path, here: Path, shell: list[str]) -> None:
    for name in ODD_NAMES:
        (here / name).mkdir()

        result = run(script, here, name, "300", name, name, name, shell=shell)

        directory = f"./{name}" if name.startswith("-") else name
        assert given(result) == [
            *("-j", "--watch=300", "-f", directory),
            *(f"--output-dir={name}", f"--log-file={name}", f"--scan-state-file={name}"),
        ]
        assert len(result.stdout.splitlines()) == 4, "the banner prints one line a value"


def test_banner_says_what_is_watched(script: Path, here: Path) -> None:
    lines = run(script, here, "images", "60").stdout.splitlines()

    assert lines[:3] == [
        "Isocenter folder watch",
        "  Directory: images",
        "  Interval:  60 seconds",
    ]


@pytest.mark.parametrize("arguments", [[], [""], ["gone"], ["file"]], ids=str)
def test_without_a_folder_it_ends_with_code_1(
    script: Path, here: Path, arguments: list[str]
) -> None:
    (here / "file").touch()

    result = run(script, here, *arguments)

    assert result.returncode == 1
    assert result.stdout.startswith("ERROR: Directory not found")
    assert len(result.stdout.splitlines()) == 1


def test_too_many_arguments_end_with_code_2(script: Path, here: Path) -> None:
    result = run(script, here, "images", "1", "2", "3", "4", "a folder without quotes")

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: dicompressor-watch.sh DIR")


def test_links_to_the_script_find_the_program(script: Path, here: Path) -> None:
    (here / "bin").mkdir()
    (here / "bin" / "absolute").symlink_to(script)
    (here / "bin" / "relative").symlink_to("absolute")

    arguments = given(run(here / "bin" / "relative", here, "images"))

    assert arguments == ["-j", "--watch=300", "-f", "images"]


def test_without_python_3_it_says_so(script: Path, here: Path) -> None:
    tools = here / "tools"
    tools.mkdir()
    for name in ("sh", "tr", "readlink"):
        (tools / name).symlink_to(str(shutil.which(name)))
    # Where `python` still is Python 2, it is not taken.
    (tools / "python").write_text("#!/bin/sh\nexit 1\n")
    (tools / "python").chmod(0o755)

    result = subprocess.run(
        [script, "images"],
        cwd=here,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stdout == "ERROR: Python 3 not found: install it, then run this again\n"


@pytest.mark.judge("shellcheck")
def test_shellcheck_finds_nothing() -> None:
    scripts = sorted([*REPOSITORY.glob("compat/*.sh"), *REPOSITORY.glob("tools/*.sh")])

    result = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)

    assert result.stdout == ""
    assert result.returncode == 0
