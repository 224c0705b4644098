"""Addresses for viewers: which are ours, which file they name, and how they are written."""

import urllib.parse

import pytest

from isocenter.http.viewer_links import (
    FileLink,
    StudyLink,
    file_link,
    own_path,
    read_addresses,
    study_link,
    viewer_query,
    write_addresses,
)

BASE = "https://images.test:8443/archive"
SESSION = "85cbc114-bdf2-4606-8260-dda3bda74456"


def link(address: str) -> FileLink | None:
    own = own_path(address, BASE)
    assert own is not None
    return file_link(own)


@pytest.mark.parametrize(
    "address",
    [
        f"https://images.test:8443/archive/api/view/{SESSION}/a.dcm",
        f"http://images.test:8443/api/view/{SESSION}/a.dcm",
        f"http://localhost:8420/api/view/{SESSION}/a.dcm",
        f"http://127.0.0.1/api/view/{SESSION}/a.dcm",
        f"http://[::1]:8420/api/view/{SESSION}/a.dcm",
        f"/archive/api/view/{SESSION}/a.dcm",
        f"/api/view/{SESSION}/a.dcm",
    ],
)
def test_a_file_of_this_server_is_known_by_all_names_of_it(address: str) -> None:
    assert link(address) == FileLink("view", SESSION, "a.dcm")


@pytest.mark.parametrize(
    "address",
    [
        f"https://other.test/api/view/{SESSION}/a.dcm",
        f"https://images.test/api/view/{SESSION}/a.dcm",
        f"https://localhost.other.test/api/view/{SESSION}/a.dcm",
        f"https://localhost@other.test/api/view/{SESSION}/a.dcm",
        f"//other.test/api/view/{SESSION}/a.dcm",
        "ftp://localhost/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "a.dcm",
        "http://[broken",
        "",
    ],
)
def test_addresses_of_others_are_not_ours(address: str) -> None:
    assert own_path(address, BASE) is None


@pytest.mark.parametrize(
    "path",
    [
        "/api/download/x/a.dcm",
        "/api/view/x",
        "/api/view/x/..",
        "/api/view/x/%2e%2e",
        "/api/view/x/a/b/c.dcm",
        "/api/view/x/a%2Fb%2Fc.dcm",
        "/api/view/x/a%00.dcm",
        "/api/slices/x/a.dcm",
        "/x/api/view/x/a.dcm",
    ],
)
def test_other_pages_of_ours_are_no_files(path: str) -> None:
    assert link(path) is None


def test_credentials_are_taken_out_of_an_address() -> None:
    found = link(f"/api/view/{SESSION}/t.1.x/a.dcm?api_key=k.1&token=t.2.y&other=1")

    assert found == FileLink("view", SESSION, "a.dcm", ("k.1",), ("t.1.x", "t.2.y"))
    assert repr(found) == "FileLink(***)"


def test_a_file_has_a_path_and_an_archive_of_slices() -> None:
    found = link(f"/api/view/{SESSION}/a.dcm")

    assert found is not None
    assert found.path("view") == f"/api/view/{SESSION}/a.dcm"
    assert found.path("slices", "t.1.x") == f"/api/slices/{SESSION}/t.1.x/a.dcm.zip"
    again = link(found.path("slices", "t.1.x"))
    assert again == FileLink("slices", SESSION, "a.dcm", (), ("t.1.x",))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/dicom-web/studies/1.2", StudyLink("1.2")),
        ("/dicom-web/studies/1.2/series/3.4?token=t", StudyLink("1.2", "3.4", (), ("t",))),
        ("/v1/studies/1.2/slices.zip?api_key=k", StudyLink("1.2", "", ("k",))),
        ("/v1/studies/1.2/series/3.4/slices.zip", StudyLink("1.2", "3.4")),
        ("/dicom-web/studies/1.2/metadata", None),
        ("/dicom-web/studies/x", None),
        ("/dicom-web/studies", None),
    ],
)
def test_a_study_or_series_of_this_server_is_known(path: str, expected: StudyLink | None) -> None:
    own = own_path(path, BASE)
    assert own is not None

    assert study_link(own) == expected


def test_a_study_has_a_path_and_shows_no_credentials() -> None:
    link = StudyLink("1.2", "3.4", ("k",), ("t",))

    assert link.path() == "/v1/studies/1.2/series/3.4/slices.zip"
    assert link.path("t.1.x") == "/v1/studies/1.2/series/3.4/slices.zip?token=t.1.x"
    assert repr(link) == "StudyLink(***)"


@pytest.mark.parametrize("addresses", [["/a"], ["/a", "/b"]])
def test_addresses_are_written_as_the_viewer_reads_them(addresses: list[str]) -> None:
    assert read_addresses(write_addresses(addresses)) == addresses


def test_an_empty_list_names_nothing() -> None:
    assert read_addresses("[ , ]") == []


@pytest.mark.parametrize(
    ("keep_names", "expected"), [(True, ["layout", "names"]), (False, ["layout"])]
)
def test_credentials_never_stay_in_the_query(keep_names: bool, expected: list[str]) -> None:
    given = [("urls", "x"), ("api_key", "k"), ("token", "t"), ("layout", "1"), ("names", "n")]

    query = viewer_query(given, ["/a", "/b"], keep_names=keep_names)

    parsed = urllib.parse.parse_qs(query)
    assert parsed.pop("urls") == ["[/a,/b]"]
    assert sorted(parsed) == expected
