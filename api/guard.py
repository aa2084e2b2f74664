"""The one gate before every route: looks its rule up in the table, and lets through whom it allows.

A route that changes something takes a proof beside the cookie: the secret of the session, in the form or as X-CSRF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts

from api.actions.attachments import storage_told
from api.engine_pages import from_engine_pages
from api.looked import remember_look
from api.problems import wants_page
from api.rights import Person
from api.route_rights import ROUTES, Rule, Who, require_route
from api.signin import CSRF_HEADER, maybe_signed_in, require_csrf, require_same_site
from core.errors import AftercareError, Forbidden, Unauthenticated
from core.logging import get_logger

MOST_FILES = 25
"""Files that a form of ours may bring along."""
MOST_FIELDS = 600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SIGN_IN = "sign in, or send a token as `Authorization: Bearer <token>`"
_log = get_logger(__name__)


class NotDeclared(AftercareError):
    """A route that the table of rights does not know: our mistake, and nobody's to call."""

    status = 500
    title = "Not declared"


def routes_of(app: FastAPI) -> Iterator[tuple[str, Any]]:
    """Every route of the application as `METHOD /address`, with what answers it; a folder of files counts as GET."""
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or {"GET"}):
            yield f"{method} {route.path}", getattr(route, "endpoint", None)


def rules_of(app: FastAPI) -> Mapping[tuple[Any, str], Rule]:
    """The rules by what answers and method, since an address with its parts filled in is no key."""
    found = {}
    for name, endpoint in routes_of(app):
        method, _, _ = name.partition(" ")
        if name in ROUTES:
            found[endpoint, method] = ROUTES[name]
        else:
            _log.error("route without a rule", route=name)
    return found


async def guard(request: Request) -> None:
    """Lets a request through, or raises Unauthenticated, Forbidden, NotDeclared. What it found is kept for later."""
    rules: Mapping[tuple[Any, str], Rule] = request.app.state.rules
    rule = rules.get((request.scope.get("endpoint"), request.method))
    if rule is None:
        raise NotDeclared("this address is missing from the table of rights (api/route_rights.py)")
    request.state.rule = rule
    changes = request.method not in _SAFE
    if rule.who in (Who.ANYBODY, Who.LINK):
        if changes:
            require_same_site(request)
        return
    person = await maybe_signed_in(request, request.app.state.parts)
    if person is None:
        raise Unauthenticated(_SIGN_IN)
    try:
        require_route(rule, person)
        if changes:
            await _require_proof(request, rule, person)
    except AftercareError:
        visit_of = getattr(request.app.state, "visit_of", None)
        if visit_of is not None and wants_page(request):  # so that the refusal has the menu around it
            await visit_of(request, request.app.state.parts, person)
        raise
    remember_look(request, rule, person)


async def _require_proof(request: Request, rule: Rule, person: Person) -> None:
    """Checks that a page of the present session sent this; a token in place of a cookie needs no such proof.

    The engine's own pages cannot know the secret of a session: a browser's word that they asked is enough where a rule
    says so, of a request that no form of another site could have made.
    """
    if person.csrf is None:
        return
    if rule.engine_pages and from_engine_pages(request.app.state.parts.settings, request.headers.get("origin")):
        if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
            return
        raise Forbidden("the engine's pages send application/json")
    require_same_site(request)
    sent: object = request.headers.get(CSRF_HEADER)
    if sent is None and not request.url.path.startswith("/api/"):
        if not request.headers.get("content-type", "").startswith(_FORMS):
            raise Forbidden("this did not come from a page of ours")
        with storage_told():  # files of a form wait on disk until all of it is here
            sent = (await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)).get("csrf")
    require_csrf(person, sent)
