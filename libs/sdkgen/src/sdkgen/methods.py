"""A module of Python for each resource: a class with a typed method for every operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sdkgen.naming import class_name, full_name, group_of, identifier, method_name, snake
from sdkgen.schemas import Schema, TypeBook, about, documented, indented, safe

_OWN = ("idempotency_key", "if_match", "timeout_s", "content", "content_type", "items_max", "page_token")
_STREAM = "text/event-stream"
_JSON = "application/json"
_FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a method."""

    name: str
    kind: str
    text: str
    wire: str = ""
    required: bool = False

    def declared(self) -> str:
        """As it stands in the method's head."""
        return f"{self.name}: {self.kind}" if self.required else f"{self.name}: {self.kind} | None = None"


@dataclass(slots=True)
class Method:
    """One operation, ready to be written."""

    name: str
    verb: str
    path: str
    operation: Mapping[str, Any]
    in_path: list[Argument] = field(default_factory=list)
    query: list[Argument] = field(default_factory=list)
    body: str = ""
    """Type of a body that is given whole."""
    fields: list[Argument] = field(default_factory=list)
    """Fields of a body or form that are given one by one."""
    files: list[str] = field(default_factory=list)
    raw: str = ""
    """Content type of a body that is bytes."""
    answer: str = ""
    is_file: bool = False
    headers: frozenset[str] = frozenset()
    item: str = ""
    """Of a list: type of a record. Of a batch: type of an item."""
    rows: str = ""
    """Of a list: the field with its records."""
    many: str = ""
    """Of a batch: name of the method that takes any number."""

    @property
    def constant(self) -> str:
        """Name of the operation's description in the module."""
        return f"_{self.name.upper()}"

    @property
    def keyed(self) -> bool:
        """Whether it takes an Idempotency-Key."""
        return "Idempotency-Key" in self.headers


class Api:
    """All operations of a document by resource, and the types that they use."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        self.models = TypeBook(schemas, sent=False)
        self.inputs = TypeBook(schemas, sent=True)
        self.groups: dict[str, list[Method]] = {}
        self._document = document
        for path, operations in sorted(document["paths"].items()):
            group = group_of(path)
            for verb, operation in sorted(operations.items()):
                if group and isinstance(operation, Mapping) and _STREAM not in _answers(operation):
                    self._add(group, path, verb, operation)

    def _add(self, group: str, path: str, verb: str, operation: Mapping[str, Any]) -> None:
        methods = self.groups.setdefault(group, [])
        taken = {one.name for one in methods} | {one.many for one in methods}
        name = method_name(group, path, verb, operation)
        if name in taken:
            name = identifier(snake(full_name(operation)))
        method = Method(name, verb.upper(), path, operation)
        self._read_parameters(method)
        self._read_body(method)
        self._read_answer(method)
        methods.append(method)

    def _read_parameters(self, method: Method) -> None:
        headers = set()
        for given in method.operation.get("parameters", ()):
            one = self._resolved(given)
            if one["in"] == "header":
                headers.add(one["name"])
                continue
            kind = self.inputs.type_of(one["schema"], full_name(method.operation) + "Query", module="inputs.")
            kind = kind.replace("list[", "Sequence[")
            argument = Argument(
                _argument_name(one["name"]), kind, about(one), one["name"], required=bool(one.get("required"))
            )
            (method.in_path if one["in"] == "path" else method.query).append(argument)
        method.headers = frozenset(headers)

    def _read_body(self, method: Method) -> None:
        content = method.operation.get("requestBody", {}).get("content", {})
        place = full_name(method.operation) + "Input"
        if _FORM in content:
            for argument in self._fields(content[_FORM]["schema"], place):
                if argument.kind == "bytes":
                    method.files.append(argument.wire)
                else:
                    method.fields.append(argument)
        elif _JSON in content:
            schema = content[_JSON]["schema"]
            name = str(schema.get("$ref", "")).rpartition("/")[2]
            if name.endswith("RequestInput"):
                whole = self._document["components"]["schemas"][name]
                method.fields = list(self._fields(whole, name))
                self._read_batch(method, whole)
            else:
                method.body = self.inputs.type_of(schema, place, module="inputs.")
        elif content:
            method.raw = next(iter(content))

    def _read_batch(self, method: Method, schema: Schema) -> None:
        items = schema["properties"].get("requests", {})
        if "items" in items and method.name.startswith("batch_") and method.keyed:
            method.many = method.name.removeprefix("batch_") + "_many"
            method.item = self.inputs.type_of(items["items"], "", module="inputs.")

    def _fields(self, schema: Schema, place: str) -> Iterator[Argument]:
        required = schema.get("required", ())
        for name, one in schema["properties"].items():
            kind = self.inputs.type_of(one, place + name.capitalize(), module="inputs.").replace("list[", "Sequence[")
            yield Argument(_argument_name(name), kind, about(one), name, required=name in required)

    def _read_answer(self, method: Method) -> None:
        content = _answers(method.operation)
        if _JSON not in content:
            method.is_file = True
            return
        schema = content[_JSON]["schema"]
        method.answer = self.models.type_of(schema, full_name(method.operation) + "Answer", module="models.")
        whole = self._resolved(schema)
        properties = whole.get("properties", {})
        lists = [name for name, one in properties.items() if one.get("type") == "array"]
        pages = "next_page_token" in properties and any(one.wire == "page_token" for one in method.query)
        if pages and len(lists) == 1:
            method.rows = lists[0]
            method.item = self.models.type_of(properties[lists[0]]["items"], "", module="models.")
        elif method.many and lists == ["results"]:
            method.rows = self.models.type_of(properties["results"]["items"], "", module="models.")
        else:
            method.many = ""

    def _resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Any = part
        if "$ref" in part:
            found = self._document
            for step in str(part["$ref"]).removeprefix("#/").split("/"):
                found = found[step]
        return dict(found)


def module_of(group: str, methods: list[Method], text: str) -> Iterator[str]:
    """The source of a resource's module."""
    for method in methods:
        options = [f'"{group}.{method.name}", "{method.verb}", "{method.path}"']
        options += ["keyed=True"] if method.keyed else []
        options += ["public=True"] if not method.operation.get("security", True) else []
        options += ["deprecated=True"] if method.operation.get("deprecated") else []
        yield f"{method.constant} = Operation({', '.join(options)})"
    yield ""
    yield f"class {class_name(group)}:"
    yield from indented(documented(text or f"Methods of {group}."))
    yield ""
    yield "    def __init__(self, transport: Transport) -> None:"
    yield "        self._transport = transport"
    for method in methods:
        yield ""
        yield from indented(_method(method))
        if method.many:
            yield ""
            yield from indented(_many(method))


