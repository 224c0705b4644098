import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from isocenter.errors import UnavailableError
from isocenter.services.looks import Stamp, list_folder, stamp_of
from isocenter.services.markers import (
    Done,
    Journal,
    find_journal,
    find_marker,
    own_outputs,
    write_journal,
    write_marker,
)
from isocenter.services.publishing import (
    Publication,
    place,
    remove_stagings,
    staging,
    tidy_up,
)
from tests.conftest import Mounted

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals as in POSIX")


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def staged(tmp_path: Path, **texts: str) -> list[Path]:
    """Return complete files with these contents, as an action leaves them."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path, prefix=".staging-"))
    return [put(folder / f"{stem}.dcm", text) for stem, text in texts.items()]


def texts_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.glob("[!.]*.dcm"))}


def ignore(_: Mapping[Path, Stamp]) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "patient"
    put(folder / "1.txt", "an input")
    return folder


def publication(folder: Path, output_dir: Path | None = None) -> Publication:
    """Return what the next run on a folder would use."""
    return Publication(
        folder,
        "merge",
        "digest",
        marker=find_marker(folder, "merge"),
        journal=find_journal(folder, "merge"),
        output_dir=output_dir,
        durable=False,
    )


def publish(
    folder: Path, files: list[Path], output_dir: Path | None = None, *, may_replace: bool = True
) -> list[Path]:
    entries = list_folder(folder, is_recursive=False)
    return publication(folder, output_dir).publish(
        files, entries, ["1.txt"], may_replace=may_replace
    )


def test_a_staging_folder_is_hidden_and_goes_away(folder: Path) -> None:
    with staging(folder) as inside:
        assert inside.parent == folder
        assert inside.name.startswith(".isocenter-")
        put(inside / "a", "x")

    assert [path.name for path in folder.iterdir()] == ["1.txt"]


def test_staging_folders_of_killed_runs_are_removed(folder: Path) -> None:
    put(folder / ".isocenter-12.staging" / "a", "x")
    put(folder / ".isocenter-34.part", "x")

    remove_stagings(folder, [".isocenter-12.staging", ".isocenter-34.part"])

    assert sorted(path.name for path in folder.iterdir()) == [".isocenter-34.part", "1.txt"]


def test_results_get_their_own_names_or_the_next_ones(folder: Path, tmp_path: Path) -> None:
    put(folder / "a.dcm", "of the user")

    names = place(folder, staged(tmp_path, a="1", b="2"), frozenset(), ignore)

    assert [path.name for path in names] == ["a_1.dcm", "b.dcm"]
    assert texts_in(folder) == {"a.dcm": "of the user", "a_1.dcm": "1", "b.dcm": "2"}


def test_results_of_the_same_bytes_are_there_already(folder: Path, tmp_path: Path) -> None:
    there = put(folder / "a.dcm", "1")
    before = there.stat()

    names = place(folder, staged(tmp_path, a="1"), frozenset(), ignore)

    assert names == [there]
    assert there.stat() == before


def test_a_file_of_ours_gives_way(folder: Path, tmp_path: Path) -> None:
    ours = put(folder / "a.dcm", "old")
    stamp = stamp_of(ours)
    assert stamp is not None

    names = place(folder, staged(tmp_path, a="new"), frozenset({(ours, stamp)}), ignore)

    assert names == [ours]
    assert texts_in(folder) == {"a.dcm": "new"}


def test_a_file_that_was_ours_and_was_changed_stays(folder: Path, tmp_path: Path) -> None:
    changed = put(folder / "a.dcm", "changed by the user")

    names = place(folder, staged(tmp_path, a="new"), frozenset({(changed, Stamp(3, 3))}), ignore)

    assert [path.name for path in names] == ["a_1.dcm"]
    assert texts_in(folder) == {"a.dcm": "changed by the user", "a_1.dcm": "new"}


def test_names_are_told_before_they_are_given(folder: Path, tmp_path: Path) -> None:
    told: dict[Path, Stamp] = {}

    def note(stamps: Mapping[Path, Stamp]) -> None:
        assert texts_in(folder) == {}
        told.update(stamps)

    names = place(folder, staged(tmp_path, a="1", b="2"), frozenset(), note)

    assert told == {path: stamp_of(path) for path in names}


def test_a_name_that_is_taken_meanwhile_is_another_ones(folder: Path, tmp_path: Path) -> None:
    taken = folder / "a.dcm"

    def note(_: Mapping[Path, Stamp]) -> None:
        if not taken.exists():
            put(taken, "of somebody")

    names = place(folder, staged(tmp_path, a="1"), frozenset(), note)

    assert [path.name for path in names] == ["a_1.dcm"]
    assert texts_in(folder) == {"a.dcm": "of somebody", "a_1.dcm": "1"}


def test_a_disk_that_fails_is_told(folder: Path, tmp_path: Path, mounted: Mounted) -> None:
    files = staged(tmp_path, a="1")
    with mounted(folder, "ro"), pytest.raises(UnavailableError):
        place(folder, files, frozenset(), ignore)


def test_a_success_is_marked_and_leaves_no_journal(folder: Path, tmp_path: Path) -> None:
    results = publish(folder, staged(tmp_path, a="1"), tmp_path / "out")

    marker = find_marker(folder, "merge")
    assert marker is not None
    assert marker.stamps == {"a.dcm": stamp_of(results[0])}
    assert set(marker.copies) == {str(tmp_path / "out" / "a.dcm")}
    assert set(marker.files) == {"1.txt"}
    assert texts_in(tmp_path / "out") == {"a.dcm": "1"}
    assert sorted(path.name for path in folder.iterdir()) == [
        ".dicompressor_done",
        "1.txt",
        "a.dcm",
    ]


def test_a_newer_success_replaces_results_and_copies(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    put(out / "a.dcm", "of the user")
    publish(folder, staged(tmp_path, a="1", b="2", c="3"), out)
    assert texts_in(out) == {"a.dcm": "of the user", "a_1.dcm": "1", "b.dcm": "2", "c.dcm": "3"}

    publish(folder, staged(tmp_path, a="11", c="3", d="4"), out)

    assert texts_in(folder) == {"a.dcm": "11", "c.dcm": "3", "d.dcm": "4"}
    assert texts_in(out) == {"a.dcm": "of the user", "a_1.dcm": "11", "c.dcm": "3", "d.dcm": "4"}
    assert find_journal(folder, "merge") is None


def test_results_may_be_kept_beside_newer_ones(folder: Path, tmp_path: Path) -> None:
    publish(folder, staged(tmp_path, a="1", b="2"))

    publish(folder, staged(tmp_path, a="11"), may_replace=False)

    assert texts_in(folder) == {"a.dcm": "1", "a_1.dcm": "11", "b.dcm": "2"}
    marker = find_marker(folder, "merge")
    assert marker is not None
    assert set(marker.stamps) == {"a_1.dcm"}
    assert marker.outputs == {"a.dcm", "a_1.dcm", "b.dcm"}
    assert marker.files.keys() == {"1.txt"}


def test_results_that_the_user_changed_stay_and_are_no_inputs(folder: Path, tmp_path: Path) -> None:
    publish(folder, staged(tmp_path, a="1"))
    put(folder / "a.dcm", "changed by the user")

    publish(folder, staged(tmp_path, a="11"))

    assert texts_in(folder) == {"a.dcm": "changed by the user", "a_1.dcm": "11"}
    assert own_outputs(folder) == {"a.dcm", "a_1.dcm"}


def test_copies_in_another_folder_stay(folder: Path, tmp_path: Path) -> None:
    publish(folder, staged(tmp_path, a="1"), tmp_path / "out")

    publish(folder, staged(tmp_path, a="11"), tmp_path / "other")

    assert texts_in(tmp_path / "out") == {"a.dcm": "1"}
    assert texts_in(tmp_path / "other") == {"a.dcm": "11"}


def test_part_of_a_result_is_journaled_and_gives_way_later(folder: Path, tmp_path: Path) -> None:
    publication(folder, tmp_path / "out").publish_part(staged(tmp_path, a="1", b="2"))

    assert find_marker(folder, "merge") is None
    assert own_outputs(folder) == {"a.dcm", "b.dcm"}
    assert texts_in(folder) == {"a.dcm": "1", "b.dcm": "2"}

    publish(folder, staged(tmp_path, a="12"), tmp_path / "out")

    assert texts_in(folder) == texts_in(tmp_path / "out") == {"a.dcm": "12"}
    assert find_journal(folder, "merge") is None


def test_part_of_a_result_takes_the_place_of_a_success(folder: Path, tmp_path: Path) -> None:
    publish(folder, staged(tmp_path, a="1", b="2"))

    publication(folder).publish_part(staged(tmp_path, a="part"))
    publication(folder).publish_part(staged(tmp_path, a="another part"))

    assert texts_in(folder) == {"a.dcm": "another part"}
    publish(folder, staged(tmp_path, a="all"))
    assert texts_in(folder) == {"a.dcm": "all"}


# Publishes as `publish` does, and kills itself at the given call that changes the disk.
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.services.test_publishing import publish, staged

folder, out, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
files = staged(folder.parent, a="11", c="3")

def count_down(real):
    def call(*arguments, **named):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return real(*arguments, **named)
    return call

for name in ("mkdir", "link", "replace", "unlink", "rmdir"):
    setattr(os, name, count_down(getattr(os, name)))
publish(folder, files, out)
"""


