from __future__ import annotations

import pytest

from api.rights import RIGHTS, Person, Right, may, require, require_task_role
from core.errors import Forbidden
from domain.plan import read_plans
from tests.api.house import House, application, problem
from tests.support.scene import ROOT


def _person(*roles: str) -> Person:
    return Person("x", "X", frozenset(roles))


@pytest.mark.parametrize("right", list(Right))
def test_every_right_is_held_by_somebody_and_refused_with_a_reason(right: Right) -> None:
    assert may(_person("admin"), right)
    assert not may(_person(), right)
    with pytest.raises(Forbidden, match=f"to {right.value} takes the role"):
        require(_person(), right)


def test_an_auditor_reads_everything_and_changes_nothing() -> None:
    assert {right for right in Right if may(_person("auditor"), right)} == {Right.SEE_CASES, Right.SEE_HISTORY}


def test_the_table_names_only_roles_that_plans_have() -> None:
    known = {role for plan in read_plans(ROOT / "plans").values() for role in plan.roles} | {"*", "auditor"}
    assert {role for roles in RIGHTS.values() for role in roles} <= known


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
