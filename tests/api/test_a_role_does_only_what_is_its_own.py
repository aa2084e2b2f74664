from __future__ import annotations

import pytest

from api.rights import RIGHTS, Person, Right, may, require, require_task_role, roles_by_duty
from core.errors import Forbidden
from domain.plan import Duty, read_plans
from tests.api.house import House, application, problem
from tests.support.scene import ROOT

PLANS = read_plans(ROOT / "plans")


def _person(*roles: str) -> Person:
    return Person("x", "X", frozenset(roles), duties=roles_by_duty(PLANS.values()))


@pytest.mark.parametrize("right", list(Right))
def test_every_right_is_held_by_somebody_and_refused_with_a_reason(right: Right) -> None:
    assert may(_person("admin"), right)
    assert not may(_person(), right)
    with pytest.raises(Forbidden, match=f"to {right.value} takes"):
        require(_person(), right)


def test_an_auditor_reads_everything_and_changes_nothing() -> None:
    seen = {
        Right.SEE_CASES,
        Right.SEE_HISTORY,
        Right.SEE_BOARD,
        Right.SEE_ACCESS,
        Right.READ_SEALED,
        Right.SEE_RETENTION,
        Right.AUDIT,
    }
    assert {right for right in Right if may(_person("auditor"), right)} == seen


def test_the_table_names_duties_and_no_role_of_a_plan() -> None:
    named = {holder for holders in RIGHTS.values() for holder in holders if not isinstance(holder, Duty)}
    assert named == {"*", "auditor", "@customer"}


_OF_NO_PLAN = {
    Right.ADMINISTER,
    Right.AUDIT,
    Right.ERASE,
    Right.READ_SEALED,
    Right.SEE_ACCESS,
    Right.SEE_RETENTION,
}
"""An administrator's, and an auditor's."""


@pytest.mark.parametrize("plan", PLANS)
def test_in_every_plan_somebody_has_each_right(plan: str) -> None:
    roles = PLANS[plan].roles
    for right in set(Right) - _OF_NO_PLAN:
        assert any(may(_person(role), right) for role in roles), right


def test_a_role_without_a_duty_does_its_tasks_and_no_more() -> None:
    assert not may(_person("factory"), Right.OPEN_CASE)
    assert not may(_person("finance"), Right.PAUSE)
    assert may(_person("finance"), Right.ADD_INFORMATION)
    assert may(_person("sales"), Right.OPEN_CASE)


def test_an_administrator_with_the_role_acts_in_it_and_without_it_for_it() -> None:
    assert require_task_role(_person("admin", "engineer"), "engineer").role == "engineer"
    actor = require_task_role(_person("admin"), "engineer")
    assert (actor.role, actor.acting_for) == ("admin", "engineer")


async def test_opening_and_looking_into_the_engine_take_a_role(house: House) -> None:
    for user in ("fang", "audit"):
        problem(await house.post(user, "/cases", application()), 403)
    case_id = await house.open()
    problem(await house.get("lin", f"/cases/{case_id}/history"), 403)
    for user in ("audit", "shen", "admin"):
        assert (await house.get(user, f"/cases/{case_id}/history")).json() == {"events": []}
    assert (await house.get("audit", f"/cases/{case_id}")).status_code == 200
    problem(await house.upload("audit", "a.png", b"x"), 403)


def test_other_plans_give_a_role_other_duties() -> None:
    every, first = tuple(PLANS.values()), tuple(PLANS.values())[:1]
    known = roles_by_duty(every)
    alone = roles_by_duty(first)
    assert set(alone[Duty.DESK]) < set(known[Duty.DESK])
    assert roles_by_duty(every) == known
    silent = first[0].model_copy(update={"roles": {}})
    assert not any(roles_by_duty([silent]).values())
    assert roles_by_duty(first) == alone
