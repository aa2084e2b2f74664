"""What travels between the customer and us in a case, both ways: by whom, what, and what became of it."""

from __future__ import annotations

from enum import StrEnum

from domain.model import Frozen, Instant


class Direction(StrEnum):
    """Which way a shipment goes."""

    IN = "in"
    """To us, or to the factory."""
    OUT = "out"
    """To the customer."""


class ShipmentState(StrEnum):
    """What is known of a shipment."""

    AWAITED = "awaited"
    """The customer was to send it; it has not come."""
    SENT = "sent"
    RECEIVED = "received"
    NOT_SENT = "not_sent"
    """The customer did not send it after all."""
    LOST = "lost"
    WRONG = "wrong"
    """Another item than the customer's arrived."""


class Content(Frozen):
    """One item in a shipment."""

    item: str
    serial_number: str | None = None


class Shipment(Frozen):
    """One shipment of a case. `no` counts from 1 in the case."""

    no: int
    direction: Direction
    state: ShipmentState
    content: tuple[Content, ...]
    carrier: str | None = None
    tracking_number: str | None = None
    condition: str | None = None
    """As it left when it goes out, as it arrived when it came in."""
    sent_at: Instant | None = None
    received_at: Instant | None = None
    task: str | None = None
    """Key of the task that told the latest of it."""
