"""First people, more people, and their tokens.

What answers requests is imported where it is asked for alone: it takes most of a second, and every start would wait.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pwdlib.hashers.argon2 import Argon2Hasher

from api.commands.database import migrate, opened
from api.commands.knowledge import import_first
from api.ids import new_id
from api.rights import ADMIN, AUDITOR
from core.embedded import people
from core.embedded.home import Home
from core.embedded.people import SignIn
from core.errors import Invalid, NotFound, Refused
from core.settings import Settings
from domain.dispatch import Deputy
from domain.plan.model import Plan
from domain.plan.read import PlanInvalid, read_plans
from store import sign_ins, users
from store.accounts import new_password_link
from store.engineers import add_deputy
from store.guesses import forget
from store.users import User


def prepare(settings: Settings, home: Home) -> Sequence[SignIn]:
    """Check the plans, migrate the database, make the first people of the embedded default, fill the knowledge base.

    Returns:
        Those made now with their passwords, which are also kept in the home; nobody at later starts.

    Raises:
        Invalid: a plan file is wrong; told before worker and pages start, which could not run with it.
    """
    _plans(settings)
    migrate(settings)
    return asyncio.run(_first(settings, home))


def _plans(settings: Settings) -> dict[str, Plan]:
    try:
        return read_plans(settings.plans_dir)
    except PlanInvalid as invalid:
        first = invalid.problems[0]
        where = ": ".join(part for part in (first.file, first.key) if part)
        raise Invalid(f"{where}: {first.reason} (`aftercare plans check` tells all)") from None


async def _first(settings: Settings, home: Home) -> Sequence[SignIn]:
    made = await _first_people(settings, home)
    await import_first(settings, settings.plans_dir / "knowledge", ADMIN)
    return made


async def _first_people(settings: Settings, home: Home) -> Sequence[SignIn]:
    async with opened(settings) as database:
        async with database.reading() as session:
            known = {user.user_id for user in await users.list_users(session, active=None)}
        if ADMIN in known:
            return []
        file = settings.plans_dir / "samples" / "users.toml"
        wanted = [user for user in _declared(file) if user.user_id not in known]
        deputies = [one for one in _deputies(file) if one.user not in known]
        made = [SignIn(user.user_id, user.roles, people.new_password()) for user in wanted]
        # Written before the people exist: a start that is cut short never leaves people whose password nobody has.
        people.keep(home.passwords, made)
        hasher = _for_random_passwords()
        async with database.session() as session:
            for user, person in zip(wanted, made, strict=True):
                await users.create_user(session, user, hasher.hash(person.password))
            for deputy in deputies:
                await add_deputy(session, deputy, by=ADMIN, at=datetime.now(UTC))
        return made


def _for_random_passwords() -> Argon2Hasher:
    """A cheaper hash than for passwords that people choose, which would take seconds of the first start.

    Nobody guesses 59 random bits, however fast a guess is; a password chosen later is hashed at full cost.
    """
    return Argon2Hasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


def _declared(path: Path) -> list[User]:
    """The people of the embedded default: the administrator and whoever the file declares."""
    now = datetime.now(UTC)
    declared = tomllib.loads(path.read_text(encoding="utf-8"))["users"] if path.exists() else []
    found = [
        User(
            user_id=entry["user"],
            name=entry["name"],
            roles=tuple(entry["roles"]),
            created_at=now,
            regions=tuple(entry.get("regions", ())),
            skills=tuple(entry.get("skills", ())),
            reports_to=entry.get("reports_to"),
            email=entry.get("email"),
            language=entry.get("language"),
            time_zone=entry.get("time_zone"),
        )
        for entry in declared
    ]
    if all(user.user_id != ADMIN for user in found):
        found.insert(0, User(user_id=ADMIN, name="Administrator", roles=(ADMIN,), created_at=now))
    return found


def _deputies(path: Path) -> list[Deputy]:
    """The deputies of roles that the file declares."""
    declared = tomllib.loads(path.read_text(encoding="utf-8"))["users"] if path.exists() else []
    return [
        Deputy(deputy_id=new_id(), role=role, user=entry["user"])
        for entry in declared
        for role in entry.get("deputy_of", ())
    ]


async def add(settings: Settings, user_id: str, name: str, roles: Sequence[str], email: str | None = None) -> str:
    """Add a person and return the first password; notices for their roles go to `email`.

    Raises:
        Invalid: a role is none of any plan, or a plan file is wrong.
        Refused: the sign-in name is taken.
    """
    if others := set(roles) - {ADMIN, AUDITOR}:  # the first administrator is made whatever the plans are like
        known = {ADMIN, AUDITOR}.union(*(plan.roles for plan in _plans(settings).values()))
        if unknown := sorted(others - known):
            raise Invalid(f"no plan has the role {unknown[0]!r}; there is {', '.join(sorted(known))}", field="--role")
    password = people.new_password()
    async with opened(settings) as database:
        user = User(user_id=user_id, name=name, roles=tuple(roles), email=email, created_at=datetime.now(UTC))
        password_hash = await users.hash_password(password)
        try:
            async with database.session() as session:
                await users.create_user(session, user, password_hash)
        except users.UserExists:
            raise Refused(f"there is already a user {user_id}: choose another name") from None
    return password


async def set_email(settings: Settings, user_id: str, email: str | None) -> None:
    """Set where notices for a person go; none takes the address away.

    Raises:
        NotFound: there is no such user.
    """
    async with opened(settings) as database, database.session() as session:
        user = await users.find_user(session, user_id)
        if user is None:
            raise NotFound(f"there is no user {user_id}")
        await users.change_user(session, replace(user, email=email))


async def unlock(settings: Settings, user_id: str) -> bool:
    """Begin the count of a user's wrong passwords anew; tells whether there was one.

    Raises:
        NotFound: there is no such user.
    """
    from api.actions.signing_in import name_key

    async with opened(settings) as database, database.session() as session:
        if await users.find_user(session, user_id) is None:
            raise NotFound(f"there is no user {user_id}")
        return await forget(session, name_key(user_id))


async def password_link(settings: Settings, user_id: str) -> str:
    """The address at which a user chooses a password, once; for an administrator who lost their own, too.

    Raises:
        NotFound: there is no such active user.
    """
    from api.actions.people import SET_PASSWORD

    now = datetime.now(UTC)
    async with opened(settings) as database, database.session() as session:
        user = await users.find_user(session, user_id)
        if user is None or not user.active:
            raise NotFound(f"there is no user {user_id} who may sign in")
        expires = now + timedelta(hours=settings.password_link_hours)
        secret = await new_password_link(session, user_id, by=ADMIN, now=now, expires_at=expires)
    return f"{settings.public_url}{SET_PASSWORD}{secret}"


async def token(settings: Settings, user_id: str, lifetime: timedelta) -> str:
    """A new API token of a user.

    Raises:
        NotFound: there is no such active user.
    """
    return (await tokens(settings, [user_id], lifetime))[user_id]


async def tokens(settings: Settings, user_ids: Sequence[str] | None, lifetime: timedelta) -> dict[str, str]:
    """New API tokens by user; ``None`` means everybody who is active.

    Raises:
        NotFound: there is no such active user; names those there are.
    """
    now = datetime.now(UTC)
    async with opened(settings) as database, database.session() as session:
        known = [user.user_id for user in await users.list_users(session)]
        for user_id in user_ids or ():
            if user_id not in known:
                raise NotFound(f"there is no user {user_id}; known are {', '.join(sorted(known)) or 'none'}")
        return {
            user_id: await sign_ins.new_token(session, user_id, now=now, expires_at=now + lifetime)
            for user_id in (known if user_ids is None else user_ids)
        }
