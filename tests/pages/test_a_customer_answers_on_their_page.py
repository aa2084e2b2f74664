"""What a customer does on their own page: agree, accept and sign, rate, add information, withdraw."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from core.errors import Unavailable
from domain.case import TaskState
from domain.plan import Stage
from tests.api.house import PNG
from tests.pages.making import HOSTILE, FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Make = Callable[..., MadeCase]
Browse = Callable[[str], Awaitable[Browser]]
Project = Callable[[MadeCase], Awaitable[None]]
HOW = "on the customer's own page, by the tracking link"


@pytest.fixture
def page_of(app: FastAPI) -> Callable[[MadeCase], str]:
    return lambda made: str(app.state.parts.tracking.path(made.case_id))


PageOf = Callable[[MadeCase], str]


def proposed(made: MadeCase) -> TaskState:
    visit = made.offer("site_visit")
    made.complete(visit, {"result": "inspected", "cause": "Worn bearing", "proposal": "replace_part"})
    made.with_costs()
    return made.offer("confirm_plan")


async def answer(browser: Browser, path: str, key: str, files: Any = None, status: int = 303, **said: str) -> Any:
    """Sends an answer as a browser would; names of fields without the step's key."""
    action = f"{path}/answers/{key}"
    fields = (await browser.get(path)).form(action)
    own = {name if name in ("name", "shown", "csrf") else f"{key}.{name}": value for name, value in said.items()}
    return await browser.post(action, fields | own, status, files)


