"""Signing in and out: a session after the right password, a locked name after too many wrong ones."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.parts import Parts
from api.problems import InvalidFields, TooManyRequests
from core.errors import Unauthenticated
from core.logging import get_logger
from store.guesses import Limit, count_try, forget, key_of, take_back
from store.sign_ins import end_session, end_sessions_of, new_session
from store.users import Checked, check_password, hash_password, set_password

_WRONG = "name or password is wrong"
SHORTEST_PASSWORD = 12
_LONGEST_NAME = 100
_LONGEST_PASSWORD = 1000
_LONGEST_DEVICE = 200
_FROM_ONE_ADDRESS = Limit(most=60, window=timedelta(minutes=5), rest=timedelta(minutes=5))
"""Many people may sit behind one address, and what went right does not count."""
_log = get_logger(__name__)


class SignInRefused(Unauthenticated):
    """Name and password do not belong together; which of them is wrong is not said."""


class NameLocked(TooManyRequests):
    """Too many wrong passwords for this name. Names that nobody has are locked alike, so that nothing is learned."""

    title = "Locked for now"


@dataclass(frozen=True)
class NewSession:
    """A session that has just begun. `token` goes into the cookie, `csrf` into every form."""

    token: str
    csrf: str
    expires_at: datetime


def name_limit(parts: Parts) -> Limit:
    """After how many wrong passwords a name is locked, and for how long."""
    minutes = timedelta(minutes=parts.settings.lock_minutes)
    return Limit(most=parts.settings.lock_after, window=minutes, rest=minutes)


def name_key(user_id: str) -> str:
    """The key under which tries for a sign-in name are counted."""
    return key_of("name", user_id)


async def sign_in(
    parts: Parts, user_id: str, password: str, address: str, *, device: str = "", before: str | None = None
) -> NewSession:
    """Begins a session. `address` is the client's; `before` is the cookie of an earlier session, which ends.

    Raises SignInRefused, the same for an unknown name and a wrong password; NameLocked; TooManyRequests for an address.
    """
    user_id, now = user_id.strip().lower(), datetime.now(UTC)
    name, origin = name_key(user_id), key_of("address", _network(address))
    limit = name_limit(parts)
    async with parts.database.session() as session:  # counted before it is tried: many at once count like one by one
        here = await count_try(session, origin, _FROM_ONE_ADDRESS, now=now)
        crowded = here.number > _FROM_ONE_ADDRESS.most
        tried = None if crowded else await count_try(session, name, limit, now=now)
    if tried is None:
        wait = _seconds(here.until, now)
        raise TooManyRequests(f"too many wrong passwords from here; try again in {_words(wait)}", retry_after=wait)
    if tried.number > limit.most:
        raise _locked(tried.until, now)
    checked = Checked()
    if _sensible(user_id, password):
        async with parts.database.reading() as session:
            checked = await check_password(session, user_id, password)
    if checked.user is None:
        if tried.number == limit.most:
            _log.warning("name locked", until=tried.until.isoformat())
            raise _locked(tried.until, now)
        raise SignInRefused(_WRONG)
    async with parts.database.session() as session:
        await forget(session, name)
        await take_back(session, origin)
        if checked.rehashed is not None:
            await set_password(session, user_id, checked.rehashed)
    return await begin_session(parts, user_id, device=device, before=before)


async def begin_session(parts: Parts, user_id: str, *, device: str = "", before: str | None = None) -> NewSession:
    """Begins a session of somebody who has shown who they are: always a new one, and the one `before` ends."""
    now = datetime.now(UTC)
    expires = now + timedelta(hours=parts.settings.session_hours)
    async with parts.database.session() as session:
        if before:
            await end_session(session, before)
        token, csrf = await new_session(session, user_id, now=now, expires_at=expires, device=device[:_LONGEST_DEVICE])
    return NewSession(token, csrf, expires)


async def sign_out(parts: Parts, session_token: str) -> None:
    """Ends a session; an unknown one is ended already."""
    async with parts.database.session() as session:
        await end_session(session, session_token)


def _sensible(user_id: str, password: str) -> bool:
    """False for what can be nobody's: it is not looked up."""
    try:
        f"{user_id}{password}".encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in user_id and len(user_id) <= _LONGEST_NAME and len(password) <= _LONGEST_PASSWORD


def _network(address: str) -> str:
    """The address, or for IPv6 the network that one customer of a provider has to themselves."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def _locked(until: datetime, now: datetime) -> NameLocked:
    wait = _seconds(until, now)
    return NameLocked(
        f"too many wrong passwords: this name is locked for {_words(wait)}, whatever the password; "
        "an administrator can unlock it now",
        retry_after=wait,
    )


def _seconds(until: datetime, now: datetime) -> int:
    return max(1, round((until - now).total_seconds()))


def _words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes > 1 else f"{seconds} seconds"


def check_new_password(password: str, again: str) -> None:
    """Raises InvalidFields naming the field that a new password fails at, and why."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidFields.at(
            "password", f"takes at least {SHORTEST_PASSWORD} characters; a few words are easy to keep in mind"
        )
    if len(password) > _LONGEST_PASSWORD or not password.isprintable():
        raise InvalidFields.at("password", "has signs in it that cannot be typed, or is far too long")
    if len(set(password.casefold())) < 5:
        raise InvalidFields.at("password", "repeats a few characters; take a few words")
    if password != again:
        raise InvalidFields.at("again", "is not the same as above")


async def change_own_password(
    parts: Parts, user_id: str, old: str, new: str, again: str, *, device: str = ""
) -> NewSession:
    """Sets another password; everything else that was signed in ends, and a new session begins.

    Raises InvalidFields naming the field, NameLocked after too many wrong ones.
    """
    check_new_password(new, again)
    now, key, limit = datetime.now(UTC), name_key(user_id), name_limit(parts)
    async with parts.database.session() as session:
        tried = await count_try(session, key, limit, now=now)
    if tried.number > limit.most:
        raise _locked(tried.until, now)
    checked = Checked()
    if _sensible(user_id, old):
        async with parts.database.reading() as session:
            checked = await check_password(session, user_id, old)
    if checked.user is None:
        raise InvalidFields.at("old", "is not your password")
    hashed = await hash_password(new)
    async with parts.database.session() as session:
        await set_password(session, user_id, hashed)
        await end_sessions_of(session, user_id)
        await forget(session, key)
    return await begin_session(parts, user_id, device=device)
