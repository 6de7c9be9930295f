"""``python -m gateway migrate | serve [--server ...] | work | check-keys | new-keys | tenant | restore``."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Runs the command; returns the exit code."""
    if argv[:1] == ["serve"]:
        from gateway.serving import serve
        from gateway.settings import read_settings

        server = argv[2] if argv[1:2] == ["--server"] and len(argv) == 3 else "granian"
        if server not in ("granian", "gunicorn") or len(argv) not in (1, 3):
            sys.stderr.write("usage: python -m gateway serve [--server granian|gunicorn]\n")
            return 2
        return serve(read_settings(), server=server)
    if argv == ["check-keys"]:
        from gateway.serving import has_keys
        from gateway.settings import read_settings

        return 0 if has_keys(read_settings()) else 1
    if argv == ["new-keys"]:
        return _new_keys()
    if argv[:1] == ["tenant"]:
        from gateway.tenant_command import run as run_tenant

        return run_tenant(argv[1:])
    if argv[:1] == ["restore"] and len(argv) == 3:
        return _restore(argv[1], argv[2])
    if argv == ["migrate"]:
        from pathlib import Path

        from chassis.launch import migrate

        return migrate("identity", Path(__file__).parent / "identity" / "migrations")
    if argv == ["work"]:
        from chassis.process import main as run

        from gateway.worker import build_service

        # The worker answers identity's gRPC calls too: one process less on one machine.
        return run(build_service, ["all"])
    sys.stderr.write(
        "usage: python -m gateway migrate | serve [--server granian|gunicorn] | work | check-keys | new-keys | tenant"
        " | restore <archive.zip> <tenant id>\n"
    )
    return 2


def _restore(archive: str, tenant_id: str) -> int:
    """Restores the archive of a company into a new one."""
    from pathlib import Path
    from uuid import UUID

    from chassis.errors import FuniaError

    from gateway.composition import build_identity
    from gateway.settings import read_settings
    from gateway.tenancy.restoring import Restorer

    identity = build_identity(read_settings())
    try:
        done = Restorer(identity).restore(Path(archive), UUID(tenant_id))
    except (FuniaError, OSError, ValueError) as error:
        sys.stderr.write(f"Nothing more is restored: {error}\n")
        return 1
    finally:
        identity.database.close()
    for service, tables in done.items():
        for table, rows in tables.items():
            sys.stdout.write(f"{service}.{table}: {rows}\n")
    return 0


def _new_keys() -> int:
    """Drops all signing keys and makes one anew."""
    from gateway.composition import build_identity
    from gateway.settings import read_settings

    identity = build_identity(read_settings())
    kid = identity.keys.make_anew()
    identity.database.close()
    sys.stdout.write(f"The new signing key is {kid}. Restart the gateway; everybody must log in again.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
