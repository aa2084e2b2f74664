"""API tokens and sign-ins. Only their hashes are stored; times are real UTC, since secrets age by the wall's clock."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import SessionRow, TokenRow, UserRow
from store.users import User, user_of

_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in on the pages; `csrf` must come back with every form."""

    user: User
    csrf: str
    expires_at: datetime


def _hash(secret: str) -> str:
    # a random secret of 256 bits needs no slow hash; text that no one was given must not raise
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


async def new_token(session: AsyncSession, user_id: str, *, now: datetime, expires_at: datetime | None = None) -> str:
    """Returns a new API token of a user, shown this once. Raises IntegrityError for an unknown user."""
    token = "aft_" + secrets.token_urlsafe(_BYTES)
    values = {"token_hash": _hash(token), "user_id": user_id, "created_at": now, "expires_at": expires_at}
    await session.execute(insert(TokenRow).values(values))
    return token


async def user_of_token(session: AsyncSession, token: str, *, now: datetime) -> User | None:
    """Returns the active user of a token that has not expired, or None."""
    valid: ColumnElement[bool] = or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now)
    query = select(UserRow).join(TokenRow, TokenRow.user_id == UserRow.user_id)
    query = query.where(TokenRow.token_hash == _hash(token), valid, UserRow.active.is_(True))
    row = (await session.execute(query)).scalar_one_or_none()
    return user_of(row) if row is not None else None


async def new_session(session: AsyncSession, user_id: str, *, now: datetime, expires_at: datetime) -> tuple[str, str]:
    """Signs a user in; returns the cookie, shown this once, and the secret for forms."""
    cookie, csrf = secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES)
    values = {
        "session_hash": _hash(cookie),
        "user_id": user_id,
        "created_at": now,
        "expires_at": expires_at,
        "csrf": csrf,
    }
    await session.execute(insert(SessionRow).values(values))
    return cookie, csrf


async def user_of_session(session: AsyncSession, cookie: str, *, now: datetime) -> SignedIn | None:
    """Returns who is signed in with a cookie, or None when it ended, expired, or the user is not active any more."""
    query = select(UserRow, SessionRow).join(SessionRow, SessionRow.user_id == UserRow.user_id)
    query = query.where(SessionRow.session_hash == _hash(cookie), SessionRow.expires_at > now, UserRow.active.is_(True))
    row = (await session.execute(query)).one_or_none()
    return SignedIn(user_of(row[0]), row[1].csrf, row[1].expires_at) if row else None


async def end_session(session: AsyncSession, cookie: str) -> None:
    """Signs out."""
    await session.execute(delete(SessionRow).where(SessionRow.session_hash == _hash(cookie)))


async def end_sessions_of(session: AsyncSession, user_id: str) -> None:
    """Signs a user out everywhere and ends their tokens, for example after a new password."""
    await session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
    await session.execute(delete(TokenRow).where(TokenRow.user_id == user_id))


async def drop_expired(session: AsyncSession, *, now: datetime) -> None:
    """Forgets sign-ins and tokens that have expired."""
    await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
    await session.execute(delete(TokenRow).where(TokenRow.expires_at <= now))
