"""Who looked at whose data is noted before the answer goes out: what cannot be recorded is not shown."""

from __future__ import annotations

import time
from collections import OrderedDict
from functools import partial
from typing import Any

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.parts import Parts
from api.problems import database_away
from api.rights import Person
from api.route_rights import Kind, Rule
from store.access import Look, note_look

SLOT_SECONDS = 600
"""A second look of the same person at the same thing within this time is the same look."""
_NARROWS = frozenset({"q", "cursor", "customer_id", "key"})
"""What makes a list show other people than the first page of it does: each such look counts."""
_SHOWN = frozenset({200, 206})
_SHOWN_AGAIN = frozenset({409, 422})
_MOST_REMEMBERED = 20_000
_LONGEST_SUBJECT = 100


def remember_look(request: Request, rule: Rule, person: Person) -> None:
    """Keeps what this request would show, until it is known whether it does."""
    if rule.shows is None:
        return
    kind, named = rule.shows.kind, str(request.path_params.get(rule.shows.of, rule.shows.of))
    if kind is Kind.TASK:
        kind, named = Kind.CASE, named.partition(".")[0]
    way = "api" if person.csrf is None else "page"
    request.state.looks = [Look(person.user_id, kind.value, named[:_LONGEST_SUBJECT], way)]
    request.state.look_again = kind is Kind.LIST and any(request.query_params.get(one) for one in _NARROWS)


def also_looked(request: Request, person: Person, kind: Kind, named: str) -> None:
    """Keeps that the answer shows this too, for a route whose address does not say whose data it is."""
    way = "api" if person.csrf is None else "page"
    looks: list[Look] = getattr(request.state, "looks", [])
    request.state.looks = [*looks, Look(person.user_id, kind.value, named[:_LONGEST_SUBJECT], way)]


class RecordLooks:
    """Notes each look, once for a person, a thing and a slot, whatever number of requests it took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._noted: OrderedDict[tuple[Look, int], None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; what shows somebody's data is noted first. Where it cannot be, that is said instead."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})

        withheld = False

        async def noted(message: Message) -> None:
            nonlocal withheld
            if withheld:
                return
            if message["type"] == "http.response.start" and "looks" in state and _shows(message):
                try:
                    for look in state["looks"]:
                        await self._note(scope["app"].state.parts, look, again=state.get("look_again", False))
                except (SQLAlchemyError, OSError) as away:
                    withheld = True
                    answer = await database_away(Request(scope), away)
                    await answer(scope, receive, send)
                    return
            await send(message)

        await self.app(scope, receive, noted)

    async def _note(self, parts: Parts, look: Look, *, again: bool) -> None:
        slot = int(time.time()) // SLOT_SECONDS
        if (look, slot) in self._noted and not again:
            return
        await parts.database.run(partial(note_look, look=look, slot=slot, at=parts.now()))
        self._noted[look, slot] = None
        while len(self._noted) > _MOST_REMEMBERED:
            self._noted.popitem(last=False)


def _shows(message: Message) -> bool:
    """True for an answer with data, and for a page that shows a form again with what was wrong."""
    if message["status"] in _SHOWN:
        return True
    page = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
    return page and message["status"] in _SHOWN_AGAIN
