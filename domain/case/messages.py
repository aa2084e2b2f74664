"""What people tell a running case: one message a signal. Each carries who, when and an id; a copy is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, ValidationError

from domain.case.application import AttachmentId
from domain.case.money import InvoiceKind
from domain.documents.kinds import DocumentKind
from domain.events import Actor
from domain.model import Amount, Frozen, Instant, Line, Prose
from domain.notices import NoticeKind

TaskKey = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}(-[0-9]{1,4})?$")]


class Message(Frozen):
    """Who says it and when; `id` tells a copy from a new message."""

    id: Annotated[str, Field(min_length=1, max_length=100)]
    by: Actor
    at: Instant


class Escalate(Message):
    """Puts the case to the plan's panel as a special case (X3)."""

    reason: Prose = Field(title="Why", description="What should be decided, up to 4,000 characters.")


class AddInformation(Message):
    """Adds text, photos or videos for whoever holds the open task (X7)."""

    text: Prose | None = Field(None, title="Information", description="Up to 4,000 characters.")
    attachments: Annotated[tuple[AttachmentId, ...], Field(max_length=20)] = Field(
        (), title="Photos and files", description="Identifiers of uploaded files, 20 at most."
    )


class Pause(Message):
    """Stops the clocks that wait for the customer until a date (X4)."""

    reason: Prose = Field(title="Why", description="What the customer needs the time for, up to 4,000 characters.")
    until: Instant = Field(title="Until", description="When the clocks resume by themselves.")


class Resume(Message):
    """Ends a pause before its date."""

    reason: Prose | None = Field(None, title="Why", description="Up to 4,000 characters.")


class Withdraw(Message):
    """The customer withdraws (X5)."""

    reason: Prose = Field(title="Why", description="In the customer's words, up to 4,000 characters.")
    told_by: Line | None = Field(
        None,
        title="Who withdrew it",
        description="Name of the person on the customer's side, up to 200 characters.",
    )
    evidence: Prose | None = Field(
        None,
        title="Evidence",
        description="Call, mail or paper by which it was withdrawn, up to 4,000 characters.",
    )


class Reassign(Message):
    """Gives an open task to another role or person; its clock goes on."""

    task: TaskKey = Field(title="Task", description="Key of an open task in this case.")
    role: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")] | None = Field(
        None, title="Role", description="The role that does it from now on; empty to leave it."
    )
    assignee: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")] | None = Field(
        None, title="Person", description="Sign-in name of who does it; empty to offer it to the whole role."
    )
    reason: Prose | None = Field(None, title="Why", description="Up to 4,000 characters.")


class Correct(Message):
    """Corrects an entry of the record by a new one that names it (X11)."""

    event: Annotated[int, Field(ge=1)] = Field(title="Entry", description="Number of the entry that is wrong.")
    text: Prose = Field(title="Correction", description="What is right, up to 4,000 characters.")


class Recalculate(Message):
    """Has provisional deadlines computed anew, for example because a calendar was published; each is a new promise."""

    reason: Prose = Field(title="Why", description="Goes on record beside the new deadline, up to 4,000 characters.")


class Reschedule(Message):
    """Moves an appointment, or the date promised to the customer: a new promise, on record beside the old one (X4)."""

    task: TaskKey = Field(title="Task", description="Key of the open task whose appointment moves.")
    appointment: Instant = Field(
        title="New appointment", description="As agreed with the customer: date, time and zone."
    )
    reason: Prose = Field(title="Why", description="Up to 4,000 characters.")
    told: Line = Field(
        title="How the customer was told", description="Call or mail, and to whom, up to 200 characters."
    )


class RecordInvoice(Message):
    """Records an official invoice or credit note that the company's own system issued (M9)."""

    kind: InvoiceKind = Field(title="Kind", description="A credit note takes back an invoice, in whole or in part.")
    number: Line = Field(title="Number", description="Of the official paper, up to 200 characters.")
    amount: Amount = Field(title="Amount", description="In the plan's currency, two decimals at most.")
    credits: Line | None = Field(
        None, title="Invoice taken back", description="For a credit note: the number of the invoice, as recorded here."
    )
    attachments: Annotated[tuple[AttachmentId, ...], Field(max_length=20)] = Field(
        (), title="Photos and files", description="The official paper as a file; 20 at most."
    )


class IssueDocument(Message):
    """Has a document made again from the record as it is now: a new version, the old one kept."""

    kind: DocumentKind = Field(title="Document", description="Which document.")
    reason: Prose = Field(title="Why", description="Goes on record beside the new version, up to 4,000 characters.")


class Undelivered(Message):
    """A notice could not be sent; said by the notice's own workflow, not by people."""

    notice: Annotated[str, Field(pattern=r"^notice-[0-9]{1,5}$")]
    kind: NoticeKind
    reason: Prose


class OnBehalfOf(Frozen):
    """For whom something was entered, and on what evidence (X8)."""

    party: Annotated[str, Field(pattern=r"^(customer|factory)$")] = Field(
        title="Party", description="customer or factory."
    )
    name: Line = Field(title="Name", description="Who said it, up to 200 characters.")
    evidence: Prose = Field(title="Evidence", description="Call, mail, paper, up to 4,000 characters.")


class Completion(Frozen):
    """A person's outcome of a user task as the activity's result: what was entered and how it came about (X8)."""

    outcome: dict[str, Any]
    submission_id: Annotated[str, Field(min_length=1, max_length=100)]
    by: Actor
    entered_at: Instant
    happened_at: Instant
    on_behalf_of: OnBehalfOf | None = None


MESSAGES: Mapping[str, type[Message]] = MappingProxyType(
    {
        "escalate": Escalate,
        "add_information": AddInformation,
        "pause": Pause,
        "resume": Resume,
        "withdraw": Withdraw,
        "reassign": Reassign,
        "correct": Correct,
        "reschedule": Reschedule,
        "recalculate": Recalculate,
        "record_invoice": RecordInvoice,
        "issue_document": IssueDocument,
        "undelivered": Undelivered,
    }
)
"""Every message by the name of its signal."""
SAID_BY_PEOPLE = tuple(name for name in MESSAGES if name != "undelivered")
"""The messages that people send; the others come from workflows beside the case."""


def message_problem(invalid: ValidationError) -> str:
    """Says in a line why a message cannot be read, without repeating what was entered."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in invalid.errors(include_input=False, include_url=False)
    )


__all__ = [
    "MESSAGES",
    "SAID_BY_PEOPLE",
    "AddInformation",
    "Completion",
    "Correct",
    "Escalate",
    "IssueDocument",
    "Line",
    "Message",
    "OnBehalfOf",
    "Pause",
    "Reassign",
    "Recalculate",
    "RecordInvoice",
    "Reschedule",
    "Resume",
    "Withdraw",
    "message_problem",
]
