"""The request a case begins with (R2), and the input of its workflow."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from domain.clocks import Pace
from domain.events import Actor
from domain.model import Frozen, Instant, Line, Prose
from domain.plan import Plan
from domain.tasks.feedback import Subject
from domain.tasks.form import Choice
from domain.tasks.parts import Day

Optional = Line | None
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+() .\-/]{3,40}$")]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Serial = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]


class Wish(Choice):
    """What the customer asks for."""

    REPAIR = "repair", "Repair"
    REPLACEMENT = "replacement", "Replacement"
    CONSULTATION = "consultation", "Consultation"


class Customer(Frozen):
    """Who asks for service."""

    name: Line = Field(title="Customer", description="Company or person, up to 200 characters.")
    contact_name: Optional = Field(None, title="Contact person", description="Whom to ask for, up to 200 characters.")
    phone: Phone | None = Field(
        None, title="Phone", description="Digits, spaces and + ( ) . - / only, 3 to 40 characters."
    )
    email: Email | None = Field(None, title="E-mail", description="One address, up to 200 characters.")
    region: Optional = Field(None, title="Region", description="Where the customer is; engineers are chosen by it.")
    address: Prose | None = Field(
        None, title="Address", description="Where the product stands, up to 4,000 characters."
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] | None = Field(
        None, title="Language", description="The customer's language, for example zh-CN, en or it."
    )


class Product(Frozen):
    """What the service is asked for."""

    model: Line = Field(title="Model", description="As on the type plate, up to 200 characters.")
    serial_number: Serial | None = Field(None, title="Serial number", description="Up to 100 characters.")
    specification: Prose | None = Field(
        None, title="Specification", description="Variant or equipment, up to 4,000 characters."
    )
    purchase_date: Day | None = Field(None, title="Purchase date", description="A day since 1950, not in the future.")
    delivery_date: Day | None = Field(None, title="Delivery date", description="A day since 1950, not in the future.")


class FaultCategory(Choice):
    """The kind of issue."""

    WEAR = "abnormal_wear", "Abnormal wear"
    PERFORMANCE = "performance", "Performance below standard"
    NOISE = "noise", "Noise or vibration"
    ELECTRICAL = "electrical", "Electrical fault"
    LEAK = "leak", "Leak"
    DAMAGE = "damage", "Damage"
    OTHER = "other", "Other"


class ProblemReport(Frozen):
    """What is wrong."""

    category: FaultCategory = Field(title="Kind of issue", description="The nearest kind.")
    description: Prose = Field(title="Description", description="What happens and since when, up to 4,000 characters.")


AttachmentId = Annotated[str, Field(pattern=r"^F-[0-9A-Z]{10,40}$")]


class Application(Frozen):
    """A request for service. Photos are recommended, not required (R2)."""

    plan: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,39}$")] = Field(
        title="Procedure", description="Name of a service plan."
    )
    channel: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")] = Field(
        title="Channel", description="How the request came in; one of the plan's channels."
    )
    customer: Customer
    product: Product
    problem: ProblemReport
    request: Wish = Field(title="What is asked for", description="Repair, replacement or consultation.")
    subject: Subject | None = Field(
        None,
        title="What it is about",
        description="The kind of service, where the procedure tells them apart; sales confirms it.",
        exclude_if=lambda subject: subject is None,
    )
    received_at: Instant | None = Field(
        None,
        title="Received at",
        description="When the request reached us, if before its entry: the promise to call back counts from then.",
    )
    attachments: Annotated[tuple[AttachmentId, ...], Field(max_length=20)] = Field(
        (), title="Photos and files", description="Identifiers of uploaded files, 20 at most."
    )


class CaseStart(Frozen):
    """The input of a case's workflow: everything it relies on, so that its history alone can be replayed."""

    case_id: Annotated[str, Field(pattern=r"^C-[0-9A-HJKMNP-TV-Z]{10}$")]
    plan: Plan
    pace: Pace
    application: Application
    applied_at: Instant
    """When the request reached us; the promises of the plan count from here."""
    opened_by: Actor
    reopened_from: str | None = None
    record_salt: str = ""
    """Secret of this case under which its record is chained (`domain.events.digest_of`); 32 random digits."""
    notices: bool = False
    """True where mail is set up: customers and colleagues are told what the plan says."""
