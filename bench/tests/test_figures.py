"""Figures, their goals, and how runs are kept and compared."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from bench.figure import Figure, Goal, beside, percentile
from bench.results import RUNS_KEPT, keep, previous, table

RATIO_GOAL = Goal("ratio", ">=", 0.5)


def test_the_median_of_the_pairs_counts() -> None:
    figure = beside("get", "requests/s", [(100, 90), (200, 100), (100, 20)], RATIO_GOAL)
    assert (figure.value, figure.floor, figure.ratio, figure.holds) == (90, 100, 0.5, True)


@pytest.mark.parametrize(
    ("goal", "value", "ratio", "holds"),
    [
        (RATIO_GOAL, 1.0, 0.49, False),
        (Goal("value", "<", 60, "ms"), 60.0, 0.1, False),
        (Goal("value", "<", 60, "ms"), 59.9, 9.0, True),
        (Goal("ratio", "<=", 1.5), 1.0, 1.5, True),
        (Goal("ratio", "<=", 1.5), 1.0, None, False),
    ],
)
def test_a_goal_is_held_against_what_it_names(goal: Goal, value: float, ratio: float | None, holds: bool) -> None:
    assert Figure("x", value, "ms", 1.0, ratio, goal).holds is holds


def test_a_figure_without_a_goal_neither_holds_nor_fails() -> None:
    assert Figure("x", 1.0, "s").as_json() == {
        "name": "x",
        "value": 1.0,
        "unit": "s",
        "floor": None,
        "ratio": None,
        "goal": None,
        "holds": None,
    }


def test_percentiles_are_of_the_values_themselves() -> None:
    assert percentile([float(number) for number in range(101)], 99) == 99
    assert percentile([7.0], 95) == 7


def test_a_run_of_some_figures_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    keep([Figure("one", 1.0, "s"), Figure("two", 2.0, "s")], tmp_path)
    keep([Figure("two", 3.0, "s")], tmp_path)
    latest = orjson.loads((tmp_path / "latest.json").read_bytes())
    assert [(figure["name"], figure["value"]) for figure in latest] == [("one", 1.0), ("two", 3.0)]
    assert set(latest[0]) == {"name", "value", "unit", "floor", "ratio", "goal", "holds"}


def test_only_the_newest_runs_are_kept(tmp_path: Path) -> None:
    history = tmp_path / "history"
    history.mkdir()
    for number in range(RUNS_KEPT + 5):
        (history / f"20200101T{number:06d}.json").write_text("[]")
    keep([Figure("one", 1.0, "s")], tmp_path)
    kept = sorted(file.name for file in history.iterdir())
    assert len(kept) == RUNS_KEPT
    assert kept[0] == "20200101T000006.json"


def test_the_table_tells_what_holds_and_what_changed(tmp_path: Path) -> None:
    keep([Figure("get", 50.0, "requests/s", 100.0, 0.5, RATIO_GOAL)], tmp_path)
    line = table([Figure("get", 40.0, "requests/s", 100.0, 0.4, RATIO_GOAL)], previous(tmp_path)).splitlines()[1]
    assert line.split("  ")[-1].strip() == "-20% of ratio"
    assert " NO " in line
