"""Searching: levels, parents, pages, totals, warnings, addresses."""

import pytest

from isocenter.dicom.native_xml import from_xml
from isocenter.limits import DEFAULT
from tests.serving import Served
from tests.stowed import STUDIES, Archived, parts_of, value


def test_every_level_is_found_under_every_parent(served: Served, slices: Archived) -> None:
    study, one_series = slices.study, slices.series
    uid = slices.datasets[0].StudyInstanceUID
    for path, count in (
        (f"{STUDIES}?StudyInstanceUID={uid}", 1),
        (f"{study}/series", 1),
        (f"{study}/instances", 3),
        (f"{one_series}/instances", 3),
        (f"/dicom-web/series?StudyInstanceUID={uid}", 1),
        (f"/dicom-web/instances?0020000D={uid}", 3),
    ):
        answer = served.call("GET", path)
        assert answer.headers["Content-Type"] == "application/dicom+json"
        assert len(answer.json()) == count, path
        assert answer.headers["X-Total-Count"] == str(count)


def test_results_say_where_they_are(served: Served, slices: Archived) -> None:
    found = served.call("GET", f"{slices.series}/instances").json()
    urls = {value(one["00081190"]) for one in found}
    assert urls == {served.url + slices.instance(index) for index in range(3)}
    for one in found:
        assert list(one) == sorted(one)


def test_pages_follow_one_another_and_tell_the_total_when_asked(
    served: Served, slices: Archived
) -> None:
    path = f"{slices.series}/instances?limit=2"
    first = served.call("GET", path)
    assert "X-Total-Count" not in first.headers
    assert "additional results" in first.headers["Warning"]
    counted = served.call("GET", path, headers={"Prefer": "count=exact"})
    assert counted.headers["X-Total-Count"] == "3"
    second = served.call("GET", f"{path}&offset=2")
    assert second.headers["X-Total-Count"] == "3"
    uids = [value(one["00080018"]) for one in first.json() + second.json()]
    assert sorted(uids) == sorted(one.SOPInstanceUID for one in slices.datasets)


def test_nothing_found_is_204(served: Served) -> None:
    answer = served.call("GET", f"{STUDIES}?PatientID=nobody")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["X-Total-Count"] == "0"


@pytest.mark.parametrize("written", ["CANARY*", "CANARY%2A", "canary%5EJ%3Frg"])
def test_wildcards_may_be_escaped(served: Served, slices: Archived, written: str) -> None:
    assert slices.files
    assert served.call("GET", f"{STUDIES}?PatientName={written}").status_code == 200


def test_what_is_not_searched_by_is_told(served: Served, slices: Archived) -> None:
    assert slices.files
    answer = served.call("GET", f"{STUDIES}?KVP=x")
    assert answer.status_code in {200, 204}
    assert "KVP" in answer.headers["Warning"]


@pytest.mark.parametrize(
    "query", ["limit=x", "limit=-1", "offset=1.5", "NoSuchKeyword=1", "StudyDate=x", "%00=1"]
)
def test_queries_that_say_nothing_are_400(served: Served, query: str) -> None:
    answer = served.call("GET", f"{STUDIES}?{query}")
    assert answer.status_code == 400
    assert answer.json()["title"] == "Bad Request"


def test_long_lists_of_uids_are_searched(served: Served, slices: Archived) -> None:
    uids = [f"1.2.{number}" for number in range(400)]
    uids += [one.SOPInstanceUID for one in slices.datasets]
    answer = served.call("GET", f"/dicom-web/instances?SOPInstanceUID={','.join(uids)}")
    assert len(answer.json()) == 3


def test_others_find_nothing(served: Served, slices: Archived) -> None:
    key = served.new_key()
    assert served.call("GET", STUDIES, key=key).status_code == 204
    assert served.call("GET", f"{slices.study}/series", key=key).status_code == 204


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("application/json", "application/json"), ("*/*", "application/dicom+json")],
)
def test_json_has_the_type_that_is_asked_for(
    served: Served, slices: Archived, accept: str, media_type: str
) -> None:
    answer = served.call("GET", f"{slices.study}/series", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == media_type


def test_matches_are_xml_where_that_is_asked_for(served: Served, slices: Archived) -> None:
    accept = {"Accept": 'multipart/related; type="application/dicom+xml"'}
    path = f"{slices.study}/instances"
    answer = served.call("GET", path, headers=accept)
    told = [from_xml(data, DEFAULT) for _, data in parts_of(answer)]
    assert [one["00080018"] for one in told] == [
        one["00080018"] for one in served.call("GET", path).json()
    ]
    assert answer.headers["X-Total-Count"] == "3"
    assert answer.headers["Cache-Control"] == "no-store"
    assert served.call("GET", f"{path}?PatientID=nobody", headers=accept).status_code == 204
    plain = served.call("GET", STUDIES, headers={"Accept": "application/dicom+xml"})
    assert plain.status_code == 406
