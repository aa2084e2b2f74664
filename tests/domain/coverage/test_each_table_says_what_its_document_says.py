"""Every combination of facts and kind of cost, in every table, against the clause's own sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.coverage import Conditions, CustomerCanRepair, Facts, Responsibility
from domain.tasks.parts import CostKind, Payer
from domain.warranty import Cover
from tests.domain.coverage.walk import NAMES, every_fact, table

COMPANY, CUSTOMER, OPEN = Payer.COMPANY, Payer.CUSTOMER, None
IN, OUT, CONTRACT = Cover.IN, Cover.OUT, Cover.CONTRACT
CAN, CANNOT = CustomerCanRepair.YES, CustomerCanRepair.NO
K = CostKind
REPAIR = {K.PARTS, K.LABOUR}
CARRIAGE = {K.POSTAGE, K.FREIGHT_IN, K.FREIGHT_OUT, K.FREIGHT}


def faultless(facts: Facts) -> bool:
    """In warranty, used as agreed, and the product is to blame."""
    return (
        facts.warranty is IN and facts.conditions is Conditions.MET and facts.responsibility is Responsibility.PRODUCT
    )


def outside(facts: Facts) -> bool:
    """In warranty, but not covered by it."""
    return facts.warranty is IN and (
        facts.conditions is Conditions.OUTSIDE or facts.responsibility is Responsibility.CUSTOMER
    )


def rapid_response(facts: Facts, kind: CostKind) -> Payer | None:
    if faultless(facts):
        return COMPANY
    if facts.warranty is OUT:  # R8: parts outside warranty, labour
        return CUSTOMER if kind in REPAIR | CARRIAGE | {K.TRAVEL} else OPEN
    return CUSTOMER if outside(facts) and kind in REPAIR else OPEN


def maintenance_center(facts: Facts, kind: CostKind) -> Payer | None:
    if faultless(facts):
        return COMPANY
    if facts.warranty in {OUT, CONTRACT}:  # M9: contracted or paid service, a reasonable fee
        return CUSTOMER if kind in REPAIR | {K.TRAVEL} else OPEN
    return OPEN


def factory_direct(facts: Facts, kind: CostKind) -> Payer | None:
    """T10, its three sentences; whatever they do not say is open."""
    if facts.warranty is IN:
        if facts.customer_can_repair is CANNOT:  # (b) the freight of sending it back, and everything else
            freight = {K.FREIGHT_IN: CUSTOMER, K.FREIGHT: OPEN}
            return freight.get(kind, COMPANY)
        if facts.customer_can_repair is CAN and kind in {K.PARTS, K.POSTAGE}:  # (a)
            return COMPANY
        if facts.repair_failed and kind in {K.REPLACEMENT, K.FREIGHT_OUT}:  # (c) replaced at the company's expense
            return COMPANY
    if facts.warranty is OUT:
        if facts.customer_can_repair is CAN:  # (a) the customer is charged
            return CUSTOMER if kind in {K.PARTS, K.POSTAGE} else OPEN
        if facts.customer_can_repair is CANNOT:  # (b) all expenses
            if not facts.urgent:
                return CUSTOMER
            repaired = facts.route in {"factory_return", "parts", "video"}  # T9: an urgent replacement is left open
            return CUSTOMER if repaired and kind is not K.REPLACEMENT else OPEN
    return OPEN


def quality_procedure(facts: Facts, kind: CostKind) -> Payer | None:
    if facts.warranty is CONTRACT:
        return CUSTOMER if kind in REPAIR | {K.TRAVEL, K.OTHER} else OPEN
    return COMPANY if faultless(facts) else OPEN  # Q6: nothing beyond the warranty before there is a contract


def warranty_repair(facts: Facts, kind: CostKind) -> Payer | None:
    if faultless(facts):  # W2
        return COMPANY
    improper = facts.responsibility is Responsibility.CUSTOMER
    if facts.warranty is OUT or outside(facts) or improper:  # W7
        if kind in REPAIR:
            return CUSTOMER
        return CUSTOMER if kind in CARRIAGE and not facts.repair_failed else OPEN
    return OPEN


EXPECTED: dict[str, Callable[[Facts, CostKind], Payer | None]] = {
    "rapid-response": rapid_response,
    "maintenance-center": maintenance_center,
    "factory-direct": factory_direct,
    "quality-procedure": quality_procedure,
    "warranty-repair": warranty_repair,
}


@pytest.mark.parametrize("name", NAMES)
def test_every_combination_is_borne_by_whom_the_document_says(name: str) -> None:
    rules, expected = table(name), EXPECTED[name]
    wrong = []
    for facts in every_fact():
        for kind in CostKind:
            rule = rules.rule_for(facts, kind)
            payer = rule.payer_of(kind) if rule else None
            if payer is not expected(facts, kind):
                wrong.append((facts, kind, payer))
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_decided_while_the_warranty_is_not_known_unless_the_customer_damaged_it(name: str) -> None:
    rules = table(name)
    decided = {
        (facts.responsibility, kind)
        for facts in every_fact()
        if facts.warranty is Cover.UNKNOWN
        for kind in CostKind
        if rules.rule_for(facts, kind)
    }
    assert {responsibility for responsibility, _ in decided} <= {Responsibility.CUSTOMER}
    assert bool(decided) == (name == "warranty-repair"), "W7 names improper use beside the warranty"


def test_only_the_work_out_of_warranty_may_be_given_free_of_charge() -> None:
    waivable = {(rule.source, rule.when.warranty, rule.waivable) for name in NAMES for rule in table(name).rules}
    assert {row for row in waivable if row[2]} == {("T10", (OUT,), (K.LABOUR,))}


def test_the_rule_that_decided_is_the_one_of_its_sentence() -> None:
    rules = table("factory-direct")
    failed = Facts(warranty=IN, customer_can_repair=CANNOT, repair_failed=True, route="replacement")
    assert (decided := rules.rule_for(failed, K.REPLACEMENT)) is not None
    assert decided.title.startswith("(c)")
    assert (freight := rules.rule_for(failed, K.FREIGHT_IN)) is not None
    assert freight.title.startswith("(b)")
    urgent = Facts(warranty=OUT, customer_can_repair=CANNOT, urgent=True, route="replacement")
    assert rules.rule_for(urgent, K.REPLACEMENT) is None
