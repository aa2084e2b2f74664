"""Products and customers are found by part of a number, in any spelling, in any script, the newest first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import Customer, Product
from store.projection import write_projection
from store.queries.paging import BadCursor
from store.queries.registry import list_customers, list_products
from store.registry import Registration, change_product, keep_customer, register_product
from store.sessions import Database
from tests.store.making import NOW, RUN, whole


async def _register(database: Database, serial: str, customer: Customer, days: int = 0, model: str = "AX-200") -> str:
    at = NOW + timedelta(days=days)
    async with database.session() as session:
        owner = await keep_customer(session, customer, at)
        registration = Registration(Product(model=model, serial_number=serial), owner)
        return await register_product(session, registration, by="lin", at=at)


async def _products(database: Database, q: str) -> list[str]:
    async with database.reading() as session:
        return [one.serial_number for one in (await list_products(session, q=q)).items]


async def _customers(database: Database, q: str) -> list[str]:
    async with database.reading() as session:
        return [one.customer.name for one in (await list_customers(session, q=q)).items]


@pytest.mark.parametrize(
    "query",
    [
        "AX2-00417-B",
        "ax200417b",
        "00417",
        "417b",
        "X2-00417",
        "ａｘ２-００４１７",
        "acme 417-B",
        "+86 21 5555-0101",
    ],
)
async def test_a_product_is_found_by_any_part_of_its_serial_number_and_by_its_customer(
    database: Database, query: str
) -> None:
    await _register(database, "AX2-00417-B", Customer(name="Acme", phone="0086 (21) 5555 0101"))
    await _register(database, "ZZ-9", Customer(name="Zeta", phone="+39 02 7654 3210"))
    assert await _products(database, query) == ["AX2-00417-B"]


async def test_customers_are_found_by_name_person_region_and_telephone(database: Database) -> None:
    await _register(database, "S-1", Customer(name="杭州纺织有限公司", contact_name="Wang Fang", region="浙江"))
    await _register(database, "S-2", Customer(name="Officine Modena", email="ufficio@example.com", phone="059 123456"))
    assert await _customers(database, "纺织") == ["杭州纺织有限公司"]
    assert await _customers(database, "wang 浙江") == ["杭州纺织有限公司"]
    assert await _customers(database, "mode") == ["Officine Modena"]
    assert await _customers(database, "ufficio") == ["Officine Modena"]
    assert await _customers(database, "059-123456") == ["Officine Modena"]
    assert await _customers(database, "officine wang") == []


async def test_what_was_changed_is_found_by_what_it_is_now(database: Database) -> None:
    product = await _register(database, "S-1", Customer(name="Acme"))
    async with database.session() as session:
        owner = await keep_customer(session, Customer(name="Brixton"), NOW)
        changes = {"model": "CV-12", "customer_id": owner}
        await change_product(session, product, changes, verified=None, by="lin", at=NOW)
    assert await _products(database, "cv-12 brixton") == ["S-1"]
    assert await _products(database, "acme") == await _products(database, "ax-200") == []


async def test_what_a_case_registers_is_found(database: Database) -> None:
    async with database.session() as session:
        await write_projection(session, RUN, NOW, whole())
        await write_projection(session, RUN, NOW, whole(2))
    assert await _products(database, "lathe 55550101") == ["SN-100%_1"]
    assert await _customers(database, "acme shanghai") == ["Acme"]


async def test_the_newest_come_first_and_a_search_goes_on_where_it_stopped(database: Database) -> None:
    for day in (2, 0, 1):
        await _register(database, f"SN-{day}", Customer(name=f"Acme {day}"), day)
    seen: list[str] = []
    cursor: str | None = None
    async with database.reading() as session:
        for _ in range(3):
            page = await list_products(session, q="acme", cursor=cursor, limit=1)
            seen, cursor = seen + [one.serial_number for one in page.items], page.next
        first = await list_customers(session, q="acme", limit=2)
        rest = await list_customers(session, q="acme", limit=2, cursor=first.next)
        assert (seen, cursor) == (["SN-2", "SN-1", "SN-0"], None)
        assert [one.customer.name for one in (*first.items, *rest.items)] == ["Acme 2", "Acme 1", "Acme 0"]
        with pytest.raises(BadCursor):
            await list_products(session, q="acme", cursor=first.next)
