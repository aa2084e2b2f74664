"""Every page that answers 200 is well formed, labelled, free of inline scripts and safe from hostile text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from domain.case import TaskStatus
from domain.plan import Stage
from domain.tasks import TASKS
from tests.pages.making import HOSTILE, PLANS, FakeEngine, MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


async def _a_rich_case(made_case: Make, project: Project, text: str) -> MadeCase:
    made = made_case(1, text)
    first = made.offer("contact_customer", due_in=-5)
    made.complete(first, {"reached": "yes", "requirement": text, "attachments": []})
    made.change(stage=Stage.RESOLVE, work_order="RR-2026-000001")
    made.offer("site_visit", due_in=3, reminded_at=made.now)
    made.offer("confirm_plan", due_in=-3, escalation_level=1, breached_at=made.now)
    made.offer("special_case", due_in=9, reason=text)
    made.add_information(text)
    made.with_costs()
    made.change(special_case_open=True)
    await project(made)
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?show=mine",
        "/?show=offered",
        "/?show=late",
        "/?show=today",
        "/cases",
        "/cases?q=x&stage=resolve&state=active",
        "/escalations",
        "/escalations?role=engineer&holder=wei&owes=service_manager",
        "/dispatch",
        "/dispatch?region=x&skill=noise&week=2026-11-23",
        "/engineers",
        "/reports",
        "/reports?of=repairs&by=model&from=2026-01-01",
        "/reports?by=region",
        "/reports/cases?by=model",
        "/reports/issued",
        "/actions",
        "/actions/new?of=cases&by=category&key=noise",
        "/cases/new",
        "/customers",
        "/contracts",
        "/warranty-terms",
        "/factories",
        "/knowledge",
        "/knowledge?q=x&model=AX&category=noise&state=draft",
        "/knowledge/new",
    ],
)
async def test_lists_and_forms_are_sound_with_and_without_cases(
    browse: Browse, made_case: Make, project: Project, path: str
) -> None:
    admin = await browse("admin")
    await admin.get(path)
    await _a_rich_case(made_case, project, HOSTILE)
    page = await admin.get(path)
    assert "<img src=x" not in page.source


@pytest.mark.parametrize("kind", sorted({kind for plan in PLANS.values() for kind in plan.tasks}))
async def test_every_declared_task_has_a_page_from_its_declaration_alone(
    browse: Browse, made_case: Make, project: Project, kind: str
) -> None:
    made = made_case(1, HOSTILE)
    made.offer(kind)
    made.with_costs()  # a settlement asks for an amount only when something is owed
    await project(made)
    page = await (await browse("admin")).get(f"/tasks/{made.case_id}.{kind}")
    names = {one.get("name", "") for one in page.inputs}
    for field in TASKS[kind].form.model_fields:
        assert any(name == f"outcome.{field}" or name.startswith(f"outcome.{field}.") for name in names), field
    assert "<script>alert" not in page.source
    assert "<script>alert(1)</script>" in page.text


async def test_a_case_shows_hostile_text_as_text(browse: Browse, made_case: Make, project: Project) -> None:
    made = await _a_rich_case(made_case, project, HOSTILE)
    page = await (await browse("lin")).get(f"/cases/{made.case_id}")
    assert "<script>alert(1)</script>" in page.text
    assert "RR-2026-000001" in page.text
    assert "CNY 86.50" in page.text
    assert "business days" in page.text


async def test_paused_closed_and_ended_are_sound_too(browse: Browse, made_case: Make, project: Project) -> None:
    paused = made_case(2, HOSTILE)
    paused.offer("remote_diagnosis", status=TaskStatus.SUSPENDED)
    paused.pause()
    await project(paused)
    closed = made_case(3, HOSTILE)
    task = closed.offer("contact_customer")
    closed.complete(task, {"reached": "yes", "requirement": HOSTILE, "attachments": []})
    closed.close()
    await project(closed)
    lin = await browse("lin")
    assert "paused" in (await lin.get(f"/cases/{paused.case_id}")).text
    assert "This task rests" in (await lin.get(f"/tasks/{paused.case_id}.remote_diagnosis")).text
    assert "Reopen the case" in (await lin.get(f"/cases/{closed.case_id}")).text
    assert "Lin Yue" in (await lin.get(f"/tasks/{closed.case_id}.contact_customer")).text


async def test_an_auditor_reads_and_is_offered_nothing_to_do(browse: Browse, made_case: Make, project: Project) -> None:
    made = await _a_rich_case(made_case, project, "plain")
    audra = await browse("audra")
    page = await audra.get(f"/cases/{made.case_id}")
    assert not [link for link in page.links if "/do/" in link]
    assert [form.get("action") for form in page.forms] == ["/sign-out"]


async def test_the_customer_sees_the_next_step_and_nothing_internal(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = made_case(1, "secret note")
    made.offer("contact_customer", due_in=-1, escalation_level=1, breached_at=made.now)
    made.offer("acknowledge_breach")
    await project(made)
    page = await anonymous.get(app.state.parts.tracking.path(made.case_id))
    assert "we contact you" in page.text
    assert "late" in page.text
    for internal in ("secret note", "Example Works", "5550 0101", "Lin Yue", "escalation", "Acknowledge"):
        assert internal not in page.source


async def test_a_made_up_tracking_link_leads_nowhere(anonymous: Browser) -> None:
    page = await anonymous.get("/t/000000000100000000000000000000000000000000", 404)
    assert "tracking link" in page.text


async def test_a_case_that_is_not_shown_yet_says_so_and_looks_again(browse: Browse, engine: FakeEngine) -> None:
    lin = await browse("lin")
    fields = (await lin.get("/cases/new")).form("/cases/new")
    fields |= {
        "customer.name": "Example Works",
        "product.model": "AX-200",
        "problem.category": "noise",
        "problem.description": "Rattles",
        "request": "repair",
    }
    path = str(await lin.post("/cases/new", fields)).partition("?")[0]
    page = await lin.get(path)
    assert "being set up" in page.text
    assert 'http-equiv="refresh"' in page.source
    assert len(engine.started) == 1
    await lin.get("/cases/C-0000000009", 404)


async def test_clocks_say_left_late_and_reminder(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    made.offer("contact_customer", due_in=2.05)
    late = made.offer("remote_diagnosis", due_in=30, escalation_level=1, breached_at=made.now)
    late.first_due_at = made.now - timedelta(hours=1, minutes=12, seconds=10)
    made.offer("follow_up", due_in=1.01, reminded_at=made.now)
    await project(made)
    text = (await (await browse("lin")).get("/")).text
    assert "late 1 h 12 min" in text
    assert text.index("late 1 h 12 min") < text.index("reminder") < text.index("2 h ")
