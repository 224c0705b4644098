"""Tidy finds each kind of disorder, and nothing in a tidy house."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import tidy

ARCHITECTURE = """# Architecture

```text
src/isocenter/
  __init__.py
  dicom/
    __init__.py
    merge.py      slices to one instance
  errors.py       every exception
```
"""
TIDY_HOUSE = {
    "pyproject.toml": '[project.scripts]\nisocenter = "isocenter.errors:main"\n',
    "ARCHITECTURE.md": ARCHITECTURE,
    "docs/reference/errors.md": "`IsocenterError`",
    "src/isocenter/__init__.py": '"""Names."""\n\n__version__ = "1"\n',
    "src/isocenter/errors.py": (
        '"""Errors."""\n\nfrom isocenter.dicom import merge\n\n\nclass IsocenterError(Exception):\n'
        '    """Root."""\n\n\nvalue = merge\n'
    ),
    "src/isocenter/dicom/__init__.py": '"""DICOM."""\n',
    "src/isocenter/dicom/merge.py": '"""Merge."""\n',
    "tests/test_errors.py": "",
    "tests/dicom/test_merge.py": "",
}
MERGE = "src/isocenter/dicom/merge.py"
ERRORS = "src/isocenter/errors.py"
LONG_BODY = "    x = 1\n" * 71


def build(root: Path, changes: dict[str, str]) -> list[str]:
    """Write a tidy house with changes and return the problems found in it."""
    for name, text in (TIDY_HOUSE | changes).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    checkout = tidy.read_checkout(root)
    return [problem for check in tidy.CHECKS for problem in check(checkout)]


def test_tidy_house_has_no_problems(tmp_path: Path) -> None:
    assert build(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (MERGE, '"""M."""\n' + "x = 1\n" * 500, f"{MERGE}:1: 501 lines, the wall is 500"),
        (MERGE, f'"""M."""\ndef f():\n{LONG_BODY}', f"{MERGE}:2: f has 71 lines, the wall is 70"),
        (MERGE, "x = 1\n", f"{MERGE}:1: no docstring"),
        (MERGE, '"""M."""\nfrom . import x\n', f"{MERGE}:2: relative import"),
        (
            MERGE,
            '"""M."""\nfrom typing import TYPE_CHECKING\n',
            f"{MERGE}:2: a type-checking block hides an import cycle",
        ),
        (MERGE, '"""M."""\ndef f():\n    import os\n', f"{MERGE}:3: import inside f"),
        (
            MERGE,
            '"""M."""\nimportlib.import_module("x")\n',
            f"{MERGE}:2: import_module outside the lazy doors",
        ),
        (MERGE, '"""M."""\nopen("x")\n', f"{MERGE}:2: open() in dicom/, which is pure"),
        (MERGE, '"""M."""\ndatetime.now()\n', f"{MERGE}:2: now() in dicom/, which is pure"),
        (MERGE, '"""M."""\n# TO' + "DO\n", f"{MERGE}:2: TO" + "DO: open an issue"),
        ("docs/a.md", "FIX" + "ME", "docs/a.md:1: FIX" + "ME: open an issue"),
        (
            "src/isocenter/dicom/__init__.py",
            '"""D."""\n\ndef f():\n    """F."""\n',
            "src/isocenter/dicom/__init__.py:3: __init__.py holds names, never code",
        ),
        ("tests/helpers.py", "", "tests/helpers.py:1: name the thing"),
        (
            "docs/reference/errors.md",
            "",
            f"{ERRORS}:6: IsocenterError is not in docs/reference/errors.md: make docs",
        ),
        (
            "ARCHITECTURE.md",
            ARCHITECTURE.replace("    merge.py      slices to one instance\n", ""),
            f"ARCHITECTURE.md:1: {MERGE} is missing in the tree",
        ),
        (
            "ARCHITECTURE.md",
            ARCHITECTURE.replace("  errors.py", "    split.py    back\n  errors.py"),
            "ARCHITECTURE.md:1: src/isocenter/dicom/split.py does not exist",
        ),
        (
            "ARCHITECTURE.md",
            ARCHITECTURE.replace("      slices to one instance", ""),
            f"ARCHITECTURE.md:1: {MERGE} has no caption",
        ),
    ],
)
def test_each_disorder_is_found_alone(tmp_path: Path, name: str, text: str, problem: str) -> None:
    assert build(tmp_path, {name: text}) == [problem]


def test_module_without_test_file_is_found(tmp_path: Path) -> None:
    problems = build(tmp_path, {"src/isocenter/dicom/split.py": '"""S."""\n'})

    assert "src/isocenter/dicom/split.py:1: no test file tests/dicom/test_split.py" in problems


def test_module_that_nothing_uses_is_dead(tmp_path: Path) -> None:
    problems = build(tmp_path, {"src/isocenter/errors.py": '"""No import of merge."""\n'})

    assert problems == [f"{MERGE}:1: dead module: nothing in the package uses it"]


def test_migration_is_neither_dead_nor_untested(tmp_path: Path) -> None:
    name = "src/isocenter/store/migrations/m0001_first.py"

    assert not any(problem.startswith(name) for problem in build(tmp_path, {name: '"""M."""\n'}))


def test_module_named_by_a_table_is_alive(tmp_path: Path) -> None:
    table = '"""E."""\n\nTABLE = {"merge": "isocenter.dicom.merge:merge"}\n'

    assert build(tmp_path, {"src/isocenter/errors.py": table}) == []


def test_generated_table_may_be_long_and_untested(tmp_path: Path) -> None:
    problems = build(
        tmp_path,
        {
            MERGE: '"""M."""\nfrom isocenter.dicom import table\n',
            "src/isocenter/dicom/table.py": '"""T: generated, do not edit."""\n' + "x = 1\n" * 600,
            "ARCHITECTURE.md": ARCHITECTURE.replace("  errors.py", "    table.py   t\n  errors.py"),
        },
    )

    assert problems == []


def test_lazy_door_may_import_inside_a_function(tmp_path: Path) -> None:
    door = '"""Names."""\n\n\ndef __getattr__(name):\n    import os\n    return os\n'

    assert build(tmp_path, {"src/isocenter/__init__.py": door}) == []


def test_docstring_does_not_count_as_body(tmp_path: Path) -> None:
    text = '"""M."""\ndef f():\n    """F."""\n' + LONG_BODY.removesuffix("    x = 1\n")

    assert build(tmp_path, {MERGE: text}) == []


def test_command_prints_the_problems_and_fails(tmp_path: Path, repository: Path) -> None:
    build(tmp_path, {MERGE: "x = 1\n"})

    result = subprocess.run(
        [sys.executable, str(repository / "tools" / "tidy.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == 1
    assert result.stdout.splitlines()[0] == f"{MERGE}:1: no docstring"
    assert result.stdout.splitlines()[-1] == "tidy: 6 files, 1 problems"
