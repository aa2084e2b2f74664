"""Verifying the archive of a case from its file alone, without any server."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from core.signing import PublicKey, vouched_for
from domain.record.chain import broken_links
from domain.record.findings import Finding
from domain.record.manifest import SUFFIX, Entry, Manifest, Part, is_entry_name, missing_parts
from store.archives.packing import oddities
from store.archives.reading import ArchiveReader, NotReadable
from store.archives.writing import signature_json

_T = TypeVar("_T")
_MOST_NAMED = 50
"""Findings of one kind that are spelled out; a file of nonsense would have thousands."""


@dataclass
class Checked:
    """What was found in one file. `manifest` is None where none could be read; `notes` say what was not checked."""

    path: Path
    manifest: Manifest | None = None
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def found(self, place: str, what: str, recorded: object = None, found: object = None) -> None:
        """Adds a finding."""
        self.findings.append(Finding(place=place, what=what, recorded=recorded, found=found))

    @property
    def name(self) -> str:
        """The case number that the file states, else the file's own name."""
        return self.manifest.case_id if self.manifest else self.path.name


def check(path: Path, trusted: Sequence[PublicKey]) -> Checked:
    """Verifies names, packing, manifest, signature, hashes, chain and plan of one file; nothing sealed is opened.

    Everything that can still be checked is, whatever was found before. Memory does not grow with the file's size.
    Raises OSError when the file cannot be read.
    """
    checked = Checked(path)
    try:
        reader = ArchiveReader(path)
    except NotReadable as wrong:
        checked.found(path.name, str(wrong))
        return checked
    with reader:
        _names(reader, checked)
        for entry, odd in _first(oddities(reader.file, reader.packed)):
            checked.found(f"packing of {entry}", odd)
        try:
            checked.manifest = reader.manifest
        except NotReadable as wrong:
            checked.found(Part.MANIFEST, str(wrong))
        _signature(reader, checked, trusted)
        if checked.manifest:
            _entries(reader, checked.manifest, checked)
            _statements(checked.manifest, checked)
            _chain(reader, checked.manifest, checked)
    return checked


def _names(reader: ArchiveReader, checked: Checked) -> None:
    """Names that no archive has, and those that stand in the file more than once."""
    for name, times in _first(sorted(Counter(info.filename for info in reader.packed.infolist()).items())):
        if times > 1:
            checked.found(name, f"stands in the file {times} times: which of them counts is anybody's guess")
        if not is_entry_name(name):
            outside = name.startswith(("/", "\\")) or ".." in name or ":" in name
            what = (
                "its name leads out of the folder it would be unpacked to" if outside else "no archive has such a name"
            )
            checked.found(name, f"{what}; it was not opened")


def _signature(reader: ArchiveReader, checked: Checked, trusted: Sequence[PublicKey]) -> None:
    """Who signed the manifest, and whether anybody who is trusted stands behind that key."""
    try:
        signature, signed = reader.signature(), reader.manifest_bytes()
        keys = [PublicKey.from_json(one) for one in signature["keys"]]
        key = next(key for key in keys if key.key_id == signature["key_id"])
        made = bytes.fromhex(signature["signature"])
    except NotReadable as wrong:
        checked.found(Part.SIGNATURE, str(wrong))
        return
    except (ValueError, KeyError, TypeError, StopIteration):
        checked.found(Part.SIGNATURE, "does not hold a signature with the key that made it")
        return
    if reader.read(Part.SIGNATURE) != signature_json(key.key_id, made, [one.as_json(dated=False) for one in keys]):
        checked.found(Part.SIGNATURE, "holds more or something else than a signature and its keys: it was changed")
    for odd in (one for one in keys if one.endorsed_by and not any(before.endorses(one) for before in keys)):
        checked.found(Part.SIGNATURE, f"key {odd.key_id} says that {odd.endorsed_by} made it known, and that is not so")
    if not key.signed(signed, made):
        checked.found(
            Part.SIGNATURE,
            f"is not the signature of key {key.key_id} over this manifest: one of the two was changed after signing",
        )
    if checked.manifest and checked.manifest.signed_by != key.key_id:
        what = "the manifest names another key than the one that signed it"
        checked.found(Part.SIGNATURE, what, checked.manifest.signed_by, key.key_id)
    if not trusted:
        checked.found(
            Part.SIGNATURE, f"no key is known to trust, so nobody vouches for {key.key_id}: give --trust FILE"
        )
    elif vouched_for(key, keys, trusted) is None:
        known = ", ".join(one.key_id for one in trusted)
        what = f"was made with key {key.key_id}, and none of the trusted keys stands behind that one ({known})"
        checked.found(Part.SIGNATURE, what)


