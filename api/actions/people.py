"""Administering people: who can sign in, in which roles, and what becomes of their passwords and sign-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from api.actions.signing_in import check_new_password, name_key
from api.ids import new_id
from api.languages import LANGUAGES
from api.parts import Parts
from api.problems import InvalidFields
from api.reading import read
from api.rights import ADMIN, AUDITOR, Person, Right, require
from core.errors import NotFound, Refused
from store.accounts import UserChange, new_password_link, note_change, use_link
from store.guesses import forget
from store.sign_ins import end_sessions_of, end_token
from store.users import User, UserExists, change_user, create_user, find_user, hash_password, list_users, set_password

SET_PASSWORD = "/password/"  # noqa: S105 - an address
_USER_ID = r"^[a-z0-9][a-z0-9._-]{0,39}$"


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError("is not one of the time zones") from None
    return zone


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"is not one of {', '.join(LANGUAGES)}")
    return code


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class PersonBody(BaseModel):
    """What an administrator says of a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    roles: tuple[str, ...] = Field((), max_length=50)
    email: Email | None = None
    language: Annotated[str, AfterValidator(_known_language)] | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)] | None = None


class NewPersonBody(PersonBody):
    """A new person, with the name they sign in with."""

    user_id: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=_USER_ID)]


@dataclass(frozen=True)
class Added:
    """A person just made, and the link with which they choose their password: it is told this once."""

    user_id: str
    link: str


def known_roles(parts: Parts) -> list[str]:
    """The roles that can be given: those of all plans, auditor, admin."""
    return [*sorted({role for plan in parts.plans.values() for role in plan.roles}), AUDITOR, ADMIN]


async def add_person(parts: Parts, person: Person, fields: Mapping[str, Any]) -> Added:
    """Adds a person. Raises Forbidden, InvalidFields naming the field."""
    require(person, Right.ADMINISTER)
    body = read(NewPersonBody, fields)
    _require_roles(parts, body.roles)
    now = datetime.now(UTC)
    user = User(created_at=now, **body.model_dump())
    try:
        async with parts.database.session() as session:
            await create_user(session, user)
            link = await _link(parts, session, person, user.user_id, now)
            await _note(session, person, user.user_id, "added", {"roles": list(user.roles)})
    except UserExists:
        raise InvalidFields.at("user_id", "is taken; choose another one") from None
    return Added(user.user_id, link)


async def change_person(parts: Parts, person: Person, user_id: str, fields: Mapping[str, Any]) -> None:
    """Changes a person. Raises Forbidden, NotFound, InvalidFields; Refused when nobody would administer any more."""
    require(person, Right.ADMINISTER)
    body = read(PersonBody, fields)
    async with parts.database.session() as session:
        user = await _known(session, user_id)
        _require_roles(parts, body.roles, kept=user.roles)
        changed = replace(user, **body.model_dump())
        await _require_administrators(session, user, changed)
        told = {
            name: [getattr(user, name), getattr(changed, name)]
            for name in PersonBody.model_fields
            if getattr(user, name) != getattr(changed, name)
        }
        if told:
            await change_user(session, changed)
            await _note(session, person, user_id, "changed", told)


async def enable_person(parts: Parts, person: Person, user_id: str, *, active: bool) -> None:
    """Lets a person sign in again, or ends all they are signed in with. Raises Forbidden, NotFound, Refused."""
    require(person, Right.ADMINISTER)
    if user_id == person.user_id and not active:
        raise Refused("you cannot disable yourself; another administrator can")
    async with parts.database.session() as session:
        user = await _known(session, user_id)
        changed = replace(user, active=active)
        await _require_administrators(session, user, changed)
        await change_user(session, changed)
        if not active:
            await end_sessions_of(session, user_id)
        await _note(session, person, user_id, "enabled" if active else "disabled")


