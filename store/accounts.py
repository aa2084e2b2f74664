"""Links that set a password once, and the record of what was changed about people. Times are real UTC."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.sign_ins import handle_of
from store.tables import PasswordLinkRow, UserChangeRow, UserRow
from store.users import User, user_of

_BYTES = 32
_MOST_CHANGES = 100


async def new_password_link(
    session: AsyncSession, user_id: str, *, by: str, now: datetime, expires_at: datetime
) -> str:
    """Returns the secret of a link, shown this once; earlier links of the user open nothing from now on."""
    await session.execute(delete(PasswordLinkRow).where(PasswordLinkRow.user_id == user_id))
    secret = secrets.token_urlsafe(_BYTES)
    values = {"user_id": user_id, "created_at": now, "created_by": by, "expires_at": expires_at}
    await session.execute(insert(PasswordLinkRow).values(link_hash=handle_of(secret), **values))
    return secret


async def user_of_link(session: AsyncSession, secret: str, *, now: datetime) -> User | None:
    """Returns the active user of a link that still opens, or None."""
    query = select(UserRow).join(PasswordLinkRow, PasswordLinkRow.user_id == UserRow.user_id)
    query = query.where(PasswordLinkRow.link_hash == handle_of(secret), PasswordLinkRow.expires_at > now)
    row = (await session.execute(query.where(UserRow.active.is_(True)))).scalar_one_or_none()
    return user_of(row) if row is not None else None


async def use_link(session: AsyncSession, secret: str, *, now: datetime) -> str | None:
    """Returns whose link it is and ends it: of two who use it at once, one gets nothing."""
    gone = delete(PasswordLinkRow).where(
        PasswordLinkRow.link_hash == handle_of(secret), PasswordLinkRow.expires_at > now
    )
    found: str | None = (await session.execute(gone.returning(PasswordLinkRow.user_id))).scalar()
    return found


@dataclass(frozen=True)
class UserChange:
    """What was changed about a person, by whom; `detail` says from what to what."""

    change_id: str
    user_id: str
    at: datetime
    by: str
    what: str
    detail: Mapping[str, Any]


async def note_change(session: AsyncSession, change: UserChange) -> None:
    """Keeps a change on record, with the change itself."""
    values = {"user_id": change.user_id, "at": change.at, "by": change.by, "what": change.what}
    await session.execute(
        insert(UserChangeRow).values(change_id=change.change_id, detail=dict(change.detail), **values)
    )


async def changes_of_user(session: AsyncSession, user_id: str) -> tuple[UserChange, ...]:
    """Returns what was changed about a person, the newest first."""
    query = select(UserChangeRow).where(UserChangeRow.user_id == user_id)
    rows = await session.execute(query.order_by(UserChangeRow.at.desc(), UserChangeRow.change_id).limit(_MOST_CHANGES))
    return tuple(UserChange(row.change_id, row.user_id, row.at, row.by, row.what, row.detail) for row in rows.scalars())
