"""Puts the generated package together, formats it, and writes it or compares it with what is committed."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sdkgen.methods import Api, Method, module_of
from sdkgen.naming import class_name

_HEAD = (
    '"""{about} Written by `make sdk` from the OpenAPI document; do not edit."""\n\n'
    "from __future__ import annotations\n"
)


def sources(document: Mapping[str, Any]) -> dict[str, str]:
    """Files of `funia_sdk.generated` by name, formatted."""
    api = Api(document)
    texts = {one["name"]: one.get("description", "") for one in document.get("tags", ())}
    modules = {group: list(module_of(group, methods, _about(methods, texts))) for group, methods in api.groups.items()}
    files = {
        "__init__": '"""What the OpenAPI document says, as Python. Written by `make sdk`; do not edit."""\n',
        "models": _models(api),
        "inputs": _inputs(api),
        "resources": _resources(api),
        **{group: _resource_module(group, lines) for group, lines in modules.items()},
    }
    return {f"{name}.py": _formatted(text) for name, text in sorted(files.items())}


def write(document: Mapping[str, Any], folder: Path) -> None:
    """Makes the folder hold exactly the generated files."""
    made = sources(document)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        target = folder / name
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")


def drift(document: Mapping[str, Any], folder: Path) -> list[str]:
    """Names of files that are missing, stale or changed."""
    made = sources(document)
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    return sorted(name for name in {*made, *found} if made.get(name) != found.get(name))


def _about(methods: Iterable[Method], texts: Mapping[str, str]) -> str:
    for method in methods:
        for tag in method.operation.get("tags", ()):
            if texts.get(tag):
                return texts[tag]
    return ""


def _models(api: Api) -> str:
    lines = "\n".join(api.models.models())
    head = _HEAD.format(about="What the API answers, as dataclasses.")
    imports = "from dataclasses import dataclass\nfrom dataclasses import field as _field\n"
    return f"{head}\n{imports}from datetime import datetime\nfrom typing import Any\n\n{lines}"


def _inputs(api: Api) -> str:
    lines = "\n".join(api.inputs.inputs())
    head = _HEAD.format(about="What the API takes, as dictionaries with known keys; None empties a field.")
    return (
        f"{head}\nfrom collections.abc import Mapping\nfrom datetime import datetime\n"
        f"from typing import Any, Literal, Required, TypedDict\n\n{lines}"
    )


def _resources(api: Api) -> str:
    imports = "\n".join(f"from funia_sdk.generated.{one} import {class_name(one)}" for one in sorted(api.groups))
    fields = "\n".join(f"        self.{one} = {class_name(one)}(transport)" for one in sorted(api.groups))
    head = _HEAD.format(about="Every resource of the API.")
    return (
        f"{head}\n{imports}\nfrom funia_sdk.transport import Transport\n\n\nclass Resources:\n"
        f'    """The resources, by name."""\n\n    def __init__(self, transport: Transport) -> None:\n{fields}\n'
    )


_IMPORTS = (
    ("builtins.", "import builtins"),
    ("Iterable[", "from collections.abc import Iterable"),
    ("Iterator[", "from collections.abc import Iterator"),
    ("Mapping[", "from collections.abc import Mapping"),
    ("Sequence[", "from collections.abc import Sequence"),
    ("datetime |", "from datetime import datetime"),
    ("Any", "from typing import Any"),
    ("Literal[", "from typing import Literal"),
    ("@deprecated(", "from typing_extensions import deprecated"),
    ("Outcome[", "from funia_sdk.batching import ITEMS_MAX, Outcome, in_batches"),
    ("Download", "from funia_sdk.files import Download"),
    ("inputs.", "from funia_sdk.generated import inputs"),
    ("models.", "from funia_sdk.generated import models"),
    ("Pages[", "from funia_sdk.paging import Pages"),
)


def _resource_module(group: str, lines: list[str]) -> str:
    code = "\n".join(lines)
    imports = [line for mark, line in _IMPORTS if mark in code]
    names = ["Operation", "Sent", "Transport", *(["given"] if "given(" in code else [])]
    imports.append(f"from funia_sdk.transport import {', '.join(names)}")
    head = _HEAD.format(about=f"Methods of {group.replace('_', ' ')}.")
    return f"{head}\n{textwrap.dedent(chr(10).join(imports))}\n\n{code}\n"


def _formatted(text: str) -> str:
    """By ruff, whose version the lock fixes."""
    ruff = shutil.which("ruff", path=sysconfig.get_path("scripts")) or "ruff"
    for step in (("check", "--quiet", "--select", "I", "--fix"), ("format", "--quiet")):
        command = [ruff, *step, "--isolated", "--line-length", "120", "--target-version", "py311", "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return text
