"""The warranty card of a product: read from its cases, and from what was entered of the time before them (M7)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from domain.case import CaseState, TaskState, TaskStatus
from domain.warranty import serial_key
from domain.warranty.card import CardEntry, entry_of
from store.queries.registry import RegisteredProduct
from store.queries.summaries import CaseSummary, summary_of
from store.tables import CardEntryRow, CaseRow, TaskRow

MOST_CASES = 200
"""Of one product, the newest: no product comes back more often."""


async def cases_of(session: AsyncSession, serial_number: str, *, most: int = MOST_CASES) -> tuple[CaseSummary, ...]:
    """Returns the newest cases of a serial number, the newest first."""
    query = select(CaseRow).where(CaseRow.serial_key == serial_key(serial_number))
    newest = query.order_by(CaseRow.opened_at.desc(), CaseRow.case_id.desc()).limit(most)
    return tuple(map(summary_of, (await session.execute(newest)).scalars()))


async def card_of(
    session: AsyncSession, product: RegisteredProduct, *, without: str | None = None, most: int = MOST_CASES
) -> tuple[CardEntry, ...]:
    """Returns every earlier repair of a product, the newest first; `without` is a case that shall not count itself.

    Of its cases the newest are read, `most` of them.

    An entry that a later one corrects stays on the card.
    """
    earlier = await _earlier(session, product, without, most) if most else []
    tasks = await _completed(session, [case.case_id for case in earlier]) if earlier else {}
    found = [entry for case in earlier if (entry := entry_of(case, tasks.get(case.case_id, []))) is not None]
    by_hand = select(CardEntryRow).where(CardEntryRow.product_id == product.product_id)
    found += [_manual(row) for row in (await session.execute(by_hand)).scalars()]
    return tuple(sorted(found, key=lambda entry: (entry.repaired_on, entry.entry_id), reverse=True))


async def _earlier(
    session: AsyncSession, product: RegisteredProduct, without: str | None, most: int
) -> list[CaseState]:
    query = (
        select(CaseRow)
        .where(CaseRow.serial_key == serial_key(product.serial_number), CaseRow.case_id != (without or ""))
        .options(undefer(CaseRow.state))
        .order_by(CaseRow.opened_at.desc(), CaseRow.case_id.desc())
        .limit(most)
    )
    return [CaseState.model_validate(row.state) for row in (await session.execute(query)).scalars()]


async def _completed(session: AsyncSession, case_ids: list[str]) -> dict[str, list[TaskState]]:
    query = select(TaskRow.case_id, TaskRow.state).where(
        TaskRow.case_id.in_(case_ids), TaskRow.status == TaskStatus.COMPLETED.value
    )
    found: dict[str, list[TaskState]] = defaultdict(list)
    for case_id, state in await session.execute(query):
        found[case_id].append(TaskState.model_validate(state))
    return found


def _manual(row: CardEntryRow) -> CardEntry:
    return CardEntry(
        entry_id=row.entry_id,
        repaired_on=row.repaired_on,
        work=(row.work,),
        parts=(row.parts,) if row.parts else (),
        hours=(Decimal(row.minutes) / 60).quantize(Decimal("0.01")) if row.minutes is not None else None,
        done_by=row.done_by,
        manual=True,
        entered_by=row.entered_by,
        corrects=row.corrects,
    )
