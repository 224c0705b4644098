"""Searches as QIDO-RS has them: levels, attributes, pages, ranges, names in every script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import Dataset

from isocenter.errors import InvalidInputError
from tests.archives import OWNER, STRANGER, Desk, open_desk, uids_of
from tests.builders import instance, uid

# What each shared file says its patient is called, and what people may ask for.
SCRIPTS = [
    (
        "chrH31.dcm",
        [
            "Yamada^Tarou",
            "yamada*",
            "山田^太郎",
            "山田*",
            "やまだ^たろう",
            "*太郎",
            "Yamada^Tarou=山田^太郎",
        ],
    ),
    ("chrH32.dcm", ["ﾔﾏﾀﾞ^ﾀﾛｳ", "ヤマダ*", "山田^太郎"]),
    ("chrI2.dcm", ["Hong^Gildong", "洪^吉洞", "홍^길동", "홍*"]),
    ("chrArab.dcm", ["قباني^لنزار", "قباني*"]),
    ("chrRuss.dcm", ["Люкceмбypг", "люк*"]),  # noqa: RUF001 - as the file has it
    ("chrGreek.dcm", ["Διονυσιος", "ΔΙΟΝΥΣΙΟΣ"]),
    ("chrGerm.dcm", ["Äneas^Rüdiger", "äneas*"]),
    ("chrFren.dcm", ["Buc^Jérôme", "buc^j*"]),
    ("chrX1.dcm", ["Wang^XiaoDong", "王^小東", "王*"]),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as made:
        yield made


def study(number: int, **values: object) -> Dataset:
    dataset = instance(series_name=f"series {number}")
    dataset.StudyInstanceUID = uid("study", number)
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def numbers_of(desk: Desk, *pairs: tuple[str, str]) -> list[int]:
    known = {uid("study", number): number for number in range(10)}
    return sorted(known[one] for one in uids_of(desk.studies(*pairs)))


@pytest.mark.parametrize(("name", "asked"), SCRIPTS)
def test_names_are_found_in_every_script(
    desk: Desk, shared_data: Path, name: str, asked: list[str]
) -> None:
    path = next((shared_data / "dicom").rglob(name))
    assert desk.store(path.read_bytes()).stored

    for text in asked:
        assert len(desk.studies(("PatientName", text)).matches) == 1, text
    assert not desk.studies(("PatientName", "Nobody")).matches


@pytest.mark.parametrize(
    ("asked", "fuzzy", "expected"),
    [
        ("Müller^Jörg", False, [0]),
        ("MÜLLER^JÖRG", False, [0]),
        ("Müller", False, []),
        ("Müller*", False, [0]),
        ("M?ller*", False, [0, 1]),
        ("*J*", False, [0, 1, 2]),
        ("Muller", True, [0, 1]),
        ("jorg mull", True, [0]),
        ("Mül jörg", True, [0]),
        ("xavier", True, []),
        ("", False, [0, 1, 2, 3]),
        ("*", False, [0, 1, 2, 3]),
    ],
)
def test_names_match_whole_or_by_their_words(
    desk: Desk, asked: str, fuzzy: bool, expected: list[int]
) -> None:
    names = ["Müller^Jörg", "Muller^Jane", "Doe^Jim", ""]
    desk.store(
        *(
            study(at, PatientName=name, SpecificCharacterSet="ISO_IR 192")
            for at, name in enumerate(names)
        )
    )

    assert (
        numbers_of(desk, ("PatientName", asked), ("fuzzymatching", str(fuzzy).lower())) == expected
    )


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("StudyDate", "20240131")], [0]),
        ([("StudyDate", "2024-01-31")], [0]),
        ([("StudyDate", "20240101-20240201")], [0, 1]),
        ([("StudyDate", "20240201-")], [1, 2]),
        ([("StudyDate", "-20240131")], [0]),
        ([("00080020", "20250101")], [2]),
        ([("StudyDate", "20240101-"), ("StudyTime", "10-1100")], [0]),
        ([("StudyTime", "1015")], [0]),
        ([("StudyTime", "100000-101459")], []),
        ([("PatientID", "A*")], [0, 1]),
        ([("PatientID", "a*")], []),
        ([("PatientID", "?1")], [0, 2]),
        ([("PatientID", r"A1\B1")], [0, 2]),
        ([("ModalitiesInStudy", "MR")], [2]),
        ([("ModalitiesInStudy", "XA")], []),
        ([("StudyDescription", "*Chest*")], [1]),
        ([("StudyInstanceUID", f"{uid('study', 0)},{uid('study', 2)}")], [0, 2]),
        ([("StudyInstanceUID", uid("study", 0) + "\\" + uid("study", 1))], [0, 1]),
        ([("AccessionNumber", '""'), ("emptyvaluematching", "true")], [1]),
        ([("StudyDescription", '""'), ("emptyvaluematching", "true")], [2]),
        ([("AccessionNumber", "")], [0, 1, 2, 3]),
        ([("RequestAttributesSequence.ScheduledProcedureStepID", "STEP1")], [1]),
        ([("00400275.00400009", "STEP*")], [1]),
        ([("SeriesDescription", "scout")], [0]),
        ([("InstanceNumber", "7")], [2]),
        ([("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")], [2]),
    ],
)
def test_attributes_match_by_the_rules_of_their_kind(
    desk: Desk, pairs: list[tuple[str, str]], expected: list[int]
) -> None:
    step = Dataset()
    step.ScheduledProcedureStepID = "STEP1"
    desk.store(
        study(0, StudyDate="20240131", StudyTime="101530.25", PatientID="A1", AccessionNumber="X",
              SeriesDescription="scout", StudyDescription="head"),
        study(1, StudyDate="20240201", StudyTime="120000", PatientID="A22", AccessionNumber="",
              StudyDescription="Thorax Chest", RequestAttributesSequence=[step]),
        study(2, StudyDate="20250101", StudyTime="", PatientID="B1", AccessionNumber="Y",
              Modality="MR", InstanceNumber=7, StudyDescription="",
              SOPClassUID="1.2.840.10008.5.1.4.1.1.4"),
        study(3, StudyDate="", StudyTime="", PatientID="", AccessionNumber="Z",
              StudyDescription="leg"),
    )  # fmt: skip

    assert numbers_of(desk, *pairs) == expected


def test_results_have_the_required_attributes_of_their_level(desk: Desk) -> None:
    desk.store(instance(0), instance(1))
    search = desk.archive.search
    query = search.parse([])

    found = search.find_studies(OWNER, query).matches[0].attributes
    assert found["00201206"] == {"vr": "IS", "Value": [1]}
    assert found["00201208"] == {"vr": "IS", "Value": [2]}
    assert found["00080061"] == {"vr": "CS", "Value": ["CT"]}
    assert {"00080020", "00080030", "00080050", "00100010", "00100020", "0020000D"} <= found.keys()
    assert list(found) == sorted(found)

    found = search.find_series(OWNER, query).matches[0].attributes
    assert found["00201209"] == {"vr": "IS", "Value": [2]}
    assert {"00080060", "0020000E", "00200011", "0020000D", "00100010"} <= found.keys()
    study_uid = str(instance().StudyInstanceUID)
    found = search.find_series(OWNER, query, study_uid).matches[0].attributes
    assert "00100010" not in found

    found = search.find_instances(OWNER, query).matches[1].attributes
    assert found["00200013"] == {"vr": "IS", "Value": [2]}
    assert {"00080016", "00080018", "00280010", "00280011", "0020000E", "00100010"} <= found.keys()


def test_further_attributes_are_given_when_they_are_asked_for(desk: Desk) -> None:
    desk.store(instance())
    search = desk.archive.search

    query = search.parse([("includefield", "KVP,Manufacturer"), ("includefield", "00101010")])
    found = search.find_instances(OWNER, query).matches[0].attributes
    assert {"00180060", "00080070"} <= found.keys()
    everything = search.parse([("includefield", "all")])
    found = search.find_instances(OWNER, everything).matches[0].attributes
    assert {"00180060", "00080070", "00100010", "00281052"} <= found.keys()


def test_pages_follow_one_another_and_say_whether_there_are_more(desk: Desk) -> None:
    desk.store(*(study(number) for number in range(7)))

    pages = [desk.studies(("limit", "3"), ("offset", str(at))) for at in (0, 3, 6, 9)]

    assert [page.has_more for page in pages] == [True, True, False, False]
    assert len({one for page in pages for one in uids_of(page)}) == 7
    search = desk.archive.search
    assert search.count_studies(OWNER, search.parse([("limit", "3")])) == 7
    assert search.count_series(OWNER, search.parse([]), uid("study", 1)) == 1
    assert search.count_instances(OWNER, search.parse([("PatientName", "x")])) == 0


def test_attribute_that_is_not_searched_is_told_not_refused(desk: Desk) -> None:
    desk.store(instance())

    found = desk.studies(("KVP", "120"), ("00091001", "x"))

    assert len(found.matches) == 1
    assert found.ignored == ("KVP", "00091001")


@pytest.mark.parametrize(
    "pair",
    [("Nonsense", "x"), ("limit", "-1"), ("limit", "x"), ("offset", "1.5"), ("StudyDate", "today"),
     ("StudyDate", "-"), ("fuzzymatching", "maybe"), ("PatientID", "x" * 2000), ("a.b.c", "x")],
)  # fmt: skip
def test_query_that_means_nothing_is_refused(desk: Desk, pair: tuple[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        desk.studies(pair)


def test_nobody_finds_what_others_have(desk: Desk) -> None:
    desk.store(instance())
    search = desk.archive.search

    for find in (search.find_studies, search.find_series, search.find_instances):
        assert not find(STRANGER, search.parse([])).matches
