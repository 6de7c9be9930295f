"""PostgreSQL under our supervision: real servers, real kills."""

import dataclasses
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from local_stack import child, postgres_install, processes
from local_stack.child import StackError
from local_stack.fixtures import postgres_server, start_ready
from local_stack.postgres import PostgresServer, PostgresSettings

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to change the account")
FAST = PostgresSettings(durable=False, shared_buffers_mb=32)


def _value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_the_cluster_uses_the_builtin_c_utf8_locale_and_scram(open_folder: Path) -> None:
    with postgres_server(open_folder / "pg") as url:
        assert _value(url, "select datlocprovider::text from pg_database where datname = 'postgres'") == "b"
        assert _value(url, "select datlocale from pg_database where datname = 'postgres'") == "C.UTF-8"
        methods = _value(url, "select array_agg(distinct auth_method) from pg_hba_file_rules")
        assert methods == ["scram-sha-256"]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url.replace("postgres:", "postgres:x", 1).replace("//postgresx", "//postgres"))


def test_a_durable_server_syncs_and_a_test_server_does_not(open_folder: Path) -> None:
    with postgres_server(open_folder / "pg", durable=True) as url:
        assert _value(url, "show fsync") == "on"
        assert _value(url, "show synchronous_commit") == "on"
        assert _value(url, "show listen_addresses") == "127.0.0.1"
    with postgres_server(open_folder / "other") as url:
        assert _value(url, "show fsync") == "off"


@as_root
def test_as_root_only_the_cluster_belongs_to_the_unprivileged_account(open_folder: Path) -> None:
    before = stat.S_IMODE(open_folder.stat().st_mode)
    server = PostgresServer(open_folder / "pg", FAST)
    process = start_ready(server.program(), open_folder / "log")
    try:
        account = server.installation.account
        assert account is not None
        assert account.uid != 0
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert f"Uid:\t{account.uid}\t{account.uid}" in status
        assert server.cluster.stat().st_uid == account.uid
        assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
        assert server.installation.home.stat().st_uid == 0
        assert stat.S_IMODE(open_folder.stat().st_mode) == before
        password = open_folder / "pg" / "admin-password"
        assert (password.stat().st_uid, stat.S_IMODE(password.stat().st_mode)) == (0, 0o600)
    finally:
        child.stop(process, server.program())


