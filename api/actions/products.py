"""Keeping the register: products, service contracts, warranty terms, repairs before our time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.ids import new_id
from api.known_products import today
from api.parts import Parts
from api.problems import InvalidFields
from api.reading import read
from api.registry_bodies import (
    CardEntryBody,
    ContractBody,
    ContractChangeBody,
    ProductBody,
    ProductChangeBody,
    ProductFields,
    TermsBody,
)
from api.rights import Person, Right, require
from core.errors import NotFound, Refused
from domain.case import Customer, Product
from domain.tasks import FieldError
from domain.warranty import WarrantyTerms, serial_key
from store.attachments import name_attachments
from store.queries.card import card_of
from store.queries.registry import RegisteredProduct, find_contract, find_customer, find_product, product_of_serial
from store.registry import (
    ChangedMeanwhile,
    ManualEntry,
    NewContract,
    Registration,
    RegistryUnknown,
    Taken,
    add_card_entry,
    add_contract,
    change_product,
    file_signed_contract,
    keep_customer,
    register_product,
    set_terms,
)

_PLAIN = ("model", "specification", "purchase_date", "delivery_date", "installed_at", "plan")


async def register_one(parts: Parts, person: Person, fields: Mapping[str, Any]) -> str:
    """Registers a product and returns its identifier. Raises Forbidden, InvalidFields, Refused (it is registered)."""
    actor = require(person, Right.REGISTER)
    body = read(ProductBody, fields)
    _refuse([*_product_problems(parts, body, body.plan)])
    about = Product(model=body.model, serial_number=body.serial_number, specification=body.specification,
                    purchase_date=body.purchase_date, delivery_date=body.delivery_date)  # fmt: skip
    async with parts.database.session() as session:
        registration = Registration(
            product=about,
            customer_id=await _customer(session, parts, body.customer, body.customer_id),
            installed_at=body.installed_at,
            plan=body.plan,
            replaces=await _replaced(session, body.replaces, body.serial_number),
        )
        try:
            return await register_product(session, registration, by=actor.user, at=parts.now())
        except Taken as taken:
            raise Refused(f"this serial number is registered already, as {taken.by}", field="serial_number") from None


async def change_one(parts: Parts, person: Person, name: str, fields: Mapping[str, Any]) -> str:
    """Changes a registration and returns the product's identifier.

    Raises Forbidden, NotFound, InvalidFields, Refused when it was changed meanwhile.
    """
    actor = require(person, Right.REGISTER)
    body = read(ProductChangeBody, fields)
    given = body.model_fields_set
    problems = [*_product_problems(parts, body, body.plan)]
    if "model" in given and body.model is None:
        problems.append(FieldError(path="model", message="cannot be emptied"))
    _refuse(problems)
    async with parts.database.session() as session:
        product = await _known(session, name)
        changes: dict[str, Any] = {field: getattr(body, field) for field in _PLAIN if field in given}
        if "customer" in given or "customer_id" in given:
            changes["customer_id"] = await _customer(session, parts, body.customer, body.customer_id)
        if "replaces" in given:
            changes["replaces"] = await _replaced(session, body.replaces, product.serial_number)
        try:
            await change_product(
                session, product.product_id, changes, verified=body.verified, version=body.version,
                by=actor.user, at=parts.now(),
            )  # fmt: skip
        except ChangedMeanwhile:
            raise Refused("somebody changed this registration meanwhile; look at it again", field="version") from None
        return product.product_id


async def enter_repair(parts: Parts, person: Person, name: str, fields: Mapping[str, Any]) -> str:
    """Enters a repair before our time on a warranty card and returns the entry's identifier.

    Raises Forbidden, NotFound, InvalidFields.
    """
    actor = require(person, Right.ENTER_REPAIR)
    body = read(CardEntryBody, fields)
    async with parts.database.session() as session:
        product = await _known(session, name)
        _refuse([*_not_future(body.repaired_on, "repaired_on", today(parts, product.plan))])
        if body.corrects is not None:
            by_hand = {entry.entry_id for entry in await card_of(session, product) if entry.manual}
            if body.corrects not in by_hand:
                raise InvalidFields.at("corrects", "is no entry by hand on this card")
        entry = ManualEntry(
            entry_id=_entry_id(product.product_id, actor.user, body.id or new_id()),
            product_id=product.product_id,
            repaired_on=body.repaired_on,
            work=body.work,
            parts=body.parts,
            minutes=round(body.hours * 60) if body.hours is not None else None,
            done_by=body.done_by,
            corrects=body.corrects,
        )
        await add_card_entry(session, entry, by=actor.user, at=parts.now())
        return entry.entry_id


async def register_contract(parts: Parts, person: Person, fields: Mapping[str, Any]) -> str:
    """Registers a service contract and returns its identifier. Raises Forbidden, InvalidFields, Refused."""
    actor = require(person, Right.REGISTER)
    body = read(ContractBody, fields)
    problems = []
    if body.valid_to < body.valid_from:
        problems.append(FieldError(path="valid_to", message="is before the first day"))
    if body.customer is None and body.customer_id is None:
        problems.append(FieldError(path="customer", message="is needed, or `customer_id`"))
    _refuse([*problems, *_one_customer(body.customer, body.customer_id)])
    async with parts.database.session() as session:
        problems = [
            FieldError(path=f"serial_numbers.{place}", message="is not a registered serial number")
            for place, serial in enumerate(body.serial_numbers)
            if await product_of_serial(session, serial) is None
        ]
        if body.signed_file is not None and not await name_attachments(session, [body.signed_file]):
            problems.append(FieldError(path="signed_file", message="is not an uploaded file"))
        _refuse(problems)
        customer_id = await _customer(session, parts, body.customer, body.customer_id)
        contract = NewContract(
            number=body.number,
            customer_id=customer_id or "",
            serial_numbers=body.serial_numbers,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            signed_file=body.signed_file,
            note=body.note,
        )
        try:
            return await add_contract(session, contract, by=actor.user, at=parts.now())
        except Taken as taken:
            raise Refused(f"this number is registered already, as {taken.by}", field="number") from None


async def sign_contract(parts: Parts, person: Person, contract_id: str, fields: Mapping[str, Any]) -> None:
    """Files the signed paper of a contract. Raises Forbidden, NotFound, InvalidFields, Refused (another is there)."""
    require(person, Right.REGISTER)
    body = read(ContractChangeBody, fields)
    async with parts.database.session() as session:
        if await find_contract(session, contract_id) is None:
            raise NotFound("there is no such contract")
        if not await name_attachments(session, [body.signed_file]):
            raise InvalidFields.at("signed_file", "is not an uploaded file")
        try:
            filed = await file_signed_contract(session, contract_id, body.signed_file)
        except RegistryUnknown:
            raise NotFound("there is no such contract") from None
    if not filed:
        raise Refused("another signed paper is on file; a changed contract has a number of its own")


async def set_warranty(parts: Parts, person: Person, fields: Mapping[str, Any]) -> str:
    """Sets the warranty terms of a model and returns the model. Raises Forbidden, InvalidFields."""
    actor = require(person, Right.SET_WARRANTY)
    body = read(TermsBody, fields)
    terms = WarrantyTerms.model_validate(body.model_dump(exclude={"model"}))
    async with parts.database.session() as session:
        await set_terms(session, body.model, terms, by=actor.user, at=parts.now())
    return body.model


async def _known(session: AsyncSession, name: str) -> RegisteredProduct:
    product = await find_product(session, name)
    if product is None:
        raise NotFound("no product of this serial number is registered")
    return product


async def _customer(
    session: AsyncSession, parts: Parts, customer: Customer | None, customer_id: str | None
) -> str | None:
    if customer is not None:
        return await keep_customer(session, customer, parts.now())
    if customer_id is not None and await find_customer(session, customer_id) is None:
        raise InvalidFields.at("customer_id", "is not a registered customer")
    return customer_id


async def _replaced(session: AsyncSession, replaces: str | None, serial_number: str) -> str | None:
    if replaces is None:
        return None
    if serial_key(replaces) == serial_key(serial_number):
        raise InvalidFields.at("replaces", "is the product itself")
    product = await product_of_serial(session, replaces)
    if product is None:
        raise InvalidFields.at("replaces", "is not a registered serial number")
    return product.product_id


def _product_problems(parts: Parts, body: ProductFields, plan: str | None) -> Iterator[FieldError]:
    if plan is not None and plan not in parts.plans:
        yield FieldError(path="plan", message=f"is none of the service plans: {', '.join(sorted(parts.plans))}")
    for name in ("purchase_date", "delivery_date"):
        yield from _not_future(getattr(body, name), name, today(parts, plan))
    yield from _one_customer(body.customer, body.customer_id)


def _one_customer(customer: Customer | None, customer_id: str | None) -> Iterator[FieldError]:
    if customer is not None and customer_id is not None:
        yield FieldError(path="customer_id", message="stands beside `customer`; give one of them")


def _not_future(day: date | None, path: str, now: date) -> Iterator[FieldError]:
    if day is not None and day > now:
        yield FieldError(path=path, message=f"is in the future; today is {now}")


def _refuse(problems: list[FieldError]) -> None:
    if problems:
        raise InvalidFields(problems)


def _entry_id(product_id: str, user: str, chosen: str) -> str:
    return "E-" + hashlib.sha256(f"{product_id}\n{user}\n{chosen}".encode()).hexdigest()[:24]
