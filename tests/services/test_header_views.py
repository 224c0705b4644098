"""Headers as rows: of plain files, of odd ones, of none."""

from pathlib import Path

import pytest
from pydicom.uid import ExplicitVRBigEndian

from isocenter.errors import InvalidInputError
from isocenter.services.header_views import read_header
from tests.builders import instance, write


def test_every_element_of_a_file_is_a_row(tmp_path: Path) -> None:
    dataset = instance()
    path = write(dataset, tmp_path / "a.dcm")

    view = read_header(path)

    rows = {row.tag: row for row in view.rows}
    assert rows["(0008,0060)"] == (0, "(0008,0060)", "CS", "Modality", "'CT'")
    assert rows["(0002,0010)"].value == "Explicit VR Little Endian"
    assert {row.tag for row in view.rows} >= {
        f"({one.tag.group:04X},{one.tag.element:04X})" for one in dataset
    }
    assert not view.is_cut


def test_more_rows_than_may_be_are_cut_and_said_so(tmp_path: Path) -> None:
    view = read_header(write(instance(), tmp_path / "a.dcm"), rows_max=5)

    assert len(view.rows) == 5
    assert view.is_cut


def test_an_odd_file_is_read_in_a_child_process(tmp_path: Path) -> None:
    path = write(instance(transfer_syntax_uid=ExplicitVRBigEndian), tmp_path / "a.dcm")

    rows = {row.tag: row.value for row in read_header(path).rows}

    assert rows["(0002,0010)"] == "Explicit VR Big Endian"
    assert rows["(0028,0010)"] == "8"


def test_what_is_no_dicom_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")

    with pytest.raises(InvalidInputError):
        read_header(path)
