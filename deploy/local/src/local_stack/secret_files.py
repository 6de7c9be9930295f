"""The secrets of a deployment by containers, made once and kept: environment files for compose, Secrets for Kubernetes.

Every process gets its own database's passwords and no other's; only migrations get the owner's.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from local_stack.child import StackError
from local_stack.databases import DATABASES, database_urls, kept_passwords, role_names
from local_stack.environment import placements_value
from local_stack.private_files import kept_password, write_private, write_private_json

_PASSWORDS_FILE = "passwords.json"
ROLE_PASSWORDS = "FUNIA_ROLE_PASSWORDS"
_PLACEMENTS = "FUNIA_PLACEMENTS"
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Engines:
    """Where the engines answer, as the containers see them."""

    postgresql: str = "postgresql:5432"
    nats: str = "nats:4222"
    opensearch: str = "opensearch:9200"
    clickhouse: str = "clickhouse:8123"


def write_secret_files(folder: Path, engines: Engines, placements: Sequence[str] = ()) -> None:
    """Fills `folder`; passwords that are there already are kept, so that a second call changes nothing.

    `placements` are names of further databases of every service; what each process may know of them is written, too.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    admin_password = kept_password(folder / "admin_password")
    secret = kept_password(folder / "secret", password=secrets.token_urlsafe(_SECRET_BYTES))
    admin_url = f"postgresql://postgres:{quote(admin_password, safe='')}@{engines.postgresql}/postgres"
    passwords = kept_passwords(folder / _PASSWORDS_FILE)
    urls = database_urls(admin_url, passwords, placements)
    roles = ",".join(f"{role}:{password}" for role, password in passwords.items())
    nats = {"FUNIA_NATS_URL": f"nats://{engines.nats}"}
    stores = {
        "FUNIA_OPENSEARCH_URL": f"http://{engines.opensearch}",
        "FUNIA_CLICKHOUSE_URL": f"http://funia:{quote(admin_password, safe='')}@{engines.clickhouse}/default",
    }
    _environment(folder / "engines.env", nats)
    _environment(folder / "postgresql.env", {"POSTGRES_PASSWORD": admin_password})
    dedicated = ",".join(placements)
    databases = {"FUNIA_POSTGRES_URL": admin_url, ROLE_PASSWORDS: roles, "FUNIA_DEDICATED": dedicated}
    _environment(folder / "databases.env", databases)
    kubernetes = {
        "funia": {"secret": secret},
        "funia-engines": nats | stores,
        "postgresql-admin": {"password": admin_password, "url": admin_url, "roles": roles, "dedicated": dedicated},
    }
    for database in DATABASES:
        own = urls[database]
        shared = {"FUNIA_SECRET": secret, "FUNIA_DATABASE_URL": own.app}
        placed = {
            "app-placements": placements_value(own),
            "relay-placements": placements_value(own, relay=True),
            "owner-placements": placements_value(own, owner=True),
        }
        working = {"FUNIA_RELAY_DATABASE_URL": own.relay, _PLACEMENTS: placed["relay-placements"]}
        owning = {"FUNIA_OWNER_DATABASE_URL": own.owner, _PLACEMENTS: placed["owner-placements"]}
        _environment(folder / f"{database}.env", shared | working)
        _environment(folder / f"{database}.owner.env", shared | owning)
        kubernetes[f"{database}-database"] = {"app": own.app, "relay": own.relay, "owner": own.owner, **placed}
    write_private_json(folder / "kubernetes.json", _secret_list(kubernetes))


def read_role_passwords(text: str) -> Mapping[str, str]:
    """The passwords by role, as FUNIA_ROLE_PASSWORDS carries them: ``role:password`` by commas."""
    passwords = dict(pair.split(":", 1) for pair in text.split(",") if ":" in pair)
    missing = [role for role in role_names() if role not in passwords]
    if missing:
        raise StackError(f"{ROLE_PASSWORDS} lacks {', '.join(missing)}: take it from what `secrets` wrote.")
    return passwords


def _environment(file: Path, values: Mapping[str, str]) -> None:
    write_private(file, "".join(f"{name}={value}\n" for name, value in values.items()))


def _secret_list(values: Mapping[str, Mapping[str, str]]) -> object:
    items = [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": dict(content)}
        for name, content in values.items()
    ]
    return {"apiVersion": "v1", "kind": "List", "items": items}
