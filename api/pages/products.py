"""Products: found by serial number, their warranty with the reason, the card, the cases, the registration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.actions.products import change_one, enter_repair, register_contract, register_one
from api.ids import new_id
from api.known_products import judge
from api.pages import words
from api.pages.entered import Entered
from api.pages.fields import Field, Kind, Option, fields_of, places_of
from api.pages.finding_errors import findings
from api.pages.languages import _, lazy, say
from api.pages.product_parts import changes_view, contracts_view, entries_view, facts_view, warranty_view
from api.pages.searching import search_text
from api.pages.times import zone_words
from api.pages.uploading import store_uploads
from api.pages.views import case_line
from api.pages.visit import Visit, VisitDep, go_to
from api.registry_bodies import CardEntryBody, ContractBody, ProductBody, ProductChangeBody
from api.rights import Right, may, require
from core.errors import AftercareError, Invalid, NotFound
from domain.case import Customer
from store.queries.card import card_of, cases_of
from store.queries.paging import BadCursor
from store.queries.registry import RegisteredProduct, changes_of, find_product, list_products

router = APIRouter()
_NOT_ASKED = ("customer", "customer_id", "version", "verified", "id", "corrects", "serial_numbers", "signed_file")
_CUSTOMER = ("name", "contact_name", "phone", "email", "region")


@router.get("/products")
async def show_products(visit: VisitDep, q: str = "", cursor: str | None = None) -> Response:
    """The registered products in which, or in whose customer, each word occurs."""
    require(visit.person, Right.SEE_CASES)
    q = search_text(q)
    async with visit.parts.database.reading() as session:
        try:
            found = await list_products(session, q=q or None, cursor=cursor)
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
    return visit.page(
        "products.html",
        products=found.items,
        q=q,
        next=f"/products?{urlencode({'q': q, 'cursor': found.next})}" if found.next else "",
        can_register=may(visit.person, Right.REGISTER),
    )


@router.get("/products/new")
async def show_new_product(visit: VisitDep) -> Response:
    """An empty registration."""
    require(visit.person, Right.REGISTER)
    return _form(visit, Entered(), {})


@router.post("/products/new")
async def register_product(visit: VisitDep) -> Response:
    """Registers the product, or shows what is wrong beside what was typed."""
    require(visit.person, Right.REGISTER)
    entered = Entered.from_form(await visit.form())
    fields = _registration(visit)
    values, wrong = _values(visit, entered, fields)
    if not wrong:
        try:
            product_id = await register_one(visit.parts, visit.person, values)
            return go_to(f"/products/{product_id}", "registered")
        except AftercareError as refused:
            if refused.status in (401, 403):
                raise
            return _form(visit, entered, findings(refused, [one.name for one in fields]), status=refused.status)
    return _form(visit, entered, wrong, status=422)


@router.get("/products/{name}")
async def show_product(visit: VisitDep, name: str) -> Response:
    """A product by its identifier or serial number. Raises NotFound."""
    return await _page(visit, name)


@router.post("/products/{name}/{act}")
async def act_on(visit: VisitDep, name: str, act: str) -> Response:
    """Changes the registration, enters a repair before our time, or registers a contract. Raises NotFound."""
    if act not in _ACTS:
        raise NotFound("there is no such page")
    require(visit.person, _ACTS[act])
    entered = Entered.from_form(await visit.form())
    wrong = await store_uploads(visit, entered)
    product = await _known(visit, name)
    fields = _fields(visit, act)
    values, unreadable = _values(visit, entered, fields)
    wrong |= unreadable
    if not wrong:
        try:
            await _do(visit, product, act, values, entered)
            return go_to(f"/products/{product.product_id}", "registered")
        except AftercareError as refused:
            if refused.status in (401, 403, 404):
                raise
            wrong = findings(refused, [one.name for one in fields])
            return await _page(visit, name, act, entered, wrong, status=refused.status)
    return await _page(visit, name, act, entered, wrong, status=422)


async def _do(visit: Visit, product: RegisteredProduct, act: str, values: dict[str, Any], entered: Entered) -> None:
    parts, person = visit.parts, visit.person
    if act == "change":
        emptied: dict[str, Any] = {one.name: None for one in _fields(visit, act) if one.name != "model"}
        emptied |= {"version": int(entered.text("version"))} if entered.text("version").isdecimal() else {}
        await change_one(parts, person, product.product_id, {**emptied, **values, "verified": True})
    elif act == "card":
        await enter_repair(parts, person, product.product_id, {**values, "id": entered.text("id") or new_id()})
    else:
        of = {"customer_id": product.customer.customer_id} if product.customer else {}
        signed = next(iter(entered.kept.get("signed_file", ())), None)
        named = {} if values.pop("covers", "") == "all" else {"serial_numbers": [product.serial_number]}
        await register_contract(parts, person, {**values, **of, **named, "signed_file": signed})


_ACTS = {"change": Right.REGISTER, "card": Right.ENTER_REPAIR, "contract": Right.REGISTER}
_BODIES: Mapping[str, type[BaseModel]] = {
    "change": ProductChangeBody,
    "card": CardEntryBody,
    "contract": ContractBody,
}


def _fields(visit: Visit, act: str) -> tuple[Field, ...]:
    found = fields_of(_BODIES[act].model_json_schema(), leave_out=_NOT_ASKED)
    if act == "contract":
        covers = (Option("this", _("This product alone")), Option("all", _("All products of the customer")))
        hint = _("A scan; the contract counts once it is here.")
        signed = Field("signed_file", _("Signed contract"), hint, Kind.FILES, required=False)
        return (*found, Field("covers", _("It covers"), "", Kind.PICK, required=True, options=covers), signed)
    return tuple(_picked(visit, one) for one in found)


def _registration(visit: Visit) -> tuple[Field, ...]:
    about = fields_of(ProductBody.model_json_schema(), leave_out=_NOT_ASKED)
    first = tuple(one for one in about if one.required)
    rest = tuple(_picked(visit, one) for one in about if not one.required)
    customer = fields_of(Customer.model_json_schema(), prefix="customer.")
    known = tuple(one for one in customer if one.name.rpartition(".")[2] in _CUSTOMER)
    return (*first, *rest, *(replace(one, required=False) for one in known))


def _picked(visit: Visit, one: Field) -> Field:
    if one.name != "plan":
        return one
    plans = tuple(Option(name, say(plan.title)) for name, plan in visit.parts.plans.items())
    return replace(one, kind=Kind.PICK, options=(Option("", _("Not known")), *plans))


def _values(visit: Visit, entered: Entered, fields: tuple[Field, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    own = tuple(one for one in fields if not one.name.startswith("customer.") and one.kind is not Kind.FILES)
    values, wrong = entered.values(own, visit.zone)
    customer, unreadable = entered.values([one for one in fields if one.name.startswith("customer.")], visit.zone)
    return {**values, **({"customer": customer} if customer else {})}, wrong | unreadable


def _form(visit: Visit, entered: Entered, errors: dict[str, str], status: int = 200) -> Response:
    fields = _registration(visit)
    return visit.page(
        "product_new.html",
        status,
        fields=fields,
        entered=entered,
        errors=errors,
        shown=places_of(fields),
        zone=zone_words(visit.zone, visit.now),
    )


async def _known(visit: Visit, name: str) -> RegisteredProduct:
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        product = await find_product(session, name)
    if product is None:
        raise NotFound("no product of this serial number is registered")
    return product


async def _page(
    visit: Visit,
    name: str,
    tried: str = "",
    typed: Entered | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    product = await _known(visit, name)
    async with visit.parts.database.reading() as session:
        judged = await judge(session, visit.parts, product)
        card = await card_of(session, product)
        cases = await cases_of(session, product.serial_number)
        changes = await changes_of(session, product.product_id)
        replaced = await find_product(session, product.replaces) if product.replaces else None
    acts = []
    for act, right in _ACTS.items():
        if may(visit.person, right) and (act != "contract" or product.customer is not None):
            fields = _fields(visit, act)
            mine = act == tried and typed is not None
            entered = typed if mine and typed is not None else _prefilled(act, product, replaced)
            acts.append((act, fields, entered, (errors or {}) if mine else {}, places_of(fields)))
    return visit.page(
        "product.html",
        status,
        product=product,
        facts=facts_view(product, replaced, visit.plan(product.plan or ""), visit.zone, visit.now),
        replaced=replaced,
        warranty=warranty_view(judged),
        contracts=contracts_view(judged.contracts),
        card=entries_view(card),
        cases=[case_line(case, visit.now) for case in cases],
        changes=changes_view(changes),
        acts=acts,
        titles=_TITLES,
        zone=zone_words(visit.zone, visit.now),
        zone_name=visit.zone,
        origin=words.spoken(product.origin.value),
    )


_TITLES = {
    "change": (lazy("Check or change the registration"), lazy("Save as verified")),
    "card": (lazy("Enter an earlier repair"), lazy("Enter the repair")),
    "contract": (lazy("Register a service contract"), lazy("Register the contract")),
}


def _prefilled(act: str, product: RegisteredProduct, replaced: RegisteredProduct | None) -> Entered:
    if act == "card":
        return Entered(texts={"id": new_id()})
    if act != "change":
        return Entered()
    known = {name: getattr(product, name) for name in ProductChangeBody.model_fields if hasattr(product, name)}
    known |= {"replaces": replaced.serial_number if replaced else None}
    return Entered(
        texts={name: str(value) for name, value in known.items() if value is not None and name != "customer"}
    )
