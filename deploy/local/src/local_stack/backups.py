"""Backs a whole installation up into one file, and brings it back on an empty machine.

The stack must be stopped: then databases, streams, files and stores are of one moment. The file holds every secret of
the installation and every row of its companies.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

from local_stack.child import StackError
from local_stack.postgres import PostgresServer, PostgresSettings
from local_stack.postgres_install import major_version
from local_stack.settings import StackSettings
from local_stack.state_folder import StateFolder

_FORMAT = 1
_MANIFEST = "manifest.json"
_STATE, _CLUSTER = "state", "cluster"
_POSTGRES = "postgres"
_OF_POSTGRES = "admin-password"
_LEFT_OUT = ("run", "logs")
_CHUNK_BYTES = 1024 * 1024


def backup(settings: StackSettings, file: Path) -> int:
    """Writes the installation of `settings` into `file`; returns how many files it holds.

    StackError where the stack runs, was not stopped cleanly, or has an engine outside; then nothing is left behind.
    """
    folder = _folder(settings)
    with folder.locked():
        if not (folder.path / "passwords.json").is_file():
            raise StackError(f"There is no installation in {folder.path} to back up.")
        cluster = _server(settings, folder).cluster
        if (cluster / "postmaster.pid").exists():
            raise StackError("PostgreSQL was not stopped cleanly. Start the stack and stop it once, then back it up.")
        if file.exists():
            raise StackError(f"{file} is there already. Choose another name: a backup never replaces one.")
        unfinished = file.with_name(f"{file.name}.unfinished")
        try:
            count = _write(unfinished, folder.path, cluster)
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
    return count


def restore(settings: StackSettings, file: Path) -> int:
    """Brings the installation in `file` into the empty state folder of `settings`; returns how many files it held.

    Compares every file with its digest first. StackError where one is spoilt, where the folder holds an installation
    already, or where PostgreSQL is of another version; then nothing is changed.
    """
    folder = _folder(settings)
    with folder.locked():
        if held := _held(folder):
            raise StackError(f"{folder.path} is not empty ({held[0].name}). Restore into an empty FUNIA_STATE_DIR.")
        version, count = _compared(file)
        try:
            with tarfile.open(file) as archive:
                _unpack(archive, _STATE, folder.path)
                _place_cluster(archive, _server(settings, folder), version)
        except BaseException:
            for path in _held(folder):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            raise
    return count


def _folder(settings: StackSettings) -> StateFolder:
    if settings.postgres_url or settings.nats_url:
        raise StackError("An engine is outside (FUNIA_POSTGRES_URL, FUNIA_NATS_URL): back it up by its own means.")
    return StateFolder(settings.state_dir)


def _held(folder: StateFolder) -> list[Path]:
    """What of an installation is in the folder."""
    return [path for path in folder.path.iterdir() if path.name not in _LEFT_OUT]


def _write(file: Path, state: Path, cluster: Path) -> int:
    # Closed to others from its first byte.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as archive:
            digests = {name: _add(archive, path, name) for path, name in _contents(state, cluster)}
            version = (cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
            manifest = {"format": _FORMAT, "postgresql": version, "files": digests}
            _add_bytes(archive, _MANIFEST, json.dumps(manifest).encode())
        output.flush()
        os.fsync(output.fileno())
    return len(digests)


def _place_cluster(archive: tarfile.TarFile, server: PostgresServer, version: str) -> None:
    """Unpacks the cluster where PostgreSQL looks for it, under the account that runs it."""
    installed = major_version(server.installation.programs)
    if str(installed) != version:
        raise StackError(
            f"The backup is of PostgreSQL {version}, here is {installed}. Restore with the former release."
        )
    staged = server.cluster.with_name("cluster.new")
    try:
        _unpack(archive, _CLUSTER, staged)
        staged.chmod(0o700)
        if account := server.installation.account:
            for path in (staged, *staged.rglob("*")):
                os.chown(path, account.uid, account.gid, follow_symlinks=False)
        staged.rename(server.cluster)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _server(settings: StackSettings, folder: StateFolder) -> PostgresServer:
    own = PostgresSettings(account=settings.postgres_account, fallback_dir=settings.postgres_fallback_dir)
    return PostgresServer(folder.path / _POSTGRES, own)


def _contents(state: Path, cluster: Path) -> Iterator[tuple[Path, str]]:
    """Everything to keep, with its name in the archive; folders too, since PostgreSQL needs empty ones."""
    for top in sorted(state.iterdir()):
        if top.name == _POSTGRES:
            yield top / _OF_POSTGRES, f"{_STATE}/{_POSTGRES}/{_OF_POSTGRES}"
        elif top.name not in _LEFT_OUT:
            yield from ((path, f"{_STATE}/{path.relative_to(state)}") for path in (top, *sorted(top.rglob("*"))))
    yield from ((path, f"{_CLUSTER}/{path.relative_to(cluster)}") for path in sorted(cluster.rglob("*")))


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Adds a file, a folder or a link; returns the digest of what it read, which of a folder is ""."""
    entry = archive.gettarinfo(path, name)
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    if entry.issym() or entry.isdir():
        archive.addfile(entry)
        return f"-> {entry.linkname}" if entry.issym() else ""
    if not (entry.isreg() or entry.islnk()):
        raise StackError(f"{path} is neither a file, a folder nor a link; a backup would lose it.")
    # Hard links would refer to each other; each becomes a file of its own.
    entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", path.stat().st_size
    with path.open("rb") as content:
        digesting = _Digesting(content)
        archive.addfile(entry, digesting)
    return digesting.digest()


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(content))


class _Digesting:
    """Reads on, and knows the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self._hash.update(chunk)
        return chunk

    def digest(self) -> str:
        return self._hash.hexdigest()


def _compared(file: Path) -> tuple[str, int]:
    """Version of PostgreSQL and number of files, once every one of them is what was backed up."""
    found: dict[str, str] = {}
    manifest: Mapping[str, object] | None = None
    try:
        with tarfile.open(file) as archive:
            for entry in archive:
                content = None if entry.issym() else archive.extractfile(entry)
                if entry.name == _MANIFEST and content is not None:
                    manifest = json.loads(content.read())
                elif entry.issym():
                    found[entry.name] = f"-> {entry.linkname}"
                else:
                    found[entry.name] = "" if content is None else _digest(content.read)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise StackError(f"{file} is spoilt ({error}). Nothing was changed; take another backup.") from error
    if manifest is None or manifest.get("format") != _FORMAT:
        raise StackError(f"{file} is no whole backup of this kind. Nothing was changed.")
    wanted = manifest["files"]
    assert isinstance(wanted, dict)
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if wrong:
        raise StackError(f"{file} is spoilt: {wrong[0]} is not what was backed up. Nothing was changed.")
    return str(manifest["postgresql"]), len(found)


def _digest(read: Callable[[int], bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _unpack(archive: tarfile.TarFile, part: str, target: Path) -> None:
    """Unpacks one part of the archive; never outside of `target`."""
    target.mkdir(exist_ok=True)
    for entry in archive.getmembers():
        if entry.name.startswith(f"{part}/"):
            own = entry.replace(name=entry.name.removeprefix(f"{part}/"), deep=False)
            # A folder keeps its mode, and a link may not lead outside.
            archive.extract(own, target, filter="data" if own.issym() else "tar")
