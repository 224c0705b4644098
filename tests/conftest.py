"""What every test may use: judges, shared data, repeatable Hypothesis, quiet odd files.

Nothing here imports pydicom or numpy, so that marker and skip logic stays fast.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
MISSING_JUDGE = "judge missing: "
MISSING_DATA = "shared data missing"
HAS_TORCH = importlib.util.find_spec("torch") is not None

Unprivileged = Callable[[Path], AbstractContextManager[None]]
Mounted = Callable[[Path, str], AbstractContextManager[None]]

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "long", settings.get_profile("repeatable"), derandomize=False, max_examples=2000
)
settings.load_profile("repeatable")

# A shell that starts the tests in the background has them ignore Ctrl+C, and with them every
# program that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave files of tests that need PyTorch to `make tests-torch` where it is not installed."""
    if HAS_TORCH or collection_path.suffix != ".py":
        return None
    return "pytest.mark.torch\n" in collection_path.read_text(encoding="utf-8") or None


def missing_judges(item: pytest.Item) -> list[str]:
    """Return the commands named by the test's `judge` markers that are not on the PATH."""
    names = [str(name) for marker in item.iter_markers("judge") for name in marker.args]
    return [name for name in names if shutil.which(name) is None]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose judge is missing; fail it where CI promises that judges are there."""
    missing = missing_judges(item)
    if not missing:
        return
    message = MISSING_JUDGE + " ".join(missing)
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def pytest_unconfigure() -> None:
    """End the servers that tests started, in each process that ran some."""
    servers = sys.modules.get("tests.servers")  # most runs start none, and load nothing of it
    if servers is not None:
        servers.end_servers()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one loud line what was skipped for the lack of judges or of shared data."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    without_judge = [text for text in skipped if MISSING_JUDGE in text]
    without_data = [text for text in skipped if MISSING_DATA in text]
    if without_judge:
        names = {
            name
            for text in without_judge
            for name in text.partition(MISSING_JUDGE)[2].strip("')\" ").split()
        }
        terminalreporter.write_line(
            f"NOT CHECKED: {len(without_judge)} tests skipped without their judges: "
            f"{' '.join(sorted(names))} (`make judges` as root installs them)",
            yellow=True,
            bold=True,
        )
    if without_data:
        terminalreporter.write_line(
            f"NOT CHECKED: {len(without_data)} tests skipped without ../shared/data",
            yellow=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real images beside the checkout; the only data a test may lack."""
    if not SHARED_DATA.is_dir():
        pytest.skip(MISSING_DATA)
    return SHARED_DATA


@pytest.fixture
def odd_values_allowed() -> Iterator[None]:
    """Let pydicom warn about values of odd files without failing the test.

    Only pydicom's own warnings; for tests that read real or deliberately broken files:
    `@pytest.mark.usefixtures("odd_values_allowed")`.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module=r"pydicom\b")
        yield


@pytest.fixture
def unprivileged() -> Unprivileged:
    """Return a context manager in which permissions hold, also where the tests run as root.

    It is given a folder, which it makes reachable.
    """
    return _as_nobody


@contextlib.contextmanager
def _as_nobody(folder: Path) -> Iterator[None]:
    if os.name != "posix" or os.geteuid() != 0:
        yield
        return
    folder.chmod(folder.stat().st_mode | 0o555)
    for parent in folder.parents:
        parent.chmod(parent.stat().st_mode | 0o111)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def mounted() -> Mounted:
    """Return a context manager that mounts a small file system on a folder, or skips the test.

    It is given the folder and the options, such as `size=100k` or `ro`.
    """
    return _mount


@contextlib.contextmanager
def _mount(folder: Path, options: str) -> Iterator[None]:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        result = subprocess.run(command, check=False, capture_output=True)
    except OSError:
        pytest.skip("there is no mount here")
    if result.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        # Lazily: what a test had running may hold a file for a moment longer.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
