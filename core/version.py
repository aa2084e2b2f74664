"""Which version of the code this is."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_SOURCES = ("core", "domain", "store", "activities", "workflows", "api")
_DECIDING = ("temporalio", "pydantic", "holidays", "cryptography", "typst")


def code_version() -> str:
    """Returns the version of the product, as it was released."""
    try:
        return metadata.version("aftercare")
    except metadata.PackageNotFoundError:
        return "unreleased"


@cache
def source_fingerprint() -> str:
    """Returns the SHA-256 over every source file of ours by name and content: two builds with the same are the same."""
    digest = hashlib.sha256()
    for path in sorted(path for layer in _SOURCES for path in (_ROOT / layer).rglob("*.py")):
        digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Returns the versions of the libraries that what a case does depends on."""
    return {name: metadata.version(name) for name in _DECIDING}
