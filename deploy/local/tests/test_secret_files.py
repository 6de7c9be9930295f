"""The secrets of a deployment by containers: made once, to each process its own, and fit to make databases with."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from local_stack.child import StackError
from local_stack.databases import DATABASES, PLACED, ensure_roles, replace_database, role_names
from local_stack.fixtures import postgres_server
from local_stack.secret_files import ROLE_PASSWORDS, Engines, read_role_passwords, write_secret_files


def test_a_second_call_changes_no_secret(tmp_path: Path) -> None:
    write_secret_files(tmp_path / "made", Engines())
    before = {file.name: file.read_text() for file in (tmp_path / "made").iterdir()}
    write_secret_files(tmp_path / "made", Engines())
    assert {file.name: file.read_text() for file in (tmp_path / "made").iterdir()} == before
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in (tmp_path / "made").iterdir())


def test_only_migrations_get_the_owner_and_nobody_another_database(tmp_path: Path) -> None:
    write_secret_files(tmp_path, Engines())
    passwords = json.loads((tmp_path / "passwords.json").read_text())
    for database in DATABASES:
        running = (tmp_path / f"{database}.env").read_text()
        migrating = (tmp_path / f"{database}.owner.env").read_text()
        assert {role for role in passwords if passwords[role] in running} == {f"{database}_app", f"{database}_relay"}
        assert {role for role in passwords if passwords[role] in migrating} == {f"{database}_app", f"{database}_owner"}


def test_each_process_knows_placements_with_its_own_rights_and_identity_is_never_apart(tmp_path: Path) -> None:
    write_secret_files(tmp_path, Engines(), ["acme"])
    items = json.loads((tmp_path / "kubernetes.json").read_text())["items"]
    secrets = {one["metadata"]["name"]: one["stringData"] for one in items}
    rights = {"app": {"app"}, "relay": {"app", "relay"}, "owner": {"app", "owner"}}
    for database in PLACED:
        for key, wanted in rights.items():
            placed = json.loads(secrets[f"{database}-database"][f"{key}-placements"])["acme"]
            urls = [urlsplit(url) for url in placed.values() if url]
            assert {(url.username, url.path) for url in urls} == {
                (f"{database}_{role}", f"/{database}_acme") for role in wanted
            }
        working = secrets[f"{database}-database"]["relay-placements"]
        assert f"FUNIA_PLACEMENTS={working}\n" in (tmp_path / f"{database}.env").read_text()
    assert secrets["identity-database"]["relay-placements"] == "{}"
    assert "FUNIA_DEDICATED=acme\n" in (tmp_path / "databases.env").read_text()
    assert secrets["postgresql-admin"]["dedicated"] == "acme"


def test_databases_made_with_the_passwords_let_the_roles_in(tmp_path: Path) -> None:
    write_secret_files(tmp_path / "made", Engines())
    lines = (tmp_path / "made" / "databases.env").read_text().splitlines()
    roles = next(line.partition("=")[2] for line in lines if line.startswith(ROLE_PASSWORDS))
    passwords = read_role_passwords(roles)
    with postgres_server(tmp_path / "postgres") as admin_url:
        ensure_roles(admin_url, passwords)
        for role in role_names():
            url = replace_database(admin_url, user=role, password=passwords[role], database=role.rpartition("_")[0])
            with psycopg.connect(url) as connection:
                assert connection.execute("select current_user::text").fetchone() == (role,)


def test_passwords_that_lack_a_role_are_refused() -> None:
    with pytest.raises(StackError, match="sales_relay"):
        read_role_passwords(",".join(f"{role}:x" for role in role_names() if role != "sales_relay"))
