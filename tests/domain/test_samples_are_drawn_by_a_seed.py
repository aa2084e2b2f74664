"""The same seed and criteria draw the same cases, whoever asks, in whatever order the cases come."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.record.sampling import Candidate, Criteria, Drawn, draw, is_settled, place

SINCE, UNTIL = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


def criteria(size: int = 10, late: int = 0, costly: int = 0) -> Criteria:
    return Criteria(since=SINCE, until=UNTIL, size=size, late=late, costly=costly)


def cases(number: int = 40) -> list[Candidate]:
    """Every eighth was late, every third cost its number; two plans by turns."""
    return [
        Candidate(case_id=f"C-{n:010d}", plan=("a", "b")[n % 2], late=n % 8 == 0, cost=Decimal(0 if n % 3 else n))
        for n in range(number)
    ]


@given(order=st.randoms(use_true_random=False), seed=st.text(min_size=1, max_size=20), size=st.integers(1, 60))
def test_the_order_in_which_cases_come_changes_nothing(order: random.Random, seed: str, size: int) -> None:
    shuffled = cases()
    order.shuffle(shuffled)
    wanted = criteria(size, late=min(2, size), costly=min(1, max(0, size - 2)))
    drawn = draw(shuffled, wanted, seed)
    assert drawn == draw(cases(), wanted, seed)
    assert len({one.case_id for one in drawn}) == len(drawn) == min(size, 40)


def test_another_seed_draws_others() -> None:
    assert len({tuple(one.case_id for one in draw(cases(), criteria(), f"seed {n}")) for n in range(20)}) == 20


def test_every_case_has_the_same_chance() -> None:
    counted = dict.fromkeys((one.case_id for one in cases()), 0)
    for n in range(2_000):
        for one in draw(cases(), criteria(10), str(n)):
            counted[one.case_id] += 1
    assert 400 < min(counted.values()) <= max(counted.values()) < 600  # 500 expected, standard deviation 19


def test_there_are_at_least_so_many_late_and_costly_ones() -> None:
    known = {one.case_id: one for one in cases()}
    drawn = draw(cases(), criteria(8, late=3, costly=3), "x")
    assert [one.drawn for one in drawn] == [Drawn.LATE] * 3 + [Drawn.COSTLY] * 3 + [Drawn.ANY] * 2
    assert all(known[one.case_id].late for one in drawn[:3])
    assert {known[one.case_id].cost for one in drawn[3:6]} <= {Decimal(n) for n in (36, 30, 39, 33)}


def test_where_there_are_not_as_many_the_rest_is_drawn_from_all() -> None:
    drawn = draw(cases(), criteria(20, late=15), "x")
    assert len(drawn) == 20
    assert sum(one.drawn is Drawn.LATE for one in drawn) == 5
    assert draw([], criteria(), "x") == ()
    assert len(draw(cases(3), criteria(), "x")) == 3


def test_the_place_of_a_case_can_be_computed_with_any_tool() -> None:
    by_sha256sum = "1121fc0c39ee6200c8468aea796e69991306772f5884440129c9bc8f32bf1436"  # printf 'x\nC-0000000001'
    assert place("x", "C-0000000001") == by_sha256sum


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": 201}, {"size": 3, "late": 2, "costly": 2}, {"until": SINCE}])
def test_criteria_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Criteria.model_validate({"since": SINCE, "until": UNTIL, "size": 5, **wrong})


def test_a_period_is_settled_when_it_is_over() -> None:
    assert is_settled(criteria(), UNTIL)
    assert not is_settled(criteria(), datetime(2026, 10, 31, tzinfo=UTC))
