"""Keeping what auditors asked for and found."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.record.findings import Audited, AuditKind
from domain.record.sampling import Chosen, Criteria
from store.statements import insert_into
from store.tables import AuditResultRow, AuditReviewRow, AuditSampleRow, Base


async def ask_audit(session: AsyncSession, case_id: str, kind: AuditKind, *, by: str, at: datetime) -> str:
    """Notes that somebody asked for a check; returns its id, or that of the one of its kind that runs for the case."""
    values: dict[str, object] = {
        "audit_id": f"V-{secrets.token_hex(8)}",
        "case_id": case_id,
        "kind": kind.value,
        "asked_by": by,
        "asked_at": at,
        "findings": [],
        "notes": [],
    }
    running = AuditResultRow.done_at.is_(None)
    new = insert_into(session, AuditResultRow).values(values)
    await session.execute(new.on_conflict_do_nothing(index_elements=["case_id", "kind"], index_where=running))
    same = select(AuditResultRow.audit_id).where(
        AuditResultRow.case_id == case_id, AuditResultRow.kind == kind.value, running
    )
    return str((await session.execute(same)).scalar_one())


async def keep_audit(session: AsyncSession, audit_id: str, audited: Audited) -> None:
    """Keeps the outcome of a check; one that was kept before stays."""
    mine = update(AuditResultRow).where(AuditResultRow.audit_id == audit_id, AuditResultRow.done_at.is_(None))
    await session.execute(
        mine.values(
            done_at=audited.at,
            passed=audited.passed,
            findings=[one.model_dump(mode="json") for one in audited.findings],
            notes=list(audited.notes),
            code_version=audited.code_version,
        )
    )


async def keep_failed_audit(session: AsyncSession, audit_id: str, why: str, *, at: datetime, code_version: str) -> None:
    """Keeps that a check could not be done, and why: it neither passed nor found anything."""
    mine = update(AuditResultRow).where(AuditResultRow.audit_id == audit_id, AuditResultRow.done_at.is_(None))
    await session.execute(mine.values(done_at=at, notes=[why], code_version=code_version))


async def forget_audit(session: AsyncSession, audit_id: str) -> None:
    """Forgets a check that never began."""
    await session.execute(
        delete(AuditResultRow).where(AuditResultRow.audit_id == audit_id, AuditResultRow.done_at.is_(None))
    )


def erase_findings(connection: Connection, case_id: str) -> None:
    """Takes what findings say out of the checks of a case that is erased, and remarks of reviews; outcomes stay."""
    results, reviews = (Base.metadata.tables[name] for name in ("audit_result", "audit_review"))
    connection.execute(update(results).where(results.c.case_id == case_id).values(findings=[], notes=[]))
    connection.execute(update(reviews).where(reviews.c.case_id == case_id).values(remark=""))


async def keep_sample(
    session: AsyncSession, criteria: Criteria, seed: str, chosen: tuple[Chosen, ...], *, by: str, at: datetime
) -> str:
    """Keeps a sample; returns its id."""
    sample_id = f"S-{secrets.token_hex(6)}"
    values = {
        "sample_id": sample_id,
        "seed": seed,
        "by": by,
        "at": at,
        "criteria": criteria.model_dump(mode="json"),
        "cases": [one.model_dump(mode="json") for one in chosen],
    }
    await session.execute(insert(AuditSampleRow).values(values))
    return sample_id


async def review_case(
    session: AsyncSession, sample_id: str, case_id: str, *, finding: bool, remark: str, by: str, at: datetime
) -> None:
    """Adds what a reviewer says of a case of a sample; it goes before what was said earlier."""
    values = {"sample_id": sample_id, "case_id": case_id, "by": by, "at": at, "finding": finding, "remark": remark}
    await session.execute(insert(AuditReviewRow).values(values))
