"""Noting who looked at whose data: cheap enough for every page, and enough to be told afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_for
from store.tables import AccessRow


@dataclass(frozen=True)
class Look:
    """What a person looked at: the kind of thing, which one, and the way (`page` or `api`)."""

    user_id: str
    kind: str
    subject: str
    way: str


def note_look(connection: Connection, look: Look, *, slot: int, at: datetime) -> None:
    """Notes a look, or counts one more within the same slot: to be given to `Database.run`."""
    values = {
        "at": at,
        "user_id": look.user_id,
        "kind": look.kind,
        "subject": look.subject,
        "way": look.way,
        "slot": slot,
        "looks": 1,
    }
    one = [AccessRow.user_id, AccessRow.kind, AccessRow.subject, AccessRow.way, AccessRow.slot]
    insert = insert_for(connection.dialect.name, AccessRow).values(values)
    connection.execute(insert.on_conflict_do_update(index_elements=one, set_={"looks": AccessRow.looks + 1}))


async def drop_old_looks(session: AsyncSession, *, before: datetime) -> None:
    """Forgets what is older than it has to be kept."""
    await session.execute(delete(AccessRow).where(AccessRow.at < before))
