"""What a way of solving a case costs and who pays, before anything is ordered or sent (T10, X9)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from domain.model import Frozen
from domain.tasks.form import Choice, Form
from domain.tasks.parts import Amount, Attachments, CostKind, Line, Notes, Prose
from domain.tasks.user_task import UserTask


class WarrantySaid(Choice):
    """How the product stands to its warranty."""

    IN = "in", "In warranty"
    OUT = "out", "Out of warranty"
    UNKNOWN = "unknown", "Not known"


class CanRepair(Choice):
    """Whether the customer can do the repair with the parts."""

    YES = "yes", "The customer can repair it"
    NO = "no", "The customer cannot repair it"


class FreeOfCharge(Choice):
    """Whether the work is given to the customer free of charge."""

    NO = "no", "As the rules say"
    YES = "yes", "The maintenance work is free of charge"


class QuotedCost(Frozen):
    """One cost before it is said who pays: the plan's rules say that."""

    kind: CostKind = Field(title="Kind", description="What the cost is for.")
    text: Line = Field(title="What", description="The part or work in words, up to 200 characters.")
    amount: Amount = Field(
        title="Amount", description="Total of this line in the plan's currency, two decimals at most."
    )


class QuoteCostsForm(Form):
    """What decides who pays, and every cost of the way."""

    needs: ClassVar = {("free_of_charge", "yes"): ("reason",)}

    warranty: WarrantySaid = Field(
        title="Warranty", description="On the day of the request. What is not known is decided by the panel."
    )
    can_repair: CanRepair = Field(
        title="Can the customer repair it?", description="With the parts and guidance by video."
    )
    costs: Annotated[tuple[QuotedCost, ...], Field(max_length=30)] = Field(
        (), title="Costs", description="One line for each cost, whoever pays it; leave empty when there are none."
    )
    free_of_charge: FreeOfCharge = Field(
        title="Free of charge?",
        description="Out of warranty the company can give the maintenance work free of charge: "
        "a decision that goes on record.",
    )
    reason: Prose | None = Field(
        None, title="Why it is free", description="Goes on record beside the decision, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


QUOTE_COSTS = UserTask(
    name="quote_costs",
    title="Enter what it costs; the rules say who pays",
    clause="T10",
    form=QuoteCostsForm,
    guidance="Enter every cost of this way. The plan's rules say who pays each; "
    "what no rule decides goes to the panel. The customer agrees before anything at their cost.",
)
