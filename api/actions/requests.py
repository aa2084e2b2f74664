"""Requests from the public form: each becomes a case, or waits for a person to look at it; none is lost silently."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.actions.attachments import use_attachments
from api.actions.cases import OpenedCase, begin, checked_plan, opened_case
from api.form_tokens import Proof
from api.ids import derived_case_id
from api.parts import Parts
from api.problems import InvalidFields, TooManyRequests
from api.reading import read
from api.rights import Person, Right, as_customer, require
from api.throttle import Throttle
from core.errors import NotConfigured, NotFound, Refused
from core.settings import Settings
from domain.case import Application
from domain.plan import Plan
from domain.tasks import FieldError
from store.attachments import find_attachments
from store.held_requests import (
    HeldRequest,
    count_waiting,
    decide_opened,
    decide_rejected,
    find_request,
    hold_request,
)
from store.queries.cases import find_case

WEB = "web"
"""The channel of the public form; a plan that takes it is offered there."""
TRAP = "website"
"""The field that people do not see; programs that fill in every field do."""
SOONEST = 3.0
"""Seconds in which nobody fills in the form."""
_MOST_LINKS = 2
_MOST_WAITING = 1000
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HELD_ID = re.compile(r"R-[0-9A-HJKMNP-TV-Z]{26}")
_direct = Throttle(limit=5, seconds=3600)
_flood = Throttle(limit=25, seconds=3600)


class Doubt(StrEnum):
    """Why a request waits for a person."""

    TRAP = "trap"
    QUICK = "quick"
    LINKS = "links"
    OFTEN = "often"


@dataclass(frozen=True)
class Received:
    """What became of a request: a case, or a number under which it waits."""

    case: OpenedCase | None = None
    held: str | None = None


def offered_plans(settings: Settings, plans: Mapping[str, Plan]) -> dict[str, Plan]:
    """Returns the plans that the public form offers: none when it is off.

    Raises NotConfigured when the setting names a plan that is not there or does not take requests from the web.
    """
    wanted = settings.request_form.strip().lower()
    web = {name: plan for name, plan in plans.items() if WEB in plan.channels}
    if wanted == "off":
        return {}
    if wanted in ("", "on"):
        return web
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    for name in names:
        if name not in web:
            why = "does not take the channel web" if name in plans else "is no service plan"
            raise NotConfigured(f"{name} {why}; there are {', '.join(sorted(web))}", field="AFTERCARE_REQUEST_FORM")
    return {name: web[name] for name in names}


def not_flooded(address: str) -> None:
    """Refuses an address that sends more than people do, before anything of it is read. Raises TooManyRequests."""
    wait = _flood.seconds_to_wait(_mark(address))
    if wait:
        minutes = max(1, round(wait / 60))
        raise TooManyRequests(
            f"too many requests came from your network; try again in {minutes} minutes, or phone us", retry_after=wait
        )
    _flood.count(_mark(address))


@dataclass(frozen=True)
class Sending:
    """How a request came: the proof of its form, what stood in the field that people do not see, from which address."""

    proof: Proof
    trap: str
    address: str

    def doubts(self, application: Application) -> tuple[Doubt, ...]:
        """Returns what makes the request suspicious."""
        links = len(_LINK.findall(application.model_dump_json()))
        found = {
            Doubt.TRAP: bool(self.trap),
            Doubt.QUICK: self.proof.age < SOONEST,
            Doubt.LINKS: links > _MOST_LINKS,
            Doubt.OFTEN: _direct.seconds_to_wait(_mark(self.address)) > 0,
        }
        return tuple(doubt for doubt, holds in found.items() if holds)


def _mark(address: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them: the network stands for all."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def read_request(plan: Plan, fields: Mapping[str, Any], language: str) -> Application:
    """Returns the request as the API would take it, with a way to reach the customer (R2). Raises InvalidFields."""
    customer = {**fields.get("customer", {}), "language": language}
    asked = {**fields, "customer": customer, "plan": plan.name, "channel": WEB}
    reachable = customer.get("phone") or customer.get("email")
    unreachable = "is needed, or an e-mail address: how can we reach you?"
    missing = () if reachable else (FieldError(path="customer.phone", message=unreachable),)
    try:
        application = read(Application, asked)
    except InvalidFields as wrong:
        raise InvalidFields([*wrong.errors, *missing]) from None
    if missing:
        raise InvalidFields(missing)
    return application


async def receive_request(parts: Parts, application: Application, sending: Sending) -> Received:
    """Opens the case of a request, or holds it for a person. The same form sent twice is one.

    Raises InvalidFields, Refused (another request was sent from the same page), TooManyRequests, Unavailable.
    """
    plan = await checked_plan(parts, application)
    digest = await _digest(parts, application)
    held_id = _held_id(parts, sending.proof.number)
    async with parts.database.reading() as session:
        held = await find_request(session, held_id)
    if held is not None:
        return Received(held=held_id)
    case_id = derived_case_id(parts.settings.secret(), "request", sending.proof.number)
    earlier = await _earlier(parts, case_id)
    if earlier is not None:
        if earlier and earlier != digest:
            raise Refused("a request was sent from this page before; if this is another one, send it once more")
        return Received(case=await opened_case(parts, case_id, created=False))
    doubts = sending.doubts(application)
    _direct.count(_mark(sending.address))
    if doubts:
        return Received(held=await _hold(parts, held_id, application, doubts))
    actor = require(as_customer(application.customer.contact_name or application.customer.name), Right.OPEN_CASE)
    created = await begin(parts, application, plan, actor, case_id, digest)
    return Received(case=await opened_case(parts, case_id, created=created))


async def _hold(parts: Parts, held_id: str, application: Application, doubts: tuple[Doubt, ...]) -> str:
    async with parts.database.reading() as session:
        if await count_waiting(session) >= _MOST_WAITING:
            raise TooManyRequests("more requests wait here than can be looked at; phone us instead", retry_after=3600)
    await use_attachments(parts, {"attachments": application.attachments})
    held = HeldRequest(
        request_id=held_id,
        received_at=parts.now(),
        plan=application.plan,
        request=application.model_dump(mode="json"),
        reasons=tuple(one.value for one in doubts),
    )
    async with parts.database.session() as session:
        await hold_request(session, held)
    return held_id


async def _earlier(parts: Parts, case_id: str) -> str | None:
    """What was sent under this number before; empty when that is not known, None when nothing was."""
    async with parts.database.reading() as session:
        view = await find_case(session, case_id)
    if view is not None:
        return await _digest(parts, view.state.application)
    known = await parts.engine.find(case_id)
    return (known.fingerprint or "") if known else None


async def _digest(parts: Parts, application: Application) -> str:
    """What tells the same request from another one: a photo that is sent again is the same photo."""
    async with parts.database.reading() as session:
        files = await find_attachments(session, application.attachments)
    content = application.model_dump(mode="json", exclude={"attachments"})
    content["files"] = sorted({one.sha256 for one in files.values()})
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _held_id(parts: Parts, number: str) -> str:
    """A number that cannot be guessed: whoever has it sees what became of the request."""
    key = hashlib.sha256(b"held\0" + parts.settings.secret().encode()).digest()
    value = int.from_bytes(hmac.digest(key, number.encode(), "sha256")[:17], "big")
    return "R-" + "".join(_CROCKFORD[(value >> (5 * place)) & 31] for place in range(26))


async def held_request(parts: Parts, request_id: str) -> HeldRequest:
    """Returns a request that was held. Raises NotFound."""
    if _HELD_ID.fullmatch(request_id) is None:
        raise NotFound("there is no such request")
    async with parts.database.reading() as session:
        found = await find_request(session, request_id)
    if found is None:
        raise NotFound("there is no such request")
    return found


async def open_held(parts: Parts, person: Person, request_id: str) -> OpenedCase:
    """Opens the case of a request that was held; its promises count from when the request came in.

    Raises Forbidden, NotFound, InvalidFields, Refused (it was rejected), Unavailable.
    """
    require(person, Right.JUDGE_REQUEST)
    actor = require(person, Right.OPEN_CASE)
    held = await held_request(parts, request_id)
    if held.case_id is not None:
        return await opened_case(parts, held.case_id, created=False)
    if held.request is None:
        raise Refused("this request was rejected; what it said is not kept")
    application = read(Application, {**held.request, "received_at": held.received_at})
    plan = await checked_plan(parts, application)
    case_id = derived_case_id(parts.settings.secret(), "held", request_id)
    created = await begin(parts, application, plan, actor, case_id, await _digest(parts, application))
    async with parts.database.session() as session:
        await decide_opened(session, request_id, case_id=case_id, by=person.user_id, at=parts.now())
    return await opened_case(parts, case_id, created=created)


async def reject_held(parts: Parts, person: Person, request_id: str) -> None:
    """Rejects a request that was held: what it said is forgotten. Raises Forbidden, NotFound, Refused."""
    require(person, Right.JUDGE_REQUEST)
    await held_request(parts, request_id)
    async with parts.database.session() as session:
        if not await decide_rejected(session, request_id, by=person.user_id, at=parts.now()):
            raise Refused("somebody decided on this request already")
