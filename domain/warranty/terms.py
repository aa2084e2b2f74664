"""What is promised for a product: warranty terms, service contracts, and the dates that they count from."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Annotated

from pydantic import Field

from domain.model import Frozen, Line, Prose
from domain.tasks.form import Choice
from domain.warranty.names import serial_key

_LATEST_YEAR = 9900
Texts = Annotated[tuple[Prose, ...], Field(max_length=20)]


class Replacements(Choice):
    """Which warranty a product has that was sent in place of another one."""

    KEEP_REST = "keep_rest", "Keeps the rest of the replaced product's warranty"
    START_ANEW = "start_anew", "Begins a new warranty with its own delivery"


class WarrantyTerms(Frozen):
    """The warranty promised for a model, or by a service plan for all of its products."""

    months: Annotated[int, Field(ge=0, le=600)] = Field(
        title="Months", description="From delivery, or from purchase when the delivery is not known; 0 for none."
    )
    conditions: Texts = Field(
        (), title="Conditions", description="Under which conditions of use it holds, one sentence each, 20 at most."
    )
    voids: Texts = Field(
        (),
        title="What voids it",
        description="What ends the warranty or is not covered, for example misuse; one sentence each, 20 at most.",
    )
    replacements: Replacements = Field(
        Replacements.KEEP_REST,
        title="Replacements",
        description="Which warranty a product has that was sent in place of another one.",
    )
    source: Line = Field(
        "house", title="Source", description="The document that promises it, or “house” when it is our own rule."
    )


class ServiceContract(Frozen):
    """A service contract signed with a customer for the time beyond the warranty (Q6). Days are inclusive."""

    number: Line
    customer: str
    serial_numbers: tuple[str, ...] = ()
    """The products it is for; none stands for all of the customer's."""
    valid_from: date
    valid_to: date
    signed: bool
    """True when the signed paper is on file."""

    def covers(self, product: ProductFacts) -> bool:
        """True when the contract is for this product."""
        if self.serial_numbers:
            return serial_key(product.serial_number) in {serial_key(serial) for serial in self.serial_numbers}
        return product.customer is not None and product.customer == self.customer


class ProductFacts(Frozen):
    """What the warranty of a product follows from."""

    serial_number: str
    customer: str | None = None
    purchase_date: date | None = None
    delivery_date: date | None = None
    verified: bool = False
    """True when somebody of ours has checked the dates (W1)."""
    replaces: ProductFacts | None = None
    """The product in whose place this one was sent."""


def last_day(start: date, months: int) -> date:
    """Returns the last day of a warranty of so many months: the same day of the month, as the period ends with it.

    A day that this month does not have becomes its last: 31 August and six months, 29 February and a year.
    """
    month = start.month - 1 + months
    year = min(start.year + month // 12, _LATEST_YEAR)
    length = calendar.monthrange(year, month % 12 + 1)[1]
    return date(year, month % 12 + 1, min(start.day, length))
