"""Installs what requirements.lock names into the environment whose Python runs this: by uv, and by pip where uv fails.

Both check every hash and build nothing. uv reads none of pip's settings, so it is told where pip looks for packages.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PIP = [sys.executable, "-m", "pip"]
RULES = ["--require-hashes", "--only-binary", ":all:"]
SCOPES = ("global", "site", "user", "install", ":env:", ":env:.install")
"""Sections of pip's settings, the one that counts most last."""
AS_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
AS_OPTIONS = {"find-links": "--find-links", "trusted-host": "--allow-insecure-host"}


def settings_of_pip() -> dict[str, str]:
    """Returns pip's settings by their names, from its files and its environment."""
    told = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=True).stdout
    found: dict[str, tuple[int, str]] = {}
    for line in told.splitlines():
        name, _, value = line.partition("=")
        scope, _, key = name.rpartition(".")
        rank = SCOPES.index(scope) if scope in SCOPES else -1
        if rank >= found.get(key, (-1, ""))[0]:
            found[key] = (rank, str(ast.literal_eval(value)))
    return {key: value for key, (rank, value) in found.items() if rank >= 0}


def for_uv(settings: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """Returns the options and the variables that make uv look where pip would."""
    options = [
        part for key, option in AS_OPTIONS.items() for one in settings.get(key, "").split() for part in (option, one)
    ]
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        options.append("--no-index")
    variables = {name: " ".join(settings[key].split()) for key, name in AS_VARIABLES.items() if key in settings}
    return options, variables


def by_uv(lock: Path) -> bool:
    """Installs uv as the lock names it, and the rest with it; tells whether that worked."""
    own = re.search(r"^uv==(?:.*\\\n)*.*", lock.read_text(encoding="utf-8"), re.MULTILINE)
    if own is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "uv.lock"
        alone.write_text(own.group() + "\n", encoding="utf-8")
        if subprocess.run([*PIP, "install", "--quiet", *RULES, "-r", str(alone)], check=False).returncode:
            return False
    options, variables = for_uv(settings_of_pip())
    # pip takes a version from whichever index has it; the hashes say that it is the right one
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--no-config",
        "--python",
        sys.executable,
        *RULES,
    ]
    command += ["--index-strategy", "unsafe-best-match", "--compile-bytecode", *options, "-r", str(lock)]
    return subprocess.run(command, env={**os.environ, **variables}, check=False).returncode == 0


def main(lock: Path) -> int:
    """Installs and returns the exit status."""
    if by_uv(lock):
        return 0
    sys.stderr.write("uv could not install everything; pip takes over and is slower\n")
    return subprocess.run([*PIP, "install", "--quiet", *RULES, "-r", str(lock)], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
