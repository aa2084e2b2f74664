"""Which tracking link of a case holds: the first one, until somebody makes another or takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import CaseRow, TrackingLinkRow


@dataclass(frozen=True)
class Link:
    """A case's link as it stands: its version, and who changed it last, if anybody did."""

    version: int = 0
    revoked: bool = False
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Followed:
    """What decides whether a link still leads to its case. `closed_at` is None while the case runs."""

    link: Link
    closed_at: datetime | None


async def link_of(session: AsyncSession, case_id: str) -> Link:
    """Returns the link of a case that holds."""
    row = (await session.execute(_newest(case_id))).scalar_one_or_none()
    return _link(row)


async def follow(session: AsyncSession, case_id: str) -> Followed:
    """Returns the link of a case and when the case ended; a case nobody knows yet runs."""
    closed_at = (await session.execute(select(CaseRow.closed_at).where(CaseRow.case_id == case_id))).scalar()
    return Followed(await link_of(session, case_id), closed_at)


async def change_link(session: AsyncSession, case_id: str, *, revoked: bool, by: str, at: datetime) -> Link:
    """Makes the next version: a new link, or none at all. Two who do it at once get the same."""
    version = (await link_of(session, case_id)).version + 1
    values = {"case_id": case_id, "version": version, "revoked": revoked, "by": by, "at": at}
    await session.execute(insert_into(session, TrackingLinkRow).values(values).on_conflict_do_nothing())
    return await link_of(session, case_id)


def _newest(case_id: str) -> Select[TrackingLinkRow]:
    newest = TrackingLinkRow.version.desc()
    return select(TrackingLinkRow).where(TrackingLinkRow.case_id == case_id).order_by(newest).limit(1)


def _link(row: TrackingLinkRow | None) -> Link:
    return Link(row.version, row.revoked, row.by, row.at) if row is not None else Link()
