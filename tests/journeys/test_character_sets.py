"""Real files in every script, over HTTP: found by what a person types, told in JSON and XML.

pydicom, which has the files, says what is in them.
"""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_charset_files

from isocenter.dicom.native_xml import from_xml
from isocenter.limits import DEFAULT
from tests.serving import Served, serving
from tests.stowed import STORED, STUDIES, store, value

# The others are fragments without UIDs.
FILES = {Path(name).name: Path(name) for name in get_charset_files("chr[!S]*.dcm")}
GROUPS = ("Alphabetic", "Ideographic", "Phonetic")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("scripts")) as server:
        yield server


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_patient_is_found_in_every_script(served: Served, name: str) -> None:
    data = FILES[name].read_bytes()
    key = served.new_key()  # several of these files have one UID
    answer = store(served, data, key=key)
    assert answer.status_code == 200, answer.text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about terms that the standard has no more
        person = dcmread(FILES[name]).PatientName
        groups = [str(person.alphabetic), str(person.ideographic), str(person.phonetic)]

    def found(asked: str, **more: str) -> int:
        query = {"PatientName": asked, **more}
        answer = served.call("GET", STUDIES, key=key, params=query)
        assert answer.status_code in {200, 204}
        return len(answer.json()) if answer.content else 0

    for group in filter(None, groups):
        family = group.partition("^")[0]
        assert found(group) == found(f"{family[0]}*") == found(f"*{group[1:]}") == 1
        assert found(group.upper()) == found(group.lower()) == 1
        assert found(f"?{group[1:]}") == 1
        assert found(family, fuzzymatching="true") == 1
        assert found(f"{family}x") == 0
    assert found("=".join(groups).rstrip("=")) == 1
    assert found("Nobody*") == 0

    url = value(value(answer.json()["00081199"])["00081190"]).removeprefix(served.url)
    expected = {key: text for key, text in zip(GROUPS, groups, strict=True) if text}
    told = served.call("GET", f"{url}/metadata", key=key).json()[0]
    assert told["00100010"]["Value"] == [expected]
    assert told["00080005"]["Value"] == ["ISO_IR 192"]
    xml = {"Accept": "application/dicom+xml"}
    read = from_xml(served.call("GET", f"{url}/metadata", key=key, headers=xml).content, DEFAULT)
    assert read["00100010"] == {"vr": "PN", "Value": [expected]}
    stored = served.call("GET", url, key=key, headers={"Accept": STORED})
    assert stored.content == data


def test_there_are_files_in_many_scripts() -> None:
    scripts = ("Arab", "Fren", "Germ", "Greek", "H31", "Hbrw", "I2", "KoreanMulti", "Russ", "X2")
    assert {f"chr{script}.dcm" for script in scripts} <= set(FILES)
