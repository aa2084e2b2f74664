"""A case of the plan quality-procedure on the pages, by clicks, from the request to the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.desks import CaseOnPages
from tests.pages.each_plan.parts import BY_CLICKS, CHINA, HAPPY, SIGNED, Opened

pytestmark = BY_CLICKS


@pytest.mark.clause("Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7")
async def test_quality_procedure_trains_on_site_under_a_contract(open_desks: Opened, photo: Path) -> None:
    async with open_desks("zhao.gang") as desks:
        case = CaseOnPages(desks, CHINA)
        await case.opened(
            "he.qing",
            plan="quality-procedure",
            channel="phone",
            customer__name="Example Valve Works",
            customer__contact_name="Lu Fang",
            customer__phone="+86 000 0000 0043",
            product__model="PR-60",
            product__serial_number="PR60-0043",
            problem__category="performance",
            problem__description="The new shift does not know how to set the press.",
            request="consultation",
            subject="training",
        )
        await case.does(
            "he.qing",
            "record_feedback",
            subject="training",
            feedback="Six people of the new shift need to be shown how the press is set.",
            urgency="hampered",
            period="beyond",
            basis="Delivered in June 2023",
            forwarded_to="Zhao Gang, by telephone",
        )
        await case.does("zhao.gang", "choose_mode", mode="visit", reason="Training takes place at the press")
        await case.is_refused(
            "he.qing",
            "sign_contract",
            "Valid to",
            decision="signed",
            number="SC-2026-014",
            valid_from="2026-01-01",
            signed_by="Lu Fang",
            attachments=photo,
            costs=[{"kind": "other", "text": "Service contract, one year", "amount": "1800.00"}],
        )
        await case.does("he.qing", "sign_contract", valid_to="2026-12-31")
        await case.does("zhao.gang", "arrange_visit", reached="yes", appointment=case.at(days=2), spoke_with="Lu Fang")
        await case.tells("he.qing", "escalate", reason="The customer wants the training on a Sunday")
        await case.does("chen.an", "special_case", decision="go_on", reason="Sunday is fine, with a day off after it")
        await case.customer_reads("visit")
        await case.does("zhao.gang", "service_visit", result="served", report="Three hours at the press", met="Lu Fang")
        await case.does(
            "zhao.gang",
            "training_record",
            topics="Setting and daily care of the press",
            trainer="Zhao Gang",
            attendees="Lu Fang\nWu Min",
            hours="3",
        )
        await case.does("zhao.gang", "acceptance", **SIGNED)
        await case.does(
            "qian.yun", "settlement", cost_list="Sent to Lu Fang", payment="paid", reference="Transfer 4712"
        )
        await case.does(
            "zhao.gang",
            "bring_receipt",
            result="brought",
            number="AS-0042",
            handed_to="Qian Yun",
            attachments=photo,
        )
        await case.does(
            "qian.yun",
            "store_receipt",
            result="stored",
            place="Binder 2026-11",
            verify="yes",
            reason="The hours look long",
        )
        await case.does("he.qing", "follow_up", **HAPPY)
        await case.does("he.qing", "verify_visit", result="confirmed", means="telephone", spoke_with="Lu Fang")
        await case.ended("he.qing", "Resolved")
