import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def generator(repository: Path) -> ModuleType:
    path = repository / "tools" / "make_deidentify_table.py"
    spec = importlib.util.spec_from_file_location("make_deidentify_table", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_tables_are_what_the_generator_makes(
    generator: ModuleType, repository: Path
) -> None:
    source = repository / "tools" / "confidentiality_profile_attributes.json"
    rows = json.loads(source.read_text(encoding="utf-8"))
    folder = repository / "src" / "isocenter" / "dicom" / "deidentify"

    assert generator.confidentiality_table(rows) == (folder / "table.py").read_text("utf-8")
    assert generator.allow_table(rows) == (folder / "allow_table.py").read_text("utf-8")


def test_the_committed_text_of_the_standard_is_the_one_that_is_at_hand(repository: Path) -> None:
    theirs = repository.parent / "shared" / "data" / "standard"
    theirs /= "confidentiality_profile_attributes.json"
    if not theirs.exists():
        pytest.skip("the shared data are not there")
    ours = repository / "tools" / "confidentiality_profile_attributes.json"

    assert json.loads(ours.read_text("utf-8")) == json.loads(theirs.read_text("utf-8"))
