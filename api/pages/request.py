"""The public request form: a customer without an account asks for service, in their language, with photos (R1, R2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.actions.requests import (
    TRAP,
    Received,
    Sending,
    held_request,
    not_flooded,
    offered_plans,
    read_request,
    receive_request,
)
from api.pages.entered import Entered, nested
from api.pages.fields import Field, Kind, Option, fields_of, places_of
from api.pages.finding_errors import findings
from api.pages.languages import _, language, lazy, say
from api.pages.public import Guest
from api.pages.tracking_acts import store_files
from api.parts import Parts, PartsDep
from api.public_forms import address_of, public_form
from api.tracking import tracking_url
from core.errors import AftercareError, NotFound
from domain.case import Application, Customer, ProblemReport, Product
from domain.plan import Plan

router = APIRouter()
_OLDEST = 24 * 3600.0
"""Seconds for which an opened form is good; after them it is shown again, with what was typed."""
_PARTS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "problem",
        lazy("What is wrong"),
        (
            ("problem.description", lazy("What happens?"), lazy("What you see or hear, and since when.")),
            ("problem.category", lazy("It is most like"), ""),
            ("subject", lazy("What it is about"), ""),
            ("request", lazy("What do you ask for?"), ""),
        ),
    ),
    (
        "product",
        lazy("The product"),
        (
            ("product.model", lazy("Model"), lazy("As on the type plate.")),
            ("product.serial_number", lazy("Serial number"), lazy("On the type plate too.")),
            ("product.purchase_date", lazy("Bought on"), ""),
        ),
    ),
    (
        "reach",
        lazy("How we reach you"),
        (
            ("customer.name", lazy("Company, or your name"), ""),
            ("customer.contact_name", lazy("Whom to ask for"), ""),
            ("customer.phone", lazy("Phone"), ""),
            ("customer.email", lazy("E-mail"), ""),
            ("customer.region", lazy("City or region"), lazy("Where the product stands.")),
            ("customer.address", lazy("Address"), ""),
        ),
    ),
)
_ONE_OF = ("customer.phone", "customer.email")
_PICKED = ("problem.category",)
_MODELS: dict[str, type[BaseModel]] = {"customer": Customer, "product": Product, "problem": ProblemReport}


@dataclass(frozen=True)
class Part:
    """A group of fields with its heading."""

    id: str
    title: str
    fields: tuple[Field, ...]


@router.get("/request")
async def choose_plan(request: Request, parts: PartsDep) -> Response:
    """The form, where one kind of service is offered; else the choice among them. Raises NotFound when it is off."""
    offered = _offered(parts)
    guest = Guest(request, parts)
    if len(offered) == 1:
        return _page(guest, next(iter(offered.values())), Entered(), {})
    return guest.page(
        "request_choice.html", company="", plans=[(one, f"/request/{name}") for name, one in offered.items()]
    )


@router.get("/request/held/{request_id}")
async def show_held(request: Request, parts: PartsDep, request_id: str) -> Response:
    """What became of a request that a person looks at first. Raises NotFound."""
    guest = Guest(request, parts)
    held = await held_request(parts, request_id)
    url = None
    if held.case_id is not None:
        async with parts.database.reading() as session:
            url = await tracking_url(parts, session, held.case_id)
    plan = parts.plans.get(held.plan)
    path = url.removeprefix(parts.settings.public_url) if url else ""
    asked = (held.request or {}).get("customer", {}).get("language")
    company = plan.company if plan else ""
    if asked:
        guest = Guest(request, parts, asked)
    return guest.page("request_held.html", company=company, held=held, path=path)


@router.get("/request/{plan}")
async def show_request(request: Request, parts: PartsDep, plan: str) -> Response:
    """An empty form. Raises NotFound for a plan that is not offered."""
    return _page(Guest(request, parts), _plan(parts, plan), Entered(), {})


@router.post("/request/{plan}")
async def send_request(request: Request, parts: PartsDep, plan: str) -> Response:
    """Takes a request: a case is opened, or a person looks at it first; else the form with what is wrong beside it.

    Raises NotFound, NotFromOurPage, TooManyRequests, TooLarge.
    """
    chosen = _plan(parts, plan)
    not_flooded(address_of(request))
    form = await public_form(request, parts.settings.max_public_form_bytes)
    guest, entered = Guest(request, parts), Entered.from_form(form)
    proof = guest.proof(_purpose(chosen), form.get("csrf"))
    fields, wrong = _fields(entered, chosen)
    files, refused = await store_files(parts, entered.text("customer.name"), entered, "files")
    wrong |= refused
    names = [field.name for part in _parts(chosen) for field in part.fields]
    sending = Sending(proof, entered.text(TRAP), address_of(request))
    try:
        application = read_request(chosen, {**fields, "attachments": files}, language())
        if not wrong and proof.age > _OLDEST:
            late = _("This page was open for a long time. Look through what you entered and send it once more.")
            return _page(guest, chosen, entered, {"": late}, 409)
        if not wrong:
            return _received(parts, guest, await receive_request(parts, application, sending))
    except AftercareError as no:
        if no.status in (403, 429):
            raise
        found = {**_said(no, names), **wrong}
        wrong = {name: found[name] for name in ("", *names, "files") if name in found}
        return _page(guest, chosen, entered, wrong, no.status)
    return _page(guest, chosen, entered, wrong, 422)


def _received(parts: Parts, guest: Guest, received: Received) -> Response:
    if received.held is not None:
        return guest.go_to(f"/request/held/{received.held}")
    if received.case is None or received.case.tracking_url is None:
        raise NotFound("your case is open, but its page was taken back; ask the person who contacted you")
    return guest.go_to(received.case.tracking_url.removeprefix(parts.settings.public_url), said="opened")


def _said(no: AftercareError, names: list[str]) -> dict[str, str]:
    if no.status == 503:
        return {"": _("Our system cannot be reached at the moment. What you entered is kept: send it again.")}
    if no.status == 409:
        return {"": _("You sent a request from this page before. If this is another one, send it once more.")}
    return findings(no, names)


def _fields(entered: Entered, plan: Plan) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, as a request; and what could not be read."""
    values: dict[str, dict[str, Any]] = {name: {} for name in _MODELS}
    top: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for part in _parts(plan):
        for field in part.fields:
            found, unreadable = entered.values((field,), plan.calendar.time_zone)
            wrong |= unreadable
            group, _dot, _key = field.name.rpartition(".")
            (values[group] if group else top).update(found)
    return {"customer": {}, "product": {}, "problem": {}, **nested(values), **top}, wrong


