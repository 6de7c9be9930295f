"""Builds a kustomization as `kustomize build` does, for the few fields our files use; refuses every other field.

It exists to validate without the tool, which no Python index carries. A test compares the two where the tool is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonpatch
import yaml

Manifest = dict[str, Any]
_FIELDS = frozenset({"apiVersion", "kind", "namespace", "resources", "components", "patches", "images"})
_CLUSTER_WIDE = frozenset({"Namespace", "ClusterRole", "ClusterRoleBinding"})


class BadKustomization(Exception):
    """A kustomization asks for what is not there, or for what this builder does not know."""


def build(folder: Path) -> list[Manifest]:
    """Every manifest of the kustomization in `folder`, patched. Raises BadKustomization naming the file."""
    return _apply(folder, [])


def _apply(folder: Path, manifests: list[Manifest]) -> list[Manifest]:
    """The manifests so far, with those of this kustomization, after its components and patches."""
    file = folder / "kustomization.yaml"
    if not file.is_file():
        raise BadKustomization(f"{folder}: there is no kustomization.yaml")
    wanted = yaml.safe_load(file.read_text(encoding="utf-8"))
    unknown = set(wanted) - _FIELDS
    if unknown:
        raise BadKustomization(
            f"{file}: {', '.join(sorted(unknown))} is not known here; add it to {Path(__file__).name}"
        )
    manifests = [*manifests, *(one for entry in wanted.get("resources", ()) for one in _resources(folder / entry))]
    for component in wanted.get("components", ()):
        manifests = _apply(folder / component, manifests)
    for patch in wanted.get("patches", ()):
        _patch(file, patch, manifests)
    for manifest in manifests:
        if "namespace" in wanted and manifest["kind"] not in _CLUSTER_WIDE:
            manifest["metadata"]["namespace"] = wanted["namespace"]
        for image in wanted.get("images", ()):
            _set_image(manifest, image)
    return manifests


def _resources(path: Path) -> Iterator[Manifest]:
    if path.is_dir():
        yield from build(path)
    elif path.is_file():
        yield from read_manifests(path)
    else:
        raise BadKustomization(f"{path} is named as a resource and not there")


def read_manifests(file: Path) -> Iterator[Manifest]:
    """The documents of one file."""
    for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
        if document:
            yield document


def _patch(file: Path, patch: Mapping[str, Any], manifests: list[Manifest]) -> None:
    if ".." in Path(patch.get("path", "")).parts:
        raise BadKustomization(f"{file}: kustomize reads no patch from outside of the folder: {patch['path']}")
    text = patch["patch"] if "patch" in patch else (file.parent / patch["path"]).read_text(encoding="utf-8")
    operations = yaml.safe_load(text)
    if not isinstance(operations, list) or "target" not in patch:
        raise BadKustomization(f"{file}: write patches as JSON 6902 operations with a target")
    hit = [index for index, manifest in enumerate(manifests) if _matches(manifest, patch["target"])]
    if not hit:
        raise BadKustomization(f"{file}: a patch hits nothing: {patch['target']}")
    for index in hit:
        try:
            manifests[index] = jsonpatch.apply_patch(manifests[index], deepcopy(operations))
        except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
            name = manifests[index]["metadata"]["name"]
            raise BadKustomization(f"{file}: a patch does not fit {name}: {error}") from error


def _matches(manifest: Manifest, target: Mapping[str, str]) -> bool:
    if set(target) - {"kind", "name", "labelSelector"}:
        raise BadKustomization(f"targets by kind, name and labelSelector only: {dict(target)}")
    metadata = manifest["metadata"]
    labels = metadata.get("labels", {})
    selector = target.get("labelSelector", "")
    return (
        re.fullmatch(target.get("kind", ".*"), manifest["kind"]) is not None
        and re.fullmatch(target.get("name", ".*"), metadata["name"]) is not None
        and all(labels.get(name) == value for name, _, value in (part.partition("=") for part in _parts(selector)))
    )


def _parts(selector: str) -> Iterable[str]:
    return [part.strip() for part in selector.split(",") if part.strip()]


def _set_image(value: object, image: Mapping[str, str]) -> None:
    """Replaces name and tag of an image wherever containers name it."""
    if isinstance(value, list):
        for one in value:
            _set_image(one, image)
    elif isinstance(value, dict):
        name, _, tag = str(value.get("image", "")).partition(":")
        if name == image["name"]:
            value["image"] = f"{image.get('newName', name)}:{image.get('newTag', tag)}"
        for one in value.values():
            _set_image(one, image)
