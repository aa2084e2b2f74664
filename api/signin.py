"""Who is signed in: by API token, or by the session cookie of the pages."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from api.actions.signing_in import NewSession
from api.languages import speak
from api.parts import Parts, PartsDep
from api.rights import Person, roles_by_duty
from core.errors import Forbidden, Unauthenticated
from domain.dispatch import Ground
from domain.plan import Plan
from store.queries.engineers import grounds_of
from store.sign_ins import touch_session, user_of_session, user_of_token
from store.users import User

SESSION_COOKIE = "aftercare_session"
_FOLLOWS = "/my-work/changes"
"""What an open page asks for by itself: it keeps no sign-in alive that nobody uses."""
CSRF_HEADER = "X-CSRF"
_SEEN_EVERY = timedelta(minutes=5)
"""How exactly is known when a session was used last: a write for each request would cost more than it tells."""


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


def cookie_name(parts: Parts) -> str:
    """The name of the session's cookie. Over https browsers hold it to this host alone, by its first part."""
    return f"__Host-{SESSION_COOKIE}" if parts.settings.cookie_secure else SESSION_COOKIE


def session_cookie(request: Request, parts: Parts) -> str | None:
    """The session that a browser sent."""
    return request.cookies.get(cookie_name(parts))


def set_session_cookie(response: Response, parts: Parts, session: NewSession) -> None:
    """Gives the browser its session: out of reach of scripts, and of requests that other sites start."""
    response.set_cookie(
        cookie_name(parts),
        session.token,
        max_age=int(parts.settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=bool(parts.settings.cookie_secure),
        path="/",
    )


def clear_session_cookie(response: Response, parts: Parts) -> None:
    """Takes the session from the browser."""
    secure = bool(parts.settings.cookie_secure)
    response.delete_cookie(cookie_name(parts), path="/", secure=secure, httponly=True, samesite="lax")


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
        own = (request.headers.get("host"), _public_host(request))
        foreign = origin is not None and origin.partition("://")[2] not in own
    if foreign:
        raise Forbidden("this request was started by another site")


def _public_host(request: Request) -> str:
    """The host that browsers name, where something in front of us names another."""
    parts: Parts = request.app.state.parts
    return parts.settings.public_url.partition("://")[2].partition("/")[0]


async def maybe_signed_in(request: Request, parts: PartsDep) -> Person | None:
    """Returns who is signed in, or nobody; read once a request. Raises Unauthenticated for a wrong token."""
    known: tuple[Person | None] | None = getattr(request.state, "signed_in", None)
    if known is None:
        known = (await _find(request, parts),)
        request.state.signed_in = known
    return known[0]


async def _find(request: Request, parts: Parts) -> Person | None:
    header = request.headers.get("authorization")
    if header is not None:
        return await _by_token(parts, header)
    cookie = session_cookie(request, parts)
    uses = request.url.path != _FOLLOWS
    return await _by_cookie(parts, cookie, uses=uses) if cookie else None


async def _by_cookie(parts: Parts, cookie: str, *, uses: bool) -> Person | None:
    now, idle = datetime.now(UTC), timedelta(hours=parts.settings.session_idle_hours)
    async with parts.database.reading() as session:
        found = await user_of_session(session, cookie, now=now, idle=idle)
        if found is None:
            return None
        speak(found.user.language, found.user.time_zone)
        grounds = await grounds_of(session, found.user.user_id, parts.now())
    if uses and now - found.seen_at > min(_SEEN_EVERY, idle / 4):
        async with parts.database.session() as session:
            await touch_session(session, cookie, now=now)
    return person_of_user(found.user, parts.plans.values(), csrf=found.csrf, grounds=grounds)


async def _by_token(parts: Parts, header: str) -> Person:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("send the token as `Authorization: Bearer <token>`")
    async with parts.database.reading() as session:
        user = await user_of_token(session, token.strip(), now=datetime.now(UTC))
        if user is None:
            raise Unauthenticated("this token is not valid (any more); make a new one with `aftercare token USER`")
        return person_of_user(user, parts.plans.values(), grounds=await grounds_of(session, user.user_id, parts.now()))


async def signed_in(person: Annotated[Person | None, Depends(maybe_signed_in)]) -> Person:
    """Returns who is signed in; what they may do, and that a page of ours sent it, the guard has checked.

    Raises Unauthenticated.
    """
    if person is None:
        raise Unauthenticated("sign in, or send a token as `Authorization: Bearer <token>`")
    return person


PersonDep = Annotated[Person, Depends(signed_in)]
MaybePersonDep = Annotated[Person | None, Depends(maybe_signed_in)]

__all__ = [
    "CSRF_HEADER",
    "SESSION_COOKIE",
    "MaybePersonDep",
    "Person",
    "PersonDep",
    "clear_session_cookie",
    "cookie_name",
    "maybe_signed_in",
    "person_of_user",
    "require_csrf",
    "require_same_site",
    "session_cookie",
    "set_session_cookie",
    "signed_in",
]
