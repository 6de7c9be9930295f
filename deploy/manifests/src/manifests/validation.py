"""What must hold of the deployment files: valid by Kubernetes' own schemas, hardened, and true to the service graph."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kubernetes_validate.utils import InvalidSchemaError, ValidationError, validate

from manifests.kustomization import Manifest
from manifests.service_graph import ServiceGraph

_VERSION = "1.37"
_RUNNING = ("Deployment", "Job")


def problems_of(manifests: Sequence[Manifest], graph: ServiceGraph) -> Iterator[str]:
    """Everything wrong with one overlay, a line each."""
    seen: set[tuple[str, str]] = set()
    for manifest in manifests:
        kind, name = manifest["kind"], manifest["metadata"]["name"]
        if (kind, name) in seen:
            yield f"{kind} {name} is there twice"
        seen.add((kind, name))
        try:
            validate(manifest, _VERSION, strict=True)
        except (ValidationError, InvalidSchemaError) as error:
            yield f"{kind} {name}: {error.message}"
    ours = [one for one in manifests if one["kind"] in _RUNNING and _labels(one).get("part-of") == "funia"]
    for manifest in ours:
        for problem in _unhardened(manifest):
            yield f"{manifest['metadata']['name']}: {problem}"
    names = {one["metadata"]["name"] for one in ours} - {"databases"}
    for name in sorted(set(graph.workloads) - names):
        yield f"{name} is in the service graph, and nothing deploys it"
    for name in sorted(names - set(graph.workloads)):
        yield f"{name} is deployed, and the service graph does not know it"


def _unhardened(manifest: Manifest) -> Iterator[str]:
    pod = manifest["spec"]["template"]["spec"]
    security = pod.get("securityContext", {})
    if security.get("runAsNonRoot") is not True:
        yield "may run as root"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "gets a token for the cluster, which it does not need"
    for container in pod["containers"]:
        yield from _unhardened_container(container, endless=manifest["kind"] == "Deployment")


def _unhardened_container(container: Mapping[str, Any], *, endless: bool) -> Iterator[str]:
    security = container.get("securityContext", {})
    if security.get("readOnlyRootFilesystem") is not True:
        yield "may write to its root"
    if security.get("allowPrivilegeEscalation") is not False or security.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps privileges"
    resources = container.get("resources", {})
    if "memory" not in resources.get("limits", {}) or {"cpu", "memory"} - set(resources.get("requests", {})):
        yield "names no memory limit, or no requests"
    if endless and {"livenessProbe", "readinessProbe"} - set(container):
        yield "has no probes"
    for variable in container.get("env", ()):
        if "value" in variable and any(
            word in variable["name"] for word in ("SECRET", "DATABASE_URL", "PASSWORD", "PLACEMENTS")
        ):
            yield f"{variable['name']} stands in clear; refer to a secret"


def _labels(manifest: Manifest) -> Mapping[str, str]:
    labels: Mapping[str, str] = manifest["metadata"].get("labels", {})
    return labels


def lint_dockerfile(file: Path) -> list[str]:
    """What hadolint says of it."""
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, "--no-color", file], capture_output=True, text=True, check=False)
    return [line for line in (done.stdout + done.stderr).splitlines() if line]
