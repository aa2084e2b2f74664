"""Absence, substitution and deputies: who may do whose tasks, and what the record says of it."""

from __future__ import annotations

from datetime import date

from domain.dispatch import Absence, Deputy, Person, away_until, grounds, next_absence

FIRST, LAST = date(2026, 11, 30), date(2026, 12, 3)
PEOPLE = {
    "wang": Person("Wang Lei", ("engineer", "admin")),
    "zhou": Person("Zhou Min", ("engineer",)),
    "gao": Person("Gao Jun", ("general_manager",)),
}


def away(user: str, substitute: str | None = None) -> Absence:
    return Absence(absence_id=f"{user}-1", user=user, first=FIRST, last=LAST, reason="Leave", substitute=substitute)


def test_an_absence_lasts_from_its_first_day_to_its_last_both_included() -> None:
    assert [away_until([away("wang")], date(2026, 11, 29)), away_until([away("wang")], date(2026, 12, 4))] == [
        None,
        None,
    ]
    assert [away_until([away("wang")], FIRST), away_until([away("wang")], LAST)] == [LAST, LAST]
    assert next_absence([away("wang")], date(2026, 11, 29), 7) == away("wang")
    assert next_absence([away("wang")], date(2026, 11, 20), 7) is None
    assert next_absence([away("wang")], FIRST, 7) is None


def test_a_substitute_does_the_absent_persons_work_and_the_record_says_for_whom() -> None:
    (ground,) = grounds("zhou", [away("wang", "zhou")], [], PEOPLE)
    assert (ground.of, ground.words) == ("wang", "as substitute of Wang Lei, absent until 2026-12-03")


def test_the_right_to_administer_is_never_lent() -> None:
    (ground,) = grounds("zhou", [away("wang", "zhou")], [], PEOPLE)
    assert ground.roles == {"engineer"}
    assert grounds("zhou", [], [Deputy(deputy_id="d", role="admin", user="zhou")], PEOPLE) == ()


def test_nobody_stands_in_without_being_named() -> None:
    assert grounds("gao", [away("wang", "zhou"), away("zhou")], [], PEOPLE) == ()
    assert grounds("wang", [away("wang", "zhou")], [], PEOPLE) == ()


def test_a_substitute_who_is_absent_too_passes_it_on() -> None:
    both = [away("wang", "zhou"), away("zhou", "gao")]
    assert [one.of for one in grounds("gao", both, [], PEOPLE)] == ["wang", "zhou"]
    assert [one.of for one in grounds("zhou", both, [], PEOPLE)] == ["wang"]


def test_a_circle_of_substitutes_ends() -> None:
    circle = [away("wang", "zhou"), away("zhou", "wang")]
    assert [one.of for one in grounds("wang", circle, [], PEOPLE)] == ["zhou"]
    assert [one.of for one in grounds("zhou", circle, [], PEOPLE)] == ["wang"]


def test_a_deputy_does_the_tasks_of_a_role_for_a_time_or_always() -> None:
    always = Deputy(deputy_id="d1", role="general_manager", user="zhou")
    for_a_time = Deputy(deputy_id="d2", role="general_manager", user="wang", first=FIRST, last=LAST)
    (ground,) = grounds("zhou", [], [always, for_a_time], PEOPLE)
    assert (ground.of, ground.roles, ground.words) == (None, frozenset({"general_manager"}), "as deputy")
    (limited,) = grounds("wang", [], [always, for_a_time], PEOPLE)
    assert limited.words == "as deputy until 2026-12-03"
    assert [for_a_time.holds(day) for day in (date(2026, 11, 29), FIRST, LAST, date(2026, 12, 4))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert always.holds(FIRST)
