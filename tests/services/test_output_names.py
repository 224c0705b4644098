"""Names of merged files: reduced from the patient's name, or neutral by a template."""

from pathlib import Path

import pytest

from isocenter.errors import InvalidInputError
from isocenter.services.merge import merge
from isocenter.services.output_names import checked_template, neutral_stem, patient_stem
from isocenter.services.reports import Report, Work
from tests.builders import series, write_series
from tests.raw_instance import Elements, ct_slice, part10, text


def run(*paths: Path, **options: object) -> Report:
    return merge(Work(paths=paths, options=options, durable=False))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("patient", "number", "name"),
    [
        ("Doe^Jane", "7", "Doe_Jane_series7_multiframe.dcm"),
        ("Doe^Jane", "", "Doe_Jane_multiframe.dcm"),
        ("", "7", "merged_multiframe.dcm"),
        ("^^", "7", "merged_multiframe.dcm"),
        ("../../etc/passwd", "../7", "etcpasswd_series7_multiframe.dcm"),
        ("A" * 200, "9" * 60, "A" * 64 + "_series" + "9" * 16 + "_multiframe.dcm"),
        ("Yamada^Tarou=X^Y", "7", "Yamada_Tarou_series7_multiframe.dcm"),
        ("O'Neil  Jr\\Sr", "7", "ONeilJrSr_series7_multiframe.dcm"),
    ],
)
def test_names_are_made_of_the_patients_name_reduced(
    tmp_path: Path, patient: str, number: str, name: str
) -> None:
    """`specs/cli.md` 1.2 and DESIGN 5: letters, digits, `_` and `-`, at most 64 of the name."""
    change: Elements = {0x00100010: text("PN", patient), 0x00200011: text("IS", number)}
    (tmp_path / "a.dcm").write_bytes(part10({**ct_slice(), **change}))

    assert [output.path.name for output in run(tmp_path).outputs] == [name]


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("series{number}_{index}", "series7_1.dcm"),
        ("{modality}-{number}.dcm", "CT-7.dcm"),
        ("fixed", "fixed.dcm"),
        ("{number}" * 16, "7" * 16 + ".dcm"),
    ],
)
def test_a_template_makes_neutral_names(tmp_path: Path, template: str, name: str) -> None:
    (tmp_path / "a.dcm").write_bytes(part10(ct_slice()))

    assert [path.path.name for path in run(tmp_path, name_template=template).outputs] == [name]


def test_a_template_of_nothing_but_an_empty_value_still_gives_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(part10({**ct_slice(), 0x00200011: text("IS", "")}))

    (output,) = run(tmp_path, name_template="{number}").outputs

    assert output.path.name == "merged_multiframe.dcm"


@pytest.mark.parametrize(
    "template",
    [
        "{patient}",
        "{number",
        "{0}",
        "../{number}",
        "a b",
        ".dcm",
        "{number.__class__}",
        "{number!r}",
        "{index:9999999999}",
        "{number:/^{index}}",
        "x" * 129,
        "äh",
    ],
)
def test_a_template_that_is_none_is_refused(tmp_path: Path, template: str) -> None:
    """Before anything is read, and whatever it would make of later values."""
    write_series(series(1), tmp_path)

    with pytest.raises(InvalidInputError):
        run(tmp_path, name_template=template)

    assert names(tmp_path) == ["0000.dcm"]


def test_whatever_a_file_holds_a_name_is_a_plain_name() -> None:
    odd = ["", "..", "a/b\\c", "CON\0", "\n", "Müller^Jörg", "名前", "-rf", "{index}", "A" * 999]
    for value in odd:
        made = [
            patient_stem(value, value),
            neutral_stem("{number}{modality}{index}", series_number=value, modality="", index=7),
            neutral_stem("{modality}", series_number="", modality=value, index=7),
        ]
        for name in made:
            assert not name.startswith("-")
            assert name.replace("_", "").replace("-", "").isalnum()
            assert name.isascii()
            assert len(name) <= 200


def test_a_template_loses_its_suffix_and_nothing_else() -> None:
    assert checked_template("{modality}_{number}.dcm") == "{modality}_{number}"
    assert checked_template("") == ""
