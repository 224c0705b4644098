"""The systemd unit and its installer, judged by systemd; refusals where rights would leak."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import series, write_series
from tests.compat.conftest import Environment, make_environment
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is a Linux program")

UNIT = REPOSITORY / "compat" / "isocenter-watch.service"
INSTALLER = REPOSITORY / "compat" / "install-systemd.sh"
SYSTEMD = next(
    (
        path
        for path in map(Path, ("/usr/lib/systemd/systemd", "/lib/systemd/systemd"))
        if path.exists()
    ),
    None,
)
ODD = 'my "im$ages" 100% \\x it\'s'
as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root")
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def place() -> Iterator[Path]:
    """Return a folder outside /tmp, which the service would not see."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def install(*arguments: str | Path, cwd: Path = REPOSITORY) -> Done:
    return subprocess.run(
        ["sh", INSTALLER, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def drop_in(*arguments: str | Path) -> str:
    result = install("--print", "--prefix", "/opt/not-there", *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def write_unit(folder: Path, folders: str, program: str) -> Path:
    """Write the unit and its drop-in as installed, for a program that exists."""
    unit = folder / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/isocenter/bin/dicompressor", program))
    (folder / f"{UNIT.name}.d").mkdir()
    content = folders.replace("/opt/not-there/bin/dicompressor", program)
    (folder / f"{UNIT.name}.d" / "50-folders.conf").write_text(content)
    return unit


@pytest.mark.judge("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(place: Path) -> None:
    unit = write_unit(place, drop_in(place), str(shutil.which("true")))

    result = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@pytest.mark.judge("systemd-analyze")
def test_systemd_calls_the_unit_safe() -> None:
    result = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=10", UNIT],
        capture_output=True,
        text=True,
        check=False,
    )

    level = re.search(r"exposure level for isocenter-watch.service: (\d+\.\d)", result.stdout)
    assert level is not None, result.stdout + result.stderr
    assert float(level[1]) <= 1.0


def test_unit_never_runs_as_root_and_runs_what_root_owns() -> None:
    lines = UNIT.read_text().splitlines()

    assert "User=isocenter" in lines
    assert "NoNewPrivileges=yes" in lines
    assert "ProtectSystem=strict" in lines
    commands = [line for line in lines if re.match(r"Exec\w+=", line)]
    assert [command.split()[0] for command in commands] == [
        "ExecStart=/opt/isocenter/bin/dicompressor"
    ]
    # The child processes of jobs/sandbox.py limit themselves.
    assert "SystemCallFilter=@system-service" in lines


def test_merging_needs_no_memory_that_is_written_and_run(tmp_path: Path) -> None:
    """What MemoryDenyWriteExecute= forbids, the kernel itself forbids here."""
    write_series(series(3), tmp_path / "images")
    script = (
        "import ctypes, os, sys\n"
        "PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1\n"
        "if ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0): sys.exit(77)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'isocenter.cli.main', *sys.argv[1:]])\n"
    )
    command: list[str | Path] = [sys.executable, "-c", script, "merge", tmp_path / "images"]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    if result.returncode == 77:
        pytest.skip("this kernel knows no such limit")
    assert result.returncode == 0, result.stderr
    assert len(list((tmp_path / "images").glob("*_multiframe.dcm"))) == 1


def test_drop_in_names_the_folders_and_the_account(place: Path) -> None:
    text = drop_in("--interval", "60", "--user", "nobody", "--group", "nogroup", place)

    state = "--scan-state-file=%S/isocenter-watch/scan-state.json"
    command = f'/opt/not-there/bin/dicompressor -j --watch=60 -f "{place}" {state}'
    assert text.splitlines() == [
        "[Unit]",
        f'RequiresMountsFor="{place}"',
        "",
        "[Service]",
        "User=nobody",
        "Group=nogroup",
        "ReadWritePaths=",
        f'ReadWritePaths="{place}"',
        "ExecStart=",
        f"ExecStart={command}",
    ]


@pytest.mark.judge("systemd-analyze")
@pytest.mark.skipif(SYSTEMD is None, reason="no systemd here")
def test_systemd_reads_odd_names_as_they_are(place: Path) -> None:
    (place / ODD).mkdir()
    write_unit(
        place, drop_in("--output-dir", place / "o u t", place / ODD), str(shutil.which("true"))
    )
    # It refuses to be tested by root.
    user = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    options = ["--test", "--system", f"--unit={UNIT.name}", "--log-target=console"]

    dump = subprocess.run(
        [*user, str(SYSTEMD), *options],
        env={"SYSTEMD_UNIT_PATH": f"{place}:", "XDG_RUNTIME_DIR": str(place), "PATH": "/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    ).stdout

    assert f"ReadWritePaths: {place / ODD} {place / 'o u t'}\n" in dump
    assert f"RequiresMountsFor: {place / ODD} (origin-file)\n" in dump
    escaped = re.sub(r'([\\"$])', r"\\\1", str(place / ODD).replace("$", "$$"))
    assert f'-f "{escaped}" "--output-dir={place}/o u t" --scan-state-file=' in dump


def test_folders_of_users_are_seen_only_where_they_are_asked_for(place: Path) -> None:
    assert "ProtectHome" not in drop_in(place)
    assert "ProtectHome=read-only\n" in drop_in("--output-dir", "/home/reader/merged", place)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 2, "which folder?"),
        (["PLACE", "PLACE"], 2, "one folder can be watched"),
        (["--frobnicate", "PLACE"], 2, "no such option: --frobnicate"),
        (["PLACE", "--interval"], 2, "--interval needs a value"),
        (["--interval", "0", "PLACE"], 2, "--interval needs a number"),
        (["--interval", "-5", "PLACE"], 2, "--interval needs a number"),
        (["--interval", "5m", "PLACE"], 2, "--interval needs a number"),
        (["--user", "a b", "PLACE"], 2, "not the name of an account"),
        (["--prefix", "/opt/two words", "PLACE"], 2, "only letters, digits"),
        (["PLACE/gone"], 1, "Directory not found"),
        (["--user", "root", "PLACE"], 1, "never runs as root"),
        (["--user", "0", "PLACE"], 1, "never runs as root"),
        (["/"], 1, "more than one folder"),
        (["/tmp"], 1, "a /tmp of its own"),  # noqa: S108 - it is refused
        (["--output-dir", "/var/tmp/out", "PLACE"], 1, "of its own"),  # noqa: S108 - it is refused
        (["--output-dir", "PLACE/a\nb", "PLACE"], 1, "control characters"),
        (["--prefix", "PLACE/program", "PLACE"], 1, "holds its own program"),
        (["--prefix", "PLACE/a/b", "--output-dir", "PLACE/a", "/srv"], 1, "holds its own program"),
    ],
    ids=str,
)
def test_what_would_not_work_or_not_be_safe_is_refused(
    place: Path, arguments: list[str], code: int, sentence: str
) -> None:
    given = [argument.replace("PLACE", str(place)) for argument in arguments]

    result = install("--print", *given)

    assert (result.returncode, result.stdout) == (code, "")
    assert result.stderr.startswith("ERROR: ")
    assert sentence in result.stderr.splitlines()[0]


@pytest.fixture
def program(place: Path) -> Environment:
    """Return a program as installed by root: copied, not linked."""
    environment = make_environment(place / "program")
    (site_packages,) = environment.folder.glob("lib/**/site-packages")
    shutil.copytree(REPOSITORY / "src" / "isocenter", site_packages / "isocenter")
    environment.command.touch()
    return environment


def checked(program: Environment) -> Done:
    (program.folder.parent / "images").mkdir(exist_ok=True)
    return install("--print", "--prefix", program.folder, program.folder.parent / "images")


@as_root
def test_a_program_that_only_root_can_change_is_taken(program: Environment) -> None:
    result = checked(program)

    if result.returncode == 1 and str(program.folder) not in result.stderr:
        pytest.skip("the Python of the tests belongs to somebody")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"ExecStart={program.command} -j" in result.stdout


@as_root
@pytest.mark.parametrize("name", ["include", "bin/dicompressor", "pyvenv.cfg", "."])
@pytest.mark.parametrize("change", ["owner", "group", "others"])
def test_a_program_that_others_can_change_is_refused(
    program: Environment, name: str, change: str
) -> None:
    loose = program.folder / name
    if change == "owner":
        os.chown(loose, 65534, -1)
    else:
        loose.chmod(loose.stat().st_mode | (0o020 if change == "group" else 0o002))

    result = checked(program)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "ERROR: others than root can write to it, the service must not run it: "
        f"{os.path.normpath(loose)}\n"
    )


@as_root
def test_a_folder_above_that_others_can_change_is_refused(program: Environment) -> None:
    program.folder.parent.chmod(0o777)

    result = checked(program)

    assert result.returncode == 1
    assert result.stderr.endswith(f"must not run it: {program.folder.parent}\n")


@as_root
def test_a_program_linked_to_somebodys_checkout_is_refused(
    program: Environment, place: Path
) -> None:
    checkout = place / "home" / "isocenter"
    checkout.mkdir(parents=True)
    os.chown(checkout, 65534, -1)
    (site_packages,) = program.folder.glob("lib/**/site-packages")
    (site_packages / "editable.pth").write_text(f"{checkout}\n")

    result = checked(program)

    assert result.returncode == 1
    assert result.stderr.endswith(f"must not run it: {checkout}\n")


def test_an_empty_prefix_is_refused(place: Path) -> None:
    (place / "program").mkdir()
    (place / "images").mkdir()

    result = install("--print", "--prefix", place / "program", place / "images")

    assert result.returncode == 1
    assert result.stderr == f"ERROR: there is no program in {place / 'program'}\n"


def test_others_than_root_cannot_install(place: Path) -> None:
    user = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []

    # Through a pipe: that account may not be able to read the checkout.
    result = subprocess.run(
        [*user, "sh", "-s", "--", place],
        input=INSTALLER.read_text(),
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr == "ERROR: only root can install a service\n"
