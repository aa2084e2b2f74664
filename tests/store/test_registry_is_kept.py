from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.case import Customer, Product, Result, TaskState, TaskStatus
from domain.warranty import WarrantyTerms
from store.projection import write_projection
from store.queries.card import card_of
from store.queries.paging import BadCursor
from store.queries.registry import (
    changes_of,
    contracts_of,
    find_product,
    list_contracts,
    list_customers,
    list_products,
    list_terms,
    terms_of,
)
from store.registry import (
    ManualEntry,
    NewContract,
    Registration,
    RegistryUnknown,
    Taken,
    add_card_entry,
    add_contract,
    change_product,
    file_signed_contract,
    keep_customer,
    register_product,
    set_terms,
)
from store.sessions import Database
from tests.store.making import NOW, RUN, WEI, number_of, task, whole


async def _register(database: Database, serial: str, customer: str | None = None, minute: int = 0) -> str:
    async with database.session() as session:
        at = NOW + timedelta(minutes=minute)
        owner = await keep_customer(session, Customer(name=customer), at) if customer else None
        product = Product(model="AX-200", serial_number=serial)
        return await register_product(session, Registration(product, owner), by="lin", at=at)


async def test_a_serial_number_is_registered_once(database: Database) -> None:
    product_id = await _register(database, "SN-1")
    with pytest.raises(Taken, match=product_id):
        await _register(database, "sn-1")


async def test_a_change_keeps_what_was_and_the_same_again_is_none(database: Database) -> None:
    product_id = await _register(database, "SN-1")
    changes: dict[str, Any] = {"delivery_date": date(2025, 1, 2), "model": "AX-210"}
    async with database.session() as session:
        assert await change_product(session, product_id, changes, verified=False, by="mei", at=NOW)
        assert not await change_product(session, product_id, changes, verified=None, by="mei", at=NOW)
    async with database.reading() as session:
        (change,) = await changes_of(session, product_id)
        found = await list_products(session, q="ax-210")
    assert change.by == "mei"
    assert set(change.changes) == {
        ("delivery_date", None, "2025-01-02"),
        ("model", "AX-200", "AX-210"),
        ("verified", True, False),
    }
    assert [one.product_id for one in found.items] == [product_id]
    async with database.session() as session:
        with pytest.raises(RegistryUnknown):
            await change_product(session, "P-000000000000", changes, verified=None, by="mei", at=NOW)


