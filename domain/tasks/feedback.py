"""Feedback as sales takes it in: recorded and sorted, its service mode picked, its contract signed (Q2 to Q6)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Costs, Line, Notes, Prose
from domain.tasks.user_task import UserTask, WaitsFor

ContractDay = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2150, 1, 1))]


class Subject(Choice):
    """The kind of service that a case is about (Q2)."""

    TRAINING = "training", "On-site technical training"
    TECHNICAL_SUPPORT = "technical_support", "Technical support"
    DOCUMENT_UPDATE = "document_update", "Update of technical documents"
    QUALITY_ISSUE = "quality_issue", "Quality issue"


class Urgency(Choice):
    """How feedback is sorted."""

    STOPPED = "stopped", "The customer's work stands still"
    HAMPERED = "hampered", "The customer works, but hampered"
    CAN_WAIT = "can_wait", "It can wait"


class WarrantyPeriod(Choice):
    """Where the product is in its warranty (Q6)."""

    WITHIN = "within", "Within the warranty period"
    CONTRACT = "contract", "Beyond it, under a service contract in force"
    BEYOND = "beyond", "Beyond it, without a contract"


class RecordFeedbackForm(Form):
    """The customer's call or mail as recorded, sorted and forwarded."""

    needs: ClassVar = {("period", "contract"): ("contract_number",)}

    subject: Subject = Field(title="What it is about", description="The kind of service; it decides who does what.")
    feedback: Prose = Field(
        title="What the customer says", description="Put clearly into words, up to 4,000 characters."
    )
    urgency: Urgency = Field(title="How urgent", description="The after-sales team takes the urgent ones first.")
    period: WarrantyPeriod = Field(
        title="Warranty period", description="Beyond it a service contract is signed before the service."
    )
    basis: Line = Field(
        title="Judged by", description="Delivery date, warranty card or contract it follows from, up to 200 characters."
    )
    contract_number: Line | None = Field(
        None, title="Contract number", description="Of the service contract in force, up to 200 characters."
    )
    forwarded_to: Line = Field(
        title="Forwarded to",
        description="Who in production's after-sales team has it now, and how they were told, up to 200 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


RECORD_FEEDBACK = UserTask(
    name="record_feedback",
    title="Record, sort and forward the feedback",
    clause="Q4",
    form=RecordFeedbackForm,
    guidance="Write the call or mail down, sort it and pass it on to production's after-sales team at once. "
    "The work order is issued from this.",
)


class Mode(Choice):
    """How the service is given (Q3)."""

    CONSULTATION = "consultation", "Consultation and solution"
    REMOTE_GUIDANCE = "remote_guidance", "Remote guidance"
    VISIT = "visit", "Visit to the customer"


class ChooseModeForm(Form):
    """The service mode and why it is the quickest for this problem."""

    mode: Mode = Field(
        title="Service mode", description="By type of problem, so that the customer is answered in the shortest time."
    )
    reason: Prose = Field(
        title="Why this mode", description="The type of problem and what was tried before, up to 4,000 characters."
    )


CHOOSE_MODE = UserTask(
    name="choose_mode",
    title="Pick the service mode",
    clause="Q5",
    form=ChooseModeForm,
    guidance="A question is answered, an operation is guided from afar, the rest takes a visit. "
    "Training on site is a visit.",
)


class ContractWord(Choice):
    """The customer's answer to the service contract."""

    SIGNED = "signed", "The contract is signed"
    DECLINED = "declined", "The customer does not want a contract"
    NO_ANSWER = "no_answer", "No answer yet"


class SignContractForm(Form):
    """The after-sales service contract, or the customer's refusal of it."""

    needs: ClassVar = {
        ("decision", "signed"): ("number", "valid_from", "valid_to", "signed_by", "attachments"),
        ("decision", "declined"): ("signed_by", "reason"),
    }

    decision: ContractWord = Field(
        title="The customer's answer", description="Without a contract no service is given beyond the warranty period."
    )
    number: Line | None = Field(None, title="Contract number", description="As on the contract, up to 200 characters.")
    valid_from: ContractDay | None = Field(None, title="Valid from", description="First day, 1950 to 2150.")
    valid_to: ContractDay | None = Field(None, title="Valid to", description="Last day, 1950 to 2150.")
    signed_by: Line | None = Field(
        None,
        title="Who answered for the customer",
        description="Name of the person who signed or declined on the customer's side, up to 200 characters.",
    )
    costs: Costs = ()
    reason: Prose | None = Field(
        None, title="Why declined", description="In the customer's words, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


SIGN_CONTRACT = UserTask(
    name="sign_contract",
    title="Sign the after-sales service contract",
    clause="Q6",
    form=SignContractForm,
    guidance="The product is beyond its warranty: the contract is signed before the service, with all that it costs. "
    "Attach the signed contract; nobody signs as the customer.",
    waits_for=WaitsFor.CUSTOMER,
    speaks_for="customer",
)
