"""What the workflow would refuse later is refused at once, beside the field it is about."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.forms import form_of, settling
from domain.case import ConsentGiven
from domain.plan import Resolution
from domain.tasks.parts import CostLine
from tests.api.house import CONTACTED, House, paths, problem

PLAN = "rapid-response"
ENTERED = {"kind": "parts", "text": "Blade", "amount": "120.00"}
PART = ENTERED | {"payer": "customer"}
SETTLED = {"cost_list": "Handed over", "payment": "nothing_due"}
PAID = {**SETTLED, "payment": "paid", "reference": "Receipt 7"}


@pytest.fixture
async def case(house: House) -> str:
    return await house.open()


@pytest.fixture
def fewer_ways(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of the house offers visits alone."""
    less = house.parts.plans[PLAN].model_copy(update={"resolutions": (Resolution.REMOTE, Resolution.ON_SITE)})
    fitting = less.model_copy(update={"tasks": {name: less.tasks[name] for name in less.tasks_met}})
    monkeypatch.setitem(house.parts.plans, PLAN, fitting)


async def offer(house: House, case: str, key: str, role: str, **changes: Any) -> str:
    await house.engine.offer(case, key, role, **changes)
    return f"{case}.{key}"


async def test_a_settlement_is_of_what_the_customer_owes(house: House, case: str) -> None:
    house.engine.books[case].state.costs = (CostLine.model_validate(PART),)
    task = await offer(house, case, "settlement", "engineer")
    unpaid = await house.complete("wang.lei", task, SETTLED)
    assert paths(unpaid) == {"outcome.payment"}
    assert "120.00 CNY" in unpaid.json()["detail"]
    assert paths(await house.complete("wang.lei", task, {**PAID, "amount": "20.00"})) == {"outcome.amount"}
    assert (await house.complete("wang.lei", task, {**PAID, "amount": "120.00"})).status_code == 200


async def test_nothing_is_due_when_the_customer_bears_nothing(house: House, case: str) -> None:
    house.engine.books[case].state.costs = (CostLine.model_validate(PART | {"payer": "company"}),)
    task = await offer(house, case, "settlement", "engineer")
    assert paths(await house.complete("wang.lei", task, {**PAID, "amount": "120.00"})) == {"outcome.amount"}
    assert (await house.complete("wang.lei", task, SETTLED)).status_code == 200


@pytest.mark.usefixtures("fewer_ways")
async def test_a_way_that_the_plan_does_not_offer_is_neither_shown_nor_taken(house: House, case: str) -> None:
    call = await offer(house, case, "engineer_call", "engineer")
    decide = await offer(house, case, "special_case", "general_manager")
    forms = [
        (await house.get("zhou", f"/tasks/{call}")).json()["form"],
        *(one["form"] for one in (await house.get("gao", "/tasks?role=general_manager")).json()["items"]),
    ]
    shown = [form["$defs"][name]["oneOf"] for form, name in zip(forms, ("ServiceMethod", "Way"), strict=True)]
    assert [[way["const"] for way in ways] for ways in shown] == [["on_site"]] * 2
    agreed = {"reached": "yes", "method": "factory_return"}
    assert paths(await house.complete("zhou", call, agreed)) == {"outcome.method"}
    routed = {"decision": "route", "route": "factory_return", "reason": "Nobody can visit"}
    assert paths(await house.complete("gao", decide, routed)) == {"outcome.route"}
    assert (await house.complete("gao", decide, routed | {"route": "on_site"})).status_code == 200


async def test_the_factory_repairs_at_the_customers_cost_only_with_consent(house: House, case: str) -> None:
    task = await offer(house, case, "factory_inspection", "factory")
    done = {"result": "repaired", "report": "New blade", "costs": [ENTERED], "warranty": "out"}
    assert paths(await house.complete("fang", task, done)) == {"outcome.costs"}
    assert paths(await house.complete("fang", task, done | {"warranty": "unknown"})) == {"outcome.costs"}
    covered = {"warranty": "in", "conditions_of_use": "met", "responsibility": "product"}
    assert (await house.complete("fang", task, done | covered)).status_code == 200


async def test_who_bears_a_cost_is_not_for_the_person_who_enters_it(house: House, case: str) -> None:
    task = await offer(house, case, "factory_inspection", "factory")
    done = {"result": "needs_consent", "report": "Worn", "proposal": "New blade", "costs": [PART]}
    assert paths(await house.complete("fang", task, done)) == {"outcome.costs.0.payer"}


async def test_work_does_not_lie_before_the_consent_to_it(house: House, case: str) -> None:
    book = house.engine.books[case]
    begun, agreed = book.state.applied_at + timedelta(milliseconds=1), house.parts.now()
    book.state.consents = (ConsentGiven(at=agreed, given_by="Chen Yu", amount=Decimal(0), task="confirm_plan"),)
    task = await offer(house, case, "site_repair", "engineer")
    repaired = {"result": "solved", "work_done": "New blade", "instructions": "Oil it"}
    early = await house.complete("wang.lei", task, repaired, happened_at=begun.isoformat())
    assert paths(early) == {"happened_at"}
    assert (await house.complete("wang.lei", task, repaired)).status_code == 200


async def test_the_factorys_word_entered_by_others_names_who_said_it(house: House, case: str) -> None:
    task = await offer(house, case, "factory_receipt", "customer_service")
    received = {"result": "received", "condition": "Box dented"}
    assert paths(await house.complete("lin", task, received)) == {"on_behalf_of"}
    behalf = {"party": "factory", "name": "Fang Wei", "evidence": "Mail of this morning"}
    assert (await house.complete("lin", task, received, on_behalf_of=behalf)).status_code == 200


async def test_nobody_judges_a_task_that_they_hold(house: House, case: str) -> None:
    await house.post("lin", f"/tasks/{case}.contact_customer/claim")
    task = await offer(house, case, "acknowledge_breach", "customer_service", about="contact_customer")
    known = {"measures": "Help is on its way"}
    assert "somebody else" in problem(await house.complete("lin", task, known), 403)["detail"]
    assert (await house.complete("bai", task, known)).status_code == 200


async def test_nobody_judges_a_task_that_they_did_or_a_case_that_they_put_up(house: House, case: str) -> None:
    await house.complete("lin", f"{case}.contact_customer", CONTACTED)
    about = await offer(house, case, "acknowledge_breach", "customer_service", about="contact_customer")
    known = {"measures": "Help is on its way"}
    problem(await house.complete("lin", about, known, "s-2"), 403)
    asked = await offer(house, case, "special_case", "general_manager", asked_by="gao")
    problem(await house.complete("gao", asked, {"decision": "go_on", "reason": "It is fine"}, "s-3"), 403)
    assert (
        await house.complete("admin", asked, {"decision": "go_on", "reason": "It is fine"}, "s-4")
    ).status_code == 200


def test_the_form_of_a_settlement_says_what_is_owed() -> None:
    declared = form_of("settlement", ())
    paid, free = settling(declared, Decimal("86.5")), settling(declared, Decimal(0))
    assert [one["const"] for one in paid["$defs"]["Payment"]["oneOf"]] == ["paid"]
    assert paid["properties"]["amount"]["const"] == "86.50"
    assert [one["const"] for one in free["$defs"]["Payment"]["oneOf"]] == ["nothing_due"]