async def test_products_are_found_by_serial_model_and_customer_and_pages_join(database: Database) -> None:
    ids = [await _register(database, f"SN-{number}", f"Works {number % 2}", number // 2) for number in range(5)]
    async with database.reading() as session:
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = await list_products(session, cursor=cursor, limit=2)
            seen, cursor = seen + [one.product_id for one in page.items], page.next
            if cursor is None:
                break
        assert sorted(seen) == sorted(ids)
        assert len(seen) == 5
        by_both = await list_products(session, q="works 0 sn-2")
        assert [one.serial_number for one in by_both.items] == ["SN-2"]
        assert (await list_products(session, q="%")).items == ()
        owner = by_both.items[0].customer
        assert owner is not None
        of_one = await list_products(session, customer_id=owner.customer_id)
        assert {one.serial_number for one in of_one.items} == {"SN-0", "SN-2", "SN-4"}
        assert [one.customer.name for one in (await list_customers(session, q="works 1")).items] == ["Works 1"]
        with pytest.raises(BadCursor):
            await list_customers(session, cursor=(await list_products(session, limit=1)).next)
        for name in ("\0", "\ud800", "P-", "", "%"):
            assert await find_product(session, name) is None


async def test_the_same_name_in_another_region_is_another_customer(database: Database) -> None:
    async with database.session() as session:
        first = await keep_customer(session, Customer(name="Acme", region="Zhejiang"), NOW)
        again = await keep_customer(session, Customer(name="ACME ", region="zhejiang", phone="123"), NOW)
        other = await keep_customer(session, Customer(name="Acme", region="Anhui"), NOW)
    assert first == again != other


async def test_terms_of_a_model_are_replaced_by_newer_ones(database: Database) -> None:
    async with database.session() as session:
        await set_terms(session, "AX-200", WarrantyTerms(months=12), by="gao", at=NOW)
        await set_terms(session, "ax-200", WarrantyTerms(months=24, voids=("Misuse",)), by="gao", at=NOW)
        await set_terms(session, "CV-12", WarrantyTerms(months=6), by="gao", at=NOW)
    async with database.reading() as session:
        found = await terms_of(session, " AX-200 ")
        assert found is not None
        assert found.terms == WarrantyTerms(months=24, voids=("Misuse",))
        assert [one.terms.months for one in await list_terms(session)] == [24, 6]
        assert await terms_of(session, "TC-9") is None


async def test_a_contract_number_is_used_once_and_its_signed_paper_filed_once(database: Database) -> None:
    async with database.session() as session:
        owner = await keep_customer(session, Customer(name="Acme"), NOW)
        contract = NewContract("SC-1", owner, (), date(2026, 1, 1), date(2026, 12, 31), None, None)
        contract_id = await add_contract(session, contract, by="lin", at=NOW)
    async with database.session() as session:
        with pytest.raises(Taken, match=contract_id):
            await add_contract(session, contract, by="lin", at=NOW)
        assert await file_signed_contract(session, contract_id, "F-1")
        assert await file_signed_contract(session, contract_id, "F-1")
        assert not await file_signed_contract(session, contract_id, "F-2")
        with pytest.raises(RegistryUnknown):
            await file_signed_contract(session, "S-1", "F-1")
    async with database.reading() as session:
        (found,) = await contracts_of(session, owner)
        assert (found.signed_file, found.as_promise().signed) == ("F-1", True)
        assert (await list_contracts(session, customer_id=owner)).items == (found,)
        assert (await list_contracts(session, customer_id="K-none")).items == ()


def _done(kind: str, outcome: dict[str, Any], hours: int) -> TaskState:
    at = NOW + timedelta(hours=hours)
    done = {
        "by": WEI, "happened_at": at, "entered_at": at, "on_behalf_of": None, "submission_id": "s",
        "kept": True, "late_entry": False,
    }  # fmt: skip
    return task(kind, status=TaskStatus.COMPLETED, outcome=outcome, done=done, ended_at=at)


async def test_the_card_tells_every_earlier_repair_from_its_cases_and_by_hand(database: Database) -> None:
    product_id = await _register(database, "SN-100%_1")
    repaired = (
        _done("contact_customer", {"reached": "yes", "requirement": "Repair"}, 1),
        _done("site_repair", {"result": "part_missing", "missing_parts": "bearing"}, 2),
        _done("site_repair-2", {"result": "solved", "work_done": "Bearing replaced", "repair_hours": "1.50"}, 20),
    )
    costs = ({"kind": "parts", "text": "bearing 6204", "amount": "10.00", "payer": "company"},)
    inspected = _done("factory_inspection", {"result": "repaired", "report": "Spindle straightened"}, 30)
    refused = _done("factory_inspection", {"result": "not_repairable", "report": "Broken"}, 40)
    async with database.session() as session:
        for number, tasks in enumerate((repaired, (inspected,), (refused,)), start=1):
            ended: dict[str, Any] = {"result": Result.RESOLVED, "status": "closed"} if number == 1 else {}
            write = whole(case_id=number_of(number), tasks=tasks, costs=costs if number == 1 else (), **ended)
            await write_projection(session, RUN, NOW, write)
        entry = ManualEntry("E-1", product_id, date(2020, 5, 4), "Belt changed", minutes=45, done_by="Old Wang")
        await add_card_entry(session, entry, by="lin", at=NOW)
        await add_card_entry(session, entry, by="mei", at=NOW)
    async with database.reading() as session:
        product = await find_product(session, product_id)
        assert product is not None
        factory, site, by_hand = await card_of(session, product)
        assert len(await card_of(session, product, without=number_of(1))) == 2
    assert (factory.work, factory.open) == (("Spindle straightened",), True)
    assert (site.work, site.parts, site.hours) == (("Bearing replaced",), ("bearing 6204",), Decimal("1.50"))
    assert (site.repaired_on, site.done_by, site.result) == (date(2026, 11, 24), "Wei Li", "resolved")
    assert (by_hand.manual, by_hand.hours, by_hand.entered_by) == (True, Decimal("0.75"), "lin")
