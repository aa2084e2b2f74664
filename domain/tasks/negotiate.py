"""Outside the warranty: the problem determined, the customer spoken with, the repair cost negotiated (W7)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Costs, Line, Notes, Prose
from domain.tasks.user_task import UserTask, WaitsFor


class Determined(Choice):
    """Who brought the fault about, once it is determined."""

    PRODUCT = "product", "The product"
    CUSTOMER = "customer", "The customer, for example by improper use"


class Kept(Choice):
    """Whether the warranty's conditions were kept, once it is determined."""

    MET = "met", "Conditions met"
    OUTSIDE = "outside", "Outside the conditions"


class DetermineProblemForm(Form):
    """What the problem is, whose it is, and what its repair costs."""

    cause: Prose = Field(
        title="What caused it?", description="In words the customer understands, up to 4,000 characters."
    )
    responsibility: Determined = Field(title="Caused by", description="As far as it can be told by now.")
    conditions_of_use: Kept = Field(title="Conditions of use", description="Whether those of the warranty were kept.")
    proposal: Prose = Field(title="Proposed repair", description="What the customer is asked to agree to.")
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


DETERMINE_PROBLEM = UserTask(
    name="determine_problem",
    title="Determine the problem and its cost",
    clause="W7",
    form=DetermineProblemForm,
    guidance="The repair cost is negotiated with the customer before the repair: work out what it would be.",
)


class Talk(Choice):
    """What the talk with the customer came to."""

    AS_PROPOSED = "as_proposed", "The cost stands as proposed"
    NEW_COST = "new_cost", "Another cost was negotiated"
    SPECIAL = "special", "Special circumstances: somebody must decide"
    NO_ANSWER = "no_answer", "No answer"


class TalkToCustomerForm(Form):
    """The talk with the customer; it is on record before anything is decided."""

    needs: ClassVar = {
        ("result", "as_proposed"): ("spoken_with", "explanation", "answer"),
        ("result", "new_cost"): ("spoken_with", "explanation", "answer", "costs"),
        ("result", "special"): ("spoken_with", "explanation", "answer", "circumstances"),
    }

    result: Talk = Field(
        title="What came of it", description="The customer's word on the cost is recorded in the next step."
    )
    spoken_with: Line | None = Field(
        None, title="Spoken with", description="Name on the customer's side, up to 200 characters."
    )
    explanation: Prose | None = Field(
        None,
        title="How you explained it",
        description="The proposed solution as told to the customer, up to 4,000 characters.",
    )
    answer: Prose | None = Field(
        None, title="What the customer said", description="In the customer's words, up to 4,000 characters."
    )
    circumstances: Prose | None = Field(
        None, title="Special circumstances", description="What there is to decide, up to 4,000 characters."
    )
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


TALK_TO_CUSTOMER = UserTask(
    name="talk_to_customer",
    title="Talk to the customer about the repair cost",
    clause="W7",
    form=TalkToCustomerForm,
    guidance="Explain the problem and negotiate the cost before any work. Under special circumstances a decision is "
    "taken after this talk, never before it.",
    waits_for=WaitsFor.CUSTOMER,
)
