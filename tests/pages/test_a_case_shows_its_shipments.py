"""The page of a case tells what travels between the customer and us, and what was verified, in plain words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from domain.case import Assessment, Content, Direction, Shipment, ShipmentState
from domain.tasks.parts import Conditions, Cover, Responsibility
from domain.tasks.verify import Problem, Whereabouts
from tests.pages.making import MadeCase, virtual_now
from tests.pages.strict_client import Browser


async def test_both_directions_are_told_with_what_is_in_them(
    browse: Callable[[str], Awaitable[Browser]],
    made_case: Callable[..., MadeCase],
    project: Callable[[MadeCase], Awaitable[None]],
) -> None:
    made = made_case()
    content = (Content(item="AX-200", serial_number="AX2-0042"),)
    came = Shipment(
        no=1, direction=Direction.IN, state=ShipmentState.RECEIVED, content=content, carrier="GLS",
        tracking_number="G-5", condition="Box dented", received_at=virtual_now(),
    )  # fmt: skip
    went = Shipment(no=2, direction=Direction.OUT, state=ShipmentState.LOST, content=content, carrier="DHL")
    made.change(shipments=(came.model_dump(), went.model_dump()))
    await project(made)
    page = await (await browse("lin")).get(f"/cases/{made.state.case_id}")
    for said in ("What was sent to the customer was lost", "arrived", "AX-200 AX2-0042", "GLS · G-5", "Box dented"):
        assert said in page.text


async def test_what_was_verified_is_told_with_what_follows_from_it(
    browse: Callable[[str], Awaitable[Browser]],
    made_case: Callable[..., MadeCase],
    project: Callable[[MadeCase], Awaitable[None]],
) -> None:
    made = made_case()
    known = Assessment(
        warranty=Cover.IN,
        conditions=Conditions.OUTSIDE,
        responsibility=Responsibility.PRODUCT,
        whereabouts=Whereabouts.SENT,
        problem=Problem.USUAL,
    )
    made.change(assessment=known.model_dump())
    await project(made)
    page = await (await browse("lin")).get(f"/cases/{made.state.case_id}")
    for said in ("In warranty", "Outside the conditions", "is agreed with the customer first"):
        assert said in page.text
