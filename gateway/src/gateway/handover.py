"""Granian whose workers are replaced by newly installed code without one refused or broken connection. Linux only.

At SIGHUP the process executes itself anew, with the same id and the same listening sockets. Former workers serve until
new ones are ready; then they accept nothing more, close each connection with its next answer, and go. It reaches into
how granian makes its workers, so gateway/tests/app/test_handover.py holds it to the pinned version.
"""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from granian._granian import ListenerSpec, SocketHolder
from granian.server.mp import MPServer, WorkerProcess

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_VARIABLE = "FUNIA_HANDED_OVER"
_CLOSE = signal.SIGUSR1
_LEAVE = signal.SIGUSR2
# Kept back from just before the process executes itself until its successor can handle them.
_HELD_BACK = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_POLL_S = 0.05

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long connections are given, in seconds."""

    drain_s: float
    finish_s: float
    stop_drain_s: float


@dataclass(frozen=True, slots=True)
class Former:
    """What the process had before it executed itself: listening sockets, and workers that still serve on them."""

    sockets: tuple[int, ...] = ()
    workers: tuple[int, ...] = ()


class HandoverServer(MPServer):
    """Each worker has a listening socket of its own, which its successor takes over with all connections that wait."""

    def __init__(self, target: str, *, patience: Patience, **options: Any) -> None:
        super().__init__(target, **options)
        self._patience = patience
        self._former = _former()
        self._sockets: list[SocketHolder] = []
        self._ready: dict[int, Any] = {}
        self._stopping = threading.Event()

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Starts the workers; where there are former ones, they are seen off when the new ones are ready."""
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        if self._former.workers:
            threading.Thread(target=self._see_off, name="handover", daemon=True).start()

    def _init_shared_socket(self) -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)
        spec = ListenerSpec(self.bind_addr, self.bind_port, self.backlog)
        kept, left_over = self._former.sockets[: self.workers], self._former.sockets[self.workers :]
        # The stub of the class does not know what it is made of.
        holder: Any = SocketHolder
        self._sockets = [holder(descriptor, False, self.backlog) for descriptor in kept]
        self._sockets += [spec.build() for _ in range(self.workers - len(kept))]
        for descriptor in left_over:
            os.close(descriptor)
        self._ssp = self._shd = self._sso = None

    def _drop_shared_socket(self) -> None:
        for holder in self._sockets:
            os.close(holder.get_fd())

    def _spawn_worker(  # type: ignore[override]
        self, idx: int, target: Any, callback_loader: Callable[[], WsgiApp]
    ) -> WorkerProcess:
        own = self._sockets[idx]
        self._shd = own  # type: ignore[assignment]
        self._ready[idx] = multiprocessing.get_context("fork").Event()
        loader = _Loader(callback_loader, own.get_fd(), self._ready[idx])
        return super()._spawn_worker(idx=idx, target=target, callback_loader=loader)

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        self.reload_signal = False
        if not self.interrupt_signal:
            self.main_loop_interrupt.clear()
        module = self.target.partition(":")[0]
        check = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True, check=False)
        if check.returncode != 0:
            log.error("the installed code cannot be loaded, so the running code stays: %s", check.stderr[-2000:])
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, _HELD_BACK)
        if self.interrupt_signal:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)
            return
        sockets = [holder.get_fd() for holder in self._sockets]
        for descriptor in sockets:
            os.set_inheritable(descriptor, True)
        workers = [*self._former.workers, *(worker.inner.pid for worker in self.wrks)]
        os.environ[_VARIABLE] = json.dumps({"sockets": sockets, "workers": workers})
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])

    def _stop_workers(self) -> None:
        self._stopping.set()
        if self._patience.stop_drain_s:
            for index, worker in enumerate(self.wrks):
                if self._ready[index].is_set():
                    _send(worker.inner.pid, _CLOSE)
            time.sleep(self._patience.stop_drain_s)
        for pid in self._former.workers:
            _send(pid, signal.SIGTERM)
        super()._stop_workers()  # type: ignore[no-untyped-call]
        _wait(self._former.workers, 0)

    def _see_off(self) -> None:
        """Lets former workers go, once new ones are ready to take what they leave."""
        while not all(event.is_set() for event in self._ready.values()):
            if self._stopping.wait(_POLL_S):
                return
        for pid in self._former.workers:
            _send(pid, _CLOSE)
            _send(pid, _LEAVE)
        if self._stopping.wait(self._patience.drain_s):
            return
        for pid in self._former.workers:
            _send(pid, signal.SIGTERM)
        _wait(self._former.workers, self._patience.finish_s)
        self._former = Former()


@dataclass
class _Loader:
    """Loads the app in a worker, and lets the worker be told to go."""

    load: Callable[[], WsgiApp]
    descriptor: int
    ready: Any
    closes: bool = field(default=False)

    def __call__(self) -> WsgiApp:
        # A thread waits for them: a handler would run only when the main thread happens to wake.
        signal.pthread_sigmask(signal.SIG_BLOCK, (_CLOSE, _LEAVE))
        threading.Thread(target=self._obey, name="handover", daemon=True).start()
        app = self.load()
        self.ready.set()

        def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if not self.closes:
                return app(environ, start_response)

            def start_last(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
                return start_response(status, [*headers, ("Connection", "close")], exc_info)

            return app(environ, start_last)

        return serve

    def _obey(self) -> None:
        while True:
            if signal.sigwait((_CLOSE, _LEAVE)) == _CLOSE:
                self.closes = True
            else:
                self._leave()

    def _leave(self) -> None:
        """From now on the worker listens where nobody calls; the socket itself stays open in its successor."""
        nobody = socket.create_server(("127.0.0.1", 0), backlog=1)
        nobody.setblocking(False)
        os.dup2(nobody.fileno(), self.descriptor, inheritable=False)
        nobody.close()


def _former() -> Former:
    text = os.environ.pop(_VARIABLE, "")
    if not text:
        return Former()
    values = json.loads(text)
    for descriptor in values["sockets"]:
        os.set_inheritable(descriptor, False)
    return Former(tuple(values["sockets"]), tuple(values["workers"]))


def _send(pid: int | None, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if pid:
            os.kill(pid, number)


def _wait(pids: Iterable[int], timeout_s: float) -> None:
    """Returns when all of them are gone; who still works after `timeout_s` is killed."""
    left = set(pids)
    deadline = time.monotonic() + timeout_s
    while left:
        for pid in tuple(left):
            try:
                gone = os.waitpid(pid, os.WNOHANG)[0] == pid
            except ChildProcessError:
                gone = True
            if gone:
                left.discard(pid)
            elif time.monotonic() > deadline:
                log.warning("worker %s has not finished in %.0f s and is killed", pid, timeout_s)
                _send(pid, signal.SIGKILL)
        time.sleep(_POLL_S if left else 0)
