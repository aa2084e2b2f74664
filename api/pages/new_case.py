"""Opening a case, with photos (R1, R2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.actions import open_case
from api.actions.cases import checked_plan
from api.ids import new_id
from api.pages import words
from api.pages.entered import Entered, nested
from api.pages.fields import Field, Kind, Option, fields_of, places_of
from api.pages.finding_errors import findings
from api.pages.languages import LANGUAGES, _, say
from api.pages.times import zone_words
from api.pages.uploading import store_uploads
from api.pages.visit import Visit, VisitDep, go_to
from api.problems import InvalidFields
from api.reading import read
from api.rights import Right, require
from core.errors import AftercareError
from domain.case import Application, Customer, ProblemReport, Product
from domain.case.application import FaultCategory, Wish
from store.users import list_users

router = APIRouter()
_TOP = ("channel", "request", "subject", "received_at", "attachments")


@dataclass(frozen=True)
class Part:
    """A group of fields with its heading."""

    id: str
    title: str
    fields: tuple[Field, ...]
    hint: str = ""


@router.get("/cases/new")
async def show_new_case(visit: VisitDep) -> Response:
    """An empty request for service."""
    require(visit.person, Right.OPEN_CASE)
    return await _page(visit, Entered(), {}, new_id())


@router.post("/cases/new")
async def open_new_case(visit: VisitDep) -> Response:
    """Opens the case, or shows what is wrong beside what was typed."""
    require(visit.person, Right.OPEN_CASE)
    entered = Entered.from_form(await visit.form())
    wrong = await store_uploads(visit, entered)
    groups = _fields(visit)
    asked, unreadable = _application(visit, entered, groups)
    wrong |= unreadable
    submission = entered.text("submission_id") or new_id()
    names = [field.name for fields in groups.values() for field in fields]
    if not wrong:
        try:
            opened = await open_case(visit.parts, visit.person, asked, key=submission)
            return go_to(f"/cases/{opened.case_id}", "opened")
        except AftercareError as refused:
            if refused.status in (401, 403):
                raise
            wrong = findings(refused, names)
            if refused.status != 422:
                return await _page(visit, entered, wrong, submission, status=refused.status)
    for name, finding in (await _all_wrong(visit, asked, names)).items():
        wrong.setdefault(name, finding)
    return await _page(visit, entered, wrong, submission, status=422)


async def _all_wrong(visit: Visit, asked: dict[str, Any], names: list[str]) -> dict[str, str]:
    """What is wrong with a request, all at once: its form, and beyond it channel, dates and files (R2).

    The second can only be judged in a request of the right form, so what the first refuses is left out for it.
    """
    wrong: dict[str, str] = {}
    bad: set[str] = set()
    try:
        read(Application, asked)
    except InvalidFields as refused:
        bad = {one.path for one in refused.errors}
        wrong = findings(refused, names)
    product = {**asked["product"], "model": "-", "serial_number": None, "specification": None}
    judged = {
        **asked,
        "customer": {"name": "-"},
        "product": {name: value for name, value in product.items() if f"product.{name}" not in bad},
        "problem": {"category": FaultCategory.OTHER.value, "description": "-"},
        "request": Wish.REPAIR.value,
    }
    plan = visit.parts.plans.get(judged.get("plan", ""))
    if plan is not None and (not judged.get("channel") or "channel" in bad):
        judged["channel"] = plan.channels[0]
    for name in ("received_at", "attachments"):
        if any(path == name or path.startswith(f"{name}.") for path in bad):
            judged.pop(name, None)
    judged["product"]["model"] = "-"
    try:
        await checked_plan(visit.parts, read(Application, judged))
    except InvalidFields as refused:
        for name, finding in findings(refused, names).items():
            wrong.setdefault(name, finding)
    return wrong


def _application(
    visit: Visit, entered: Entered, groups: dict[str, tuple[Field, ...]]
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, dict[str, Any]] = {}
    wrong: dict[str, str] = {}
    for name, fields in groups.items():
        values[name], unreadable = entered.values(fields, visit.zone)
        wrong |= unreadable
    top = values.pop("")
    if len(visit.parts.plans) == 1:  # the page asks for the procedure where there is a choice
        top.setdefault("plan", next(iter(visit.parts.plans)))
    return {"customer": {}, "product": {}, "problem": {}, **nested(values), **top}, wrong


def _fields(visit: Visit) -> dict[str, tuple[Field, ...]]:
    schema = Application.model_json_schema()
    found: dict[str, tuple[Field, ...]] = {
        name: fields_of(model.model_json_schema(), prefix=f"{name}.") for name, model in _MODELS.items()
    }
    top = {field.name: field for field in fields_of(schema, leave_out=_MODELS)}
    channels = dict.fromkeys(channel for plan in visit.parts.plans.values() for channel in plan.channels)
    options = tuple(Option(channel, words.CHANNELS.get(channel, words.spoken(channel))) for channel in channels)
    top["channel"] = replace(top["channel"], kind=Kind.PICK, options=options, hint="")
    languages = (
        Option("", _("Not known")),
        *(Option(code, words.language(code)) for code in LANGUAGES),
    )
    found["customer"] = tuple(
        replace(one, kind=Kind.PICK, options=languages, hint="") if one.name == "customer.language" else one
        for one in found["customer"]
    )
    subjects = dict.fromkeys(subject for plan in visit.parts.plans.values() for subject in plan.subjects)
    about = (Option("", _("Not specified")), *(Option(one.value, say(one.title_text)) for one in subjects))
    top["subject"] = replace(top["subject"], kind=Kind.PICK, options=about, hint=_("Where the procedure asks for it."))
    plans = tuple(Option(name, say(plan.title)) for name, plan in visit.parts.plans.items())
    chosen = [replace(top["plan"], kind=Kind.CHOICE, options=plans, hint="")] if len(plans) > 1 else []
    found[""] = (*chosen, *(top[name] for name in _TOP if name != "subject" or subjects))
    return found


_MODELS: dict[str, type[BaseModel]] = {"customer": Customer, "product": Product, "problem": ProblemReport}


async def _page(visit: Visit, entered: Entered, wrong: dict[str, str], submission: str, status: int = 200) -> Response:
    async with visit.parts.database.reading() as session:
        engineers = await list_users(session)
    groups = _fields(visit)
    plan = [field for field in groups[""] if field.name == "plan"]
    top = {field.name: field for field in groups[""]}
    subject = [field for field in groups[""] if field.name == "subject"]
    parts = (
        Part("p-customer", _("Customer"), _prose_last(groups["customer"])),
        Part("p-product", _("Product"), _prose_last(groups["product"])),
        Part("p-problem", _("Problem"), (*groups["problem"], top["request"], *subject, top["attachments"])),
        Part("p-receipt", _("How it came in"), (*plan, top["channel"], top["received_at"])),
    )
    return visit.page(
        "new_case.html",
        status,
        parts=parts,
        entered=entered,
        errors=wrong,
        shown=places_of(field for part in parts for field in part.fields),
        submission_id=submission,
        regions=sorted({region for one in engineers for region in one.regions}),
        zone=zone_words(visit.zone, visit.now),
    )


def _prose_last(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Short fields side by side, long texts below them."""
    return tuple(sorted(fields, key=lambda field: field.kind is Kind.PROSE))