def _entries(reader: ArchiveReader, manifest: Manifest, checked: Checked) -> None:
    """Every entry against the manifest: missing, added, renamed, doubled, changed."""
    listed: dict[str, Entry] = {}
    for entry in manifest.entries:
        if entry.name in listed:
            checked.found(Part.MANIFEST, f"lists {entry.name} twice")
        listed[entry.name] = entry
    for name in missing_parts(listed):
        checked.found(Part.MANIFEST, f"does not list {name}, which every archive has")
    here = reader.infos.keys() - {Part.MANIFEST, Part.SIGNATURE}
    gone = {name: entry for name, entry in listed.items() if name not in here}
    for name in sorted(name for name in here - listed.keys() if is_entry_name(name)):
        same = _same_content(reader, name, gone)
        if same:
            del gone[same]
            checked.found(name, f"holds what the manifest calls {same}: it was renamed")
        else:
            checked.found(name, "is in the file, and the manifest does not list it: it was added")
    for name in gone:
        checked.found(name, "is listed in the manifest, and is not in the file: it was taken out")
    for name, entry in listed.items():
        if name in here:
            _content(reader, entry, checked)


def _same_content(reader: ArchiveReader, name: str, gone: dict[str, Entry]) -> str | None:
    for other, entry in gone.items():
        if reader.infos[name].file_size == entry.bytes:
            try:
                if _sha256(reader, name) == entry.sha256:
                    return other
            except NotReadable:
                return None
    return None


def _content(reader: ArchiveReader, entry: Entry, checked: Checked) -> None:
    """The bytes of an entry: as many as listed, with the hash listed."""
    size = reader.infos[entry.name].file_size
    if size != entry.bytes:
        checked.found(entry.name, "has another length in bytes than the manifest says", entry.bytes, size)
        return
    try:
        found = _sha256(reader, entry.name)
    except NotReadable as wrong:
        checked.found(entry.name, str(wrong))
        return
    if found != entry.sha256:
        checked.found(entry.name, "was changed: its SHA-256 is not the one of the manifest", entry.sha256, found)


def _sha256(reader: ArchiveReader, name: str) -> str:
    digest = hashlib.sha256()
    for chunk in reader.stream(name):
        digest.update(chunk)
    return digest.hexdigest()


def _statements(manifest: Manifest, checked: Checked) -> None:
    """What the manifest says, held against itself and the name of the file."""
    plan = manifest.entry(Part.PLAN)
    if plan and plan.sha256 != manifest.plan.sha256:
        checked.found(Part.PLAN, "is not the plan that the manifest names", manifest.plan.sha256, plan.sha256)
    name = checked.path.name
    if name.startswith("C-") and name.endswith(SUFFIX) and not name.startswith(manifest.case_id):
        checked.found(name, "is named after another case than the one it holds", name, manifest.case_id)
    for missing in manifest.lacks:
        checked.found(Part.MANIFEST, f"says itself that something was gone when the archive was made: {missing}")
    if manifest.key_id is None:
        checked.notes.append("nothing in this file is sealed: whoever has it can read it")


def _chain(reader: ArchiveReader, manifest: Manifest, checked: Checked) -> None:
    """The chain of the record, and that it ends where the manifest says."""
    try:
        links = reader.chain()
    except NotReadable as wrong:
        checked.found(Part.CHAIN, str(wrong))
        return
    checked.findings += _first(broken_links(links, "record,"))
    if len(links) != manifest.record.events:
        what = "has another number of events than the manifest says"
        checked.found(Part.CHAIN, what, manifest.record.events, len(links))
    last = links[-1].hash if links else None
    if last != manifest.record.hash:
        checked.found(Part.CHAIN, "does not end with the record hash of the manifest", manifest.record.hash, last)


def _first(items: Iterable[_T]) -> list[_T]:
    """As many as a person reads."""
    return [item for _, item in zip(range(_MOST_NAMED), items, strict=False)]
