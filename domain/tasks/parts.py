"""Answers and pieces that several forms share."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.model import Amount, Frozen, Instant, Line, Prose
from domain.tasks.form import Choice


class Reached(Choice):
    """Whether a call or message met the customer (X10)."""

    YES = "yes", "The customer answered"
    NO_ANSWER = "no_answer", "No answer"


class Payer(Choice):
    """Who bears a cost."""

    COMPANY = "company", "The company"
    CUSTOMER = "customer", "The customer"


class CostKind(Choice):
    """What a cost is for."""

    PARTS = "parts", "Parts"
    LABOUR = "labour", "Labour"
    POSTAGE = "postage", "Postage"
    FREIGHT_IN = "freight_in", "Freight to us or the factory"
    FREIGHT_OUT = "freight_out", "Freight to the customer"
    FREIGHT = "freight", "Freight or postage"
    TRAVEL = "travel", "Travel"
    REPLACEMENT = "replacement", "Replacement equipment"
    OTHER = "other", "Other"


class CostLine(Frozen):
    """One cost of a case, entered by hand: what, how much in the plan's currency, and who bears it."""

    kind: CostKind = Field(title="Kind", description="What the cost is for.")
    text: Line = Field(title="What", description="The part or work in words, for example “bearing 6204, 2 pieces”.")
    amount: Amount = Field(
        title="Amount", description="Total of this line in the plan's currency, two decimals at most."
    )
    payer: Payer = Field(title="Borne by", description="Who pays this line.")


Costs = Annotated[
    tuple[CostLine, ...],
    Field(
        title="Costs",
        max_length=30,
        description="One line for each cost; leave empty when nothing is charged to anyone.",
    ),
]
Attachments = Annotated[
    tuple[Annotated[str, Field(pattern=r"^F-[0-9A-Z]{10,40}$")], ...],
    Field(
        title="Photos and files",
        max_length=20,
        description="Identifiers of uploaded photos, videos or scans, 20 at most.",
        json_schema_extra={"x-kind": "attachments"},
    ),
]
Day = Annotated[date, Field(ge=date(1950, 1, 1))]
"""A day in the life of a product."""
Notes = Annotated[
    Prose | None, Field(title="Notes", description="Anything else worth keeping on record, up to 4,000 characters.")
]

__all__ = [
    "Amount",
    "Attachments",
    "CostKind",
    "CostLine",
    "Costs",
    "Day",
    "Instant",
    "Line",
    "Notes",
    "Payer",
    "Prose",
    "Reached",
]
