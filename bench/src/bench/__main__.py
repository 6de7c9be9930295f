"""``python -m bench [--quick] [names...]``: measures, prints the table, keeps it. Builds everything here."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench import results
from bench.families import FAMILIES
from bench.figure import Figure
from bench.rig import rig
from bench.sizes import FULL, QUICK


def main(argv: list[str] | None = None) -> int:
    """Runs the families named, all without names; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(FAMILIES)}; all where none is named")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it runs, measures little")
    parser.add_argument("--results", type=Path, default=results.folder(), help="folder for latest.json and history")
    arguments = parser.parse_args(argv)
    unknown = [name for name in arguments.names if name not in FAMILIES]
    if unknown:
        parser.error(f"there is no figure called {unknown[0]}; choose among {', '.join(FAMILIES)}")
    names = arguments.names or list(FAMILIES)
    before = results.previous(arguments.results)
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="funia-bench-") as directory,
        rig(QUICK if arguments.quick else FULL, Path(directory), _say) as one,
    ):
        for name in FAMILIES:
            if name in names:
                figures += FAMILIES[name](one)
                results.keep(figures, arguments.results)
    sys.stdout.write(f"\n{results.table(figures, before)}\n")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")


if __name__ == "__main__":
    sys.exit(main())
