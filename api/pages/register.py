"""The rest of the register beside products: customers, service contracts, warranty terms, factories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from api.actions.factories import keep_one
from api.actions.products import set_warranty, sign_contract
from api.pages.entered import Entered
from api.pages.fields import Field, Kind, fields_of, places_of
from api.pages.finding_errors import findings
from api.pages.languages import _, say
from api.pages.product_parts import contracts_view
from api.pages.searching import search_text
from api.pages.times import zone_words
from api.pages.uploading import store_uploads
from api.pages.views import contact_of
from api.pages.visit import Visit, VisitDep, go_to
from api.registry_bodies import TermsBody
from api.rights import Right, may, require
from core.errors import AftercareError, Invalid, NotFound
from domain.factories import Factory
from domain.warranty import model_key
from store.factories import list_factories
from store.queries.paging import BadCursor
from store.queries.registry import (
    contracts_of,
    find_customer,
    list_contracts,
    list_customers,
    list_products,
    list_terms,
)

router = APIRouter()


def _signed(contract_id: str) -> Field:
    """The field for the signed paper of one of the contracts on a page."""
    hint = _("A scan; the contract counts once it is here.")
    return Field(f"{contract_id}.signed_file", _("Signed contract"), hint, Kind.FILES, required=True, most=1)


@router.get("/customers")
async def show_customers(visit: VisitDep, q: str = "", cursor: str | None = None) -> Response:
    """The customers in which each word occurs."""
    require(visit.person, Right.SEE_CASES)
    q = search_text(q)
    async with visit.parts.database.reading() as session:
        try:
            found = await list_customers(session, q=q or None, cursor=cursor)
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
    more = f"/customers?{urlencode({'q': q, 'cursor': found.next})}" if found.next else ""
    return visit.page("customers.html", customers=found.items, q=q, next=more)


@router.get("/customers/{customer_id}")
async def show_customer(visit: VisitDep, customer_id: str) -> Response:
    """A customer with their products and service contracts. Raises NotFound."""
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        found = await find_customer(session, customer_id)
        if found is None:
            raise NotFound("no such customer is registered")
        products = await list_products(session, customer_id=customer_id, limit=200)
        contracts = await contracts_of(session, customer_id)
    return visit.page(
        "customer.html",
        customer=found.customer,
        contact=contact_of(found.customer),
        products=products.items,
        contracts=contracts_view(contracts),
        cases=f"/cases?{urlencode({'q': found.customer.name})}",
    )


@router.get("/contracts")
async def show_contracts(visit: VisitDep, cursor: str | None = None) -> Response:
    """The service contracts, the newest first."""
    require(visit.person, Right.SEE_CASES)
    return await _contracts(visit, cursor)


@router.post("/contracts/{contract_id}/sign")
async def file_signed(visit: VisitDep, contract_id: str) -> Response:
    """Files the signed paper of a contract."""
    require(visit.person, Right.REGISTER)
    entered = Entered.from_form(await visit.form())
    wrong = await store_uploads(visit, entered)
    field = _signed(contract_id)
    signed = next(iter(entered.kept.get(field.name, ())), None)
    if not wrong:
        try:
            await sign_contract(visit.parts, visit.person, contract_id, {"signed_file": signed} if signed else {})
            return go_to("/contracts", "registered")
        except AftercareError as refused:
            if refused.status in (401, 403, 404):
                raise
            wrong = {field.name: " ".join(findings(refused, ["signed_file"]).values())}
    return await _contracts(visit, None, contract_id, entered, wrong)


async def _contracts(
    visit: Visit, cursor: str | None, tried: str = "", typed: Entered | None = None, errors: Any = None
) -> Response:
    async with visit.parts.database.reading() as session:
        try:
            found = await list_contracts(session, cursor=cursor)
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
    can_sign = may(visit.person, Right.REGISTER)
    rows = []
    for one, view in zip(found.items, contracts_view(found.items), strict=True):
        mine = one.contract_id == tried
        field = _signed(one.contract_id) if can_sign and one.signed_file is None else None
        rows.append((one, view, field, (typed or Entered()) if mine else Entered(), errors if mine and errors else {}))
    return visit.page(
        "contracts.html",
        422 if errors else 200,
        rows=rows,
        shown=places_of([field for _, _, field, _, _ in rows if field]),
        next=f"/contracts?{urlencode({'cursor': found.next})}" if found.next else "",
    )


@dataclass(frozen=True)
class _Kept:
    """A list kept by a form: what is entered again under the same name replaces what was known."""

    template: str
    body: type[BaseModel]
    right: Right
    keep: Callable[..., Any]
    name: str
    """The field that names the thing."""


_KEPT = {
    "warranty-terms": _Kept("terms.html", TermsBody, Right.SET_WARRANTY, set_warranty, "model"),
    "factories": _Kept("factories.html", Factory, Right.KEEP_FACTORIES, keep_one, "name"),
}


@router.get("/warranty-terms")
async def show_terms(visit: VisitDep, change: str = "") -> Response:
    """The warranty terms of models, and of plans for the models that have none; `change` fills in the form."""
    return await _kept(visit, "warranty-terms", change)


@router.post("/warranty-terms")
async def keep_terms(visit: VisitDep) -> Response:
    """Sets the warranty terms of a model."""
    return await _keep(visit, "warranty-terms")


@router.get("/factories")
async def show_factories(visit: VisitDep, change: str = "") -> Response:
    """The factories and what they make; `change` fills in the form."""
    return await _kept(visit, "factories", change)


@router.post("/factories")
async def keep_factory(visit: VisitDep) -> Response:
    """Keeps a factory."""
    return await _keep(visit, "factories")


async def _keep(visit: Visit, what: str) -> Response:
    kept = _KEPT[what]
    require(visit.person, kept.right)
    entered = Entered.from_form(await visit.form())
    fields = fields_of(kept.body.model_json_schema())
    values, wrong = entered.values(fields, visit.zone)
    if not wrong:
        try:
            await kept.keep(visit.parts, visit.person, values)
            return go_to(f"/{what}", "registered")
        except AftercareError as refused:
            if refused.status in (401, 403):
                raise
            wrong = findings(refused, [one.name for one in fields])
    return await _kept(visit, what, "", entered, wrong)


async def _kept(
    visit: Visit, what: str, change: str, typed: Entered | None = None, errors: Mapping[str, str] | None = None
) -> Response:
    require(visit.person, Right.SEE_CASES)
    kept = _KEPT[what]
    known: dict[str, BaseModel] = {}
    plans = []
    async with visit.parts.database.reading() as session:
        if what == "factories":
            known = {model_key(one.name): one for one in await list_factories(session)}
        else:
            known = {
                model_key(one.model): TermsBody(model=one.model, **one.terms.model_dump())
                for one in await list_terms(session)
            }
            plans = [(say(plan.title), plan.warranty) for plan in visit.parts.plans.values() if plan.warranty]
    fields = sorted(fields_of(kept.body.model_json_schema()), key=lambda one: one.name != kept.name)
    entered = typed or Entered.of(known[model_key(change)], fields) if model_key(change) in known else typed
    return visit.page(
        kept.template,
        422 if errors else 200,
        known=[(one, f"/{what}?{urlencode({'change': getattr(one, kept.name)})}#keep") for one in known.values()],
        plans=plans,
        fields=fields,
        entered=entered or Entered(),
        errors=errors or {},
        shown=places_of(fields),
        can_keep=may(visit.person, kept.right),
        changing=entered is not None,
        zone=zone_words(visit.zone, visit.now),
    )
