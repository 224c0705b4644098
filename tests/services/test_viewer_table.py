"""The table of viewers: rows that change have another place; policies that ask no other host."""

import base64
import re
from dataclasses import replace

import pytest

from isocenter.services.viewer_table import OHIF, VIEWERS, VOLVIEW, Patch, Viewer


def test_a_viewer_with_another_patch_is_installed_elsewhere() -> None:
    other = replace(VOLVIEW, patches=(*VOLVIEW.patches, Patch("x", b"a", b"b", 1)))

    assert VOLVIEW.folder_name.startswith("volview-4.4.1-")
    assert other.folder_name != VOLVIEW.folder_name


@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=VIEWERS)
def test_packages_are_pinned_by_version_and_digest(viewer: Viewer) -> None:
    for package in viewer.packages:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package.version)
        algorithm, _, digest = package.integrity.partition("-")
        assert algorithm == "sha512"
        assert len(base64.b64decode(digest, validate=True)) == 64


@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=VIEWERS)
def test_pages_of_viewers_ask_no_other_host(viewer: Viewer) -> None:
    policy = viewer.content_security_policy

    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "*" not in policy


def test_a_digest_in_a_name_counts_only_where_nothing_was_patched() -> None:
    assert VOLVIEW.never_changes("assets/index-73874c9b.js")
    assert not VOLVIEW.never_changes("index.html")
    assert OHIF.never_changes("100.bundle.cb02411ce321d4e4.js")
    assert not OHIF.never_changes("app.bundle.0f6159c501addfe9.js")
