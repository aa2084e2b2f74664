"""What people of a trading company usually do with the tasks of a case, one function a task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.people import accepted, followed_up, received, settled
from tests.support.scene import Scene

PART = {"kind": "parts", "text": "Drive board", "amount": "480.00"}
LABOUR = {"kind": "labour", "text": "Bench work, 3 h", "amount": "360.00"}
FREIGHT = {"kind": "freight_in", "text": "Freight to the factory", "amount": "86.00"}
MACHINE = {"kind": "replacement", "text": "Labeller LB-3", "amount": "12800.00"}
FOR_THE_FACTORY = {"party": "factory", "name": "Zhao Min", "evidence": "Mail of this morning"}


async def asked_for_material(scene: Scene) -> None:
    await scene.do("ask_for_material", asked="Video of the start, photo of the type plate", asked_by="Mail to Chen Yu")


async def material_came(scene: Scene, *, key: str = "collect_material", **more: Any) -> None:
    await scene.do(key, **({"result": "received", "sorted": "Video 1 shows the start, photo 2 the board"} | more))


async def reported(scene: Scene) -> None:
    await scene.do("report_problem", problem="The drive stops after 20 s with E07", reported_to="Qiu Yan")


async def collected(scene: Scene) -> None:
    """Material asked for, sorted, and the problem reported."""
    await asked_for_material(scene)
    await material_came(scene)
    await reported(scene)


async def sent(scene: Scene, *, answers: str = "factory") -> None:
    await scene.do("send_to_factory", factory="Linjiang Machinery", sent_by="Mail to Zhao Min", answers=answers)


async def factory_has_it(scene: Scene, *, key: str = "factory_confirmation", **more: Any) -> None:
    outcome: dict[str, Any] = {"result": "received", "confirmed_by": "Zhao Min", "evidence": "Call at 10:05"}
    await scene.do(key, **outcome, **more)


async def wished(scene: Scene, *, key: str = "ask_wishes") -> None:
    await scene.do(key, reached="yes", time_wanted="Before Friday", use="supplies")


async def proposed(scene: Scene, way: str, *, key: str = "propose_solution", **more: Any) -> None:
    outcome: dict[str, Any] = {"cause": "Board aged", "way": way, "solution": "Replace the board, then run it in"}
    if way in ("parts", "replacement_order"):
        outcome |= {"written": "Mail FD-71", "items": "Board DB-3, 1 piece"}
    if way == "replacement_order":
        outcome["why_replaced"] = "unrepairable"
    await scene.do(key, **(outcome | more))


async def handed_over(scene: Scene, way: str, **more: Any) -> None:
    """Everything up to the factory's solution."""
    await collected(scene)
    await sent(scene)
    await wished(scene)
    await factory_has_it(scene)
    await proposed(scene, way, **more)


async def quoted(
    scene: Scene, *costs: dict[str, str], warranty: str = "in", key: str = "quote_costs", **more: Any
) -> None:
    outcome: dict[str, Any] = {"warranty": warranty, "can_repair": "yes", "free_of_charge": "no"}
    await scene.do(key, **(outcome | {"costs": list(costs or (PART,))} | more))


async def time_agreed(scene: Scene, *, key: str = "agree_session", hours: float = 24) -> None:
    appointment = (await scene.now() + timedelta(hours=hours)).isoformat()
    await scene.do(key, reached="yes", appointment=appointment, technician="Zhao Min")


async def group_opened(scene: Scene, *, key: str = "open_group") -> None:
    await scene.do(key, group="LB-3 support", members="Su Mei (sales)\nZhao Min (factory)\nChen Yu (customer)")


async def session_held(scene: Scene, key: str = "video_session", result: str = "solved") -> None:
    outcome: dict[str, Any] = {"result": result}
    if result != "missed":
        outcome["work_done"] = "Parameters set again, ran for 20 minutes"
    await scene.do(key, **outcome)


async def solution_mailed(scene: Scene, **more: Any) -> None:
    mail = {"sent_to": "Chen Yu", "text": "Set P12 to 4, see picture 1 and the video", "pictures": "enclosed"}
    await scene.do("email_solution", **({**mail, "attachments": ["F-0123456789ABCDEF"]} | more))


async def group_dissolved(scene: Scene, *, key: str = "dissolve_group") -> None:
    await scene.do(key, dissolved="Group closed by Su Mei")


async def parts_ordered(scene: Scene, *, key: str = "issue_parts_order") -> None:
    await scene.do(key, number="AS-71", items="Board DB-3, 1 piece", ship_to="Chen Yu, Hangzhou")


async def parts_bought(scene: Scene, distance: str = "elsewhere", *, key: str = "purchase_parts") -> None:
    await scene.do(key, result="placed", number="PO-71", supplier="Linjiang Machinery", distance=distance)


async def parts_arrived(scene: Scene, key: str = "receive_parts") -> None:
    await scene.do(key, result="arrived", told_by="Chen Yu by telephone")


async def parts_at_the_customers(scene: Scene) -> None:
    """From the solution in warranty to the arrival of the parts."""
    await handed_over(scene, "parts")
    await quoted(scene)
    await parts_ordered(scene)
    await parts_bought(scene)
    await parts_arrived(scene)


async def replacement_ordered(scene: Scene, *, key: str = "issue_equipment_order") -> None:
    await scene.do(key, number="AS-72", items="Labeller LB-3, 1 piece", ship_to="Chen Yu, Hangzhou")


async def replacement_bought(scene: Scene, stock: str = "in_stock", *, days: float | None = None) -> None:
    outcome: dict[str, Any] = {"result": "placed", "number": "PO-72", "supplier": "Linjiang Machinery", "stock": stock}
    if days is not None:
        outcome["ready_by"] = (await scene.now() + timedelta(days=days)).isoformat()
    await scene.do("purchase_equipment", **outcome)


async def replacement_delivered(scene: Scene) -> None:
    await scene.do("deliver_equipment", serial_number="LB3-0099", carrier="SF Express", received_by="Chen Yu")


async def orders_settled(scene: Scene, result: str = "cancelled", *, key: str = "settle_orders", **more: Any) -> None:
    await scene.do(key, result=result, told_by="Call to Zhao Min", **more)


async def arrived_at_the_factory(scene: Scene) -> None:
    """From the solution to the factory's receipt of the item, in warranty and without costs to the customer."""
    await handed_over(scene, "factory_return")
    await quoted(scene, LABOUR, can_repair="no")
    await scene.do("return_instructions", address="Factory road 1", precautions="Drain", told_by="Mail to Chen Yu")
    await received(scene, "factory_receipt")


async def closed(scene: Scene) -> str:
    """Acceptance, settlement and follow-up; returns how the case ended."""
    await accepted(scene)
    await settled(scene)
    await followed_up(scene)
    return (await scene.end()).result.value
