"""Keeps the golden histories of a release: `python -m tests.goldens.keep VERSION`, on the day it is made.

From then on they are replayed by the tests for ever, and never recorded anew: they are what cases of that version ran.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def keep(version: str, folder: Path = FOLDER) -> list[Path]:
    """Copies the present golden histories to the version's folder. Raises FileExistsError when it has one."""
    kept = folder / version
    kept.mkdir()
    return [Path(shutil.copy(file, kept)) for file in sorted(folder.glob("*.json"))]


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch(r"\d+\.\d+(\.\d+)?", sys.argv[1]):
        sys.exit(__doc__)
    print(f"{len(keep(sys.argv[1]))} histories kept")  # noqa: T201 - a program for the command line
