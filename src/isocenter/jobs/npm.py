"""npm, as a way to get pinned packages from the registry that this machine is set up for.

What it brings counts only after its bytes were compared with the pinned digest; nothing of a
package is run.
"""

import base64
import hashlib
import hmac
import shutil
import subprocess
from pathlib import Path

from isocenter.errors import UnavailableError

_PROGRAM = "npm"
_SECONDS = 600
_ALGORITHM = "sha512-"


def fetch_package(name: str, version: str, integrity: str, folder: Path) -> Path:
    """Return the archive of a package, downloaded into a folder and verified.

    Parameters
    ----------
    integrity
        ``sha512-`` and the digest in base64, as the registry's metadata tell it.
    folder
        Empty; npm runs in it, so that no project's settings take part.

    Raises
    ------
    UnavailableError
        If npm is missing or cannot get the package, or if the bytes are not the pinned ones.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        raise UnavailableError("viewers come through npm, which is not installed")
    wish = f"{name}@{version}"
    try:
        done = subprocess.run(  # noqa: S603 - the user's npm, names and versions of our own table
            [program, "pack", wish, "--ignore-scripts", "--silent"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"npm did not get {wish} within {_SECONDS} seconds") from None
    except OSError:
        raise UnavailableError("npm cannot be started") from None
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise UnavailableError(f"npm cannot get {wish}; `npm view {wish}` says why")
    if not hmac.compare_digest(integrity_of(archives[0]), integrity):
        raise UnavailableError(f"{wish} is not what it was when it was pinned; it is not used")
    return archives[0]


def integrity_of(archive: Path) -> str:
    """Return the digest of a file in the registry's way of writing it."""
    with archive.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha512").digest()
    return _ALGORITHM + base64.b64encode(digest).decode()