def _parts(plan: Plan) -> tuple[Part, ...]:
    """The fields that this plan's customers are asked for, in their words."""
    declared = {one.name: one for one in fields_of(Application.model_json_schema(), leave_out=_MODELS)}
    for group, model in _MODELS.items():
        declared |= {one.name: one for one in fields_of(model.model_json_schema(), prefix=f"{group}.")}
    if plan.subjects:
        options = (Option("", _("I do not know")), *(Option(one.value, say(one.title_text)) for one in plan.subjects))
        declared["subject"] = replace(declared["subject"], kind=Kind.PICK, options=options)
    return tuple(
        Part(
            f"part-{key}",
            str(title),
            tuple(
                _asked(declared[name], str(asked), str(hint))
                for name, asked, hint in fields
                if name != "subject" or plan.subjects
            ),
        )
        for key, title, fields in _PARTS
    )


def _asked(declared: Field, title: str, hint: str) -> Field:
    options = tuple(replace(one, title=say(one.title)) for one in declared.options)
    asked = replace(declared, title=title, hint=hint, options=options)
    if declared.name in _ONE_OF:
        return replace(asked, when_words=_("Phone or e-mail: one of them is needed."))
    if declared.name in _PICKED and asked.kind is Kind.CHOICE:
        return replace(asked, kind=Kind.PICK, options=(Option("", _("Please choose")), *options))
    return asked


def _offered(parts: Parts) -> dict[str, Plan]:
    offered = offered_plans(parts.settings, parts.plans)
    if not offered:
        raise NotFound("requests are not taken here; phone us, or write to the person you know")
    return offered


def _plan(parts: Parts, name: str) -> Plan:
    plan = _offered(parts).get(name)
    if plan is None:
        raise NotFound("requests for this service are not taken here; phone us, or write to the person you know")
    return plan


def _purpose(plan: Plan) -> str:
    return f"request:{plan.name}"


def _page(guest: Guest, plan: Plan, entered: Entered, errors: dict[str, str], status: int = 200) -> Response:
    groups = _parts(plan)
    return guest.page(
        "request.html",
        status,
        company=plan.company,
        action=f"/request/{plan.name}",
        csrf=guest.token(_purpose(plan)),
        parts=groups,
        places=places_of(field for part in groups for field in part.fields),
        entered=entered,
        errors=errors,
        trap=TRAP,
        zone="",
    )
