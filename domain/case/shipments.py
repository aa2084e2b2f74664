"""What travels between the customer and us in a case, both ways: by whom, what, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

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


TITLES: Mapping[tuple[Direction, ShipmentState], str] = MappingProxyType(
    {
        (Direction.IN, ShipmentState.AWAITED): "The customer's item is awaited",
        (Direction.IN, ShipmentState.RECEIVED): "The customer's item arrived",
        (Direction.IN, ShipmentState.NOT_SENT): "The customer's item was not sent",
        (Direction.IN, ShipmentState.LOST): "The customer's item was lost on its way",
        (Direction.IN, ShipmentState.WRONG): "Another item arrived",
        (Direction.OUT, ShipmentState.SENT): "Sent to the customer",
        (Direction.OUT, ShipmentState.RECEIVED): "The customer has what was sent",
        (Direction.OUT, ShipmentState.LOST): "What was sent to the customer was lost",
    }
)
"""What is known of a shipment in plain words; the other pairs do not occur."""


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

    @property
    def title(self) -> str:
        """What is known of it, in plain words."""
        return TITLES.get((self.direction, self.state), "Shipment")

    @property
    def items(self) -> str:
        """What is in it: each item with its serial number."""
        return ", ".join(" ".join(filter(None, (one.item, one.serial_number))) for one in self.content)
