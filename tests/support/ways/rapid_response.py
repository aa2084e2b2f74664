"""The shortest way to each task of the rapid-response plan: what people do until it is offered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from tests.support.people import (
    accepted,
    agreed,
    assigned,
    at_the_factory,
    complex_issue,
    confirmed,
    contacted,
    decided,
    dispatched,
    factory_found,
    in_the_workshop,
    inspected,
    instructed,
    no_answer,
    part_missing,
    repaired,
    solved_remotely,
    visited,
)
from tests.support.scene import Scene

Way = Callable[[Scene], Awaitable[None]]


def _way(*steps: Way) -> Way:
    async def walk(scene: Scene) -> None:
        for step in steps:
            await step(scene)

    return walk


def _method(name: str) -> Way:
    async def agree(scene: Scene) -> None:
        await agreed(scene, name)

    return agree


async def _silence(scene: Scene) -> None:
    await no_answer(scene, "contact_customer")


async def _absence(scene: Scene) -> None:
    await no_answer(scene, "engineer_call")


async def _escalated(scene: Scene) -> None:
    await scene.task("contact_customer")
    await scene.say("escalate", reason="The customer asks for the manager")


async def _replacement(scene: Scene) -> None:
    await decided(scene, "replace")


async def _needs_consent(scene: Scene) -> None:
    await factory_found(scene, "needs_consent")


async def _first_lapse(scene: Scene) -> None:
    await scene.task("contact_customer")
    await scene.advance(hours=12, seconds=1)


async def _reminder_at_the_factory(scene: Scene) -> None:
    inspection = await scene.task("factory_inspection")
    assert inspection.remind_at
    await scene.advance(seconds=(inspection.remind_at - await scene.now()).total_seconds() + 1)


async def _on_site(scene: Scene) -> None:
    await dispatched(scene, "on_site")


async def _delivery(scene: Scene) -> None:
    await dispatched(scene, "delivery")


async def _factory(scene: Scene) -> None:
    await dispatched(scene, "factory_return")


async def _never_sent(scene: Scene) -> None:
    await scene.do("factory_receipt", result="never_sent")


async def _lost(scene: Scene) -> None:
    await scene.do("factory_receipt", result="lost")


async def _withdrawn(scene: Scene) -> None:
    await scene.task("factory_receipt")
    await scene.say("withdraw", reason="Bought another machine")


_ASSIGNED = _way(contacted, complex_issue, assigned)
_CONFIRMED = _way(_on_site, visited, confirmed)
_WORKSHOP = _way(in_the_workshop, inspected, confirmed)
_ACCEPTED = _way(contacted, solved_remotely, accepted)

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "contact_customer": _way(),
        "decide_on_silence": _silence,
        "decide_on_absence": _way(_ASSIGNED, _absence),
        "remote_diagnosis": contacted,
        "assign_engineer": _way(contacted, complex_issue),
        "engineer_call": _ASSIGNED,
        "site_visit": _on_site,
        "confirm_plan": _way(_on_site, visited),
        "site_repair": _CONFIRMED,
        "await_parts": _way(_CONFIRMED, part_missing),
        "receive_item": _delivery,
        "workshop_inspection": in_the_workshop,
        "workshop_repair": _WORKSHOP,
        "return_item": _way(_WORKSHOP, repaired),
        "locate_item": _way(_factory, instructed, _withdrawn),
        "ask_for_item": _way(_factory, instructed, _never_sent),
        "claim_from_carrier": _way(_factory, instructed, _lost),
        "return_instructions": _factory,
        "factory_receipt": _way(_factory, instructed),
        "tell_customer": _way(_factory, instructed),
        "factory_inspection": at_the_factory,
        "progress_update": at_the_factory,
        "factory_repair": _way(at_the_factory, _needs_consent, confirmed),
        "send_replacement": _way(_escalated, _replacement),
        "acceptance": _way(contacted, solved_remotely),
        "settlement": _ACCEPTED,
        "follow_up": _ACCEPTED,
        "acknowledge_breach": _first_lapse,
        "chase": _way(at_the_factory, _reminder_at_the_factory),
        "special_case": _escalated,
    }
)
"""By the name of a task: what to do with a fresh case so that it is offered."""
