"""The secrets of a deployment by containers: made once, to each process its own, and fit to make databases with."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import psycopg
import pytest
from local_stack.child import StackError
from local_stack.databases import DATABASES, ensure_roles, replace_database, role_names
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
