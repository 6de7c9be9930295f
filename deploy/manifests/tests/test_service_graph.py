"""The graph tells what the code does, and network policies allow exactly that."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from manifests.network_policies import policies
from manifests.service_graph import Edge, ServiceGraph, _addresses_read


def test_the_graph_knows_the_public_door_and_what_is_behind_it(graph: ServiceGraph) -> None:
    for service in ("contacts", "sales", "marketing", "support", "analytics"):
        assert Edge("gateway-serve", f"{service}-serve", "grpc") in graph.edges
        assert Edge(f"{service}-serve", "gateway-serve", "http") in graph.edges
        assert Edge(f"{service}-work", "nats", "bus") in graph.edges
        assert Edge(f"{service}-migrate", "postgresql", "sql") in graph.edges
    assert Edge("gateway-serve", "gateway-work", "grpc") in graph.edges
    assert Edge("contacts-serve", "opensearch", "http") in graph.edges
    assert Edge("analytics-work", "clickhouse", "http") in graph.edges


def test_the_graph_knows_who_consumes_whose_stream(graph: ServiceGraph) -> None:
    found = {(one.consumer, one.stream) for one in graph.consumptions}
    assert ("sales-customers", "contacts") in found
    assert ("contacts-tenants", "identity") in found
    assert {("analytics-identity", "identity"), ("analytics-contacts", "contacts")} <= found


def test_no_service_reaches_an_engine_that_is_not_its_own(graph: ServiceGraph) -> None:
    assert {edge.source for edge in graph.edges if edge.target == "opensearch"} == {"contacts-serve", "contacts-work"}
    columnar = {edge.source for edge in graph.edges if edge.target == "clickhouse"}
    assert columnar == {"analytics-serve", "analytics-work", "analytics-migrate"}


@pytest.mark.parametrize(
    ("code", "services"),
    [
        ("channel(settings.sales_address)", {"sales"}),
        ("for name in ('contacts', 'support'):\n    getattr(settings, f'{name}_address')", {"contacts", "support"}),
        ("def f(contact_address): return contact_address", set()),
        ("names = ('contacts', 'support')", set()),
    ],
)
def test_an_address_that_is_read_is_an_edge(code: str, services: set[str], tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(code)
    assert _addresses_read(tmp_path / "module.py") == services


def test_policies_allow_every_edge_between_our_workloads_and_nothing_else(graph: ServiceGraph) -> None:
    documents = list(yaml.safe_load_all(policies(graph)["policies.yaml"]))
    named = {one["metadata"]["name"]: one["spec"] for one in documents}
    edges = {(edge.source, edge.target) for edge in graph.edges}
    for source, target in itertools.product(graph.workloads, graph.workloads):
        if source != target:
            is_edge = (source, target) in edges
            assert _allows(named[source].get("egress", []), "to", target) == is_edge, (source, target)
            assert _allows(named[target].get("ingress", []), "from", source) == is_edge, (source, target)


def test_what_no_policy_names_is_denied(graph: ServiceGraph) -> None:
    documents = list(yaml.safe_load_all(policies(graph)["policies.yaml"]))
    [deny] = [one["spec"] for one in documents if one["metadata"]["name"] == "default-deny"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for one in documents:
        for rule in (*one["spec"].get("ingress", ()), *one["spec"].get("egress", ())):
            assert rule.get("from") or rule.get("to"), f"{one['metadata']['name']} allows everybody"
            assert rule["ports"]


def _allows(rules: list[dict[str, Any]], direction: str, workload: str) -> bool:
    return any({"podSelector": {"matchLabels": {"app": workload}}} in rule[direction] for rule in rules)
