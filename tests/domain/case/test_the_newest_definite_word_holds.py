"""What decides who pays is what was last said of it in the case; what somebody left open takes nothing back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.case.factory_support import FactorySupport
from domain.case.state import CaseState, Done, TaskState
from domain.case.who_pays import ASKED, facts_said
from domain.coverage import Facts
from domain.plan import Resolution
from domain.tasks import TASKS, Choice
from domain.tasks.parts import Conditions, Cover, CustomerCanRepair, Responsibility

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def said(minutes: int, **outcome: Any) -> TaskState:
    """A completed task with no more of it than counts here."""
    entered: dict[str, Any] = {"entered_at": AT + timedelta(minutes=minutes)}
    task: dict[str, Any] = {"key": f"visit-{minutes}", "outcome": outcome, "done": Done.model_construct(**entered)}
    return TaskState.model_construct(**task)


def facts(*tasks: TaskState, newest: dict[str, Any] | None = None) -> Facts:
    case: dict[str, Any] = {"support": FactorySupport(), "resolution": Resolution.ON_SITE}
    return facts_said(CaseState.model_construct(**case), tasks, newest)


def test_nothing_said_is_nothing_known() -> None:
    assert facts() == Facts(route="on_site")


def test_a_later_word_replaces_an_earlier_one_whatever_was_offered_first() -> None:
    assert facts(said(9, warranty="out"), said(3, warranty="in")).warranty is Cover.OUT


@pytest.mark.parametrize(
    ("field", "definite", "left_open"),
    [
        ("warranty", Cover.CONTRACT, Cover.UNKNOWN),
        ("conditions_of_use", Conditions.OUTSIDE, Conditions.UNKNOWN),
        ("responsibility", Responsibility.CUSTOMER, Responsibility.UNCLEAR),
        ("can_repair", CustomerCanRepair.NO, CustomerCanRepair.UNKNOWN),
    ],
)
def test_what_is_left_open_takes_nothing_back(field: str, definite: Choice, left_open: Choice) -> None:
    known = facts(said(1, **{field: definite.value}), said(2, **{field: left_open.value}), said(3, **{field: None}))
    fact = next(fact for fact, (asked, _) in ASKED.items() if asked == field)
    assert getattr(known, fact) is definite


def test_an_outcome_that_is_about_to_be_entered_is_the_newest_word() -> None:
    assert facts(said(5, warranty="in"), newest={"warranty": "out"}).warranty is Cover.OUT


def test_a_repair_that_was_tried_in_vain_is_known() -> None:
    assert facts(said(1, result="not_repairable")).repair_failed
    assert not facts(said(1, result="repaired")).repair_failed


@pytest.mark.parametrize("fact", ASKED)
def test_every_form_that_asks_a_fact_asks_it_in_the_same_words(fact: str) -> None:
    field, answers = ASKED[fact]
    words = {member.value: member.title_text for member in answers}
    asking = {task.name: schema(task.form.model_json_schema(), field) for task in TASKS.values()}
    asking = {name: choices for name, choices in asking.items() if choices}
    assert asking
    for name, choices in asking.items():
        for value, title in choices.items():
            assert words.get(value) == title, f"{name}.{field}: {value} “{title}” is not one of {words}"


def schema(form: dict[str, Any], field: str) -> dict[str, str]:
    """The choices of a field by value, with their titles; none where the form has no such field."""
    asked = form["properties"].get(field)
    if asked is None:
        return {}
    parts = [asked, *asked.get("anyOf", ()), *asked.get("allOf", ())]
    named = [form["$defs"][part["$ref"].rpartition("/")[2]] for part in parts if "$ref" in part]
    return {one["const"]: one["title"] for part in (*parts, *named) for one in part.get("oneOf", ())}
