"""X3, T11: whoever puts up a special case reads who will decide it, the general manager or the plan's panel."""

from __future__ import annotations

import pytest

from api.pages.acts import acts_of, next_step
from api.pages.timeline import timeline
from api.rights import Person
from domain.events import EventKind, chained
from tests.pages.making import LIN, PLANS, MadeCase, virtual_now


@pytest.mark.clause("X3", "T11")
@pytest.mark.parametrize(
    ("plan", "title", "words"),
    [
        ("rapid-response", "Put to the general manager", "The general manager decides."),
        ("factory-direct", "Put to the panel", "procurement, sales each give their word, then the general manager"),
    ],
)
def test_the_action_and_the_record_name_who_decides(plan: str, title: str, words: str) -> None:
    made = MadeCase(PLANS[plan], "C-0000000001", virtual_now())
    admin = Person("admin", "Admin", frozenset({"admin"}))
    (act,) = [one for one in acts_of(made.state, [], made.plan, [], admin, False) if one.name == "escalate"]
    assert act.title == title
    assert words in act.consequence
    event = chained(None, made.now, EventKind.SPECIAL_CASE_OPENED, LIN, None, {"reason": "A discount"})
    (entry,) = timeline([event], made.plan, currency="CNY")
    assert (entry.what, entry.said) == (title, (("Why", "A discount"),))


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_what_comes_next_is_a_sentence_at_every_stage_of_a_plan(plan: str) -> None:
    made = MadeCase(PLANS[plan], "C-0000000001", virtual_now())
    for stage in made.plan.stages[:-1]:
        made.change(stage=stage, stages=made.plan.stages)
        told = next_step(made.state, [])
        assert told.endswith("."), (stage, told)
