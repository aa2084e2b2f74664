"""A plan file is checked as a whole: file, key and reason of everything that is wrong (X2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.plan import PlanInvalid, Stage, check_file, read_plan, read_plans

PLANS = Path(__file__).parents[2] / "plans"
GOOD = (PLANS / "rapid-response.toml").read_text(encoding="utf-8")


def problems(tmp_path: Path, text: str, name: str = "rapid-response.toml") -> list[tuple[str, str]]:
    """Key and reason of each finding."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    found = check_file(file)
    assert all(problem.file == name for problem in found)
    return [(problem.key, problem.reason) for problem in found]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_every_plan_of_the_product_is_sound() -> None:
    assert [check_file(path) for path in sorted(PLANS.glob("*.toml"))] == [[]] * len(list(PLANS.glob("*.toml")))
    assert "rapid-response" in read_plans(PLANS)


@pytest.mark.clause("X2")
def test_the_documents_numbers_stand_in_the_plan_with_their_clause() -> None:
    tasks = read_plan(PLANS / "rapid-response.toml").tasks
    documented = {
        name: (str(rule.within), rule.since, rule.source) for name, rule in tasks.items() if rule.source[0] == "R"
    }
    assert documented["contact_customer"] == ("12 h", "application", "R3")
    assert documented["engineer_call"] == ("30 min", "assignment", "R5")
    assert documented["factory_inspection"] == ("5 bd", "receipt", "R7")
    assert documented["factory_repair"] == ("5 bd", "receipt", "R7")
    assert documented["follow_up"] == ("24 h", "completion", "R9")
    assert documented["site_visit"][0] == "agreed"


def test_a_rule_for_a_task_that_no_stage_has_is_named(tmp_path: Path) -> None:
    rule = '[tasks.panel_word]\nrole = "dispatcher"\nwithin = "1 bd"\nsource = "house"\n'
    text = changed("[tasks.follow_up]", f"{rule}\n[tasks.follow_up]")
    assert problems(tmp_path, text) == [("tasks.panel_word", "no stage or resolution of this plan has this task")]


def test_a_panel_of_several_needs_a_rule_for_their_words(tmp_path: Path) -> None:
    text = changed('panel = ["general_manager"]', 'panel = ["service_manager", "general_manager"]')
    assert problems(tmp_path, text) == [("tasks.panel_word", "the plan has no rule for this task")]


def test_a_stage_that_cases_are_led_to_cannot_be_missing(tmp_path: Path) -> None:
    text = changed('"resolve", "accept", "settle"', '"resolve", "settle"')
    assert ("stages", "accept is missing, and cases are led there") in problems(tmp_path, text)


@pytest.mark.clause("X2")
def test_every_task_has_a_budget_and_says_where_it_comes_from() -> None:
    plan = read_plan(PLANS / "rapid-response.toml")
    assert set(plan.tasks) == set(plan.tasks_met)
    assert all(rule.within and rule.source for rule in plan.tasks.values())
    assert str(plan.budget_of_level(99)) == str(plan.escalation.then), "no wait is without limit"


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    text = changed('role = "customer_service"\n', 'role = "customer_service"\ncolour = "red"\n')
    assert problems(tmp_path, text) == [("tasks.contact_customer.colour", "is not a field of a plan")]


def test_an_unknown_role_is_named(tmp_path: Path) -> None:
    text = changed('[tasks.contact_customer]\nrole = "customer_service"', '[tasks.contact_customer]\nrole = "cook"')
    assert problems(tmp_path, text) == [("tasks.contact_customer.role", "the plan has no role 'cook'")]


def test_unknown_superiors_and_panels_are_named(tmp_path: Path) -> None:
    text = changed('title = "Dispatcher", superior = "service_manager"', 'title = "Dispatcher", superior = "boss"')
    text = text.replace('panel = ["general_manager"]', 'panel = ["board"]')
    assert [key for key, _ in problems(tmp_path, text)] == ["roles.dispatcher.superior", "panel.0"]


