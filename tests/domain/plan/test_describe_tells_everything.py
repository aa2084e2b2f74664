"""A plan in words leaves nothing out and never passes off its own decision as a document's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from domain.plan import Plan, Resolution, Stage, TaskRule, read_plan, read_plans
from domain.plan.describe import describe
from domain.plan.shown import PlanShown, TaskShown

FOLDER = Path(__file__).parents[3] / "plans"
PLANS = read_plans(FOLDER)


def every_task(shown: PlanShown) -> list[TaskShown]:
    stages = (*shown.stages, *shown.aside)
    by_stage = [task for stage in stages for task in stage.tasks]
    return [*by_stage, *(task for stage in stages for way in stage.ways for task in way.tasks), *shown.always]


def task(shown: PlanShown, name: str) -> TaskShown:
    return next(one for one in every_task(shown) if one.task == name)


def rapid_response(**changes: Any) -> Plan:
    return read_plan(FOLDER / "rapid-response.toml").model_copy(update=changes)


@pytest.mark.parametrize("name", PLANS)
def test_every_task_stage_role_and_way_of_every_plan_is_told(name: str) -> None:
    plan = PLANS[name]
    shown = describe(plan)
    assert {one.task for one in every_task(shown)} == set(plan.tasks)
    assert [stage.stage for stage in shown.stages] == list(plan.stages)
    assert [role.role for role in shown.roles] == list(plan.roles)
    with_tasks = set(plan.resolutions) - {Resolution.REMOTE}
    told = {way.resolution for stage in shown.stages for way in stage.ways}
    assert told <= set(plan.resolutions)
    assert {Resolution.ON_SITE} & with_tasks <= told


@pytest.mark.parametrize("name", PLANS)
def test_every_source_is_told_with_its_task(name: str) -> None:
    for one in every_task(describe(PLANS[name])):
        rule = PLANS[name].tasks[one.task]
        assert one.source == rule.source
        assert one.ours is (rule.source == "house")


@pytest.mark.parametrize("name", PLANS)
def test_every_choice_is_told_as_ours_with_what_could_have_been_chosen(name: str) -> None:
    plan = PLANS[name]
    told = {one.key: one for one in describe(plan).choices}
    assert set(told) == {f"choices.{field}" for field in type(plan.choices).model_fields}
    assert all(one.ours for one in told.values())


@pytest.mark.parametrize(
    ("plan", "name", "words"),
    [
        ("rapid-response", "contact_customer", ("day and night", "working h", "attempt")),
        ("rapid-response", "engineer_call", ("assignment", "work order")),
        ("rapid-response", "follow_up", ("day and night", "completion")),
        ("maintenance-center", "assign_engineer", ("Who assigns",)),
        ("maintenance-center", "agree_installation", ("repaired or installed again",)),
        ("factory-direct", "receive_parts_nearby", ("whose city",)),
        ("factory-direct", "issue_equipment_order", ("Who pays an urgent replacement out of warranty",)),
    ],
)
def test_what_a_document_leaves_open_of_a_task_is_told_as_our_reading(
    plan: str, name: str, words: tuple[str, ...]
) -> None:
    reading = task(describe(PLANS[plan]), name).reading
    assert reading and all(word in reading for word in words)


def test_a_documents_number_is_told_with_its_start_and_clause() -> None:
    shown = describe(rapid_response())
    contact = task(shown, "contact_customer")
    assert (contact.within, contact.counted_from, contact.source) == ("12 hours", "the application", "R3")
    assert contact.ours is False
    call = task(shown, "engineer_call")
    assert (call.role, call.within, call.counted_from) == ("Engineer", "30 minutes", "the assignment")


def test_what_no_document_says_is_told_as_ours() -> None:
    diagnosis = task(describe(rapid_response()), "remote_diagnosis")
    assert (diagnosis.within, diagnosis.source, diagnosis.ours) == ("8 working hours", "house", True)


def test_an_agreed_time_is_told_with_its_window_and_a_chaser_by_title() -> None:
    shown = describe(rapid_response())
    assert task(shown, "site_visit").within == "at the agreed time, or up to 2 hours later"
    assert task(shown, "factory_inspection").chased_by == "Customer service"
    assert task(shown, "factory_inspection").waits_for == "factory"


def test_resolving_branches_and_a_refused_acceptance_leads_back() -> None:
    shown = describe(rapid_response())
    stages = {stage.stage: stage for stage in shown.stages}
    assert [way.title for way in stages["resolve"].ways] == [
        "On site",
        "By delivery",
        "Return to factory",
        "Replacement",
    ]
    assert "resolve" in stages["accept"].leads_to
    assert "accept" in stages["diagnose"].leads_to
    assert {stage.stage for stage in shown.aside} == {Stage.FOLLOW_UP, Stage.GIVE_BACK}


def test_escalation_and_attempts_are_sentences() -> None:
    shown = describe(rapid_response())
    assert shown.escalation[0] == "A reminder comes after 75% of the time."
    assert shown.escalation[2] == "Missed deadline 2: General manager is told, the task has 1 business day more."
    assert shown.escalation[-1] == "Afterwards a reminder every 1 business day."
    assert "does not meet the deadline" in shown.attempts[0]
    assert shown.attempts[1].startswith("After 3 attempts")


def test_the_calendar_is_told_in_words() -> None:
    assert describe(rapid_response()).calendar == (
        "China's holidays and make-up working days, 09:00 to 17:30, Asia/Shanghai"
    )


def test_a_choice_names_what_it_is_not() -> None:
    (choice,) = [one for one in describe(rapid_response()).choices if one.key == "choices.completion_of_service"]
    assert choice.value == "signature"
    assert choice.others == ("work", "settlement")


def test_what_a_later_version_adds_to_plans_is_told_among_the_settings() -> None:
    class Later(Plan):
        spare: dict[str, Any]

    data = rapid_response().model_dump(mode="json")
    later = Later.model_validate(
        data | {"spare": {"loan": {"days": "3 d", "source": "M6"}, "free": True, "of": ["a_b"]}}
    )
    told = {one.key: one for one in describe(later).settings}
    assert (told["spare.loan.days"].value, told["spare.loan.days"].source) == ("3 d", "M6")
    assert told["spare.loan.days"].ours is False
    assert (told["spare.free"].value, told["spare.of"].value) == ("yes", "a b")
    assert told["spare.free"].title == "Spare, free"


def test_rules_of_who_pays_are_told_with_their_facts_and_payers_and_what_they_leave_open() -> None:
    rules = [
        {
            "title": "Out of warranty",
            "when": {"warranty": ["out", "unknown"], "urgent": [False]},
            "pays": {"freight_in": "company"},
            "everything_else": "customer",
            "waivable": ["labour"],
            "source": "T10",
        },
        {"title": "Parts", "when": {"warranty": ["in"]}, "pays": {"parts": "company"}, "source": "house"},
    ]
    data = rapid_response().model_dump(mode="json")
    shown = describe(Plan.model_validate(data | {"coverage": {"rules": rules}}))
    first, second = shown.coverage
    assert (first.when, first.source) == ("warranty: out or unknown; urgent: no", "T10")
    assert first.pays == "freight to us or the factory: the company; everything else: the customer"
    assert first.may_be_waived == "labour"
    assert (second.pays, second.ours) == ("parts: the company", True)
    assert any("warranty: contract" in row for row in shown.left_open)


def test_the_guide_explains_every_key_of_a_task() -> None:
    guide = (FOLDER.parent / "docs" / "your-own-plan.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE)
    assert set(explained) == set(TaskRule.model_fields)
