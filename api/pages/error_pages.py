"""The page for an error, which leads on: who works here to the sign-in, a customer to the form for requests."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from api.actions.requests import offered_plans
from api.pages.languages import say
from api.pages.public import Guest
from api.pages.rendering import render
from api.pages.sentences import sentence
from api.pages.visit import Visit, go_to, plain_frame
from api.parts import Parts

_CUSTOMERS = "/t/"


def error_page(request: Request, status: int, title: str, detail: str) -> Response:
    """The page for an error; who is not signed in is sent to the sign-in and from there back."""
    if status == 401 and request.method in ("GET", "HEAD"):
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return go_to("/sign-in" if target == "/" else f"/sign-in?next={quote(target, safe='/')}")
    parts: Parts = request.app.state.parts
    asks = _form_for_requests(request, parts) if request.url.path.startswith(_CUSTOMERS) else ""
    visit: Visit | None = getattr(request.state, "visit", None)
    frame = visit.frame() if visit else plain_frame(parts, request)
    detail = sentence(say(detail))
    return render("error.html", status, page=frame, number=status, title=say(title), detail=detail, asks=asks)


def _form_for_requests(request: Request, parts: Parts) -> str:
    """Where a customer asks for service, in the language of the page they came to; empty where nobody is asked."""
    guest = Guest(request, parts)
    return guest.link("/request") if offered_plans(parts.settings, parts.plans) else ""