@pytest.mark.clause("X1")
def test_superiors_that_go_round_in_a_circle_are_named(tmp_path: Path) -> None:
    text = changed('title = "Service manager", superior = "general_manager"', 'title = "S", superior = "dispatcher"')
    assert problems(tmp_path, text) == [
        ("roles.dispatcher.superior", "goes round in a circle: dispatcher, service_manager, dispatcher"),
        ("roles.service_manager.superior", "goes round in a circle: service_manager, dispatcher, service_manager"),
    ]


def test_a_budget_that_cannot_be_read_is_named_as_the_file_names_it(tmp_path: Path) -> None:
    found = problems(tmp_path, changed('within = "12 h"', 'within = "12 parsecs"'))
    assert {key for key, _ in found} == {"tasks.contact_customer.within"}
    assert "such as" in found[0][1]


def test_a_task_that_nobody_declared_and_one_without_a_rule_are_named(tmp_path: Path) -> None:
    text = changed("[tasks.follow_up]", "[tasks.follow_upp]")
    assert problems(tmp_path, text) == [
        ("tasks.follow_upp", "no such user task is declared"),
        ("tasks.follow_up", "the plan has no rule for this task"),
    ]


@pytest.mark.parametrize("budget", ["12", "12 hours", "0 h", "-1 h", "5 bd ", "999999999 bd", ""])
def test_a_budget_that_cannot_be_read_is_named(tmp_path: Path, budget: str) -> None:
    found = problems(tmp_path, changed('within = "12 h"', f'within = "{budget}"'))
    if budget == "5 bd ":
        assert found == [], "spaces do no harm"
    else:
        assert found
        assert all(key.startswith("tasks.contact_customer.within") for key, _ in found)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Atlantis"', "calendar"),
        ('"settle", "archive"]', '"settle"]', "stages"),
        ('stages = ["register", ', 'stages = ["register", "register", ', "stages"),
        ('stages = ["register", ', 'stages = ["registration", ', "stages.0"),
        ('currency = "CNY"', 'currency = "yuan"', "currency"),
        ("limit = 3", "limit = 0", "attempts.limit"),
        ("remind_after = 0.75", "remind_after = 1.0", "escalation.remind_after"),
        ('source = "R3"', 'source = "chapter 3"', "tasks.contact_customer.source"),
        ('source = "R3"', 'source = "R33"', "tasks.contact_customer.source"),
        ('completion_of_service = "signature"', 'completion_of_service = "never"', "choices.completion_of_service"),
        ('general_manager = { title = "General manager" }', "", "roles.service_manager.superior"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    found = problems(tmp_path, changed(old, new))
    assert key in {name for name, _ in found} or any(name.startswith(key) for name, _ in found), found


def test_a_file_that_is_no_toml_or_is_called_otherwise_is_refused(tmp_path: Path) -> None:
    ((key, reason),) = problems(tmp_path, "name = ")
    assert key == ""
    assert reason.startswith("is not TOML")
    ((key, _),) = problems(tmp_path, GOOD, "other.toml")
    assert key == "name"
    assert check_file(tmp_path / "absent.toml")[0].reason.startswith("cannot be read")


def test_reading_raises_with_every_problem(tmp_path: Path) -> None:
    file = tmp_path / "rapid-response.toml"
    file.write_text(re.sub(r'role = "engineer"', 'role = "cook"', GOOD), encoding="utf-8")
    with pytest.raises(PlanInvalid) as refused:
        read_plan(file)
    assert len(refused.value.problems) > 5


def test_after_the_last_stage_and_after_a_side_stage_comes_the_archive() -> None:
    plan = read_plan(PLANS / "rapid-response.toml")
    assert [plan.stage_after(stage) for stage in plan.stages] == [*plan.stages[1:], Stage.ARCHIVE]
    assert plan.stage_after(Stage.GIVE_BACK) is Stage.ARCHIVE


def test_the_chain_of_superiors_ends_at_the_general_manager() -> None:
    plan = read_plan(PLANS / "rapid-response.toml")
    for first in [*plan.roles, "unheard-of"]:
        role, steps = first, 0
        while role != "general_manager":
            role, steps = plan.superior_of(role), steps + 1
            assert steps < 10
