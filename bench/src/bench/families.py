"""The families of figures by the name the command line knows, in the order they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.figure import Figure
from bench.figures import requests
from bench.rig import Rig

FAMILIES: Mapping[str, Callable[[Rig], list[Figure]]] = {
    "requests": requests.measure,
}
