"""A table that contradicts itself, or holds a rule that says nothing, is refused with the rules' names."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.coverage import CoverageRule, CoverageTable, Facts, When, undecided_facts
from domain.tasks.form import field_errors
from domain.tasks.parts import CostKind, Payer
from domain.warranty import Cover
from tests.domain.coverage.walk import NAMES, ROUTES, every_fact, table


def rule(title: str, **rest: Any) -> dict[str, Any]:
    return {"title": title, "source": "house"} | rest


def findings(*rules: dict[str, Any]) -> list[tuple[str, str]]:
    """Key and reason of each finding in a table of these rules."""
    with pytest.raises(ValidationError) as refused:
        CoverageTable.model_validate({"rules": rules})
    return [(error.path, error.message) for error in field_errors(refused.value)]


def test_two_rules_that_disagree_are_both_named_with_where_they_do() -> None:
    ((key, reason),) = findings(
        rule("Ours in warranty", when={"warranty": ["in"]}, everything_else="company"),
        rule("Theirs when urgent", when={"urgent": [True]}, pays={"labour": "customer"}, source="T9"),
    )
    assert key == ""
    assert reason == (
        "rules “Ours in warranty” (house) and “Theirs when urgent” (T9) decide labour differently "
        "(warranty: in; urgent: yes)"
    )


def test_rules_that_disagree_only_about_a_waiver_contradict_each_other() -> None:
    ((_, reason),) = findings(
        rule("A", pays={"labour": "customer"}), rule("B", pays={"labour": "customer"}, waivable=["labour"])
    )
    assert reason == "rules “A” (house) and “B” (house) decide labour differently (always)"


def test_rules_that_agree_may_overlap_and_the_first_is_named() -> None:
    agreeing = CoverageTable.model_validate(
        {
            "rules": [
                rule("A", when={"warranty": ["in"]}, pays={"parts": "company"}),
                rule("B", when={"urgent": [True]}, pays={"parts": "company"}),
            ]
        }
    )
    decided = agreeing.rule_for(Facts(warranty=Cover.IN, urgent=True), CostKind.PARTS)
    assert decided is not None
    assert decided.title == "A"


def test_a_rule_that_others_leave_nothing_to_say_is_named() -> None:
    ((_, reason),) = findings(
        rule("Urgent", when={"urgent": [True]}, pays={"parts": "company"}),
        rule("Not urgent", when={"urgent": [False]}, pays={"parts": "company"}),
        rule("In warranty", when={"warranty": ["in"]}, pays={"parts": "company"}),
    )
    assert reason == "rule “In warranty” (house) can never apply: the rules above it say all of it"


@pytest.mark.parametrize(
    ("wrong", "key", "reason"),
    [
        ({"when": {"warranty": []}}, "rules.0.when.warranty", "is empty, so the rule could never apply"),
        ({"when": {"warranty": ["in", "in"]}}, "rules.0.when.warranty", "names a value twice"),
        ({"when": {"warranty": ["expired"]}}, "rules.0.when.warranty.0", "should be 'in', 'out', 'contract'"),
        ({"when": {"urgent": ["yes"]}}, "rules.0.when.urgent.0", "valid boolean"),
        ({"when": {"route": ["By Ship"]}}, "rules.0.when.route.0", "match pattern"),
        ({"when": {"weather": ["fine"]}}, "rules.0.when.weather", "is not a field"),
        ({"pays": {"partz": "company"}}, "rules.0.pays.partz.[key]", "should be 'parts'"),
        ({"pays": {"parts": "nobody"}}, "rules.0.pays.parts", "should be 'company' or 'customer'"),
        ({"pays": {}}, "rules.0", "decides nothing"),
        ({"waivable": ["labour"]}, "rules.0", "waivable: the customer does not bear labour"),
        ({"source": "somebody"}, "rules.0.source", "match pattern"),
        ({"title": " "}, "rules.0.title", "at least 1 character"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_named(wrong: dict[str, Any], key: str, reason: str) -> None:
    ((found, message),) = findings(rule("A", pays={"parts": "company"}) | wrong)
    assert found == key
    assert reason in message


def test_two_rules_cannot_share_a_title() -> None:
    found = findings(rule("A", pays={"parts": "company"}), rule("A", pays={"labour": "company"}))
    assert found == [("", "two rules have the title “A”")]


def test_freight_of_unknown_direction_is_decided_only_where_every_direction_is_alike() -> None:
    split = CoverageRule.model_validate(rule("A", pays={"freight_in": "customer"}, everything_else="company"))
    alike = CoverageRule.model_validate(rule("B", everything_else="customer"))
    carriage = CoverageRule.model_validate(
        rule("C", pays={"freight_in": "customer", "freight_out": "customer", "postage": "customer"})
    )
    assert [one.payer_of(CostKind.FREIGHT) for one in (split, alike, carriage)] == [None, "customer", "customer"]


# -- the cutting of areas, against a walk over every combination

_FEW = ("remote", "replacement")


def some(values: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)


_rules = st.lists(
    st.builds(
        CoverageRule,
        title=st.just("any"),
        source=st.just("house"),
        when=st.builds(When, warranty=some(list(Cover)), route=some(_FEW), urgent=some([False, True])),
        pays=st.dictionaries(st.sampled_from(CostKind), st.sampled_from(Payer), min_size=1, max_size=3),
        everything_else=st.sampled_from([None, None, *Payer]),
    ),
    max_size=5,
).map(lambda rules: [rule.model_copy(update={"title": f"rule {number}"}) for number, rule in enumerate(rules)])


_COMBINATIONS = [
    (Facts(warranty=warranty, route=route, urgent=urgent), kind)
    for warranty, route, urgent in product(Cover, (*_FEW, None), (False, True))
    for kind in CostKind
]


def speaking(rules: list[CoverageRule], facts: Facts, kind: CostKind) -> list[CoverageRule]:
    return [rule for rule in rules if rule.when.meets(facts) and rule.payer_of(kind)]


@settings(deadline=None)
@given(_rules)
def test_a_table_is_refused_exactly_when_a_walk_finds_a_contradiction_or_an_idle_rule(
    rules: list[CoverageRule],
) -> None:
    found = [(speaking(rules, facts, kind), kind) for facts, kind in _COMBINATIONS]
    contradicts = any(len({rule.payer_of(kind) for rule in said}) > 1 for said, kind in found)
    named = {said[0].title for said, _ in found if said}
    problem = refusal(rules)
    assert ("differently" in problem) == contradicts
    if not contradicts:
        assert ("can never apply" in problem) == (named != {rule.title for rule in rules})


def refusal(rules: list[CoverageRule]) -> str:
    """Why a table of these rules is refused; empty when it is not."""
    try:
        CoverageTable(rules=tuple(rules))
    except ValidationError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_what_is_left_open_is_told_once_and_completely(name: str) -> None:
    rules = table(name)
    rows = undecided_facts(rules, ROUTES)
    for facts in every_fact():
        if facts.route is None:
            continue
        met = [row for row in rows if all(getattr(facts, fact) in side for fact, side in row.when.items())]
        for kind in CostKind:
            told = sum(kind in row.kinds for row in met)
            assert told == (rules.rule_for(facts, kind) is None), (facts, kind)


def test_what_is_left_open_reads_as_words() -> None:
    rows = [str(row) for row in undecided_facts(table("maintenance-center"), ROUTES)]
    assert rows[0] == "everything (warranty: unknown)"
    assert "everything (warranty: in; conditions of use: met; responsibility: customer or unclear)" in rows
    assert [str(row) for row in undecided_facts(CoverageTable(), ROUTES)] == ["everything (always)"]
