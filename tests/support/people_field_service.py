"""What people usually do with the tasks of field service, one function a task."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support.people import accepted, confirmed
from tests.support.scene import Scene

LABOUR = {"kind": "labour", "text": "Two hours on site", "amount": "300.00"}
COVERED = {"warranty": "in", "conditions_of_use": "met", "responsibility": "product"}
"""A fault that the warranty covers."""
PAID_SERVICE = {"warranty": "out"}


async def registered(scene: Scene) -> None:
    await scene.do("register_request", desk="branch", branch="Ningbo", requirement="The compressor trips")


async def evaluated(scene: Scene) -> None:
    await scene.do("evaluate_fault", assessment="Probably the contactor", urgency="ordinary", bring="Contactor 25 A")


async def sent(scene: Scene, *, key: str = "assign_engineer") -> None:
    await scene.do(key, engineer="shen.tao", reason="Serves Zhejiang")


async def called_ahead(scene: Scene, *, key: str = "call_ahead", appointment: datetime | None = None) -> None:
    at = appointment or await scene.now() + timedelta(days=1)
    await scene.do(key, reached="yes", appointment=at.isoformat(), checked="Trips after ten minutes")


async def order_recorded(scene: Scene) -> None:
    await scene.do("record_order", requirement="Yearly maintenance and a noise")


async def ordered(scene: Scene) -> None:
    """The app's order is recorded, dispatched, and the visit confirmed by telephone."""
    await order_recorded(scene)
    await sent(scene)
    await called_ahead(scene, key="confirm_visit")


async def visit_agreed(scene: Scene) -> None:
    """From the request to the agreed visit."""
    await registered(scene)
    await evaluated(scene)
    await sent(scene)
    await called_ahead(scene)


async def investigated(scene: Scene, result: str = "on_the_spot", *, key: str = "field_visit", **more: Any) -> None:
    await scene.do(key, result=result, cause="Contactor burnt", explanation="It has to be replaced", **more)


async def repaired_at_once(scene: Scene, *, key: str = "site_repair") -> None:
    await scene.do(key, result="solved", work_done="Contactor replaced", instructions="Keep the cabinet dry")


async def promised(scene: Scene, *, days: float = 5, key: str = "promise_date") -> datetime:
    at = await scene.now() + timedelta(days=days)
    await scene.do(
        key, explanation="The board is repaired in the company", promised_for=at.isoformat(), told="Chen Yu, on site"
    )
    return at


async def handed_over(scene: Scene, *, key: str = "hand_over") -> None:
    items = [{"item": "Control board, 1", "serial_number": "CB-77", "condition": "Scorched at one edge"}]
    await scene.do(
        key,
        result="taken_back",
        items=items,
        signed_by="Chen Yu",
        signature="electronic",
        evidence="Signature on the tablet",
    )


async def stays(scene: Scene, *, key: str = "hand_over") -> None:
    await scene.do(key, result="stays", missing_parts="Contactor 25 A, 1")


async def inspected_at_the_centre(
    scene: Scene, result: str = "repairable", *, key: str = "centre_inspection", **more: Any
) -> None:
    outcome = {"condition": "As on the handover form", "cause": "A relay is welded", "explanation": "New relay", **more}
    await scene.do(key, result=result, **outcome)


async def repaired_at_the_centre(scene: Scene, *, key: str = "workshop_repair") -> None:
    await scene.do(key, result="solved", work_done="Relay replaced, tested for an hour", instructions="None")


async def coming_back(scene: Scene, *, key: str = "agree_installation", appointment: datetime | None = None) -> None:
    at = appointment or await scene.now() + timedelta(hours=20)
    await scene.do(key, reached="yes", appointment=at.isoformat())


async def installed(scene: Scene, *, key: str = "install_again") -> None:
    await scene.do(key, result="installed", adjusted="Board installed, pressure set", instructions="Restart weekly")


async def on_the_card(scene: Scene, *, key: str = "warranty_card_entry") -> None:
    await scene.do(key, hours="1.5", operations="Contactor replaced", parts_used="Contactor 25 A")


async def taken_back(scene: Scene) -> None:
    """From the request until the maintenance centre has what was taken back."""
    await visit_agreed(scene)
    await investigated(scene, "later")
    await promised(scene)
    await handed_over(scene)


async def at_the_centre_and_back(scene: Scene) -> None:
    """From the request until it works again at the customer's, by the promised date."""
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    await repaired_at_the_centre(scene)
    await coming_back(scene)
    await installed(scene)


async def repaired_on_the_spot(scene: Scene) -> None:
    """From the request until the repair on the spot is on the card and signed for."""
    await visit_agreed(scene)
    await investigated(scene)
    await repaired_at_once(scene)
    await on_the_card(scene)
    await accepted(scene)


async def repaired_for_a_fee(scene: Scene) -> None:
    """From the request until a repair at the customer's cost is signed for."""
    await visit_agreed(scene)
    await investigated(scene, costs=[LABOUR], **PAID_SERVICE)
    await confirmed(scene)
    await repaired_at_once(scene)
    await on_the_card(scene)
    await accepted(scene)


async def order_worked(scene: Scene) -> None:
    """An order from the app until it is signed for."""
    await ordered(scene)
    await investigated(scene)
    await repaired_at_once(scene)
    await on_the_card(scene)
    await accepted(scene)


async def invoice_prepared(scene: Scene, amount: str = "300.00", *, key: str = "prepare_invoice") -> None:
    await scene.do(key, invoice_number="FP-2026-0815", amount=amount)


async def paid(scene: Scene, amount: str = "300.00", *, key: str = "issue_invoice") -> None:
    await scene.do(key, result="paid", handed_to="Chen Yu", amount=amount, reference="T-4711")


async def approved(scene: Scene, *, key: str = "approval") -> None:
    await scene.do(key, decision="approved")
