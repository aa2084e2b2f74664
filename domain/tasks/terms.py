"""What a way of solving a case costs and who pays, before anything is ordered or sent (T10, X9)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Costs, Cover, CustomerCanRepair, Notes, Prose
from domain.tasks.user_task import UserTask


class FreeOfCharge(Choice):
    """Whether the work is given to the customer free of charge."""

    NO = "no", "As the rules say"
    YES = "yes", "The maintenance work is free of charge"


class QuoteCostsForm(Form):
    """What decides who pays, and every cost of the way."""

    needs: ClassVar = {("free_of_charge", "yes"): ("reason",)}

    warranty: Cover = Field(
        title="Warranty", description="On the day of the request. What is not known is decided by the panel."
    )
    can_repair: CustomerCanRepair = Field(
        title="Can the customer repair it?", description="With the parts and guidance by video."
    )
    costs: Costs = ()
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
