"""Archives made up for tests and benchmarks: small cases with a chained record, sealed by a key of their own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.keys import CaseKey
from core.signing import SigningKeys
from domain.case import CaseEnd, Result
from domain.events import SYSTEM, Event, EventKind, chained
from domain.record.manifest import Code, Manifest
from store.archives.assembling import ArchivedFile, CaseContents, MadeBy, assemble

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SALT = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
MADE_BY = MadeBy(Code(version="0.1.0", source="0" * 64), {"temporalio": "1.30"}, START + timedelta(days=3))
PRIVATE = "Zhang Wei, 138 0013 8000"


def case_key(key_id: str = "k-0123456789abcdef", secret: bytes = b"k" * 32) -> CaseKey:
    """A key of a case."""
    return CaseKey(key_id, "C-0000000001", secret)


def record(length: int = 8, salt: str = SALT) -> list[Event]:
    """A record of a made-up case, chained."""
    events: list[Event] = []
    for number in range(1, length + 1):
        kind = EventKind.OPENED if number == 1 else EventKind.CLOSED if number == length else EventKind.COMPLETED
        data = {"text": PRIVATE, "number": number}
        at = START + timedelta(hours=number)
        events.append(chained(events[-1] if events else None, at, kind, SYSTEM, "contact_customer", data, salt=salt))
    return events


def file_of(name: str, content: bytes, what: str = "a file") -> ArchivedFile:
    """A document or an attachment whose content is in memory."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    known = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "file_name": "photo of Zhang.jpg"}
    return ArchivedFile(name, what, "application/octet-stream", len(content), known, chunks)


FILES = (
    file_of("documents/D-1", b"%PDF-1.7 confirmation " + b"x" * 3000, "service confirmation"),
    file_of("attachments/F-1ABCDEFGHJK", b"\xff\xd8\xff photo " + b"y" * 5000, "a photo"),
)


def contents(
    case_id: str = "C-0000000001", events: Sequence[Event] | None = None, files: Sequence[ArchivedFile] = FILES
) -> CaseContents:
    """All that goes into an archive, made up."""
    events = record() if events is None else events
    end = CaseEnd(
        case_id=case_id,
        result=Result.RESOLVED,
        closed_at=START + timedelta(days=2),
        events=len(events),
        record_hash=events[-1].hash,
    )
    return CaseContents(
        history='{"events": []}',
        plan={"name": "rapid-response", "title": "Rapid response"},
        snapshot={"case": {"case_id": case_id, "record_salt": SALT}, "tasks": [], "revision": 9, "run_id": "run"},
        events=events,
        result=end,
        files=files,
        calendars={"CN": "holidays 0.100 CN"},
    )


def make_archive(
    folder: Path,
    signing: SigningKeys,
    key: CaseKey | None,
    made: CaseContents | None = None,
    *,
    name: str | None = None,
) -> tuple[Path, Manifest]:
    """Writes an archive to the folder; returns where it is and what it states."""
    made = contents() if made is None else made
    path = folder / (name or f"{made.result.case_id}.aftercare")
    return path, asyncio.run(assemble(path, made, MADE_BY, key, signing))
