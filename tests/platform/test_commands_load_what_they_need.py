"""What answers requests and what speaks to the engine take a second to load: commands that need neither do without."""

from __future__ import annotations

import subprocess
import sys

DEAR = ("fastapi", "temporalio.client", "authlib", "PIL.Image")


def test_a_start_and_what_is_asked_of_the_api_load_neither_the_api_nor_the_engines_client() -> None:
    modules = "cli, core.embedded.up, api.commands.people, api.commands.knowledge, api.commands.cases"
    code = f"import sys, {modules}; print(*sorted(set({DEAR}) & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout == "\n"
