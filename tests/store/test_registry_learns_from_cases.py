from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.case import Application, TaskState, TaskStatus
from store.projection import write_projection
from store.queries.card import card_of, cases_of
from store.queries.registry import (
    RegisteredProduct,
    changes_of,
    contracts_of,
    facts_of,
    find_product,
    list_contracts,
    list_customers,
    list_products,
)
from store.rebuild import clear_projection
from store.registry import change_product
from store.registry_rows import Origin
from store.sessions import Database
from tests.store.making import NOW, RUN, WEI, application, case, number_of, part, task, whole


def _asked(serial: str | None = "SN-1", customer: str = "Acme", **product: Any) -> Application:
    usual = application(name=customer).model_dump()
    return Application.model_validate(usual | {"product": {"model": "Lathe 200", "serial_number": serial, **product}})


async def _put(database: Database, number: int, asked: Application, tasks: tuple[TaskState, ...] = ()) -> None:
    async with database.session() as session:
        write = whole(case_id=number_of(number), application=asked, opened_at=NOW, tasks=tasks)
        await write_projection(session, RUN, NOW, write)


async def _product(database: Database, name: str) -> RegisteredProduct:
    async with database.reading() as session:
        found = await find_product(session, name)
    assert found is not None
    return found


def _done(kind: str, outcome: dict[str, Any]) -> TaskState:
    done = {
        "by": WEI, "happened_at": NOW, "entered_at": NOW, "on_behalf_of": None, "submission_id": "s",
        "kept": True, "late_entry": False,
    }  # fmt: skip
    return task(kind, status=TaskStatus.COMPLETED, outcome=outcome, done=done, ended_at=NOW)


def _sent(**outcome: str) -> TaskState:
    return _done("send_replacement", {"item": "Lathe 210", "serial_number": "SN-2", "carrier": "SF", **outcome})


async def test_an_unknown_serial_number_is_registered_with_its_customer(database: Database) -> None:
    await _put(database, 1, _asked(delivery_date="2025-03-01", specification="220 V"))
    product = await _product(database, "sn-1")
    assert (product.model, product.delivery_date, product.specification) == ("Lathe 200", date(2025, 3, 1), "220 V")
    assert (product.origin, product.case_id, product.verified_by) == (Origin.APPLICATION, number_of(1), None)
    assert product.customer is not None
    assert product.customer.customer.name == "Acme"
    assert await _product(database, product.product_id) == product


async def test_a_known_one_stays_as_the_desk_left_it_whatever_a_later_request_says(database: Database) -> None:
    await _put(database, 1, _asked(delivery_date="2025-03-01"))
    first = await _product(database, "SN-1")
    async with database.session() as session:
        changes = {"delivery_date": date(2025, 4, 1)}
        assert await change_product(session, first.product_id, changes, verified=True, by="lin", at=NOW)
    await _put(database, 2, _asked(" ＳＮ-1", customer="Somebody Else", delivery_date="2026-01-01"))
    later = await _product(database, "SN-1")
    assert (later.delivery_date, later.verified_by, later.customer) == (date(2025, 4, 1), "lin", first.customer)
    async with database.reading() as session:
        assert [one.case_id for one in await cases_of(session, "sn-1")] == [number_of(2), number_of(1)]


async def test_a_request_without_a_serial_number_registers_the_customer_alone(database: Database) -> None:
    await _put(database, 1, _asked(None))
    await _put(database, 2, _asked("\u200b"))
    async with database.reading() as session:
        assert (await list_products(session)).items == ()
        assert [one.customer.name for one in (await list_customers(session)).items] == ["Acme"]


async def test_a_rebuild_registers_nothing_twice_and_loses_nothing(database: Database) -> None:
    await _put(database, 1, _asked())
    before = await _product(database, "SN-1")
    async with database.session() as session:
        await clear_projection(session)
    await _put(database, 1, _asked())
    assert await _product(database, "SN-1") == before
    async with database.reading() as session:
        assert len((await list_products(session)).items) == 1


async def test_what_was_sent_as_a_replacement_is_registered_in_the_place_of_the_first(database: Database) -> None:
    await _put(database, 1, _asked(delivery_date="2025-03-01"))
    async with database.session() as session:
        state = case(number_of(1), application=_asked())
        await write_projection(
            session, RUN, NOW + timedelta(1), part(2, tasks=(_sent(),), case_id=state.case_id, application=_asked())
        )
    sent = await _product(database, "SN-2")
    first = await _product(database, "SN-1")
    assert (sent.model, sent.origin, sent.replaces) == ("Lathe 210", Origin.REPLACEMENT, first.product_id)
    assert sent.delivery_date is None
    async with database.reading() as session:
        facts = await facts_of(session, sent)
    assert facts.replaces is not None
    assert (facts.replaces.serial_number, facts.replaces.delivery_date) == ("SN-1", date(2025, 3, 1))


