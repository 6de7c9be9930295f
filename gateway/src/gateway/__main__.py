"""``python -m gateway migrate | serve [--server granian|gunicorn] | work``."""

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
    if argv in (["migrate"], ["work"]):
        from chassis.process import main as run

        from gateway.worker import build_service

        # The worker answers identity's gRPC calls too: one process less on one machine.
        return run(build_service, ["all" if argv == ["work"] else "migrate"])
    sys.stderr.write("usage: python -m gateway migrate | serve [--server granian|gunicorn] | work\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
