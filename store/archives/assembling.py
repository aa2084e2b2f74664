"""Putting the archive of a case together out of what is known of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.case import CaseEnd
from domain.events import Event
from domain.record.manifest import Code, Manifest, Part, PlanNamed, RecordEnd
from store.archives.readme import readme
from store.archives.writing import ArchiveWriter

if TYPE_CHECKING:
    from core.keys import CaseKey
    from core.signing import SigningKeys


@dataclass(frozen=True)
class ArchivedFile:
    """A document or an attachment: its entry, and how its bytes are read. `size` is of the content, in bytes.

    `known` is what is noted of it in `files.json`: its identifiers, its hash, the name it was uploaded under.
    """

    name: str
    what: str
    media_type: str
    size: int
    known: Mapping[str, Any]
    chunks: Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True)
class CaseContents:
    """All that goes into the archive of a closed case. JSON values are plain.

    `history` is the engine's history as it exports it, payloads as it holds them; `snapshot` the read side's case,
    tasks and revision. `calendars` are the versions of the calendars its deadlines were counted by.
    """

    history: str
    plan: Mapping[str, Any]
    snapshot: Mapping[str, Any]
    events: Sequence[Event]
    result: CaseEnd
    files: Sequence[ArchivedFile] = ()
    calendars: Mapping[str, str] = field(default_factory=dict)
    lacks: Sequence[str] = ()


@dataclass(frozen=True)
class MadeBy:
    """Who archives: the code with its libraries, and when (real UTC)."""

    code: Code
    libraries: Mapping[str, str]
    at: datetime


async def assemble(
    path: Path, contents: CaseContents, made_by: MadeBy, key: CaseKey | None, signing: SigningKeys
) -> Manifest:
    """Writes the archive to a new file and returns its manifest; files are read and written in pieces.

    Raises FileExistsError when there is such a file, FileNotFoundError when a document or attachment is gone, OSError.
    """
    case_id = contents.result.case_id
    lacks = list(contents.lacks)
    with await asyncio.to_thread(ArchiveWriter, path, case_id, key) as writer:
        await asyncio.to_thread(_write_parts, writer, contents)
        for file in contents.files:
            await asyncio.to_thread(_write_file, writer, file, asyncio.get_running_loop())
        manifest = Manifest(
            case_id=case_id,
            plan=PlanNamed(name=str(contents.plan["name"]), sha256=_sha256(writer, Part.PLAN)),
            closed_at=contents.result.closed_at,
            result=contents.result.result.value,
            made_at=made_by.at,
            record=RecordEnd(events=contents.result.events, hash=contents.result.record_hash),
            code=made_by.code,
            libraries=dict(made_by.libraries),
            calendars=dict(contents.calendars),
            key_id=writer.key_id,
            signed_by=signing.current.key_id,
            entries=tuple(writer.entries),
            lacks=tuple(lacks),
        )
        await asyncio.to_thread(
            writer.finish, manifest, signing, [known.as_json(dated=False) for known in signing.known]
        )
    return manifest


def _write_file(writer: ArchiveWriter, file: ArchivedFile, loop: asyncio.AbstractEventLoop) -> None:
    """Writes a file in a thread while the loop reads it: one part of it is in memory."""
    source = file.chunks()

    def parts() -> Iterator[bytes]:
        while (part := asyncio.run_coroutine_threadsafe(anext(source, None), loop).result()) is not None:
            yield part

    writer.add(file.name, parts(), file.what, media_type=file.media_type, sealed=True, size=file.size)


def _write_parts(writer: ArchiveWriter, contents: CaseContents) -> None:
    """What every archive has, in the order of `Part`."""
    history = "the engine's history of the case, its content sealed"
    writer.add_text(Part.README, readme(contents.result.case_id), "what this file is", "text/plain")
    writer.add_text(Part.HISTORY, contents.history, history, "application/json")
    links = [event.link().model_dump(mode="json") for event in contents.events]
    events = [event.model_dump(mode="json") for event in contents.events]
    files = [{"entry": file.name, **file.known} for file in contents.files]
    writer.add_json(Part.PLAN, dict(contents.plan), "the plan the case ran on", sealed=False)
    writer.add_json(Part.CHAIN, links, "the chain of the record without its content", sealed=False)
    writer.add_json(Part.SNAPSHOT, dict(contents.snapshot), "the case as it was closed", sealed=True)
    writer.add_json(Part.EVENTS, events, "the record with its content", sealed=True)
    writer.add_json(Part.RESULT, contents.result.model_dump(mode="json"), "how the case ended", sealed=True)
    writer.add_json(Part.FILES, files, "what is known of each document and attachment", sealed=True)


def _sha256(writer: ArchiveWriter, name: str) -> str:
    return next(entry.sha256 for entry in writer.entries if entry.name == name)
