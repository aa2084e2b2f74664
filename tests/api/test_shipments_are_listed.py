"""GET /shipments, and the shipments of a case."""

from __future__ import annotations

from domain.case import Content, Direction, Shipment, ShipmentState
from tests.api.house import House, paths


async def test_a_case_shows_what_travels_and_the_list_names_the_case(house: House) -> None:
    case_id = await house.open()
    travels = Shipment(
        no=1,
        direction=Direction.IN,
        state=ShipmentState.LOST,
        content=(Content(item="PX-200", serial_number="PX200-0042"),),
        carrier="GLS",
        tracking_number="G-5",
    )
    house.engine.books[case_id].state.shipments = (travels,)
    await house.engine.project(case_id)
    [shown] = (await house.get("lin", f"/cases/{case_id}")).json()["shipments"]
    assert Shipment.model_validate(shown) == travels
    [listed] = (await house.get("lin", "/shipments?state=lost&q=g-5")).json()["items"]
    assert (listed["case_id"], listed["shipment"]["carrier"]) == (case_id, "GLS")
    assert (await house.get("lin", "/shipments?direction=out")).json() == {"items": [], "next": None}


async def test_an_unknown_state_names_the_known_ones(house: House) -> None:
    assert paths(await house.get("lin", "/shipments?state=flying")) == {"state"}


async def test_a_stranger_sees_no_shipments(house: House) -> None:
    assert (await house.client.get("/api/v1/shipments")).status_code == 401
