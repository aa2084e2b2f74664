"""People whom a provider of sign-in knows, and those on their way to it. Times are real UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.sign_ins import handle_of
from store.statements import insert_into
from store.tables import IdentityRow, ProviderVisitRow


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a provider; `ignored` are its words for roles that nobody mapped, as last told."""

    issuer: str
    subject: str
    user_id: str
    seen_at: datetime
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProviderVisit:
    """What must come back from the provider, and where the person goes then."""

    nonce: str
    verifier: str
    target: str


async def keep_visit(session: AsyncSession, state: str, visit: ProviderVisit, *, expires_at: datetime) -> None:
    """Keeps what somebody went to the provider with."""
    values = {"nonce": visit.nonce, "verifier": visit.verifier, "target": visit.target, "expires_at": expires_at}
    await session.execute(insert(ProviderVisitRow).values(state_hash=handle_of(state), **values))


async def take_visit(session: AsyncSession, state: str, *, now: datetime) -> ProviderVisit | None:
    """Returns what belongs to a state, once: the second time, or after its time, there is nothing."""
    gone = delete(ProviderVisitRow).where(ProviderVisitRow.state_hash == handle_of(state))
    taken = gone.returning(
        ProviderVisitRow.nonce, ProviderVisitRow.verifier, ProviderVisitRow.target, ProviderVisitRow.expires_at
    )
    row = (await session.execute(taken)).one_or_none()
    return ProviderVisit(row.nonce, row.verifier, row.target) if row is not None and row.expires_at > now else None


async def find_identity(session: AsyncSession, issuer: str, subject: str) -> Identity | None:
    """Returns whom a provider means."""
    query = select(IdentityRow).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
    row = (await session.execute(query)).scalar_one_or_none()
    return _identity(row) if row is not None else None


async def identities_of(session: AsyncSession, user_id: str) -> tuple[Identity, ...]:
    """Returns how a user is known to providers."""
    query = select(IdentityRow).where(IdentityRow.user_id == user_id).order_by(IdentityRow.created_at)
    return tuple(_identity(row) for row in (await session.execute(query)).scalars())


async def keep_identity(session: AsyncSession, identity: Identity) -> None:
    """Notes that a user was here by a provider's word, and what it said of roles that nobody mapped."""
    values = {
        "issuer": identity.issuer,
        "subject": identity.subject,
        "user_id": identity.user_id,
        "created_at": identity.seen_at,
        "seen_at": identity.seen_at,
        "ignored": list(identity.ignored),
    }
    added = insert_into(session, IdentityRow).values(values)
    again = {"seen_at": values["seen_at"], "ignored": values["ignored"]}
    await session.execute(
        added.on_conflict_do_update(index_elements=[IdentityRow.issuer, IdentityRow.subject], set_=again)
    )


def _identity(row: IdentityRow) -> Identity:
    return Identity(row.issuer, row.subject, row.user_id, row.seen_at, tuple(row.ignored))
