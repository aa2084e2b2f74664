"""From the customer's mail to the factory's solution: collected, reported, sent, confirmed, solved (T1 to T4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.people import decided, no_answer
from tests.support.people_trading import (
    FOR_THE_FACTORY,
    asked_for_material,
    closed,
    collected,
    factory_has_it,
    handed_over,
    proposed,
    reported,
    sent,
    session_held,
    time_agreed,
    wished,
)
from tests.workflows.conftest import Opener
from tests.workflows.trading.scenes import at, counted, opened


@pytest.mark.clause("T1")
async def test_sales_collects_and_reports_in_writing(open_case: Opener) -> None:
    scene = await opened(open_case)
    assert (await scene.task("ask_for_material")).role == "sales"
    await collected(scene)
    sending = await scene.task("send_to_factory")
    state = await scene.state()
    assert (state.stage, sending.role) == ("hand_over", "procurement")
    report = (await scene.tasks())["report_problem"].done
    assert report
    assert state.instants["report"] == report.happened_at


@pytest.mark.clause("T1", "X10")
async def test_a_customer_who_sends_nothing_does_not_hold_the_case_for_ever(open_case: Opener) -> None:
    scene = await opened(open_case)
    await asked_for_material(scene)
    await no_answer(scene, "collect_material")
    decision = await scene.task("decide_on_silence")
    assert (decision.role, decision.about) == ("sales_manager", "collect_material")
    await scene.do("decide_on_silence", decision="go_on", reason="The mail says enough")
    await reported(scene)
    await scene.task("send_to_factory")


@pytest.mark.clause("T2")
async def test_sending_and_receipt_are_two_facts_on_record(open_case: Opener) -> None:
    scene = await opened(open_case)
    await collected(scene)
    assert await counted(scene, "send_to_factory") == ("5 min", "report", "T2")
    await sent(scene)
    assert (await scene.state()).support.factory == "Linjiang Machinery"
    await scene.advance(minutes=12)
    received = await scene.now() - timedelta(minutes=2)
    await factory_has_it(scene, happened_at=received)
    await scene.task("propose_solution")
    instants = (await scene.state()).instants
    assert instants["sending"] < instants["information_received"] == received
    confirmed = await scene.event("completed", "factory_confirmation")
    assert confirmed.data["outcome"]["confirmed_by"] == "Zhao Min"


@pytest.mark.clause("T2", "X10")
async def test_a_factory_that_never_confirms_is_put_to_the_panel(open_case: Opener) -> None:
    scene = await opened(open_case)
    await collected(scene)
    await sent(scene)
    await no_answer(scene, "factory_confirmation")
    for word in ("panel_word", "panel_word-2"):
        assert (await scene.task(word)).reason == "The factory does not confirm that it has the information"
        await scene.do(word, advice="go_on", reason="Their office is closed today")
    await decided(scene, "go_on")
    await factory_has_it(scene, key="factory_confirmation-2")
    await scene.task("propose_solution")


@pytest.mark.clause("T3")
async def test_the_customer_is_asked_beside_the_factory(open_case: Opener) -> None:
    scene = await opened(open_case)
    await collected(scene)
    assert {"ask_wishes", "send_to_factory"} <= set(await scene.open_tasks())
    await wished(scene)
    await sent(scene)
    wishes = (await scene.state()).support.wishes
    assert wishes
    assert (wishes.time_wanted, wishes.use) == ("Before Friday", "supplies")


@pytest.mark.clause("T3", "T7")
async def test_the_solution_goes_out_at_once_though_the_customer_was_not_asked_yet(open_case: Opener) -> None:
    scene = await opened(open_case)
    await collected(scene)
    await sent(scene)
    await factory_has_it(scene)
    await proposed(scene, "email")
    assert await counted(scene, "email_solution") == ("15 min", "solution", "T7")
    assert (await scene.task("ask_wishes")).is_open
    await wished(scene)
    await scene.rest()
    wishes = (await scene.state()).support.wishes
    assert wishes and wishes.use == "supplies"
    assert (await scene.task("email_solution")).is_open


@pytest.mark.clause("T3")
async def test_what_was_not_asked_when_it_is_solved_is_not_asked_any_more(open_case: Opener) -> None:
    scene = await opened(open_case)
    await collected(scene)
    await sent(scene)
    await factory_has_it(scene)
    await proposed(scene, "telephone")
    await time_agreed(scene)
    await session_held(scene, "telephone_session")
    await scene.task("acceptance")
    await scene.rest()
    assert (await scene.tasks())["ask_wishes"].status == "obsolete"
    assert await closed(scene) == "resolved"


@pytest.mark.clause("T3", "X10")
async def test_a_customer_who_says_nothing_of_it_can_end_the_case_while_the_solution_is_under_way(
    open_case: Opener,
) -> None:
    scene = await opened(open_case)
    await collected(scene)
    await sent(scene)
    await no_answer(scene, "ask_wishes")
    await scene.do("decide_on_silence", decision="end_unresolved", reason="The number is gone")
    assert (await scene.end()).result == "unresolved"
    assert (await scene.tasks())["factory_confirmation"].status == "obsolete"


@pytest.mark.clause("T4")
async def test_the_factory_has_an_hour_from_its_receipt(open_case: Opener) -> None:
    scene = await at(open_case, "propose_solution")
    solution = await scene.task("propose_solution")
    assert (solution.role, solution.waits_for) == ("factory", "factory")
    assert await counted(scene, "propose_solution") == ("1 h", "information_received", "T4")


@pytest.mark.clause("T4")
@pytest.mark.parametrize("way", ["parts", "replacement_order"])
async def test_a_solution_that_replaces_something_is_in_writing(open_case: Opener, way: str) -> None:
    scene = await at(open_case, "propose_solution")
    await proposed(scene, way, written=None)
    assert "written" in (await scene.event("outcome_refused", "propose_solution")).data["reason"]
    await proposed(scene, way)
    await scene.task("quote_costs")
    solution = (await scene.state()).support.solution
    assert solution
    assert (solution.way, solution.written) == (way, "Mail FD-71")


@pytest.mark.clause("T4", "X8")
async def test_procurement_enters_it_for_a_factory_without_a_sign_in_and_says_so(open_case: Opener) -> None:
    scene = await opened(open_case)
    await collected(scene)
    await sent(scene, answers="procurement")
    await wished(scene)
    await factory_has_it(scene)
    assert (await scene.task("propose_solution")).role == "procurement"
    await proposed(scene, "telephone")
    assert "on whose behalf" in (await scene.event("outcome_refused", "propose_solution")).data["reason"]
    await proposed(scene, "telephone", on_behalf_of=FOR_THE_FACTORY)
    await scene.task("agree_session")
    done = (await scene.tasks())["propose_solution"].done
    assert done
    assert done.on_behalf_of
    assert done.on_behalf_of.name == "Zhao Min"


@pytest.mark.clause("T4")
async def test_what_was_not_solved_asks_the_factory_for_another_solution(open_case: Opener) -> None:
    scene = await opened(open_case)
    await handed_over(scene, "telephone")
    await time_agreed(scene)
    await session_held(scene, "telephone_session", "unsolved")
    again = await scene.task("propose_solution-2")
    assert again.reason == "The first solution did not help: telephone"
    assert await counted(scene, again.key) == ("1 h", "offered", "T4")
    await proposed(scene, "email", key=again.key)
    await scene.task("email_solution")
    assert "send_to_factory-2" not in await scene.tasks()
