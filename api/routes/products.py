"""The register: products with their warranty and card, service contracts, customers, warranty terms."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.actions.products import (
    change_one,
    enter_repair,
    register_contract,
    register_one,
    set_warranty,
    sign_contract,
)
from api.bodies import JsonObject
from api.known_products import judge
from api.openapi import json_body
from api.parts import Parts, PartsDep
from api.registry_bodies import (
    CardEntryBody,
    ContractBody,
    ContractChangeBody,
    ProductBody,
    ProductChangeBody,
    TermsBody,
)
from api.registry_shown import (
    CardEntryShown,
    CardPage,
    ContractShown,
    ContractsPage,
    CustomerShown,
    CustomersPage,
    ProductInFull,
    ProductShown,
    ProductsPage,
    TermsPage,
    TermsShown,
)
from api.rights import Right, require
from api.routes.query import Cursor, Filter, Limit, cursors, text
from api.signin import PersonDep
from core.errors import NotFound
from store.queries.card import card_of, cases_of
from store.queries.registry import (
    RegisteredProduct,
    changes_of,
    find_contract,
    find_product,
    list_contracts,
    list_customers,
    list_products,
    list_terms,
    terms_of,
)

router = APIRouter(tags=["register"])


@router.get("/products")
async def products(
    *,
    parts: PartsDep,
    person: PersonDep,
    q: Filter = None,
    customer_id: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ProductsPage:
    """Lists registered products, newest first. `q` finds serial number, model and customer by each of its words."""
    require(person, Right.SEE_CASES)
    with cursors():
        async with parts.database.reading() as session:
            page = await list_products(
                session,
                q=text(q, "q"),
                customer_id=text(customer_id, "customer_id"),
                cursor=text(cursor, "cursor"),
                limit=limit,
            )
    return ProductsPage(items=[ProductShown.of(one) for one in page.items], next=page.next)


@router.post("/products", status_code=201, openapi_extra=json_body(ProductBody))
async def register(parts: PartsDep, person: PersonDep, fields: JsonObject, response: Response) -> ProductInFull:
    """Registers a product per serial number. 409 when the serial number is registered already."""
    product_id = await register_one(parts, person, fields)
    response.headers["Location"] = f"/api/v1/products/{product_id}"
    return await _in_full(parts, product_id)


@router.get("/products/{serial}")
async def product(parts: PartsDep, person: PersonDep, serial: str) -> ProductInFull:
    """Shows a product by its serial number, or by its `product_id`: what covers it today, and why."""
    require(person, Right.SEE_CASES)
    return await _in_full(parts, serial)


@router.patch("/products/{serial}", openapi_extra=json_body(ProductChangeBody))
async def change(parts: PartsDep, person: PersonDep, serial: str, fields: JsonObject) -> ProductInFull:
    """Changes a registration; what it was stays on record."""
    return await _in_full(parts, await change_one(parts, person, serial, fields))


@router.get("/products/{serial}/card")
async def card(parts: PartsDep, person: PersonDep, serial: str) -> CardPage:
    """The warranty card: every earlier repair, from its cases and entered by hand (M7)."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        entries = await card_of(session, await _known(session, serial))
    return CardPage(items=[CardEntryShown.of(one) for one in entries], next=None)


@router.post("/products/{serial}/card", status_code=201, openapi_extra=json_body(CardEntryBody))
async def enter(parts: PartsDep, person: PersonDep, serial: str, fields: JsonObject) -> CardEntryShown:
    """Enters a repair before our time; it is marked as such."""
    entry_id = await enter_repair(parts, person, serial, fields)
    async with parts.database.reading() as session:
        entries = await card_of(session, await _known(session, serial))
    return next(CardEntryShown.of(one) for one in entries if one.entry_id == entry_id)


@router.get("/contracts")
async def contracts(
    *, parts: PartsDep, person: PersonDep, customer_id: Filter = None, cursor: Cursor = None, limit: Limit = 50
) -> ContractsPage:
    """Lists service contracts, newest first (Q6)."""
    require(person, Right.SEE_CASES)
    with cursors():
        async with parts.database.reading() as session:
            page = await list_contracts(
                session,
                customer_id=text(customer_id, "customer_id"),
                cursor=text(cursor, "cursor"),
                limit=limit,
            )
    return ContractsPage(items=[ContractShown.of(one) for one in page.items], next=page.next)


@router.post("/contracts", status_code=201, openapi_extra=json_body(ContractBody))
async def new_contract(parts: PartsDep, person: PersonDep, fields: JsonObject) -> ContractShown:
    """Registers a service contract. It counts once its signed paper is on file."""
    return await _contract(parts, await register_contract(parts, person, fields))


@router.patch("/contracts/{contract_id}", openapi_extra=json_body(ContractChangeBody))
async def signed(parts: PartsDep, person: PersonDep, contract_id: str, fields: JsonObject) -> ContractShown:
    """Files the signed paper of a contract."""
    await sign_contract(parts, person, contract_id, fields)
    return await _contract(parts, contract_id)


@router.get("/customers")
async def customers(
    *, parts: PartsDep, person: PersonDep, q: Filter = None, cursor: Cursor = None, limit: Limit = 50
) -> CustomersPage:
    """Lists customers, newest first."""
    require(person, Right.SEE_CASES)
    with cursors():
        async with parts.database.reading() as session:
            page = await list_customers(session, q=text(q, "q"), cursor=text(cursor, "cursor"), limit=limit)
    return CustomersPage(items=[CustomerShown.of(one) for one in page.items], next=page.next)


@router.get("/warranty-terms")
async def warranty_terms(parts: PartsDep, person: PersonDep) -> TermsPage:
    """Lists the warranty terms: of models, then of service plans for the models that have none."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        items = [TermsShown.of_model(one) for one in await list_terms(session)]
    for name, plan in parts.plans.items():
        if plan.warranty is not None:
            items.append(TermsShown(model=None, plan=name, terms=plan.warranty, by=None, at=None))
    return TermsPage(items=items, next=None)


@router.post("/warranty-terms", openapi_extra=json_body(TermsBody))
async def set_warranty_terms(parts: PartsDep, person: PersonDep, fields: JsonObject) -> TermsShown:
    """Sets the warranty terms of a model, in place of earlier ones."""
    model = await set_warranty(parts, person, fields)
    async with parts.database.reading() as session:
        found = await terms_of(session, model)
    if found is None:
        raise NotFound("these terms are not on record")
    return TermsShown.of_model(found)


async def _known(session: AsyncSession, name: str) -> RegisteredProduct:
    found = await find_product(session, name)
    if found is None:
        raise NotFound("no product of this serial number is registered")
    return found


async def _in_full(parts: Parts, name: str) -> ProductInFull:
    async with parts.database.reading() as session:
        found = await _known(session, name)
        judged = await judge(session, parts, found)
        cases = [case.case_id for case in await cases_of(session, found.serial_number)]
        return ProductInFull.in_full(found, judged, cases, await changes_of(session, found.product_id))


async def _contract(parts: Parts, contract_id: str) -> ContractShown:
    async with parts.database.reading() as session:
        found = await find_contract(session, contract_id)
    if found is None:
        raise NotFound("there is no such contract")
    return ContractShown.of(found)
