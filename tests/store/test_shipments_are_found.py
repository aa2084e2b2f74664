"""Shipments are written with their case, change with it, and are found by what is written on them."""

from __future__ import annotations

import pytest

from domain.case import Content, Direction, Shipment, ShipmentState
from store.projection import write_projection
from store.queries.cases import list_cases
from store.queries.paging import BadCursor
from store.queries.shipments import list_shipments
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, number_of, part, whole


def shipment(no: int = 1, **changes: object) -> Shipment:
    told = {
        "no": no,
        "direction": "in",
        "state": "awaited",
        "content": (Content(item="Lathe 200", serial_number="SN-7"),),
        "carrier": "Corriere Prova",
        "tracking_number": f"TN-{no}",
    }
    return Shipment.model_validate({**told, **changes})


async def put(database: Database, *shipments: Shipment, number: int = 1, revision: int = 1) -> None:
    made = [one.model_dump() for one in shipments]
    case_id = number_of(number)
    write = whole(case_id=case_id, shipments=made) if revision == 1 else part(revision, case_id=case_id, shipments=made)
    async with database.session() as session:
        await write_projection(session, RUN, NOW, write)


async def found(database: Database, **filters: object) -> list[tuple[str, int, str]]:
    async with database.reading() as session:
        page = await list_shipments(session, **filters)  # type: ignore[arg-type] # each filter has a type of its own
    return [(one.case_id, one.shipment.no, one.shipment.state.value) for one in page.items]


async def test_a_shipment_changes_with_its_case_and_comes_back_as_it_was(database: Database) -> None:
    await put(database, shipment())
    arrived = shipment(state="received", received_at=NOW, condition="Box dented")
    await put(database, arrived, shipment(2, direction="out", state="sent", sent_at=NOW), revision=2)
    assert await found(database) == [(CASE, 2, "sent"), (CASE, 1, "received")]
    async with database.reading() as session:
        assert (await list_shipments(session)).items[1].shipment == arrived


async def test_lists_are_narrowed_by_direction_state_and_words(database: Database) -> None:
    await put(database, shipment(), shipment(2, direction="out", state="lost"))
    await put(database, shipment(tracking_number="XK 9"), number=2)
    assert await found(database, direction=Direction.OUT) == [(CASE, 2, "lost")]
    assert await found(database, state=ShipmentState.AWAITED, q="prova") == [
        (number_of(2), 1, "awaited"),
        (CASE, 1, "awaited"),
    ]
    assert await found(database, q="xk") == [(number_of(2), 1, "awaited")]
    assert await found(database, case_id=CASE, q="sn-7 tn-1") == [(CASE, 1, "awaited")]
    assert await found(database, q="%") == []


async def test_a_case_is_found_by_the_number_of_its_shipment(database: Database) -> None:
    await put(database, shipment(tracking_number="ZZ-4711"))
    async with database.reading() as session:
        assert [one.case_id for one in (await list_cases(session, q="zz-4711")).items] == [CASE]


async def test_a_list_goes_on_where_it_stopped(database: Database) -> None:
    for number in (1, 2):
        await put(database, shipment(), shipment(2), shipment(3), number=number)
    seen: list[tuple[str, int]] = []
    cursor: str | None = None
    async with database.reading() as session:
        for _ in range(3):
            page = await list_shipments(session, cursor=cursor, limit=2)
            seen += [(one.case_id, one.shipment.no) for one in page.items]
            cursor = page.next
        with pytest.raises(BadCursor):
            await list_shipments(session, cursor="WyJ0YXNrcyIsMSwiYSJd")
    assert cursor is None
    assert seen == [(number_of(number), no) for number in (2, 1) for no in (3, 2, 1)]
