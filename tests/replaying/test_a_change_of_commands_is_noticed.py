"""The fingerprint of a workflow's commands: what cannot change them leaves it, what can is named with its function."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.goldens import fingerprint
from tests.goldens.fingerprint import Skeletons
from tests.goldens.skeletons import skeletons, sources

SOURCES = sources()
NOTICE = "workflows/notice.py"
PAPERS = "workflows/papers.py"


@functools.cache
def present() -> Skeletons:
    """The skeletons of the workflows as they are."""
    return skeletons(SOURCES)


def changed(path: str, then: str, now: str) -> list[fingerprint.Change]:
    """What is noticed when a piece of a file is written otherwise."""
    assert then in SOURCES[path], f"{path} has changed: {then}"
    after = skeletons({**SOURCES, path: SOURCES[path].replace(then, now, 1)}, touching=path)
    return fingerprint.changes({name: present()[name] for name in after}, after)


def test_the_commands_of_every_workflow_are_those_that_were_accepted() -> None:
    found = fingerprint.changes(fingerprint.skeletons_in(fingerprint.accepted()), present())
    assert not found, "\n".join([*(one.told() for one in found), fingerprint.ADVICE])


def test_what_was_accepted_fits_its_fingerprint_and_says_why() -> None:
    read = fingerprint.accepted()
    assert all(fingerprint.fingerprint(one["functions"]) == one["fingerprint"] for one in read["workflows"].values())
    assert all(one["reason"].strip() for one in read["accepted"])


def test_every_workflow_that_a_worker_serves_has_one() -> None:
    from workflows import WORKFLOWS

    names = {vars(one)["__temporal_workflow_definition"].name for one in WORKFLOWS}
    assert set(present()) == names


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ('"""Sends one notice once."""', '"""Says something else."""'),
        ("        try:\n", "        # a remark\n\n        try:\n"),
        ("reason = str(failed.cause or failed)[:500]", "reason = str(failed.cause or failed)[:800]"),
        ("async def run(self, order: NoticeOrder) -> NoticeEnd:", "async def run(self, order) -> 'NoticeEnd':"),
        ("            NoticeSending.give_up_notice,\n", "\n            NoticeSending.give_up_notice,  # now\n"),
    ],
)
def test_what_gives_no_command_may_change(then: str, now: str) -> None:
    assert changed(NOTICE, then, now) == []


CHANGES: dict[str, tuple[str, str, str, str]] = {
    "an activity is added": (
        NOTICE,
        "        await self._tell(order, reason)\n",
        "        await self._tell(order, reason)\n        await workflow.execute_activity('again')\n",
        "Notice: workflows/notice.py Notice.run",
    ),
    "an activity is removed": (
        NOTICE, "        await self._tell(order, reason)\n", "", "Notice: workflows/notice.py Notice.run",
    ),
    "another activity": (
        NOTICE, "NoticeSending.give_up_notice,", "NoticeSending.send_notice,", "Notice: workflows/notice.py Notice.run",
    ),
    "a timer": (
        PAPERS,
        "        for kind in made_by(",
        "        await workflow.sleep(1)\n        for kind in made_by(",
        "ServiceCase: workflows/papers.py Papers._of_step",
    ),
    "a timeout": (
        NOTICE, "_GIVEN_UP_AFTER = timedelta(days=2)", "_GIVEN_UP_AFTER = timedelta(days=3)", "Notice.run",
    ),
    "a condition": (
        PAPERS, "if self._numbered and case.state.work_order is None:", "if self._numbered:", "Papers._document",
    ),
    "what a condition asks for": (
        "workflows/corrective_action.py",
        "        told = self.plan.superior_of(",
        "        step.reminded_at = None\n        told = self.plan.superior_of(",
        "CorrectiveAction: workflows/corrective_action.py CorrectiveAction._late",
    ),
    "what a condition is computed from": (
        "workflows/performing.py", " or _was_paused(case, wait)", "", "ServiceCase: workflows/performing.py",
    ),
    "a function that decides": (
        "workflows/case.py", "return self.course == self.stage_course", "return True", "Case.on_course",
    ),
    "a patch": (
        NOTICE,
        "        await self._tell(order, reason)\n",
        "        if workflow.patched('tell'):\n            await self._tell(order, reason)\n",
        "Notice.run",
    ),
    "an entry of the record": (
        "workflows/case.py",
        "            self.record.set_status(CaseStatus.ACTIVE)\n",
        "            self.record.set_status(CaseStatus.ACTIVE)\n            self.record.enter(self.state.stage)\n",
        "Case.resume",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_may_change_commands_is_named_with_its_function_and_shown(name: str) -> None:
    path, then, now, expected = CHANGES[name]
    found = changed(path, then, now)
    assert len(found) == 1, [one.told() for one in found]
    told = found[0].told()
    assert expected in told
    assert "\n    +" in told or "\n    -" in told


def test_two_steps_that_change_places_are_noticed() -> None:
    body = "        await self._tell(order, reason)\n"
    given_up = SOURCES[NOTICE].index(
        "        await workflow.execute_activity_method(\n            NoticeSending.give_up"
    )
    moved = SOURCES[NOTICE].replace(body, "")
    moved = moved[:given_up] + body + moved[given_up:]
    assert [one.function for one in fingerprint.changes(present(), skeletons({**SOURCES, NOTICE: moved}))] == [
        "workflows/notice.py Notice.run"
    ]


def test_a_change_of_what_several_workflows_share_is_named_for_each() -> None:
    found = changed("workflows/offering.py", "        offered.cancel()\n", "")
    assert {one.workflow for one in found} == {"ServiceCase", "CorrectiveAction"}


def test_accepting_writes_the_reason_and_is_asked_for_again_by_the_next_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "fingerprints.toml"
    assert fingerprint.accept("the first", file)
    assert fingerprint.accept("nothing changed", file) == []
    read = fingerprint.accepted(file)
    assert [one["reason"] for one in read["accepted"]] == ["the first"]
    assert fingerprint.skeletons_in(read) == present()

    other = {**SOURCES, NOTICE: SOURCES[NOTICE].replace("        await self._tell(order, reason)\n", "")}
    answers: Callable[[], dict[str, str]] = lambda: other  # noqa: E731
    monkeypatch.setattr(fingerprint, "sources", answers)
    monkeypatch.setattr(fingerprint, "FILE", file)
    monkeypatch.setattr(fingerprint.accepted, "__defaults__", (file,))
    assert fingerprint.main([]) == 1
    shown = capsys.readouterr()
    assert "Notice: workflows/notice.py Notice.run asks for other things" in shown.out
    assert 'workflow.patched("name")' in shown.err
    assert fingerprint.main(["accept"]) == 2, "a reason is asked for"
