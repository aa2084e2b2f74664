"""The record of a case (X11): every event is chained to the one before, so that a change is found where it was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import (
    FIRST,
    SYSTEM,
    Actor,
    Event,
    EventKind,
    chained,
    content_of,
    digest_of,
    first_break,
    first_unlinked,
)

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
SALT = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def record(length: int) -> list[Event]:
    events: list[Event] = []
    for number in range(length):
        previous = events[-1] if events else None
        data: dict[str, Any] = {"text": f"机器 {number}", "amount": "12.50", "nested": {"b": [1, None], "a": True}}
        at = START + timedelta(minutes=number, microseconds=number)
        events.append(chained(previous, at, EventKind.INFORMATION_ADDED, SYSTEM, None, data, salt=SALT))
    return events


def test_a_whole_record_has_no_break() -> None:
    assert first_break(record(20), SALT) is None
    assert first_break([]) is None
    assert record(1)[0].previous == FIRST


def test_a_record_read_back_from_json_is_still_whole() -> None:
    assert first_break([Event.model_validate_json(event.model_dump_json()) for event in record(5)], SALT) is None


@given(number=st.integers(0, 9), change=st.sampled_from(["at", "kind", "actor", "task", "data", "hash", "previous"]))
def test_a_change_is_found_where_it_was_made(number: int, change: str) -> None:
    other: dict[str, Any] = {
        "at": START - timedelta(days=1),
        "kind": EventKind.CORRECTED,
        "actor": SYSTEM.model_copy(update={"user": "eve"}),
        "task": "acceptance",
        "data": {"text": "changed"},
        "hash": "f" * 64,
        "previous": "e" * 64,
    }
    events = record(10)
    events[number] = events[number].model_copy(update={change: other[change]})
    assert first_break(events, SALT) == number + 1


@pytest.mark.parametrize(("taken", "found"), [(0, 1), (4, 5), (9, None)])
def test_an_event_that_is_missing_is_found(taken: int, found: int | None) -> None:
    events = record(10)
    del events[taken]
    assert first_break(events, SALT) == found, "only the end can be cut off, and the last hash is kept elsewhere"


def test_events_that_changed_places_are_found() -> None:
    events = record(4)
    events[1], events[2] = events[2], events[1]
    assert first_break(events, SALT) == 2


def test_a_change_with_its_hash_made_anew_breaks_the_next() -> None:
    events = record(4)
    events[1] = chained(events[0], events[1].at, EventKind.CORRECTED, SYSTEM, None, {"text": "forged"}, salt=SALT)
    assert first_break(events, SALT) == 3


def test_a_ground_is_part_of_the_record_and_records_without_one_keep_their_hash() -> None:
    plain = Actor(user="zhou", name="Zhou Min", role="engineer")
    assert "ground" not in plain.model_dump(mode="json")
    assert Actor.model_validate(plain.model_dump(mode="json")) == plain
    standing_in = plain.model_copy(update={"ground": "as substitute of Wang Lei, absent until 2026-12-03"})
    assert standing_in.model_dump(mode="json")["ground"] == standing_in.ground
    at = datetime(2026, 11, 30, tzinfo=UTC)
    hashes = {chained(None, at, EventKind.COMPLETED, by, None, {}).hash for by in (plain, standing_in)}
    assert len(hashes) == 2


def test_a_record_under_another_salt_does_not_fit() -> None:
    assert first_break(record(3), "another") == 1


def test_without_its_content_a_record_still_shows_that_nothing_was_taken_out() -> None:
    links = [event.link() for event in record(6)]
    assert first_unlinked(links) is None
    assert "data" not in links[0].model_dump() and "actor" not in links[0].model_dump()
    assert first_unlinked([*links[:2], *links[3:]]) == 3
    links[1] = links[1].model_copy(update={"digest": "0" * 64})
    assert first_unlinked(links) == 2


def test_what_an_erased_entry_leaves_cannot_be_tried_out_without_the_salt() -> None:
    (event,) = record(1)
    assert event.digest == digest_of(content_of(event), SALT)
    assert event.digest != digest_of(content_of(event), "")
