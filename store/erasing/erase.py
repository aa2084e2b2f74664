"""The steps of an erasure, in an order in which each can be done again after a crash.

First a row says that the case is being erased: from then on nobody can place a legal hold, and whatever runs next knows
what to finish. Then the key is destroyed, which cannot be taken back. Then the rows, the files, the traces of deleted
rows. Where the row is missing (a backup from before was restored), the ring of keys still knows: `again`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Gone, NotFound, Refused, Unavailable
from core.keys import KeyRing
from domain.case import CaseStatus
from domain.clocks import Pace
from store.cleaning import remove_unnamed
from store.erasing.rows import counts, erase_rows, shrink_words
from store.files import FileStore
from store.sessions import Database
from store.statements import insert_for
from store.tables import Base

_CASE, _ERASURE, _HOLD = (Base.metadata.tables[name] for name in ("case", "erasure", "legal_hold"))
_REWRITTEN = (
    "case", "task", "event", "document", "shipment", "later_document", "notice", "case_entry", "customer_entry",
    "product_entry", "draft", "submission", "held_request", "customer", "product", "product_change", "card_entry",
    "service_contract", "attachment", "access", "article", "article_version", "article_entry", "case_fact",
    "case_part", "audit_result", "audit_review",
)  # fmt: skip


class WhileOpen(Refused):
    """An open case keeps its content: it is needed to go on."""


class UnderHold(Refused):
    """A legal hold is in force."""


class BesideCases(Protocol):
    """What an erasure asks of the engine."""

    async def end_beside(self, case_id: str) -> int:
        """Ends what still runs for a closed case (messages, papers). Raises Unavailable."""


@dataclass(frozen=True)
class Erased:
    """A case that was erased: when (real UTC), by whom and why.

    `told` is what names its customer or the case elsewhere and stays: entries of `what` with `names`. `done` is False
    while something is left to do, which the next run does. `facts` is what stays of the case. `removed_at` is when
    its archive and history went as well.
    """

    case_id: str
    at: datetime
    by: str
    reason: str
    told: Sequence[dict[str, Any]] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    done: bool = True
    cleared: bool = True
    """True once rows and files are done, and only traces in the database's own files may be left."""
    removed_at: datetime | None = None


class Eraser:
    """Erases cases; keys, database, files and engine are those of one installation."""

    def __init__(self, database: Database, files: FileStore, keys: KeyRing, engine: BesideCases, pace: Pace) -> None:
        self.database, self.files, self.keys, self.engine, self.pace = database, files, keys, engine, pace

    async def erase(self, case_id: str, *, by: str, reason: str) -> Erased:
        """Erases a closed case; of one that was erased it does what is left, and says when that was.

        Raises NotFound, WhileOpen, UnderHold; Unavailable when the keys cannot be reached. What cannot be done now (the
        engine or the files cannot be reached) is done by the next run.
        """
        await self.begin(case_id, by=by, reason=reason)
        (erased,) = await self.settle([await self.clear(case_id)])
        return erased

    async def again(self) -> list[Erased]:
        """Does again every erasure that the ring of keys knows and the database does not show, and what was left.

        What a restored backup brought back goes by it. Returns the cases that there was something to do for.
        """
        gone = {one.subject: one for one in await self.keys.all_destroyed()}
        done = await self.database.run(lambda connection: _unfinished(connection, gone.keys()))
        for case_id in done:
            if (known := gone.get(case_id)) is not None:
                note = partial(_insert, case_id=case_id, by=known.by, reason=known.reason, at=known.at)
                await self.database.run(note)
        erased = [await self.clear(case_id) for case_id in done]
        return await self.settle(erased)

    async def clear(self, case_id: str) -> Erased:
        """Does the steps of an erasure that has begun, all but the last: `settle` does that for several at once.

        Raises Unavailable when the keys cannot be reached.
        """
        row = await self.database.run(partial(_row, case_id=case_id))
        destroyed = await self.keys.destroy(case_id, by=row["by"], reason=row["reason"])
        if row["done_at"] is not None:
            return erased_of(row)
        now = self.pace.virtual(datetime.now(UTC))
        await self.database.run(partial(_scrub, case_id=case_id, at=destroyed.at, now=now))
        row = await self.database.run(partial(_row, case_id=case_id))
        try:
            await self.engine.end_beside(case_id)
            await remove_unnamed(self.database, self.files, row["files"])
        except (Unavailable, OSError):
            return erased_of(row)
        await self.database.run(partial(_cleared, case_id=case_id))
        return erased_of(await self.database.run(partial(_row, case_id=case_id)))

    async def settle(self, cleared: Sequence[Erased]) -> list[Erased]:
        """Clears the traces of deleted rows from the database's files, once for all of these, and ends them."""
        waiting = await self.database.run(partial(_waiting, case_ids=[one.case_id for one in cleared]))
        if waiting:
            await self.database.run(shrink_words)
            if await self.database.rewrite(_REWRITTEN):
                for case_id in waiting:
                    await self.database.run(partial(_end, case_id=case_id))
        ended = [await self.database.run(partial(_row, case_id=one.case_id)) for one in cleared]
        return [erased_of(row) for row in ended]

    async def begin(self, case_id: str, *, by: str, reason: str) -> None:
        """Notes that a case is being erased; from then on it is finished by whatever runs next. Raises as `erase`."""
        await self.database.run(partial(_begin, case_id=case_id, by=by, reason=reason))


