"""Says as it happens that the list of work changed: server-sent events for the page of My work."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.live import Live, newest, since_lately
from api.pages.work_filters import end_of_day, filters_of
from api.parts import Parts, PartsDep
from api.signin import Person, PersonDep, session_cookie
from store.queries.changes import Change, belongs, changes, concerns
from store.queries.worklist import Moment, Wanted, Worker
from store.sign_ins import handle_of
from store.users import user_names

router = APIRouter(prefix="/my-work")
_STREAM = "text/event-stream"
_RETRY = 5000
"""Milliseconds after which a page connects again."""


@router.get("/changes")
async def follow_changes(request: Request, parts: PartsDep, person: PersonDep) -> Response:
    """Tells which tasks of the list that the address names changed, and whether each is in it now.

    Ends when the reader signs out. `Last-Event-ID` or `since` says from when on (real UTC). Whoever does not ask for a
    stream of events gets what changed since then, once.
    """
    live: Live = request.app.state.live
    cookie = session_cookie(request, parts) if person.csrf is not None else None
    since = _instant(request.headers.get("last-event-id") or request.query_params.get("since"))
    streams = _STREAM in request.headers.get("accept", "")
    async with parts.database.reading() as session:
        names = await user_names(session)
        found = await changes(session, since=since_lately(since)) if not streams else ()
    told = Told(parts, person, filters_of(request.query_params).wanted(), names)
    if not streams:
        return JSONResponse(told.tasks(found))
    stream = told.events(live, handle_of(cookie) if cookie else None, since)
    return StreamingResponse(stream, media_type=_STREAM, headers={"X-Accel-Buffering": "no"})


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


class Told:
    """What one reader is told of changes."""

    def __init__(self, parts: Parts, person: Person, wanted: Wanted, names: Mapping[str, str]) -> None:
        self._parts, self._wanted, self._names, self._own = parts, wanted, names, person.user_id
        plans = parts.plans.values()
        roles = frozenset(role for plan in plans for role in plan.roles) if person.is_admin else person.task_roles
        self._worker = Worker(frozenset({person.user_id, *person.stands_in_for}), roles)
        self._zone = person.time_zone or next((plan.calendar.time_zone for plan in plans), "UTC")

    async def events(self, live: Live, sign_in: str | None, since: datetime | None) -> AsyncIterator[str]:
        """The stream: an event for each look that found something, a comment now and then so that it stays open."""
        yield f"retry: {_RETRY}\n\n"
        async for found in live.follow(sign_in, since):
            if event := self._event(found):
                yield event
            else:
                yield ": still here\n\n"

    def _event(self, found: tuple[Change, ...]) -> str:
        tasks = self.tasks(found)
        if not tasks:
            return ""
        until = newest(found)
        return f"event: work\nid: {until.isoformat() if until else ''}\ndata: {json.dumps(tasks)}\n\n"

    def tasks(self, found: Iterable[Change]) -> list[dict[str, object]]:
        """What is told of the changes that can be of concern, one entry for each task."""
        now = self._parts.now()
        at = Moment(now, end_of_day(now, self._zone))
        of_concern = {one.task_id: one for one in found if concerns(one, self._worker, self._wanted)}
        return [self._shown(one, at) for one in of_concern.values()]

    def _shown(self, change: Change, at: Moment) -> dict[str, object]:
        # words that were searched for cannot be looked up here: such a list is told of changes to what it shows alone
        here = not self._wanted.q and belongs(change, self._worker, self._wanted, at)
        other = change.holder is not None and change.holder not in self._worker.people
        return {
            "task": change.task_id,
            "here": here,
            "open": change.is_open,
            "rank": change.rank,
            "holder": self._names.get(change.holder or "", "") if other else "",
        }
