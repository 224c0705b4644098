"""Viewers on disk: installed as a whole or not at all, found by their manifest, never executed.

A viewer is a folder with a manifest that names each file with its size and digest. Only files of
the manifest are ever served, so that no path of a request reaches the disk.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from isocenter.errors import ConflictError, UnavailableError
from isocenter.services.locks import FolderLock
from isocenter.services.viewer_table import Package, Patch, Viewer
from isocenter.store.local_files import force_folder
from isocenter.system_errors import safe_error

MANIFEST = "manifest.json"
_STAGING = ".new-"
_PACKAGE_ROOT = "package"
_PACKAGE_BYTES_MAX = 1 << 30

Fetch = Callable[[str, str, str, Path], Path]
"""As ``jobs/npm.py``'s ``fetch_package``: name, version, integrity, folder -> verified archive."""


class ViewerFile(NamedTuple):
    """One file of a viewer."""

    path: Path
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class InstalledViewer:
    """A viewer that is there.

    ``files`` are by the path that a browser asks for, such as ``assets/index.js``.
    """

    viewer: Viewer
    files: Mapping[str, ViewerFile]

    @property
    def size_bytes(self) -> int:
        """All files together."""
        return sum(file.size_bytes for file in self.files.values())


def find_viewer(viewer: Viewer, root: Path) -> InstalledViewer | None:
    """Return the viewer as the manifest in the folder of all viewers says it, if it is there.

    Raises
    ------
    UnavailableError
        If the manifest cannot be read.
    """
    folder = root / viewer.folder_name
    try:
        listed = json.loads((folder / MANIFEST).read_bytes())
        files = {
            str(path): ViewerFile(folder / path, int(size_bytes), str(sha256))
            for path, (size_bytes, sha256) in listed.items()
        }
    except FileNotFoundError:
        return None
    except OSError as error:
        raise safe_error(error) from None
    except (ValueError, AttributeError, TypeError):
        raise UnavailableError(f"the manifest of {viewer.title} is damaged") from None
    return InstalledViewer(viewer, files)


def install_viewer(viewer: Viewer, root: Path, fetch: Fetch) -> tuple[InstalledViewer, bool]:
    """Return the viewer, and whether it had to be installed; what is there and whole stays.

    It appears as a whole by one rename; other versions of the same viewer are removed then.

    Parameters
    ----------
    root
        Folder of all viewers; made where it is missing.

    Raises
    ------
    UnavailableError
        If a package cannot be had, is not the pinned one, or does not have what is to be
        patched; if the folder cannot be written.
    ConflictError
        If another process installs there.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FolderLock(root) as lock:
            if not lock.is_held:
                raise ConflictError("viewers are being installed by another process")
            _remove_folders(root, lambda name: name.startswith(_STAGING))
            found = _whole(viewer, root)
            if found is not None:
                return found, False
            _install(viewer, root, fetch)
            others = f"{viewer.name}-"
            _remove_folders(
                root, lambda name: name.startswith(others) and name != viewer.folder_name
            )
    except OSError as error:
        raise safe_error(error) from None
    installed = find_viewer(viewer, root)
    assert installed is not None, "it was renamed into its place"
    return installed, True


def _whole(viewer: Viewer, root: Path) -> InstalledViewer | None:
    """Return the viewer if each of its files is as the manifest says."""
    with contextlib.suppress(UnavailableError):
        found = find_viewer(viewer, root)
        if found is not None and all(map(_is_intact, found.files.values())):
            return found
    return None


def _is_intact(file: ViewerFile) -> bool:
    try:
        with file.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    except OSError:
        return False


def _install(viewer: Viewer, root: Path, fetch: Fetch) -> None:
    staging = root / f"{_STAGING}{os.urandom(8).hex()}"
    staging.mkdir()
    try:
        contents = dict(viewer.added)
        for number, package in enumerate(viewer.packages):
            folder = staging / f"package-{number}"
            folder.mkdir()
            archive = fetch(package.name, package.version, package.integrity, folder)
            contents |= dict(_kept_files(package, archive))
        for patch in viewer.patches:
            _apply(patch, contents)
        made = staging / "viewer"
        _write(contents, made)
        target = root / viewer.folder_name
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
        force_folder(root)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _kept_files(package: Package, archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of what is kept of a package; only regular files can be."""
    total_bytes = 0
    with tarfile.open(archive, "r:gz") as members:
        for member in members:
            total_bytes += member.size
            if total_bytes > _PACKAGE_BYTES_MAX:
                raise UnavailableError(f"{package.name} is larger than expected")
            target = _target(package, member.name)
            if target is None or not member.isfile():
                continue
            stream = members.extractfile(member)
            assert stream is not None, "it is a regular file"
            yield target, stream.read()


def _target(package: Package, name: str) -> str | None:
    """Return the path in the viewer, None for what is not kept or is no plain path."""
    parts = PurePosixPath(name).parts
    if len(parts) < 2 or parts[0] != _PACKAGE_ROOT or ".." in parts:
        return None
    path = "/".join(parts[1:])
    for keep in package.keeps:
        if path.startswith(keep.inside):
            rest = path.removeprefix(keep.inside)
            if re.fullmatch(keep.pattern, rest):
                return keep.into + rest
    return None


def _apply(patch: Patch, contents: dict[str, bytes]) -> None:
    found = 0
    for path in sorted(contents):
        if re.fullmatch(patch.files, path):
            contents[path], count = re.subn(patch.pattern, patch.replacement, contents[path])
            found += count
    if found != patch.count:
        raise UnavailableError(
            f"the packages are not as expected: {found} places to patch instead of {patch.count}"
        )


def _write(contents: Mapping[str, bytes], folder: Path) -> None:
    manifest: dict[str, tuple[int, str]] = {}
    for path, data in sorted(contents.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_file(target, data)
        manifest[path] = len(data), hashlib.sha256(data).hexdigest()
    _write_file(folder / MANIFEST, json.dumps(manifest, indent=0).encode())


def _write_file(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _remove_folders(root: Path, is_old: Callable[[str], bool]) -> None:
    for path in root.iterdir():
        if path.is_dir() and is_old(path.name):
            shutil.rmtree(path, ignore_errors=True)
