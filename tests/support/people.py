"""What people usually do with the tasks of a case, one function a task."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support.scene import Scene

LINE = {"kind": "parts", "text": "Blade set, 2", "amount": "120.00", "payer": "company"}
CUSTOMER_LINE = {"kind": "freight", "text": "Freight to the factory", "amount": "86.00", "payer": "customer"}


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
    outcome = {
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
    outcome = {
        "decision": "accepted",
        "checks": "Runs at full speed without noise",
        "signed_by": "Chen Yu",
        "signature": "electronic",
        "evidence": "Signature on the engineer's tablet",
    }
    await scene.do(key, **outcome, **more)


async def settled(scene: Scene, *, key: str = "settlement") -> None:
    await scene.do(key, cost_list="Handed to Chen Yu: no costs", payment="nothing_due")


async def followed_up(scene: Scene, *, key: str = "follow_up") -> None:
    await scene.do(key, reached="yes", satisfaction=5, feedback="Quick and clean")


async def at_the_factory(scene: Scene) -> None:
    """Contact, diagnosis, dispatch, return instructions and the factory's receipt."""
    await contacted(scene)
    await complex_issue(scene)
    await assigned(scene)
    await agreed(scene, "factory_return")
    await scene.do(
        "return_instructions", address="Factory road 1", precautions="Drain the oil", told_by="Mail to Chen Yu"
    )
    await scene.do("factory_receipt", result="received", condition="Packed well")
