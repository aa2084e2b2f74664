"""X3, T11: whoever puts up a special case reads who will decide it, the general manager or the plan's panel."""

from __future__ import annotations

import pytest

from api.pages.acts import Standing, offers_of
from api.pages.case_stages import coming
from api.pages.consequences import Around, effects_of
from api.pages.timeline import timeline
from api.pages.views import Looker
from api.rights import Person
from domain.events import EventKind, chained
from tests.pages.making import LIN, PLANS, MadeCase, virtual_now


@pytest.mark.clause("X3", "T11")
@pytest.mark.parametrize(
    ("plan", "title", "words"),
    [
        ("rapid-response", "Put to the general manager", ["General manager decides."]),
        (
            "factory-direct",
            "Put to the panel",
            ["Procurement gives a word first.", "Sales gives a word first.", "General manager decides."],
        ),
    ],
)
def test_the_action_and_the_record_name_who_decides(plan: str, title: str, words: list[str]) -> None:
    made = MadeCase(PLANS[plan], "C-0000000001", virtual_now())
    admin = Person("admin", "Admin", frozenset({"admin"}))
    standing = Standing(made.state, [], made.plan, admin, made.now)
    (offer,) = [one for one in offers_of(standing) if one.name == "escalate"]
    assert offer.title == title
    looker = Looker("admin", frozenset(), {})
    effects = dict(effects_of("escalate", Around(made.state, [], made.plan, looker, False, made.now)))
    assert list(effects["Who decides"][: len(words)]) == words
    event = chained(None, made.now, EventKind.SPECIAL_CASE_OPENED, LIN, None, {"reason": "A discount"})
    (entry,) = timeline([event], made.plan, currency="CNY")
    assert (entry.what, entry.said) == (title, (("Why", "A discount"),))


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_what_comes_next_says_who_does_it_and_by_when_at_every_stage_of_a_plan(plan: str) -> None:
    made = MadeCase(PLANS[plan], "C-0000000001", virtual_now())
    for stage in made.plan.stages[:-2]:
        made.change(stage=stage, stages=made.plan.stages)
        steps = coming(made.state, made.plan, [])
        assert steps, stage
        assert all(one.title and one.role and one.within for one in steps), stage
