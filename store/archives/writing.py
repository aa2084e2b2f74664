"""Writing the archive of a case: entry by entry into a file that is signed when it is whole."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from zipfile import ZipFile

from core.keys import CaseKey
from domain.record.manifest import Entry, Manifest, Part, is_entry_name
from store.archives.packing import ZIP64_FROM, info_of, purpose_of

_COMPRESSION = 6


class Signer(Protocol):
    """What signs a manifest: `core.signing.SigningKeys`."""

    def sign(self, message: bytes) -> bytes:
        """Returns the signature over exactly these bytes."""


class ArchiveWriter:
    """Writes one archive to `path`. Entries of a sealed kind are sealed with the case's key, clear where there is none.

    Nothing of it counts until `finish` has written the manifest and its signature; who writes renames it then.
    """

    def __init__(self, path: Path, case_id: str, key: CaseKey | None) -> None:
        self._path, self._case_id, self._key = path, case_id, key
        self._zip = ZipFile(path, "x", compresslevel=_COMPRESSION)
        self.entries: list[Entry] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the file, whole or not."""
        self._zip.close()

    @property
    def key_id(self) -> str | None:
        """The name of the key that seals, None where nothing is sealed."""
        return self._key.key_id if self._key else None

    def add(self, name: str, parts: Iterable[bytes], what: str, *, media_type: str, sealed: bool, size: int) -> None:
        """Writes an entry of about `size` bytes as its parts come.

        Raises ValueError for a name that an archive may not hold, or holds already.
        """
        if not is_entry_name(name) or name in self._zip.namelist():
            raise ValueError(f"{name} cannot be an entry of an archive, or is one already")
        sealed = sealed and self._key is not None
        if sealed and self._key is not None:
            parts = self._key.seal_parts(parts, purpose_of(name))
        digest, written = hashlib.sha256(), 0
        with self._zip.open(info_of(name, sealed=sealed), "w", force_zip64=size >= ZIP64_FROM) as entry:
            for part in parts:
                digest.update(part)
                written += entry.write(part)
        self.entries.append(
            Entry(name=name, sha256=digest.hexdigest(), bytes=written, media_type=media_type, sealed=sealed, what=what)
        )

    def add_json(self, name: str, value: Any, what: str, *, sealed: bool) -> None:
        """Writes an entry of plain JSON values."""
        content = as_json(value)
        self.add(name, [content], what, media_type="application/json", sealed=sealed, size=len(content))

    def add_text(self, name: str, text: str, what: str, media_type: str) -> None:
        """Writes an entry of text in the clear."""
        content = text.encode()
        self.add(name, [content], what, media_type=media_type, sealed=False, size=len(content))

    def finish(self, manifest: Manifest, signer: Signer, keys: Sequence[Mapping[str, Any]]) -> None:
        """Writes the manifest and its signature, with the public keys that lead to the signing one, and closes."""
        stated = as_json(manifest.model_dump(mode="json"))
        signature = signature_json(manifest.signed_by, signer.sign(stated), keys)
        for name, content in ((Part.MANIFEST, stated), (Part.SIGNATURE, signature)):
            with self._zip.open(info_of(name, sealed=name == Part.SIGNATURE), "w") as entry:
                entry.write(content)
        self._zip.close()
        with self._path.open("rb") as file:
            os.fsync(file.fileno())


def signature_json(key_id: str, signature: bytes, keys: Sequence[Mapping[str, Any]]) -> bytes:
    """Returns `signature.json`: the signature over the manifest and the public keys that lead to the signing one."""
    plain = {
        "algorithm": "Ed25519",
        "of": Part.MANIFEST.value,
        "key_id": key_id,
        "signature": signature.hex(),
        "keys": list(keys),
    }
    return as_json(plain)


def as_json(value: Any) -> bytes:
    """Returns plain values as the JSON that archives hold: the same values give the same bytes."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
