"""The activity that issues a document of a case as PDF (R8, R10).

Workflow code imports this module for its types, so what renders and reads templates is imported inside.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.case import Document
from domain.documents import DocumentOrder

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PDF = "application/pdf"


class Files(Protocol):
    """Where the bytes go: the store that keeps attachments."""

    async def write(self, content: bytes, /) -> object:
        """Keeps the bytes; a repeat changes nothing."""


@dataclass(frozen=True)
class IssuedFile:
    """The file of a document, to be registered beside uploaded attachments."""

    attachment_id: str
    sha256: str
    size: int
    file_name: str
    content_type: str


Register = Callable[[IssuedFile], Awaitable[None]]
"""Makes a stored file known under its attachment id; a repeat must be harmless."""


def document_id_of(order: DocumentOrder) -> str:
    """Returns the id of the document that an order asks for: the same order, the same id."""
    return "D-" + _derived(order.case.case_id, order.kind, order.language, str(order.version))


class Documents:
    """Issues documents: renders, registers the file, keeps the bytes. Run twice, the same document."""

    def __init__(self, files: Files, register: Register) -> None:
        self._files = files
        self._register = register

    @activity.defn(name="issue_document")
    async def issue_document(self, order: DocumentOrder) -> Document:
        """Returns the document as issued at `ordered_at`.

        Raises ApplicationError, not to be retried, when the content cannot be set; OSError when the disk refuses.
        """
        document_id = document_id_of(order)
        pdf = await asyncio.to_thread(render, order)
        sha256, size = hashlib.sha256(pdf).hexdigest(), len(pdf)
        # another run of the case may set other bytes under the same number: each keeps its own file
        file_id = "F-" + _derived(document_id, sha256)
        name = f"{order.case.work_order or order.case.case_id}-{order.kind}-{order.language}-v{order.version}.pdf"
        # on record before its bytes are kept: a cleaning of files never finds them without a name
        await self._register(IssuedFile(file_id, sha256, size, name.replace("_", "-"), PDF))
        await self._files.write(pdf)
        return Document(
            document_id=document_id,
            kind=order.kind,
            language=order.language,
            version=order.version,
            file=file_id,
            sha256=sha256,
            size=size,
            issued_at=order.ordered_at,
        )


def render(order: DocumentOrder) -> bytes:
    """Returns the PDF of an order; equal orders give equal bytes. Raises ApplicationError when it cannot be set."""
    import typst

    from activities.document_content import content
    from activities.document_texts import FOLDER

    data = json.dumps(content(order, document_id_of(order)), ensure_ascii=False)
    try:
        pdf = typst.compile(
            FOLDER / "document.typ",
            root=FOLDER,
            font_paths=_fonts(),
            sys_inputs={"data": data},
            timestamp=int(order.ordered_at.timestamp()),
        )
    except typst.TypstError as broken:
        message = f"the {order.kind} cannot be set: {broken.message}"
        raise ApplicationError(message, type="DocumentNotSet", non_retryable=True) from None
    return _one_file(pdf)


@cache
def _fonts() -> Any:
    """The fonts that came with the package; those of the machine would make its documents differ from others'."""
    import pylopdf_fonts_zh_cn
    import typst

    folder = pylopdf_fonts_zh_cn.sans_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def _one_file(pdf: bytes | list[bytes] | None) -> bytes:
    if not isinstance(pdf, bytes):
        message = "the renderer gave no file"
        raise ApplicationError(message, type="DocumentNotSet", non_retryable=True)
    return pdf


def _derived(*parts: str) -> str:
    """Returns 16 Crockford characters (80 bits) that follow from the parts alone."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    number = int.from_bytes(digest[:10])
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(75, -1, -5))
