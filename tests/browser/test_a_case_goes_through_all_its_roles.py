"""A case from the request to the archive by clicks alone, through everybody's hands; the same without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.pages.desks import CaseOnPages, Desks
from tests.pages.each_plan.parts import CHINA, HAPPY, SIGNED
from tests.platform.product import Product

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without JavaScript"])
async def test_desk_dispatcher_engineer_manager_and_customer_work_a_case_by_clicks(
    chromium: Browser, product: Product, tmp_path: Path, javascript: bool
) -> None:
    photo = tmp_path / "type plate.png"
    Image.new("RGB", (640, 480), "#7a8c99").save(photo)
    desks = Desks(chromium, product.address, product.home, ["shen.tao"], javascript=javascript)
    case = CaseOnPages(desks, CHINA)
    asked = {
        "plan": "rapid-response",
        "channel": "phone",
        "customer__name": "Example Paper Mill",
        "customer__contact_name": "Lu Fang",
        "customer__region": "浙江",
        "customer__address": "Example Road 8, Hangzhou",
        "product__model": "AX-200",
        "product__serial_number": f"AX200-{javascript:04}",
        "problem__category": "noise",
        "problem__description": "Rattles since Monday, louder every day.",
        "request": "repair",
    }
    await case.request_refused("lin.yue", "Phone", customer__phone="call me", **asked)
    await case.opened("lin.yue", customer__phone="+86 000 0000 0042", attachments=photo)
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
    await case.does(
        "shen.tao",
        "site_visit",
        result="inspected",
        cause="The bearing ran dry",
        proposal="repair",
        explanation="A new bearing, two hours",
        warranty="out",
        costs=[{"kind": "parts", "text": "Bearing 6204, 2 pieces", "amount": "86.50"}],
        attachments=photo,
    )
    await case.tells("lin.yue", "escalate", reason="A customer of many years asks for a discount")
    await case.does(
        "chen.an", "special_case", decision="share_cost", company_share="50", reason="Customer for ten years"
    )
    await case.now("lin.yue", "Record the customer's answer")
    await case.does(
        "shen.tao", "confirm_plan", decision="confirmed", given_by="Lu Fang", evidence="Signed on the cost list"
    )
    await case.does(
        "shen.tao", "site_repair", result="solved", work_done="Both bearings replaced", instructions="Oil weekly"
    )
    await case.does("shen.tao", "acceptance", **SIGNED)
    await case.does("shen.tao", "settlement", cost_list="Handed to Lu Fang", payment="paid", reference="Transfer 4711")
    await case.does("lin.yue", "follow_up", **HAPPY)
    await case.ended("lin.yue", "Resolved")
    await case.customer_reads("the problem is solved")
    assert not desks.complaints, sorted(set(desks.complaints))
