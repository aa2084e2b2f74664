"""What sales, the after-sales team, the technical department and finance usually do with their tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.support.people import accepted, followed_up
from tests.support.scene import Scene

FILE = "F-0123456789ABCDEF"
FEE = {"kind": "other", "text": "Service contract, one year", "amount": "1800.00"}


async def recorded(scene: Scene, subject: str = "technical_support", **more: Any) -> None:
    outcome: dict[str, Any] = {
        "subject": subject,
        "feedback": "The press stops in the middle of a stroke",
        "urgency": "stopped",
        "period": "within",
        "basis": "Delivered in June",
        "forwarded_to": "Zhao Gang, by telephone",
        **more,
    }
    await scene.do("record_feedback", **outcome)


async def mode_picked(scene: Scene, mode: str, *, key: str = "choose_mode") -> None:
    await scene.do(key, mode=mode, reason="The quickest for this problem")


async def contract_signed(scene: Scene, *, key: str = "sign_contract", **more: Any) -> None:
    outcome: dict[str, Any] = {
        "decision": "signed",
        "number": "SC-2026-014",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "signed_by": "Chen Yu",
        "attachments": [FILE],
        **more,
    }
    await scene.do(key, **outcome)


async def contract_declined(scene: Scene) -> None:
    await scene.do("sign_contract", decision="declined", signed_by="Chen Yu", reason="Too dear")


async def advised(scene: Scene, *, key: str = "consultation") -> None:
    await scene.do(key, result="solved", solution="Set the clutch delay to 40 ms")


async def guided(scene: Scene, *, key: str = "remote_guidance") -> None:
    await scene.do(key, result="solved", means="Video", steps="Opened the guard, reset the sensor, ran a stroke")


async def not_solved(scene: Scene, key: str) -> None:
    await scene.do(key, result="unsolved", open_points="The sensor has to be measured on site")


async def visit_agreed(scene: Scene, *, key: str = "arrange_visit", appointment: datetime | None = None) -> None:
    at = appointment or await scene.now() + timedelta(days=1)
    await scene.do(key, reached="yes", appointment=at.isoformat(), spoke_with="Chen Yu")


async def visited_for_service(scene: Scene, result: str = "served", *, key: str = "service_visit") -> None:
    if result == "nobody_there":
        await scene.do(key, result=result)
    else:
        await scene.do(key, result=result, report="Sensor measured and replaced", met="Chen Yu")


async def trained(scene: Scene) -> None:
    await scene.do(
        "training_record",
        topics="Daily care of the press",
        trainer="Zhao Gang",
        attendees=["Chen Yu", "Wu Min"],
        hours=3,
    )


async def document_updated(scene: Scene) -> None:
    await scene.do(
        "update_document", result="updated", number="OM-100", version="C", changes="New clutch delay",
        sent_to="Chen Yu, by mail", attachments=[FILE],
    )  # fmt: skip


async def issue_forwarded(scene: Scene, *, key: str = "forward_quality_issue") -> None:
    await scene.do(key, finding="Sensors of lot 7 drift when warm", extent="Lot 7, 40 pieces", forwarded_to="Sun Li")


async def issue_assessed(scene: Scene, verdict: str = "confirmed", *, key: str = "assess_quality_issue") -> None:
    words: dict[str, dict[str, Any]] = {
        "confirmed": {"cause": "Wrong adhesive", "measures": "Lot 7 replaced; incoming test added"},
        "not_ours": {"cause": "Mounted against the manual"},
        "more_needed": {"questions": "At which temperature?"},
    }
    await scene.do(key, verdict=verdict, **words[verdict])


async def measures_done(scene: Scene, *, key: str = "carry_out_measures") -> None:
    await scene.do(key, corrective="Lot 7 called back and replaced", preventive="Incoming test of the adhesive")


async def measures_checked(scene: Scene, effect: str = "effective", *, key: str = "verify_measures") -> None:
    words: dict[str, dict[str, Any]] = {
        "effective": {"reported_to": "General manager, monthly review"},
        "not_effective": {"missing": "Lot 8 drifts too"},
    }
    await scene.do(key, effect=effect, evidence="200 sensors at 60 °C", **words[effect])


async def receipt_brought(scene: Scene, *, key: str = "bring_receipt") -> None:
    await scene.do(key, result="brought", number="AS-0042", handed_to="Qian Yun", attachments=[FILE])


async def receipt_stored(scene: Scene, verify: str = "no", *, key: str = "store_receipt") -> None:
    why: dict[str, Any] = {"reason": "The hours look long"} if verify == "yes" else {}
    await scene.do(key, result="stored", place="Binder 2026-03", verify=verify, **why)


async def visit_verified(scene: Scene, result: str = "confirmed", *, key: str = "verify_visit") -> None:
    more: dict[str, Any] = {"difference": "Only one hour"} if result == "contradicted" else {}
    await scene.do(key, result=result, means="telephone", spoke_with="Chen Yu", **more)


async def signed_for(scene: Scene) -> None:
    """Acceptance, with the receipt that the customer signed at hand."""
    await accepted(scene)


async def served(scene: Scene, subject: str, mode: str) -> None:
    """Feedback recorded within the warranty period, and a mode picked for it."""
    await recorded(scene, subject)
    await mode_picked(scene, mode)


async def at_the_customers(scene: Scene, subject: str = "training") -> None:
    """A visit agreed and carried out."""
    await served(scene, subject, "visit")
    await visit_agreed(scene)
    await visited_for_service(scene)


async def closed_by_departments(scene: Scene, verify: str = "no") -> None:
    """Acceptance, receipt to finance and follow-up: the usual end."""
    await accepted(scene)
    await receipt_brought(scene)
    await receipt_stored(scene, verify)
    await followed_up(scene)
