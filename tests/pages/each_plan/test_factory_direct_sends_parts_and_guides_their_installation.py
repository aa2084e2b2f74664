"""A case of the plan factory-direct on the pages, by clicks, from the request to the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.desks import CaseOnPages
from tests.pages.each_plan.parts import BY_CLICKS, CHINA, CONSENT, HAPPY, SIGNED, Opened

pytestmark = BY_CLICKS


@pytest.mark.clause("T1", "T2", "T4", "T8", "T10", "T11")
async def test_factory_direct_sends_parts_and_guides_their_installation(open_desks: Opened, photo: Path) -> None:
    async with open_desks("zhao.gong") as desks:
        case = CaseOnPages(desks, CHINA)
        await case.opened(
            "su.mei",
            plan="factory-direct",
            channel="email",
            customer__name="Example Drinks",
            customer__contact_name="Lu Fang",
            customer__email="lu@drinks.example.com",
            customer__region="四川",
            product__model="LB-3",
            product__serial_number="LB3-0045",
            product__delivery_date="2024-03-10",
            problem__category="electrical",
            problem__description="The labeller stops after 20 seconds with E07.",
            request="repair",
        )
        await case.does(
            "su.mei", "ask_for_material", asked="A video of the start, the type plate", asked_by="Mail to Lu Fang"
        )
        await case.does(
            "su.mei", "collect_material", result="received", sorted="Video 1: stops; photo 2: E07", attachments=photo
        )
        await case.does(
            "su.mei", "report_problem", problem="LB-3 stops after 20 s, E07", reported_to="Qiu Yan, procurement"
        )
        await case.does(
            "qiu.yan", "send_to_factory", factory="临江样板机械厂", sent_by="Mail to Zhao Gong", answers="factory"
        )
        await case.does("su.mei", "ask_wishes", reached="yes", time_wanted="Before Friday", use="own_use")
        await case.does(
            "qiu.yan", "factory_confirmation", result="received", confirmed_by="Zhao Gong", evidence="Telephone"
        )
        solution = {
            "cause": "The power part of the drive board is damaged",
            "way": "parts",
            "solution": "Replace the drive board, then let it run for ten minutes",
            "items": "Drive board DB-3, 1 piece",
        }
        await case.is_refused("zhao.gong", "propose_solution", "Written", **solution)
        await case.does("zhao.gong", "propose_solution", written="Mail with the wiring")
        await case.does(
            "su.mei",
            "quote_costs",
            warranty="out",
            can_repair="yes",
            free_of_charge="no",
            costs=[
                {"kind": "parts", "text": "Drive board DB-3", "amount": "480.00"},
                {"kind": "postage", "text": "Express", "amount": "35.00"},
            ],
        )
        await case.tells("su.mei", "escalate", reason="The customer threatens to leave us")
        for member in ("qiu.yan", "su.mei"):
            await case.says_word(member, advice="share_cost", reason="A good customer")
        await case.does("chen.an", "special_case", decision="share_cost", company_share="40", reason="Both advise it")
        await case.does("su.mei", "confirm_plan", **CONSENT)
        await case.does(
            "su.mei", "issue_parts_order", number="AS-71", items="Drive board DB-3, 1 piece", ship_to="Lu Fang, Chengdu"
        )
        await case.does(
            "qiu.yan",
            "purchase_parts",
            result="placed",
            number="PO-118",
            supplier="临江样板机械厂",
            distance="elsewhere",
        )
        await case.does("qiu.yan", "receive_parts", result="arrived", told_by="Lu Fang by telephone")
        await case.does("su.mei", "agree_session", reached="yes", appointment=case.at(days=1), technician="Zhao Gong")
        await case.does("su.mei", "open_group", group="LB-3 support", members="Su Mei, Zhao Gong, Lu Fang")
        await case.does(
            "su.mei", "guided_installation", result="solved", work_done="Board replaced, ran for ten minutes"
        )
        await case.does("su.mei", "dissolve_group", dissolved="Group closed by Su Mei")
        await case.does("su.mei", "acceptance", **SIGNED)
        await case.does("su.mei", "settlement", cost_list="Sent by mail", payment="paid", reference="Transfer 4714")
        await case.does("su.mei", "follow_up", **HAPPY)
        await case.ended("su.mei", "Resolved")
