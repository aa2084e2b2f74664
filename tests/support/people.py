"""What people usually do with the tasks of a case, one function a task."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support.scene import Scene

LINE = {"kind": "parts", "text": "Blade set, 2", "amount": "120.00"}
FREIGHT = {"kind": "freight_in", "text": "Freight to the factory", "amount": "86.00"}
COVERED: dict[str, str] = {"warranty": "in", "conditions_of_use": "met", "responsibility": "product"}
"""A fault of the product in warranty: the company bears everything."""
NOT_COVERED: dict[str, str] = {"warranty": "out", "conditions_of_use": "met", "responsibility": "product"}
"""Out of warranty: the customer bears parts, labour and carriage."""


async def contacted(scene: Scene, **more: Any) -> None:
    await scene.do("contact_customer", **({"reached": "yes", "requirement": "Repair the blade"} | more))


async def solved_remotely(scene: Scene) -> None:
    await scene.do("remote_diagnosis", result="solved", findings="The guard was not closed")


async def complex_issue(scene: Scene) -> None:
    await scene.do(
        "remote_diagnosis", result="complex", findings="Bearing worn", explanation="An engineer rings within 30 minutes"
    )


async def assigned(scene: Scene, engineer: str = "wang.lei") -> None:
    await scene.do("assign_engineer", engineer=engineer, reason="Nearest with spindle skill")


async def agreed(scene: Scene, method: str, *, key: str = "engineer_call", appointment: datetime | None = None) -> None:
    outcome: dict[str, Any] = {"reached": "yes", "method": method}
    if method != "factory_return":
        outcome["appointment"] = (appointment or await scene.now() + timedelta(days=1)).isoformat()
    await scene.do(key, **outcome)


async def visited(scene: Scene, *, key: str = "site_visit", **more: Any) -> None:
    outcome: dict[str, Any] = {
        "result": "inspected",
        "cause": "Bearing ran dry",
        "proposal": "repair",
        "explanation": "New bearing",
        **more,
    }
    await scene.do(key, **outcome)


async def confirmed(scene: Scene, *, key: str = "confirm_plan", decision: str = "confirmed") -> None:
    await scene.do(key, decision=decision, given_by="Chen Yu", evidence="Signed on the visit sheet")


async def repaired_on_site(scene: Scene, *, key: str = "site_repair") -> None:
    await scene.do(key, result="solved", work_done="Bearing replaced", instructions="Grease weekly")


async def accepted(scene: Scene, *, key: str = "acceptance", **more: Any) -> None:
    outcome: dict[str, Any] = {
        "decision": "accepted",
        "checks": "Runs at full speed without noise",
        "signed_by": "Chen Yu",
        "signature": "electronic",
        "evidence": "Signature on the engineer's tablet",
    }
    await scene.do(key, **outcome, **more)


async def acceptance_refused(scene: Scene, refusal: str, *, key: str = "acceptance") -> None:
    who: dict[str, Any] = {"refused_by": "Chen Yu", "evidence": "Call to +86 571 5550 0101"}
    await scene.do(key, decision="refused", refusal=refusal, **who)


async def settled(scene: Scene, *, key: str = "settlement", **more: Any) -> None:
    await scene.task(key)
    owed = (await scene.state()).customer_owes()
    if owed:
        await scene.do(key, cost_list="Handed to Chen Yu", payment="paid", amount=str(owed), reference="T-100", **more)
    else:
        await scene.do(key, cost_list="Handed to Chen Yu: no costs", payment="nothing_due", **more)


async def followed_up(scene: Scene, *, key: str = "follow_up") -> None:
    await scene.do(key, reached="yes", satisfaction=5, feedback="Quick and clean")


async def dispatched(scene: Scene, method: str, appointment: datetime | None = None) -> None:
    """Contact, diagnosis, assignment and the engineer's call that agrees a method."""
    await contacted(scene)
    await complex_issue(scene)
    await assigned(scene)
    await agreed(scene, method, appointment=appointment)


