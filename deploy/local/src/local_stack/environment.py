"""The environment of every process of the stack: what each may know, and nothing more.

Only `migrate` gets the owner's database URL; only what runs a relay gets the relay's.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_stack import ports
from local_stack.databases import DatabaseUrls
from local_stack.settings import StackSettings
from local_stack.state_folder import StateFolder

SERVICES = ("contacts", "sales", "marketing", "support", "analytics")
GATEWAY_DATABASE = "identity"
WITH_WORKER = ("contacts",)
"""Services whose long work has a process of its own here, called ``contacts-work``: the relay, the consumers, jobs,
and calls that move many records."""
_WORKER_NICENESS = 10
# The kernel's limit for the path of a Unix socket is 108 bytes with its closing zero.
_SOCKET_PATH_MAX_BYTES = 107
_DROPPED_PREFIXES = ("PG", "FUNIA_POSTGRES_")


@dataclass(frozen=True)
class Addresses:
    """Where everything listens in this run. `grpc` and `metrics_ports` are by process name."""

    url: str
    live_url: str
    http_port: int
    live_port: int
    nats_url: str
    grpc: Mapping[str, str]
    metrics_ports: Mapping[str, int]


def choose_addresses(settings: StackSettings, folder: StateFolder, nats_url: str) -> Addresses:
    """Settles the HTTP ports by the settings, the rest by what is free."""
    http_port = settings.http_port or ports.free_port()
    wanted_live = http_port + 1 if settings.http_port else 0
    live_port = (wanted_live if settings.live_port < 0 else settings.live_port) or ports.free_port()
    workers = tuple(f"{name}-work" for name in WITH_WORKER)
    names = (*SERVICES, GATEWAY_DATABASE, *workers)
    taken: set[int] = {http_port, live_port}
    metrics = {name: _another_port(taken) for name in (*SERVICES, *workers, "gateway-serve", "gateway-work")}
    return Addresses(
        url=f"http://{ports.LOOPBACK}:{http_port}",
        live_url=f"http://{ports.LOOPBACK}:{live_port}",
        http_port=http_port,
        live_port=live_port,
        nats_url=nats_url,
        grpc={name: _grpc_address(folder.run / f"{name}.sock", taken) for name in names},
        metrics_ports=metrics,
    )


def process_environment(
    settings: StackSettings,
    folder: StateFolder,
    addresses: Addresses,
    urls: DatabaseUrls,
    *,
    listen: str = "",
    metrics_port: int = 0,
    owner: bool = False,
    relay: bool = False,
    steps_back: bool = False,
) -> Mapping[str, str]:
    """Our own environment without what leads to the engines, and the FUNIA_ variables of one process."""
    mark_name, mark_value = folder.mark
    outer = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_DROPPED_PREFIXES) and name != "FUNIA_NATS_URL"
    }
    return {
        **outer,
        mark_name: mark_value,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '/usr/bin:/bin')}",
        "PYTHONUNBUFFERED": "1",
        "FUNIA_STATE_DIR": str(folder.path),
        "FUNIA_SECRET": folder.installation_secret(),
        "FUNIA_DATABASE_URL": urls.app,
        "FUNIA_OWNER_DATABASE_URL": urls.owner if owner else "",
        "FUNIA_RELAY_DATABASE_URL": urls.relay if relay else "",
        "FUNIA_PLACEMENTS": placements_value(urls, owner=owner, relay=relay),
        "FUNIA_NATS_URL": addresses.nats_url,
        "FUNIA_LISTEN": listen,
        **{_address_variable(name): address for name, address in addresses.grpc.items()},
        "FUNIA_ISSUER": addresses.url,
        "FUNIA_JWKS_URL": f"{addresses.url}/.well-known/jwks.json",
        "FUNIA_HTTP_PORT": str(addresses.http_port),
        "FUNIA_LIVE_PORT": str(addresses.live_port),
        "FUNIA_OPENSEARCH_URL": settings.opensearch_url,
        "FUNIA_CLICKHOUSE_URL": settings.clickhouse_url,
        "FUNIA_METRICS_PORT": str(metrics_port),
        "FUNIA_NICENESS": str(_WORKER_NICENESS if steps_back else 0),
        "FUNIA_DATABASE_STEPS_BACK": "false" if settings.postgres_url else "true",
        "FUNIA_LOCAL_MAIL": "false" if outer.get("FUNIA_SMTP_URL") else "true",
        "FUNIA_EMAIL_CONFIRMATION_REQUIRED": "true" if outer.get("FUNIA_SMTP_URL") else "false",
    }


def placements_value(urls: DatabaseUrls, *, owner: bool = False, relay: bool = False) -> str:
    """The value of FUNIA_PLACEMENTS for a process of these rights."""
    return json.dumps(
        {
            name: {
                "database_url": one.app,
                "owner_database_url": one.owner if owner else "",
                "relay_database_url": one.relay if relay else "",
            }
            for name, one in urls.placements.items()
        }
    )


def _address_variable(name: str) -> str:
    service, _, is_worker = name.partition("-")
    return f"FUNIA_{service.upper()}_BULK_ADDRESS" if is_worker else f"FUNIA_{service.upper()}_ADDRESS"


def _grpc_address(socket_path: Path, taken: set[int]) -> str:
    if len(os.fsencode(socket_path)) <= _SOCKET_PATH_MAX_BYTES:
        return f"unix:{socket_path}"
    return f"{ports.LOOPBACK}:{_another_port(taken)}"


def _another_port(taken: set[int]) -> int:
    while (port := ports.free_port()) in taken:
        pass
    taken.add(port)
    return port
