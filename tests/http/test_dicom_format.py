"""Allowed fields and types of their values: for anybody, with four filters."""

from urllib.parse import quote

import pytest

from isocenter.services.dictionary_fields import keywords
from tests.serving import Served

FIELDS = "/api/dicom-format/allowed-fields/"
VERSIONS = {"dicomVersion": "3.0.1", "standardEdition": "2024c"}


@pytest.mark.parametrize("key", ["", "wrong", "a.b"])
def test_anybody_may_ask_and_a_wrong_key_is_not_looked_at(served: Served, key: str) -> None:
    for path in (FIELDS, FIELDS.rstrip("/")):
        answer = served.call("GET", path, key=key)
        assert answer.status_code == 200
        assert answer.json() == {"allowedFields": list(keywords()), **VERSIONS}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fields__contains=PatientSex", ["PatientSex", "PatientSexNeutered"]),
        ("fields__startswith=StudyDate", ["StudyDate"]),
        ("fields__regex=^StudyDate.*", ["StudyDate"]),
        ("fields__contains=Sex&fields__endswith=Neutered", ["PatientSexNeutered"]),
        ("fields__contains=Patient&fields__contains=Neutered", ["PatientSexNeutered"]),
        ("fields__contains=", list(keywords())),
        ("fields__contains=NoSuchThing", []),
    ],
)
def test_filters_leave_what_they_name(served: Served, query: str, expected: list[str]) -> None:
    answer = served.call("GET", f"{FIELDS}?{query}", key="")
    assert answer.json()["allowedFields"] == expected


def test_a_pattern_that_explodes_elsewhere_is_answered(served: Served) -> None:
    pattern = quote(r"([A-Za-z]+)+\d")
    answer = served.call("GET", f"{FIELDS}?fields__regex={pattern}", key="")
    assert answer.status_code == 200
    assert len(answer.json()["allowedFields"]) == 39


@pytest.mark.parametrize("pattern", ["(", "(?=x)", "x" * 513, "(((a|b|.)*){0,9}){0,90}Z"])
def test_a_pattern_that_is_none_is_refused(served: Served, pattern: str) -> None:
    answer = served.call("GET", f"{FIELDS}?fields__regex={quote(pattern)}", key="")
    assert answer.status_code == 400
    (complaint,) = answer.json()["fields__regex"]
    assert complaint.startswith("Invalid regex pattern: ")


def test_there_are_so_many_filters_and_no_more(served: Served) -> None:
    answer = served.call("GET", f"{FIELDS}?{'&'.join(['fields__regex=a'] * 11)}", key="")
    assert (answer.status_code, list(answer.json())) == (400, ["fields__regex"])


def test_every_keyword_has_a_type(served: Served) -> None:
    said = served.call("GET", "/api/dicom-format/required-field-type/", key="").json()
    types = said.pop("requiredFieldTypes")
    assert said == VERSIONS
    assert list(types) == list(keywords())
    assert types["PatientName"] == "<class 'pydicom.valuerep.PersonName'>"
