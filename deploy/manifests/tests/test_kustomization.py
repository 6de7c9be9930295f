"""Our small builder gives what kustomize gives, and refuses what it does not know."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from manifests.__main__ import DEPLOY, OVERLAYS
from manifests.kustomization import BadKustomization, Manifest, build

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b}\n"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_builder_gives_what_kustomize_gives(overlay: str) -> None:
    tool = shutil.which("kustomize") or shutil.which("kubectl")
    if tool is None:
        pytest.skip("neither kustomize nor kubectl is installed")
    words = [tool, "build"] if tool.endswith("kustomize") else [tool, "kustomize"]
    folder = DEPLOY / "k8s" / "overlays" / overlay
    said = subprocess.run([*words, str(folder)], capture_output=True, text=True, check=True).stdout
    assert _by_name(build(folder)) == _by_name(list(yaml.safe_load_all(said)))


def test_a_field_the_builder_does_not_know_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: []\nhelmCharts: []\n")
    with pytest.raises(BadKustomization, match="helmCharts"):
        build(tmp_path)


def test_a_patch_that_hits_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(CONFIG_MAP)
    patch = "patches:\n- {target: {kind: Secret}, patch: '[{op: add, path: /data/a, value: c}]'}\n"
    (tmp_path / "kustomization.yaml").write_text(f"resources: [one.yaml]\n{patch}")
    with pytest.raises(BadKustomization, match="hits nothing"):
        build(tmp_path)


def test_a_patch_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(CONFIG_MAP)
    patch = "patches:\n- {target: {kind: ConfigMap}, patch: '[{op: replace, path: /data/missing, value: c}]'}\n"
    (tmp_path / "kustomization.yaml").write_text(f"resources: [one.yaml]\n{patch}")
    with pytest.raises(BadKustomization, match="does not fit one"):
        build(tmp_path)


def _by_name(manifests: list[Manifest]) -> dict[tuple[str, str], Manifest]:
    return {(one["kind"], one["metadata"]["name"]): one for one in manifests}
