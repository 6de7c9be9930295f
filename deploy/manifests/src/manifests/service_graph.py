"""Who speaks to whom, read from the code: channels, subscriptions, settings and imports of every service.

It runs nothing of the platform: services are built as their process would build them, and thrown away.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import grimp
from chassis.process import Service

SERVICES = ("contacts", "sales", "marketing", "support", "analytics")
IDENTITY = "identity"
INTERNET = "internet"
_SECRET = "c2VydmljZS1ncmFwaC1zZXJ2aWNlLWdyYXBoLTAwMDA"
_SETTINGS_OF_ENGINES = {
    "opensearch_url": "opensearch",
    "clickhouse_url": "clickhouse",
    "smtp_url": "smtp",
    "smtp_host": "smtp",
    "mail_url": "smtp",
}
_OUTSIDE_CLIENTS = ("httpx", "urllib3", "requests", "aiohttp")
_HANDED_TO_SERVICERS = ("cards",)
"""Adapters behind ports, which `app` hands to servicers that do not import them."""
_BUS = "chassis.streams"
_FILES = "chassis.files"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One workload speaks to another, or to an engine."""

    source: str
    target: str
    protocol: str


@dataclass(frozen=True, slots=True, order=True)
class Consumption:
    """A durable consumer of a service's stream."""

    consumer: str
    stream: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceGraph:
    """Every edge of the platform. Workloads are called ``contacts-serve``, ``gateway-work``, ``sales-migrate``."""

    edges: tuple[Edge, ...]
    consumptions: tuple[Consumption, ...]

    @property
    def workloads(self) -> tuple[str, ...]:
        """Everything of ours that runs, in order."""
        return tuple(sorted({edge.source for edge in self.edges} - {INTERNET}))

    def text(self) -> str:
        """The graph for people and for comparison; sorted, so that a change shows as one line."""
        lines = ["# Who speaks to whom. Written by `make graph` from the code; `make check` refuses a stale one.", ""]
        width = max(len(edge.source) for edge in self.edges)
        lines += [f"{edge.source:<{width}} -> {edge.target:<{width}} {edge.protocol}" for edge in self.edges]
        lines += ["", "# Who consumes whose stream.", ""]
        width = max(len(one.consumer) for one in self.consumptions)
        lines += [f"{one.consumer:<{width}} <- {one.stream}: {', '.join(one.subjects)}" for one in self.consumptions]
        return "\n".join(lines) + "\n"


def read_graph() -> ServiceGraph:
    """The graph of the installed code. Takes some seconds: it reads every import."""
    imports = grimp.build_graph("chassis", "customer_projection", "gateway", *SERVICES, include_external_packages=True)
    edges: set[Edge] = set()
    consumptions: list[Consumption] = []
    for service in _built():
        package = "gateway" if service.name == IDENTITY else service.name
        consumptions += [
            Consumption(one.name, one.service, tuple(sorted(one.subjects))) for one in service.subscriptions
        ]
        engines = {engine for name, engine in _SETTINGS_OF_ENGINES.items() if hasattr(service.settings, name)}
        edges |= set(_edges(_Package(package, imports), engines))
    edges |= {Edge(INTERNET, "gateway-serve", "http"), Edge(INTERNET, "gateway-work", "live")}
    return ServiceGraph(tuple(sorted(edges)), tuple(sorted(consumptions)))


