"""What must hold of alert rules and dashboards: they can be parsed, say what to do, and read metrics there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import yaml

SEVERITIES = ("page", "ticket")
FOREIGN = frozenset({"up"})
"""Metrics that Prometheus makes itself."""


def alert_problems(file: Path) -> Iterator[str]:
    """Everything wrong with a file of rules, a line each."""
    for rule in _rules(file):
        name = rule.get("alert", "?")
        for problem in _unreadable(rule.get("expr", "")):
            yield f"{file.name}: {name}: {problem}"
        if rule.get("labels", {}).get("severity") not in SEVERITIES:
            yield f"{file.name}: {name}: severity is none of {', '.join(SEVERITIES)}"
        if not {"summary", "runbook"} <= set(rule.get("annotations", {})):
            yield f"{file.name}: {name}: it must say what is wrong (summary) and where to read on (runbook)"
        if "for" not in rule:
            yield f"{file.name}: {name}: without `for` one odd moment wakes somebody"


def dashboard_problems(file: Path) -> Iterator[str]:
    """Everything wrong with a dashboard, a line each."""
    for title, expression in _panels(file):
        for problem in _unreadable(expression):
            yield f"{file.name}: {title}: {problem}"


def metrics_read(folder: Path) -> set[str]:
    """Every metric that alerts and dashboards of the folder read."""
    expressions = [rule["expr"] for rule in _rules(folder / "alerts.yaml")]
    for dashboard in sorted(folder.glob("*.json")):
        expressions += [expression for _, expression in _panels(dashboard)]
    return set().union(*map(metrics_in, expressions)) - FOREIGN


def metrics_in(expression: str) -> set[str]:
    """Names of the metrics a PromQL expression reads. Raises ValueError where it cannot be parsed."""
    found: set[str] = set()

    def visit(node: promql_parser.Expr) -> bool:
        if isinstance(node, promql_parser.MatrixSelector):
            node = node.vector_selector
        if isinstance(node, promql_parser.VectorSelector) and node.name:
            found.add(node.name)
        return True

    promql_parser.walk(promql_parser.parse(expression), visit)
    return found


def _unreadable(expression: str) -> Iterator[str]:
    try:
        if not metrics_in(expression):
            yield "it reads no metric"
    except ValueError as error:
        yield f"not PromQL: {error}"


def _rules(file: Path) -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
        yield from group["rules"]


def _panels(file: Path) -> Iterator[tuple[str, str]]:
    for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
