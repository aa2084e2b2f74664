"""The proposal of dispatch: an order that can be told, with its reasons (R5, M2, M10)."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dispatch import Absence, Candidate, First, Need, rank, remarks

DAY = date(2026, 11, 30)
NEED = Need(region="Zhejiang", category="noise", model="AX-200", on=DAY)


def engineer(user: str, **known: Any) -> Candidate:
    return Candidate(user=user, name=known.pop("name", user.title()), **known)


def away(user: str, first: date, last: date) -> Absence:
    return Absence(absence_id=f"{user}-{first}", user=user, first=first, last=last, reason="Leave")


def order(*candidates: Candidate, need: Need = NEED, first: First = "skill") -> list[str]:
    return [one.user for one in rank(candidates, need, first)]


def reasons(candidate: Candidate, need: Need = NEED) -> tuple[str, ...]:
    return rank([candidate], need)[0].reasons


def test_skill_comes_before_region_and_region_before_load() -> None:
    skilled = engineer("ann", skills=("noise",), open_tasks=9)
    near = engineer("bo", regions=("Zhejiang",))
    both = engineer("cy", skills=("noise",), regions=("Zhejiang",), open_tasks=12)
    assert order(near, skilled, both) == ["cy", "ann", "bo"]


def test_a_plan_may_ask_for_the_region_first() -> None:
    skilled = engineer("ann", skills=("noise",))
    near = engineer("bo", regions=("Zhejiang",), open_tasks=5)
    assert order(skilled, near, first="region") == ["bo", "ann"]


def test_who_knows_issue_and_product_comes_before_who_knows_one_of_them() -> None:
    one = engineer("ann", skills=("noise",))
    two = engineer("bo", skills=("noise", "AX"), open_tasks=3)
    assert order(one, two) == ["bo", "ann"]


def test_among_equals_the_lightest_day_comes_first_appointments_included() -> None:
    busy = engineer("ann", open_tasks=2, appointments=2)
    light = engineer("bo", open_tasks=3)
    assert order(busy, light) == ["bo", "ann"]


def test_an_absent_engineer_comes_last_however_well_they_fit() -> None:
    best = engineer(
        "ann", skills=("noise", "AX"), regions=("Zhejiang",), absences=(away("ann", DAY, date(2026, 12, 3)),)
    )
    none = engineer("bo", open_tasks=40)
    found = rank([best, none], NEED)
    assert [one.user for one in found] == ["bo", "ann"]
    assert found[1].absent
    assert found[1].reasons[0] == "absent until 3 Dec"


def test_absences_without_a_day_between_are_one_and_the_year_is_told_when_it_is_another() -> None:
    first, then = away("ann", date(2026, 11, 20), date(2026, 12, 31)), away("ann", date(2027, 1, 1), date(2027, 1, 4))
    assert reasons(engineer("ann", absences=(then, first)))[0] == "absent until 4 Jan 2027"


def test_a_coming_absence_is_told_and_changes_no_place() -> None:
    soon = engineer("ann", absences=(away("ann", date(2026, 12, 2), date(2026, 12, 9)),))
    assert order(engineer("bo"), soon) == ["ann", "bo"]
    assert reasons(soon)[0] == "absent from 2 Dec"


def test_every_place_says_its_reasons_in_plain_words() -> None:
    known = engineer("ann", skills=("Noise", "AX"), regions=("zhejiang",), open_tasks=2, appointments=1)
    assert reasons(known) == (
        "skilled in “Noise or vibration”",
        "knows AX",
        "covers zhejiang",
        "2 open tasks",
        "1 appointment on 30 Nov",
    )
    assert reasons(engineer("bo", open_tasks=1)) == (
        "not skilled in “Noise or vibration” or AX-200",
        "does not cover Zhejiang",
        "1 open task",
    )


def test_an_unknown_region_still_gives_a_ranked_list_that_says_so() -> None:
    need = NEED.model_copy(update={"region": None})
    found = rank([engineer("ann", regions=("Zhejiang",)), engineer("bo", skills=("noise",))], need)
    assert [one.user for one in found] == ["bo", "ann"]
    assert "customer's region not known" in found[0].reasons
    assert any("region is not known" in one for one in remarks(found, need))


def test_what_holds_for_the_whole_list_is_said_once() -> None:
    lone = [engineer("ann", absences=(away("ann", DAY, DAY),))]
    assert remarks(rank(lone, NEED), NEED) == (
        "Nobody serves Zhejiang.",
        "Nobody is skilled in “Noise or vibration” or AX-200.",
        "Everybody is absent on 30 Nov.",
    )
    assert remarks((), NEED) == ("No engineer works here yet.",)
    good = [engineer("ann", regions=("Zhejiang",), skills=("AX",))]
    assert remarks(rank(good, NEED), NEED) == ()


@pytest.mark.parametrize(
    ("serves", "customers", "fits"),
    [
        ("浙江", "浙江省", True),
        ("浙江省", "浙江杭州", True),
        ("Zhejiang", "Hangzhou, Zhejiang Province", True),
        ("Emilia-Romagna", "emilia-romagna", True),
        ("Yorkshire", "New Yorkshire", False),
        ("江苏", "浙江", False),
        ("York", "Yorkshire", False),
    ],
)
def test_regions_are_compared_as_people_write_them(serves: str, customers: str, fits: bool) -> None:
    need = NEED.model_copy(update={"region": customers})
    assert rank([engineer("ann", regions=(serves,))], need)[0].covers_region is fits


@pytest.mark.parametrize(
    ("skill", "model", "fits"),
    [
        ("AX", "AX-200", True),
        ("ax", "AX200", True),
        ("AX-200", "Spindle AX-200", True),
        ("spindle", "Spindle AX-200", True),
        ("AX", "AXEL 9", False),
        ("HP-4", "HP-40", False),
        ("A", "A-1", False),
        ("200", "AX200", False),
        ("electrical", "AX-200", False),
    ],
)
def test_a_skill_can_be_a_model_or_its_family(skill: str, model: str, fits: bool) -> None:
    need = NEED.model_copy(update={"model": model})
    assert rank([engineer("ann", skills=(skill,))], need)[0].has_skill is fits


def test_the_order_of_reading_changes_nothing() -> None:
    people = [engineer(user, name="Same Name", skills=("noise",)) for user in ("c", "a", "b")]
    assert {tuple(order(*given)) for given in permutations(people)} == {("a", "b", "c")}


_DAYS = st.dates(date(2026, 11, 25), date(2026, 12, 5))
_CANDIDATES = st.lists(
    st.builds(
        lambda user, skills, regions, days, tasks, agreed: engineer(
            user, skills=skills, regions=regions, open_tasks=tasks, appointments=agreed,
            absences=(away(user, min(days), max(days)),),
        ),
        st.sampled_from("abcdefgh"),
        st.lists(st.sampled_from(["noise", "leak", "AX"]), max_size=3).map(tuple),
        st.lists(st.sampled_from(["Zhejiang", "Jiangsu"]), max_size=2).map(tuple),
        st.tuples(_DAYS, _DAYS),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    max_size=6,
    unique_by=lambda one: one.user,
)  # fmt: skip


@given(
    people=_CANDIDATES, region=st.sampled_from(["Zhejiang", "Tibet", None]), first=st.sampled_from(["skill", "region"])
)
def test_everybody_is_listed_once_and_nobody_absent_before_somebody_there(
    people: list[Candidate], region: str | None, first: First
) -> None:
    found = rank(people, NEED.model_copy(update={"region": region}), first)
    assert sorted(one.user for one in found) == sorted(one.user for one in people)
    assert [one.place for one in found] == list(range(1, len(people) + 1))
    assert [one.absent for one in found] == sorted(one.absent for one in found)
    assert all(one.reasons for one in found)
    assert rank(list(reversed(people)), NEED.model_copy(update={"region": region}), first) == found
