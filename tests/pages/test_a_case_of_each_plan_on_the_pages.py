"""One case of each plan on the pages of the whole product: by clicks in Chromium, from the request to the archive."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import async_playwright

from tests.pages.desks import CaseOnPages, Desks
from tests.pages.looks import ARGUMENTS, CHROMIUM
from tests.platform.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.every]
Opened = Callable[[Sequence[str]], Awaitable[Desks]]
CHINA = "Asia/Shanghai"
SIGNED = {
    "decision": "accepted",
    "checks": "Ran for an hour at full load without the fault",
    "signed_by": "Lu Fang",
    "signature": "electronic",
    "evidence": "Signed on the tablet",
}
CONSENT = {"decision": "confirmed", "given_by": "Lu Fang", "evidence": "Signed on the cost list"}
HAPPY = {"reached": "yes", "satisfaction": "5", "feedback": "Quick, and everything was explained"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product with its people and without any case."""
    product = Product(tmp_path_factory.mktemp("clicked") / "home", "--no-sample-data")
    try:
        yield product.start()
    finally:
        product.stop()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "type plate.png"
    Image.new("RGB", (640, 480), "#7a8c99").save(file)
    return file


@asynccontextmanager
async def _desks(product: Product, *on_the_way: str) -> AsyncIterator[Desks]:
    """Everybody's browsers; afterwards nobody saw a page that complained, was too wide or spoke the code's words."""
    assert shutil.which(CHROMIUM), "these tests need Debian's Chromium: apt-get install chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            desks = Desks(chromium, product.address, product.home, on_the_way)
            yield desks
            assert sorted(set(desks.complaints)) == []
        finally:
            await chromium.close()


@pytest.mark.clause("R1", "R2", "R3", "R5", "R6", "R8", "R9", "X3", "X9")
async def test_rapid_response_repairs_on_site_at_the_customers_cost(product: Product, photo: Path) -> None:
    async with _desks(product, "shen.tao") as desks:
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


@pytest.mark.clause("Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7")
async def test_quality_procedure_trains_on_site_under_a_contract(product: Product, photo: Path) -> None:
    async with _desks(product, "zhao.gang") as desks:
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


@pytest.mark.clause("W1", "W2", "W3", "W4", "W6", "W7", "X9")
async def test_warranty_repair_negotiates_repairs_and_returns(product: Product, photo: Path) -> None:
    async with _desks(product, "paolo.neri") as desks:
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


@pytest.mark.clause("T1", "T2", "T4", "T8", "T10", "T11")
async def test_factory_direct_sends_parts_and_guides_their_installation(product: Product, photo: Path) -> None:
    async with _desks(product, "zhao.gong") as desks:
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


@pytest.mark.clause("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M9")
async def test_maintenance_centre_promises_repairs_and_invoices(product: Product, photo: Path) -> None:
    async with _desks(product, "shen.tao", "xu.gang") as desks:
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
