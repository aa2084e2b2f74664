"""What lists can be narrowed to, read by hopping from value to value in an index."""

from __future__ import annotations

from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import CaseRow

_MOST = 200


async def regions(session: AsyncSession) -> tuple[str, ...]:
    """Returns the regions that cases are from, in order; a look at the index for each, however many cases there are."""
    hop = select(func.min(CaseRow.region).label("region")).cte("hop", recursive=True)
    following = select(func.min(CaseRow.region)).where(CaseRow.region > hop.c.region).scalar_subquery()
    hop = hop.union_all(select(following).where(hop.c.region.is_not(None)))
    query = select(hop.c.region).where(hop.c.region.is_not(None)).limit(literal_column(str(_MOST)))
    return tuple((await session.execute(query)).scalars())
