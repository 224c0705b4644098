"""Whatever comes into a watched tree, and whenever: no slice lost, none merged twice."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydicom import Dataset

from tests.builders import to_bytes
from tests.watching import (
    INTERVAL_SECONDS,
    SimulatedTime,
    assert_is_done,
    hidden_in,
    merged_in,
    numbered,
    plan,
    slices_in,
    watch,
)

HOUR = 3600
FOLDERS = ("", "p1", "p1/s1", "p1/s1/deep", "p2", "p3/s2")


class WatchedTree(RuleBasedStateMachine):
    """Slices come whole, slowly, in part, late; watchers come, go and work side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.place = TemporaryDirectory()
        self.root = Path(self.place.name) / "patients"
        self.out = Path(self.place.name) / "out"
        self.time = SimulatedTime()
        self.numbers = 0
        self.unfinished: dict[Path, bytes] = {}

    @initialize()
    def begin(self) -> None:
        self.root.mkdir()
        self.out.mkdir()
        self.restart()

    def teardown(self) -> None:
        if self.root.exists():
            self.settle()
        self.place.cleanup()

    def new_slice(self, inside: str) -> tuple[Path, bytes]:
        self.numbers += 1
        path = self.root / inside / f"{self.numbers:04d}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path, to_bytes(numbered(self.numbers, f"series of {inside}"))

    @rule(inside=st.sampled_from(FOLDERS), count=st.integers(1, 4))
    def slices_come(self, inside: str, count: int) -> None:
        for _ in range(count):
            path, content = self.new_slice(inside)
            path.write_bytes(content)

    @rule(inside=st.sampled_from(FOLDERS), share=st.floats(0, 0.99))
    def a_slice_comes_in_part(self, inside: str, share: float) -> None:
        path, content = self.new_slice(inside)
        path.write_bytes(content[: int(len(content) * share)])
        self.unfinished[path] = content

    @rule(inside=st.sampled_from(FOLDERS))
    def a_slice_comes_under_another_name(self, inside: str) -> None:
        path, content = self.new_slice(inside)
        path.with_suffix(".dcm.part").write_bytes(content[:500])
        self.unfinished[path] = content

    @rule(seconds=st.integers(0, 70), inside=st.sampled_from(FOLDERS))
    def a_slice_will_come(self, seconds: int, inside: str) -> None:
        path, content = self.new_slice(inside)

        def come() -> None:
            path.write_bytes(content)

        self.time.at(seconds, come)

    @rule()
    def parts_are_completed(self) -> None:
        for path, content in self.unfinished.items():
            path.write_bytes(content)
            path.with_suffix(".dcm.part").unlink(missing_ok=True)
        self.unfinished.clear()

    @rule(inside=st.sampled_from(FOLDERS), text=st.text(max_size=5))
    def a_note_is_written(self, inside: str, text: str) -> None:
        (self.root / inside).mkdir(parents=True, exist_ok=True)
        (self.root / inside / "note.txt").write_text(text)

    @rule()
    def restart(self) -> None:
        chosen = plan(self.root, output_dir=self.out)
        state = Path(self.place.name) / "state.json"
        self.watcher = watch(self.root, self.time, state=state, chosen=chosen)
        self.other = watch(self.root, self.time, chosen=chosen)

    @rule()
    def a_pass_goes_by(self) -> None:
        self.watcher.run_pass()
        self.time.wait(INTERVAL_SECONDS)

    @rule()
    def a_pass_of_the_other_goes_by(self) -> None:
        self.other.run_pass()

    @rule(hours=st.floats(0.1, 3))
    def hours_go_by(self, hours: float) -> None:
        self.time.run_for(hours * HOUR, self.watcher)

    @invariant()
    def nothing_is_merged_twice_or_in_part(self) -> None:
        for inside in FOLDERS:
            found = merged_in(self.root / inside)
            assert max(found.values(), default=1) == 1

    def settle(self) -> None:
        self.parts_are_completed()
        self.time.run_for(3 * HOUR, self.watcher)
        copies = 0
        for inside in FOLDERS:
            if slices_in(self.root / inside):
                assert_is_done(self.root / inside)
                copies += len(list((self.root / inside).glob("*_multiframe*.dcm")))
        assert hidden_in(self.root) == []
        assert len(list(self.out.iterdir())) == copies
        merged = {path.read_bytes() for path in self.root.rglob("*_multiframe*.dcm")}
        assert {path.read_bytes() for path in self.out.iterdir()} == merged


TestWatchedTree = WatchedTree.TestCase
TestWatchedTree.settings = settings(max_examples=30, stateful_step_count=25)