class _Package:
    """One service's package and what its two kinds of process import."""

    def __init__(self, name: str, imports: grimp.ImportGraph) -> None:
        self.name = name
        self._imports = imports
        self._files = dict(_modules(name))
        everything = set(self._files)
        served = (f"{name}.servicers", *(f"{name}.{folder}" for folder in _HANDED_TO_SERVICERS))
        roots = {"gateway.wsgi"} if name == "gateway" else {one for one in everything if one.startswith(served)}
        # What only the worker imports, a server never runs. `app` builds both, so it says nothing about either.
        self.served = self._reached(roots)
        # A transport of our own opens TLS itself; mail does so too, and has an edge of its own.
        self.speaking_tls = {
            module
            for module in imports.find_modules_that_directly_import("ssl")
            if module.startswith(f"{name}.") and "smtplib" not in imports.find_modules_directly_imported_by(module)
        }
        self.connecting = {
            module
            for module in imports.find_modules_that_directly_import(_BUS)
            if any(
                "connect" in one["line_contents"] for one in imports.get_import_details(importer=module, imported=_BUS)
            )
        }
        self.worked = self._reached({"gateway.worker"}) if name == "gateway" else everything | self._reached(everything)

    def _reached(self, roots: Iterable[str]) -> set[str]:
        reached = set(roots)
        for root in roots:
            reached |= self._imports.find_upstream_modules(root)
        return reached

    def of(self, process: str) -> set[str]:
        """Modules that process may run."""
        return self.served if process == "serve" else self.worked

    def called(self, process: str) -> set[str]:
        """Services whose address the modules of a process read."""
        found: set[str] = set()
        for module in self.of(process) & set(self._files):
            found |= _addresses_read(self._files[module])
        return found


def _edges(package: _Package, engines: set[str]) -> Iterator[Edge]:
    for process in ("serve", "work"):
        source = f"{package.name}-{process}"
        modules = package.of(process)
        yield Edge(source, "postgresql", "sql")
        if process == "work" or package.connecting & modules:
            yield Edge(source, "nats", "bus")
        for engine in engines - {"smtp"}:
            yield Edge(source, engine, "http")
        if "smtp" in engines and "smtplib" in modules:
            yield Edge(source, "smtp", "smtp")
        if _FILES in modules:
            yield Edge(source, "files", "s3")
        if any(client in modules for client in _OUTSIDE_CLIENTS) or package.speaking_tls & modules:
            yield Edge(source, INTERNET, "https")
        for service in package.called(process):
            yield Edge(source, _grpc_workload(service), "grpc")
        if package.name != "gateway" and process == "serve":
            yield Edge(source, "gateway-serve", "http")  # the keys that tokens are verified with
    yield Edge(f"{package.name}-migrate", "postgresql", "sql")
    if "clickhouse" in engines:
        yield Edge(f"{package.name}-migrate", "clickhouse", "http")


def _grpc_workload(service: str) -> str:
    return "gateway-work" if service == IDENTITY else f"{service}-serve"


def _built() -> Iterator[Service]:
    """Each service as its worker builds it, in an environment of its own."""
    kept = dict(os.environ)
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"FUNIA_SECRET": _SECRET, "FUNIA_STATE_DIR": state}
        try:
            for name in SERVICES:
                build = importlib.import_module(f"{name}.app").build
                yield _closed(build("work") if name == "analytics" else build())
            yield _closed(importlib.import_module("gateway.worker").build_service())
        finally:
            os.environ.clear()
            os.environ.update(kept)


def _closed(service: Service) -> Service:
    for close in service.closing:
        close()
    service.database.close()
    return service


def _modules(package: str) -> Iterator[tuple[str, Path]]:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    root = Path(spec.submodule_search_locations[0])
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root.parent).with_suffix("").parts
        if "migrations" not in parts:
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


def _addresses_read(file: Path) -> set[str]:
    """Services whose ``<name>_address`` setting a module reads, by name or, over a list of services, one by one."""
    names = (*SERVICES, IDENTITY)
    tree = ast.parse(file.read_text(encoding="utf-8"))
    read = {node.attr.removesuffix("_address") for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = read & {name for name in names if any(_is_address(node, name) for node in ast.walk(tree))}
    if any(isinstance(node, ast.JoinedStr) and ast.unparse(node).endswith("_address'") for node in ast.walk(tree)):
        found |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in names}
    return found


def _is_address(node: ast.AST, service: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == f"{service}_address"
