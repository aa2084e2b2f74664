"""Customers, products, warranty terms and service contracts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from domain.case import Customer
from domain.warranty import ProductFacts, ServiceContract, WarrantyTerms, model_key, serial_key
from store.case_words import asked_of
from store.queries.found import found_entries
from store.queries.paging import BadCursor, Page, from_cursor, page_of, size
from store.registry_rows import Origin
from store.tables import (
    CustomerEntryRow,
    CustomerRow,
    ProductChangeRow,
    ProductEntryRow,
    ProductRow,
    ServiceContractRow,
    WarrantyTermsRow,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_CHAIN = 20
_PRODUCTS_FOUND, _CUSTOMERS_FOUND = "found products", "found customers"


@dataclass(frozen=True)
class RegisteredCustomer:
    """A customer on the register since `created_at` (UTC)."""

    customer_id: str
    customer: Customer
    created_at: datetime


@dataclass(frozen=True)
class RegisteredProduct:
    """The registration of a serial number. `replaces` is the identifier of another; instants are UTC."""

    product_id: str
    serial_number: str
    model: str
    specification: str | None
    customer: RegisteredCustomer | None
    purchase_date: date | None
    delivery_date: date | None
    installed_at: str | None
    plan: str | None
    origin: Origin
    case_id: str | None
    replaces: str | None
    verified_by: str | None
    verified_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True)
class RegisteredContract:
    """A service contract on the register."""

    contract_id: str
    number: str
    customer: RegisteredCustomer
    serial_numbers: tuple[str, ...]
    valid_from: date
    valid_to: date
    signed_file: str | None
    note: str | None
    created_by: str
    created_at: datetime

    def as_promise(self) -> ServiceContract:
        """Returns what the contract promises."""
        return ServiceContract(
            number=self.number,
            customer=self.customer.customer_id,
            serial_numbers=self.serial_numbers,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            signed=self.signed_file is not None,
        )


@dataclass(frozen=True)
class ModelTerms:
    """The warranty terms of a model, and who set them when (UTC)."""

    model: str
    terms: WarrantyTerms
    by: str
    at: datetime


@dataclass(frozen=True)
class ProductChange:
    """One change of a registration: field, what it was, what it became."""

    version: int
    at: datetime
    by: str
    changes: tuple[tuple[str, Any, Any], ...]


async def list_products(
    session: AsyncSession,
    *,
    q: str | None = None,
    customer_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RegisteredProduct]:
    """Returns registered products, newest first; `q` finds those in which, or in whose customer, each word occurs.

    Raises BadCursor.
    """
    limit = size(limit)
    query = (
        select(ProductRow, CustomerRow)
        .outerjoin(CustomerRow, ProductRow.customer_id == CustomerRow.customer_id)
        .limit(limit + 1)
    )
    if customer_id is not None:
        query = query.where(ProductRow.customer_id == customer_id)
    if (asked := asked_of(q or "")) is not None:
        if not asked:
            return Page(())
        found = found_entries(session, asked, of="product", before=_entry(_PRODUCTS_FOUND, cursor))
        wanted = query.join(ProductEntryRow, ProductEntryRow.product_id == ProductRow.product_id)
        wanted = wanted.join(found, found.c.entry_id == ProductEntryRow.entry_id).order_by(found.c.entry_id.desc())
        rows = (await session.execute(wanted.add_columns(found.c.entry_id))).all()
        places = [(row.entry_id, "") for row in rows]
        return page_of([_product(row[0], row[1]) for row in rows], limit, _PRODUCTS_FOUND, places)
    query = query.order_by(ProductRow.created_at.desc(), ProductRow.product_id.desc())
    if cursor:
        query = query.where(_behind("products", cursor, ProductRow.created_at, ProductRow.product_id))
    products = [_product(product, customer) for product, customer in (await session.execute(query)).all()]
    return page_of(products, limit, "products", [_place(one.created_at, one.product_id) for one in products])


async def find_product(session: AsyncSession, name: str) -> RegisteredProduct | None:
    """Returns the product of a serial number, else of an identifier, or None."""
    return await product_of_serial(session, name) or await _one_product(
        session, ProductRow.product_id == _comparable(name).upper()
    )


async def product_of_serial(session: AsyncSession, serial_number: str) -> RegisteredProduct | None:
    """Returns the product of a serial number, or None."""
    return await _one_product(session, ProductRow.serial_key == _comparable(serial_number))


async def _one_product(session: AsyncSession, condition: ColumnElement[bool]) -> RegisteredProduct | None:
    query = select(ProductRow, CustomerRow).outerjoin(CustomerRow, ProductRow.customer_id == CustomerRow.customer_id)
    row = (await session.execute(query.where(condition))).one_or_none()
    return _product(*row) if row is not None else None


async def facts_of(session: AsyncSession, product: RegisteredProduct) -> ProductFacts:
    """Returns what the warranty of a product follows from, the products that it replaces included."""
    row = [product]
    while row[-1].replaces and len(row) < _LONGEST_CHAIN:
        earlier = await find_product(session, row[-1].replaces)
        if earlier is None or earlier.product_id in {one.product_id for one in row}:
            break
        row.append(earlier)
    facts: ProductFacts | None = None
    for one in reversed(row):
        facts = ProductFacts(
            serial_number=one.serial_number,
            customer=one.customer.customer_id if one.customer else None,
            purchase_date=one.purchase_date,
            delivery_date=one.delivery_date,
            verified=one.verified_by is not None,
            replaces=facts,
        )
    assert facts is not None  # noqa: S101 - the row has the product itself
    return facts


async def changes_of(session: AsyncSession, product_id: str) -> tuple[ProductChange, ...]:
    """Returns every change of a registration, the newest first."""
    query = select(ProductChangeRow).where(ProductChangeRow.product_id == product_id)
    rows = (await session.execute(query.order_by(ProductChangeRow.version.desc()))).scalars()
    return tuple(
        ProductChange(row.version, row.at, row.by, tuple((name, *pair) for name, pair in row.changes.items()))
        for row in rows
    )


async def list_customers(
    session: AsyncSession, *, q: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[RegisteredCustomer]:
    """Returns customers, newest first; `q` finds those in which each of its words occurs. Raises BadCursor."""
    limit = size(limit)
    query = select(CustomerRow).limit(limit + 1)
    if (asked := asked_of(q or "")) is not None:
        if not asked:
            return Page(())
        found = found_entries(session, asked, of="customer", before=_entry(_CUSTOMERS_FOUND, cursor))
        wanted = query.join(CustomerEntryRow, CustomerEntryRow.customer_id == CustomerRow.customer_id)
        wanted = wanted.join(found, found.c.entry_id == CustomerEntryRow.entry_id).order_by(found.c.entry_id.desc())
        rows = (await session.execute(wanted.add_columns(found.c.entry_id))).all()
        places = [(row.entry_id, "") for row in rows]
        return page_of([_customer(row[0]) for row in rows], limit, _CUSTOMERS_FOUND, places)
    query = query.order_by(CustomerRow.created_at.desc(), CustomerRow.customer_id.desc())
    if cursor:
        query = query.where(_behind("customers", cursor, CustomerRow.created_at, CustomerRow.customer_id))
    customers = [_customer(row) for row in (await session.execute(query)).scalars()]
    return page_of(customers, limit, "customers", [_place(one.created_at, one.customer_id) for one in customers])


async def find_customer(session: AsyncSession, customer_id: str) -> RegisteredCustomer | None:
    """Returns a customer by identifier, or None."""
    row = await session.get(CustomerRow, customer_id)
    return _customer(row) if row is not None else None


async def list_contracts(
    session: AsyncSession, *, customer_id: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[RegisteredContract]:
    """Returns service contracts, newest first. Raises BadCursor."""
    limit = size(limit)
    query = (
        select(ServiceContractRow, CustomerRow)
        .join(CustomerRow, ServiceContractRow.customer_id == CustomerRow.customer_id)
        .order_by(ServiceContractRow.created_at.desc(), ServiceContractRow.contract_id.desc())
        .limit(limit + 1)
    )
    if customer_id is not None:
        query = query.where(ServiceContractRow.customer_id == customer_id)
    if cursor:
        place = (ServiceContractRow.created_at, ServiceContractRow.contract_id)
        query = query.where(_behind("contracts", cursor, *place))
    found = [_contract(*row) for row in (await session.execute(query)).all()]
    return page_of(found, limit, "contracts", [_place(one.created_at, one.contract_id) for one in found])


async def find_contract(session: AsyncSession, contract_id: str) -> RegisteredContract | None:
    """Returns a service contract by identifier, or None."""
    query = select(ServiceContractRow, CustomerRow).join(
        CustomerRow, ServiceContractRow.customer_id == CustomerRow.customer_id
    )
    row = (
        await session.execute(query.where(ServiceContractRow.contract_id == _comparable(contract_id).upper()))
    ).one_or_none()
    return _contract(*row) if row is not None else None


async def contracts_of(session: AsyncSession, customer_id: str | None) -> tuple[RegisteredContract, ...]:
    """Returns the service contracts of a customer, the one that ends last first."""
    query = (
        select(ServiceContractRow, CustomerRow)
        .join(CustomerRow, ServiceContractRow.customer_id == CustomerRow.customer_id)
        .where(ServiceContractRow.customer_id == customer_id)
        .order_by(ServiceContractRow.valid_to.desc(), ServiceContractRow.number)
    )
    return tuple(_contract(*row) for row in (await session.execute(query)).all())


async def terms_of(session: AsyncSession, model: str) -> ModelTerms | None:
    """Returns the warranty terms of a model, or None."""
    row = await session.get(WarrantyTermsRow, model_key(model))
    return _terms([row])[0] if row is not None else None


async def list_terms(session: AsyncSession) -> tuple[ModelTerms, ...]:
    """Returns the warranty terms of every model that has its own, by model."""
    rows = await session.execute(select(WarrantyTermsRow).order_by(WarrantyTermsRow.model_key))
    return _terms(rows.scalars())


def _terms(rows: Iterable[WarrantyTermsRow]) -> tuple[ModelTerms, ...]:
    return tuple(ModelTerms(row.model, WarrantyTerms.model_validate(row.terms), row.by, row.at) for row in rows)


def _comparable(name: str) -> str:
    # what is typed into an address can hold a NUL, which PostgreSQL refuses to compare
    return serial_key("".join(sign for sign in name if sign != "\0" and not "\ud800" <= sign <= "\udfff"))


def _entry(of: str, cursor: str | None) -> int | None:
    return from_cursor(of, cursor)[0] if cursor else None


def _place(at: datetime, name: str) -> tuple[int, str]:
    return (at - _EPOCH) // timedelta(microseconds=1), name


def _behind(
    of: str, cursor: str, at: InstrumentedAttribute[datetime], name: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    microseconds, last = from_cursor(of, cursor)
    try:
        return tuple_(at, name) < tuple_(_EPOCH + timedelta(microseconds=microseconds), last)
    except OverflowError:
        raise BadCursor from None


def _customer(row: CustomerRow) -> RegisteredCustomer:
    known = {name: getattr(row, name) for name in Customer.model_fields}
    return RegisteredCustomer(row.customer_id, Customer.model_validate(known), row.created_at)


def _product(row: ProductRow, customer: CustomerRow | None) -> RegisteredProduct:
    return RegisteredProduct(
        product_id=row.product_id,
        serial_number=row.serial_number,
        model=row.model,
        specification=row.specification,
        customer=_customer(customer) if customer is not None else None,
        purchase_date=row.purchase_date,
        delivery_date=row.delivery_date,
        installed_at=row.installed_at,
        plan=row.plan,
        origin=Origin(row.origin),
        case_id=row.case_id,
        replaces=row.replaces,
        verified_by=row.verified_by,
        verified_at=row.verified_at,
        created_at=row.created_at,
        version=row.version,
    )


def _contract(row: ServiceContractRow, customer: CustomerRow) -> RegisteredContract:
    return RegisteredContract(
        contract_id=row.contract_id,
        number=row.number,
        customer=_customer(customer),
        serial_numbers=tuple(row.serial_numbers),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        signed_file=row.signed_file,
        note=row.note,
        created_by=row.created_by,
        created_at=row.created_at,
    )
