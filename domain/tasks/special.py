"""Escalation: the superior's acknowledgement and the general manager's decision (X1, X3)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Prose, Reached
from domain.tasks.user_task import UserTask, WaitsFor


class AcknowledgeBreachForm(Form):
    """What the superior does about a missed deadline."""

    measures: Prose = Field(
        title="What you do about it", description="Who takes over or helps, and by when, up to 4,000 characters."
    )


ACKNOWLEDGE_BREACH = UserTask(
    name="acknowledge_breach",
    title="Acknowledge a missed deadline",
    clause="X1",
    form=AcknowledgeBreachForm,
    guidance="The task itself is still open and can be done. A second lapse goes to the general manager.",
)


class ChaseForm(Form):
    """What came of asking after something that is awaited."""

    answer: Prose = Field(title="What you learned", description="When it will come or why not, up to 4,000 characters.")


CHASE = UserTask(
    name="chase",
    title="Ask after what is awaited",
    clause="X1",
    form=ChaseForm,
    guidance="The deadline comes near. Ask the customer or the factory, and put the answer on record.",
)


class TellCustomerForm(Form):
    """What the customer was told by telephone."""

    needs: ClassVar = {("reached", "yes"): ("told",)}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    told: Prose | None = Field(
        None, title="What you told the customer", description="In a few words, up to 4,000 characters."
    )


TELL_CUSTOMER = UserTask(
    name="tell_customer",
    title="Tell the customer by telephone",
    clause="R7",
    form=TellCustomerForm,
    guidance="A message could not be mailed. Tell the customer what it would have said, and ask for a working address.",
    waits_for=WaitsFor.CUSTOMER,
)


class Decision(Choice):
    """What the panel can decide."""

    GO_ON = "go_on", "Go on as before"
    ROUTE = "route", "Another way of resolving it"
    REPLACE = "replace", "Replace the product"
    WAIVE_COST = "waive_cost", "The company bears all costs"
    SHARE_COST = "share_cost", "Share the customer's costs"
    END = "end", "End the case"


class Way(Choice):
    """The ways a case can be led to; a plan offers some of them."""

    ON_SITE = "on_site", "Visit the customer"
    DELIVERY = "delivery", "The customer sends or brings it in"
    FACTORY_RETURN = "factory_return", "Return to the factory"
    CONSULTATION = "consultation", "Consultation and solution"
    REMOTE_GUIDANCE = "remote_guidance", "Remote guidance"
    VISIT = "visit", "Visit by the after-sales team"
    WARRANTY_REPAIR = "warranty_repair", "Take it in and repair it"
    VIDEO = "video", "Video support"
    TELEPHONE = "telephone", "Telephone support"
    EMAIL = "email", "Support by e-mail"
    PARTS = "parts", "Replace parts"
    FIELD_SERVICE = "field_service", "Send the service person to the customer"


class EndAs(Choice):
    """How a case ends by decision."""

    UNRESOLVED = "unresolved", "Unresolved"
    REJECTED = "rejected", "Rejected"


class PanelWordForm(Form):
    """What one member of the panel holds right, before the last one decides."""

    advice: Decision = Field(
        title="Your word", description="What you hold right. The last member of the panel decides."
    )
    reason: Prose = Field(
        title="Why", description="What you know of it and what speaks for your word, up to 4,000 characters."
    )


PANEL_WORD = UserTask(
    name="panel_word",
    title="Give your word on a special case",
    clause="X3",
    form=PanelWordForm,
    guidance="Every member of the panel takes part. The decision waits for your word.",
)


class SpecialCaseForm(Form):
    """The decision on a special case; it steers the case."""

    needs: ClassVar = {
        ("decision", "route"): ("route",),
        ("decision", "end"): ("end_as",),
        ("decision", "share_cost"): ("company_share",),
    }

    decision: Decision = Field(
        title="Decision",
        description="Going on, or a word on costs, leaves the open tasks as they are; any other ends them.",
    )
    route: Way | None = Field(None, title="New way", description="How the case is served from now on.")
    end_as: EndAs | None = Field(None, title="Ends as", description="How the record says the case ended.")
    company_share: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None,
        title="Company's share in percent",
        description="Percent of the customer's costs that the company takes over, 1 to 100.",
    )
    reason: Prose = Field(title="Why", description="Goes on record beside the decision, up to 4,000 characters.")


SPECIAL_CASE = UserTask(
    name="special_case",
    title="Decide a special case",
    clause="X3",
    form=SpecialCaseForm,
    guidance="The open tasks keep their clocks while you decide.",
)
