"""Opening a closed case again, as a new one linked to it (X6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.actions.cases import OpenedCase, begin, checked_plan, fingerprint_of, opened_case, valid_key
from api.ids import derived_case_id, known_case_id
from api.parts import Parts
from api.reading import read
from api.rights import Person, Right, require
from api.schemas import ReopenBody
from core.errors import NotFound, Refused
from domain.case import Application, CaseState, CaseStatus
from store.erasing import require_content
from store.queries.cases import find_case, linked_cases


async def reopen_case(
    parts: Parts, person: Person, case_id: str, changes: Mapping[str, Any], *, key: str | None = None
) -> OpenedCase:
    """Opens a new case linked to a closed one, with the old request except for what `changes` says.

    One at a time: while a case reopened from it runs, another is refused. `key` makes a repeat by the same person the
    same case. Raises Forbidden, NotFound, InvalidFields, Refused, Unavailable.
    """
    actor = require(person, Right.REOPEN)
    body = read(ReopenBody, changes)
    async with parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        await require_content(session, case_id)
        linked = await linked_cases(session, case_id, view.state.reopened_from if view else None)
    if view is None:
        raise NotFound("there is no such case")
    application = _application_again(view.state, body)
    fingerprint = fingerprint_of(application, case_id, person.user_id, valid_key(key) if key is not None else "")
    if key is not None and linked.reopened_into:
        last = linked.reopened_into[-1].case_id
        known = await parts.engine.find(last)
        if known is not None and known.fingerprint == fingerprint:
            return await opened_case(parts, last, created=False)
    _require_reopenable(view.state, parts.now())
    for later in linked.reopened_into:
        if later.status is not CaseStatus.CLOSED:
            raise Refused(f"this case was reopened already; {later.case_id} is open")
    plan = await checked_plan(parts, application)
    # the number of earlier reopenings makes the id, so that two people at once ask for the same one
    again = derived_case_id(parts.settings.secret(), "reopen", case_id, str(len(linked.reopened_into)))
    if await begin(parts, application, plan, actor, again, fingerprint, reopened_from=case_id):
        return await opened_case(parts, again, created=True)
    known = await parts.engine.find(again)
    if key is not None and known is not None and known.fingerprint == fingerprint:
        return await opened_case(parts, again, created=False)
    raise Refused(f"this case has just been reopened as {again}")


def _application_again(state: CaseState, body: ReopenBody) -> Application:
    # without `received_at`: the promises of the new case count from its own entry
    changed: dict[str, Any] = {"received_at": None, "attachments": body.attachments}
    changed |= {name: value for name in ("problem", "request", "channel") if (value := getattr(body, name)) is not None}
    return state.application.model_copy(update=changed)


def _require_reopenable(state: CaseState, now: datetime) -> None:
    if state.status is not CaseStatus.CLOSED:
        raise Refused("this case is still open; add information to it instead")
    if state.reopen_until is None or now > state.reopen_until:
        until = f" on {state.reopen_until:%Y-%m-%d}" if state.reopen_until else ""
        raise Refused(f"the time for reopening this case ended{until}; open a new case")