async def test_a_replacement_that_bears_the_same_number_replaces_nothing(database: Database) -> None:
    await _put(database, 1, _asked(), (_sent(serial_number="sn-1"),))
    assert (await _product(database, "SN-1")).replaces is None


async def test_a_row_of_replacements_that_closes_in_itself_ends(database: Database) -> None:
    await _put(database, 1, _asked("SN-1"), (_sent(serial_number="SN-2"),))
    first, second = await _product(database, "SN-1"), await _product(database, "SN-2")
    async with database.session() as session:
        await change_product(session, first.product_id, {"replaces": second.product_id}, verified=None, by="x", at=NOW)
    async with database.reading() as session:
        facts = await facts_of(session, await _product(database, "SN-1"))
    assert facts.replaces is not None
    assert facts.replaces.replaces is None


async def test_a_contract_signed_in_a_case_is_registered_for_its_product(database: Database) -> None:
    word = {
        "decision": "signed", "number": "SC 1", "valid_from": "2026-01-01", "valid_to": "2026-12-31",
        "signed_by": "Chen", "attachments": ["F-0123456789"],
    }  # fmt: skip
    await _put(database, 1, _asked(), (_done("sign_contract", word),))
    await _put(database, 2, _asked(customer="Other"), (_done("sign_contract", word | {"valid_to": "2030-12-31"}),))
    await _put(database, 3, _asked(), (_done("sign_contract", {"decision": "declined", "reason": "No"}),))
    product = await _product(database, "SN-1")
    assert product.customer is not None
    async with database.reading() as session:
        (contract,) = await contracts_of(session, product.customer.customer_id)
        assert len((await list_contracts(session)).items) == 1
    assert (contract.number, contract.valid_to, contract.created_by) == ("SC 1", date(2026, 12, 31), "wei")
    assert contract.as_promise().signed
    assert contract.serial_numbers == ("SN-1",)


def _verified(**outcome: str) -> TaskState:
    told = {"result": "verified", "model": "Lathe 210", "specification": "400 V", "delivery_date": "2025-02-01"}
    return _done("verify_product", {**told, **outcome})


async def test_what_was_verified_in_a_case_stands_in_the_register_with_who_checked_it(database: Database) -> None:
    await _put(database, 1, _asked(delivery_date="2025-03-01"), (_verified(),))
    product = await _product(database, "SN-1")
    assert (product.model, product.delivery_date, product.specification) == ("Lathe 210", date(2025, 2, 1), "400 V")
    assert (product.verified_by, product.verified_at, product.version) == (WEI.user, NOW, 2)
    async with database.reading() as session:
        [change] = await changes_of(session, product.product_id)
    assert ("delivery_date", "2025-03-01", "2025-02-01") in change.changes


async def test_a_verification_is_written_once_and_a_later_one_leaves_it(database: Database) -> None:
    await _put(database, 1, _asked(), (_verified(),))
    await _put(database, 1, _asked(), (_verified(),))
    await _put(database, 2, _asked(), (_verified(delivery_date="2020-01-01"),))
    product = await _product(database, "SN-1")
    assert (product.delivery_date, product.version) == (date(2025, 2, 1), 2)


@pytest.mark.clause("M7")
async def test_a_product_whose_number_was_read_at_the_repair_has_its_card_for_the_next(database: Database) -> None:
    card = _done("warranty_card_entry", {"serial_number": "SN-7", "hours": "1.5", "operations": "Contactor replaced"})
    async with database.session() as session:
        first = whole(case_id=number_of(1), application=_asked(None), opened_at=NOW, tasks=(card,), serial_found="SN-7")
        await write_projection(session, RUN, NOW, first)
    await _put(database, 2, _asked("sn-7"))
    product = await _product(database, "SN-7")
    async with database.reading() as session:
        [entry] = await card_of(session, product, without=number_of(2))
    assert (entry.case_id, entry.work, str(entry.hours)) == (number_of(1), ("Contactor replaced",), "1.5")


async def test_a_serial_number_typed_over_two_lines_is_registered_as_one(database: Database) -> None:
    await _put(database, 1, _asked(), (_verified(serial_number="SN\t\n9"), _sent(serial_number="SN\t8")))
    assert (await _product(database, "SN 9")).verified_by == WEI.user
    assert (await _product(database, "SN 8")).origin is Origin.REPLACEMENT
