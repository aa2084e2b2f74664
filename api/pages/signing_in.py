"""Signing in and out, by password or by a provider's word, and choosing a password by a link."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.actions.people import LINK_OVER, SET_PASSWORD, choose_password
from api.actions.provider_sign_in import sign_in_by_provider
from api.actions.requests import offered_plans
from api.actions.signing_in import SHORTEST_PASSWORD, sign_in, sign_out
from api.oidc import BACK, Provider, ProviderRefused
from api.pages.languages import _
from api.pages.rendering import render
from api.pages.visit import go_to, own_path, plain_frame, problem_text
from api.parts import Parts, PartsDep
from api.problems import errors_of
from api.signin import (
    MaybePersonDep,
    clear_session_cookie,
    require_csrf,
    session_cookie,
    set_session_cookie,
)
from core.errors import AftercareError, NotFound
from store.accounts import user_of_link
from store.identities import ProviderVisit, keep_visit, take_visit

router = APIRouter()
_TO_PROVIDER = "/sign-in/provider"
_STATE_COOKIE = "aftercare_provider"
_SECONDS_AWAY = 900
_LONGEST = 2000


@router.get("/sign-in")
async def show_sign_in(
    request: Request,
    parts: PartsDep,
    person: MaybePersonDep,
    next: str = "/",  # noqa: A002 - the word in the address
    set: str = "",  # noqa: A002
) -> Response:
    """Asks for name and password; who is signed in already goes on."""
    if person is not None:
        return go_to(own_path(next))
    said = _("The password is set. Sign in with it.") if set else ""
    return _page(request, parts, target=own_path(next), said=said)


def _page(
    request: Request,
    parts: Parts,
    status: int = 200,
    *,
    user: str = "",
    target: str = "/",
    error: str = "",
    said: str = "",
) -> Response:
    settings = parts.settings
    ask = f"{_TO_PROVIDER}?{urlencode({'next': target})}" if settings.oidc_issuer else ""
    return render(
        "sign_in.html",
        status,
        page=plain_frame(parts, request),
        user=user[:100],
        next=target,
        error=error,
        said=said,
        provider=ask,
        account=settings.oidc_name,
        asks=bool(offered_plans(settings, parts.plans)),
    )


@router.post("/sign-in")
async def begin_session(request: Request, parts: PartsDep) -> Response:
    """Begins a session and goes to where the person wanted to be."""
    form = await request.form(max_files=0, max_fields=10)
    user, password = str(form.get("user") or ""), str(form.get("password") or "")
    target = own_path(form.get("next"))
    address = request.client.host if request.client else ""
    before = session_cookie(request, parts)
    try:
        session = await sign_in(parts, user, password, address, device=_device(request), before=before)
    except AftercareError as refused:
        return _page(request, parts, refused.status, user=user, target=target, error=problem_text(refused))
    answer = go_to(target)
    set_session_cookie(answer, parts, session)
    return answer


@router.get(_TO_PROVIDER)
async def go_to_provider(request: Request, parts: PartsDep, next: str = "/") -> Response:  # noqa: A002
    """Sends a person to the provider; what must come back is kept here, and tied to this browser."""
    target = own_path(next)
    try:
        asked = await _provider(parts).ask()
    except AftercareError as refused:
        return _page(request, parts, refused.status, target=target, error=problem_text(refused))
    kept = ProviderVisit(asked.nonce, asked.verifier, target[:_LONGEST])
    async with parts.database.session() as session:
        await keep_visit(session, asked.state, kept, expires_at=datetime.now(UTC) + timedelta(seconds=_SECONDS_AWAY))
    answer = RedirectResponse(asked.url, 303)
    secure = bool(parts.settings.cookie_secure)
    answer.set_cookie(
        _state_cookie(parts), asked.state, max_age=_SECONDS_AWAY, httponly=True, samesite="lax", secure=secure
    )
    return answer


@router.get(BACK)
async def come_back(request: Request, parts: PartsDep, code: str = "", state: str = "", error: str = "") -> Response:
    """Takes a person back from the provider: the same browser, once, in time, with a code that proves who they are."""
    provider, here = _provider(parts), request.cookies.get(_state_cookie(parts), "")
    target = "/"
    try:
        if not state or not hmac.compare_digest(state.encode("utf-8", "replace"), here.encode("utf-8", "replace")):
            raise ProviderRefused(_("this sign-in was not begun in this browser, or too long ago; begin it again"))
        async with parts.database.session() as session:
            kept = await take_visit(session, state, now=datetime.now(UTC))
        if kept is None:
            raise ProviderRefused(_("this sign-in was used already, or took too long; begin it again"))
        target = kept.target
        if error or not code:
            account = parts.settings.oidc_name
            raise ProviderRefused(_("your %(account)s did not sign you in: %(why)s", account=account, why=_why(error)))
        claims = await provider.answer(code, nonce=kept.nonce, verifier=kept.verifier)
        before = session_cookie(request, parts)
        begun = await sign_in_by_provider(parts, provider.issuer, claims, device=_device(request), before=before)
    except AftercareError as refused:
        answer = _page(request, parts, refused.status, target=target, error=problem_text(refused))
    else:
        answer = go_to(target)
        set_session_cookie(answer, parts, begun)
    answer.delete_cookie(_state_cookie(parts), secure=bool(parts.settings.cookie_secure), httponly=True, samesite="lax")
    return answer


def _why(error: str) -> str:
    """The provider's own word, as far as it is one."""
    word = "".join(sign for sign in error[:60] if sign.isalnum() or sign in "_-. ")
    return word or _("it sent no code")


