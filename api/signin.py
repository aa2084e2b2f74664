"""Who is signed in: by API token, or by the session cookie of the pages."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from api.languages import speak
from api.parts import Parts, PartsDep
from api.problems import TooManyRequests
from api.rights import Person, roles_by_duty
from api.throttle import Throttle
from core.errors import Forbidden, Unauthenticated
from domain.dispatch import Ground
from domain.plan import Plan
from store.queries.engineers import grounds_of
from store.sign_ins import end_session, new_session, user_of_session, user_of_token
from store.users import User, check_password

SESSION_COOKIE = "aftercare_session"
CSRF_HEADER = "X-CSRF"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_USER_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_LONGEST_PASSWORD = 1000

TooManyAttempts = TooManyRequests
_WRONG = "name or password is wrong"
_failures = Throttle(limit=8, seconds=300)
"""Kept in each process: it slows guessing down, and losing it at a restart does no harm."""


class SignInRefused(Unauthenticated):
    """Name and password do not belong together; which of them is wrong is not said."""


@dataclass(frozen=True)
class NewSession:
    """A session that has just begun. `token` goes into the cookie, `csrf` into every form."""

    token: str
    csrf: str
    expires_at: datetime


def person_of_user(
    user: User, plans: Iterable[Plan], *, csrf: str | None = None, grounds: tuple[Ground, ...] = ()
) -> Person:
    """Returns a stored user as the person who is signed in."""
    return Person(
        user_id=user.user_id,
        name=user.name,
        roles=frozenset(user.roles),
        language=user.language,
        time_zone=user.time_zone,
        csrf=csrf,
        grounds=grounds,
        duties=roles_by_duty(plans),
    )


async def sign_in(parts: Parts, user_id: str, password: str, address: str) -> NewSession:
    """Begins a session. `address` is the client's, for the limit on guesses.

    Raises SignInRefused, the same for an unknown name and a wrong password; TooManyAttempts after a row of failures.
    """
    user_id = user_id.strip().lower()
    attempt = (user_id[:40], address)
    wait = _failures.seconds_to_wait(attempt)
    if wait:
        raise TooManyRequests(f"too many wrong passwords; try again in {wait} seconds", retry_after=wait)
    user: User | None = None
    if _USER_ID.fullmatch(user_id) and len(password) <= _LONGEST_PASSWORD and _encodable(password):
        async with parts.database.reading() as session:
            user = await check_password(session, user_id, password)
    if user is None:
        _failures.count(attempt)
        raise SignInRefused(_WRONG)
    _failures.forget(attempt)
    now = datetime.now(UTC)
    expires = now + timedelta(hours=parts.settings.session_hours)
    async with parts.database.session() as session:
        token, csrf = await new_session(session, user.user_id, now=now, expires_at=expires)
    return NewSession(token, csrf, expires)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


async def sign_out(parts: Parts, session_token: str) -> None:
    """Ends a session; an unknown one is ended already."""
    async with parts.database.session() as session:
        await end_session(session, session_token)


def set_session_cookie(response: Response, parts: Parts, session: NewSession) -> None:
    """Gives the browser its session: out of reach of scripts, and of requests that other sites start."""
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        max_age=int(parts.settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=bool(parts.settings.cookie_secure),
        path="/",
    )


def clear_session_cookie(response: Response) -> None:
    """Takes the session from the browser."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")


def require_csrf(person: Person, sent: object) -> None:
    """Checks that a form came from our own page; a token in place of a cookie needs no such proof. Raises Forbidden."""
    if person.csrf is None:
        return
    given = sent.encode("utf-8", "replace") if isinstance(sent, str) else b""
    if not hmac.compare_digest(person.csrf.encode(), given):
        raise Forbidden("this did not come from a page of your present sign-in; open the page again and send it anew")


def require_same_site(request: Request) -> None:
    """Checks that no other site started this request: for the form of signing in. Raises Forbidden."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        foreign = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if foreign:
        raise Forbidden("this request was started by another site")


async def maybe_signed_in(request: Request, parts: PartsDep) -> Person | None:
    """Returns who is signed in, or nobody. Raises Unauthenticated for a token that is not valid."""
    header = request.headers.get("authorization")
    if header is not None:
        return await _by_token(parts, header)
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie:
        return None
    async with parts.database.reading() as session:
        found = await user_of_session(session, cookie, now=datetime.now(UTC))
        if found is None:
            return None
        speak(found.user.language, found.user.time_zone)
        return person_of_user(
            found.user,
            parts.plans.values(),
            csrf=found.csrf,
            grounds=await grounds_of(session, found.user.user_id, parts.now()),
        )


async def _by_token(parts: Parts, header: str) -> Person:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("send the token as `Authorization: Bearer <token>`")
    async with parts.database.reading() as session:
        user = await user_of_token(session, token.strip(), now=datetime.now(UTC))
        if user is None:
            raise Unauthenticated("this token is not valid (any more); make a new one with `aftercare token USER`")
        return person_of_user(user, parts.plans.values(), grounds=await grounds_of(session, user.user_id, parts.now()))


async def signed_in(request: Request, person: Annotated[Person | None, Depends(maybe_signed_in)]) -> Person:
    """Returns who is signed in.

    Raises Unauthenticated, or Forbidden when a cookie's request would change something without the header X-CSRF.
    """
    if person is None:
        raise Unauthenticated("sign in, or send a token as `Authorization: Bearer <token>`")
    if request.url.path.startswith("/api/") and request.method not in _SAFE:
        require_csrf(person, request.headers.get(CSRF_HEADER))
    return person


PersonDep = Annotated[Person, Depends(signed_in)]
MaybePersonDep = Annotated[Person | None, Depends(maybe_signed_in)]

__all__ = [
    "CSRF_HEADER",
    "SESSION_COOKIE",
    "MaybePersonDep",
    "NewSession",
    "Person",
    "PersonDep",
    "SignInRefused",
    "TooManyAttempts",
    "clear_session_cookie",
    "maybe_signed_in",
    "person_of_user",
    "require_csrf",
    "require_same_site",
    "set_session_cookie",
    "sign_in",
    "sign_out",
    "signed_in",
]
