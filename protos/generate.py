"""Generates all code from the contract: messages, stubs, their types, and the comments that the API reference shows.

`--check` generates beside and fails where the committed code differs. Needs nothing but the development environment.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import google.api
import grpc_tools
from google.protobuf import descriptor_pb2
from grpc_tools import protoc

PROTOS = Path(__file__).parent
COMMENTS = Path("funia", "comments.json")
_MESSAGE_FIELD, _MESSAGE_NESTED, _MESSAGE_ENUM = 2, 3, 4
_FILE_MESSAGE, _FILE_ENUM, _FILE_SERVICE = 4, 5, 6
_ENUM_VALUE = _SERVICE_METHOD = 2


def main(arguments: list[str]) -> int:
    """Generate into gen/, or compare with it. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where the code is not up to date")
    if parser.parse_args(arguments).check:
        different = drift(PROTOS / "gen")
        for path in different:
            print(f"not up to date: protos/gen/{path}; run make protos", file=sys.stderr)
        return 1 if different else 0
    with tempfile.TemporaryDirectory() as directory:
        made = Path(directory)
        generate(PROTOS, made)
        target = PROTOS / "gen"
        for path in differences(made, target):
            if (made / path).exists():
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(made / path, target / path)
            else:
                (target / path).unlink()
    return 0


def drift(generated: Path) -> list[Path]:
    """Files under `generated` that are missing, stale or changed."""
    with tempfile.TemporaryDirectory() as directory:
        generate(PROTOS, Path(directory))
        return differences(Path(directory), generated)


def differences(made: Path, target: Path) -> list[Path]:
    """Paths that are not the same in both trees."""
    paths = {*_files(made), *_files(target)}
    same = {path for path in paths if (made / path).exists() and (target / path).exists()}
    return sorted(
        path for path in paths if path not in same or not filecmp.cmp(made / path, target / path, shallow=False)
    )


def generate(source: Path, target: Path) -> None:
    """Generate everything from the protos under `source` into `target`."""
    outputs = [f"--python_out={target}", f"--grpc_python_out={target}"]
    outputs += [f"--mypy_out=quiet:{target}", f"--mypy_grpc_out=quiet:{target}"]
    _protoc(source, outputs)
    with tempfile.TemporaryDirectory() as directory:
        image = Path(directory, "image.binpb")
        write_image(source, image, imports=False)
        files = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes()).file
    comments = dict(sorted(_comments(files)))
    (target / COMMENTS).write_text(json.dumps(comments, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def write_image(source: Path, image: Path, *, imports: bool = True) -> None:
    """The protos under `source` as one descriptor set with comments and positions."""
    options = ["--include_source_info", f"--descriptor_set_out={image}"]
    _protoc(source, [*options, "--include_imports"] if imports else options)


def _protoc(source: Path, options: list[str]) -> None:
    # Plugins are found by PATH; they stand beside the interpreter of the environment.
    os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", "")
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    googleapis = Path(next(iter(google.api.__path__))).parent.parent
    protos = sorted(str(path.relative_to(source)) for path in (source / "funia").rglob("*.proto"))
    if protoc.main(["protoc", f"-I{source}", f"-I{googleapis}", f"-I{well_known}", *options, *protos]):
        raise SystemExit("protoc failed; its message is above")


def _files(root: Path) -> set[Path]:
    return {
        path.relative_to(root)
        for path in root.rglob("*")
        if path.is_file() and path.suffix in (".py", ".pyi", ".json") and "__pycache__" not in path.parts
    }


def _comments(files: Iterable[descriptor_pb2.FileDescriptorProto]) -> Iterator[tuple[str, str]]:
    for file in files:
        for location in file.source_code_info.location:
            text = " ".join(location.leading_comments.split())
            name = _name(file, list(location.path)) if text else None
            if name is not None:
                yield f"{file.package}.{name}", text


def _name(file: descriptor_pb2.FileDescriptorProto, path: list[int]) -> str | None:
    """Name within the package of what a source location speaks of; None for options and the like."""
    kinds: dict[int, Any] = {_FILE_MESSAGE: file.message_type, _FILE_ENUM: file.enum_type, _FILE_SERVICE: file.service}
    if len(path) < 2 or path[0] not in kinds:
        return None
    kind, element = path[0], kinds[path[0]][path[1]]
    names = [element.name]
    rest = path[2:]
    while rest:
        parts = _parts(kind, element, rest[0])
        if parts is None or len(rest) < 2:
            return None
        kind, element = (_FILE_MESSAGE if rest[0] == _MESSAGE_NESTED else 0), parts[rest[1]]
        names.append(element.name)
        rest = rest[2:]
    return ".".join(names)


def _parts(kind: int, element: Any, number: int) -> Any:
    if kind == _FILE_MESSAGE:
        parts = {_MESSAGE_FIELD: "field", _MESSAGE_NESTED: "nested_type", _MESSAGE_ENUM: "enum_type"}.get(number)
        return getattr(element, parts) if parts else None
    if kind == _FILE_ENUM and number == _ENUM_VALUE:
        return element.value
    return element.method if kind == _FILE_SERVICE and number == _SERVICE_METHOD else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
