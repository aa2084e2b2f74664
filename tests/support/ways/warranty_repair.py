"""The shortest way to each task of the warranty-repair plan: what people do until it is offered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.support.people import accepted, decided, no_answer, part_missing
from tests.support.people_warranty_repair import (
    analysed,
    came_in,
    determined,
    item_repaired,
    on_the_bench,
    re_inspected,
    takes_longer,
    talked,
    told_where_to,
    verified,
    verified_abnormal,
    verified_out_of_warranty,
    went_back,
)
from tests.support.scene import Scene
from tests.support.ways.rapid_response import Way, _way


async def _absence(scene: Scene) -> None:
    await no_answer(scene, "verify_product")


async def _silence(scene: Scene) -> None:
    await no_answer(scene, "analyse_problem")


async def _escalated(scene: Scene) -> None:
    await scene.task("verify_product")
    await scene.say("escalate", reason="The customer asks for the manager")


async def _replacement(scene: Scene) -> None:
    await decided(scene, "replace")


async def _never_sent(scene: Scene) -> None:
    await scene.do("receive_item", result="never_sent")


async def _lost(scene: Scene) -> None:
    await scene.do("receive_item", result="lost")


async def _part(scene: Scene) -> None:
    await part_missing(scene, "repair_returned")


async def _longer(scene: Scene) -> None:
    await takes_longer(scene)


async def _withdrawn(scene: Scene) -> None:
    await scene.task("receive_item")
    await scene.say("withdraw", reason="Bought another machine")


async def _first_lapse(scene: Scene) -> None:
    due = (await scene.task("verify_product")).due_at
    assert due
    await scene.advance(seconds=(due - await scene.now()).total_seconds() + 1)


async def _reminder_of_receipt(scene: Scene) -> None:
    awaited = await scene.task("receive_item")
    assert awaited.remind_at
    await scene.advance(seconds=(awaited.remind_at - await scene.now()).total_seconds() + 1)


_SENT_IN = _way(verified, told_where_to)
_REPAIRED = _way(on_the_bench, item_repaired)
_DETERMINED = _way(verified_out_of_warranty, determined)

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "verify_product": _way(),
        "decide_on_absence": _absence,
        "decide_on_silence": _way(verified_abnormal, _silence),
        "analyse_problem": verified_abnormal,
        "solve_problem": _way(verified_abnormal, analysed),
        "determine_problem": verified_out_of_warranty,
        "talk_to_customer": _DETERMINED,
        "confirm_plan": _way(_DETERMINED, talked),
        "return_instructions": verified,
        "receive_item": _SENT_IN,
        "tell_customer": _SENT_IN,
        "ask_for_item": _way(_SENT_IN, _never_sent),
        "claim_from_carrier": _way(_SENT_IN, _lost),
        "inspect_returned": came_in,
        "repair_returned": on_the_bench,
        "repair_as_promised": _way(on_the_bench, _longer),
        "await_parts": _way(on_the_bench, _part),
        "reinspect": _REPAIRED,
        "return_item": _way(_REPAIRED, re_inspected),
        "locate_item": _way(_SENT_IN, _withdrawn),
        "send_replacement": _way(_escalated, _replacement),
        "acceptance": went_back,
        "settlement": _way(went_back, accepted),
        "follow_up": _way(went_back, accepted),
        "acknowledge_breach": _first_lapse,
        "chase": _way(_SENT_IN, _reminder_of_receipt),
        "special_case": _escalated,
    }
)
"""By the name of a task: what to do with a fresh case so that it is offered."""
