"""Finds the endpoint of a path: exact paths in one dictionary, templates in a tree of segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from gateway.transcode.bindings import Route

Target = TypeVar("Target")
_Leaf = dict[str, dict[str, Target]]  # action -> verb -> target


class _Node(Generic[Target]):
    __slots__ = ("children", "leaf")

    def __init__(self) -> None:
        self.children: dict[str, _Node[Target]] = {}
        self.leaf: _Leaf[Target] = {}


class Router(Generic[Target]):
    """Routes to targets. A literal segment goes before a variable; a path that ends in a slash is another path."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, Target]] = {}
        self._root: _Node[Target] = _Node()

    def add(self, route: Route, target: Target) -> None:
        """Make a route known."""
        if not route.variables:
            self._exact.setdefault(route.template, {})[route.verb] = target
            return
        node = self._root
        for segment in route.segments:
            node = node.children.setdefault(segment, _Node())
        node.leaf.setdefault(route.action, {})[route.verb] = target

    def find(self, path: str) -> tuple[dict[str, Target], list[str]] | None:
        """The targets of a path by verb, and the values of its variables; None where nothing is there."""
        exact = self._exact.get(path)
        if exact is not None:
            return exact, []
        if not path.startswith("/"):
            return None
        segments = path[1:].split("/")
        segments[-1], _, action = segments[-1].partition(":")
        for node, values in _matches(self._root, segments, 0, []):
            verbs = node.leaf.get(action)
            if verbs:
                return verbs, values
        return None

    def methods(self, path: str) -> set[str]:
        """HTTP methods that the path answers."""
        found = self.find(path)
        if found is None:
            return set()
        return {*found[0], "HEAD"} if "GET" in found[0] else set(found[0])


def _matches(
    node: _Node[Target], segments: list[str], depth: int, values: list[str]
) -> Iterator[tuple[_Node[Target], list[str]]]:
    if depth == len(segments):
        yield node, values
        return
    segment = segments[depth]
    literal = node.children.get(segment)
    if literal is not None and segment != "*":
        yield from _matches(literal, segments, depth + 1, values)
    variable = node.children.get("*")
    if variable is not None and segment:
        yield from _matches(variable, segments, depth + 1, [*values, segment])
