"""Where documents find what they show besides the record: files by their id, earlier repairs of a product."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from activities.documents import HandedIn, IssuedFile

if TYPE_CHECKING:
    from domain.case import CaseState
    from domain.warranty.card import CardEntry
    from store.sessions import Database


class DocumentSources:
    """Reads from the database, and registers issued files beside uploaded ones."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, file: IssuedFile) -> None:
        """Makes an issued file known; once is enough however often it is asked."""
        from store.attachments import Attachment, add_attachment, find_attachment

        async with self._database.session() as session:
            if await find_attachment(session, file.attachment_id):
                return
            await add_attachment(
                session,
                Attachment(
                    attachment_id=file.attachment_id,
                    sha256=file.sha256,
                    file_name=file.file_name,
                    content_type=file.content_type,
                    size=file.size,
                    uploaded_by="system",
                    uploaded_at=datetime.now(UTC),
                ),
                named=True,
            )

    async def files(self, ids: Collection[str]) -> Mapping[str, HandedIn]:
        """Returns what is known of files by attachment id; unknown ones are missing."""
        from store.attachments import find_attachments

        if not ids:
            return {}
        async with self._database.reading() as session:
            found = await find_attachments(session, ids)
        return {one: HandedIn(file.file_name, file.content_type, file.sha256) for one, file in found.items()}

    async def card(self, case: CaseState) -> tuple[CardEntry, ...]:
        """Returns the repairs of the case's product in other cases and from before them, the newest first."""
        from store.queries.card import card_of
        from store.queries.registry import product_of_serial

        if not case.serial_number:
            return ()
        async with self._database.reading() as session:
            known = await product_of_serial(session, case.serial_number)
            return await card_of(session, known, without=case.case_id) if known else ()
