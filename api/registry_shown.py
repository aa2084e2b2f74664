"""What the JSON API shows of the register: products, warranty, cards, contracts, customers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from api.known_products import CaseProduct, Judged
from domain.case import Customer
from domain.model import Instant
from domain.warranty import WarrantyTerms
from domain.warranty.card import CardEntry
from store.queries.registry import (
    ModelTerms,
    ProductChange,
    RegisteredContract,
    RegisteredCustomer,
    RegisteredProduct,
)


class WarrantyShown(BaseModel):
    """What covers a product on a day: `in` warranty, `out` of it, under a `contract`, or `unknown`."""

    status: str
    until: date | None
    on: date
    why: str
    rule: str
    contract: str | None
    notes: tuple[str, ...]
    conditions: tuple[str, ...]
    """Under which the warranty holds; whether they are met is for people to judge."""
    voids: tuple[str, ...]

    @classmethod
    def of(cls, judged: Judged) -> WarrantyShown:
        """Shows a judgement."""
        return cls(**_warranty(judged))


def _warranty(judged: Judged) -> dict[str, Any]:
    status, terms = judged.status, judged.terms
    return {
        "status": status.cover.value,
        "until": status.until,
        "on": judged.on,
        "why": status.why,
        "rule": status.rule,
        "contract": status.contract,
        "notes": status.notes,
        "conditions": terms.conditions if terms else (),
        "voids": terms.voids if terms else (),
    }


class DifferenceShown(BaseModel):
    """Where the request and the registration do not say the same: to be verified (W1)."""

    field: str
    requested: str
    registered: str


class CaseWarranty(WarrantyShown):
    """What is known of the product of a case, judged on the day of its application."""

    registered: bool
    product_id: str | None
    verified: bool
    earlier_repairs: int
    differences: list[DifferenceShown]
    links: dict[str, str]

    @classmethod
    def of_case(cls, known: CaseProduct) -> CaseWarranty:
        """Shows what is known."""
        product = known.product
        base = f"/api/v1/products/{product.product_id}" if product else ""
        return cls(
            **_warranty(known.judged),
            registered=product is not None,
            product_id=product.product_id if product else None,
            verified=product is not None and product.verified_by is not None,
            earlier_repairs=known.earlier_repairs,
            differences=[DifferenceShown(**vars(one)) for one in known.differences],
            links={"product": base, "card": f"{base}/card"} if product else {},
        )


class CustomerShown(BaseModel):
    """A customer on the register."""

    customer_id: str
    customer: Customer
    created_at: Instant

    @classmethod
    def of(cls, customer: RegisteredCustomer) -> CustomerShown:
        """Shows a customer."""
        return cls(**vars(customer))


class ProductShown(BaseModel):
    """A registration. `origin` is who made it: the desk, an application or a replacement (from `case_id`)."""

    product_id: str
    serial_number: str
    model: str
    specification: str | None
    customer: CustomerShown | None
    purchase_date: date | None
    delivery_date: date | None
    installed_at: str | None
    plan: str | None
    origin: str
    case_id: str | None
    replaces: str | None
    """Identifier of the product in whose place it was sent."""
    verified_by: str | None
    verified_at: Instant | None
    created_at: Instant
    version: int

    @classmethod
    def of(cls, product: RegisteredProduct) -> ProductShown:
        """Shows a registration."""
        return cls(**_registration(product))


def _registration(product: RegisteredProduct) -> dict[str, Any]:
    customer = CustomerShown.of(product.customer) if product.customer else None
    return {**vars(product), "customer": customer, "origin": product.origin.value}


class FieldChange(BaseModel):
    """A field of a registration that changed."""

    field: str
    before: Any
    after: Any


class ChangeShown(BaseModel):
    """One change of a registration."""

    version: int
    at: Instant
    by: str
    changes: list[FieldChange]

    @classmethod
    def of(cls, change: ProductChange) -> ChangeShown:
        """Shows a change."""
        fields = [FieldChange(field=name, before=before, after=after) for name, before, after in change.changes]
        return cls(version=change.version, at=change.at, by=change.by, changes=fields)


class ContractShown(BaseModel):
    """A service contract; no serial numbers stand for all products of the customer."""

    contract_id: str
    number: str
    customer: CustomerShown
    serial_numbers: tuple[str, ...]
    valid_from: date
    valid_to: date
    signed_file: str | None
    note: str | None
    created_by: str
    created_at: Instant

    @classmethod
    def of(cls, contract: RegisteredContract) -> ContractShown:
        """Shows a contract."""
        return cls(**{**vars(contract), "customer": CustomerShown.of(contract.customer)})


class ProductInFull(ProductShown):
    """A registration with what covers the product today, its contracts, cases and changes."""

    warranty: WarrantyShown
    contracts: list[ContractShown]
    cases: list[str]
    changes: list[ChangeShown]
    links: dict[str, str]

    @classmethod
    def in_full(
        cls, product: RegisteredProduct, judged: Judged, cases: list[str], changes: tuple[ProductChange, ...]
    ) -> ProductInFull:
        """Shows all of a product, its card apart."""
        base = f"/api/v1/products/{quote(product.product_id)}"
        return cls(
            **_registration(product),
            warranty=WarrantyShown.of(judged),
            contracts=[ContractShown.of(one) for one in judged.contracts],
            cases=cases,
            changes=[ChangeShown.of(one) for one in changes],
            links={"card": f"{base}/card"},
        )


class CardEntryShown(BaseModel):
    """One earlier repair (M7). `manual` ones were entered by hand for the time before our records."""

    entry_id: str
    repaired_on: date
    case_id: str | None
    work_order: str | None
    result: str | None
    open: bool
    work: tuple[str, ...]
    parts: tuple[str, ...]
    hours: Decimal | None
    done_by: str | None
    manual: bool
    entered_by: str | None
    corrects: str | None

    @classmethod
    def of(cls, entry: CardEntry) -> CardEntryShown:
        """Shows an entry."""
        return cls(**vars(entry))


class TermsShown(BaseModel):
    """The warranty terms of a model; `plan` ones hold for models without terms of their own."""

    model: str | None
    plan: str | None
    terms: WarrantyTerms
    by: str | None
    at: Instant | None

    @classmethod
    def of_model(cls, terms: ModelTerms) -> TermsShown:
        """Shows the terms of a model."""
        return cls(model=terms.model, plan=None, terms=terms.terms, by=terms.by, at=terms.at)


class ProductsPage(BaseModel):
    """One page of products."""

    items: list[ProductShown]
    next: str | None


class CustomersPage(BaseModel):
    """One page of customers."""

    items: list[CustomerShown]
    next: str | None


class ContractsPage(BaseModel):
    """One page of service contracts."""

    items: list[ContractShown]
    next: str | None


class CardPage(BaseModel):
    """A warranty card, the newest repair first."""

    items: list[CardEntryShown]
    next: str | None


class TermsPage(BaseModel):
    """Every warranty terms."""

    items: list[TermsShown]
    next: str | None
