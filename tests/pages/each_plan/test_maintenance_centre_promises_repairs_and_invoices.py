"""A case of the plan maintenance-center on the pages, by clicks, from the request to the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.desks import CaseOnPages
from tests.pages.each_plan.parts import BY_CLICKS, CHINA, CONSENT, SIGNED, Opened

pytestmark = BY_CLICKS


@pytest.mark.clause("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M9")
async def test_maintenance_centre_promises_repairs_and_invoices(open_desks: Opened, photo: Path) -> None:
    async with open_desks("shen.tao", "xu.gang") as desks:
        case = CaseOnPages(desks, CHINA)
        await case.opened(
            "mo.qing",
            plan="maintenance-center",
            channel="phone",
            customer__name="Example Hotel",
            customer__contact_name="Lu Fang",
            customer__phone="+86 000 0000 0046",
            customer__region="浙江",
            customer__address="Example Road 9, Ningbo",
            product__model="AX-500",
            product__serial_number="AX500-0046",
            problem__category="electrical",
            problem__description="The compressor trips after ten minutes.",
            request="repair",
        )
        await case.does(
            "mo.qing", "register_request", desk="branch", branch="Ningbo", requirement="Cool by the weekend"
        )
        await case.does(
            "tan.rui", "evaluate_fault", assessment="Probably the contactor", urgency="ordinary", bring="Contactor 25 A"
        )
        await case.does("tan.rui", "assign_engineer", engineer="shen.tao", reason="Serves Ningbo")
        await case.does(
            "shen.tao", "call_ahead", reached="yes", appointment=case.at(days=1), checked="Trips after ten minutes"
        )
        await case.does(
            "shen.tao",
            "field_visit",
            result="later",
            cause="The control board is scorched",
            explanation="The board is repaired in our maintenance centre",
            attachments=photo,
        )
        await case.is_refused(
            "shen.tao",
            "promise_date",
            "Promised",
            explanation="The board comes back repaired",
            promised_for=case.at(days=-2),
            told="Lu Fang, on site",
        )
        await case.does("shen.tao", "promise_date", promised_for=case.at(days=6))
        await case.customer_reads("We promised you")
        await case.does(
            "shen.tao",
            "hand_over",
            result="taken_back",
            items=[{"item": "Control board, 1", "serial_number": "CB-77", "condition": "Scorched at one edge"}],
            signed_by="Lu Fang",
            signature="paper",
            evidence="Handover form 12",
            attachments=photo,
        )
        await case.does(
            "xu.gang",
            "centre_inspection",
            result="repairable",
            condition="As on the handover form",
            cause="A relay is welded",
            explanation="A new relay",
            warranty="out",
            costs=[{"kind": "labour", "text": "Two hours at the bench", "amount": "300.00"}],
        )
        await case.tells("tan.rui", "escalate", reason="The hotel asks for a free repair")
        await case.does("chen.an", "special_case", decision="go_on", reason="It is out of warranty")
        await case.does("tan.rui", "confirm_plan", **CONSENT)
        await case.does(
            "xu.gang",
            "workshop_repair",
            result="solved",
            work_done="Relay replaced, an hour's test",
            instructions="None",
        )
        await case.does("shen.tao", "agree_installation", reached="yes", appointment=case.at(days=3))
        await case.does(
            "shen.tao", "install_again", result="installed", adjusted="Pressure set", instructions="Restart weekly"
        )
        await case.does("shen.tao", "warranty_card_entry", hours="1.5", operations="Relay replaced", parts_used="Relay")
        await case.does("shen.tao", "acceptance", **SIGNED)
        await case.does("qian.yun", "prepare_invoice", invoice_number="FP-2026-0815", amount="300.00")
        await case.does(
            "shen.tao", "issue_invoice", result="paid", handed_to="Lu Fang", amount="300.00", reference="Transfer 4715"
        )
        await case.ended("mo.qing", "Resolved")
