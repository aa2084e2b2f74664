"""Options that the commands of an auditor share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the state (or AFTERCARE_HOME).", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document a line on standard output, one line a case.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=256, help="Processes at once.", metavar="N")]
ShowProgress = Annotated[
    bool | None,
    typer.Option("--progress/--no-progress", help="Progress on standard error; by itself only on a terminal."),
]
