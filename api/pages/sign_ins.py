"""One's own sign-ins, tokens and password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.actions.signing_in import SHORTEST_PASSWORD, change_own_password
from api.pages.languages import _
from api.pages.times import day_and_time
from api.pages.visit import Visit, VisitDep, go_to
from api.problems import errors_of
from api.signin import session_cookie, set_session_cookie
from core.errors import AftercareError
from store.sign_ins import end_one_session, end_other_sessions, end_token, handle_of, sessions_of, tokens_of

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """One sign-in."""

    handle: str
    device: str
    since: str
    seen: str
    ends: str
    here: bool


@router.get("/sign-ins")
async def show_sign_ins(visit: VisitDep) -> Response:
    """Where I am signed in, what programs use in my name, and a form for another password."""
    return await _page(visit, {})


@router.post("/sign-ins/end")
async def end(visit: VisitDep) -> Response:
    """Ends one sign-in or token of mine, or every sign-in but this one."""
    form, user_id = await visit.form(), visit.person.user_id
    async with visit.parts.database.session() as session:
        if form.get("all"):
            await end_other_sessions(session, user_id, but=_here(visit.request, visit))
        elif handle := str(form.get("session") or ""):
            await end_one_session(session, user_id, handle)
        elif handle := str(form.get("token") or ""):
            await end_token(session, user_id, handle)
    return go_to("/sign-ins", "ended")


@router.post("/sign-ins/password")
async def change_password(visit: VisitDep) -> Response:
    """Sets another password for who knows the present one; this sign-in goes on as a new one."""
    form = await visit.form()
    old, new, again = (str(form.get(name) or "") for name in ("old", "password", "again"))
    device = visit.request.headers.get("user-agent", "")
    try:
        begun = await change_own_password(visit.parts, visit.person.user_id, old, new, again, device=device)
    except AftercareError as refused:
        if refused.status not in (422, 429):
            raise
        found = {one.path: one.message for one in errors_of(refused)} or {"old": refused.detail}
        return await _page(visit, found, refused.status)
    answer = go_to("/sign-ins", "password")
    if visit.person.csrf is not None:
        set_session_cookie(answer, visit.parts, begun)
    return answer


def _here(request: Request, visit: Visit) -> str:
    return handle_of(session_cookie(request, visit.parts) or "")


async def _page(visit: Visit, errors: Mapping[str, str], status: int = 200) -> Response:
    parts, now = visit.parts, datetime.now(UTC)
    settings, user_id = parts.settings, visit.person.user_id
    here = _here(visit.request, visit)

    def when(at: datetime) -> str:
        return day_and_time(at, visit.zone, now)

    async with parts.database.reading() as session:
        idle = timedelta(hours=settings.session_idle_hours)
        open_ones = await sessions_of(session, user_id, now=now, idle=idle)
        tokens = await tokens_of(session, user_id, now=now)
    return visit.page(
        "sign_ins.html",
        status,
        sessions=[
            Line(
                one.handle,
                browser_words(one.device),
                when(one.created_at),
                when(one.seen_at),
                when(one.expires_at),
                one.handle == here,
            )
            for one in sorted(open_ones, key=lambda one: one.handle != here)
        ],
        tokens=[
            (one.handle, when(one.created_at), when(one.expires_at) if one.expires_at else _("never")) for one in tokens
        ],
        idle=f"{settings.session_idle_hours:g}",
        most=f"{settings.session_hours:g}",
        least=SHORTEST_PASSWORD,
        errors=errors,
    )


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_words(agent: str) -> str:
    """What a person knows their browser by, as far as it tells; else the beginning of what it says of itself."""
    named = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(one for one in named if one) or agent[:60]
