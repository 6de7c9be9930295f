"""Random secrets and what is kept of them: the database holds SHA-256 hashes. What is read again goes to the vault."""

from __future__ import annotations

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> bytes:
    """What the database keeps of a random secret. Not for passwords: those need a slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()
