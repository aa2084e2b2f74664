"""Opening a case."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.actions.attachments import use_attachments
from api.checks import application_problems, missing_attachments
from api.ids import derived_case_id, new_case_id
from api.parts import Parts
from api.problems import InvalidFields
from api.reading import read
from api.rights import Person, Right, require
from api.tracking import address_of, tracking_url
from core.errors import Refused
from domain.case import Application, CaseStart
from domain.events import Actor
from domain.plan import Plan
from domain.tasks import FieldError
from store.attachments import find_attachments
from store.case_plans import keep_plan_of_case
from store.queries.cases import case_exists, find_case
from store.tracking_links import Link

_PATIENCE = 2.0
_KEY = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True)
class OpenedCase:
    """A case that exists now; `created` is False when an earlier request with the same key opened it."""

    case_id: str
    tracking_url: str | None
    """None when the link of the case that was opened before was taken back."""
    created: bool


async def open_case(parts: Parts, person: Person, fields: Mapping[str, Any], *, key: str | None = None) -> OpenedCase:
    """Opens a case from a request for service (R1, R2). `key` makes a repeat by the same person the same case.

    Raises Forbidden, InvalidFields, Refused (the key was used for another request), Unavailable.
    """
    actor = require(person, Right.OPEN_CASE)
    application = read(Application, fields)
    plan = await checked_plan(parts, application)
    fingerprint = fingerprint_of(application)
    if key is None:
        case_id = new_case_id()
        await begin(parts, application, plan, actor, case_id, fingerprint)
        return await opened_case(parts, case_id, created=True)
    case_id = derived_case_id(parts.settings.secret(), "open", person.user_id, valid_key(key))
    created = await _open_once(parts, application, plan, actor, case_id, fingerprint)
    return await opened_case(parts, case_id, created=created)


async def opened_case(parts: Parts, case_id: str, *, created: bool) -> OpenedCase:
    """Returns a case that exists with the address of its tracking page as it is now."""
    if created:
        return OpenedCase(case_id, address_of(parts, case_id, Link()), created=True)
    async with parts.database.reading() as session:
        return OpenedCase(case_id, await tracking_url(parts, session, case_id), created=False)


async def _open_once(
    parts: Parts, application: Application, plan: Plan, actor: Actor, case_id: str, fingerprint: str
) -> bool:
    async with parts.database.reading() as session:
        view = await find_case(session, case_id)
    if view is not None:  # the engine forgets a closed case after a while; the read side does not
        earlier: str | None = fingerprint_of(view.state.application)
    elif await begin(parts, application, plan, actor, case_id, fingerprint):
        return True
    else:
        known = await parts.engine.find(case_id)
        earlier = known.fingerprint if known else None
    if earlier is not None and earlier != fingerprint:
        raise Refused(
            "this Idempotency-Key was used for another request; use a new key for a new case", field="Idempotency-Key"
        )
    return False


async def checked_plan(parts: Parts, application: Application) -> Plan:
    """Returns the plan of a request. Raises InvalidFields when plan, channel, dates or files do not fit."""
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


async def begin(
    parts: Parts,
    application: Application,
    plan: Plan,
    actor: Actor,
    case_id: str,
    fingerprint: str,
    *,
    reopened_from: str | None = None,
) -> bool:
    """Starts a case and waits a moment until the read side shows it; False when the id was used before.

    Raises InvalidFields when a file it names has just gone, Unavailable.
    """
    start = CaseStart(
        notices=parts.settings.mails,
        case_id=case_id,
        plan=plan,
        pace=parts.pace,
        application=application,
        applied_at=application.received_at or parts.now(),
        opened_by=actor,
        reopened_from=reopened_from,
        record_salt=secrets.token_hex(16),
    )
    summary = f"{plan.title} · {application.product.model} · {application.problem.category.title_text}"
    await use_attachments(parts, {"attachments": application.attachments})
    created = await parts.engine.start(start, summary=summary, fingerprint=fingerprint)
    if created:
        async with parts.database.session() as session:
            await keep_plan_of_case(session, case_id, plan.name, plan.version)
    await _appeared(parts, case_id)
    return created


def fingerprint_of(application: Application, *more: str) -> str:
    """Returns what tells the same request from another one."""
    content = "\n".join([*more, application.model_dump_json()])
    return hashlib.sha256(content.encode()).hexdigest()


async def _appeared(parts: Parts, case_id: str) -> None:
    """Waits a moment until the read side shows the case, so that who opened it finds it; then goes on without."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        async with parts.database.reading() as session:
            if await case_exists(session, case_id):
                return
        await asyncio.sleep(0.05)


def valid_key(key: str) -> str:
    """Returns an idempotency key. Raises InvalidFields."""
    if _KEY.fullmatch(key) is None:
        raise InvalidFields.at("Idempotency-Key", "takes 1 to 200 visible ASCII characters")
    return key
