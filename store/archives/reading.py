"""Reading the archive of a case, from its file alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from zipfile import ZipInfo

from pydantic import TypeAdapter, ValidationError

from core.keys import CaseKey
from domain.case import CaseEnd
from domain.events import Event, Link
from domain.record.manifest import Manifest, Part
from store.archives.packing import NotPacked, is_dense, open_zip, purpose_of, unpacked

_T = TypeVar("_T")
MOST_JSON = 512 * 1024 * 1024
_MOST_MANIFEST = 16 * 1024 * 1024
_EVENTS: TypeAdapter[tuple[Event, ...]] = TypeAdapter(tuple[Event, ...])
_LINKS: TypeAdapter[tuple[Link, ...]] = TypeAdapter(tuple[Link, ...])


class NotReadable(ValueError):
    """The file, or the entry that was asked of it, cannot be read as an archive; says why in a sentence."""


class ArchiveReader:
    """One archive, open for reading; a context. Reads what is asked for and nothing else.

    It proves nothing: whoever relies on what it reads verifies the file first (`store.archives.checking`).
    """

    def __init__(self, path: Path) -> None:
        """Opens the file. Raises NotReadable when it is no archive, OSError when it cannot be opened."""
        self.path = path
        self.file = path.open("rb")
        try:
            self.packed = open_zip(self.file)
        except NotPacked as wrong:
            self.file.close()
            raise NotReadable(str(wrong)) from None
        self.infos: dict[str, ZipInfo] = {info.filename: info for info in self.packed.infolist()}
        self._manifest: Manifest | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the file."""
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self.packed.close()
        self.file.close()

    @property
    def manifest(self) -> Manifest:
        """What the archive says of itself. Raises NotReadable."""
        if self._manifest is None:
            try:
                self._manifest = Manifest.model_validate_json(self.manifest_bytes())
            except ValidationError as wrong:
                first = wrong.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                what = f"{where}: {first['msg']}" if where else first["msg"]
                raise NotReadable(f"is not a manifest of this format: {what}") from None
        return self._manifest

    def manifest_bytes(self) -> bytes:
        """Returns the exact bytes that are signed. Raises NotReadable."""
        return self.read(Part.MANIFEST, most=_MOST_MANIFEST)

    def signature(self) -> dict[str, Any]:
        """Returns the signature with its keys. Raises NotReadable."""
        found = _json(self.read(Part.SIGNATURE, most=_MOST_MANIFEST))
        if not isinstance(found, dict):
            raise NotReadable("is not a signature")
        return found

    def stream(self, name: str) -> Iterator[bytes]:
        """Yields the bytes of an entry as they lie there. Raises NotReadable."""
        info = self.infos.get(name)
        if info is None:
            raise NotReadable("is not in the file")
        if is_dense(info):
            raise NotReadable(
                f"would unpack from {info.compress_size} into {info.file_size} bytes: it was not unpacked"
            )
        try:
            yield from unpacked(self.file, info)
        except NotPacked as wrong:
            raise NotReadable(str(wrong)) from None

    def read(self, name: str, *, most: int = MOST_JSON) -> bytes:
        """Returns an entry whole, as it lies there; `most` bytes at most. Raises NotReadable."""
        info = self.infos.get(name)
        if info is not None and info.file_size > most:
            raise NotReadable(f"has {info.file_size} bytes, more than such an entry ever has")
        return b"".join(self.stream(name))

    def clear(self, name: str, key: CaseKey | None) -> Iterator[bytes]:
        """Yields the content of an entry, unsealed with the case's key where it is sealed.

        Raises NotReadable, also where it is sealed and no key is given; and `core.keys.Tampered` for changed bytes.
        """
        entry = self.manifest.entry(name)
        if entry is None:
            raise NotReadable("is not listed in the manifest")
        if not entry.sealed:
            yield from self.stream(name)
            return
        if key is None:
            raise NotReadable("is sealed, and the case's key is not here")
        yield from key.open_parts(self.stream(name), purpose_of(name))

    def json(self, name: str, key: CaseKey | None = None) -> Any:
        """Returns an entry of JSON as plain values. Raises as `clear` does."""
        return _json(b"".join(self.clear(name, key)))

    def history_json(self) -> str:
        """Returns the engine's history as it was exported; its payloads are sealed as the engine has them."""
        return b"".join(self.clear(Part.HISTORY, None)).decode()

    def plan(self) -> Any:
        """Returns the plan of the case, plain JSON."""
        return self.json(Part.PLAN)

    def chain(self) -> tuple[Link, ...]:
        """Returns the chain of the record without its content. Raises NotReadable."""
        return self._parsed(Part.CHAIN, _LINKS, None)

    def snapshot(self, key: CaseKey | None) -> dict[str, Any]:
        """Returns the case as the read side had it: `case`, `tasks`, `revision`, `run_id`, plain JSON."""
        found = self.json(Part.SNAPSHOT, key)
        if not isinstance(found, dict):
            raise NotReadable("is not a snapshot")
        return found

    def events(self, key: CaseKey | None) -> tuple[Event, ...]:
        """Returns the record with its content. Raises as `clear` does."""
        return self._parsed(Part.EVENTS, _EVENTS, key)

    def result(self, key: CaseKey | None) -> CaseEnd:
        """Returns how the case ended. Raises as `clear` does."""
        return self._parsed(Part.RESULT, TypeAdapter(CaseEnd), key)

    def _parsed(self, name: str, kind: TypeAdapter[_T], key: CaseKey | None) -> _T:
        try:
            return kind.validate_json(b"".join(self.clear(name, key)))
        except ValidationError as wrong:
            first = wrong.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise NotReadable(f"cannot be read: {f'{where}: ' if where else ''}{first['msg']}") from None


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise NotReadable(f"is not JSON: {wrong}") from None
