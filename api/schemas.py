"""Bodies and answers of the JSON API, as the OpenAPI document shows them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.article_bodies import ARTICLE_BODIES
from api.registry_bodies import REGISTRY_BODIES
from domain.actions import ActionId, ActionOrder
from domain.case import Application, OnBehalfOf, ProblemReport, Wish
from domain.case.application import AttachmentId
from domain.factories import Factory
from domain.model import Amount, Frozen, Instant, Line, Prose


class SubmissionBody(Frozen):
    """The outcome of a user task; `outcome` follows the task's `form`."""

    outcome: dict[str, Any] = Field(title="Outcome", description="As the task's form describes it.")
    submission_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")] = Field(
        title="Submission", description="Chosen by the sender; the same one sent twice is one completion."
    )
    happened_at: Instant | None = Field(
        None,
        title="Happened at",
        description="When it really happened, if earlier than its entry; the deadline is judged on it.",
    )
    on_behalf_of: OnBehalfOf | None = Field(
        None, title="On behalf of", description="For a customer or factory: who said it, and on what evidence."
    )


class DelegateBody(Frozen):
    """To whom a task is given."""

    to: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")] = Field(
        title="To", description="Sign-in name of a person who has the task's role."
    )


UserId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
AbsenceDay = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
Mark = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f-\x9f,，;；、]{1,60}$")]
"""A region or a skill: a few words without a comma, 60 characters at most."""


class GiveBody(Frozen):
    """To whom a piece of work is given, and who held it when that was chosen."""

    engineer: UserId = Field(title="Engineer", description="Sign-in name of who serves it from now on.")
    submission_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")] = Field(
        title="Submission", description="Chosen by the sender; the same one sent twice is one."
    )
    seen: UserId | None = Field(None, title="Held by", description="Who held it when the choice was made.")
    reason: Prose | None = Field(None, title="Why", description="Up to 4,000 characters.")


class ProfileBody(Frozen):
    """What is known of an engineer; it takes the place of what was known before."""

    regions: Annotated[tuple[Mark, ...], Field(max_length=40)] = Field(
        (), title="Regions", description="Where the engineer serves, as customers' regions are written, 40 at most."
    )
    skills: Annotated[tuple[Mark, ...], Field(max_length=80)] = Field(
        (),
        title="Skills",
        description="Kinds of issue (noise, leak, ...) and models or families of models, 80 at most.",
    )
    reports_to: UserId | None = Field(None, title="Reports to", description="Sign-in name of the line manager.")


class AbsenceBody(Frozen):
    """Somebody is away."""

    user: UserId = Field(title="Who", description="Sign-in name of who is away.")
    first: AbsenceDay = Field(title="First day", description="The first day of the absence.")
    last: AbsenceDay = Field(title="Last day", description="The last day of the absence, on which it still lasts.")
    reason: Line = Field(title="Reason", description="Leave, training, illness, ...; shown to those who plan.")
    substitute: UserId | None = Field(
        None, title="Substitute", description="Sign-in name of who does their work meanwhile."
    )


class DeputyBody(Frozen):
    """Somebody may do a role's tasks beside those who have the role."""

    role: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")] = Field(
        title="Role", description="A role of a service plan."
    )
    user: UserId = Field(title="Deputy", description="Sign-in name of the deputy.")
    first: AbsenceDay | None = Field(None, title="First day", description="Empty: from now on.")
    last: AbsenceDay | None = Field(None, title="Last day", description="Empty: without an end.")


class ReopenBody(Frozen):
    """What is different this time; what is left out is taken from the closed case."""

    problem: ProblemReport | None = Field(None, title="Problem", description="What is wrong now.")
    request: Wish | None = Field(None, title="What is asked for", description="Repair, replacement or consultation.")
    channel: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")] | None = Field(
        None, title="Channel", description="How the customer came back; one of the plan's channels."
    )
    attachments: Annotated[tuple[AttachmentId, ...], Field(max_length=20)] = Field(
        (), title="Photos and files", description="Identifiers of uploaded files, 20 at most."
    )


