from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domain.case import ConsentGiven
from domain.clocks import Anchor, Budget, DeadlineRequest, plain_promise
from domain.events import Actor, EventKind
from tests.pages.making import FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
VISITED = {"result": "inspected", "cause": "Bearing ran dry", "proposal": "replace_part", "explanation": "A new one"}


def _agreed(made: MadeCase) -> None:
    made.with_costs()
    consent = ConsentGiven.model_validate(
        {"at": made.now, "given_by": "Ms Wen", "amount": "86.50", "task": "confirm_plan"}
    )
    made.change(consents=(consent.model_dump(),))


@pytest.fixture
async def made(made_case: Make, project: Project) -> MadeCase:
    found = made_case(1)
    found.complete(found.offer("contact_customer"), {"reached": "yes", "requirement": "Quiet spindle by Friday"})
    found.complete(found.offer("remote_diagnosis"), {"result": "complex", "findings": "Not the collet"})
    found.complete(found.offer("site_visit"), VISITED)
    found.complete(found.offer("site_visit", key="site_visit-2"), {"result": "nobody_there"})
    found.change(engineer="wei", appointment=found.now + timedelta(days=1))
    _agreed(found)
    for kind in ("confirm_plan", "settlement", "workshop_inspection", "acceptance"):
        found.offer(kind)
    await project(found)
    return found


async def test_a_task_tells_what_was_found_proposed_and_agreed_before_it(browse: Browse, made: MadeCase) -> None:
    text = (await (await browse("admin")).get(f"/tasks/{made.case_id}.confirm_plan")).text
    for known in (
        "Quiet spindle by Friday",
        "Not the collet",
        "Bearing ran dry",  # the second visit met nobody and hides nothing
        "Replace a part",
        "Wei Shen",
        "tomorrow",
        "CNY 86.50",
        "Ms Wen agreed for the customer",
    ):
        assert known in text, known
    assert text.index("So far") < text.index("Who pays") < text.index("The request")


async def test_who_pays_is_told_only_where_it_matters(browse: Browse, made: MadeCase) -> None:
    assert "Who pays" not in (await (await browse("admin")).get(f"/tasks/{made.case_id}.acceptance")).text


async def test_new_costs_are_entered_beside_what_was_agreed(browse: Browse, made: MadeCase) -> None:
    text = (await (await browse("admin")).get(f"/tasks/{made.case_id}.workshop_inspection")).text
    assert "agreed to before stays" in text


async def test_a_settlement_offers_what_is_owed_and_nothing_else(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    path = f"/tasks/{made.case_id}.settlement"
    admin = await browse("admin")
    page = await admin.get(path)
    assert "Nothing is due" not in page.text
    fields = page.form(f"{path}/complete")
    assert (fields["outcome.payment"], fields["outcome.amount"]) == ("paid", "86.50")
    await admin.post(f"{path}/complete", fields | {"outcome.cost_list": "By mail", "outcome.reference": "R-1"})
    assert engine.completions[0][2]["outcome"]["amount"] == "86.50"


async def test_a_settlement_of_nothing_asks_for_no_amount(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(2)
    made.offer("settlement")
    await project(made)
    fields = (await (await browse("admin")).get(f"/tasks/{made.case_id}.settlement")).form(
        f"/tasks/{made.case_id}.settlement/complete"
    )
    assert fields["outcome.payment"] == "nothing_due"
    assert "outcome.amount" not in fields


async def test_a_special_case_names_what_is_late_and_by_how_much(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case(3)
    made.offer("contact_customer", due_in=-30)
    made.offer("assign_engineer", due_in=3)
    made.offer("special_case", reason="Third visit\nand still no part", asked_by="wei")
    await project(made)
    page = await (await browse("gao")).get(f"/tasks/{made.case_id}.special_case")
    assert "late 1 day 6 h" in page.text
    assert "Contact the customer" in page.text
    assert "Third visit\nand still no part" in page.source
    assert "asked by Wei Shen" in page.text
    assert "Assign an engineer" not in page.text


async def test_a_late_task_explains_the_missed_deadline_before_the_present_one(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case(4)
    request = DeadlineRequest(
        anchor=Anchor(name="application", at=made.now - timedelta(hours=30)),
        budget=Budget.parse("12 h"),
        calendar=made.plan.calendar,
    )
    missed = plain_promise(request, "the calendar could not be read")
    data = {"activity_id": "contact_customer", "level": 0, "source": "R3", "deadline": missed.model_dump(mode="json")}
    made.note(EventKind.PROMISED, task="contact_customer", data=data)
    made.offer("contact_customer", escalation_level=1, first_due_at=missed.due_at)
    await project(made)
    text = (await (await browse("lin")).get(f"/tasks/{made.case_id}.contact_customer")).text
    assert text.index("12 hours, clause R3") < text.index("The present deadline") < text.index("5 business days")
    shown = (await (await browse("lin")).get(f"/cases/{made.case_id}")).text
    assert "12 hours, clause R3" in shown


async def test_the_loser_of_a_race_keeps_what_was_typed_and_learns_who_won(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case(5)
    task = made.offer("contact_customer")
    await project(made)
    path = f"/tasks/{made.case_id}.contact_customer"
    mei = await browse("mei")
    fields = (await mei.get(path)).form(f"{path}/complete")
    fields |= {"outcome.reached": "yes", "outcome.requirement": "Rang twice, then she answered"}
    made.complete(task, {"reached": "yes", "requirement": "A visit"})
    await project(made)
    page = await mei.post(f"{path}/complete", fields, 409)
    assert isinstance(page, Page)
    assert "completed by Lin Yue, Customer service, " in page.text
    assert "done by Lin Yue" in page.text
    assert "Rang twice, then she answered" in page.text
    assert " UTC " not in page.text
    assert f'href="/cases/{made.case_id}"' in page.source
    assert f'href="{path}"' in page.source


@pytest.mark.parametrize("page", ["/cases/C-0000000001", "/tasks/C-0000000001.confirm_plan"])
async def test_what_an_engineer_found_of_the_warranty_stands_before_what_the_dates_say(
    browse: Browse, made: MadeCase, project: Project, page: str
) -> None:
    admin = await browse("admin")
    assert "By the dates it would be" not in (await admin.get(page)).text
    found = made.offer("site_visit", key="site_visit-3")
    made.complete(found, VISITED | {"warranty": "out"})
    assert found.done is not None
    found.done = found.done.model_copy(update={"by": Actor(user="wei", role="engineer", name="Wei Shen")})
    made.complete(made.offer("site_visit", key="site_visit-4"), VISITED | {"warranty": "unknown"})
    await project(made)
    head, _title, text = (await admin.get(page)).text.partition("Product and warranty")
    assert text.index("Out of warranty Entered by Wei Shen, Engineer") < text.index("The dates alone do not tell it.")
    assert "Warranty not known" not in head
