"""Drafts: what a person typed into the form of a task, kept until it is sent in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import DraftRow


@dataclass(frozen=True)
class Draft:
    """One person's draft of one task: typed text and identifiers of uploaded files, by input name.

    `saved_at` is virtual UTC.
    """

    task_id: str
    user: str
    saved_at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)


async def save_draft(session: AsyncSession, draft: Draft) -> None:
    """Keeps a draft in the place of the one before."""
    values = {
        "entered": {"texts": dict(draft.texts), "kept": {name: list(ids) for name, ids in draft.kept.items()}},
        "saved_at": draft.saved_at,
        "stored_at": datetime.now(UTC),
    }
    insert = insert_into(session, DraftRow).values(task_id=draft.task_id, user=draft.user, **values)
    await session.execute(insert.on_conflict_do_update(index_elements=["task_id", "user"], set_=values))


async def find_draft(session: AsyncSession, task_id: str, user: str) -> Draft | None:
    """Returns a person's draft of a task, or None."""
    row = await session.get(DraftRow, (task_id, user))
    if row is None:
        return None
    return Draft(task_id, user, row.saved_at, row.entered.get("texts", {}), row.entered.get("kept", {}))


async def drop_draft(session: AsyncSession, task_id: str, user: str) -> None:
    """Throws a draft away; one that is gone already is no error."""
    await session.execute(delete(DraftRow).where(DraftRow.task_id == task_id, DraftRow.user == user))


async def drop_old_drafts(session: AsyncSession, *, before: datetime) -> int:
    """Throws away the drafts that were last saved before an instant (real UTC); returns how many."""
    gone = delete(DraftRow).where(DraftRow.stored_at < before).returning(DraftRow.task_id)
    return len((await session.execute(gone)).scalars().all())


async def files_in_drafts(session: AsyncSession) -> frozenset[str]:
    """Returns the identifiers of all files that some draft holds."""
    rows = (await session.execute(select(DraftRow.entered))).scalars()
    return frozenset(one for entered in rows for ids in entered.get("kept", {}).values() for one in ids)