async def unlock_person(parts: Parts, person: Person, user_id: str) -> None:
    """Begins the count of wrong passwords anew. Raises Forbidden, NotFound."""
    require(person, Right.ADMINISTER)
    async with parts.database.session() as session:
        await _known(session, user_id)
        if await forget(session, name_key(user_id)):
            await _note(session, person, user_id, "unlocked")


async def password_link(parts: Parts, person: Person, user_id: str) -> str:
    """Returns the whole address at which a person sets a password, once; earlier ones lead nowhere.

    The old password holds until then. Raises Forbidden, NotFound.
    """
    require(person, Right.ADMINISTER)
    async with parts.database.session() as session:
        await _known(session, user_id)
        link = await _link(parts, session, person, user_id, datetime.now(UTC))
        await _note(session, person, user_id, "password link")
    return link


async def end_everything(parts: Parts, person: Person, user_id: str) -> None:
    """Signs a person out everywhere and ends their tokens. Raises Forbidden, NotFound."""
    require(person, Right.ADMINISTER)
    async with parts.database.session() as session:
        await _known(session, user_id)
        await end_sessions_of(session, user_id)
        await _note(session, person, user_id, "signed out everywhere")


async def end_token_of(parts: Parts, person: Person, user_id: str, handle: str) -> None:
    """Ends one token of a person. Raises Forbidden, NotFound."""
    require(person, Right.ADMINISTER)
    async with parts.database.session() as session:
        if not await end_token(session, user_id, handle):
            raise NotFound("there is no such token (any more)")
        await _note(session, person, user_id, "token ended")


async def choose_password(parts: Parts, secret: str, password: str, again: str) -> str:
    """Sets the password of whoever holds a link, and returns who that is; all they were signed in with ends.

    Raises InvalidFields; NotFound for a link that opens nothing (any more).
    """
    check_new_password(password, again)
    hashed, now = await hash_password(password), datetime.now(UTC)
    async with parts.database.session() as session:
        user_id = await use_link(session, secret, now=now)
        user = await find_user(session, user_id) if user_id is not None else None
        if user is None or not user.active:
            raise NotFound(LINK_OVER)
        await set_password(session, user.user_id, hashed)
        await end_sessions_of(session, user.user_id)
        await forget(session, name_key(user.user_id))
        await note_change(session, UserChange(new_id(), user.user_id, now, user.user_id, "password set", {}))
    return user.user_id


LINK_OVER = "this link was used, replaced, or is too old; ask an administrator for another one"


async def _known(session: AsyncSession, user_id: str) -> User:
    user = await find_user(session, user_id) if user_id.isascii() and user_id.isprintable() else None
    if user is None:
        raise NotFound("there is no such person")
    return user


def _require_roles(parts: Parts, roles: tuple[str, ...], kept: tuple[str, ...] = ()) -> None:
    """Refuses a role that no plan has, apart from one the person has from before: its plan may come back."""
    for role in roles:
        if role not in (*known_roles(parts), *kept):
            raise InvalidFields.at("roles", f"no plan has the role {role}")


async def _require_administrators(session: AsyncSession, before: User, after: User) -> None:
    """Refuses a change after which nobody administers."""
    was, is_ = (ADMIN in one.roles and one.active for one in (before, after))
    if was and not is_ and len(await list_users(session, role=ADMIN)) == 1:
        raise Refused("nobody else administers; make somebody else an administrator first")


async def _link(parts: Parts, session: AsyncSession, person: Person, user_id: str, now: datetime) -> str:
    expires = now + timedelta(hours=parts.settings.password_link_hours)
    secret = await new_password_link(session, user_id, by=person.user_id, now=now, expires_at=expires)
    return f"{parts.settings.public_url}{SET_PASSWORD}{secret}"


async def _note(
    session: AsyncSession, person: Person, user_id: str, what: str, detail: Mapping[str, Any] | None = None
) -> None:
    change = UserChange(new_id(), user_id, datetime.now(UTC), person.user_id, what, detail or {})
    await note_change(session, change)
