"""Processes of sessions: the twelve actions with the real worker, from files to results."""

import io
import itertools
import re
import threading
import zipfile
from collections.abc import Iterator

import pytest
from PIL import Image
from pydicom import dcmread
from sqlalchemy import select

from isocenter.errors import (
    InvalidInputError,
    IsocenterError,
    NotFoundError,
)
from isocenter.services.session_actions import SESSION_ACTIONS
from isocenter.store.tables import audit_events
from tests.builders import CANARY, instance, series, to_bytes
from tests.sessions import OWNER, STRANGER, Bench, files_of, open_bench, slices

SAFE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give sessions whose worker runs; starting one takes a second."""
    with open_bench(tmp_path_factory.mktemp("working")) as made, made.working(threads=2):
        yield made


def test_forty_slices_are_merged_listed_and_downloaded(working: Bench) -> None:
    files = slices(40)
    session_id = working.new_session(files)

    result = working.run(session_id, "merge")

    assert (result.ended, result.success, result.error) == ("done", True, "")
    assert result.log.startswith("[INFO] Processing 40 files...\n")
    assert result.log.endswith("\n[INFO] Done.")
    (output,) = result.output_files
    assert output.name == "CANARY_Jrg_series31_multiframe.dcm"
    merged = working.read(session_id, output.name)
    assert len(merged) == output.size_bytes
    assert dcmread(io.BytesIO(merged)).NumberOfFrames == 40
    assert working.names(session_id) == (sorted(files), [output.name])
    assert {name: working.read(session_id, name) for name in files} == files


def test_documented_alias_means_the_only_merge(working: Bench) -> None:
    session_id = working.new_session({**slices(3), "merged_multiframe.dcm": b"an input"})
    assert working.read(session_id, "merged_multiframe.dcm") == b"an input"

    (output,) = working.run(session_id, "merge").output_files
    alias = working.read(session_id, "merged_multiframe.dcm")

    assert alias == working.read(session_id, output.name)
    assert "merged_multiframe.dcm" not in working.names(session_id)[1]


def test_alias_of_two_merges_is_not_found(working: Bench) -> None:
    two = slices(3) | files_of(series(3, modality="MR", series_name="b"), start=10)
    session_id = working.new_session(two)

    assert len(working.run(session_id, "merge").output_files) == 2
    with pytest.raises(NotFoundError):
        working.sessions.open_file(OWNER, session_id, "merged_multiframe.dcm")


EXPECTED_NAMES = {
    "merge": ["CANARY_Jrg_series31_multiframe.dcm"],
    "compress_lossless": ["0000_jll.dcm", "0001_jll.dcm"],
    "compress_lossy": ["0000_jl.dcm", "0001_jl.dcm"],
    "decompress": ["0000_unc.dcm", "0001_unc.dcm"],
    "anonymize": ["anon_0001.dcm", "anon_0002.dcm"],
    "export_png": ["0000.png", "0001.png"],
    "export_video": ["series31.mp4"],
    "dicomdir": ["DICOMDIR", "dicomdir.zip"],
    "headers": ["0000.txt", "0001.txt"],
    "info": [],
    "summary": [],
}


@pytest.mark.parametrize("action", EXPECTED_NAMES)
def test_every_action_gives_its_documented_names(working: Bench, action: str) -> None:
    images = series(2, rows=32, columns=32)
    session_id = working.new_session(files_of(images))
    params = "(0010,0010)=Anon" if action == "anonymize" else None

    result = working.run(session_id, action, params=params)

    assert result.success, result
    assert [one.name for one in result.output_files] == EXPECTED_NAMES[action]
    assert working.names(session_id)[1] == EXPECTED_NAMES[action]
    assert all(SAFE_NAME.fullmatch(one.name) for one in result.output_files)
    assert not set(result.log) & set("*?\\")
    assert "input_0" not in result.log
    assert str(working.folder) not in result.log


def test_split_gives_back_the_frames_of_what_was_merged(working: Bench) -> None:
    session_id = working.new_session(slices(3))
    working.run(session_id, "merge")

    result = working.run(session_id, "split", source="output")

    stem = "CANARY_Jrg_series31_multiframe_frame"
    assert [one.name for one in result.output_files] == [f"{stem}000{k}.dcm" for k in range(3)]
    pixels = {dcmread(io.BytesIO(one)).PixelData for one in slices(3).values()}
    found = {
        dcmread(io.BytesIO(working.read(session_id, one.name))).PixelData
        for one in result.output_files
    }
    assert found == pixels


def test_twelve_actions_were_tried() -> None:
    assert {*EXPECTED_NAMES, "split"} == set(SESSION_ACTIONS)


def test_texts_of_info_summary_and_headers_name_the_files_of_the_session(working: Bench) -> None:
    session_id = working.new_session(slices(2))

    info = working.run(session_id, "info")
    summary = working.run(session_id, "summary")
    working.run(session_id, "headers")

    assert re.search(r"filepath +: 0001.dcm", info.log)
    assert re.search(r"rows +: 8", info.log)
    assert "Folder Summary: session" in summary.log
    assert "Total files: 2" in summary.log
    assert working.read(session_id, "0000.txt").startswith(b"DICOM header: 0000.dcm\n")


def test_pictures_are_pictures_and_the_file_set_is_one(working: Bench) -> None:
    session_id = working.new_session(slices(2))
    working.run(session_id, "export_png", options={"bits": "16"})
    working.run(session_id, "dicomdir")

    with Image.open(io.BytesIO(working.read(session_id, "0000.png"))) as picture:
        assert picture.size == (6, 8)
    packed = zipfile.ZipFile(io.BytesIO(working.read(session_id, "dicomdir.zip")))
    names = packed.namelist()
    assert packed.testzip() is None
    assert names[0] == "DICOMDIR"
    assert packed.read("DICOMDIR") == working.read(session_id, "DICOMDIR")
    assert len(names) == 3
    assert all(re.fullmatch(r"[A-Z0-9_]{1,8}(/[A-Z0-9_]{1,8})*", name) for name in names)


def test_deidentified_outputs_hold_nothing_of_the_patient(working: Bench) -> None:
    session_id = working.new_session({f"{CANARY}.dcm": next(iter(slices(1).values()))})

    result = working.run(session_id, "anonymize", options={"profile": "basic"})

    (output,) = result.output_files
    assert output.name == "anon_0001.dcm"
    assert CANARY.encode() not in working.read(session_id, output.name)


def test_pseudonyms_of_an_account_are_its_own_and_stay(working: Bench) -> None:
    made = []
    for owner in (OWNER, OWNER, STRANGER):
        session_id = working.new_session(slices(1), owner=owner)
        options = {"profile": "basic"}
        job_id = working.sessions.process(owner, session_id, "anonymize", options=options)
        working.ended(job_id)
        data = working.read(session_id, "anon_0001.dcm", owner=owner)
        made.append(dcmread(io.BytesIO(data)).SOPInstanceUID)

    assert made[0] == made[1] != made[2]


def test_a_repetition_replaces_its_outputs(working: Bench) -> None:
    session_id = working.new_session(slices(3))
    first = working.run(session_id, "compress_lossless")
    before = working.read(session_id, "0000_jll.dcm")

    again = working.run(session_id, "compress_lossless")

    assert again.output_files == first.output_files
    assert working.names(session_id)[1] == [one.name for one in first.output_files]
    assert working.read(session_id, "0000_jll.dcm") == before


def test_a_repetition_with_more_slices_replaces_what_is_outdated(working: Bench) -> None:
    session_id = working.new_session(slices(3))
    working.run(session_id, "merge")
    everything = series(5, series_name="a")
    working.upload(session_id, files_of(everything[3:], start=3))

    working.run(session_id, "merge")

    (name,) = working.names(session_id)[1]
    assert dcmread(io.BytesIO(working.read(session_id, name))).NumberOfFrames == 5


def test_other_options_keep_the_outputs_from_before(working: Bench) -> None:
    session_id = working.new_session(slices(1))
    working.run(session_id, "export_png")

    result = working.run(session_id, "export_png", options={"bits": "16"})

    assert [one.name for one in result.output_files] == ["0000_2.png"]
    assert working.names(session_id)[1] == ["0000.png", "0000_2.png"]


def test_only_named_files_are_worked_on(working: Bench) -> None:
    session_id = working.new_session(slices(3))

    job_id = working.sessions.process(OWNER, session_id, "headers", names=["0001.dcm"])
    result = working.sessions.result(working.ended(job_id))

    assert [one.name for one in result.output_files] == ["0001.txt"]
    with pytest.raises(InvalidInputError, match="no file of a name"):
        working.sessions.process(OWNER, session_id, "headers", names=["0009.dcm"])


def test_one_bad_file_among_good_ones_is_told_and_the_rest_is_done(working: Bench) -> None:
    files = {**slices(2), "notes.txt": b"some text", "cut.dcm": to_bytes(instance(7))[:-20]}
    session_id = working.new_session(files)

    result = working.run(session_id, "compress_lossless")

    assert result.success
    assert [one.name for one in result.output_files] == ["0000_jll.dcm", "0001_jll.dcm"]
    assert [one.name for one in result.failed] == ["cut.dcm"]
    assert re.search(r"^\[WARN\] notes.txt: not a DICOM file", result.log, re.MULTILINE)
    assert re.search(r"^\[WARN\] cut.dcm: ", result.log, re.MULTILINE)


def test_where_nothing_was_done_success_is_false_with_a_reason(working: Bench) -> None:
    session_id = working.new_session({"cut.dcm": to_bytes(instance(7))[:-20]})

    result = working.run(session_id, "compress_lossless")

    assert (result.ended, result.success) == ("done", False)
    assert "ends inside" in result.error
    assert "[ERROR]" in result.log
    assert result.output_files == ()


def test_an_action_that_gives_up_says_why(working: Bench) -> None:
    session_id = working.new_session(slices(1))

    result = working.run(session_id, "export_png", options={"window": "nonsense"})

    assert not result.success
    assert "window" in result.error


def test_held_back_files_are_listed_as_failed(working: Bench) -> None:
    burned = instance(1)
    burned.BurnedInAnnotation = "YES"
    session_id = working.new_session({**slices(1), "b.dcm": to_bytes(burned)})

    result = working.run(session_id, "anonymize", options={"profile": "basic"})

    assert result.success
    assert [one.name for one in result.failed] == ["b.dcm"]
    assert "held back" in result.failed[0].reason


def test_two_processes_of_one_session_run_one_after_the_other(working: Bench) -> None:
    session_id = working.new_session(slices(10))

    ids = [working.sessions.process(OWNER, session_id, "merge") for _ in range(2)]
    ids.append(working.sessions.process(OWNER, session_id, "split", source="output"))
    ended = [working.ended(one) for one in ids]

    assert [working.sessions.result(one).success for one in ended] == [True, True, True]
    for before, after in itertools.pairwise(ended):
        assert before.finished_ms is not None
        assert after.started_ms is not None
        assert before.finished_ms <= after.started_ms


def test_events_tell_lines_and_progress(working: Bench) -> None:
    session_id = working.new_session(slices(3))
    job_id = working.sessions.process(OWNER, session_id, "merge")
    job = working.ended(job_id)

    events = working.queue.events(job_id, 0)

    lines = [str(one.data["line"]) for one in events if one.kind == "log"]
    assert "\n".join(lines) == working.sessions.result(job).log
    assert job.progress_total > 0


def test_outputs_are_opened_one_after_the_other(working: Bench) -> None:
    session_id = working.new_session(slices(2))
    working.run(session_id, "headers")

    names = [one.name for one in working.sessions.open_outputs(OWNER, session_id)]

    assert names == ["0000.txt", "0001.txt"]


def test_every_act_is_in_the_audit_and_the_chain_holds(working: Bench) -> None:
    session_id = working.new_session(slices(1))
    working.run(session_id, "headers")
    working.sessions.delete(OWNER, session_id)

    with working.database.read() as connection:
        query = select(audit_events.c.action).where(audit_events.c.object_id == session_id)
        actions = list(connection.scalars(query.order_by(audit_events.c.number)))
        chain = working.audit.verify_chain(connection)
    assert actions == ["session.create", "session.upload", "session.headers", "session.delete"]
    assert chain.broken is None


def test_uploads_and_processes_side_by_side_lose_nothing(working: Bench) -> None:
    ids = [working.new_session() for _ in range(4)]
    problems: list[IsocenterError] = []

    def work(session_id: str) -> None:
        try:
            for start in range(0, 12, 3):
                working.upload(session_id, files_of(series(12)[start : start + 3], start=start))
            assert working.run(session_id, "merge").success
        except IsocenterError as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in ids for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    for session_id in ids:
        inputs, outputs = working.names(session_id)
        assert sorted(inputs) == [f"{k:04d}.dcm" for k in range(12)]
        assert len(outputs) == 1
