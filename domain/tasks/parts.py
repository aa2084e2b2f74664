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


class CostEntry(Frozen):
    """One cost as a person enters it: what, and how much in the plan's currency. Who bears it is not theirs to say."""

    kind: CostKind = Field(title="Kind", description="What the cost is for.")
    text: Line = Field(title="What", description="The part or work in words, for example “bearing 6204, 2 pieces”.")
    amount: Amount = Field(
        title="Amount", description="Total of this line in the plan's currency, two decimals at most."
    )


class CostLine(CostEntry):
    """One cost of a case with who bears it, and the rule that decided."""

    payer: Payer = Field(title="Borne by", description="Who pays this line.")
    rule: str | None = None
    """The rule of the plan in plain words, or the decision."""
    source: str | None = None
    """The clause of the rule, or `house`."""


Costs = Annotated[
    tuple[CostEntry, ...],
    Field(
        title="Costs",
        max_length=30,
        description="One line for each cost; the plan's rules say who bears it. Leave empty when there is none.",
    ),
]


class Cover(Choice):
    """What covers a product on a day; its conditions are for people to judge."""

    IN = "in", "In warranty"
    OUT = "out", "Out of warranty"
    CONTRACT = "contract", "Under a service contract"
    UNKNOWN = "unknown", "Not known"


class Conditions(Choice):
    """Whether the warranty's conditions of use were kept."""

    MET = "met", "Conditions met"
    OUTSIDE = "outside", "Outside the conditions"
    UNKNOWN = "unknown", "Not known"


class Responsibility(Choice):
    """Who brought the fault about."""

    PRODUCT = "product", "The product"
    CUSTOMER = "customer", "The customer, for example by improper use"
    UNCLEAR = "unclear", "Not clear"


class CustomerCanRepair(Choice):
    """Whether the customer can do the repair, given the parts."""

    YES = "yes", "The customer can repair it"
    NO = "no", "The customer cannot repair it"
    UNKNOWN = "unknown", "Not known"


WarrantyAnswer = Annotated[
    Cover, Field(title="Warranty", description="As the product stands on the day of the request. Decides who pays.")
]
ConditionsAnswer = Annotated[
    Conditions,
    Field(title="Conditions of use", description="Whether those of the warranty were kept. Decides who pays."),
]
ResponsibilityAnswer = Annotated[
    Responsibility, Field(title="Caused by", description="Who or what caused the fault. Decides who pays.")
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
    "Conditions",
    "ConditionsAnswer",
    "CostEntry",
    "CostKind",
    "CostLine",
    "Costs",
    "Cover",
    "CustomerCanRepair",
    "Day",
    "Instant",
    "Line",
    "Notes",
    "Payer",
    "Prose",
    "Reached",
    "Responsibility",
    "ResponsibilityAnswer",
    "WarrantyAnswer",
]