def _begin(connection: Connection, case_id: str, *, by: str, reason: str) -> None:
    """Notes that a case is being erased, unless it must not be; the case's row keeps holds away meanwhile."""
    row = connection.execute(select(_CASE.c.status).where(_CASE.c.case_id == case_id).with_for_update()).one_or_none()
    begun = connection.execute(select(_ERASURE.c.case_id).where(_ERASURE.c.case_id == case_id)).scalar()
    if begun is not None:
        return
    if row is None:
        raise NotFound("there is no such case")
    if row.status != CaseStatus.CLOSED.value:
        raise WhileOpen("the case is open: it needs what it knows to go on; close it first, or have it withdrawn")
    held = select(_HOLD).where(_HOLD.c.case_id == case_id, _HOLD.c.lifted_at.is_(None)).limit(1)
    hold = connection.execute(held).mappings().one_or_none()
    if hold is not None:
        since, who, why = f"{hold['placed_at']:%Y-%m-%d}", hold["placed_by"], hold["reason"]
        raise UnderHold(f"the case is under a legal hold since {since}, placed by {who}: {why}; lift it first")
    _insert(connection, case_id, by=by, reason=reason, at=datetime.now(UTC))


def _insert(connection: Connection, case_id: str, *, by: str, reason: str, at: datetime) -> None:
    nothing: dict[str, Any] = {"told": [], "files": [], "facts": {}, "cleared": False}
    row = {"case_id": case_id, "erased_at": at, "by": by, "reason": reason} | nothing
    connection.execute(insert_for(connection.dialect.name, _ERASURE).values(row).on_conflict_do_nothing())


def _cleared(connection: Connection, case_id: str) -> None:
    """Notes that the files are gone: the traces in the database are all that is left to do."""
    connection.execute(update(_ERASURE).where(_ERASURE.c.case_id == case_id).values(files=[], cleared=True))


def _waiting(connection: Connection, case_ids: Sequence[str]) -> list[str]:
    query = select(_ERASURE.c.case_id).where(_ERASURE.c.case_id.in_(list(case_ids)), _ERASURE.c.cleared.is_(True))
    return sorted(connection.execute(query.where(_ERASURE.c.done_at.is_(None))).scalars())


def _end(connection: Connection, case_id: str) -> None:
    done = update(_ERASURE).where(_ERASURE.c.case_id == case_id)
    connection.execute(done.values(done_at=datetime.now(UTC)))


def _unfinished(connection: Connection, destroyed: Any) -> list[str]:
    """Cases whose erasure is not done, and those whose key is destroyed and that the database shows as they were."""
    left = connection.execute(select(_ERASURE.c.case_id).where(_ERASURE.c.done_at.is_(None))).scalars()
    known = set(connection.execute(select(_ERASURE.c.case_id)).scalars())
    shown = {one for one in sorted(set(destroyed) - known) if _is_case(connection, one)}
    return sorted({*left, *shown})


def _is_case(connection: Connection, case_id: str) -> bool:
    return connection.execute(select(_CASE.c.case_id).where(_CASE.c.case_id == case_id)).scalar() is not None


def _scrub(connection: Connection, case_id: str, at: datetime, now: datetime) -> None:
    """Erases the rows once, and keeps in the same transaction what stays, what was found and which files are to go."""
    this = _ERASURE.c.case_id == case_id
    if connection.execute(select(_ERASURE.c.facts).where(this).with_for_update()).scalar():
        return
    facts = _facts(connection, case_id)
    told, files = erase_rows(connection, case_id, now=now) if facts else ([], [])
    new = {"erased_at": at, "told": told, "files": files, "facts": facts or {"case_id": case_id}}
    connection.execute(update(_ERASURE).where(this).values(new))


def _facts(connection: Connection, case_id: str) -> dict[str, Any]:
    """What stays for good: the number, the plan, the days, the result, the end of the chain. Empty for no case."""
    kept = (
        "case_id", "plan", "plan_title", "work_order", "time_zone", "opened_at", "closed_at", "result", "resolution",
    )  # fmt: skip
    query = select(*(_CASE.c[name] for name in kept)).where(_CASE.c.case_id == case_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return {}
    events, last = counts(connection, case_id)
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
    return {**plain, "events": events, "record_hash": last}


def _row(connection: Connection, case_id: str) -> dict[str, Any]:
    return dict(connection.execute(select(_ERASURE).where(_ERASURE.c.case_id == case_id)).mappings().one())


def erased_of(row: Any) -> Erased:
    """Returns the erasure that a row (a mapping of its columns) tells of."""
    return Erased(
        case_id=row["case_id"],
        at=row["erased_at"],
        by=row["by"],
        reason=row["reason"],
        told=tuple(row["told"]),
        facts=row["facts"],
        done=row["done_at"] is not None,
        cleared=row["cleared"],
        removed_at=row["removed_at"],
    )


async def require_content(session: AsyncSession, case_id: str) -> None:
    """Checks that a case was not erased. Raises Gone."""
    erased = await erasure_of(session, case_id)
    if erased is not None:
        raise Gone(f"{case_id} was erased on {erased.at:%Y-%m-%d}: there is nothing left to go on with")


async def erasure_of(session: AsyncSession, case_id: str) -> Erased | None:
    """Returns the erasure of a case, None when it was not erased."""
    row = (await session.execute(select(_ERASURE).where(_ERASURE.c.case_id == case_id))).mappings().one_or_none()
    return erased_of(row) if row is not None else None
