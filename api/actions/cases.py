"""Opening a case, and opening one again."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from api.checks import application_problems, missing_attachments
from api.ids import derived_case_id, known_case_id, new_case_id
from api.parts import Parts
from api.problems import InvalidFields
from api.rights import Person, Right, require
from api.schemas import ReopenBody
from core.errors import NotFound, Refused
from domain.case import Application, CaseStart, CaseState, CaseStatus
from domain.events import Actor
from domain.plan import Plan
from domain.tasks import FieldError
from store.attachments import find_attachments
from store.queries.cases import case_exists, find_case, linked_cases

_PATIENCE = 2.0
_KEY = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True)
class OpenedCase:
    """A case that exists now; `created` is False when an earlier request with the same key opened it."""

    case_id: str
    tracking_url: str
    created: bool


async def open_case(parts: Parts, person: Person, fields: Mapping[str, Any], *, key: str | None = None) -> OpenedCase:
    """Opens a case from a request for service (R1, R2). `key` makes a repeat by the same person the same case.

    Raises Forbidden, InvalidFields, Refused (the key was used for another request), Unavailable.
    """
    actor = require(person, Right.OPEN_CASE)
    try:
        application = Application.model_validate(fields)
    except ValidationError as invalid:
        raise InvalidFields.of(invalid) from None
    plan = await _checked(parts, application)
    case_id = (
        derived_case_id(parts.settings.secret(), "open", person.user_id, _valid_key(key))
        if key is not None
        else new_case_id()
    )
    return await _begin(parts, application, plan, actor, case_id)


async def reopen_case(
    parts: Parts, person: Person, case_id: str, changes: Mapping[str, Any], *, key: str | None = None
) -> OpenedCase:
    """Opens a new case linked to a closed one (X6), with the old request except for what `changes` says.

    One at a time: while a case reopened from it runs, another is refused. Raises Forbidden, NotFound, InvalidFields,
    Refused, Unavailable.
    """
    actor = require(person, Right.REOPEN)
    try:
        body = ReopenBody.model_validate(changes)
    except ValidationError as invalid:
        raise InvalidFields.of(invalid) from None
    async with parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        linked = await linked_cases(session, case_id)
    if view is None:
        raise NotFound("there is no such case")
    state = view.state
    application = _application_again(state, body)
    secret = parts.settings.secret()
    mine = derived_case_id(secret, "reopen", case_id, person.user_id, _valid_key(key)) if key is not None else None
    if mine is None or mine not in {later.case_id for later in linked.reopened_into}:
        _require_reopenable(state, parts.now())
        running = [later.case_id for later in linked.reopened_into if later.status is not CaseStatus.CLOSED]
        if running:
            raise Refused(f"this case was reopened already; {running[-1]} is open")
    plan = await _checked(parts, application)
    # without a key the number of earlier reopenings makes the id: two people at once ask for the same one
    again = mine or derived_case_id(secret, "reopen", case_id, str(len(linked.reopened_into)))
    opened = await _begin(parts, application, plan, actor, again, reopened_from=case_id)
    if not opened.created and mine is None:
        raise Refused(f"this case has just been reopened as {again}")
    return opened


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


async def _checked(parts: Parts, application: Application) -> Plan:
    plan = parts.plans.get(application.plan)
    if plan is None:
        raise InvalidFields.at("plan", f"is none of the service plans: {', '.join(sorted(parts.plans))}")
    found: list[FieldError] = application_problems(application, plan, parts.now())
    if application.attachments:
        async with parts.database.reading() as session:
            stored = await find_attachments(session, application.attachments)
        found += missing_attachments(application.attachments, stored, "attachments")
    if found:
        raise InvalidFields(found)
    return plan


async def _begin(
    parts: Parts, application: Application, plan: Plan, actor: Actor, case_id: str, reopened_from: str | None = None
) -> OpenedCase:
    fingerprint = _fingerprint(application, reopened_from)
    opened = OpenedCase(case_id, parts.tracking_url(case_id), created=True)
    repeated = OpenedCase(case_id, opened.tracking_url, created=False)
    async with parts.database.reading() as session:
        view = await find_case(session, case_id)
    if view is not None:  # the engine forgets a closed case after a while; the read side does not
        _require_same(_fingerprint(view.state.application, view.state.reopened_from), fingerprint)
        return repeated
    start = CaseStart(
        case_id=case_id,
        plan=plan,
        pace=parts.pace,
        application=application,
        applied_at=application.received_at or parts.now(),
        opened_by=actor,
        reopened_from=reopened_from,
    )
    summary = f"{plan.title} · {application.product.model} · {application.problem.category.title_text}"
    if not await parts.engine.start(start, summary=summary, fingerprint=fingerprint):
        known = await parts.engine.find(case_id)
        _require_same(known.fingerprint if known else None, fingerprint)
        opened = repeated
    await _appeared(parts, case_id)
    return opened


def _require_same(earlier: str | None, now: str) -> None:
    if earlier is not None and earlier != now:
        raise Refused(
            "this Idempotency-Key was used for another request; use a new key for a new case", field="Idempotency-Key"
        )


def _fingerprint(application: Application, reopened_from: str | None) -> str:
    content = f"{reopened_from or ''}\n{application.model_dump_json()}"
    return hashlib.sha256(content.encode()).hexdigest()


async def _appeared(parts: Parts, case_id: str) -> None:
    """Waits a moment until the read side shows the case, so that who opened it finds it; then goes on without."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        async with parts.database.reading() as session:
            if await case_exists(session, case_id):
                return
        await asyncio.sleep(0.05)


def _valid_key(key: str) -> str:
    if _KEY.fullmatch(key) is None:
        raise InvalidFields.at("Idempotency-Key", "takes 1 to 200 visible ASCII characters")
    return key
