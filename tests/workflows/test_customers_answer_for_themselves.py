"""A customer who answers on their own page is on record as who did it; what is ours is not taken from them."""

from __future__ import annotations

from typing import Any

import pytest

from domain.events import customer
from tests.support.ways import walk_to
from tests.workflows.conftest import Opener

WEN = customer("Wen Li")
GIVEN: dict[str, Any] = {"given_by": "Wen Li", "evidence": "Wen Li, on the customer's own page, by the tracking link."}


@pytest.mark.clause("R6", "X8", "X9")
async def test_the_customers_own_consent_is_recorded_as_theirs(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "confirm_plan")
    await scene.do("confirm_plan", by=WEN, decision="confirmed", **GIVEN)
    done = (await scene.event("completed", "confirm_plan")).actor
    assert (done.user, done.name, done.role) == ("@customer", "Wen Li", "customer")
    assert (await scene.state()).consents[-1].given_by == "Wen Li"
    await scene.task("site_repair")


@pytest.mark.clause("R6", "X12")
async def test_a_customer_who_declines_on_their_page_ends_the_work(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "confirm_plan")
    await scene.do("confirm_plan", by=WEN, decision="declined", **GIVEN)
    await scene.rest()
    assert "site_repair" not in await scene.open_tasks()


@pytest.mark.clause("X8")
async def test_a_task_of_ours_is_not_taken_from_a_customer(open_case: Opener) -> None:
    scene = await open_case()
    task = await scene.task("contact_customer")
    await scene.submit(task.activity_id or "", by=WEN, reached="yes", requirement="Repair it")
    refused = await scene.event("outcome_refused", "contact_customer")
    assert "not the customer's to do" in refused.data["reason"]
    assert (await scene.task("contact_customer")).is_open


@pytest.mark.clause("X8", "X10")
async def test_an_answer_that_is_ours_to_give_is_not_taken_from_a_customer(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "confirm_plan")
    task = await scene.task("confirm_plan")
    await scene.submit(task.activity_id or "", by=WEN, decision="no_answer")
    assert "not the customer's to give" in (await scene.event("outcome_refused", "confirm_plan")).data["reason"]
    assert (await scene.task("confirm_plan")).attempts == 0


@pytest.mark.clause("X5", "X8")
async def test_a_customer_withdraws_by_themselves(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.say("withdraw", by=WEN, reason="Bought another", told_by="Wen Li", evidence=GIVEN["evidence"])
    assert (await scene.end()).result == "withdrawn"
    assert (await scene.event("withdrawn")).actor.role == "customer"
