"""``python -m sdkgen write | check | release``: the SDK's generated code, and the promise that the API keeps.

`check` fails where the code is not what the document says, and where the document breaks callers of the release.
`release` makes the document of now the promise; it is refused while it would break the one before.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sdkgen.compatibility import RELEASED, broken_promises, read_released, write_released
from sdkgen.document import current_document
from sdkgen.writing import drift, write

GENERATED = Path(__file__).resolve().parents[3] / "sdk" / "src" / "funia_sdk" / "generated"


def main(arguments: list[str]) -> int:
    """Runs the command; returns the exit code."""
    if arguments not in (["write"], ["check"], ["release"]):
        sys.stderr.write("usage: python -m sdkgen write | check | release\n")
        return 2
    document = current_document()
    if arguments == ["write"]:
        write(document, GENERATED)
        return 0
    problems = [f"{name} of the SDK is not up to date; run make sdk" for name in drift(document, GENERATED)]
    problems += [f"breaks callers of the API: {one}" for one in broken_promises(read_released(), document)]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if not problems and arguments == ["release"]:
        write_released(document)
        sys.stdout.write(f"{RELEASED.name} written\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
