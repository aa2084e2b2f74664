"""Shipments of a case as they become known: awaited, received, wrong, lost, sent to the customer."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.record import Record

with workflow.unsafe.imports_passed_through():
    from domain.case import Content, Direction, Done, Shipment, ShipmentState
    from domain.events import SYSTEM, Actor, EventKind


class Shipments:
    """Keeps what travels in a case; every change is on record."""

    def __init__(self, record: Record) -> None:
        self._record = record

    @property
    def customers_item(self) -> Content:
        """The item the case is about."""
        product = self._record.state.application.product
        return Content(item=product.model, serial_number=product.serial_number)

    def expect(self, by: Actor = SYSTEM, **known: str | None) -> Shipment:
        """The customer's item is to come; `known` are carrier and tracking number, as far as somebody told them."""
        awaited = self._latest(Direction.IN)
        if awaited is None or awaited.state is not ShipmentState.AWAITED:
            return self._add(Direction.IN, ShipmentState.AWAITED, by, content=(self.customers_item,), **known)
        if any(known.values()):
            return self._change(awaited.model_copy(update=known), by)
        return awaited

    def arrived(self, form: Any, done: Done, task: str, *, wrong: bool = False) -> None:
        """Something arrived: the customer's item, or another one."""
        awaited = self.expect()
        told: dict[str, Any] = {
            "state": ShipmentState.WRONG if wrong else ShipmentState.RECEIVED,
            "condition": form.condition,
            "received_at": done.happened_at,
            "task": task,
            "carrier": form.carrier or awaited.carrier,
            "tracking_number": form.tracking_number or awaited.tracking_number,
        }
        if form.serial_number or wrong:
            told["content"] = (another_item(form) if wrong else self.item_told(form),)
        self._change(awaited.model_copy(update=told), done.by)

    def item_told(self, form: Any) -> Content:
        """The customer's item under the serial number that somebody read on it."""
        ours = self.customers_item
        return ours.model_copy(update={"serial_number": form.serial_number or ours.serial_number})

    def ended_as(self, direction: Direction, state: ShipmentState, done: Done, task: str, **told: Any) -> None:
        """The latest shipment of a direction was lost, found, received or never sent."""
        latest = self._latest(direction)
        if latest:
            known = {name: value for name, value in told.items() if value is not None}
            self._change(latest.model_copy(update={"state": state, "task": task, **known}), done.by)

    def delivered(self, done: Done, task: str) -> None:
        """The customer has what was sent last, if anything was."""
        latest = self._latest(Direction.OUT)
        if latest and latest.state is ShipmentState.SENT:
            self.ended_as(Direction.OUT, ShipmentState.RECEIVED, done, task, received_at=done.happened_at)

    def sent(self, form: Any, done: Done, task: str, *, content: Content) -> None:
        """Something went to the customer."""
        self._add(
            Direction.OUT,
            ShipmentState.SENT,
            done.by,
            content=(content,),
            carrier=form.carrier,
            tracking_number=form.tracking_number,
            condition=getattr(form, "condition", None),
            sent_at=done.happened_at,
            task=task,
        )

    def _latest(self, direction: Direction) -> Shipment | None:
        found = [one for one in self._record.state.shipments if one.direction is direction]
        return found[-1] if found else None

    def _add(self, direction: Direction, state: ShipmentState, by: Actor, **told: Any) -> Shipment:
        case = self._record.state
        shipment = Shipment(no=len(case.shipments) + 1, direction=direction, state=state, **told)
        case.shipments = (*case.shipments, shipment)
        return self._tell(shipment, by)

    def _change(self, shipment: Shipment, by: Actor) -> Shipment:
        case = self._record.state
        case.shipments = tuple(shipment if one.no == shipment.no else one for one in case.shipments)
        return self._tell(shipment, by)

    def _tell(self, shipment: Shipment, by: Actor) -> Shipment:
        self._record.note(EventKind.SHIPMENT, by, data=shipment.model_dump(mode="json", exclude_none=True))
        return shipment


def another_item(form: Any) -> Content:
    """What arrived in place of the customer's item."""
    return Content(item="Another item", serial_number=form.serial_number)
