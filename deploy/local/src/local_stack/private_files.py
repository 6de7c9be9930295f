"""Writes files only their owner may read (passwords, keys), whole or not at all."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

_PASSWORD_BYTES = 24


def write_private(path: Path, text: str, *, synced: bool = True) -> None:
    """Replaces `path` in one step; the new file has mode 0600 from its first byte and is
    on disk on return unless `synced` is false."""
    staged = path.with_name(f".{path.name}.{os.getpid()}.new")
    staged.unlink(missing_ok=True)
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        if synced:
            file.flush()
            os.fsync(file.fileno())
    staged.replace(path)


def write_private_json(path: Path, value: Any, *, synced: bool = True) -> None:
    write_private(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n", synced=synced)


def kept_password(path: Path, *, password: str = "") -> str:
    """The password in `path`; on the first call `password`, or a random one, is put there."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        password = password or secrets.token_urlsafe(_PASSWORD_BYTES)
        write_private(path, password + "\n")
        return password
