"""Alert rules and dashboards are checked; that their metrics exist is proven on a running platform."""

from __future__ import annotations

from pathlib import Path

import pytest
from manifests.__main__ import DEPLOY
from manifests.observability import alert_problems, dashboard_problems, metrics_in, metrics_read

SOUND = """
groups:
  - name: one
    rules:
      - alert: Slow
        expr: %s
        for: 5m
        labels: {severity: page}
        annotations: {summary: slow, runbook: docs/operations.md}
"""


def test_our_files_have_no_problem_and_read_our_metrics() -> None:
    folder = DEPLOY / "observability"
    assert list(alert_problems(folder / "alerts.yaml")) == []
    assert list(dashboard_problems(folder / "dashboard.json")) == []
    assert {"funia_http_seconds_bucket", "funia_outbox_oldest_seconds", "funia_dead_letters"} <= metrics_read(folder)


@pytest.mark.parametrize(
    ("expression", "metrics"),
    [
        ("sum(rate(a_total[5m])) / sum(rate(b_total[5m]))", {"a_total", "b_total"}),
        ("max_over_time(a[1h:5m]) > 3 and on (x) b", {"a", "b"}),
        ("histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))", {"a_bucket"}),
    ],
)
def test_the_metrics_of_an_expression_are_found(expression: str, metrics: set[str]) -> None:
    assert metrics_in(expression) == metrics


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("a > 1", "sum(a"), "not PromQL"),
        (("a > 1", "vector(1)"), "reads no metric"),
        (("severity: page", "severity: loud"), "severity"),
        (("runbook: docs/operations.md", "other: x"), "runbook"),
        (("for: 5m", "keep_firing_for: 5m"), "`for`"),
    ],
)
def test_a_rule_that_cannot_work_is_found(change: tuple[str, str], problem: str, tmp_path: Path) -> None:
    sound = SOUND % "a > 1"
    (tmp_path / "sound.yaml").write_text(sound)
    (tmp_path / "broken.yaml").write_text(sound.replace(*change))
    assert list(alert_problems(tmp_path / "sound.yaml")) == []
    assert any(problem in line for line in alert_problems(tmp_path / "broken.yaml"))
