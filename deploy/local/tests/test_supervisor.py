"""The supervisor with small real programs: crashes, order of stopping, signals, logs."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from local_stack import processes
from local_stack.child import Program, StackError
from local_stack.logs import LogFolder
from local_stack.supervisor import ProcessState, RestartPolicy, StopRequested, Supervisor

QUICK = RestartPolicy(delay_s=0.02, delay_max_s=0.2, forget_after_s=30, attempts=3)
SLEEPER = "import time; print('here', flush=True); time.sleep(60)"
GENTLE = """
import signal, sys, time
def leave(number, frame):
    open(sys.argv[1], 'a').write(sys.argv[2] + ' '); sys.exit(0)
signal.signal(signal.SIGTERM, leave)
open(sys.argv[3], 'w').close()
time.sleep(60)
"""
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], 'w').close()
time.sleep(60)
"""


def _python(name: str, code: str, *arguments: object, **options: object) -> Program:
    argv = (sys.executable, "-c", code, *map(str, arguments))
    return Program(name=name, argv=argv, **options)  # type: ignore[arg-type]


def _logs(folder: Path) -> LogFolder:
    return LogFolder(folder / "logs", max_mb=1, keep=2)


def _later(seconds: float, action: Callable[[], object]) -> None:
    threading.Timer(seconds, action).start()


def _send_self(number: signal.Signals) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


def test_a_crashed_program_is_started_again_and_the_others_go_on(tmp_path: Path) -> None:
    said: list[str] = []
    states: dict[str, ProcessState] = {}

    def note(now: Mapping[str, ProcessState]) -> None:
        states.update(now)

    supervisor = Supervisor(_logs(tmp_path), policy=QUICK, say=said.append, on_change=note)
    with supervisor.handling_signals():
        supervisor.start([_python("one", SLEEPER), _python("two", SLEEPER)])
        supervisor.wait_ready(["one", "two"], timeout_s=10)
        first, other = states["one"].pid, states["two"].pid
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while states["one"].pid in (first, 0) and time.monotonic() < deadline:
            supervisor.turn(0.02)
        assert states["one"].restarts == 1
        assert states["one"].pid not in (first, 0)
        assert states["two"].pid == other
        second = states["one"].pid
    assert "one ended by itself (SIGKILL)" in said[0]
    assert [processes.start_ticks(pid) for pid in (first, second, other)] == [None, None, None]


def test_groups_are_stopped_last_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK)
    with supervisor.handling_signals():
        for name in ("engine", "service", "door"):
            started = tmp_path / name
            supervisor.start([_python(name, GENTLE, order, name, started, is_ready=started.exists)])
        supervisor.wait_ready(["engine", "service", "door"], timeout_s=10)
    assert order.read_text() == "door service engine "


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_the_watch_and_every_program(tmp_path: Path, number: signal.Signals) -> None:
    states: dict[str, ProcessState] = {}
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK, on_change=states.update)
    with supervisor.handling_signals():
        supervisor.start([_python("one", SLEEPER)])
        pid = states["one"].pid
        _later(0.3, _send_self(number))
        with pytest.raises(StopRequested, match=number.name):
            supervisor.watch(lambda: None)
    assert processes.start_ticks(pid) is None


def test_a_second_stop_signal_kills_a_program_that_ignores_the_first(tmp_path: Path) -> None:
    said: list[str] = []
    started = tmp_path / "started"
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK, say=said.append)
    began = time.monotonic()
    with supervisor.handling_signals():
        supervisor.start([_python("stubborn", STUBBORN, started, is_ready=started.exists, stop_timeout_s=60.0)])
        supervisor.wait_ready(["stubborn"], timeout_s=10)
        _later(0.1, _send_self(signal.SIGINT))
        _later(0.6, _send_self(signal.SIGINT))
        with pytest.raises(StopRequested):
            supervisor.watch(lambda: None)
    assert time.monotonic() - began < 10
    assert said == ["stubborn is killed."]


def test_a_program_that_does_not_stop_in_time_is_killed(tmp_path: Path) -> None:
    said: list[str] = []
    started = tmp_path / "started"
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK, say=said.append)
    with supervisor.handling_signals():
        supervisor.start([_python("stubborn", STUBBORN, started, is_ready=started.exists, stop_timeout_s=0.3)])
        supervisor.wait_ready(["stubborn"], timeout_s=10)
    assert said == ["stubborn is killed."]


