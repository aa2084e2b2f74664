"""The shortest way to each task of the factory-direct plan: what people do until it is offered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from tests.support.people import accepted, factory_found, instructed, no_answer
from tests.support.people_trading import (
    LABOUR,
    arrived_at_the_factory,
    asked_for_material,
    collected,
    factory_has_it,
    group_opened,
    handed_over,
    material_came,
    parts_at_the_customers,
    parts_bought,
    parts_ordered,
    quoted,
    replacement_bought,
    replacement_ordered,
    sent,
    session_held,
    solution_mailed,
    time_agreed,
    wished,
)
from tests.support.scene import Scene

Way = Callable[[Scene], Awaitable[None]]


def _way(*steps: Way) -> Way:
    async def walk(scene: Scene) -> None:
        for step in steps:
            await step(scene)

    return walk


def _solution(way: str) -> Way:
    async def handed(scene: Scene) -> None:
        await handed_over(scene, way)

    return handed


def _silent(key: str) -> Way:
    async def silent(scene: Scene) -> None:
        await no_answer(scene, key)

    return silent


def _item(result: str) -> Way:
    async def told(scene: Scene) -> None:
        await scene.do("factory_receipt", result=result)

    return told


async def _at_the_customers_cost(scene: Scene) -> None:
    await quoted(scene, warranty="out")


async def _escalated(scene: Scene) -> None:
    await scene.task("ask_for_material")
    await scene.say("escalate", reason="The customer asks for the manager")


async def _words_given(scene: Scene) -> None:
    for key in ("panel_word", "panel_word-2"):
        await scene.do(key, advice="go_on", reason="The factory is at it")


async def _first_lapse(scene: Scene) -> None:
    task = await scene.task("ask_for_material")
    assert task.due_at
    await scene.advance(seconds=(task.due_at - await scene.now()).total_seconds() + 1)


async def _factory_is_reminded(scene: Scene) -> None:
    task = await scene.task("propose_solution")
    assert task.remind_at
    await scene.advance(seconds=(task.remind_at - await scene.now()).total_seconds() + 1)


async def _withdrawn(scene: Scene) -> None:
    await scene.say("withdraw", reason="Bought another machine")


async def _in_the_same_city(scene: Scene) -> None:
    await parts_bought(scene, "same_city")


async def _repair_agreed(scene: Scene) -> None:
    await factory_found(scene, "needs_consent")
    await scene.do("confirm_plan", decision="confirmed", given_by="Chen Yu", evidence="Mail")


async def _repaired_at_the_factory(scene: Scene) -> None:
    await factory_found(scene, "repaired")


async def _return_free(scene: Scene) -> None:
    await quoted(scene, LABOUR, can_repair="no")


_SENT = _way(collected, sent)
_SOLVING = _way(_SENT, wished, factory_has_it)
_VIDEO = _way(_solution("video"), time_agreed)
_PARTS = _way(_solution("parts"), quoted)
_REPLACEMENT = _way(_solution("replacement_order"), quoted)
_RETURN = _way(_solution("factory_return"), _return_free)
_SOLVED = _way(_solution("telephone"), time_agreed, lambda scene: session_held(scene, "telephone_session"))

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "ask_for_material": _way(),
        "collect_material": asked_for_material,
        "report_problem": _way(asked_for_material, material_came),
        "decide_on_silence": _way(asked_for_material, _silent("collect_material")),
        "send_to_factory": collected,
        "factory_confirmation": _SENT,
        "ask_wishes": collected,
        "propose_solution": _SOLVING,
        "quote_costs": _solution("parts"),
        "confirm_plan": _way(_solution("parts"), _at_the_customers_cost),
        "decide_on_absence": _way(_solution("telephone"), _silent("agree_session")),
        "agree_session": _solution("video"),
        "open_group": _VIDEO,
        "video_session": _way(_VIDEO, group_opened),
        "dissolve_group": _way(_VIDEO, group_opened, session_held),
        "telephone_session": _way(_solution("telephone"), time_agreed),
        "email_solution": _solution("email"),
        "confirm_solved": _way(_solution("email"), solution_mailed),
        "issue_parts_order": _PARTS,
        "purchase_parts": _way(_PARTS, parts_ordered),
        "receive_parts_nearby": _way(_PARTS, parts_ordered, _in_the_same_city),
        "receive_parts": _way(_PARTS, parts_ordered, parts_bought),
        "guided_installation": _way(parts_at_the_customers, time_agreed, group_opened),
        "issue_equipment_order": _REPLACEMENT,
        "purchase_equipment": _way(_REPLACEMENT, replacement_ordered),
        "deliver_equipment": _way(_REPLACEMENT, replacement_ordered, replacement_bought),
        "settle_orders": _way(_PARTS, parts_ordered, parts_bought, _withdrawn),
        "return_instructions": _RETURN,
        "factory_receipt": _way(_RETURN, instructed),
        "tell_customer": _way(_RETURN, instructed),
        "factory_inspection": arrived_at_the_factory,
        "progress_update": arrived_at_the_factory,
        "factory_repair": _way(arrived_at_the_factory, _repair_agreed),
        "return_item": _way(arrived_at_the_factory, _repaired_at_the_factory),
        "locate_item": _way(_RETURN, instructed, _withdrawn),
        "ask_for_item": _way(_RETURN, instructed, _item("never_sent")),
        "claim_from_carrier": _way(_RETURN, instructed, _item("lost")),
        "acceptance": _SOLVED,
        "settlement": _way(_SOLVED, accepted),
        "follow_up": _way(_SOLVED, accepted),
        "acknowledge_breach": _first_lapse,
        "chase": _way(_SOLVING, _factory_is_reminded),
        "panel_word": _escalated,
        "special_case": _way(_escalated, _words_given),
    }
)
"""By the name of a task: what to do with a fresh case so that it is offered."""
