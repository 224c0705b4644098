"""Contests measure whole processes and judge ratios, not times."""

import sys
from pathlib import Path

import pytest

from benchmarks.contest import Budget, Contest, Contestant, Run, Verdict, judge, run_once, table


def python(code: str, output: Path | None = None) -> Contestant:
    return Contestant("ours", (sys.executable, "-c", code), output)


def test_run_measures_memory_and_processor_time() -> None:
    run = run_once(python("x = bytearray(64 << 20); y = sum(range(10**6))"))

    assert run.peak_mb > 64
    assert run.cpu_seconds > 0


def test_printed_seconds_are_taken_instead_of_the_clock() -> None:
    assert run_once(python("print('seconds 1234.5')")).seconds == 1234.5


def test_output_of_the_last_run_is_removed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").touch()

    run_once(python(f"import os; os.mkdir({str(tmp_path / 'out')!r})", tmp_path / "out"))

    assert list((tmp_path / "out").iterdir()) == []


def test_failing_contestant_is_an_error_with_its_own_words() -> None:
    with pytest.raises(RuntimeError, match=r"ours ended with 3: why"):
        run_once(python("print('why'); raise SystemExit(3)"))


def test_budget_compares_with_the_peer() -> None:
    contest = Contest(
        "job",
        (python("pass"), Contestant("peer", ("true",))),
        (Budget("cpu_seconds", 0.25, "peer"), Budget("peak_mb", 100), Budget("seconds", 0.1)),
    )
    medians = {"ours": Run(1.0, 1.0, 90.0), "peer": Run(1.0, 3.0, 800.0)}

    verdicts = judge(contest, medians)

    assert [(verdict.is_kept, verdict.is_binding) for verdict in verdicts] == [
        (False, True),
        (True, True),
        (False, False),
    ]
    assert str(verdicts[0]) == "  cpu_seconds: 0.333 x peer, at most 0.25: OVER"
    assert table(contest, medians)[1].split() == ["ours", "1.000", "1.000", "90"]


def test_an_aim_is_shown_and_never_broken() -> None:
    aim = Budget("seconds", 2, "peer", is_aim=True)
    contest = Contest("job", (python("pass"), Contestant("peer", ("true",))), (aim,))
    medians = {"ours": Run(3.0, 1.0, 9.0), "peer": Run(1.0, 1.0, 9.0)}

    (verdict,) = judge(contest, medians)

    assert (verdict.is_kept, verdict.is_binding) == (False, False)
    assert str(verdict) == "  seconds: 3 x peer, at most 2: missed (an aim)"
    assert verdict.to_json()["value"] == 3.0


def test_verdict_on_the_edge_is_kept() -> None:
    assert Verdict(Budget("peak_mb", 100), 100.0).is_kept
