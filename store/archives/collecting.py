"""Gathering what goes into the archive of a case: the read side as it was written, and the files it names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from domain.case import CaseEnd, CaseState, Document
from domain.events import Event, EventKind
from domain.record.manifest import ATTACHMENTS, DOCUMENTS
from store.archives.assembling import ArchivedFile, CaseContents
from store.attachments import Attachment, find_attachments
from store.files import FileStore
from store.queries.documents import documents_of
from store.queries.events import all_events
from store.tables import CaseRow, TaskRow

_FILE = re.compile(r'"(F-[0-9A-Z]{10,40})"')
_PDF = "application/pdf"


class NotClosed(LookupError):
    """There is no such case, or it has not ended."""


@dataclass(frozen=True)
class Recorded:
    """What the read side has of a closed case: the snapshot as plain JSON, the record, the papers and the files."""

    snapshot: Mapping[str, Any]
    end: CaseEnd
    events: tuple[Event, ...]
    documents: tuple[Document, ...]
    attachments: Mapping[str, Attachment]
    unknown: tuple[str, ...]
    """Identifiers of files that the case names and nobody knows any more."""
    later_documents: int


async def recorded(session: AsyncSession, case_id: str) -> Recorded:
    """Reads a closed case in one consistent picture. Raises NotClosed."""
    row = await session.get(CaseRow, case_id, options=[undefer(CaseRow.state)])
    events = await all_events(session, case_id)
    state = CaseState.model_validate(row.state) if row is not None else None
    if row is None or state is None or state.closed_at is None or state.result is None or not events:
        raise NotClosed(case_id)
    tasks = select(TaskRow.state).where(TaskRow.case_id == case_id).order_by(TaskRow.number)
    snapshot = {
        "case": row.state,
        "tasks": list((await session.execute(tasks)).scalars()),
        "revision": row.revision,
        "run_id": row.run_id,
    }
    documents = await documents_of(session, case_id)
    texts = [str(snapshot), *(event.model_dump_json() for event in events)]
    named = _named(texts) - {document.file for document in documents}
    known = await find_attachments(session, named)
    return Recorded(
        snapshot=snapshot,
        end=CaseEnd(
            case_id=case_id,
            result=state.result,
            closed_at=state.closed_at,
            events=events[-1].no,
            record_hash=events[-1].hash,
        ),
        events=events,
        documents=documents,
        attachments=known,
        unknown=tuple(sorted(named - known.keys())),
        later_documents=len(documents) - len(state.documents),
    )


async def contents_of(found: Recorded, history: str, plan: Mapping[str, Any], files: FileStore) -> CaseContents:
    """Returns all that goes into the archive. What the storage has no more is named as lacking. Raises StoreAway."""
    wanted = [_document(document, files) for document in found.documents]
    wanted += [_attachment(one, files) for _, one in sorted(found.attachments.items())]
    kept, lacks = [], [f"nothing is known of file {one}" for one in found.unknown]
    for file in wanted:
        if await files.size(str(file.known["sha256"])) is None:
            lacks.append(f"the bytes of {file.name} are gone")
        else:
            kept.append(file)
    return CaseContents(
        history=history,
        plan=plan,
        snapshot=found.snapshot,
        events=found.events,
        result=found.end,
        files=kept,
        calendars=calendars_in(found.events),
        lacks=lacks,
    )


def calendars_in(events: Iterable[Event]) -> dict[str, str]:
    """Returns the calendars that the deadlines of a record were counted by, each with the versions used."""
    used: dict[str, set[str]] = {}
    for event in events:
        deadline = event.data.get("deadline")
        if event.kind is EventKind.PROMISED and isinstance(deadline, dict):
            spec = deadline.get("request", {}).get("calendar", {})
            name = "-".join(str(spec[part]) for part in ("country", "subdivision") if spec.get(part)) or "weekdays"
            used.setdefault(name, set()).add(str(deadline.get("calendar_version")))
    return {name: ", ".join(sorted(versions)) for name, versions in sorted(used.items())}


def _named(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in _FILE.findall(text.replace("'", '"'))}


def _document(document: Document, files: FileStore) -> ArchivedFile:
    known = document.model_dump(
        mode="json", include={"document_id", "kind", "language", "version", "file", "sha256", "size", "issued_at"}
    )
    what = f"{document.kind.replace('_', ' ')}, {document.language}, version {document.version}"
    return ArchivedFile(
        name=f"{DOCUMENTS}{document.document_id}",
        what=what,
        media_type=_PDF,
        size=document.size,
        known=known,
        chunks=_reader(files, document.sha256),
    )


def _attachment(attachment: Attachment, files: FileStore) -> ArchivedFile:
    return ArchivedFile(
        name=f"{ATTACHMENTS}{attachment.attachment_id}",
        what="sent in",
        media_type=attachment.content_type,
        size=attachment.size,
        known={
            "attachment_id": attachment.attachment_id,
            "sha256": attachment.sha256,
            "size": attachment.size,
            "file_name": attachment.file_name,
            "content_type": attachment.content_type,
            "uploaded_by": attachment.uploaded_by,
            "uploaded_at": attachment.uploaded_at.isoformat(),
        },
        chunks=_reader(files, attachment.sha256),
    )


def _reader(files: FileStore, sha256: str) -> Callable[[], AsyncIterator[bytes]]:
    return lambda: files.stream(sha256)
