"""The screen of the general manager: a decision with all it takes, everything late by department, acknowledgements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from api.pages.decisions import told_reason
from core.errors import Refused
from domain.events import EventKind
from domain.plan import Stage
from tests.pages.making import HOSTILE, LIN, PLANS, FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


async def _before_panel(make: Make, project: Project, number: int = 1, text: str = "Rattles since Monday") -> MadeCase:
    """A case with a late visit and costs, put to the general manager by Lin Yue."""
    made = make(number, text)
    made.change(stage=Stage.RESOLVE, engineer="wei", special_case_open=True)
    first = made.offer("contact_customer", due_in=-20)
    made.complete(first, {"reached": "yes", "requirement": text, "attachments": []})
    made.offer("site_visit", due_in=-6, assignee="wei", escalation_level=1, breached_at=made.now)
    made.note(EventKind.BREACHED, task="site_visit", data={"level": 1})
    made.note(EventKind.SPECIAL_CASE_OPENED, LIN, data={"reason": text, "about": None})
    made.offer("special_case", due_in=3 + number, reason=f"{text}: who pays?", asked_by="lin")
    made.with_costs()
    await project(made)
    return made


@pytest.mark.clause("X3")
async def test_one_screen_tells_all_that_a_decision_takes(browse: Browse, made_case: Make, project: Project) -> None:
    await _before_panel(made_case, project)
    page = await (await browse("gao")).get("/escalations")
    assert "Rattles since Monday: who pays?" in page.text
    assert "asked by Lin Yue" in page.text
    assert "late in one step" in page.text
    assert "Visit the customer late 6 h" in page.text
    assert "Wei Shen" in page.text
    assert "CNY 86.50 borne by the customer" in page.text
    assert "Case opened" in page.text
    assert "Deadline missed: Visit the customer" in page.text


@pytest.mark.clause("X3")
async def test_it_is_decided_there_and_the_next_one_comes_up(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    made = await _before_panel(made_case, project)
    other = await _before_panel(made_case, project, 2, "Leaks")
    gao, path = await browse("gao"), f"/escalations/{made.case_id}.special_case/decide"
    fields = (await gao.get("/escalations")).form(path)
    wrong = await gao.post(path, fields | {"outcome.decision": "share_cost", "outcome.reason": HOSTILE}, 422)
    assert isinstance(wrong, Page)
    assert "Company's share in percent" in wrong.text
    assert wrong.form(path)["outcome.reason"] == HOSTILE
    fields |= {"outcome.decision": "waive_cost", "outcome.reason": "We were late"}
    assert await gao.post(path, fields) == "/escalations?said=decided"
    case_id, activity, sent = engine.completions[0]
    assert (case_id, activity) == (made.case_id, "special_case")
    assert sent["outcome"] == {"decision": "waive_cost", "reason": "We were late"}
    page = await gao.get("/escalations")
    assert page.form(f"/escalations/{other.case_id}.special_case/decide")
    assert "sent in" in page.text


async def test_a_decision_that_somebody_else_took_is_explained_and_what_was_typed_is_kept(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    made = await _before_panel(made_case, project)
    gao, path = await browse("gao"), f"/escalations/{made.case_id}.special_case/decide"
    fields = (await gao.get("/escalations")).form(path)
    engine.away = Refused("this task was completed by Dan Qian a moment ago")
    fields |= {"outcome.decision": "go_on", "outcome.reason": "It can wait"}
    page = await gao.post(path, fields, 409)
    assert isinstance(page, Page)
    assert "This task was completed by Dan Qian" in page.text
    assert page.form(path)["outcome.reason"] == "It can wait"


async def test_who_asked_does_not_decide_and_others_are_told_who_does(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = await _before_panel(made_case, project)
    path = f"/escalations/{made.case_id}.special_case/decide"
    page = await (await browse("lin")).get("/escalations")
    assert "answers this" in page.text
    assert path not in page.source
    made.tasks[-1].asked_by = "gao"
    await project(made)
    assert "You asked for this decision" in (await (await browse("gao")).get("/escalations")).text
    await (await browse("gao")).get("/escalations?task=C-0000000009.nothing")


@pytest.mark.clause("T11")
async def test_the_words_of_the_panel_stand_beside_the_decision(
    browse: Browse, app: FastAPI, project: Project, made_case: Make
) -> None:
    plan = PLANS["factory-direct"]
    app.state.parts.plans[plan.name] = plan
    made = MadeCase(plan, "C-0000000001", app.state.parts.now())
    made.change(stages=plan.stages, stage=plan.stages[0], special_case_open=True)
    made.note(EventKind.SPECIAL_CASE_OPENED, LIN, data={"reason": "A discount", "about": None})
    sales = made.offer("panel_word", key="panel_word", role="sales", offered_at=made.now)
    made.offer("panel_word", key="panel_word-2", role="procurement", reason="A discount", offered_at=made.now)
    made.complete(sales, {"advice": "waive_cost", "reason": "They order a lot"})
    await project(made)
    gao = await browse("gao")
    page = await gao.get("/escalations")
    assert "The company bears all costs Sales, Lin Yue" in page.text
    assert "They order a lot" in page.text
    assert "not answered yet Procurement" in page.text
    assert "answers this" in page.text  # the decision waits for procurement's word


async def _late(make: Make, project: Project) -> MadeCase:
    made = make(1)
    made.offer("site_visit", due_in=-30, assignee="wei", escalation_level=2, breached_at=made.now)
    made.offer("engineer_call", due_in=-2, assignee="tom", escalation_level=1, breached_at=made.now)
    made.offer("acceptance", key="acceptance", due_in=-3, role="customer_service")
    made.offer("acknowledge_breach", due_in=-1, about="site_visit", role="service_manager")
    made.offer("settlement", due_in=5)
    await project(made)
    return made


async def test_everything_late_stands_by_department_with_who_holds_it_and_since_when(
    browse: Browse, made_case: Make, project: Project
) -> None:
    await _late(made_case, project)
    page = await (await browse("gao")).get("/escalations")
    assert "Engineer 2 late the longest for 1 day 6 h" in page.text
    assert "Wei Shen · 1 · since" in page.text
    assert "nobody yet · 1 · since" in page.text
    assert page.text.index("Visit the customer") < page.text.index("Call the customer")
    assert "Missed deadlines that nobody has acknowledged 1" in page.text
    assert "/escalations?role=engineer&holder=wei#late" in page.links


async def test_links_narrow_what_is_late_to_a_department_and_to_a_person(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = await _late(made_case, project)
    gao = await browse("gao")

    async def shown(query: str) -> set[str]:
        links = (await gao.get(f"/escalations?{query}")).links
        kinds = ("site_visit", "engineer_call", "acceptance", "settlement")
        return {kind for kind in kinds if f"/tasks/{made.case_id}.{kind}" in links}

    assert await shown("") == {"site_visit", "engineer_call", "acceptance"}
    assert await shown("role=engineer") == {"site_visit", "engineer_call"}
    assert await shown("role=engineer&holder=wei") == {"site_visit"}
    assert await shown("holder=-") == {"acceptance"}
    assert await shown("role=finance") == set()
    await gao.get("/escalations?cursor=x", 422)


async def test_late_work_is_read_page_by_page(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    for number in range(1, 31):
        made.offer("site_visit", key=f"site_visit-{number + 1}", due_in=-number)
    await project(made)
    gao = await browse("gao")
    page = await gao.get("/escalations?role=engineer")
    (further,) = [link for link in page.links if "cursor=" in link]
    assert "role=engineer" in further
    first = {link for link in page.links if link.startswith("/tasks/")}
    second = {link for link in (await gao.get(further)).links if link.startswith("/tasks/")}
    assert (len(first), len(second), first & second) == (20, 10, set())


async def test_a_quiet_house_says_so(browse: Browse) -> None:
    text = (await (await browse("gao")).get("/escalations")).text
    for told in ("No decision is waited for", "Nothing is late", "Every missed deadline is acknowledged"):
        assert told in text


async def test_a_paused_task_is_not_late(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    made.offer("site_visit", due_in=-2, status="suspended")
    made.pause()
    await project(made)
    assert "Nothing is late" in (await (await browse("gao")).get("/escalations")).text


async def test_hostile_text_stays_text(browse: Browse, made_case: Make, project: Project) -> None:
    made = await _before_panel(made_case, project, text=HOSTILE)
    made.add_information(HOSTILE)
    made.change(appointment=made.now + timedelta(days=1))
    await project(made)
    page = await (await browse("gao")).get("/escalations")
    assert "<img src=x" not in page.source


@pytest.mark.clause("X1")
async def test_who_owes_acknowledgements_is_told_by_role(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    for number in range(2, 11):
        made.offer("acknowledge_breach", key=f"acknowledge_breach-{number}", role="service_manager", about="site_visit")
    made.offer("acknowledge_breach", key="acknowledge_breach", role="general_manager", about="engineer_call")
    await project(made)
    gao = await browse("gao")
    page = await gao.get("/escalations")
    assert "Service manager · 9" in page.text
    assert sum("acknowledge_breach" in link for link in page.links) == 6
    narrowed = await gao.get("/escalations?owes=service_manager")
    assert sum("acknowledge_breach-" in link for link in narrowed.links) == 9


def test_a_deadline_missed_again_and_again_is_told_once() -> None:
    told = told_reason("Who pays?; Deadline missed: A, escalation level 2; Deadline missed: A, escalation level 3; B")
    assert told == "Who pays?; Deadline missed: A, escalation level 3; B"
    assert told_reason(None) == ""


async def test_all_that_wait_are_counted_though_the_most_urgent_alone_are_shown(
    browse: Browse, made_case: Make, project: Project
) -> None:
    for number in range(1, 23):
        await _before_panel(made_case, project, number)
    page = await (await browse("admin")).get("/escalations")
    assert "22 decisions" in page.text
    assert "16 others" in page.text
    assert "The 20 most urgent are shown." in page.text


@pytest.mark.clause("X3")
async def test_their_own_decision_is_open_though_a_page_of_others_is_more_urgent(
    browse: Browse, made_case: Make, project: Project
) -> None:
    for number in range(1, 23):
        await _before_panel(made_case, project, number)
    made = made_case(30)
    made.change(special_case_open=True)
    made.offer("panel_word", due_in=99, role="dispatcher", reason="Who pays for the seal?", asked_by="lin")
    await project(made)
    page = await (await browse("dan")).get("/escalations")
    assert page.form(f"/escalations/{made.case_id}.panel_word/decide")