@as_root
def test_a_closed_parent_folder_stays_closed_and_the_cluster_moves_with_a_note(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    settings = dataclasses.replace(FAST, fallback_dir=open_folder / "reachable")
    server = PostgresServer(closed / "pg", settings)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not server.cluster.is_relative_to(closed)
    assert str(server.installation.home) in server.notes[0]
    process = start_ready(server.program(), open_folder / "log")
    try:
        assert _value(server.url, "select 1") == 1
        assert PostgresServer(closed / "pg", settings).cluster == server.cluster
    finally:
        child.stop(process, server.program())
        server.erase()
    assert not server.cluster.exists()


@as_root
def test_a_fallback_folder_of_another_account_is_refused(open_folder: Path) -> None:
    closed, foreign = open_folder / "closed", open_folder / "foreign"
    closed.mkdir(mode=0o700)
    foreign.mkdir()
    os.chown(foreign, 12_345, 12_345)
    with pytest.raises(StackError, match="belongs to another account"):
        PostgresServer(closed / "pg", dataclasses.replace(FAST, fallback_dir=foreign))
    assert list(foreign.iterdir()) == []


@as_root
def test_programs_in_a_closed_folder_are_copied_to_where_the_account_may_run_them(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = postgres_install._find_programs()[1]
    assert wheel is not None
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for part in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.with_name(part), closed / part, ignore=shutil.ignore_patterns("include"))
    prefix = closed / wheel.name
    monkeypatch.setattr(postgres_install, "_find_programs", lambda: (prefix / "pginstall" / "bin", prefix))
    settings = dataclasses.replace(FAST, fallback_dir=open_folder / "reachable")
    server = PostgresServer(closed / "pg", settings)
    process = start_ready(server.program(), open_folder / "log")
    try:
        assert _value(server.url, "select 1") == 1
        assert server.installation.programs.is_relative_to(open_folder / "reachable")
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        child.stop(process, server.program())


@as_root
def test_an_ordinary_user_runs_the_server_under_the_own_account(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = open_folder / "own"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    script = (
        "import sys, os, pathlib, psycopg; from local_stack.fixtures import postgres_server\n"
        "with postgres_server(pathlib.Path(sys.argv[1])) as url:\n"
        "    print(os.getuid(), psycopg.connect(url).execute('select 1').fetchone()[0])\n"
    )
    # That account may not even read this interpreter: root starts it, then it gives up its rights.
    become = f"import os; os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid})\n"
    imports = "import local_stack.fixtures, psycopg, encodings.idna\n"
    answer = subprocess.run(
        [sys.executable, "-c", imports + become + script, str(folder / "pg")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.stdout == f"{nobody.pw_uid} 1\n", answer.stderr
    assert not (folder / "pg" / "cluster").exists()


def test_a_committed_row_outlives_a_kill_of_the_server_and_of_its_lock_file(open_folder: Path) -> None:
    server = PostgresServer(open_folder / "pg")
    process = start_ready(server.program(), open_folder / "log")
    with psycopg.connect(server.url) as connection:
        connection.execute("create table kept (id int)")
        connection.execute("insert into kept values (7)")
        connection.commit()
        process.kill()
        process.wait()
        assert (server.cluster / "postmaster.pid").exists()
        again = start_ready(server.program(), open_folder / "log")
    try:
        assert _value(server.url, "select id from kept") == 7
    finally:
        child.stop(again, server.program())
    assert processes.working_in(server.cluster) == []


def test_a_server_left_by_an_earlier_run_is_stopped_before_the_next(open_folder: Path) -> None:
    first = PostgresServer(open_folder / "pg", FAST)
    left = start_ready(first.program(), open_folder / "log")
    second = PostgresServer(open_folder / "pg", FAST)
    running = start_ready(second.program(), open_folder / "log")
    try:
        assert left.wait(5) == 0
        assert not first.is_ready()
        assert second.is_ready()
    finally:
        child.stop(running, second.program())


def test_a_reused_process_id_in_the_lock_file_does_not_stop_the_start(open_folder: Path) -> None:
    server = PostgresServer(open_folder / "pg", FAST)
    process = start_ready(server.program(), open_folder / "log")
    process.kill()
    process.wait()
    lock = server.cluster / "postmaster.pid"
    lines = lock.read_text().split("\n")
    stranger = subprocess.Popen(
        ["sleep", "60"], user=server.installation.account.uid if server.installation.account else None
    )
    try:
        lock.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        again = start_ready(server.program(), open_folder / "log")
        child.stop(again, server.program())
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_initdb_killed_half_way_is_done_again(open_folder: Path) -> None:
    server = PostgresServer(open_folder / "pg", FAST)
    half = server.installation.home / "cluster.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server.prepare()
    assert not half.exists()
    assert (server.cluster / "global" / "pg_control").is_file()


def test_a_parent_killed_hard_takes_the_server_with_it(open_folder: Path) -> None:
    script = (
        "import sys, pathlib, time; from local_stack.fixtures import postgres_server\n"
        "with postgres_server(pathlib.Path(sys.argv[1])) as url:\n"
        "    print('up', flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(open_folder / "pg")], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        assert parent.stdout.readline() == b"up\n"
    cluster = PostgresServer(open_folder / "pg", FAST).cluster
    assert processes.working_in(cluster)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while processes.working_in(cluster) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes.working_in(cluster) == []


def test_a_server_that_cannot_start_is_an_error_with_the_end_of_its_log(open_folder: Path) -> None:
    server = PostgresServer(open_folder / "pg", FAST)
    server.prepare()
    (server.cluster / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(StackError, match="no_such_setting"):
        start_ready(server.program(), open_folder / "log")
