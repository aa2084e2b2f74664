"""The sample files describe what the product accepts: real forms, roles that may, spread over stages and languages."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.commands.knowledge import read_folder
from api.sample_photos import PHOTOS, photo
from api.samples import Sample, SampleInvalid, dated, read_samples, span
from domain.case import MESSAGES, Application, OnBehalfOf
from domain.events import Actor
from domain.knowledge import families
from domain.plan import Plan, Stage, read_plans
from domain.tasks import TASKS

PLANS = Path(__file__).parents[2] / "plans"
FOLDER = PLANS / "samples"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SAMPLES = read_samples(FOLDER)
USERS: dict[str, dict[str, Any]] = {
    user["user"]: user for user in tomllib.loads((FOLDER / "users.toml").read_text(encoding="utf-8"))["users"]
}
PLANS_BY_NAME = read_plans(PLANS)
ARTICLES = read_folder(PLANS / "knowledge").values()

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=[sample.key for sample in SAMPLES])


def plan_of(sample: Sample) -> Plan:
    """The plan that a sample's case runs by."""
    return PLANS_BY_NAME[sample.application["plan"]]


def test_there_are_enough_in_three_languages() -> None:
    languages = [sample.application["customer"]["language"] for sample in SAMPLES]
    assert len(SAMPLES) >= 14
    assert min(languages.count(language) for language in ("zh-CN", "en", "it")) >= 3


def test_keys_and_serial_numbers_are_unique() -> None:
    assert len({sample.key for sample in SAMPLES}) == len(SAMPLES)
    assert len({sample.application["product"]["serial_number"] for sample in SAMPLES}) == len(SAMPLES)


@each_sample
def test_a_request_is_one_that_can_be_opened(sample: Sample) -> None:
    application = Application.model_validate({**sample.application, "received_at": NOW - span(sample.received)})
    plan = plan_of(sample)
    assert application.channel in plan.channels
    if Stage.DIAGNOSE in plan.stages:  # self-checks are guided with the knowledge base (R4)
        names = set(families(application.product.model))
        assert any(names & {families(model)[0] for model in one.models} for one in ARTICLES if one.plan == plan.name)


@each_sample
def test_each_step_is_done_by_someone_who_may_with_an_outcome_its_form_accepts(sample: Sample) -> None:
    assert sample.by in USERS
    for step in sample.steps:
        roles = set(USERS[step.by]["roles"])
        if step.send:
            actor = Actor(user=step.by, name="", role=min(roles))
            MESSAGES[step.send].model_validate({**dated(step.fields, NOW), "id": "x", "by": actor, "at": NOW})
            continue
        assert step.task is not None
        files = {"attachments": ["F-0123456789ABCDEF"] * len(step.photos)} if step.photos else {}
        TASKS[step.task].read({**dated(step.outcome, NOW), **files})
        rule = plan_of(sample).rule(step.task)
        assert roles & {rule.role, rule.otherwise, "customer_service"}
        if step.on_behalf_of:
            OnBehalfOf.model_validate(step.on_behalf_of)


@each_sample
def test_what_happened_lies_between_the_request_and_now_and_in_order(sample: Sample) -> None:
    moments = [span(sample.received), *(span(step.ago) for step in sample.steps if step.ago)]
    assert moments == sorted(moments, reverse=True)


@each_sample
def test_nobody_in_them_can_be_reached(sample: Sample) -> None:
    customer = sample.application["customer"]
    assert re.fullmatch(r"[^@]+@([a-z-]+\.)*example\.(com|org|net)", customer["email"])
    # reserved for drama, or a number that no exchange assigns
    assert re.fullmatch(r"\+(44 20 7946 0\d{3}|86 000 0000 \d{4}|39 000 000 \d{4})", customer["phone"])


def test_engineers_have_a_region_and_skills() -> None:
    for user in USERS.values():
        if "engineer" in user["roles"]:
            assert user["regions"]
            assert user["skills"]


def test_every_role_of_the_plans_they_play_has_somebody() -> None:
    roles = {role for sample in SAMPLES for role in plan_of(sample).roles}
    assert {role for user in USERS.values() for role in user["roles"]} >= {*roles, "auditor"}


@pytest.mark.parametrize("name", sorted(PHOTOS))
def test_a_photo_is_a_small_jpeg_and_the_same_each_time(name: str) -> None:
    assert photo(name).startswith(b"\xff\xd8\xff")
    assert photo(name) == photo(name)
    assert len(photo(name)) < 200_000


def test_times_are_relative_to_the_play() -> None:
    assert dated({"appointment": "now+2 h", "n": ["now-5 min"], "text": "now and then"}, NOW) == {
        "appointment": "2026-11-20T04:00:00Z",
        "n": ["2026-11-20T01:55:00Z"],
        "text": "now and then",
    }
    assert span("2 d") == timedelta(days=2)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("key = 'x-1'\nby='a'\nreceived='soon'\n[application]", "length of time"),
        ("key = 'x-1'\nby='a'\nreceived='1 h'\nphotos=['cat']\n[application]", "no such photo"),
        ("key = 'x-1'\nby='a'\nreceived='1 h'\n[application]\n[[steps]]\nby='a'", "either a task or a message"),
        ("key = ", "x.toml"),
    ],
)
def test_a_broken_sample_is_refused_with_file_and_reason(tmp_path: Path, broken: str, reason: str) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "x.toml").write_text(broken)
    with pytest.raises(SampleInvalid, match=reason):
        read_samples(tmp_path)
