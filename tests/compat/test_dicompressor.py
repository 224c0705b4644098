"""`python3 compat/dicompressor.py`, as a process, with the Pythons that a machine may have."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from compat import dicompressor
from isocenter import __version__
from tests.builders import series, write_series
from tests.compat.conftest import install, make_environment
from tests.conftest import REPOSITORY

posix = pytest.mark.skipif(os.name != "posix", reason="links and signals as POSIX has them")
OLD_PYTHONS = sorted(
    Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin/python3")
)
Done = subprocess.CompletedProcess[str]


def run(python: Path, checkout: Path, *arguments: str | Path, cwd: Path | None = None) -> Done:
    """Run the script of a checkout with a Python; the caller's PYTHONPATH has no say."""
    return subprocess.run(
        [python, checkout / "compat" / "dicompressor.py", *arguments],
        cwd=cwd or checkout.parent,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_syntax_is_that_of_python_3_6() -> None:
    text = (REPOSITORY / "compat" / "dicompressor.py").read_text(encoding="utf-8")

    ast.parse(text, feature_version=(3, 6))


@pytest.mark.skipif(not OLD_PYTHONS, reason="no other Pythons here")
@pytest.mark.parametrize("python", OLD_PYTHONS, ids=lambda path: path.parents[1].name)
def test_any_python_3_uses_the_environment_of_the_checkout(python: Path, checkout: Path) -> None:
    result = run(python, checkout, "-c")

    assert result.stdout.startswith(f"Isocenter version {__version__}\n")
    assert (result.returncode, result.stderr) == (0, "")


def test_the_installed_package_is_used_first(bare_checkout: Path, tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "installed")
    install(environment)

    result = run(environment.python, bare_checkout, "-c")

    assert result.stdout.startswith(f"Isocenter version {__version__}\n")
    assert result.returncode == 0


def test_else_the_environment_of_the_checkout_is_used(bare_python: Path, checkout: Path) -> None:
    folder = checkout.parent / 'a patient\'s "folder"' if os.name == "posix" else checkout / "one"
    write_series(series(3), folder)

    result = run(bare_python, checkout, "-j", "-f", folder)

    assert result.returncode == 0, result.stderr
    assert "Created 1 multi-frame file(s)" in result.stdout
    assert len(list(folder.glob("*_multiframe.dcm"))) == 1


def test_else_one_line_says_how_to_install(bare_python: Path, bare_checkout: Path) -> None:
    result = run(bare_python, bare_checkout, "-j", "-f", bare_checkout)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == dicompressor.ADVICE + "\n"
    assert len(dicompressor.ADVICE.splitlines()) == 1


def test_an_environment_without_the_package_is_not_touched(
    bare_python: Path, bare_checkout: Path
) -> None:
    make_environment(bare_checkout / ".venv")

    result = run(bare_python, bare_checkout, "-c")

    assert (result.returncode, result.stderr) == (1, dicompressor.ADVICE + "\n")


@posix
def test_an_environment_whose_python_is_gone_is_told(bare_python: Path, checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/gone/python3\n")
    python.chmod(0o755)

    result = run(bare_python, checkout, "-c")

    assert (result.returncode, result.stderr) == (1, dicompressor.ADVICE + "\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["-j", "-f", "gone"], 1),
        (["-j"], 1),
        (["--frobnicate"], 2),
        (["-j", "-f", "some"], 3),
        (["-j", "-f", "all"], 0),
        ([], 0),
    ],
    ids=str,
)
def test_exit_codes_are_passed_on(
    bare_python: Path, checkout: Path, arguments: list[str], code: int
) -> None:
    write_series(series(3), checkout.parent / "all")
    os.truncate(write_series(series(3), checkout.parent / "some")[0], 1000)

    assert run(bare_python, checkout, *arguments).returncode == code


@posix
def test_documented_scheduler_examples_run_as_written(checkout: Path, bare_python: Path) -> None:
    folder = checkout.parent / "patient_folder"
    write_series(series(3), folder)
    (checkout / "python").mkdir()
    (checkout / "python" / "python3").symlink_to(bare_python)
    examples = """
# Merge, but skip if already processed
python3 dicompressor.py -j --skip-if-done -f /path/to/patient_folder

# Second run \u2014 instantly skips
python3 dicompressor.py -j --skip-if-done -f /path/to/patient_folder
# Output: SKIPPED (already processed)

# To re-process, delete the marker:
rm /path/to/patient_folder/.dicompressor_done

# Single merge + copy result:
python3 dicompressor.py -j --output-dir /data/merged -f /path/to/patient_folder
"""
    script = examples.replace("/path/to/patient_folder", "../../patient_folder")
    script = script.replace("/data/merged", "../../data/merged")

    result = subprocess.run(
        ["bash", "-euc", script],
        cwd=checkout / "compat",
        env=os.environ | {"PATH": f"{checkout / 'python'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    first, second, third = result.stdout.split("Log file: none\n")[1:]
    assert first.startswith("Created 1 multi-frame file(s)\n")
    assert second.startswith("SKIPPED (already processed): ../../patient_folder\n")
    assert third.startswith("Created 1 multi-frame file(s)\n")
    assert len(list((checkout.parent / "data" / "merged").glob("*_multiframe.dcm"))) == 1


@posix
def test_links_to_the_script_find_the_checkout(bare_python: Path, checkout: Path) -> None:
    link = checkout.parent / "elsewhere" / "dicompressor.py"
    link.parent.mkdir()
    link.symlink_to(checkout / "compat" / "dicompressor.py")

    result = subprocess.run([bare_python, link, "-c"], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", ["isocenter", "argparse", "numpy"])
def test_modules_in_the_present_folder_are_not_run(
    bare_python: Path, checkout: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "images"
    write_series(series(2), folder)
    (folder / f"{name}.py").write_text("raise SystemExit('run by accident')")

    result = run(bare_python, checkout, "-j", "-f", ".", cwd=folder)

    assert result.returncode == 0, result.stderr


@posix
def test_the_script_is_executable_by_itself() -> None:
    assert os.access(REPOSITORY / "compat" / "dicompressor.py", os.X_OK)


@posix
def test_signals_reach_the_program_itself(bare_python: Path, checkout: Path) -> None:
    (site_packages,) = (checkout / ".venv").glob("lib/**/site-packages")
    (site_packages / "isocenter.pth").unlink()
    program = site_packages / "isocenter" / "cli" / "switches.py"
    program.parent.mkdir(parents=True)
    program.write_text("import time; print('ready', flush=True); time.sleep(60)")
    command = [bare_python, checkout / "compat" / "dicompressor.py"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(timeout=10) == -signal.SIGTERM


@pytest.mark.parametrize("code", [0, 1, 3, 143])
def test_where_exec_does_not_wait_the_exit_code_is_passed_on(code: int) -> None:
    program = f"import sys; sys.exit({code})"
    script = (
        "import sys; from compat.dicompressor import run_and_wait;"
        f" sys.exit(run_and_wait([sys.executable, '-c', {program!r}]))"
    )

    result = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, check=False)

    assert result.returncode == code


@posix
def test_where_exec_does_not_wait_ctrl_c_ends_the_program_only() -> None:
    program = (
        "import signal, sys, time\n"
        "def clean_up(*_): sys.exit(7)\n"
        "signal.signal(signal.SIGINT, clean_up)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    script = (
        "import sys; from compat.dicompressor import run_and_wait;"
        f" sys.exit(run_and_wait([sys.executable, '-c', {program!r}]))"
    )
    command = [sys.executable, "-c", script]

    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=10) == 7
