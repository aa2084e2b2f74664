"""What a database that lost something looks like."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import SubmissionRow


async def lose_submission(session: AsyncSession, submission_id: str) -> None:
    """Takes a submission out of the table, as if its write had been lost."""
    await session.execute(delete(SubmissionRow).where(SubmissionRow.submission_id == submission_id))