@needs_posix
def test_a_run_that_is_killed_anywhere_is_made_good_by_the_next(
    tmp_path: Path, repository: Path
) -> None:
    for step in count():
        folder, out = tmp_path / str(step) / "patient", tmp_path / str(step) / "out"
        put(folder / "1.txt", "an input")
        publish(folder, staged(folder.parent, a="1", b="2"), out)
        command = [sys.executable, "-c", KILLED, str(folder), str(out), str(step)]
        code = subprocess.run(command, check=False, cwd=repository).returncode
        between = texts_in(folder)

        publish(folder, staged(folder.parent, a="11", c="3"), out)

        # Old results or new ones at every moment, and none of them in part.
        assert between.items() <= {("a.dcm", "1"), ("a.dcm", "11"), ("b.dcm", "2"), ("c.dcm", "3")}
        assert "a.dcm" in between
        assert texts_in(folder) == texts_in(out) == {"a.dcm": "11", "c.dcm": "3"}
        assert find_journal(folder, "merge") is None
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert step > 8


def test_what_was_to_be_replaced_goes_after_the_marker(folder: Path, tmp_path: Path) -> None:
    old, copy = put(folder / "old.dcm", "1"), put(tmp_path / "out" / "old.dcm", "1")
    new = put(folder / "new.dcm", "2")
    stamps = {path: stamp_of(path) for path in (old, copy, new)}
    journal = Journal(
        "digest",
        outputs={"new.dcm": stamps[new] or Stamp(0, 0)},
        replaced={"old.dcm": stamps[old] or Stamp(0, 0)},
        replaced_copies={str(copy): stamps[copy] or Stamp(0, 0)},
    )
    write_journal(folder, "merge", journal)
    write_marker(folder, "merge", Done([new], list_folder(folder, is_recursive=False), False))

    tidy_up(folder, "merge", find_marker(folder, "merge"), find_journal(folder, "merge"))

    assert texts_in(folder) == {"new.dcm": "2"}
    assert texts_in(tmp_path / "out") == {}
    assert find_journal(folder, "merge") is None


def test_without_a_journal_there_is_nothing_to_tidy(folder: Path, tmp_path: Path) -> None:
    publish(folder, staged(tmp_path, a="1"))

    tidy_up(folder, "merge", find_marker(folder, "merge"), None)

    assert texts_in(folder) == {"a.dcm": "1"}
