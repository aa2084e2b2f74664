"""The ways whose histories are kept: together they take every stage and most of what can happen to a task."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from tests.support.people import (
    FREIGHT,
    LINE,
    NOT_COVERED,
    accepted,
    agreed,
    at_the_factory,
    confirmed,
    contacted,
    decided,
    dispatched,
    factory_found,
    factory_repaired,
    finished,
    followed_up,
    in_the_workshop,
    inspected,
    no_answer,
    part_missing,
    received,
    repaired_on_site,
    replaced,
    returned,
    settled,
    solved_remotely,
    visited,
)
from tests.support.people_departments import (
    FEE,
    contract_signed,
    issue_assessed,
    issue_forwarded,
    measures_checked,
    measures_done,
    mode_picked,
    not_solved,
    receipt_brought,
    receipt_stored,
    recorded,
    visit_agreed,
    visit_verified,
    visited_for_service,
)
from tests.support.people_field_service import (
    LABOUR,
    PAID_SERVICE,
    coming_back,
    inspected_at_the_centre,
    installed,
    invoice_prepared,
    on_the_card,
    paid,
    repaired_at_the_centre,
    taken_back,
)
from tests.support.people_trading import (
    collected,
    factory_has_it,
    group_dissolved,
    group_opened,
    parts_arrived,
    parts_bought,
    parts_ordered,
    proposed,
    quoted,
    sent,
    session_held,
    time_agreed,
    wished,
)
from tests.support.people_warranty_repair import (
    asked_for,
    consented,
    determined,
    item_inspected,
    item_repaired,
    re_inspected,
    takes_longer,
    talked,
    verified,
)
from tests.support.scene import Scene


async def _remote(scene: Scene) -> None:
    await contacted(scene)
    await solved_remotely(scene)
    await finished(scene)


async def _second_visit(scene: Scene) -> None:
    await dispatched(scene, "on_site")
    await visited(scene, costs=[LINE, FREIGHT], **NOT_COVERED)
    await confirmed(scene)
    await part_missing(scene)
    await scene.do("await_parts", result="arrived")
    await agreed(scene, "on_site", key="engineer_call-2")
    await visited(scene, key="site_visit-2")
    await confirmed(scene, key="confirm_plan-2")
    await repaired_on_site(scene, key="site_repair-2")
    await finished(scene)


async def _factory_with_consent(scene: Scene) -> None:
    await at_the_factory(scene)
    await factory_found(scene, "needs_consent")
    await confirmed(scene)
    await factory_repaired(scene)
    await returned(scene)
    await finished(scene)


async def _late_and_replaced(scene: Scene) -> None:
    for _ in range(2):
        due = (await scene.task("contact_customer")).due_at
        assert due
        await scene.advance(seconds=(due - await scene.now()).total_seconds() + 1)
    await scene.do("acknowledge_breach", measures="Li Na calls now")
    await decided(scene, "replace")
    await replaced(scene)
    await finished(scene)


async def _silent_then_paused_then_withdrawn(scene: Scene) -> None:
    await no_answer(scene, "contact_customer")
    await scene.do("decide_on_silence", decision="keep_trying", reason="Another number was found")
    await scene.task("contact_customer-2")
    until = await scene.now() + timedelta(days=2)
    await scene.say("pause", reason="The customer is at a fair", until=until.isoformat())
    await scene.advance(days=2, seconds=2)
    await scene.do("contact_customer-2", reached="yes", requirement="Repair")
    await scene.task("remote_diagnosis")
    await scene.say("add_information", text="The noise comes from the left side")
    await scene.say("withdraw", reason="Bought another machine")


async def _declined_in_the_workshop(scene: Scene) -> None:
    await in_the_workshop(scene)
    await inspected(scene, costs=[FREIGHT], **NOT_COVERED)
    await scene.complete_raw("confirm_plan", "not an outcome")
    await confirmed(scene, decision="declined")
    await returned(scene)
    await followed_up(scene)


async def _warranty_repair_negotiated(scene: Scene) -> None:
    await verified(scene, warranty="out", whereabouts="sent")
    await determined(scene)
    await talked(scene)
    await consented(scene)
    await scene.do("receive_item", result="wrong_item", condition="A pump")
    await returned(scene)
    await asked_for(scene)
    await received(scene, "receive_item-2")
    await item_inspected(scene)
    await takes_longer(scene)
    await item_repaired(scene, key="repair_as_promised")
    await re_inspected(scene)
    await returned(scene, key="return_item-2")
    await finished(scene)


async def _parts_by_video(scene: Scene) -> None:
    await collected(scene)
    await sent(scene)
    await wished(scene)
    await factory_has_it(scene)
    await proposed(scene, "telephone")
    await time_agreed(scene)
    await session_held(scene, "telephone_session", "unsolved")
    await proposed(scene, "parts", key="propose_solution-2")
    await quoted(scene, warranty="out")
    await confirmed(scene)
    await parts_ordered(scene)
    await parts_bought(scene)
    await parts_arrived(scene)
    await time_agreed(scene, key="agree_session-2")
    await group_opened(scene)
    await session_held(scene, "guided_installation")
    await group_dissolved(scene)
    await finished(scene)


async def _promised_and_invoiced(scene: Scene) -> None:
    await taken_back(scene)
    await inspected_at_the_centre(scene, costs=[LABOUR], **PAID_SERVICE)
    await confirmed(scene)
    date = (await scene.task("workshop_repair")).due_at
    assert date
    later = (date + timedelta(days=2)).isoformat()
    await scene.say(
        "reschedule", task="workshop_repair", appointment=later, reason="The relay is late", told="Call to Chen Yu"
    )
    await scene.event("date_promised")
    await repaired_at_the_centre(scene)
    await coming_back(scene)
    await installed(scene)
    await on_the_card(scene)
    await accepted(scene)
    await invoice_prepared(scene)
    await paid(scene)


async def _contract_then_visit(scene: Scene) -> None:
    await recorded(scene, "quality_issue", period="beyond")
    await mode_picked(scene, "remote_guidance")
    await contract_signed(scene, costs=[FEE])
    await not_solved(scene, "remote_guidance")
    await mode_picked(scene, "visit", key="choose_mode-2")
    await visit_agreed(scene)
    await visited_for_service(scene, "nobody_there")
    await visit_agreed(scene, key="arrange_visit-2")
    await visited_for_service(scene, key="service_visit-2")
    await issue_forwarded(scene)
    await issue_assessed(scene)
    await accepted(scene)
    await settled(scene)
    await receipt_brought(scene)
    await receipt_stored(scene, "yes")
    await followed_up(scene)
    await visit_verified(scene)
    await measures_done(scene)
    await measures_checked(scene)


WAYS: Mapping[str, Callable[[Scene], Awaitable[None]]] = MappingProxyType(
    {
        "parts_by_video": _parts_by_video,
        "remote": _remote,
        "second_visit": _second_visit,
        "factory_with_consent": _factory_with_consent,
        "late_and_replaced": _late_and_replaced,
        "silent_paused_withdrawn": _silent_then_paused_then_withdrawn,
        "declined_in_the_workshop": _declined_in_the_workshop,
        "warranty_repair_negotiated": _warranty_repair_negotiated,
        "promised_and_invoiced": _promised_and_invoiced,
        "contract_then_visit": _contract_then_visit,
    }
)
"""By the name of a golden history: what people did."""
PLAN_OF_WAY: Mapping[str, str] = MappingProxyType(
    {
        "warranty_repair_negotiated": "warranty-repair",
        "parts_by_video": "factory-direct",
        "promised_and_invoiced": "maintenance-center",
        "contract_then_visit": "quality-procedure",
    }
)
"""The plan a way is of, where it is another than rapid-response."""
