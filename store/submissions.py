"""Outcomes that were sent in: the same submission twice is one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import SubmissionRow


@dataclass(frozen=True)
class Submission:
    """One outcome sent in for one offer of a task, and the run of its case that took it.

    `entered_at` is virtual UTC, `digest` of what was entered.
    """

    submission_id: str
    task_id: str
    run_id: str
    activity_id: str
    user: str
    entered_at: datetime
    digest: str


def outcome_digest(outcome: Mapping[str, Any]) -> str:
    """Returns the SHA-256 of an outcome of plain JSON values, whatever the order of its keys."""
    canonical = json.dumps(outcome, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


async def record_submission(session: AsyncSession, submission: Submission) -> Submission:
    """Records a submission; returns the one that counts under its id, which is an earlier one if there was one."""
    insert = insert_into(session, SubmissionRow).values(asdict(submission)).on_conflict_do_nothing()
    await session.execute(insert)
    found = await find_submission(
        session, submission.submission_id, task_id=submission.task_id, run_id=submission.run_id
    )
    return found or submission


async def find_submission(session: AsyncSession, submission_id: str, *, task_id: str, run_id: str) -> Submission | None:
    """Returns what was sent in under an id, for this task or another, or None.

    What an earlier run of the case took of the same task does not count: after a reset the new run never got it, and
    the same may be sent again.
    """
    counts = or_(SubmissionRow.run_id == run_id, SubmissionRow.task_id != task_id)
    query = select(SubmissionRow).where(SubmissionRow.submission_id == submission_id, counts)
    row = (await session.execute(query.order_by(SubmissionRow.entered_at).limit(1))).scalar_one_or_none()
    return _submission(row) if row is not None else None


async def last_submission(session: AsyncSession, task_id: str, run_id: str) -> Submission | None:
    """Returns what was sent in last for a task in a run of its case, or None."""
    query = select(SubmissionRow).where(SubmissionRow.task_id == task_id, SubmissionRow.run_id == run_id)
    row = (await session.execute(query.order_by(SubmissionRow.entered_at.desc()).limit(1))).scalar_one_or_none()
    return _submission(row) if row is not None else None


def _submission(row: SubmissionRow) -> Submission:
    return Submission(
        submission_id=row.submission_id,
        task_id=row.task_id,
        run_id=row.run_id,
        activity_id=row.activity_id,
        user=row.user,
        entered_at=row.entered_at,
        digest=row.digest,
    )
