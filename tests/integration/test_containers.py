"""The image runs in a container engine as deploy/compose.yaml says: hardened, in order, useful, and stopped well.

`make soak` runs it where an engine answers that has the images. Build ours first:
docker build -f deploy/images/Dockerfile -t funia .
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import docker
import httpx
import pytest
import yaml
from docker.errors import DockerException, NotFound
from docker.models.containers import Container
from local_stack.engines import containers_answer
from local_stack.ports import free_port
from local_stack.secret_files import Engines, write_secret_files

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

COMPOSE = Path(__file__).parents[2] / "deploy" / "compose.yaml"
OURS = "funia:latest"
PATIENCE_S = 600
STOP_S = 25
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")
PROBE = """
import os, pathlib, sys
assert (os.getuid(), os.getgid()) == (10001, 10001), os.getuid()
for folder in ("/", "/etc", "/opt/funia", "/usr/bin", "/home"):
    try:
        pathlib.Path(folder, "written").write_text("x")
    except OSError:
        continue
    sys.exit(f"{folder} can be written to")
for folder in ("/tmp", os.environ["FUNIA_STATE_DIR"]):
    pathlib.Path(folder, "written").write_text("x")
    pathlib.Path(folder, "written").unlink()
"""


@dataclass
class Composed:
    """The services of the compose file as containers, started in the order it asks for."""

    client: docker.DockerClient
    variables: Mapping[str, str]
    secrets: Path
    prefix: str = field(default_factory=lambda: f"funia-{uuid4().hex[:6]}")
    services: Mapping[str, Any] = field(default_factory=lambda: yaml.safe_load(COMPOSE.read_text())["services"])
    running: dict[str, Container] = field(default_factory=dict)

    def up(self) -> None:
        self.client.networks.create(self.prefix)
        for name in self.services:
            self._start(name)
        for name in self.endless():
            self._until(f"{name} is healthy", lambda name=name: self._is_healthy(name), name)

    def down(self) -> None:
        for container in self.running.values():
            container.remove(force=True, v=True)
        for network in self.client.networks.list(names=[self.prefix]):
            network.remove()
        for volume in self.client.volumes.list():
            if volume.name.startswith(self.prefix):
                volume.remove(force=True)

    def endless(self) -> list[str]:
        """Processes of ours that stay."""
        return [
            name
            for name, one in self.services.items()
            if one["image"] == OURS and one.get("restart") == "unless-stopped"
        ]

    def _start(self, name: str) -> None:
        if name in self.running:
            return
        service = self.services[name]
        for other, wanted in service.get("depends_on", {}).items():
            self._start(other)
            self._await(other, wanted["condition"])
        environment = {key: self._filled(str(value)) for key, value in service.get("environment", {}).items()}
        for file in service.get("env_file", ()):
            lines = (self.secrets / Path(file).name).read_text().splitlines()
            environment |= dict(line.split("=", 1) for line in lines)
        mounts = dict(volume.split(":", 1) for volume in service.get("volumes", ()))
        published = [self._filled(port).split(":") for port in service.get("ports", ())]
        self.running[name] = self.client.containers.run(
            service["image"],
            service.get("command"),
            detach=True,
            name=f"{self.prefix}-{name}",
            environment=environment,
            user=service.get("user", ""),
            read_only=service.get("read_only", False),
            cap_drop=service.get("cap_drop"),
            security_opt=service.get("security_opt"),
            tmpfs=dict.fromkeys(service.get("tmpfs", ()), ""),
            volumes={f"{self.prefix}-{volume}": {"bind": path, "mode": "rw"} for volume, path in mounts.items()},
            ports={f"{inside}/tcp": (host, int(outside)) for host, outside, inside in published},
            network=self.prefix,
            networking_config={self.prefix: self.client.api.create_endpoint_config(aliases=[name])},
        )

    def _await(self, name: str, condition: str) -> None:
        if condition == "service_completed_successfully":
            self._until(f"{name} has ended", lambda: self._state(name) == "exited", name)
            assert self.running[name].attrs["State"]["ExitCode"] == 0, self.log(name)
        elif condition == "service_healthy":
            self._until(f"{name} is healthy", lambda: self._is_healthy(name), name)

    def _is_healthy(self, name: str) -> bool:
        assert self._state(name) == "running", self.log(name)
        return self.execute(name, self.services[name]["healthcheck"]["test"][1:])[0] == 0

    def execute(self, name: str, command: list[str]) -> tuple[int, str]:
        """Exit code and output of a command inside."""
        code, output = self.running[name].exec_run(command)
        return code, output.decode(errors="replace")

    def _state(self, name: str) -> str:
        self.running[name].reload()
        return str(self.running[name].status)

    def log(self, name: str) -> str:
        return self.running[name].logs(tail=30).decode(errors="replace")

    def _until(self, what: str, seen: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not seen():
            assert time.monotonic() < deadline, f"not in time: {what}\n{self.log(name)}"
            time.sleep(0.5)

    def _filled(self, text: str) -> str:
        return _VARIABLE.sub(lambda found: self.variables.get(found[1], found[2]), text)


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    if not containers_answer():
        pytest.skip("no container engine answers")
    client = docker.from_env(timeout=120)
    for image in {one["image"] for one in yaml.safe_load(COMPOSE.read_text())["services"].values()}:
        try:
            client.images.get(image)
        except NotFound:
            try:
                client.images.pull(image)
            except DockerException as error:
                client.close()
                pytest.skip(f"the engine neither has nor gets the image {image}: {error}")
    secrets = tmp_path_factory.mktemp("secrets")
    write_secret_files(secrets, Engines())
    http, live = free_port(), free_port()
    variables = {
        "FUNIA_HTTP_PORT": str(http),
        "FUNIA_LIVE_PORT": str(live),
        "FUNIA_ISSUER": f"http://127.0.0.1:{http}",
        "FUNIA_LIVE_URL": f"http://127.0.0.1:{live}",
        "FUNIA_EMAIL_CONFIRMATION_REQUIRED": "false",
    }
    started = Composed(client, variables, secrets)
    try:
        started.up()
        yield started
    finally:
        started.down()
        client.close()


def test_a_company_signs_up_and_finds_what_it_entered(composed: Composed) -> None:
    with httpx.Client(base_url=composed.variables["FUNIA_ISSUER"], timeout=60, trust_env=False) as http:
        email, password = "boss@containers.example", "correct horse battery staple"
        form = {"company_name": "Containers", "full_name": "The Boss", "email": email, "password": password}
        assert http.post("/v1/sign-up", json=form).status_code == 201
        csrf = http.post("/v1/log-in", json={"email": email, "password": password}).json()["csrf_token"]
        headers = {"X-CSRF-Token": csrf, "Idempotency-Key": uuid4().hex}
        made = http.post("/v1/contacts", json={"given_name": "Vasilka"}, headers=headers)
        assert made.status_code == 201, made.text
        deadline = time.monotonic() + 120
        while not (found := http.get("/v1/customers:search", params={"query": "vasilka"}).json()).get("hits"):
            assert time.monotonic() < deadline, "the search does not find what was entered"
            time.sleep(0.5)
        assert [hit["id"] for hit in found["hits"]] == [made.json()["id"]]
        assert http.get("/readyz?parts=all").json() == {"status": "ready", "failures": {}}


def test_no_process_is_root_or_can_write_to_its_root(composed: Composed) -> None:
    for name in composed.endless():
        assert composed.execute(name, ["python", "-c", PROBE]) == (0, ""), name


def test_every_process_stops_well_when_told_to(composed: Composed) -> None:
    for name in reversed(composed.endless()):
        container = composed.running[name]
        began = time.monotonic()
        container.stop(timeout=STOP_S)
        container.reload()
        assert container.attrs["State"]["ExitCode"] == 0, composed.log(name)
        assert time.monotonic() - began < STOP_S
