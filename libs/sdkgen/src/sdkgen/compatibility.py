"""What in a document breaks callers of an earlier one: what is gone or called otherwise, and narrower rules.

Additions are no break: new operations, optional fields, new fields and new values in answers. docs/api-versioning.md
says the same to partners. What was deprecated may go once its sunset has passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
RELEASED = Path(__file__).with_name("released.json")
_PROSE = frozenset({"description", "summary", "examples", "title", "tags", "info", "servers", "x-deprecation"})
_VERBS = frozenset({"get", "put", "post", "patch", "delete"})
_LEAST = ("minLength", "minimum", "minItems")
_MOST = ("maxLength", "maximum", "maxItems", "maxProperties")
_FIXED = ("type", "format", "pattern", "contentEncoding")


def read_released() -> dict[str, Any]:
    """The document that callers were promised."""
    released: dict[str, Any] = json.loads(RELEASED.read_text(encoding="utf-8"))
    return released


def write_released(document: Mapping[str, Any]) -> None:
    """Makes the document, without its prose, the promise."""
    text = json.dumps(_without_prose(document), ensure_ascii=False, sort_keys=True, indent=1)
    RELEASED.write_text(text + "\n", encoding="utf-8")


def broken_promises(old: Mapping[str, Any], new: Mapping[str, Any], *, today: str = "") -> list[str]:
    """What breaks callers of `old`, a line each. `today` is a date such as 2026-11-22, that of the clock by default."""
    comparison = _Comparison(old, new, today or f"{datetime.now(UTC):%Y-%m-%d}")
    return list(dict.fromkeys(comparison.operations()))


def _without_prose(part: Any, *, names: bool = False) -> Any:
    """`names` says that the keys are names of fields and the like, which may be called description."""
    if isinstance(part, Mapping):
        return {
            key: _without_prose(value, names=not names and key in ("properties", "schemas", "paths", "parameters"))
            for key, value in part.items()
            if names or key not in _PROSE
        }
    return [_without_prose(one) for one in part] if isinstance(part, list) else part


@dataclass(frozen=True, slots=True)
class _Comparison:
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    today: str

    def operations(self) -> Iterator[str]:
        for path, verbs in self.old["paths"].items():
            for verb, operation in verbs.items():
                if verb not in _VERBS:
                    continue
                place = f"{verb.upper()} {path}"
                now = self.new["paths"].get(path, {}).get(verb)
                if now is not None:
                    yield from self.operation(place, operation, now)
                elif not self._is_over(operation):
                    yield f"{place} is gone"

    def operation(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{place} is called {new['operationId']} now and not {old['operationId']}"
        if _scopes(old) != _scopes(new):
            yield f"{place} needs {_scopes(new) or 'no scope'} now and not {_scopes(old) or 'none'}"
        yield from self._parameters(place, old, new)
        yield from self._body(place, old.get("requestBody"), new.get("requestBody"))
        yield from self._answers(place, old["responses"], new["responses"])

    def _parameters(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        before, now = self._named(self.old, old), self._named(self.new, new)
        for key, one in before.items():
            if key not in now:
                if not self._is_over(one):
                    yield f"{place}: the parameter {key[1]} is gone"
                continue
            if now[key].get("required") and not one.get("required"):
                yield f"{place}: the parameter {key[1]} is required now"
            yield from self._sent(f"{place}: {key[1]}", one["schema"], now[key]["schema"], frozenset())
        for key in now.keys() - before.keys():
            if now[key].get("required"):
                yield f"{place}: the new parameter {key[1]} is required"

    def _body(self, place: str, old: Schema | None, new: Schema | None) -> Iterator[str]:
        if new is not None and new.get("required") and not (old or {}).get("required"):
            yield f"{place}: a body is required now"
        for kind, content in (old or {}).get("content", {}).items():
            now = (new or {}).get("content", {}).get(kind)
            if now is None:
                yield f"{place}: {kind} is no longer taken"
            else:
                yield from self._sent(f"{place}: body", content["schema"], now["schema"], frozenset())

    def _answers(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        for status, response in old.items():
            if not status.startswith("2"):
                continue
            if status not in new:
                yield f"{place} no longer answers {status}"
                continue
            for kind, content in response.get("content", {}).items():
                now = new[status].get("content", {}).get(kind)
                if now is None:
                    yield f"{place} no longer answers {kind}"
                else:
                    yield from self._answered(f"{place}: answer", content["schema"], now["schema"], frozenset())

    def _sent(self, place: str, old: Schema, new: Schema, seen: frozenset[str]) -> Iterator[str]:
        """What used to be taken must be taken."""
        seen, old, new, is_known = self._both(old, new, seen)
        if is_known:
            return
        yield from _changed(place, old, new)
        for rule in _LEAST:
            if rule in new and (rule not in old or new[rule] > old[rule]):
                yield f"{place}: {rule} is {new[rule]} now"
        for rule in _MOST:
            if rule in new and (rule not in old or new[rule] < old[rule]):
                yield f"{place}: {rule} is {new[rule]} now"
        if "enum" in new and ("enum" not in old or not set(old["enum"]) <= set(new["enum"])):
            yield f"{place} takes fewer values"
        for field in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{place}.{field} is required now"
        for field, one in old.get("properties", {}).items():
            now = new.get("properties", {}).get(field)
            if now is not None:
                yield from self._sent(f"{place}.{field}", one, now, seen)
            elif not self._is_over(one):
                yield f"{place}.{field} is no longer taken"
        yield from self._inside(place, old, new, seen, self._sent)

    def _answered(self, place: str, old: Schema, new: Schema, seen: frozenset[str]) -> Iterator[str]:
        """What used to be there must be there."""
        seen, old, new, is_known = self._both(old, new, seen)
        if is_known:
            return
        yield from _changed(place, old, new)
        for field, one in old.get("properties", {}).items():
            now = new.get("properties", {}).get(field)
            if now is None:
                if not self._is_over(one):
                    yield f"{place}.{field} is gone"
                continue
            if field in old.get("required", ()) and field not in new.get("required", ()):
                yield f"{place}.{field} may be missing now"
            yield from self._answered(f"{place}.{field}", one, now, seen)
        yield from self._inside(place, old, new, seen, self._answered)

    def _inside(self, place: str, old: Schema, new: Schema, seen: frozenset[str], compare: Any) -> Iterator[str]:
        for part, mark in (("items", "[]"), ("additionalProperties", "{}")):
            before, now = old.get(part), new.get(part)
            if isinstance(before, Mapping) and isinstance(now, Mapping):
                yield from compare(place + mark, before, now, seen)

    def _both(self, old: Schema, new: Schema, seen: frozenset[str]) -> tuple[frozenset[str], Schema, Schema, bool]:
        """Both behind their references, and whether this pair is being compared already."""
        key = f"{old.get('$ref')} {new.get('$ref')}"
        is_known = "$ref" in old and key in seen
        return seen | {key}, _resolved(self.old, old), _resolved(self.new, new), is_known

    def _named(self, document: Schema, operation: Schema) -> dict[tuple[str, str], Schema]:
        found = [_resolved(document, one) for one in operation.get("parameters", ())]
        return {(one["in"], one["name"]): one for one in found}

    def _is_over(self, part: Schema) -> bool:
        return bool(part.get("deprecated")) and "" < str(part.get("x-sunset", "")) <= self.today


def _changed(place: str, old: Schema, new: Schema) -> Iterator[str]:
    for rule in _FIXED:
        if old.get(rule) == new.get(rule):
            continue
        if rule in new or rule == "type":
            yield f"{place}: {rule} is {new.get(rule)} now and not {old.get(rule)}"


def _resolved(document: Schema, part: Schema) -> Schema:
    if "$ref" not in part:
        return part
    found: Any = document
    for step in str(part["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _scopes(operation: Schema) -> list[str]:
    return sorted(scope for one in operation.get("security", ()) for scopes in one.values() for scope in scopes)
