"""What is known of a product: its registration, and its warranty on a day with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import Parts
from domain.case import CaseState
from domain.warranty import ProductFacts, WarrantyStatus, WarrantyTerms, model_key, warranty_of
from domain.warranty.card import CardEntry
from store.queries.card import MOST_CASES, card_of
from store.queries.registry import (
    RegisteredContract,
    RegisteredProduct,
    contracts_of,
    facts_of,
    product_of_serial,
    terms_of,
)


@dataclass(frozen=True)
class Judged:
    """A product with what covers it on a day; `contracts` are those that name it or all of its customer's."""

    status: WarrantyStatus
    on: date
    terms: WarrantyTerms | None
    contracts: tuple[RegisteredContract, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Where a request and the registration do not say the same."""

    field: str
    requested: str
    registered: str


@dataclass(frozen=True)
class CaseProduct:
    """What is known of the product of a case. `card` is what the warranty card has besides the case, newest first."""

    product: RegisteredProduct | None
    judged: Judged
    differences: tuple[Difference, ...] = ()
    card: tuple[CardEntry, ...] = ()

    @property
    def earlier_repairs(self) -> int:
        """How many repairs the warranty card has besides the case."""
        return len(self.card)


async def judge(session: AsyncSession, parts: Parts, product: RegisteredProduct, on: date | None = None) -> Judged:
    """Returns what covers a registered product on a day, today in the zone of its plan unless one is given."""
    plan = product.plan or (next(iter(parts.plans)) if len(parts.plans) == 1 else None)
    day = on or today(parts, plan)
    return await _judge(session, parts, product.model, await facts_of(session, product), plan, day)


async def product_of_case(
    session: AsyncSession, parts: Parts, case: CaseState, *, most_cases: int = MOST_CASES
) -> CaseProduct:
    """Returns what is known of the product of a case on the day of its application.

    For its warranty card the newest cases are read, `most_cases` of them. Dates that the registration lacks are
    taken from the request, unchecked.
    """
    asked = case.application.product
    on = local_day(case.applied_at, case.time_zone)
    serial_number = case.serial_number
    product = await product_of_serial(session, serial_number) if serial_number else None
    if product is None:
        facts = ProductFacts(
            serial_number=serial_number or "-",
            purchase_date=asked.purchase_date,
            delivery_date=asked.delivery_date,
        )
        return CaseProduct(None, await _judge(session, parts, asked.model, facts, case.plan, on))
    facts = await facts_of(session, product)
    if facts.delivery_date is None and facts.purchase_date is None:
        dates = {"purchase_date": asked.purchase_date, "delivery_date": asked.delivery_date, "verified": False}
        facts = facts.model_copy(update=dates)
    judged = await _judge(session, parts, product.model, facts, case.plan, on)
    card = await card_of(session, product, without=case.case_id, most=most_cases)
    return CaseProduct(product, judged, _differences(case, product), card)


async def _judge(
    session: AsyncSession, parts: Parts, model: str, facts: ProductFacts, plan: str | None, on: date
) -> Judged:
    own = await terms_of(session, model)
    house = parts.plans.get(plan or "")
    terms = own.terms if own is not None else (house.warranty if house is not None else None)
    of_customer = await contracts_of(session, facts.customer) if facts.customer else ()
    contracts = tuple(one for one in of_customer if one.as_promise().covers(facts))
    status = warranty_of(terms, facts, on, [one.as_promise() for one in contracts])
    return Judged(status, on, terms, contracts)


def _differences(case: CaseState, product: RegisteredProduct) -> tuple[Difference, ...]:
    asked, customer = case.application.product, case.application.customer.name
    registered = product.customer.customer.name if product.customer else ""
    pairs = (
        ("model", asked.model, product.model),
        ("customer", customer, registered),
        ("purchase_date", _text(asked.purchase_date), _text(product.purchase_date)),
        ("delivery_date", _text(asked.delivery_date), _text(product.delivery_date)),
    )
    return tuple(Difference(*pair) for pair in pairs if pair[1] and model_key(pair[1]) != model_key(pair[2]))


def today(parts: Parts, plan: str | None) -> date:
    """Returns the day it is in the zone of a plan, else of the first one."""
    chosen = parts.plans.get(plan or "") or next(iter(parts.plans.values()), None)
    return local_day(parts.now(), chosen.calendar.time_zone if chosen else "UTC")


def local_day(instant: datetime, zone: str) -> date:
    """Returns the day of an instant in a zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
