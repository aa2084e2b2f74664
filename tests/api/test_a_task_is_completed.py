from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.case import Completion, TaskStatus
from tests.api.house import CONTACTED, PNG, House, paths, problem
from tests.support.lost import lose_submission


@pytest.fixture
async def task(house: House) -> str:
    return f"{await house.open()}.contact_customer"


async def test_an_outcome_reaches_the_engine_with_who_entered_it_and_when_it_happened(house: House, task: str) -> None:
    happened = house.parts.now()
    await asyncio.sleep(0.002)
    done = await house.complete("lin", task, CONTACTED, happened_at=happened.isoformat())
    assert done.status_code == 200
    assert done.json()["completed_by"] == "lin"
    assert done.json()["repeated"] is False
    [(case_id, activity_id, payload)] = house.engine.completions
    assert f"{case_id}.{activity_id}" == task
    sent = Completion.model_validate(payload)
    assert (sent.by.user, sent.by.role, sent.by.acting_for) == ("lin", "customer_service", None)
    assert sent.happened_at == happened < sent.entered_at
    assert sent.outcome == {**CONTACTED, "attachments": []}
    shown = (await house.get("lin", f"/tasks/{task}")).json()
    assert shown["state"] == "completed"
    assert shown["done"]["by"]["name"] == "Lin Na"


async def test_the_same_submission_sent_again_is_one_completion_and_the_same_answer(house: House, task: str) -> None:
    first = await house.complete("lin", task, CONTACTED)
    again = await house.complete("lin", task, CONTACTED)
    assert again.status_code == 200
    assert again.json() == first.json() | {"repeated": True}
    assert len(house.engine.completions) == 1