class Day:
    """A day in a clinic: patients come all day long, in every way that files come."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.time = SimulatedTime()
        self.random = random.Random(seed)
        self.numbers = 0
        self.folders: set[Path] = set()

    def series(self, count: int, claimed: int = 0) -> list[Dataset]:
        found = []
        for _ in range(count):
            self.numbers += 1
            dataset = numbered(self.numbers, f"series {self.numbers // 100}")
            if claimed:
                dataset.NumberOfSeriesRelatedInstances = claimed
            found.append(dataset)
        return found

    def put(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def plan_patient(self, number: int) -> None:
        """Let a patient's slices come, beginning some time of the day."""
        start = self.random.uniform(0, 18 * HOUR)
        places = [f"p{number}", f"p{number}/s1", f"2026/11/p{number}/ct", ""]
        folder = self.root / self.random.choice(places)
        self.folders.add(folder)
        ways: list[Callable[[Path, float], None]]
        ways = [self.at_once, self.slowly, self.in_bursts, self.cut_first, self.renamed, self.short]
        self.random.choice(ways)(folder, start)
        if self.random.random() < 0.3:
            self.at_once(folder, start + self.random.uniform(60, 5 * HOUR))
        if self.random.random() < 0.2:
            inner = folder / "inner"
            self.folders.add(inner)
            self.at_once(inner, start + self.random.uniform(60, 5 * HOUR))

    def at_once(self, folder: Path, start: float) -> None:
        for dataset in self.series(self.random.randint(1, 5)):
            path = folder / f"{dataset.InstanceNumber:05d}.dcm"
            self.time.at(start, partial(self.put, path, to_bytes(dataset)))

    def slowly(self, folder: Path, start: float) -> None:
        step = self.random.choice([1, 4, 30])
        for index, dataset in enumerate(self.series(4)):
            path, content = folder / f"{dataset.InstanceNumber:05d}.dcm", to_bytes(dataset)
            for part in range(1, 6):
                length = len(content) * part // 5
                moment = start + (index * 5 + part) * step
                self.time.at(moment, partial(self.put, path, content[:length]))

    def in_bursts(self, folder: Path, start: float) -> None:
        for burst in range(3):
            self.at_once(folder, start + burst * self.random.uniform(1, 400))

    def cut_first(self, folder: Path, start: float) -> None:
        (dataset,) = self.series(1)
        path, content = folder / f"{dataset.InstanceNumber:05d}.dcm", to_bytes(dataset)
        self.at_once(folder, start)
        self.time.at(start, partial(self.put, path, content[: self.random.randrange(len(content))]))
        self.time.at(start + self.random.uniform(1, HOUR), partial(self.put, path, content))

    def renamed(self, folder: Path, start: float) -> None:
        for index, dataset in enumerate(self.series(4)):
            path = folder / f"{dataset.InstanceNumber:05d}.dcm"
            part = path.with_name(f".{path.name}.Ab3dE6")
            self.time.at(start + index * 20, partial(self.put, part, to_bytes(dataset)[:700]))
            self.time.at(start + index * 20 + 18, partial(self.put, part, to_bytes(dataset)))
            self.time.at(start + index * 20 + 19, partial(part.rename, path))

    def short(self, folder: Path, start: float) -> None:
        for index, dataset in enumerate(self.series(5, claimed=self.random.choice([5, 9]))):
            path = folder / f"{dataset.InstanceNumber:05d}.dcm"
            moment = start + index * self.random.uniform(1, 900)
            self.time.at(moment, partial(self.put, path, to_bytes(dataset)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_with_patients_all_day_long(tmp_path: Path, seed: int) -> None:
    root, out = tmp_path / "patients", tmp_path / "out"
    root.mkdir()
    out.mkdir()
    day = Day(root, seed)
    for number in range(60):
        day.plan_patient(number)
    chosen = plan(root, output_dir=out)

    left = 24.0
    while left > 0:
        # Watchers are started anew again and again, and a second one comes by.
        watcher = watch(root, day.time, state=tmp_path / "state.json", chosen=chosen)
        hours = min(left, day.random.uniform(0.5, 5))
        day.time.run_for(hours * HOUR, watcher)
        watch(root, day.time, chosen=chosen).run_pass()
        left -= hours
    day.time.run_for(2 * HOUR, watcher)

    for folder in day.folders:
        assert_is_done(folder)
    merged = sorted(path.read_bytes() for path in root.rglob("*_multiframe*.dcm"))
    assert sorted(path.read_bytes() for path in out.iterdir()) == merged
    assert hidden_in(root) == []
    assert hidden_in(out) == []