async def instructed(scene: Scene, *, key: str = "return_instructions") -> None:
    await scene.do(key, address="Factory road 1", precautions="Drain the oil", told_by="Mail to Chen Yu")


async def received(scene: Scene, key: str = "receive_item", *, happened_at: datetime | None = None) -> None:
    await scene.do(key, result="received", condition="Packed well", happened_at=happened_at)


async def at_the_factory(scene: Scene) -> None:
    """Contact, diagnosis, dispatch, return instructions and the factory's receipt."""
    await dispatched(scene, "factory_return")
    await instructed(scene)
    await received(scene, "factory_receipt")


async def in_the_workshop(scene: Scene) -> None:
    """Contact, diagnosis, dispatch and the item's arrival."""
    await dispatched(scene, "delivery")
    await received(scene)


async def inspected(scene: Scene, *, key: str = "workshop_inspection", **more: Any) -> None:
    outcome: dict[str, Any] = {"cause": "Seal worn", "proposal": "replace_part", "explanation": "New seal", **more}
    await scene.do(key, **outcome)


async def repaired(scene: Scene, key: str = "workshop_repair") -> None:
    await scene.do(key, result="solved", work_done="Seal replaced", instructions="Oil monthly")


async def part_missing(scene: Scene, key: str = "site_repair") -> None:
    await scene.do(key, result="part_missing", missing_parts="Seal 40x60, 1 piece")


async def factory_found(scene: Scene, result: str, *, key: str = "factory_inspection", **more: Any) -> None:
    outcome: dict[str, Any] = {"result": result, "report": "Shaft measured, bearing seat worn", **more}
    if result == "needs_consent":
        outcome = {"proposal": "Regrind the seat", "costs": [FREIGHT], **NOT_COVERED, **outcome}
    await scene.do(key, **outcome)


async def factory_repaired(scene: Scene, result: str = "repaired", *, key: str = "factory_repair") -> None:
    await scene.do(key, result=result, work_done="Seat reground and tested")


async def returned(scene: Scene, *, key: str = "return_item") -> None:
    await scene.do(key, carrier="SF Express", tracking_number="SF100", condition="Packed as received")


async def located(scene: Scene, result: str = "with_us", *, key: str = "locate_item") -> None:
    await scene.do(key, result=result, told_by="Call to Chen Yu")


async def acknowledged(scene: Scene, *, key: str = "acknowledge_breach") -> None:
    await scene.do(key, measures="Li Na takes over")


async def replaced(scene: Scene, *, key: str = "send_replacement") -> None:
    await scene.do(key, item="PX-200", serial_number="PX200-0099", carrier="SF Express")


async def decided(scene: Scene, decision: str, *, key: str = "special_case", **more: Any) -> None:
    await scene.do(key, decision=decision, reason="Talked with all sides", **more)


async def no_answer(scene: Scene, key: str, *, times: int = 3) -> None:
    """Tries in vain to meet the customer, or the item."""
    field = {"confirm_plan": "decision", "acceptance": "decision", "sign_contract": "decision"}
    field |= {
        "contact_customer": "reached",
        "engineer_call": "reached",
        "follow_up": "reached",
        "arrange_visit": "reached",
        "agree_session": "reached",
        "ask_wishes": "reached",
    }
    field |= {"analyse_problem": "reached"}
    field |= {"call_ahead": "reached", "confirm_visit": "reached", "agree_installation": "reached"}
    kind = (await scene.task(key)).kind
    for _ in range(times):
        outcome: dict[str, Any] = {field.get(kind, "result"): "no_answer"}
        await scene.do(key, **outcome)


async def finished(scene: Scene) -> None:
    """Acceptance, settlement and follow-up: the usual end."""
    await accepted(scene)
    await settled(scene)
    await followed_up(scene)
