"""What people of the warranty-repair plan usually do with its tasks, one function a task."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support.people import received, returned
from tests.support.scene import Scene, person

COSTS = [{"kind": "parts", "text": "Bearing 6204, 2 pieces", "amount": "48.00"}]
NEW_COSTS = [{"kind": "parts", "text": "Bearing 6204, 2 pieces", "amount": "36.50"}]
TESTER = person("after_sales", "gino.tester")


async def verified(scene: Scene, **more: Any) -> None:
    outcome: dict[str, Any] = {
        "result": "verified",
        "model": "PX-200",
        "specification": "400 V, left-handed",
        "serial_number": "PX200-0042",
        "delivery_date": "2025-06-01",
        "fault": "Loud bearing since Monday",
        "customer": "Officina Prova",
        "warranty": "in",
        "conditions_of_use": "met",
        "responsibility": "product",
        "whereabouts": "with_customer",
        "problem": "usual",
        **more,
    }
    await scene.do("verify_product", **outcome)


async def verified_out_of_warranty(scene: Scene) -> None:
    await verified(scene, warranty="out")


async def verified_abnormal(scene: Scene) -> None:
    await verified(scene, problem="abnormal")


async def analysed(scene: Scene) -> None:
    await scene.do("analyse_problem", reached="yes", findings="Resonance at 40 Hz", proposal="Other feet under the bed")


async def solved(scene: Scene, result: str = "solved", **more: Any) -> None:
    outcome = {"determination": "The floor resonates", "spoken_with": "Chen Yu", "solution": "New feet fitted", **more}
    await scene.do("solve_problem", result=result, **outcome)


async def determined(scene: Scene, **more: Any) -> None:
    outcome: dict[str, Any] = {
        "cause": "Run without oil",
        "responsibility": "customer",
        "conditions_of_use": "met",
        "proposal": "New bearings",
        "costs": COSTS,
        **more,
    }
    await scene.do("determine_problem", **outcome)


async def talked(scene: Scene, result: str = "as_proposed", *, key: str = "talk_to_customer", **more: Any) -> None:
    outcome = {"spoken_with": "Chen Yu", "explanation": "New bearings", "answer": "Too dear, but all right", **more}
    await scene.do(key, result=result, **outcome)


async def consented(scene: Scene, decision: str = "confirmed", *, key: str = "confirm_plan") -> None:
    await scene.do(key, decision=decision, given_by="Chen Yu", evidence="Mail of today")


async def told_where_to(scene: Scene, *, key: str = "return_instructions") -> None:
    await scene.do(key, address="Via Prova 1", precautions="Drain the oil", told_by="Mail to Chen Yu")


async def came_in(scene: Scene) -> None:
    """Verified inside warranty, sent in and received."""
    await verified(scene)
    await told_where_to(scene)
    await received(scene)


async def item_inspected(
    scene: Scene, result: str = "repairable", *, key: str = "inspect_returned", **more: Any
) -> None:
    await scene.do(key, result=result, report="Play 0.4 mm, procedure 12", cause="Bearing worn", **more)


async def on_the_bench(scene: Scene) -> None:
    """Inside warranty, here and inspected."""
    await came_in(scene)
    await item_inspected(scene)


async def item_repaired(scene: Scene, *, key: str = "repair_returned", happened_at: datetime | None = None) -> None:
    await scene.do(
        key, result="repaired", work_done="Bearings changed", report="Ran 2 h, play 0.01 mm", happened_at=happened_at
    )


async def takes_longer(scene: Scene, *, key: str = "repair_returned", days: float = 20) -> datetime:
    date = await scene.now() + timedelta(days=days)
    await scene.do(
        key,
        result="more_time",
        circumstances="The bearing is made to order",
        preliminary_solution="A machine on loan",
        told_by="Call to Chen Yu",
        promised_for=date.isoformat(),
    )
    return date


async def re_inspected(scene: Scene, result: str = "met", *, key: str = "reinspect", **more: Any) -> None:
    await scene.do(key, by=TESTER, result=result, standards="Test sheet 7", report="Within limits", **more)


async def went_back(scene: Scene) -> None:
    """Repaired, inspected again and on its way to the customer."""
    await on_the_bench(scene)
    await item_repaired(scene)
    await re_inspected(scene)
    await returned(scene)


async def asked_for(scene: Scene, result: str = "will_send", *, key: str = "ask_for_item", **more: Any) -> None:
    outcome: dict[str, Any] = {"spoken_with": "Chen Yu", **more}
    if result == "will_send":
        outcome = {"arrives_by": (await scene.now() + timedelta(days=7)).isoformat(), **outcome}
    else:
        outcome = {"reason": "It runs again", **outcome}
    await scene.do(key, result=result, **outcome)


async def claimed(scene: Scene, result: str = "lost", *, key: str = "claim_from_carrier") -> None:
    await scene.do(key, result=result, carrier="Corriere Prova", claim_number="CL-1", compensation="500.00")
