"""The shortest way to each task of the quality-procedure plan: what people do until it is offered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from tests.support.people import accepted, followed_up, no_answer
from tests.support.people_departments import (
    FEE,
    advised,
    at_the_customers,
    contract_signed,
    issue_assessed,
    issue_forwarded,
    measures_done,
    mode_picked,
    receipt_brought,
    receipt_stored,
    recorded,
    served,
    trained,
    visit_agreed,
)
from tests.support.scene import Scene

Way = Callable[[Scene], Awaitable[None]]


def _way(*steps: Way) -> Way:
    async def walk(scene: Scene) -> None:
        for step in steps:
            await step(scene)

    return walk


def _picked(subject: str, mode: str) -> Way:
    async def pick(scene: Scene) -> None:
        await served(scene, subject, mode)

    return pick


def _in_vain(task: str) -> Way:
    async def try_in_vain(scene: Scene) -> None:
        await no_answer(scene, task)

    return try_in_vain


async def _beyond(scene: Scene) -> None:
    await recorded(scene, "technical_support", period="beyond")
    await mode_picked(scene, "consultation")


async def _fee_agreed(scene: Scene) -> None:
    await contract_signed(scene, costs=[FEE])


async def _first_lapse(scene: Scene) -> None:
    await scene.task("record_feedback")
    await scene.advance(minutes=15, seconds=1)


async def _reminder_of_acceptance(scene: Scene) -> None:
    acceptance = await scene.task("acceptance")
    assert acceptance.remind_at
    await scene.advance(seconds=(acceptance.remind_at - await scene.now()).total_seconds() + 1)


async def _escalated(scene: Scene) -> None:
    await scene.task("record_feedback")
    await scene.say("escalate", reason="The customer asks for the manager")


async def _asked_by_finance(scene: Scene) -> None:
    await receipt_stored(scene, "yes")


_ADVISED = _way(_picked("technical_support", "consultation"), advised)
_ACCEPTED = _way(_ADVISED, accepted)
_BROUGHT = _way(_ACCEPTED, receipt_brought)
_ISSUE = _way(_picked("quality_issue", "consultation"), advised)
_CONFIRMED = _way(_ISSUE, issue_forwarded, issue_assessed, accepted)

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "record_feedback": _way(),
        "choose_mode": recorded,
        "sign_contract": _beyond,
        "consultation": _picked("technical_support", "consultation"),
        "remote_guidance": _picked("technical_support", "remote_guidance"),
        "arrange_visit": _picked("training", "visit"),
        "service_visit": _way(_picked("training", "visit"), visit_agreed),
        "training_record": at_the_customers,
        "update_document": _way(_picked("document_update", "consultation"), advised),
        "forward_quality_issue": _ISSUE,
        "assess_quality_issue": _way(_ISSUE, issue_forwarded),
        "acceptance": _ADVISED,
        "settlement": _way(_beyond, _fee_agreed, advised, accepted),
        "bring_receipt": _ACCEPTED,
        "store_receipt": _BROUGHT,
        "follow_up": _ACCEPTED,
        "verify_visit": _way(at_the_customers, trained, accepted, receipt_brought, _asked_by_finance, followed_up),
        "carry_out_measures": _CONFIRMED,
        "verify_measures": _way(_CONFIRMED, measures_done),
        "decide_on_silence": _way(_ADVISED, _in_vain("acceptance")),
        "decide_on_absence": _way(_picked("technical_support", "consultation"), _in_vain("consultation")),
        "acknowledge_breach": _first_lapse,
        "chase": _way(_ADVISED, _reminder_of_acceptance),
        "special_case": _escalated,
    }
)
"""By the name of a task: what to do with a fresh case so that it is offered."""
