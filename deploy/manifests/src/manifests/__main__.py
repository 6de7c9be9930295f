"""``python -m manifests write | check``: the service graph and the deployment files, written anew or checked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from manifests.kustomization import BadKustomization, build
from manifests.network_policies import policies
from manifests.observability import alert_problems, dashboard_problems
from manifests.service_graph import ServiceGraph, read_graph
from manifests.validation import lint_dockerfile, problems_of

ROOT = Path(__file__).resolve().parents[4]
DEPLOY = ROOT / "deploy"
OVERLAYS = ("local", "production")


def generated(graph: ServiceGraph) -> Mapping[Path, str]:
    """Files that follow from the graph, and what they must hold."""
    component = DEPLOY / "k8s" / "components" / "network-policies"
    return {
        ROOT / "docs" / "service-graph.txt": graph.text(),
        **{component / name: text for name, text in policies(graph).items()},
    }


def problems(graph: ServiceGraph) -> Iterator[str]:
    """Everything wrong with the deployment files, a line each."""
    for file, text in generated(graph).items():
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            yield f"{file.relative_to(ROOT)} is not what the code says; run `make graph`"
    for overlay in OVERLAYS:
        try:
            manifests = build(DEPLOY / "k8s" / "overlays" / overlay)
        except BadKustomization as error:
            yield str(error)
            continue
        for problem in problems_of(manifests, graph):
            yield f"overlays/{overlay}: {problem}"
    yield from lint_dockerfile(DEPLOY / "images" / "Dockerfile")
    yield from alert_problems(DEPLOY / "observability" / "alerts.yaml")
    for dashboard in sorted((DEPLOY / "observability").glob("*.json")):
        yield from dashboard_problems(dashboard)


def main(arguments: list[str]) -> int:
    """Runs the command; returns the exit code."""
    if arguments == ["write"]:
        for file, text in generated(read_graph()).items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return 0
    if arguments == ["check"]:
        found = list(problems(read_graph()))
        for problem in found:
            sys.stderr.write(f"{problem}\n")
        return 1 if found else 0
    sys.stderr.write("usage: python -m manifests write | check\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
