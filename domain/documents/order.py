"""What a document of a case is made from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.case import CaseState, Document, TaskState
from domain.documents.kinds import DocumentKind
from domain.events import Actor
from domain.model import Frozen, Instant


class RecordPoint(Frozen):
    """The last entry of a case's record at a moment: its hash stands for everything up to there."""

    no: int
    hash: str


class DocumentOrder(Frozen):
    """Orders one document of a case, made from its state and tasks as they are recorded.

    `languages` are those it is made in, the plan's first. `by` and `reason` are set when a person had it made again.
    """

    kind: DocumentKind
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    version: int
    case: CaseState
    tasks: tuple[TaskState, ...]
    record: RecordPoint
    ordered_at: Instant
    by: Actor | None = None
    reason: str | None = None

    def attachments(self, kind: str | None = None) -> tuple[str, ...]:
        """Returns the files handed in: with tasks of one kind, or anywhere in the case."""
        tasks = [one for one in self.tasks if kind is None or one.kind == kind]
        found = [str(file) for task in tasks for file in (task.outcome or {}).get("attachments") or ()]
        if kind is None:
            found += self.case.application.attachments
            found += [file for added in self.case.information for file in added.attachments]
            found += [file for invoice in self.case.invoices for file in invoice.files]
        return tuple(dict.fromkeys(found))

    def issued(
        self, language: str, *, document_id: str, file: str, sha256: str, size: int, remarks: tuple[str, ...] = ()
    ) -> Document:
        """Returns what is recorded of the paper that this order led to, one for each of its languages.

        `file` is the attachment that holds it, `sha256` and `size` (bytes) are of that file.
        """
        return Document(
            document_id=document_id,
            kind=self.kind,
            language=language,
            version=self.version,
            file=file,
            sha256=sha256,
            size=size,
            issued_at=self.ordered_at,
            record_no=self.record.no,
            record_hash=self.record.hash,
            remarks=remarks,
            by=self.by,
            reason=self.reason,
        )


class IssueAgain(Frozen):
    """Asks for a paper of a case that is closed: its record is complete, and a new version is made from it."""

    request_id: str
    case_id: str
    kind: DocumentKind
    by: Actor
    reason: str
    at: Instant


WRITTEN = ("zh", "en", "it")
"""The languages in which papers can be written, whatever plan a case goes by."""


def languages_of(case: CaseState) -> tuple[str, ...]:
    """Returns the languages of a case's papers: the plan's, the customer's where we write it, and English."""
    asked = case.application.customer.language or ""
    spoken = (case.locale, *((asked,) if asked.partition("-")[0] in WRITTEN else ()), "en")
    # one paper a language: `it` beside `it-IT` would be the same paper twice
    return tuple({one.partition("-")[0]: one for one in reversed(spoken)}.values())[::-1]
