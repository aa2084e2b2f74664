"""People: who they are, what they may do, and their passwords."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.projected_rows import UNDATED
from store.statements import insert_into
from store.tables import TaskRow, UserRow

ENGINEER = "engineer"


class UserExists(ValueError):
    """The sign-in name is taken."""


class UserUnknown(LookupError):
    """Nobody has this sign-in name."""


@dataclass(frozen=True)
class User:
    """A person. `roles` are names of roles; `regions` and `skills` matter for engineers; `created_at` is UTC.

    `reports_to` is the sign-in name of their line manager.
    """

    user_id: str
    name: str
    roles: tuple[str, ...]
    created_at: datetime
    regions: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    reports_to: str | None = None
    email: str | None = None
    language: str | None = None
    """The language they chose; None follows their browser."""
    time_zone: str | None = None
    """The time zone they chose; None follows what they look at."""
    active: bool = True


@dataclass(frozen=True)
class Engineer:
    """Somebody who can be assigned; `open_load` is how many open tasks they hold."""

    user_id: str
    name: str
    regions: tuple[str, ...]
    skills: tuple[str, ...]
    open_load: int


@cache
def _passwords() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return _passwords().hash("nobody has this password")


async def hash_password(password: str) -> str:
    """Returns the argon2 hash of a password. Takes a tenth of a second of a thread: call it outside a session."""
    return await asyncio.to_thread(_passwords().hash, password)


@dataclass(frozen=True)
class Checked:
    """Whose password it was, nobody's when `user` is None; `rehashed` is to be kept where the old hash was weaker."""

    user: User | None = None
    rehashed: str | None = None


async def check_password(session: AsyncSession, user_id: str, password: str) -> Checked:
    """Tells whether this is the password of an active user; an unknown name takes as long as a wrong password."""
    row = await _row(session, user_id)
    expected = row.password_hash if row is not None else None
    right, rehashed = await asyncio.to_thread(_verified, password, expected)
    return Checked(user_of(row), rehashed) if right and row is not None and row.active else Checked()


def _verified(password: str, expected: str | None) -> tuple[bool, str | None]:
    try:
        right, rehashed = _passwords().verify_and_update(password, expected or _nobodys_hash())
    except UnknownHashError:  # written by nothing of ours: nobody's password
        right, rehashed = False, None
    if not right and expected is not None and not expected.startswith(_cost()):
        _passwords().verify(password, _nobodys_hash())  # a cheap hash is no sign that the name is known
    return right and expected is not None, rehashed if right else None


@cache
def _cost() -> str:
    """How a hash of today's cost begins: the kind, its version and its parameters."""
    return "$".join(_nobodys_hash().split("$")[:4])


async def create_user(session: AsyncSession, user: User, password_hash: str | None = None) -> None:
    """Adds a person; without a password they can use tokens alone. Raises UserExists."""
    values = {**_values(user), "user_id": user.user_id, "created_at": user.created_at, "password_hash": password_hash}
    added = insert_into(session, UserRow).values(values).on_conflict_do_nothing().returning(UserRow.user_id)
    if (await session.execute(added)).scalar() is None:
        raise UserExists(user.user_id)


async def change_user(session: AsyncSession, user: User) -> None:
    """Changes what is known of a person; the password stays. Raises UserUnknown."""
    await _change(session, user.user_id, **_values(user))


async def choose_reading(session: AsyncSession, user_id: str, *, language: str | None, time_zone: str | None) -> None:
    """Keeps in which language and time zone somebody reads; None is no choice. Raises UserUnknown."""
    await _change(session, user_id, language=language, time_zone=time_zone)


async def set_password(session: AsyncSession, user_id: str, password_hash: str) -> None:
    """Sets the password to one hashed by `hash_password`. Raises UserUnknown."""
    await _change(session, user_id, password_hash=password_hash)


async def find_user(session: AsyncSession, user_id: str) -> User | None:
    """Returns a person by sign-in name, or None."""
    row = await _row(session, user_id)
    return user_of(row) if row is not None else None


async def list_users(session: AsyncSession, *, role: str | None = None, active: bool | None = True) -> tuple[User, ...]:
    """Returns people by name: of one role or all, active ones unless `active` says otherwise (None: all)."""
    query = select(UserRow).order_by(UserRow.name, UserRow.user_id)
    if active is not None:
        query = query.where(UserRow.active.is_(active))
    users = [user_of(row) for row in (await session.execute(query)).scalars()]
    return tuple(user for user in users if role is None or role in user.roles)


async def user_names(session: AsyncSession) -> dict[str, str]:
    """Returns everybody's name by sign-in name, those who left included."""
    rows = await session.execute(select(UserRow.user_id, UserRow.name))
    return {row.user_id: row.name for row in rows}


async def engineers(session: AsyncSession) -> tuple[Engineer, ...]:
    """Returns the active engineers by name, each with the number of open tasks they hold (R5)."""
    load = await open_loads(session)
    users = await list_users(session, role=ENGINEER)
    return tuple(
        Engineer(user.user_id, user.name, user.regions, user.skills, load.get(user.user_id, 0)) for user in users
    )


async def open_loads(session: AsyncSession) -> dict[str, int]:
    """Returns how many open tasks each person holds, by sign-in name."""
    holder = func.coalesce(TaskRow.holder, "")  # grouped by the column, an index of all tasks would seem to be of use
    loads = select(holder, func.count()).where(TaskRow.rank <= UNDATED, TaskRow.is_open.is_(True)).group_by(holder)
    return {user: number for user, number in await session.execute(loads) if user}


async def _row(session: AsyncSession, user_id: str) -> UserRow | None:
    return (await session.execute(select(UserRow).where(UserRow.user_id == user_id))).scalar_one_or_none()


async def _change(session: AsyncSession, user_id: str, **values: object) -> None:
    changed = update(UserRow).where(UserRow.user_id == user_id).values(values).returning(UserRow.user_id)
    if (await session.execute(changed, execution_options={"synchronize_session": False})).scalar() is None:
        raise UserUnknown(user_id)


def _values(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "roles": list(user.roles),
        "regions": list(user.regions),
        "skills": list(user.skills),
        "reports_to": user.reports_to,
        "email": user.email,
        "language": user.language,
        "time_zone": user.time_zone,
        "active": user.active,
    }


def user_of(row: UserRow) -> User:
    """Returns the person of a row."""
    return User(
        user_id=row.user_id,
        name=row.name,
        roles=tuple(row.roles),
        created_at=row.created_at,
        regions=tuple(row.regions),
        skills=tuple(row.skills),
        reports_to=row.reports_to,
        email=row.email,
        language=row.language,
        time_zone=row.time_zone,
        active=row.active,
    )