@pytest.mark.clause("R6", "X8", "X9")
async def test_a_customer_agrees_to_the_plan_and_its_costs(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    proposed(made)
    await project(made)
    path = page_of(made)
    page = await anonymous.get(path)
    assert "Do you agree to the proposed work and its costs?" in page.text
    assert "Worn bearing" in page.text
    assert "86.50" in page.text
    assert (
        await answer(anonymous, path, "confirm_plan", decision="confirmed", name=" Wen  Li ") == f"{path}?said=answered"
    )
    ((case_id, activity, sent),) = engine.completions
    assert (case_id, activity) == (made.case_id, "confirm_plan")
    assert sent["by"] == {"user": "@customer", "name": "Wen Li", "role": "customer", "acting_for": None}
    assert sent["on_behalf_of"] is None
    assert sent["outcome"] == {
        "decision": "confirmed",
        "given_by": "Wen Li",
        "evidence": f"Wen Li, {HOW}. Shown to them: the plan, and 86.50 CNY that they bear.",
        "attachments": [],
    }


async def test_the_same_answer_sent_twice_counts_once(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    proposed(made)
    await project(made)
    path, action = page_of(made), f"{page_of(made)}/answers/confirm_plan"
    fields = (await anonymous.get(path)).form(action) | {"confirm_plan.decision": "declined", "name": "Wen Li"}
    for _ in range(2):
        assert await anonymous.post(action, fields) == f"{path}?said=answered"
    assert len(engine.completions) == 1
    page = await anonymous.get(path)
    assert "We have your answer" in page.text
    assert not [form for form in page.forms if form.get("action") == action]


async def test_an_answer_to_what_has_changed_meanwhile_is_not_taken(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    proposed(made)
    await project(made)
    path, action = page_of(made), f"{page_of(made)}/answers/confirm_plan"
    fields = (await anonymous.get(path)).form(action) | {"confirm_plan.decision": "confirmed", "name": "Wen Li"}
    dearer = made.state.costs[0].model_copy(update={"amount": made.state.costs[0].amount + 100})
    made.change(costs=(dearer.model_dump(),))
    await project(made)
    page = await anonymous.post(action, fields, 409)
    assert isinstance(page, Page)
    assert "has changed since you opened the page" in page.text
    assert "186.50" in page.text
    assert not engine.completions


@pytest.mark.clause("R8", "X8")
async def test_a_customer_accepts_and_signs_with_a_finger(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    made.offer("acceptance", assignee="wei", role="engineer")
    await project(made)
    path = page_of(made)
    drawn = [("files.files", ("signature.png", PNG, "image/png"))]
    await answer(anonymous, path, "acceptance", drawn, decision="accepted", checks="It runs quietly", name="Wen Li")
    outcome = engine.completions[0][2]["outcome"]
    assert (outcome["signed_by"], outcome["signature"], len(outcome["attachments"])) == ("Wen Li", "electronic", 1)
    assert outcome["evidence"] == f"Wen Li, {HOW}. Signed by hand on the screen."


@pytest.mark.clause("R8")
async def test_a_name_is_a_signature_too_and_a_refusal_says_why(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    made.offer("acceptance")
    await project(made)
    path = page_of(made)
    page = await answer(anonymous, path, "acceptance", status=422, decision="refused", name="")
    assert 'id="f-acceptance-refusal-error"' in page.source
    assert "Your name is needed" in page.text
    assert "not reached me" not in page.text  # nothing was sent to the customer
    await answer(anonymous, path, "acceptance", decision="refused", refusal=HOSTILE, name="Wen Li")
    assert engine.completions[0][2]["outcome"]["refused_by"] == "Wen Li"
    assert engine.completions[0][2]["outcome"]["refusal"] == HOSTILE


@pytest.mark.clause("R9")
async def test_a_customer_rates_the_service(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    made.offer("follow_up")
    await project(made)
    path = page_of(made)
    page = await answer(anonymous, path, "follow_up", status=422, name="Wen Li", feedback="Quick")
    assert page.form(f"{path}/answers/follow_up")["follow_up.feedback"] == "Quick"
    await answer(anonymous, path, "follow_up", satisfaction="5", feedback="Quick", name="Wen Li")
    assert engine.completions[0][2]["outcome"] == {"reached": "yes", "satisfaction": 5, "feedback": "Quick"}


@pytest.mark.clause("X7")
async def test_a_customer_adds_words_and_photos_and_sees_them_again(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    await project(made)
    path = page_of(made)
    action = f"{path}/information"
    fields = (await anonymous.get(path)).form(action)
    page = await anonymous.post(action, fields, 422)
    assert isinstance(page, Page)
    assert "Write something" in page.text
    photo = [("files.files", ("whole machine.png", PNG, "image/png"))]
    fields = page.form(action) | {"text": f"It smokes now {HOSTILE}"}
    assert await anonymous.post(action, fields, files=photo) == f"{path}?said=told"
    ((case_id, name, message),) = engine.signals
    assert (case_id, name) == (made.case_id, "add_information")
    assert message["by"]["role"] == "customer"
    assert message["text"].startswith("It smokes now <script>")
    told = {"at": made.now, "by": message["by"], "text": message["text"], "attachments": message["attachments"]}
    made.change(information=(told,))
    await project(made)
    page = await anonymous.get(path)
    assert "It smokes now" in page.text
    assert "<script>alert" not in page.source
    picture = await anonymous.client.get(f"{path}/pictures/{message['attachments'][0]}/small")
    assert picture.status_code == 200


@pytest.mark.clause("X5")
async def test_a_customer_withdraws_after_reading_what_follows(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    made.change(item_with_us="workshop")
    await project(made)
    path = f"{page_of(made)}/withdraw"
    assert path in (await anonymous.get(page_of(made))).links
    page = await anonymous.get(path)
    assert "You get your item back" in page.text
    again = await anonymous.post(path, page.form(path) | {"name": "Wen Li"}, 422)
    assert isinstance(again, Page)
    assert "f-reason-error" in again.source
    assert "f-sure-error" in again.source
    fields = again.form(path) | {"reason": "Bought another", "sure": "yes"}
    assert await anonymous.post(path, fields) == f"{page_of(made)}?said=withdrawn"
    message = engine.signals[0][2]
    assert (message["told_by"], message["evidence"]) == ("Wen Li", f"Wen Li, {HOW}")


@pytest.mark.parametrize("stage", [Stage.SETTLE, Stage.FOLLOW_UP, Stage.GIVE_BACK, Stage.ARCHIVE])
async def test_there_is_nothing_to_withdraw_from_what_was_accepted_or_is_being_closed(
    anonymous: Browser, made_case: Make, project: Project, page_of: PageOf, stage: Stage
) -> None:
    made = made_case(1)
    made.change(stage=Stage.ACCEPT)
    await project(made)
    withdraw = f"{page_of(made)}/withdraw"
    assert withdraw in (await anonymous.get(page_of(made))).links
    made.change(stage=stage)
    await project(made)
    assert not (await anonymous.get(withdraw)).forms
    assert withdraw not in (await anonymous.get(page_of(made))).links


@pytest.mark.parametrize(
    ("stage", "offered"),
    [(Stage.RESOLVE, True), (Stage.SETTLE, True), (Stage.GIVE_BACK, False), (Stage.ARCHIVE, False)],
)
async def test_staff_are_offered_to_withdraw_a_case_as_long_as_it_takes_that(
    browse: Browse, made_case: Make, project: Project, stage: Stage, offered: bool
) -> None:
    made = made_case(1)
    made.change(stage=stage)
    await project(made)
    lin, step = await browse("lin"), f"/cases/{made.case_id}/do/withdraw"
    assert (step in (await lin.get(f"/cases/{made.case_id}")).links) is offered


async def test_what_is_ours_is_not_done_through_a_link(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made, other = made_case(1), made_case(2)
    made.offer("contact_customer")
    proposed(other)
    await project(made)
    await project(other)
    path = page_of(made)
    csrf = (await anonymous.get(path)).form(f"{path}/information")["csrf"]
    said = {"csrf": csrf, "name": "Wen Li", "confirm_plan.decision": "confirmed", "decision": "confirmed"}
    for key in ("contact_customer", "confirm_plan", "site_visit", "nothing", "x" * 500):
        await anonymous.post(f"{path}/answers/{key}", said, 404)
    stolen = (await anonymous.get(page_of(other))).form(f"{page_of(other)}/answers/confirm_plan")
    await anonymous.post(f"{page_of(other)}/answers/confirm_plan", stolen | {"csrf": csrf}, 403)
    await anonymous.post(f"{path}/information", {"text": "no proof"}, 403)
    assert not engine.completions
    assert not engine.signals


async def test_an_engine_that_is_away_keeps_what_was_typed(
    anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    made.offer("follow_up")
    await project(made)
    engine.away = Unavailable("the engine cannot be reached")
    page = await answer(
        anonymous, page_of(made), "follow_up", status=503, satisfaction="2", feedback="Slow", name="Wen Li"
    )
    assert "cannot be reached" in page.text
    assert page.form(f"{page_of(made)}/answers/follow_up")["follow_up.feedback"] == "Slow"


async def test_no_file_of_ours_is_handed_in_by_its_identifier(
    app: FastAPI, anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, page_of: PageOf
) -> None:
    made = made_case(1)
    await project(made)
    path = page_of(made)
    action = f"{path}/information"
    fields = (await anonymous.get(path)).form(action) | {"text": "Look", "files.kept": "F-0000000000000000"}
    await anonymous.post(action, fields)
    assert engine.signals[0][2]["attachments"] == []


@pytest.mark.parametrize("code", ["it", "zh-CN", "en"])
async def test_the_language_is_chosen_in_the_address_and_kept(
    anonymous: Browser, made_case: Make, project: Project, page_of: PageOf, code: str
) -> None:
    made = made_case(1)
    await project(made)
    path = page_of(made)
    page = await anonymous.get(f"{path}?lang={code}")
    assert f'<html lang="{code}">' in page.source
    assert f"{path}/withdraw?lang={code}" in page.links
    action = f"{path}/information?lang={code}"
    assert await anonymous.post(action, page.form(action) | {"text": "x"}) == f"{path}?said=told&lang={code}"
