"""Holds the contract to buf's rules: style, and compatibility with what was released last (else with HEAD).

Works on descriptor images made by protoc, so that no registry is asked for imports. Waivers stand in buf.yaml.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

from generate import PROTOS, write_image

_CONFIG = str(PROTOS / "buf.yaml")


def main() -> int:
    """Lint and compare; returns the exit status."""
    with tempfile.TemporaryDirectory() as directory:
        image = Path(directory, "now.binpb")
        write_image(PROTOS, image)
        status = _buf("lint", str(image))
        base = base_of(PROTOS)
        if base is None:
            print("nothing released or committed yet to compare with", file=sys.stderr)
            return status
        return status or breaking(image, base, Path(directory))


def breaking(image: Path, base: str, directory: Path) -> int:
    """Compare an image with the protos of a revision; returns buf's exit status."""
    old = directory / "base"
    archive = _git("archive", base, "funia")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(old, filter="data")
    before = directory / "base.binpb"
    write_image(old, before)
    return _buf("breaking", str(image), "--against", str(before))


def base_of(directory: Path) -> str | None:
    """The latest v* tag, else HEAD; None where the protos are in neither."""
    for arguments in (("describe", "--tags", "--match", "v*", "--abbrev=0"), ("rev-parse", "--verify", "HEAD")):
        try:
            base = _git(*arguments, directory=directory).decode().strip()
            _git("cat-file", "-e", f"{base}:./funia", directory=directory)
        except subprocess.CalledProcessError:
            continue
        return base
    return None


def _git(*arguments: str, directory: Path = PROTOS) -> bytes:
    return subprocess.run(["git", *arguments], cwd=directory, check=True, capture_output=True).stdout


def _buf(*arguments: str) -> int:
    buf = shutil.which("buf", path=sysconfig.get_path("scripts")) or "buf"
    return subprocess.run([buf, *arguments, "--config", _CONFIG], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
