"""The activity that issues the documents of a case as PDF (R8, R10).

Workflow code imports this module for its types, so what renders and reads templates is imported inside.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from temporalio import activity

from domain.case import CaseState, Document
from domain.documents.kinds import SIGNED_IN, DocumentKind
from domain.documents.order import DocumentOrder
from domain.warranty.card import CardEntry

if TYPE_CHECKING:
    from activities.document_content.writer import Material

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PDF = "application/pdf"


class Files(Protocol):
    """Where the bytes are: the store that keeps attachments."""

    async def write(self, content: bytes, /) -> object:
        """Keeps the bytes; a repeat changes nothing."""

    async def read(self, sha256: str, /) -> bytes:
        """Gives the bytes. Raises FileNotFoundError when they are not there."""


@dataclass(frozen=True)
class IssuedFile:
    """The file of a document, to be registered beside uploaded attachments."""

    attachment_id: str
    sha256: str
    size: int
    file_name: str
    content_type: str


@dataclass(frozen=True)
class HandedIn:
    """A file that somebody handed in: its name, its type and its bytes' hash."""

    file_name: str
    content_type: str
    sha256: str


Register = Callable[[IssuedFile], Awaitable[None]]
"""Makes a stored file known under its attachment id; a repeat must be harmless."""
FindFiles = Callable[[Collection[str]], Awaitable[Mapping[str, HandedIn]]]
"""Returns what is known of files by attachment id."""
ReadCard = Callable[[CaseState], Awaitable[tuple[CardEntry, ...]]]
"""Returns the repairs of a case's product in other cases and from before them."""


async def no_files(_ids: Collection[str]) -> Mapping[str, HandedIn]:
    """Knows no files."""
    return {}


async def no_card(_case: CaseState) -> tuple[CardEntry, ...]:
    """Knows no earlier repairs."""
    return ()


def document_id_of(order: DocumentOrder, language: str) -> str:
    """Returns the id of a document that an order asks for: the same order, the same id."""
    return "D-" + _derived(order.case.case_id, order.kind, language, str(order.version))


class Documents:
    """Issues documents: renders, registers the file, keeps the bytes. Run twice, the same document."""

    def __init__(self, files: Files, register: Register, find: FindFiles = no_files, card: ReadCard = no_card) -> None:
        self._files, self._register, self._find, self._card = files, register, find, card

    @activity.defn(name="issue_document")
    async def issue_document(self, order: DocumentOrder) -> tuple[Document, ...]:
        """Returns the document in each of the order's languages, as issued at `ordered_at`.

        Raises ApplicationError, not to be retried, when the content cannot be set; OSError when the disk refuses.
        """
        return await self.issue(order)

    async def issue(self, order: DocumentOrder) -> tuple[Document, ...]:
        """Does what the activity does; a paper of a closed case is issued by another one."""
        material, pictures = await self._material(order)
        return tuple([await self._issue(order, language, material, pictures) for language in order.languages])

    async def _issue(
        self, order: DocumentOrder, language: str, material: Material, pictures: Mapping[str, bytes]
    ) -> Document:
        from activities.document_setting import render

        document_id = document_id_of(order, language)
        paper = await asyncio.to_thread(render, order, language, document_id, material, pictures)
        sha256, size = hashlib.sha256(paper.file).hexdigest(), len(paper.file)
        # another run of the case may set other bytes under the same number: each keeps its own file
        file_id = "F-" + _derived(document_id, sha256)
        name = f"{order.case.work_order or order.case.case_id}-{order.kind}-{language}-v{order.version}.pdf"
        # on record before its bytes are kept: a cleaning of files never finds them without a name
        await self._register(IssuedFile(file_id, sha256, size, name.replace("_", "-"), PDF))
        await self._files.write(paper.file)
        return order.issued(
            language, document_id=document_id, file=file_id, sha256=sha256, size=size, remarks=paper.remarks
        )

    async def _material(self, order: DocumentOrder) -> tuple[Material, dict[str, bytes]]:
        """Gathers what the document shows besides the record: names of files, signatures' pictures, earlier repairs."""
        from activities.document_content.writer import Material
        from activities.document_pictures import pictures_of

        known = await self._find(order.attachments())
        signing = set(order.attachments(SIGNED_IN.get(order.kind, "")))
        shown, contents = await pictures_of({one: file for one, file in known.items() if one in signing}, self._files)
        card = await self._card(order.case) if order.kind is DocumentKind.WARRANTY_CARD else ()
        return Material(shown, {one: file.file_name for one, file in known.items()}, card), contents


def _derived(*parts: str) -> str:
    """Returns 16 Crockford characters (80 bits) that follow from the parts alone."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    number = int.from_bytes(digest[:10])
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(75, -1, -5))
