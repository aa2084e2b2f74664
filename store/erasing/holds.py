"""Legal holds: while one is in force, nothing of its case is erased or removed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import CaseRow, ErasureRow, LegalHoldRow


class AlreadyErased(ValueError):
    """The case is erased, or is being erased: there is nothing left to hold."""


class NotHeld(LookupError):
    """No hold of the case is in force."""


class CaseUnknown(LookupError):
    """There is no such case."""


@dataclass(frozen=True)
class Hold:
    """A legal hold of a case; in force until it is lifted. Instants are real UTC, people sign-in names."""

    hold_id: str
    case_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_why: str | None = None


async def place_hold(session: AsyncSession, case_id: str, *, by: str, reason: str) -> Hold:
    """Places a hold on a case, open or closed; one that is in force already stays, and is returned.

    Raises CaseUnknown, AlreadyErased.
    """
    locked = select(CaseRow.case_id).where(CaseRow.case_id == case_id).with_for_update()
    known = (await session.execute(locked)).scalar()
    if (await session.execute(select(ErasureRow.case_id).where(ErasureRow.case_id == case_id))).scalar() is not None:
        raise AlreadyErased(case_id)
    if known is None:
        raise CaseUnknown(case_id)
    if (held := await hold_of(session, case_id)) is not None:
        return held
    hold = Hold(f"H-{secrets.token_hex(8)}", case_id, reason, by, datetime.now(UTC))
    values = {name: getattr(hold, name) for name in LegalHoldRow.__table__.columns.keys()}  # noqa: SIM118
    await session.execute(insert_into(session, LegalHoldRow).values(values))
    return hold


async def lift_hold(session: AsyncSession, case_id: str, *, by: str, reason: str | None) -> Hold:
    """Lifts the hold of a case that is in force. Raises NotHeld."""
    held = await hold_of(session, case_id)
    if held is None:
        raise NotHeld(case_id)
    lifted = update(LegalHoldRow).where(LegalHoldRow.hold_id == held.hold_id, LegalHoldRow.lifted_at.is_(None))
    await session.execute(lifted.values(lifted_by=by, lifted_at=datetime.now(UTC), lifted_why=reason))
    return held


async def hold_of(session: AsyncSession, case_id: str) -> Hold | None:
    """Returns the hold of a case that is in force, or None."""
    row = (await session.execute(_of(case_id).where(LegalHoldRow.lifted_at.is_(None)).limit(1))).scalar_one_or_none()
    return hold_of_row(row) if row is not None else None


async def holds_of(session: AsyncSession, case_id: str) -> tuple[Hold, ...]:
    """Returns every hold that a case had, the newest first."""
    return tuple(hold_of_row(row) for row in (await session.execute(_of(case_id))).scalars())


def _of(case_id: str) -> Select[LegalHoldRow]:
    newest = LegalHoldRow.placed_at.desc()
    return select(LegalHoldRow).where(LegalHoldRow.case_id == case_id).order_by(newest, LegalHoldRow.hold_id)


def hold_of_row(row: LegalHoldRow) -> Hold:
    """Returns the hold that a row tells of."""
    return Hold(
        hold_id=row.hold_id,
        case_id=row.case_id,
        reason=row.reason,
        placed_by=row.placed_by,
        placed_at=row.placed_at,
        lifted_by=row.lifted_by,
        lifted_at=row.lifted_at,
        lifted_why=row.lifted_why,
    )
