"""What partners install: a wheel that carries its types and needs nothing of the platform."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import httpx2

SDK = Path(__file__).resolve().parents[1]


def test_the_wheel_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", str(tmp_path), str(SDK)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    (wheel,) = tmp_path.glob("funia_sdk-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"funia_sdk/py.typed", "funia_sdk/generated/contacts.py", "funia_sdk/generated/models.py"} <= names
    # Pure Python is importable from the archive itself; -S keeps this environment's own copy out of the way.
    dependencies = str(Path(httpx2.__file__).parents[1])
    program = (
        f"import sys; sys.path[:0] = [{str(wheel)!r}]; sys.path.append({dependencies!r})\n"
        "import funia_sdk; assert '.whl' in funia_sdk.__file__\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('chassis', 'gateway', 'funia', 'grpc')]\n"
    )
    subprocess.run([sys.executable, "-S", "-c", program], check=True, timeout=60)
