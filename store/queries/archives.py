"""Which cases are archived, and which are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseStatus
from store.registry_rows import customer_id_of
from store.statements import insert_into
from store.tables import ArchiveRow, CaseRow, ErasureRow, LaterDocumentRow


@dataclass(frozen=True)
class KnownArchive:
    """The archive of a case as it was noted; `made_at` is real UTC, `bytes` the length of the file."""

    case_id: str
    name: str
    sha256: str
    bytes: int
    made_at: datetime
    code_version: str
    key_id: str | None
    run_id: str
    later_documents: int = 0


@dataclass(frozen=True)
class Due:
    """A closed case that has no archive that is up to date; `closed_at` is on the product's clock, UTC."""

    case_id: str
    closed_at: datetime


async def note_archive(session: AsyncSession, made: KnownArchive) -> None:
    """Notes an archive in the place of an earlier one of the case."""
    values = vars(made)
    changed = {name: value for name, value in values.items() if name != "case_id"}
    await session.execute(
        insert_into(session, ArchiveRow).values(values).on_conflict_do_update(index_elements=["case_id"], set_=changed)
    )


async def forget_archive(session: AsyncSession, case_id: str) -> None:
    """Forgets the archive of a case, whose file is gone."""
    await session.execute(delete(ArchiveRow).where(ArchiveRow.case_id == case_id))


async def find_archive(session: AsyncSession, case_id: str) -> KnownArchive | None:
    """Returns the archive of a case, or None."""
    row = await session.get(ArchiveRow, case_id)
    return _known(row) if row else None


async def due_for_archive(session: AsyncSession, after: Due | None = None, *, limit: int = 100) -> tuple[Due, ...]:
    """Returns closed cases without an archive of their run and of all their papers, the earliest first.

    `after` goes on behind one, so that a case that fails does not keep others waiting.
    """
    later = (
        select(func.count())
        .select_from(LaterDocumentRow)
        .where(LaterDocumentRow.case_id == CaseRow.case_id)
        .scalar_subquery()
    )
    query = (
        select(CaseRow.case_id, CaseRow.closed_at)
        .outerjoin(ArchiveRow, ArchiveRow.case_id == CaseRow.case_id)
        .outerjoin(ErasureRow, ErasureRow.case_id == CaseRow.case_id)
        .where(CaseRow.status == CaseStatus.CLOSED.value, CaseRow.closed_at.is_not(None))
        .where(ErasureRow.case_id.is_(None))  # there is nothing left to archive
        .where(
            or_(
                ArchiveRow.case_id.is_(None),
                ArchiveRow.run_id != CaseRow.run_id,
                ArchiveRow.later_documents < later,
            )
        )
        .order_by(CaseRow.closed_at, CaseRow.case_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(CaseRow.closed_at, CaseRow.case_id) > (after.closed_at, after.case_id))
    return tuple(Due(case_id, closed_at) for case_id, closed_at in await session.execute(query) if closed_at)


async def archives_between(
    session: AsyncSession, first: datetime | None = None, last: datetime | None = None
) -> tuple[KnownArchive, ...]:
    """Returns the archives of cases closed from `first` to before `last` (product's clock, UTC), by closing time."""
    query = select(ArchiveRow).join(CaseRow, CaseRow.case_id == ArchiveRow.case_id)
    if first is not None:
        query = query.where(CaseRow.closed_at >= first)
    if last is not None:
        query = query.where(CaseRow.closed_at < last)
    rows = (await session.execute(query.order_by(CaseRow.closed_at, CaseRow.case_id))).scalars()
    return tuple(_known(row) for row in rows)


async def archives_of_customer(session: AsyncSession, customer: str) -> tuple[KnownArchive, ...]:
    """Returns the archives of a customer's cases, by closing time.

    `customer` is a number of the register, or a name as cases were opened under it, whatever the region.
    """
    query = select(ArchiveRow, CaseRow.customer_name, CaseRow.region).join(
        CaseRow, CaseRow.case_id == ArchiveRow.case_id
    )
    rows = await session.execute(query.order_by(CaseRow.closed_at, CaseRow.case_id))
    wanted = customer.strip().casefold()
    return tuple(
        _known(row)
        for row, name, region in rows
        if customer_id_of(name, region) == customer.strip() or name.strip().casefold() == wanted
    )


def _known(row: ArchiveRow) -> KnownArchive:
    return KnownArchive(**{name: getattr(row, name) for name in KnownArchive.__dataclass_fields__})
