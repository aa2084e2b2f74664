"""A case of the plan rapid-response on the pages, by clicks, from the request to the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.desks import CaseOnPages
from tests.pages.each_plan.parts import BY_CLICKS, CHINA, CONSENT, HAPPY, SIGNED, Opened

pytestmark = BY_CLICKS


@pytest.mark.clause("R1", "R2", "R3", "R5", "R6", "R8", "R9", "X3", "X9")
async def test_rapid_response_repairs_on_site_at_the_customers_cost(open_desks: Opened, photo: Path) -> None:
    async with open_desks("shen.tao") as desks:
        case = CaseOnPages(desks, CHINA)
        await case.request_refused(
            "lin.yue",
            "Phone",
            plan="rapid-response",
            channel="phone",
            customer__name="Example Paper Mill",
            customer__contact_name="Lu Fang",
            customer__phone="call me",
            customer__region="浙江",
            customer__address="Example Road 8, Hangzhou",
            product__model="AX-200",
            product__serial_number="AX200-0042",
            problem__category="noise",
            problem__description="Rattles since Monday, louder every day.",
            request="repair",
        )
        await case.opened("lin.yue", customer__phone="+86 000 0000 0042", attachments=photo)
        await case.customer_reads("We have received your request")
        await case.does("lin.yue", "contact_customer", reached="yes", requirement="Quiet again before Friday")
        await case.does(
            "lin.yue",
            "remote_diagnosis",
            result="complex",
            findings="The noise stays without load",
            explanation="An engineer calls within 30 minutes",
        )
        await case.does("qian.wei", "assign_engineer", engineer="shen.tao", reason="Knows this spindle")
        await case.does(
            "shen.tao", "engineer_call", reached="yes", method="on_site", appointment=case.at(days=1), place="Hall 2"
        )
        await case.customer_reads("our engineer visits you")
        await case.is_refused(
            "shen.tao",
            "site_visit",
            "Costs, line 1, amount",
            result="inspected",
            cause="The bearing ran dry",
            proposal="replace_part",
            explanation="A new bearing, two hours",
            warranty="out",
            costs=[{"kind": "parts", "text": "Bearing 6204, 2 pieces", "amount": "86,50"}],
        )
        await case.does(
            "shen.tao",
            "site_visit",
            costs=[
                {"kind": "parts", "text": "Bearing 6204, 2 pieces", "amount": "86.50"},
                {"kind": "labour", "text": "Two hours", "amount": "300.00"},
            ],
            attachments=photo,
        )
        await case.tells("lin.yue", "escalate", reason="A customer of many years asks for a discount")
        await case.does(
            "chen.an", "special_case", decision="share_cost", company_share="50", reason="Customer for ten years"
        )
        await case.now("lin.yue", "Record the customer's answer")
        await case.does("shen.tao", "confirm_plan", **CONSENT)
        await case.does(
            "shen.tao", "site_repair", result="solved", work_done="Both bearings replaced", instructions="Oil weekly"
        )
        await case.does("shen.tao", "acceptance", **SIGNED)
        await case.does(
            "shen.tao", "settlement", cost_list="Handed to Lu Fang", payment="paid", reference="Transfer 4711"
        )
        await case.does("lin.yue", "follow_up", **HAPPY)
        await case.ended("lin.yue", "Resolved")
        await case.customer_reads("the problem is solved")
