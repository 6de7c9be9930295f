"""`python -m local_stack` as a person runs it: real engines, stand-ins for the services."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import nats
import psycopg
import pytest
from local_stack import processes
from local_stack.borrowed import environment_of
from local_stack.child import StackError
from local_stack.running_stack import Stack, engines_dir, whole_stack
from local_stack.state_folder import StateFolder

NAMES = {
    "postgres", "nats", "contacts", "contacts-work", "sales", "marketing", "support", "analytics", "gateway-serve",
    "gateway-work",
}  # fmt: skip


@pytest.fixture(scope="module")
def one_stack(shared_folder: Path, shared_stand_ins: Mapping[str, str]) -> Iterator[Stack]:
    with whole_stack(shared_folder / "state", environment=shared_stand_ins) as running:
        yield running


@pytest.fixture
def stack(one_stack: Stack) -> Stack:
    """The stack of this module, started again where the test before has stopped it."""
    if not (one_stack.directory / "run" / "stack.json").exists():
        one_stack.start()
    return one_stack


def _command(word: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    settings = {"FUNIA_STATE_DIR": str(folder), "FUNIA_DEMO": "0", "FUNIA_HTTP_PORT": "0", **more}
    return subprocess.run(
        [sys.executable, "-m", "local_stack", word],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def _marked(folder: Path) -> list[int]:
    cluster = folder / "postgres" / "cluster"
    return processes.with_environment(f"FUNIA_STACK={folder.resolve()}") + processes.working_in(cluster)


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        text: str = answer.read().decode()
    return text


def test_a_first_start_ends_ready_and_a_clean_stop_leaves_no_process(stack: Stack) -> None:
    assert set(stack.processes) == NAMES
    assert _get(f"{stack.url}/row") == "0"
    output = (stack.directory / "up.log").read_text()
    assert output.count("Funia is ready at") == 1
    assert f"Funia is ready at {stack.url}\n" in output
    pids = [*stack.processes.values(), stack.supervisor_pid]
    assert stack.stop() == 0
    assert [pid for pid in pids if processes.start_ticks(pid)] == []
    assert _marked(stack.directory) == []
    assert not (stack.directory / "run" / "stack.json").exists()


def test_every_secret_file_is_closed_to_others(stack: Stack) -> None:
    for name in ("passwords.json", "secret", "run/stack.json", "postgres/admin-password", "nats/nats.conf"):
        assert stat.S_IMODE((stack.directory / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE((stack.directory / "logs").stat().st_mode) == 0o700
    secret = (stack.directory / "secret").read_text()
    assert stack.stop() == 0
    stack.start()
    assert (stack.directory / "secret").read_text() == secret


def test_rows_outlive_kills_of_postgres_nats_and_a_service(stack: Stack) -> None:
    with psycopg.connect(stack.database_url("contacts")) as connection:
        connection.execute("insert into rows values (1)")
    before = dict(stack.processes)
    for name in ("postgres", "nats", "contacts"):
        stack.kill(name)
    stack.wait_ready(timeout_s=30)
    after = stack.processes
    assert {name for name in NAMES if before[name] != after[name]} == {"postgres", "nats", "contacts"}
    with psycopg.connect(stack.database_url("contacts")) as connection:
        assert connection.execute("select count(*) from rows").fetchone() == (1,)


def test_a_hard_killed_supervisor_leaves_no_orphan_and_the_next_start_keeps_the_rows(stack: Stack) -> None:
    with psycopg.connect(stack.database_url("sales")) as connection:
        connection.execute("insert into rows values (1)")
    os.kill(stack.supervisor_pid, signal.SIGKILL)
    deadline = time.monotonic() + 15
    while _marked(stack.directory) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _marked(stack.directory) == []
    stack.stop()
    stack.start()
    with psycopg.connect(stack.database_url("sales")) as connection:
        assert connection.execute("select count(*) from rows").fetchone() == (1,)


def test_a_program_that_outlived_an_earlier_run_is_ended_before_the_next(
    open_folder: Path, stand_ins: Mapping[str, str]
) -> None:
    state = open_folder / "state"
    state.mkdir()
    left = subprocess.Popen(["sleep", "60"], env={"FUNIA_STACK": str(state.resolve())})
    with whole_stack(state, environment=stand_ins):
        assert left.wait(1) == -signal.SIGTERM


def test_a_second_instance_is_told_who_runs_and_where(stack: Stack) -> None:
    answer = _command("up", stack.directory)
    assert answer.returncode == 1
    assert f"process {stack.supervisor_pid}, {stack.url}" in answer.stderr
    assert "FUNIA_STATE_DIR" in answer.stderr
    stack.wait_ready(timeout_s=5)


def test_a_command_runs_in_the_environment_of_a_running_program(stack: Stack, shared_packages: Path) -> None:
    program = shared_packages / "sales" / "__main__.py"
    serving = program.read_text()
    program.write_text("import os, sys; print(sys.argv[1:], os.environ['FUNIA_DATABASE_URL'])")
    answer = stack.run("sales", "rebuild", "--all")
    program.write_text(serving)
    assert answer == f"['rebuild', '--all'] {stack.database_url('sales')}\n"
    with pytest.raises(StackError, match='no program "nothing"'):
        stack.run("nothing", "rebuild")


def test_a_command_waits_for_a_program_that_just_died(stack: Stack) -> None:
    environment = environment_of(StateFolder(stack.directory), "sales")
    stack.kill("sales")
    assert environment_of(StateFolder(stack.directory), "sales") == environment
    stack.wait_ready()


def test_status_and_down_find_the_running_stack(stack: Stack) -> None:
    status = _command("status", stack.directory)
    assert status.returncode == 0
    assert status.stdout.startswith(f"ready {stack.url} ")
    down = _command("down", stack.directory)
    assert (down.returncode, down.stdout) == (0, "Funia is stopped.\n")
    assert stack.stop() == 0
    assert _command("status", stack.directory).returncode == 3
    assert _command("down", stack.directory).returncode == 0


@pytest.mark.soak
def test_a_whole_backup_brings_rows_and_streams_to_an_empty_machine(
    open_folder: Path, stand_ins: Mapping[str, str], stack: Stack
) -> None:
    with psycopg.connect(stack.database_url("support")) as connection:
        connection.execute("insert into rows values (7)")
    asyncio.run(_in_the_stream(stack.nats_url, b"event"))
    file = open_folder / "all.tar"
    with pytest.raises(StackError, match="already runs"):
        stack.operate("backup", str(file))
    assert stack.stop() == 0
    stack.operate("backup", str(file))
    fresh = open_folder / "fresh"
    restored = subprocess.run(
        [sys.executable, "-m", "local_stack", "restore", str(file)],
        env={**os.environ, "FUNIA_STATE_DIR": str(fresh), "FUNIA_POSTGRES_FALLBACK_DIR": str(engines_dir())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert restored.returncode == 0, restored.stderr
    with whole_stack(fresh, environment=stand_ins) as other:
        with psycopg.connect(other.database_url("support")) as connection:
            assert connection.execute("select count(*) from rows where id = 7").fetchone() == (1,)
        assert asyncio.run(_in_the_stream(other.nats_url)) == [b"event"]


async def _in_the_stream(nats_url: str, *messages: bytes) -> list[bytes]:
    """Adds messages to a stream; returns all that are in it."""
    client = await nats.connect(nats_url)
    try:
        context = client.jetstream()
        await context.add_stream(name="KEPT", subjects=["kept"])
        for message in messages:
            await context.publish("kept", message)
        count = (await context.stream_info("KEPT")).state.messages
        return [(await context.get_msg("KEPT", number)).data or b"" for number in range(1, count + 1)]
    finally:
        await client.close()


def test_a_taken_port_is_an_error_naming_port_and_variable(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = _command("up", tmp_path / "state", FUNIA_HTTP_PORT=str(port))
    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stderr
    assert "FUNIA_HTTP_PORT=" in answer.stderr
    assert not (tmp_path / "state" / "postgres").exists()


def test_a_nearly_full_disk_is_an_error_before_anything_is_written(tmp_path: Path) -> None:
    answer = _command("up", tmp_path / "state", FUNIA_MIN_FREE_DISK_MB="999999999")
    assert answer.returncode == 1
    assert "nearly full" in answer.stderr
    assert "FUNIA_MIN_FREE_DISK_MB" in answer.stderr
    assert not (tmp_path / "state" / "postgres").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("FUNIA_HTTP_PORT", "eighty"), ("FUNIA_HTTP_PORT", "70000"), ("FUNIA_DEMO", "maybe")],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    answer = _command("up", tmp_path / "state", **{name: value})
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Error: {name} is ")


def test_a_failing_migration_stops_the_start_and_shows_its_log(
    open_folder: Path, packages: Path, stand_ins: Mapping[str, str]
) -> None:
    broken = packages / "support" / "__main__.py"
    broken.write_text("import sys; sys.exit('column colour does not exist')")
    answer = _command("up", open_folder / "state", FUNIA_POSTGRES_DURABLE="0", **stand_ins)
    assert answer.returncode == 1
    assert "support-migrate failed (exit code 1)" in answer.stderr
    assert "column colour does not exist" in answer.stderr
    assert _marked(open_folder / "state") == []


def test_ctrl_c_while_starting_stops_what_was_started(
    open_folder: Path, packages: Path, stand_ins: Mapping[str, str]
) -> None:
    slow = packages / "support" / "__main__.py"
    slow.write_text("import time; time.sleep(60)")
    state = open_folder / "state"
    settings = {"FUNIA_STATE_DIR": str(state), "FUNIA_HTTP_PORT": "0", "FUNIA_POSTGRES_DURABLE": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "local_stack", "up"],
        env={**os.environ, **settings, **stand_ins},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        while "Preparing the databases." not in process.stdout.readline():
            assert process.poll() is None
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert "Funia is stopped." in process.stdout.read()
    assert process.wait(30) == 0
    assert _marked(state) == []


def test_engines_outside_are_used_where_their_urls_are_set(
    open_folder: Path, stand_ins: Mapping[str, str], stack: Stack
) -> None:
    outside = {"FUNIA_POSTGRES_URL": stack.admin_url, "FUNIA_NATS_URL": stack.nats_url, **stand_ins}
    with whole_stack(open_folder / "second", environment=outside) as second:
        assert set(second.processes) == NAMES - {"postgres", "nats"}
        assert second.admin_url == stack.admin_url
        assert second.url != stack.url
        assert json.loads((second.directory / "passwords.json").read_text())
        assert not (second.directory / "postgres").exists()
