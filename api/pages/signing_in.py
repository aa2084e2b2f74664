"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.actions.signing_in import sign_in, sign_out
from api.pages.rendering import render
from api.pages.visit import go_to, own_path, plain_frame, problem_text
from api.parts import PartsDep
from api.signin import (
    MaybePersonDep,
    clear_session_cookie,
    require_csrf,
    session_cookie,
    set_session_cookie,
)
from core.errors import AftercareError

router = APIRouter()


@router.get("/sign-in")
async def show_sign_in(parts: PartsDep, person: MaybePersonDep, next: str = "/") -> Response:  # noqa: A002 - the word in the address
    """Asks for name and password; who is signed in already goes on."""
    if person is not None:
        return go_to(own_path(next))
    return render("sign_in.html", page=plain_frame(parts), user="", next=own_path(next), error="")


@router.post("/sign-in")
async def begin_session(request: Request, parts: PartsDep) -> Response:
    """Begins a session and goes to where the person wanted to be."""
    form = await request.form(max_files=0, max_fields=10)
    user, password = str(form.get("user") or ""), str(form.get("password") or "")
    target = own_path(form.get("next"))
    address = request.client.host if request.client else ""
    try:
        session = await sign_in(
            parts,
            user,
            password,
            address,
            device=request.headers.get("user-agent", ""),
            before=session_cookie(request, parts),
        )
    except AftercareError as refused:
        text = problem_text(refused)
        return render("sign_in.html", refused.status, page=plain_frame(parts), user=user[:100], next=target, error=text)
    answer = go_to(target)
    set_session_cookie(answer, parts, session)
    return answer


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
