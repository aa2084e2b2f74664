"""Verifying what is sealed in an archive, where the key of its case is at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from core.keys import CaseKey, Tampered
from domain.events import Event
from domain.record.chain import differing_links
from domain.record.manifest import Manifest, Part
from store.archives.checking import Checked
from store.archives.reading import ArchiveReader, NotReadable

_MOST_NAMED = 50


def check_content(reader: ArchiveReader, key: CaseKey | None, checked: Checked) -> None:
    """Opens every sealed entry and holds the record, the result and the files against what is stated in the clear.

    Entries that were found wrong before are left out: what is in them proves nothing. Of a file without sealed entries
    the key is None.
    """
    if checked.manifest is None:
        return
    wrong = {finding.place for finding in checked.findings}
    look = _Look(reader, key, checked, wrong)
    look.every_entry()
    look.record()
    look.result()
    look.files()


class _Look:
    def __init__(self, reader: ArchiveReader, key: CaseKey | None, checked: Checked, wrong: set[str]) -> None:
        self._reader, self._key, self._checked, self._wrong = reader, key, checked, wrong
        self._manifest: Manifest = reader.manifest
        self._hashes: dict[str, str] = {}

    def every_entry(self) -> None:
        """Opens each sealed entry to its end; remembers the hash of its content."""
        for entry in self._manifest.entries:
            if entry.sealed and entry.name not in self._wrong:
                self._hashes[entry.name] = self._try(entry.name, self._hash) or ""

    def record(self) -> None:
        """The events with their content against the chain, under the case's salt."""
        snapshot = self._try(Part.SNAPSHOT, lambda _: self._reader.snapshot(self._key))
        events: tuple[Event, ...] | None = self._try(Part.EVENTS, lambda _: self._reader.events(self._key))
        chain = self._try(Part.CHAIN, lambda _: self._reader.chain())
        if snapshot is None or events is None or chain is None:
            return
        case = snapshot.get("case")
        salt = str(case.get("record_salt", "")) if isinstance(case, dict) else ""
        for number, finding in enumerate(differing_links(chain, events, salt, "record,")):
            if number < _MOST_NAMED:
                self._checked.findings.append(finding)

    def result(self) -> None:
        """How the case ended, by the result and by the manifest."""
        result = self._try(Part.RESULT, lambda _: self._reader.result(self._key))
        if result is None:
            return
        stated, plain = self._manifest, result.model_dump(mode="json")
        claims = {
            "case_id": stated.case_id,
            "result": stated.result,
            "closed_at": stated.model_dump(mode="json")["closed_at"],
            "events": stated.record.events,
            "record_hash": stated.record.hash,
        }
        for name, claim in claims.items():
            if plain[name] != claim:
                what = f"its {name} is not the one of the manifest"
                self._checked.found(f"{Part.RESULT} {name}", what, claim, plain[name])

    def files(self) -> None:
        """The content of documents and attachments against the hashes on record."""
        known = self._try(Part.FILES, lambda _: self._reader.json(Part.FILES, self._key))
        if not isinstance(known, list):
            return
        for one in known:
            name, recorded = str(one.get("entry")), one.get("sha256")
            found = self._hashes.get(name)
            if found and found != recorded:
                self._checked.found(name, "is not the file that was on record under this name", recorded, found)
        listed = {str(one.get("entry")) for one in known}
        for entry in self._manifest.entries:
            if "/" in entry.name and entry.name not in listed:
                self._checked.found(entry.name, f"is not among the files that {Part.FILES} names")

    def _hash(self, name: str) -> str:
        digest = hashlib.sha256()
        for chunk in self._reader.clear(name, self._key):
            digest.update(chunk)
        return digest.hexdigest()

    def _try(self, name: str, read: Callable[[str], Any]) -> Any:
        if name in self._wrong:
            return None
        try:
            return read(name)
        except Tampered:
            self._found_once(
                name, "cannot be opened with the key of its case: it was changed, or sealed by another key"
            )
        except NotReadable as unreadable:
            self._found_once(name, str(unreadable))
        return None

    def _found_once(self, name: str, what: str) -> None:
        self._wrong.add(name)
        self._checked.found(name, what)
