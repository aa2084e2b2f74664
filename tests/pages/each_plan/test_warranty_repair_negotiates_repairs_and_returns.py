"""A case of the plan warranty-repair on the pages, by clicks, from the request to the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.desks import CaseOnPages
from tests.pages.each_plan.parts import BY_CLICKS, HAPPY, SIGNED, Opened

pytestmark = BY_CLICKS


@pytest.mark.clause("W1", "W2", "W3", "W4", "W6", "W7", "X9")
async def test_warranty_repair_negotiates_repairs_and_returns(open_desks: Opened, photo: Path) -> None:
    async with open_desks("paolo.neri") as desks:
        case = CaseOnPages(desks, "Europe/Rome")
        await case.opened(
            "marta.riva",
            plan="warranty-repair",
            channel="email",
            customer__name="Officina Esempio",
            customer__contact_name="Lucia Prova",
            customer__email="lucia@esempio.example.com",
            product__model="HP-40",
            product__serial_number="HP40-0044",
            problem__category="abnormal_wear",
            problem__description="The pump has been loud since Monday.",
            request="repair",
        )
        verified = {
            "result": "verified",
            "model": "HP-40",
            "specification": "400 V, left-handed",
            "serial_number": "HP40-0044",
            "fault": "Loud bearing since Monday",
            "customer": "Officina Esempio",
            "warranty": "out",
            "responsibility": "product",
            "whereabouts": "with_customer",
            "problem": "usual",
        }
        await case.is_refused("marta.riva", "verify_product", "Delivery date", **verified, delivery_date="2099-01-01")
        await case.does("marta.riva", "verify_product", delivery_date="2022-03-01")
        await case.does(
            "marta.riva",
            "determine_problem",
            cause="Run without oil",
            responsibility="customer",
            conditions_of_use="met",
            proposal="New bearings",
            costs=[{"kind": "parts", "text": "Bearing 6204, 2 pieces", "amount": "48.00"}],
        )
        await case.does(
            "marta.riva",
            "talk_to_customer",
            result="new_cost",
            spoken_with="Lucia Prova",
            explanation="New bearings",
            answer="Too dear; with used bearings it would be all right",
            costs=[{"kind": "parts", "text": "Bearing 6204, 2 pieces, used", "amount": "36.50"}],
        )
        await case.does("marta.riva", "confirm_plan", decision="confirmed", given_by="Lucia Prova", evidence="Mail")
        await case.does(
            "marta.riva",
            "return_instructions",
            address="Via Prova 1, Modena",
            precautions="Drain the oil",
            told_by="Mail to Lucia Prova",
        )
        await case.tells("marta.riva", "escalate", reason="The customer asks for a pump on loan")
        await case.does("chen.an", "special_case", decision="go_on", reason="We have none to lend")
        await case.does(
            "paolo.neri",
            "receive_item",
            result="received",
            condition="Packed well, oil drained",
            serial_number="HP40-0044",
            carrier="Corriere Prova",
            tracking_number="CP-1",
            attachments=photo,
        )
        await case.does(
            "paolo.neri", "inspect_returned", result="repairable", report="Play 0.4 mm", cause="The bearing is worn"
        )
        await case.does(
            "paolo.neri", "repair_returned", result="repaired", work_done="Bearings changed", report="Ran for two hours"
        )
        await case.does("marta.riva", "reinspect", result="met", standards="Test sheet 7", report="Play 0.01 mm")
        await case.does(
            "silvia.gallo", "return_item", carrier="Corriere Prova", tracking_number="CP-2", condition="As received"
        )
        await case.customer_reads("check")
        await case.does("marta.riva", "acceptance", **SIGNED)
        await case.does("marta.riva", "settlement", cost_list="Sent by mail", payment="paid", reference="Transfer 4713")
        await case.does("marta.riva", "follow_up", **HAPPY)
        await case.ended("marta.riva", "Resolved")
