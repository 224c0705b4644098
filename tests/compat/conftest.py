"""Pythons with and without our package; a checkout that has only `compat/` and `.venv`."""

import os
import shutil
import subprocess
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

SCRIPTS, SUFFIX = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment made for one test run, without pip."""

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.folder / SCRIPTS / f"python{SUFFIX}"

    @property
    def command(self) -> Path:
        """Where an installed package puts its command."""
        return self.folder / SCRIPTS / f"dicompressor{SUFFIX}"


def make_environment(folder: Path) -> Environment:
    """Return an environment that holds nothing but the standard library."""
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    return Environment(folder)


def install(environment: Environment) -> None:
    """Put our package and what it needs into an environment, as links, in a moment."""
    (site_packages,) = environment.folder.glob("[Ll]ib/**/site-packages")
    folders = (REPOSITORY / "src", Path(sysconfig.get_path("purelib")))
    (site_packages / "isocenter.pth").write_text("".join(f"{folder}\n" for folder in folders))
    environment.command.touch()


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python that has none of our packages, as `python3` mostly is."""
    python = make_environment(tmp_path_factory.mktemp("bare") / "venv").python
    found = subprocess.run([python, "-c", "import isocenter"], capture_output=True, check=False)
    assert found.returncode == 1, "it would use the installed package instead"
    return python


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """Return a checkout before `make setup`: `compat/` only."""
    checkout = tmp_path / "the check out's"
    shutil.copytree(REPOSITORY / "compat", checkout / "compat")
    return checkout


@pytest.fixture
def checkout(bare_checkout: Path) -> Path:
    """Return a checkout after `make setup`: `compat/` and a `.venv` with the package."""
    install(make_environment(bare_checkout / ".venv"))
    return bare_checkout