def _method(method: Method) -> Iterator[str]:
    ahead = [one.declared() for one in method.in_path]
    ahead += [f"body: {method.body}"] if method.body else []
    ahead += ["content: bytes"] if method.raw else []
    ahead += [f"{_argument_name(name)}: tuple[str, bytes]" for name in method.files]
    named = [*method.query, *method.fields]
    keywords = [one.declared() for one in sorted(named, key=lambda one: not one.required)]
    keywords += [f'content_type: str = "{method.raw}"'] if method.raw else []
    keywords += [f"{name}: str | None = None" for name in _header_arguments(method)]
    keywords += ["timeout_s: float | None = None"]
    yield from _deprecation(method)
    yield f"def {method.name}(self, {', '.join([*ahead, '*', *keywords])}) -> {_answer_type(method)}:"
    yield from indented(documented(_about_method(method), more=tuple(_about_arguments([*method.in_path, *named]))))
    yield from indented(_call(method))


def _call(method: Method) -> Iterator[str]:
    path = f"{{{', '.join(f'{one.wire!r}: {one.name}' for one in method.in_path)}}}"
    if method.rows and not method.many:
        yield f"def fetch(token: str) -> {method.answer}:"
        yield f"    return self._transport.call({method.constant}, {method.answer}, {path}, {_sent(method)})"
        yield ""
        yield f'return Pages(fetch, lambda page: page.{method.rows}, page_token or "")'
    elif method.is_file:
        yield f"return self._transport.download({method.constant}, {path}, {_sent(method)})"
    else:
        yield f"return self._transport.call({method.constant}, {method.answer}, {path}, {_sent(method)})"


def _sent(method: Method) -> str:
    parts = []
    if method.query:
        values = {one.wire: one.name for one in method.query}
        if method.rows and not method.many:
            values["page_token"] = "token or None"
        parts.append(f"query={_dictionary(values)}")
    fields = {one.wire: one.name for one in method.fields}
    if method.files:
        parts.append(f"files={_dictionary({name: _argument_name(name) for name in method.files})}")
        parts.append(f"fields={_dictionary(fields)}")
    elif method.body:
        parts.append("body=body")
    elif method.raw:
        parts.append("content=content, content_type=content_type")
    elif "requestBody" in method.operation:
        parts.append(f"body=given({_dictionary(fields)})")
    parts += [f"{name}={name}" for name in (*_header_arguments(method), "timeout_s")]
    return f"Sent({', '.join(parts)})"


def _many(method: Method) -> Iterator[str]:
    others = [one for one in method.fields if one.wire != "requests"]
    keywords = [one.declared() for one in others]
    keywords += ["items_max: int = ITEMS_MAX", "timeout_s: float | None = None"]
    passed = "".join(f"{one.name}={one.name}, " for one in others)
    yield from _deprecation(method)
    answer = f"Iterator[Outcome[{method.item}, {method.rows}]]"
    yield f"def {method.many}(self, requests: Iterable[{method.item}], *, {', '.join(keywords)}) -> {answer}:"
    yield from indented(
        documented(
            f"{_about_method(method)} Any number of them: sent by {method.name}, at most `items_max` at once, and each "
            "given back with what became of it.",
            more=tuple(_about_arguments(others)),
        )
    )
    yield f"    def send(batch: builtins.list[{method.item}]) -> {method.answer}:"
    yield f"        return self.{method.name}(requests=batch, {passed}timeout_s=timeout_s)"
    yield ""
    yield "    return in_batches(requests, send, items_max=items_max)"


def _answer_type(method: Method) -> str:
    if method.is_file:
        return "Download"
    return f"Pages[{method.item}, {method.answer}]" if method.rows and not method.many else method.answer


def _deprecation(method: Method) -> Iterator[str]:
    if method.operation.get("deprecated"):
        text = str(method.operation.get("x-deprecation", "")) or "Will be taken away."
        yield f"@deprecated({text!r})"


def _about_method(method: Method) -> str:
    return str(method.operation.get("description") or method.operation.get("summary") or full_name(method.operation))


def _about_arguments(arguments: list[Argument]) -> Iterator[str]:
    for one in arguments:
        if one.text:
            yield safe(f"{one.name}: {one.text}").rstrip()


def _header_arguments(method: Method) -> list[str]:
    arguments = ["idempotency_key"] if method.keyed else []
    return arguments + (["if_match"] if "If-Match" in method.headers else [])


def _argument_name(wire: str) -> str:
    name = identifier(wire)
    return f"{name}_" if name in _OWN and name != "page_token" else name


def _dictionary(values: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{wire!r}: {name}' for wire, name in values.items())}}}"


def _answers(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            found: Mapping[str, Any] = response.get("content", {_JSON: {"schema": {}}})
            return found
    return {_JSON: {"schema": {}}}
