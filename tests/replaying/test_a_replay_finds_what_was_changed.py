"""Every kind of change, of the history or of the code, is found, and the finding says where it is."""

from __future__ import annotations

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory

from domain.record import Finding
from workflows import papers, performing, pump, record
from workflows.offering import offer_task
from workflows.replaying import Wording, findings_of, replay
from workflows.replaying.replay import Refusal

GOLDEN = json.loads((Path(__file__).parents[1] / "goldens" / "remote.json").read_text("utf-8"))
Raw = dict[str, Any]


def attributes(raw: Raw, kind: str, number: int = 0) -> Raw:
    """The content of the events of a kind, by their number among them."""
    found: list[Raw] = [event[kind] for event in raw["events"] if kind in event]
    return found[number]


def scheduled(raw: Raw, activity: str) -> Raw:
    """The scheduling of an activity, by its type."""
    events = [e for e in raw["events"] if "activityTaskScheduledEventAttributes" in e]
    name = "activityTaskScheduledEventAttributes"
    found: Raw = next(e[name] for e in events if e[name]["activityType"]["name"] == activity)
    return found


def rewritten(holder: Raw, change: Callable[[Any], None]) -> None:
    """Changes what a payload holds."""
    (payload,) = holder["payloads"]
    value = json.loads(b64decode(payload["data"]))
    change(value)
    payload["data"] = b64encode(json.dumps(value, ensure_ascii=False).encode()).decode()


async def found_in(raw: Raw, **how: Any) -> tuple[Finding, ...]:
    return findings_of(await replay(WorkflowHistory.from_json("C-1", raw), **how))


def shorter_timer(raw: Raw) -> None:
    attributes(raw, "timerStartedEventAttributes")["startToFireTimeout"] = "60s"


def more_patience(raw: Raw) -> None:
    scheduled(raw, "project_case")["retryPolicy"]["maximumInterval"] = "3600s"


def shown_elsewhere(raw: Raw) -> None:
    shown = attributes(raw, "upsertWorkflowSearchAttributesEventAttributes")["searchAttributes"]["indexedFields"]
    shown["AftercareStage"]["data"] = b64encode(b'"settle"').decode()


def other_words_beside_it(raw: Raw) -> None:
    event = next(e for e in raw["events"] if "userMetadata" in e)
    event["userMetadata"]["summary"]["data"] = b64encode(b'"Nothing to see"').decode()


def another_plan(raw: Raw) -> None:
    start = attributes(raw, "workflowExecutionStartedEventAttributes")
    rewritten(start["input"], lambda start: start["plan"]["tasks"]["contact_customer"].update(within="2 h"))


def a_dropped_event(raw: Raw) -> None:
    write = scheduled(raw, "project_case")
    rewritten(write["input"], lambda write: write["events"].pop(0))


def a_backdated_entry(raw: Raw) -> None:
    write = scheduled(raw, "project_case")
    rewritten(write["input"], lambda write: write["events"][0].update(at="2020-01-01T00:00:00Z"))


def a_moved_task(raw: Raw) -> None:
    write = scheduled(raw, "project_case")
    rewritten(write["input"], lambda write: write["tasks"][0].update(due_at="2030-01-01T00:00:00Z"))


CHANGES: dict[Callable[[Raw], None], str] = {
    shorter_timer: "timer: length",
    more_patience: "activity project_case (workflows/pump.py",
    shown_elsewhere: "search attributes: AftercareStage",
    other_words_beside_it: "summary",
    another_plan: "time allowed until it is done",
    a_dropped_event: "record.1:",
    a_backdated_entry: "record.1.at",
    a_moved_task: "tasks.contact_customer.due_at",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.__name__))
async def test_a_changed_history_is_found(change: Callable[[Raw], None]) -> None:
    raw = deepcopy(GOLDEN)
    change(raw)
    findings = [finding.sentence() for finding in await found_in(raw)]
    assert any(CHANGES[change] in finding for finding in findings), findings


async def test_nothing_is_found_in_what_was_not_changed() -> None:
    assert await found_in(deepcopy(GOLDEN)) == ()


async def test_one_changed_entry_is_not_drowned_in_the_links_after_it() -> None:
    raw = deepcopy(GOLDEN)
    a_backdated_entry(raw)
    assert [finding.place for finding in await found_in(raw)] == ["record.1.at"]


