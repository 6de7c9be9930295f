"""Reads what running processes use of memory, from /proc: Linux only, like the local stack's supervisor."""

from __future__ import annotations

from pathlib import Path

_PROC = Path("/proc")


def peak_rss_mb(pid: int) -> float:
    """The most resident memory a process had since `forget_peak`, or since its start."""
    return _kib(_PROC / str(pid) / "status", "VmHWM") / 1024


def forget_peak(pid: int) -> None:
    """Starts the peak of a process anew."""
    (_PROC / str(pid) / "clear_refs").write_text("5")


def proportional_mb(root: int) -> float:
    """PSS of a process and all that descend from it: shared pages are divided among those who share them."""
    return sum(_kib(_PROC / str(pid) / "smaps_rollup", "Pss") for pid in (root, *_descendants(root))) / 1024


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found: list[int] = []
    open_ends = [root]
    while open_ends:
        born = children.get(open_ends.pop(), [])
        found += born
        open_ends += born
    return found


def _kib(file: Path, name: str) -> int:
    try:
        for line in file.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0