class SignalBody(BaseModel):
    """Fields of a message; which ones depends on its name."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None, title="Id", description="Chosen by the sender; a second copy of the same one is ignored."
    )
    reason: Prose | None = Field(None, title="Why", description="Escalate, pause and withdraw need it.")
    text: Prose | None = Field(None, title="Text", description="Of added information or of a correction.")
    attachments: Annotated[tuple[AttachmentId, ...], Field(max_length=20)] = Field((), title="Photos and files")
    until: Instant | None = Field(None, title="Until", description="When a pause ends by itself.")
    task: str | None = Field(None, title="Task", description="Key of the open task that is reassigned.")
    appointment: Instant | None = Field(None, title="New appointment", description="As agreed with the customer.")
    told: Line | None = Field(None, title="Told", description="How the customer was told of the new appointment.")
    role: str | None = Field(None, title="Role", description="Who does it from now on.")
    assignee: str | None = Field(None, title="Person", description="Sign-in name of who does it from now on.")
    event: Annotated[int, Field(ge=1)] | None = Field(
        None, title="Entry", description="Number of the entry that is corrected."
    )
    kind: str | None = Field(
        None, title="Kind", description="Of the document to issue again, or of an official invoice."
    )
    number: Line | None = Field(None, title="Number", description="Of an official invoice or credit note.")
    amount: Amount | None = Field(None, title="Amount", description="Of an official invoice or credit note.")
    credits: Line | None = Field(None, title="Invoice taken back", description="What a credit note is for.")


class Opened(BaseModel):
    """A case that was opened, now or by an earlier request with the same idempotency key."""

    case_id: str
    tracking_url: str | None
    """The customer's own page of the case; null when its link was taken back since."""


class RecordedMessage(BaseModel):
    """A message that is on record, whether or not a worker is up."""

    recorded: bool = True
    id: str


class CompletedTask(BaseModel):
    """A completion that counted. `repeated` is true when the same submission had been received before."""

    task_id: str
    submission_id: str
    completed_by: str
    entered_at: Instant
    repeated: bool


class AssignedTask(BaseModel):
    """Who holds a task now; nobody when it is offered to its whole role."""

    task_id: str
    assignee: str | None


class StoredFileAnswer(BaseModel):
    """A file that is stored."""

    attachment_id: str
    file_name: Line
    content_type: str
    size: int
    """In bytes."""
    sha256: str


class NotProjected(BaseModel):
    """A case that the engine runs and the read side does not show yet; ask again in a moment."""

    case_id: str
    projected: Literal[False] = False
    state: Literal["active"] = "active"
    tracking_url: str


class ActionBody(ActionOrder):
    """Opens an action; `action_id` makes a repeat the same action."""

    action_id: ActionId | None = Field(None, title="Number", description="Chosen by the sender, `A-` and ten signs.")


class ReasonBody(Frozen):
    """Why a case is erased or held."""

    reason: Prose = Field(
        title="Reason", max_length=2000, description="Stays on record when everything else is gone: name nobody."
    )


class LiftBody(Frozen):
    """Why a legal hold is lifted."""

    reason: Prose | None = Field(None, title="Reason", max_length=2000, description="Stays on record: name nobody.")


class CallOffBody(Frozen):
    """Calls an action off."""

    reason: Prose = Field(title="Why", description="Up to 4,000 characters.")


BODIES: tuple[type[BaseModel], ...] = (
    Application,
    SubmissionBody,
    DelegateBody,
    ReopenBody,
    SignalBody,
    *REGISTRY_BODIES,
    *ARTICLE_BODIES,
    ProfileBody,
    AbsenceBody,
    DeputyBody,
    Factory,
    ActionBody,
    CallOffBody,
    ReasonBody,
    LiftBody,
)
"""Bodies that routes read themselves."""
