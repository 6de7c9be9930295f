"""Network policies out of the service graph: nobody may speak to anybody, but for one allow an edge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from manifests.service_graph import INTERNET, Edge, ServiceGraph

GRPC_PORT = 9000
HEALTH_PORT = 9100
HTTP_PORT = 8080
LIVE_PORT = 8081
ENGINE_PORTS = {
    "postgresql": 5432,
    "nats": 4222,
    "opensearch": 9200,
    "clickhouse": 8123,
    "files": 443,
    "smtp": 587,
}
_PORT_OF_PROTOCOL = {"grpc": GRPC_PORT, "http": HTTP_PORT, "live": LIVE_PORT}
_DNS_PORT = 53
_HEADER = "# Written by `make graph` from the service graph. Change the code, not this file.\n"
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")


def policies(graph: ServiceGraph) -> Mapping[str, str]:
    """Files of the component, by name."""
    documents = [_default_deny(), _dns(), _probes()]
    documents += [_policy(workload, graph) for workload in graph.workloads]
    text = _HEADER + "---\n".join(yaml.safe_dump(one, sort_keys=False) for one in documents)
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "resources": ["policies.yaml"],
    }
    return {"policies.yaml": text, "kustomization.yaml": _HEADER + yaml.safe_dump(kustomization, sort_keys=False)}


def _policy(workload: str, graph: ServiceGraph) -> dict[str, Any]:
    ingress = [_rule("from", _end(edge.source), _port(edge)) for edge in graph.edges if edge.target == workload]
    egress = [_rule("to", _end(edge.target), _port(edge)) for edge in graph.edges if edge.source == workload]
    spec: dict[str, Any] = {"podSelector": _pods(workload), "policyTypes": ["Ingress", "Egress"]}
    if ingress:
        spec["ingress"] = ingress
    spec["egress"] = egress
    return _document(workload, spec)


def _port(edge: Edge) -> int:
    if edge.protocol == "https":
        return 443
    return ENGINE_PORTS.get(edge.target) or _PORT_OF_PROTOCOL[edge.protocol]


def _rule(direction: str, ends: list[dict[str, Any]], port: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"ports": [{"protocol": "TCP", "port": port}]}
    return {direction: ends, **rule} if ends else rule


def _end(name: str) -> list[dict[str, Any]]:
    """Whom a rule allows. An engine is told by a label, on its pods here or on the namespace where it lives."""
    if name == INTERNET:
        return [{"ipBlock": {"cidr": "0.0.0.0/0", "except": list(_PRIVATE)}}, {"namespaceSelector": _label("ingress")}]
    if name in ENGINE_PORTS:
        return [{"podSelector": _label(name)}, {"namespaceSelector": _label(name)}]
    return [{"podSelector": _pods(name)}]


def _label(engine: str) -> dict[str, Any]:
    return {"matchLabels": {"funia/engine": engine}}


def _pods(workload: str) -> dict[str, Any]:
    return {"matchLabels": {"app": workload}}


def _default_deny() -> dict[str, Any]:
    return _document("default-deny", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})


def _dns() -> dict[str, Any]:
    ports = [{"protocol": protocol, "port": _DNS_PORT} for protocol in ("UDP", "TCP")]
    resolvers = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]
    return _document(
        "dns", {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": resolvers, "ports": ports}]}
    )


def _probes() -> dict[str, Any]:
    """Prometheus reads metrics. Probes come from the node itself, which policies do not bind."""
    ports = [{"protocol": "TCP", "port": port} for port in (HEALTH_PORT, HTTP_PORT)]
    monitoring = [{"namespaceSelector": _label("monitoring")}]
    return _document(
        "metrics",
        {
            "podSelector": {"matchLabels": {"part-of": "funia"}},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": monitoring, "ports": ports}],
        },
    )


def _document(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": spec,
    }
