"""Requests from the public form that a person looks at before they become cases: none is lost silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import AttachmentRow, HeldRequestRow


@dataclass(frozen=True)
class HeldRequest:
    """One request. `reasons` say why it was held; `request` is None once it was rejected; `case_id` is what came of it.

    `received_at` and `decided_at` are virtual UTC.
    """

    request_id: str
    received_at: datetime
    plan: str
    request: Mapping[str, Any] | None
    reasons: tuple[str, ...]
    decided_by: str | None = None
    decided_at: datetime | None = None
    case_id: str | None = None

    @property
    def waits(self) -> bool:
        """True until somebody decided."""
        return self.decided_at is None


async def hold_request(session: AsyncSession, held: HeldRequest) -> None:
    """Keeps a request for a person to look at; one that is kept already stays as it is."""
    values = {**asdict(held), "reasons": list(held.reasons)}
    await session.execute(insert_into(session, HeldRequestRow).values(values).on_conflict_do_nothing())


async def find_request(session: AsyncSession, request_id: str) -> HeldRequest | None:
    """Returns a request by its number, or None."""
    row = await session.get(HeldRequestRow, request_id)
    return _request(row) if row is not None else None


async def waiting_requests(session: AsyncSession, limit: int = 100) -> tuple[HeldRequest, ...]:
    """Returns what waits for a decision, the oldest first."""
    query = (
        select(HeldRequestRow)
        .where(HeldRequestRow.decided_at.is_(None))
        .order_by(HeldRequestRow.received_at, HeldRequestRow.request_id)
        .limit(limit)
    )
    return tuple(_request(row) for row in (await session.execute(query)).scalars())


async def decided_requests(session: AsyncSession, limit: int = 30) -> tuple[HeldRequest, ...]:
    """Returns what was decided, the newest decision first."""
    query = (
        select(HeldRequestRow)
        .where(HeldRequestRow.decided_at.is_not(None))
        .order_by(HeldRequestRow.decided_at.desc(), HeldRequestRow.request_id)
        .limit(limit)
    )
    return tuple(_request(row) for row in (await session.execute(query)).scalars())


async def count_waiting(session: AsyncSession) -> int:
    """Returns how many requests wait for a decision."""
    query = select(func.count()).select_from(HeldRequestRow).where(HeldRequestRow.decided_at.is_(None))
    return (await session.execute(query)).scalar_one()


async def decide_opened(session: AsyncSession, request_id: str, *, case_id: str, by: str, at: datetime) -> None:
    """Notes the case that a request became. A case that is open counts, whatever was decided a moment before."""
    changed = update(HeldRequestRow).where(HeldRequestRow.request_id == request_id, HeldRequestRow.case_id.is_(None))
    await session.execute(changed.values(case_id=case_id, decided_by=by, decided_at=at))


async def decide_rejected(session: AsyncSession, request_id: str, *, by: str, at: datetime) -> bool:
    """Rejects a request that waits: what it said is forgotten, its files are free to go. False when it was decided."""
    waiting = update(HeldRequestRow).where(HeldRequestRow.request_id == request_id, HeldRequestRow.decided_at.is_(None))
    found = await find_request(session, request_id)
    changed = await session.execute(
        waiting.values(request=None, decided_by=by, decided_at=at).returning(HeldRequestRow.request_id)
    )
    if changed.scalar_one_or_none() is None:
        return False
    files = list((found.request or {}).get("attachments") or ()) if found else []
    if files:
        await session.execute(update(AttachmentRow).where(AttachmentRow.attachment_id.in_(files)).values(named_at=None))
    return True


def _request(row: HeldRequestRow) -> HeldRequest:
    return HeldRequest(
        request_id=row.request_id,
        received_at=row.received_at,
        plan=row.plan,
        request=row.request,
        reasons=tuple(row.reasons),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        case_id=row.case_id,
    )
