"""Viewers: installed whole or not at all, patched as often as promised, offline afterwards."""

import io
import tarfile
from pathlib import Path

import pytest

from isocenter.errors import ConflictError, UnavailableError
from isocenter.services.locks import FolderLock
from isocenter.services.viewer_table import Keep, Package, Patch, Viewer
from isocenter.services.viewers import MANIFEST, find_viewer, install_viewer

FILES = {
    "package/dist/index.html": b'<a href="http://far/x.css"><a href="http://far/y.css">',
    "package/dist/assets/index.js": b"1",
    "package/dist/assets/index.js.map": b"2",
    "package/README.md": b"3",
    "package/../../outside": b"4",
    "/package/dist/absolute": b"5",
}
VIEWER = Viewer(
    name="looker",
    title="Looker",
    packages=(Package("looker", "1.2.3", "sha512-x", (Keep("dist/", "", r".*(?<!\.map)"),)),),
    patches=(Patch(r"index\.html", rb"http://far/", b"./near/", 2),),
    content_security_policy="default-src 'self'",
    hashed="",
    added=(("own.js", b"ours"),),
)


class Shop:
    """Hands out one archive and counts how often."""

    def __init__(
        self, files: dict[str, bytes] = FILES, links: dict[str, str] | None = None
    ) -> None:
        self.files = files
        self.links = links or {}
        self.count = 0

    def fetch(self, name: str, version: str, integrity: str, folder: Path) -> Path:
        assert (name, version, integrity) == ("looker", "1.2.3", "sha512-x")
        self.count += 1
        with tarfile.open(folder / "x.tgz", "w:gz") as archive:
            for path, data in self.files.items():
                member = tarfile.TarInfo(path)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
            for path, target in self.links.items():
                member = tarfile.TarInfo(path)
                member.type = tarfile.SYMTYPE
                member.linkname = target
                archive.addfile(member)
        return folder / "x.tgz"


def test_what_the_table_names_is_there_patched_and_nothing_else(tmp_path: Path) -> None:
    installed, is_new = install_viewer(VIEWER, tmp_path / "viewers", Shop().fetch)

    assert is_new
    assert set(installed.files) == {"index.html", "assets/index.js", "own.js"}
    index = installed.files["index.html"]
    assert index.path.read_bytes() == b'<a href="./near/x.css"><a href="./near/y.css">'
    assert index.size_bytes == index.path.stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == ["viewers"]


def test_a_second_installation_fetches_nothing(tmp_path: Path) -> None:
    shop = Shop()
    install_viewer(VIEWER, tmp_path, shop.fetch)

    installed, is_new = install_viewer(VIEWER, tmp_path, shop.fetch)

    assert not is_new
    assert shop.count == 1
    assert installed == find_viewer(VIEWER, tmp_path)


def test_a_damaged_viewer_is_installed_again(tmp_path: Path) -> None:
    shop = Shop()
    installed, _ = install_viewer(VIEWER, tmp_path, shop.fetch)
    installed.files["assets/index.js"].path.write_bytes(b"0")

    installed, is_new = install_viewer(VIEWER, tmp_path, shop.fetch)

    assert is_new
    assert installed.files["assets/index.js"].path.read_bytes() == b"1"


def test_a_wrong_number_of_patched_places_installs_nothing(tmp_path: Path) -> None:
    shop = Shop(FILES | {"package/dist/index.html": b"http://far/x.css"})

    with pytest.raises(UnavailableError, match="1 places to patch instead of 2"):
        install_viewer(VIEWER, tmp_path, shop.fetch)

    assert find_viewer(VIEWER, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_links_in_a_package_are_left_out(tmp_path: Path) -> None:
    shop = Shop(links={"package/dist/link.html": "/etc/passwd"})

    installed, _ = install_viewer(VIEWER, tmp_path, shop.fetch)

    assert "link.html" not in installed.files


def test_leftovers_and_other_versions_go_but_other_viewers_stay(tmp_path: Path) -> None:
    for name in (".new-0123", "looker-1.2.2-abc", "viewer-of-others"):
        (tmp_path / name / "inside").mkdir(parents=True)

    install_viewer(VIEWER, tmp_path, Shop().fetch)

    assert {path.name for path in tmp_path.iterdir()} == {VIEWER.folder_name, "viewer-of-others"}


def test_two_installations_at_once_are_refused(tmp_path: Path) -> None:
    with (
        FolderLock(tmp_path),
        pytest.raises(ConflictError, match="by another process"),
    ):
        install_viewer(VIEWER, tmp_path, Shop().fetch)


def test_a_viewer_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert find_viewer(VIEWER, tmp_path) is None


def test_a_damaged_manifest_is_said(tmp_path: Path) -> None:
    install_viewer(VIEWER, tmp_path, Shop().fetch)
    (tmp_path / VIEWER.folder_name / MANIFEST).write_text("[]")

    with pytest.raises(UnavailableError, match="manifest of Looker is damaged"):
        find_viewer(VIEWER, tmp_path)
