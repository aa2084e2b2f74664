"""Outcomes that were sent in: the same submission twice is one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import SubmissionRow


@dataclass(frozen=True)
class Submission:
    """One outcome sent in for one offer of a task. `entered_at` is virtual UTC, `digest` of what was entered."""

    submission_id: str
    task_id: str
    activity_id: str
    user: str
    entered_at: datetime
    digest: str


def outcome_digest(outcome: Mapping[str, Any]) -> str:
    """Returns the SHA-256 of an outcome of plain JSON values, whatever the order of its keys."""
    canonical = json.dumps(outcome, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


async def record_submission(session: AsyncSession, submission: Submission) -> Submission:
    """Records a submission; returns the one stored under its id, which is an earlier one if there was one."""
    insert = insert_into(session, SubmissionRow).values(asdict(submission)).on_conflict_do_nothing()
    await session.execute(insert)
    return await find_submission(session, submission.submission_id) or submission


async def find_submission(session: AsyncSession, submission_id: str) -> Submission | None:
    """Returns the submission of an id, or None."""
    query = select(SubmissionRow).where(SubmissionRow.submission_id == submission_id)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        return None
    return Submission(row.submission_id, row.task_id, row.activity_id, row.user, row.entered_at, row.digest)


async def forget_submission(session: AsyncSession, submission_id: str) -> None:
    """Forgets a submission that the case did not take, so that it can be sent again."""
    await session.execute(delete(SubmissionRow).where(SubmissionRow.submission_id == submission_id))
