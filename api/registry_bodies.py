"""What is sent to the registry: products, contracts, warranty terms, repairs before our time."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from domain.case import Customer
from domain.case.application import AttachmentId, Serial
from domain.model import Frozen, Line, Prose
from domain.tasks.parts import Day
from domain.warranty import WarrantyTerms, model_key, serial_key


def _tells_something(serial_number: str) -> str:
    if not serial_key(serial_number):
        raise ValueError("has nothing to be read")
    return serial_number


SerialNumber = Annotated[Serial, AfterValidator(_tells_something)]
CustomerId = Annotated[str, Field(pattern=r"^K-[0-9A-HJKMNP-TV-Z]{12}$")]
PlanName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,39}$")]
_CUSTOMER = Field(None, title="Customer", description="Whose it is; the same name and region is the same customer.")
_CUSTOMER_ID = Field(None, title="Customer on the register", description="Identifier, in place of `customer`.")


class ProductFields(Frozen):
    """What can be registered of a product besides its serial number and model."""

    specification: Prose | None = Field(
        None, title="Specification", description="Variant or equipment, up to 4,000 characters."
    )
    purchase_date: Day | None = Field(None, title="Purchase date", description="A day since 1950, not in the future.")
    delivery_date: Day | None = Field(
        None, title="Delivery date", description="The warranty counts from it. A day since 1950, not in the future."
    )
    installed_at: Prose | None = Field(
        None, title="Installed at", description="Where the product stands, up to 4,000 characters."
    )
    plan: PlanName | None = Field(None, title="Procedure", description="Service plan whose warranty terms count.")
    replaces: SerialNumber | None = Field(
        None, title="Replaces", description="Serial number of the registered product in whose place it was sent."
    )
    customer: Customer | None = _CUSTOMER
    customer_id: CustomerId | None = _CUSTOMER_ID


class ProductBody(ProductFields):
    """The registration of a product; it counts as verified by whoever registers it."""

    serial_number: SerialNumber = Field(title="Serial number", description="Up to 100 characters.")
    model: Line = Field(title="Model", description="As on the type plate, up to 200 characters.")


class ProductChangeBody(ProductFields):
    """What changes in a registration: a field that is left out stays, null empties it."""

    model: Line | None = Field(None, title="Model", description="As on the type plate, up to 200 characters.")
    verified: bool | None = Field(
        None, title="Verified", description="True: somebody of ours has checked the registration."
    )
    version: Annotated[int, Field(ge=1)] | None = Field(
        None, title="Version", description="The version it was read in; a later one refuses the change."
    )


class ContractBody(Frozen):
    """A service contract (Q6). It counts once its signed paper is on file."""

    number: Line = Field(title="Number", description="Of the contract, up to 200 characters.")
    customer: Customer | None = _CUSTOMER
    customer_id: CustomerId | None = _CUSTOMER_ID
    serial_numbers: Annotated[tuple[SerialNumber, ...], Field(max_length=200)] = Field(
        (), title="Serial numbers", description="The registered products it covers; none for all of the customer's."
    )
    valid_from: Day = Field(title="Valid from", description="First day.")
    valid_to: Day = Field(title="Valid to", description="Last day, inclusive.")
    signed_file: AttachmentId | None = Field(
        None, title="Signed contract", description="Identifier of the uploaded scan of the signed paper."
    )
    note: Prose | None = Field(None, title="Note", description="Up to 4,000 characters.")


class ContractChangeBody(Frozen):
    """The signed paper of a contract, once it is here."""

    signed_file: AttachmentId = Field(title="Signed contract", description="Identifier of the uploaded scan.")


def _names_a_model(model: str) -> str:
    if not model_key(model):
        raise ValueError("has nothing to be read")
    return model


class TermsBody(WarrantyTerms):
    """The warranty terms of a model."""

    model: Annotated[Line, AfterValidator(_names_a_model)] = Field(
        title="Model", description="As on the type plate, up to 200 characters."
    )


class CardEntryBody(Frozen):
    """A repair before our time, copied from the customer's card; repairs in our cases stand on it by themselves."""

    repaired_on: Day = Field(title="Repaired on", description="A day since 1950, not in the future.")
    work: Prose = Field(title="Work done", description="Up to 4,000 characters.")
    parts: Prose | None = Field(None, title="Parts", description="What went in, up to 4,000 characters.")
    hours: Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)] | None = Field(
        None, title="Hours", description="How long it took, up to 1,000 hours, two decimals at most."
    )
    done_by: Line | None = Field(None, title="Done by", description="Name, up to 200 characters.")
    corrects: Annotated[str, Field(pattern=r"^E-[0-9A-Za-z_-]{10,60}$")] | None = Field(
        None, title="Corrects", description="Identifier of the earlier entry by hand that this one corrects."
    )
    id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")] | None = Field(
        None, title="Id", description="Chosen by the sender; the same one sent twice is one entry."
    )


REGISTRY_BODIES: tuple[type[BaseModel], ...] = (
    ProductBody,
    ProductChangeBody,
    ContractBody,
    ContractChangeBody,
    TermsBody,
    CardEntryBody,
)
"""Bodies that the routes of the registry read themselves."""