def test_a_program_that_never_starts_is_an_error_with_the_end_of_its_log(tmp_path: Path) -> None:
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK, say=lambda line: None)
    with supervisor.handling_signals():
        broken = _python("broken", "import sys; sys.exit('no such table')", is_ready=lambda: False)
        supervisor.start([broken])
        with pytest.raises(StackError, match=r"(?s)broken stops right after its start.*no such table"):
            supervisor.wait_ready(["broken"], timeout_s=10)


def test_a_program_that_is_not_ready_in_time_is_an_error(tmp_path: Path) -> None:
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK)
    with supervisor.handling_signals():
        supervisor.start([_python("slow", SLEEPER, is_ready=lambda: False)])
        with pytest.raises(StackError, match="slow did not become ready in 0 s"):
            supervisor.wait_ready(["slow"], timeout_s=0.3)


def test_a_failing_run_to_end_stops_its_companions(tmp_path: Path) -> None:
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK)
    pid_file = tmp_path / "pid"
    companion = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    failing = f"import os, time, sys\nwhile not os.path.exists({str(pid_file)!r}): time.sleep(0.01)\nsys.exit(4)"
    with supervisor.handling_signals():
        with pytest.raises(StackError, match=r"failing failed \(exit code 4\)"):
            supervisor.run_to_end([_python("companion", companion), _python("failing", failing)], timeout_s=20)
        supervisor.run_to_end([_python("fine", "pass")], timeout_s=20)
    assert processes.start_ticks(int(pid_file.read_text() or "0")) is None


def test_a_crash_takes_the_children_of_the_program_with_it(tmp_path: Path) -> None:
    pid_file = tmp_path / "child"
    code = f"""
import subprocess, time
child = subprocess.Popen(['sleep', '60'])
with open({str(pid_file)!r}, 'a') as file: file.write(f'{{child.pid}}\\n')
time.sleep(60)
"""
    states: dict[str, ProcessState] = {}
    supervisor = Supervisor(_logs(tmp_path), policy=QUICK, say=lambda line: None, on_change=states.update)
    with supervisor.handling_signals():
        supervisor.start([_python("parent", code, is_ready=pid_file.exists)])
        supervisor.wait_ready(["parent"], timeout_s=10)
        orphan = int(pid_file.read_text().split()[0])
        os.kill(states["parent"].pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while states["parent"].restarts == 0 and time.monotonic() < deadline:
            supervisor.turn(0.02)
        assert processes.start_ticks(orphan) is None


def test_a_hard_killed_supervisor_leaves_no_program_behind(tmp_path: Path) -> None:
    script = """
import pathlib, sys
from local_stack.child import Program
from local_stack.logs import LogFolder
from local_stack.supervisor import Supervisor
states = {}
supervisor = Supervisor(LogFolder(pathlib.Path(sys.argv[1]), max_mb=1, keep=1), on_change=states.update)
with supervisor.handling_signals():
    supervisor.start([Program(name=n, argv=('sleep', '60')) for n in ('one', 'two')])
    print(states['one'].pid, states['two'].pid, flush=True)
    supervisor.watch(lambda: None)
"""
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        pids = [int(word) for word in parent.stdout.readline().split()]
    assert all(processes.start_ticks(pid) is not None for pid in pids)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while any(processes.start_ticks(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [processes.start_ticks(pid) for pid in pids] == [None, None]


def test_a_log_over_its_size_is_rotated_and_the_writer_goes_on(tmp_path: Path) -> None:
    logs = _logs(tmp_path)
    with logs.open("chatty") as output:
        for round_number in range(4):
            output.write(b"x" * (1024 * 1024 + 1))
            output.write(f"round {round_number}\n".encode())
            logs.rotate()
        output.write(b"after\n")
    assert logs.path("chatty").read_bytes() == b"after\n"
    kept = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert kept == ["chatty.log", "chatty.log.1", "chatty.log.2"]
    assert (tmp_path / "logs" / "chatty.log.1").read_bytes().endswith(b"round 3\n")
    assert (tmp_path / "logs" / "chatty.log.2").read_bytes().endswith(b"round 2\n")


def test_the_supervisor_rotates_while_it_watches(tmp_path: Path) -> None:
    logs = _logs(tmp_path)
    with logs.open("chatty") as output:
        output.write(b"x" * (1024 * 1024 + 1))
    supervisor = Supervisor(logs, policy=QUICK)
    with supervisor.handling_signals():
        supervisor.start([_python("one", SLEEPER)])
        supervisor.turn(0.01)
    assert logs.path("chatty").stat().st_size == 0
