"""Where mail is set up, the plan's notices go to customers and colleagues; who cannot be mailed is called."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.worker import WorkflowRunner

from domain.notices import Audience, NoticeKind, NoticeOrder
from tests.support.people import (
    NOT_COVERED,
    confirmed,
    contacted,
    dispatched,
    finished,
    repaired_on_site,
    solved_remotely,
    visited,
)
from tests.support.people_trading import solution_mailed
from tests.support.scene import APPLICATION, Memory, Scene
from tests.support.ways import published, walk_to
from tests.workflows.conftest import Opener
from workflows import runner


@pytest.fixture
def run_by() -> WorkflowRunner:
    """The sandbox: the histories of notices are replayed nowhere else."""
    return runner()


MAILED = {**APPLICATION["customer"], "email": "chen.yu@example.com", "language": "en"}


async def opened(open_case: Opener, **more: Any) -> Scene:
    return await open_case(notices=True, customer=MAILED, **more)


async def notice(memory: Memory, kind: NoticeKind) -> NoticeOrder:
    """Waits until a notice was handed to the mail server and returns it."""
    for _ in range(500):
        found = [order for order in memory.notices if order.kind is kind]
        if found:
            return found[-1]
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {kind} was sent, only {[order.kind for order in memory.notices]}")


async def test_a_customer_is_told_what_concerns_them_from_the_request_to_the_end(
    open_case: Opener, memory: Memory
) -> None:
    scene = await opened(open_case)
    received = await notice(memory, NoticeKind.RECEIVED)
    assert (received.to, received.language, received.number) == ("chen.yu@example.com", "en", scene.case_id)
    await dispatched(scene, "on_site")
    appointment = await notice(memory, NoticeKind.APPOINTMENT)
    assert appointment.instants["appointment"] == (await scene.state()).appointment
    await visited(scene)
    assert (await notice(memory, NoticeKind.QUOTATION)).files == (), "at no cost there is no quotation"
    await confirmed(scene)
    await repaired_on_site(scene)
    await finished(scene)
    assert (await scene.end()).result == "resolved"
    closed = await notice(memory, NoticeKind.CLOSED)
    assert closed.texts["result"] == "resolved"
    ordered = [event.data["notice"] for event in await scene.events() if event.kind == "notice_ordered"]
    assert len(ordered) == len(set(ordered)) == len(memory.notices), "each once"


@pytest.mark.clause("X9")
async def test_who_is_asked_to_bear_costs_gets_the_quotation_with_the_mail_and_only_once(
    open_case: Opener, memory: Memory
) -> None:
    scene = await opened(open_case)
    await dispatched(scene, "on_site")
    costs = [{"kind": "parts", "text": "Bearing 6204", "amount": "86.50"}]
    await visited(scene, **NOT_COVERED, costs=costs)
    quotation = await notice(memory, NoticeKind.QUOTATION)
    papers = [one for one in (await scene.state()).documents if one.kind == "quotation"]
    assert quotation.files == tuple(one.file for one in papers if one.language == "en")
    assert quotation.amounts["costs"] == "86.50"
    await confirmed(scene)
    await scene.task("site_repair")
    assert len(papers) > 1, "it is made in several languages"
    assert [order.kind for order in memory.notices].count(NoticeKind.QUOTATION) == 1


async def test_without_a_mail_server_nothing_is_ordered(open_case: Opener, memory: Memory) -> None:
    scene = await open_case(customer=MAILED)
    await contacted(scene)
    await solved_remotely(scene)
    await finished(scene)
    await scene.end()
    assert memory.notices == []
    assert "notice_ordered" not in {event.kind for event in await scene.events()}


@pytest.mark.clause("X1")
async def test_reminder_and_missed_deadline_are_told_to_the_holder_and_the_superior(
    open_case: Opener, memory: Memory
) -> None:
    scene = await opened(open_case)
    await scene.task("contact_customer")
    await scene.advance(hours=12, seconds=1)
    await scene.task("acknowledge_breach")
    reminder, missed = await notice(memory, NoticeKind.REMINDER), await notice(memory, NoticeKind.MISSED)
    assert (reminder.audience, reminder.roles) == (Audience.HOLDER, ("customer_service",))
    assert (missed.audience, missed.roles) == (Audience.SUPERIOR, ("service_manager",))
    assert missed.texts["task"] == "Contact the customer"
    assert missed.to is None, "a colleague's notice never goes to the customer"


@pytest.mark.clause("X3")
async def test_the_panel_is_told_of_a_special_case(open_case: Opener, memory: Memory) -> None:
    scene = await opened(open_case)
    await scene.say("escalate", reason="The customer threatens to sue")
    special = await notice(memory, NoticeKind.SPECIAL_CASE)
    assert (special.roles, special.texts["reason"]) == (("general_manager",), "The customer threatens to sue")


@pytest.mark.clause("R7")
async def test_who_has_no_address_is_called_about_what_they_must_know(open_case: Opener, memory: Memory) -> None:
    scene = await open_case(notices=True)
    await walk_to(scene, "factory_receipt")
    call = await scene.task("tell_customer")
    assert (call.role, call.reason) == ("customer_service", "How to send the item in: no e-mail address is known")
    assert NoticeKind.RETURN_INSTRUCTIONS not in {order.kind for order in memory.notices}
    await scene.do("tell_customer", reached="yes", told="Address and packing")
    assert "tell_customer" not in await scene.open_tasks()
    assert "factory_receipt" in await scene.open_tasks(), "nothing else waits for the call"


@pytest.mark.clause("R7")
async def test_whose_address_refuses_mail_is_called(open_case: Opener, memory: Memory) -> None:
    memory.undeliverable = {NoticeKind.RETURN_INSTRUCTIONS}
    scene = await opened(open_case)
    await walk_to(scene, "factory_receipt")
    call = await scene.task("tell_customer")
    assert call.reason == "How to send the item in: 550 no such mailbox"
    assert (await scene.event("notice_undelivered")).data["kind"] == "return_instructions"
    assert [given_up.reason for given_up in memory.given_up] == ["550 no such mailbox"]


async def test_a_notice_that_nobody_ordered_is_not_undelivered(open_case: Opener) -> None:
    scene = await opened(open_case)
    await scene.say("undelivered", notice="notice-9", kind="progress", reason="made up")
    assert (await scene.event("message_refused")).data["reason"] == "no such notice was ordered"


@pytest.mark.clause("T7")
async def test_the_solution_is_mailed_as_it_was_written_with_its_files(open_case: Opener, memory: Memory) -> None:
    scene = await opened(open_case, plan=published("factory-direct"), channel="email")
    await walk_to(scene, "email_solution", "factory-direct")
    await solution_mailed(scene, text="Turn the valve to the left")
    solution = await notice(memory, NoticeKind.SOLUTION)
    assert (solution.texts["told"], solution.files) == ("Turn the valve to the left", ("F-0123456789ABCDEF",))
    assert solution.call
