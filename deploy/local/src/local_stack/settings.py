"""Settings of the one-machine stack, read once from the environment (prefix FUNIA_), each with its unit."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_stack.child import StackError
from local_stack.postgres_install import FALLBACK_DIR

_PREFIX = "FUNIA_"
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off", "")
_HIGHEST_PORT = 65_535
_PLACEMENT = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True)
class StackSettings:
    """The environment variable of a field is FUNIA_ and its name in capitals.

    Ports: 0 takes a free one; `live_port` -1 means the HTTP port + 1. The four URLs, where set, name an engine
    outside, and none is started here.
    """

    state_dir: Path = Path(".local")
    http_port: int = 8080
    live_port: int = -1
    postgres_url: str = ""
    postgres_port: int = 0
    postgres_account: str = ""
    postgres_fallback_dir: Path = FALLBACK_DIR
    postgres_durable: bool = True
    postgres_shared_buffers_mb: int = 128
    postgres_max_connections: int = 200
    nats_url: str = ""
    nats_port: int = 0
    nats_monitoring_port: int = 0
    nats_sync_interval: str = "2m"
    dedicated: str = ""
    """Placements beside the shared databases, by their names with commas between, such as "acme,globex"."""
    opensearch_url: str = ""
    clickhouse_url: str = ""
    demo: bool = True
    demo_seed: int = 1
    min_free_disk_mb: int = 512
    log_max_mb: int = 20
    log_keep: int = 3
    engine_start_timeout_s: float = 60.0
    migrate_timeout_s: float = 600.0
    demo_timeout_s: float = 300.0
    service_start_timeout_s: float = 60.0
    restart_delay_s: float = 0.1
    restart_delay_max_s: float = 10.0
    restart_forget_after_s: float = 30.0
    start_attempts: int = 3

    @property
    def placements(self) -> tuple[str, ...]:
        """Names of the placements."""
        return tuple(name for name in self.dedicated.replace(" ", "").split(",") if name)


def read_settings(environment: Mapping[str, str]) -> StackSettings:
    """Raises StackError naming the variable where a value cannot be understood."""
    values: dict[str, object] = {}
    for field in dataclasses.fields(StackSettings):
        name = f"{_PREFIX}{field.name.upper()}"
        if name in environment:
            values[field.name] = _parse(name, environment[name].strip(), field.default)
    settings = StackSettings(**values)  # type: ignore[arg-type]
    for port_name in ("http_port", "postgres_port", "nats_port", "nats_monitoring_port"):
        _check_port(port_name, getattr(settings, port_name), lowest=0)
    _check_port("live_port", settings.live_port, lowest=-1)
    for name in settings.placements:
        if not _PLACEMENT.fullmatch(name) or name == "pooled":
            raise StackError(
                f'FUNIA_DEDICATED: "{name}" is no name of a placement. Use 1 to 30 of a-z, 0-9 and _, and not "pooled".'
            )
    return settings


def _parse(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() in _TRUE + _FALSE:
            return text.lower() in _TRUE
        raise StackError(f"{name} is {text!r}: set it to 1 or 0.")
    if isinstance(default, Path):
        if text:
            return Path(text).expanduser()
        raise StackError(f"{name} is empty: set it to a folder, or leave it out.")
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            raise StackError(f"{name} is {text!r}: set it to a number.") from None
    return text


def _check_port(field: str, port: int, *, lowest: int) -> None:
    if not lowest <= port <= _HIGHEST_PORT:
        raise StackError(f"{_PREFIX}{field.upper()} is {port}: set it to a port, at most {_HIGHEST_PORT}.")