async def test_a_history_that_was_cut_off_within_a_step_lacks_what_the_code_asks_for() -> None:
    raw = deepcopy(GOLDEN)
    at = next(n for n, event in enumerate(raw["events"]) if "timerStartedEventAttributes" in event)
    raw["events"] = raw["events"][:at]
    assert "the code asks for it, the history does not have it" in {f.what for f in await found_in(raw)}


@pytest.mark.parametrize("kept", [1, 2, 3])
async def test_a_case_that_has_not_begun_has_nothing_to_replay(kept: int) -> None:
    raw = deepcopy(GOLDEN)
    raw["events"] = raw["events"][:kept]
    assert await found_in(raw) == ()


async def test_every_moment_of_an_open_case_replays() -> None:
    started = [n for n, event in enumerate(GOLDEN["events"]) if "workflowTaskStartedEventAttributes" in event]
    for at in started[1:]:
        assert await found_in({"events": GOLDEN["events"][:at]}) == ()


# -- code that diverges


async def test_a_machine_too_busy_to_replay_at_once_is_not_held_against_the_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, number = iter(range(1)), papers.Papers.order_number

    def stalled(self: papers.Papers) -> None:
        if next(left, None) is not None:
            time.sleep(2.5)
        number(self)

    monkeypatch.setattr(papers.Papers, "order_number", stalled)
    assert await found_in(deepcopy(GOLDEN)) == ()


def halve_deadlines(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(performing, "offer_task", lambda *a, **how: offer_task(*a, **{**how, "left": how["left"] / 2}))


def order_papers_twice(patch: pytest.MonkeyPatch) -> None:
    order = papers.Papers.order

    def twice(self: papers.Papers, *what: Any, **how: Any) -> None:
        order(self, *what, **how)
        order(self, *what, **how)

    patch.setattr(papers.Papers, "order", twice)


def order_no_papers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(papers.Papers, "order", lambda *_what, **_how: None)


def raise_an_error(patch: pytest.MonkeyPatch) -> None:
    def broken(*_what: Any, **_how: Any) -> None:
        raise KeyError("maker")

    patch.setattr(papers.Papers, "order", broken)


def write_sooner(patch: pytest.MonkeyPatch) -> None:
    async def at_once(_self: pump.Pump) -> None:
        """Waits for nothing."""

    patch.setattr(pump.Pump, "_quiet", at_once)


def name_an_engineer(patch: pytest.MonkeyPatch) -> None:
    enter = record.Record.enter

    def entered(self: record.Record, stage: Any) -> None:
        self.state.engineer = "someone"
        enter(self, stage)

    patch.setattr(record.Record, "enter", entered)


DIVERGING: dict[Callable[[pytest.MonkeyPatch], None], tuple[str, str]] = {
    halve_deadlines: ("activity contact_customer (workflows/stages/register.py", "time allowed until it is done"),
    order_papers_twice: ("activity acceptance (workflows/papers.py", Wording.STANDS_STILL),
    order_no_papers: ("activity issue_document", Wording.STANDS_STILL),
    raise_an_error: ("workflows/papers.py", "KeyError: 'maker'"),
    write_sooner: ("activity remote_diagnosis", Wording.STANDS_STILL),
    name_an_engineer: ("case.engineer", Wording.ONLY_FOUND),
}


@pytest.mark.parametrize("change", DIVERGING, ids=lambda change: str(change.__name__))
async def test_code_that_does_otherwise_is_found(
    change: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    findings = [finding.sentence() for finding in await found_in(deepcopy(GOLDEN))]
    place, what = DIVERGING[change]
    assert any(place in finding and what in finding for finding in findings), findings


async def test_what_the_code_leaves_out_without_doing_anything_in_its_place_is_named() -> None:
    replayed = await replay(WorkflowHistory.from_json("C-1", deepcopy(GOLDEN)))
    replayed.refusal = Refusal(words="nothing came", event_id=26, recorded="activity issue_work_order")
    (finding,) = findings_of(replayed)
    assert (finding.recorded, finding.found) == ("activity issue_work_order", None)
    assert finding.place.startswith("event 26, activity issue_work_order")