def _provider(parts: Parts) -> Provider:
    if parts.provider is None:
        raise NotFound("no provider of sign-in is set up here")
    return parts.provider


def _state_cookie(parts: Parts) -> str:
    return f"__Host-{_STATE_COOKIE}" if parts.settings.cookie_secure else _STATE_COOKIE


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")


@router.post("/sign-out")
async def finish_session(request: Request, parts: PartsDep, person: MaybePersonDep) -> Response:
    """Ends the session; one that has ended already is no error."""
    form = await request.form(max_files=0, max_fields=10)
    if person is not None:
        require_csrf(person, form.get("csrf"))
    token = session_cookie(request, parts)
    if token:
        await sign_out(parts, token)
    answer = go_to("/sign-in")
    clear_session_cookie(answer, parts)
    return answer


@router.get(SET_PASSWORD + "{secret}")
async def show_password(request: Request, parts: PartsDep, secret: str) -> Response:
    """Asks for a new password. Raises NotFound for a link that opens nothing (any more)."""
    return await _password_page(request, parts, secret, {})


@router.post(SET_PASSWORD + "{secret}")
async def keep_password(request: Request, parts: PartsDep, secret: str) -> Response:
    """Sets the password, and asks to sign in with it."""
    form = await request.form(max_files=0, max_fields=10)
    try:
        await choose_password(parts, secret, str(form.get("password") or ""), str(form.get("again") or ""))
    except AftercareError as refused:
        if refused.status != 422:
            raise
        return await _password_page(request, parts, secret, {one.path: one.message for one in errors_of(refused)}, 422)
    return go_to("/sign-in?set=yes")


async def _password_page(
    request: Request, parts: Parts, secret: str, errors: dict[str, str], status: int = 200
) -> Response:
    async with parts.database.reading() as session:
        user = await user_of_link(session, secret, now=datetime.now(UTC))
    if user is None:
        raise NotFound(LINK_OVER)
    return render(
        "password.html",
        status,
        page=plain_frame(parts, request),
        action=f"{SET_PASSWORD}{secret}",
        name=user.name,
        user=user.user_id,
        least=SHORTEST_PASSWORD,
        errors=errors,
    )
