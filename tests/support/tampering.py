"""Ways to tamper with an archive, each as somebody would who knows how it is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from core.signing import SigningKeys
from domain.record.manifest import Part
from store.archives.packing import info_of
from store.archives.writing import as_json, signature_json

Entries = dict[str, bytes]


def entries_of(path: Path) -> Entries:
    """Every entry of an archive with its bytes, in order."""
    with ZipFile(path) as packed:
        return {info.filename: packed.read(info) for info in packed.infolist()}


def pack(path: Path, entries: Mapping[str, bytes]) -> Path:
    """Packs entries as archives are packed, whatever they hold."""
    sealed = {one["name"] for one in manifest_of(entries).get("entries", ()) if one.get("sealed")} | {
        Part.SIGNATURE.value
    }
    path.unlink(missing_ok=True)
    with ZipFile(path, "x", compresslevel=6) as packed:
        for name, content in entries.items():
            with packed.open(info_of(name, sealed=name in sealed), "w") as entry:
                entry.write(content)
    return path


def changed(path: Path, change: Callable[[Entries], None]) -> Path:
    """Changes entries of an archive and packs it again."""
    entries = entries_of(path)
    change(entries)
    return pack(path, entries)


def manifest_of(entries: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest among these entries, empty where there is none."""
    try:
        found = json.loads(entries[Part.MANIFEST])
    except (KeyError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def restate(entries: Entries, /, *names: str, **values: Any) -> None:
    """Makes the manifest say what these entries hold by now, and these values."""
    manifest = manifest_of(entries) | values
    for one in manifest["entries"]:
        if one["name"] in names:
            one |= {"sha256": hashlib.sha256(entries[one["name"]]).hexdigest(), "bytes": len(entries[one["name"]])}
            if one["name"] == Part.PLAN:
                manifest["plan"]["sha256"] = one["sha256"]
    entries[Part.MANIFEST] = as_json(manifest)


def sign(entries: Entries, signing: SigningKeys) -> None:
    """Signs the manifest anew with a key."""
    manifest = manifest_of(entries) | {"signed_by": signing.current.key_id}
    entries[Part.MANIFEST] = as_json(manifest)
    keys = [key.as_json(dated=False) for key in signing.known]
    entries[Part.SIGNATURE] = signature_json(signing.current.key_id, signing.sign(entries[Part.MANIFEST]), keys)
