"""API tokens and sign-ins. Only their hashes are stored; times are real UTC, since secrets age by the wall's clock."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import PasswordLinkRow, ProviderVisitRow, SessionRow, TokenRow, UserRow
from store.users import User, user_of

_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in on the pages; `csrf` must come back with every form."""

    user: User
    csrf: str
    expires_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class OpenSession:
    """A sign-in that goes on. `handle` names it to its owner, and opens nothing."""

    handle: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str


@dataclass(frozen=True)
class Token:
    """An API token that is still valid; `handle` names it, and opens nothing."""

    handle: str
    created_at: datetime
    expires_at: datetime | None


def handle_of(secret: str) -> str:
    """Returns the hash by which a secret is known."""
    # a random secret of 256 bits needs no slow hash; text that no one was given must not raise
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


async def new_token(session: AsyncSession, user_id: str, *, now: datetime, expires_at: datetime | None = None) -> str:
    """Returns a new API token of a user, shown this once. Raises IntegrityError for an unknown user."""
    token = "aft_" + secrets.token_urlsafe(_BYTES)
    values = {"token_hash": handle_of(token), "user_id": user_id, "created_at": now, "expires_at": expires_at}
    await session.execute(insert(TokenRow).values(values))
    return token


async def user_of_token(session: AsyncSession, token: str, *, now: datetime) -> User | None:
    """Returns the active user of a token that has not expired, or None."""
    valid: ColumnElement[bool] = or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now)
    query = select(UserRow).join(TokenRow, TokenRow.user_id == UserRow.user_id)
    query = query.where(TokenRow.token_hash == handle_of(token), valid, UserRow.active.is_(True))
    row = (await session.execute(query)).scalar_one_or_none()
    return user_of(row) if row is not None else None


async def tokens_of(session: AsyncSession, user_id: str, *, now: datetime) -> tuple[Token, ...]:
    """Returns a user's tokens that are valid, the newest first."""
    valid: ColumnElement[bool] = or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now)
    query = select(TokenRow).where(TokenRow.user_id == user_id, valid)
    rows = (await session.execute(query.order_by(TokenRow.created_at.desc(), TokenRow.token_hash))).scalars()
    return tuple(Token(row.token_hash, row.created_at, row.expires_at) for row in rows)


async def end_token(session: AsyncSession, user_id: str, handle: str) -> bool:
    """Ends one token of a user; tells whether there was such a one."""
    gone = delete(TokenRow).where(TokenRow.user_id == user_id, TokenRow.token_hash == handle)
    return (await session.execute(gone.returning(TokenRow.token_hash))).scalar() is not None


async def new_session(
    session: AsyncSession, user_id: str, *, now: datetime, expires_at: datetime, device: str = ""
) -> tuple[str, str]:
    """Signs a user in; returns the cookie, shown this once, and the secret for forms."""
    cookie, csrf = secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES)
    values = {
        "session_hash": handle_of(cookie),
        "user_id": user_id,
        "created_at": now,
        "expires_at": expires_at,
        "seen_at": now,
        "csrf": csrf,
        "device": device,
    }
    await session.execute(insert(SessionRow).values(values))
    return cookie, csrf


async def user_of_session(
    session: AsyncSession, cookie: str, *, now: datetime, idle: timedelta | None = None
) -> SignedIn | None:
    """Returns who is signed in with a cookie, or None when it ended, expired, or the user is not active any more.

    One that was not used for `idle` has ended.
    """
    asked = {"handle": handle_of(cookie), "now": now, "used_since": now - idle if idle is not None else None}
    row = (await session.execute(_signed_in(idles=idle is not None), asked)).one_or_none()
    return SignedIn(user_of(row[0]), *row[1:]) if row else None


@cache
def _signed_in(*, idles: bool) -> Select[*tuple[Any, ...]]:
    """The question who is signed in, made once: every page asks it first."""
    query = (
        select(UserRow, SessionRow.csrf, SessionRow.expires_at, SessionRow.seen_at)
        .join(SessionRow, SessionRow.user_id == UserRow.user_id)
        .where(SessionRow.session_hash == bindparam("handle"), SessionRow.expires_at > bindparam("now"))
        .where(UserRow.active.is_(True))
    )
    return query.where(SessionRow.seen_at > bindparam("used_since")) if idles else query


def _goes_on(now: datetime, idle: timedelta | None) -> tuple[ColumnElement[bool], ...]:
    used = () if idle is None else (SessionRow.seen_at > now - idle,)
    return (SessionRow.expires_at > now, *used)


async def touch_session(session: AsyncSession, cookie: str, *, now: datetime) -> None:
    """Notes that a sign-in is used."""
    used = update(SessionRow).where(SessionRow.session_hash == handle_of(cookie)).values(seen_at=now)
    await session.execute(used, execution_options={"synchronize_session": False})


async def sessions_of(
    session: AsyncSession, user_id: str, *, now: datetime, idle: timedelta | None = None
) -> tuple[OpenSession, ...]:
    """Returns the sign-ins of a user that go on, the last used first."""
    query = select(SessionRow).where(SessionRow.user_id == user_id, *_goes_on(now, idle))
    rows = (await session.execute(query.order_by(SessionRow.seen_at.desc(), SessionRow.session_hash))).scalars()
    return tuple(OpenSession(row.session_hash, row.created_at, row.seen_at, row.expires_at, row.device) for row in rows)


async def still_signed_in(
    session: AsyncSession, sign_ins: Collection[str], *, now: datetime, idle: timedelta | None = None
) -> frozenset[str]:
    """Returns which of these sessions (by `handle_of`) go on, their users still active."""
    if not sign_ins:
        return frozenset()
    query = select(SessionRow.session_hash).join(UserRow, UserRow.user_id == SessionRow.user_id)
    valid = query.where(SessionRow.session_hash.in_(sorted(sign_ins)), *_goes_on(now, idle), UserRow.active.is_(True))
    return frozenset((await session.execute(valid)).scalars())


async def end_session(session: AsyncSession, cookie: str) -> None:
    """Signs out."""
    await session.execute(delete(SessionRow).where(SessionRow.session_hash == handle_of(cookie)))


async def end_one_session(session: AsyncSession, user_id: str, handle: str) -> bool:
    """Ends one sign-in of a user; tells whether there was such a one."""
    gone = delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.session_hash == handle)
    return (await session.execute(gone.returning(SessionRow.session_hash))).scalar() is not None


async def end_other_sessions(session: AsyncSession, user_id: str, *, but: str) -> None:
    """Signs a user out everywhere apart from the sign-in with this handle; tokens stay."""
    others = delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.session_hash != but)
    await session.execute(others)


async def end_sessions_of(session: AsyncSession, user_id: str) -> None:
    """Signs a user out everywhere and ends their tokens, for example after a new password."""
    await session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
    await session.execute(delete(TokenRow).where(TokenRow.user_id == user_id))


async def drop_expired(session: AsyncSession, *, now: datetime) -> None:
    """Forgets what has expired: sign-ins, tokens, links for passwords, visits at the provider."""
    rows: tuple[type[SessionRow | TokenRow | PasswordLinkRow | ProviderVisitRow], ...]
    rows = (SessionRow, TokenRow, PasswordLinkRow, ProviderVisitRow)
    for row in rows:
        await session.execute(delete(row).where(row.expires_at <= now))
