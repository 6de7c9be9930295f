"""Types of Python for schemas: dataclasses for what is answered, typed dictionaries for what is sent."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from sdkgen.naming import identifier

Schema = Mapping[str, Any]
_REFERENCE = "#/components/schemas/"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_EMPTY = {"str": '""', "int": "0", "float": "0.0", "bool": "False"}
_WIDTH = 110


class TypeBook:
    """Collects every schema that a side of the API uses; inline objects get the name of their place."""

    def __init__(self, schemas: Mapping[str, Schema], *, sent: bool) -> None:
        self.used: dict[str, Schema] = {}
        self._schemas = schemas
        self._sent = sent

    def type_of(self, schema: Schema, place: str, *, module: str = "") -> str:
        """The type's expression. `place` names an inline object; `module` is put before names of models."""
        if "$ref" in schema:
            name = str(schema["$ref"]).removeprefix(_REFERENCE)
            self._use(name, self._schemas[name])
            return f"{module}{name}"
        if schema.get("enum") and self._sent:
            return f"Literal[{', '.join(repr(one) for one in schema['enum'])}]"
        kind = schema.get("type")
        if kind == "string" and schema.get("format") == "date-time":
            return "datetime | str" if self._sent else "datetime"
        if kind == "string" and schema.get("format") == "binary":
            return "bytes"
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind == "array":
            return f"list[{self.type_of(schema['items'], place, module=module)}]"
        if kind == "object" and "properties" in schema:
            self._use(place, schema)
            return f"{module}{place}"
        if kind == "object":
            inner = schema.get("additionalProperties")
            value = self.type_of(inner, place, module=module) if isinstance(inner, Mapping) else "Any"
            return f"{'Mapping' if self._sent else 'dict'}[str, {value}]"
        return "Any"

    def _use(self, name: str, schema: Schema) -> None:
        if name not in self.used:
            self.used[name] = schema
            for field, one in schema.get("properties", {}).items():
                self.type_of(one, name + _camel(field))

    def models(self) -> Iterator[str]:
        """A dataclass each."""
        for name, schema in sorted(self.used.items()):
            yield "@dataclass(frozen=True, slots=True, kw_only=True)"
            yield f"class {name}:"
            yield from indented(documented(str(schema.get("description", "")) or name))
            required = schema.get("required", ())
            for field, one in schema.get("properties", {}).items():
                yield from indented(self._model_field(name, field, one, required=field in required))
            yield ""

    def inputs(self) -> Iterator[str]:
        """A typed dictionary each."""
        for name, schema in sorted(self.used.items()):
            yield f"class {name}(TypedDict, total=False):"
            yield from indented(documented(str(schema.get("description", "")) or name))
            required = schema.get("required", ())
            for field, one in schema.get("properties", {}).items():
                kind = self.type_of(one, name + _camel(field))
                yield f"    {field}: {f'Required[{kind}]' if field in required else f'{kind} | None'}"
                yield from indented(documented(about(one)))
            yield ""

    def _model_field(self, model: str, field: str, schema: Schema, *, required: bool) -> Iterator[str]:
        kind = self.type_of(schema, model + _camel(field))
        name = identifier(field)
        options = [] if name == field else [f'metadata={{"name": "{field}"}}']
        if kind == "Any":
            options.append("default=None")
        elif kind.startswith("dict["):
            options.append("default_factory=dict")
        elif not required:
            kind = f"{kind} | None"
            options.append("default=None")
        elif kind.startswith("list["):
            options.append("default_factory=list")
        elif kind in _EMPTY:
            options.append(f"default={_EMPTY[kind]}")
        elif kind != "datetime":
            options.append(f"default_factory=lambda: {kind}()")
        alone = len(options) == 1 and options[0].startswith("default=")
        default = options[0].removeprefix("default=") if alone else f"_field({', '.join(options)})"
        yield f"{name}: {kind}" + (f" = {default}" if options else "")
        yield from documented(about(schema))


def about(schema: Schema) -> str:
    """What there is to say of a field."""
    text = str(schema.get("description", ""))
    return f"{text} Deprecated." if schema.get("deprecated") and "eprecated" not in text else text


def documented(text: str, *, more: tuple[str, ...] = ()) -> Iterator[str]:
    """A docstring; nothing where there are no words."""
    if not text:
        return
    lines = [*textwrap.wrap(safe(text), _WIDTH - 6, break_on_hyphens=False), *([""] if more else []), *more]
    if len(lines) == 1:
        yield f'"""{lines[0]}"""'
        return
    yield f'"""{lines[0]}'
    yield from lines[1:]
    yield '"""'


def safe(text: str) -> str:
    """A text that can stand in a docstring."""
    clean = text.replace("\\", "\\\\").replace('"""', "'''")
    return f"{clean} " if clean.endswith('"') else clean


def indented(lines: Iterator[str], by: int = 4) -> Iterator[str]:
    """The lines, further in."""
    for line in lines:
        yield " " * by + line if line else ""


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
