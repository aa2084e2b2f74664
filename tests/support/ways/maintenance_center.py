"""The shortest way to each task of the maintenance-center plan: what people do until it is offered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from tests.support.people import confirmed, decided, located, no_answer
from tests.support.people_field_service import (
    LABOUR,
    PAID_SERVICE,
    coming_back,
    evaluated,
    inspected_at_the_centre,
    investigated,
    invoice_prepared,
    on_the_card,
    order_recorded,
    order_worked,
    promised,
    registered,
    repaired_at_once,
    repaired_at_the_centre,
    repaired_for_a_fee,
    sent,
    stays,
    taken_back,
    visit_agreed,
)
from tests.support.scene import Scene
from tests.support.ways.steps import way

BEGINS_WITH: Mapping[str, Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("record_order", "confirm_visit", "approval"), MappingProxyType({"channel": "app"}))
)
"""Tasks that only an order from the app meets."""


async def _for_a_fee(scene: Scene) -> None:
    await investigated(scene, costs=[LABOUR], **PAID_SERVICE)


async def _later(scene: Scene) -> None:
    await investigated(scene, "later")


async def _promised(scene: Scene) -> None:
    await promised(scene)


async def _declined(scene: Scene) -> None:
    await confirmed(scene, decision="declined")


async def _absent(scene: Scene) -> None:
    await no_answer(scene, "call_ahead")


async def _unsigned(scene: Scene) -> None:
    await no_answer(scene, "acceptance")


async def _parts_awaited(scene: Scene) -> None:
    await scene.task("await_parts")


async def _withdrawn(scene: Scene) -> None:
    await scene.rest()
    await scene.say("withdraw", reason="Bought another machine")


async def _lost(scene: Scene) -> None:
    await located(scene, "lost")


async def _escalated(scene: Scene) -> None:
    await scene.task("register_request")
    await scene.say("escalate", reason="The customer asks for the manager")


async def _replacement(scene: Scene) -> None:
    await decided(scene, "replace")


async def _first_lapse(scene: Scene) -> None:
    await scene.task("register_request")
    await scene.advance(minutes=15, seconds=1)


async def _reminder_of_consent(scene: Scene) -> None:
    asked = await scene.task("confirm_plan")
    assert asked.remind_at
    await scene.advance(seconds=(asked.remind_at - await scene.now()) / timedelta(seconds=1) + 1)


_CONSENT = way(visit_agreed, _for_a_fee)
_REPAIR = way(visit_agreed, investigated)
_CARD = way(_REPAIR, repaired_at_once)
_ACCEPTANCE = way(_CARD, on_the_card)
_PROMISE = way(visit_agreed, _later)
_BACK = way(taken_back, inspected_at_the_centre, repaired_at_the_centre)

WAYS: Mapping[str, Callable[[Scene], Awaitable[None]]] = MappingProxyType(
    {
        "register_request": way(),
        "record_order": way(),
        "evaluate_fault": registered,
        "assign_engineer": way(registered, evaluated),
        "call_ahead": way(registered, evaluated, sent),
        "confirm_visit": way(order_recorded, sent),
        "decide_on_absence": way(registered, evaluated, sent, _absent),
        "field_visit": visit_agreed,
        "confirm_plan": _CONSENT,
        "site_repair": _REPAIR,
        "promise_date": _PROMISE,
        "hand_over": way(_PROMISE, _promised),
        "tell_customer": way(_PROMISE, _promised),
        "centre_inspection": taken_back,
        "workshop_repair": way(taken_back, inspected_at_the_centre),
        "await_parts": way(_PROMISE, _promised, stays),
        "agree_installation": _BACK,
        "install_again": way(_BACK, coming_back),
        "warranty_card_entry": _CARD,
        "return_item": way(taken_back, inspected_at_the_centre, _withdrawn),
        "locate_item": way(taken_back, _withdrawn),
        "claim_from_carrier": way(taken_back, _withdrawn, _lost),
        "send_replacement": way(_escalated, _replacement),
        "acceptance": _ACCEPTANCE,
        "decide_on_silence": way(_ACCEPTANCE, _unsigned),
        "prepare_invoice": repaired_for_a_fee,
        "issue_invoice": way(repaired_for_a_fee, invoice_prepared),
        "approval": order_worked,
        "settlement": way(_PROMISE, _promised, stays, _parts_awaited, _withdrawn),
        "follow_up": way(_CONSENT, _declined),
        "acknowledge_breach": _first_lapse,
        "chase": way(_CONSENT, _reminder_of_consent),
        "special_case": _escalated,
    }
)
"""By the name of a task: what to do with a fresh case so that it is offered."""