async def test_the_same_submission_five_times_at_once_is_one_completion(house: House, task: str) -> None:
    answers = await asyncio.gather(*(house.complete("lin", task, CONTACTED) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len(house.engine.completions) == 1
    assert sum(not answer.json()["repeated"] for answer in answers) == 1


async def test_a_submission_is_recognised_when_only_the_case_remembers_it(house: House, task: str) -> None:
    house.engine.away = False
    first = await house.complete("lin", task, CONTACTED)
    async with house.parts.database.session() as session:
        await lose_submission(session, "s-1")
    again = await house.complete("lin", task, CONTACTED)
    assert (again.status_code, again.json()["entered_at"]) == (200, first.json()["entered_at"])


async def test_a_submission_id_that_was_used_for_something_else_is_refused(house: House, task: str) -> None:
    await house.complete("lin", task, CONTACTED)
    other = f"{await house.open()}.contact_customer"
    assert paths(await house.complete("lin", other, CONTACTED), 409) == {"submission_id"}
    assert paths(await house.complete("lin", task, {"reached": "no_answer"}), 409) == {"submission_id"}


async def test_of_two_people_one_completes_and_the_other_is_told_who_it_was(house: House, task: str) -> None:
    answers = await asyncio.gather(
        house.complete("lin", task, CONTACTED, "s-lin"), house.complete("bai", task, CONTACTED, "s-bai")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [lost] = [answer for answer in answers if answer.status_code == 409]
    winner = house.engine.completions[0][2]["by"]["name"]
    assert winner in problem(lost, 409)["detail"]


async def test_a_task_offered_anew_meanwhile_is_completed_under_its_new_id(house: House, task: str) -> None:
    case_id, key = task.split(".")
    house.engine.projecting = False
    await house.engine.offer(case_id, key, "customer_service", activity_id=f"{key}~2")

    async def project_a_moment_later() -> None:
        await asyncio.sleep(0.3)
        house.engine.projecting = True
        await house.engine.project(case_id)

    _, done = await asyncio.gather(project_a_moment_later(), house.complete("lin", task, CONTACTED))
    assert done.status_code == 200
    assert [activity for _, activity, _ in house.engine.completions] == [f"{key}~2"]


async def test_a_task_that_the_engine_waits_for_no_longer_is_refused_after_a_short_while(
    house: House, task: str
) -> None:
    case_id, key = task.split(".")
    house.engine.projecting = False
    await house.engine.offer(case_id, key, "customer_service", status=TaskStatus.OBSOLETE)
    assert "look at it again" in problem(await house.complete("lin", task, CONTACTED), 409)["detail"]


async def test_while_the_engine_is_away_nothing_is_taken_and_the_same_submission_counts_later(
    house: House, task: str
) -> None:
    house.engine.away = True
    assert "send the same again" in problem(await house.complete("lin", task, CONTACTED), 503)["detail"]
    house.engine.away = False
    done = await house.complete("lin", task, CONTACTED)
    assert (done.status_code, done.json()["repeated"]) == (200, False)


async def test_an_ended_task_says_who_completed_it(house: House, task: str) -> None:
    await house.complete("bai", task, CONTACTED)
    detail = problem(await house.complete("lin", task, CONTACTED, "s-2"), 409)["detail"]
    assert "Bai Xue" in detail


async def test_an_unknown_task_is_not_found(house: House, task: str) -> None:
    problem(await house.complete("lin", f"{task}-2", CONTACTED), 404)
    problem(await house.complete("lin", "no-task", CONTACTED), 404)


async def test_a_paused_task_cannot_be_completed(house: House, task: str) -> None:
    case_id, key = task.split(".")
    await house.engine.offer(case_id, key, "customer_service", status=TaskStatus.SUSPENDED)
    assert "resume" in problem(await house.complete("lin", task, CONTACTED), 409)["detail"]


async def test_a_task_of_another_role_is_refused_with_the_role_it_takes(house: House, task: str) -> None:
    detail = problem(await house.complete("wang.lei", task, CONTACTED), 403)["detail"]
    assert "customer service" in detail
    problem(await house.complete("audit", task, CONTACTED), 403)
    assert house.engine.completions == []


async def test_an_administrator_acts_for_the_role_and_the_record_says_so(house: House, task: str) -> None:
    assert (await house.complete("admin", task, CONTACTED)).status_code == 200
    by = house.engine.completions[0][2]["by"]
    assert (by["role"], by["acting_for"]) == ("admin", "customer_service")


async def test_a_task_held_by_a_colleague_is_refused_with_the_name(house: House, task: str) -> None:
    await house.post("bai", f"/tasks/{task}/claim")
    assert "Bai Xue" in problem(await house.complete("lin", task, CONTACTED), 403)["detail"]
    assert (await house.complete("bai", task, CONTACTED)).status_code == 200


@pytest.mark.parametrize(
    ("outcome", "wrong"),
    [
        ({"reached": "yes", "requirement": "x", "colour": "red"}, {"outcome.colour"}),
        ({}, {"outcome.reached"}),
        ({"reached": "yes"}, {"outcome.requirement"}),
        ({"reached": "perhaps"}, {"outcome.reached"}),
        ({"reached": "yes", "requirement": "x" * 4001}, {"outcome.requirement"}),
        ({"reached": "yes", "requirement": "a\u0000b"}, {"outcome.requirement"}),
        ({"reached": "yes", "requirement": "x", "attachments": ["F-0000000000000000"]}, {"outcome.attachments.0"}),
        ([], {"outcome"}),
        (None, {"outcome"}),
        ("yes", {"outcome"}),
    ],
)
async def test_a_wrong_outcome_is_refused_at_its_fields_and_nothing_changes(
    house: House, task: str, outcome: Any, wrong: set[str]
) -> None:
    assert paths(await house.complete("lin", task, outcome)) == wrong
    assert house.engine.completions == []
    assert (await house.get("lin", f"/tasks/{task}")).json()["state"] == "ready"


async def test_something_cannot_have_happened_in_the_future_or_before_the_request(house: House, task: str) -> None:
    for moved in (timedelta(minutes=5), timedelta(days=-2)):
        at = (house.parts.now() + moved).isoformat()
        assert paths(await house.complete("lin", task, CONTACTED, happened_at=at)) == {"happened_at"}
    assert paths(await house.complete("lin", task, CONTACTED, happened_at="2026-11-21T10:00:00")) == {"happened_at"}
    assert paths(await house.complete("lin", task, CONTACTED, happened_at="yesterday")) == {"happened_at"}


async def test_submission_ids_and_unknown_fields_are_checked(house: House, task: str) -> None:
    assert paths(await house.complete("lin", task, CONTACTED, "")) == {"submission_id"}
    assert paths(await house.complete("lin", task, CONTACTED, "x" * 101)) == {"submission_id"}
    assert paths(await house.complete("lin", task, CONTACTED, speed="fast")) == {"speed"}


async def test_who_enters_for_a_customer_says_for_whom_and_on_what_evidence(house: House, task: str) -> None:
    behalf = {"party": "customer", "name": "Chen Yu", "evidence": "Call from +86 571 5550 0101"}
    assert paths(await house.complete("lin", task, CONTACTED, on_behalf_of={"party": "customer"})) == {
        "on_behalf_of.name",
        "on_behalf_of.evidence",
    }
    assert (await house.complete("lin", task, CONTACTED, on_behalf_of=behalf)).status_code == 200
    assert house.engine.completions[0][2]["on_behalf_of"] == behalf


@pytest.mark.parametrize("name", ["Wang Lei", " wang  LEI", "wang.lei", "Ｗａｎｇ Ｌｅｉ", "Wang\u200bLei"])
async def test_nobody_signs_as_the_customer(house: House, task: str, name: str) -> None:
    case_id = task.split(".", maxsplit=1)[0]
    await house.engine.offer(case_id, "acceptance", "engineer")
    await house.engine.offer(case_id, "confirm_plan", "engineer")
    accepted = {"decision": "accepted", "checks": "Runs", "signature": "electronic", "evidence": "Tablet"}
    refused = await house.complete("wang.lei", f"{case_id}.acceptance", accepted | {"signed_by": name})
    assert paths(refused) == {"outcome.signed_by"}
    consent = {"decision": "confirmed", "evidence": "Mail", "given_by": name}
    assert paths(await house.complete("wang.lei", f"{case_id}.confirm_plan", consent)) == {"outcome.given_by"}
    behalf = {"party": "customer", "name": name, "evidence": "Call"}
    refused = await house.complete(
        "wang.lei", f"{case_id}.acceptance", accepted | {"signed_by": "Chen Yu"}, on_behalf_of=behalf
    )
    assert paths(refused) == {"on_behalf_of.name"}


async def test_only_an_engineer_who_works_here_can_be_assigned(house: House, task: str) -> None:
    case_id = task.split(".", maxsplit=1)[0]
    await house.engine.offer(case_id, "assign_engineer", "dispatcher")
    assign = f"{case_id}.assign_engineer"
    form = (await house.get("deng", f"/tasks/{assign}")).json()["form"]
    assert [choice["const"] for choice in form["properties"]["engineer"]["oneOf"]] == ["wang.lei", "zhou"]
    assert paths(await house.complete("deng", assign, {"engineer": "lin"})) == {"outcome.engineer"}
    assert (await house.complete("deng", assign, {"engineer": "zhou"})).status_code == 200


async def test_an_appointment_in_another_century_is_refused(house: House, task: str) -> None:
    case_id = task.split(".", maxsplit=1)[0]
    await house.engine.offer(case_id, "engineer_call", "engineer")
    outcome = {"reached": "yes", "method": "on_site", "appointment": "9999-12-31T23:59:59Z"}
    assert paths(await house.complete("zhou", f"{case_id}.engineer_call", outcome)) == {"outcome.appointment"}


async def test_photos_of_an_outcome_are_those_that_were_uploaded(house: House, task: str) -> None:
    photo = (await house.upload("lin", "blade.png", PNG)).json()["attachment_id"]
    assert (await house.complete("lin", task, CONTACTED | {"attachments": [photo]})).status_code == 200
