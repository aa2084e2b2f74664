"""Registration: the first contact with the customer, and what happens when nobody answers (R3, X10)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Notes, Prose, Reached
from domain.tasks.user_task import UserTask, WaitsFor


class ContactCustomerForm(Form):
    """What the first contact found."""

    needs: ClassVar = {("reached", "yes"): ("requirement",)}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    requirement: Prose | None = Field(
        None,
        title="What the customer needs",
        description="The requirement as confirmed with the customer, up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


CONTACT_CUSTOMER = UserTask(
    name="contact_customer",
    title="Contact the customer",
    clause="R3",
    form=ContactCustomerForm,
    guidance="Confirm what is needed and that the product is the one in the request. "
    "The work order is issued from this.",
    waits_for=WaitsFor.CUSTOMER,
)


class SilenceDecision(Choice):
    """What to do about a customer who does not answer."""

    KEEP_TRYING = "keep_trying", "Keep trying, with a new set of attempts"
    GO_ON = "go_on", "Go on without the customer's answer"
    END_UNRESOLVED = "end_unresolved", "End the case as unresolved"


class DecideOnSilenceForm(Form):
    """The decision after the last attempt without an answer."""

    decision: SilenceDecision = Field(title="What happens now?", description="The case goes on by this decision.")
    reason: Prose = Field(title="Why", description="Goes on record beside the decision, up to 4,000 characters.")


DECIDE_ON_SILENCE = UserTask(
    name="decide_on_silence",
    title="Decide about a customer who does not answer",
    clause="X10",
    form=DecideOnSilenceForm,
    guidance="Every attempt is on the case's timeline. No case waits for a silent customer for ever.",
)


class AbsenceDecision(Choice):
    """What to do when the customer, or the customer's item, cannot be met."""

    KEEP_TRYING = "keep_trying", "Keep trying, with a new set of attempts"
    END_UNRESOLVED = "end_unresolved", "End the case as unresolved"


class DecideOnAbsenceForm(Form):
    """The decision after the last attempt to meet a customer without whom the case cannot go on."""

    decision: AbsenceDecision = Field(title="What happens now?", description="The case goes on by this decision.")
    reason: Prose = Field(title="Why", description="Goes on record beside the decision, up to 4,000 characters.")


DECIDE_ON_ABSENCE = UserTask(
    name="decide_on_absence",
    title="Decide about a customer who cannot be met",
    clause="X10",
    form=DecideOnAbsenceForm,
    guidance="Every attempt is on the case's timeline. The case cannot go on without the customer or the item.",
)
