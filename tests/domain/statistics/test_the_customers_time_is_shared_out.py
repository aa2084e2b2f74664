"""Who used the customer's time: every moment goes to somebody, none twice, inside each promise as in the whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.events import SYSTEM, Event, EventKind, chained
from domain.statistics import Party, UsedTime, used_time
from domain.statistics.used_time import PROMISED_DATE

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KINDS = ("contact_customer", "remote_diagnosis", "assign_engineer", "await_parts", "factory_inspection", "chase")


class Told:
    """A record told minute by minute."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.note(0, EventKind.OPENED, application={})

    def note(self, minute: int, kind: EventKind, task: str | None = None, **data: Any) -> None:
        last = self.events[-1] if self.events else None
        self.events.append(chained(last, START + timedelta(minutes=minute), kind, SYSTEM, task, data))

    def promise(self, minute: int, task: str, since: int, due: int) -> None:
        anchor = {"name": "application", "at": (START + timedelta(minutes=since)).isoformat()}
        request = {"anchor": anchor, "at": None}
        due_at = (START + timedelta(minutes=due)).isoformat()
        self.note(minute, EventKind.PROMISED, task, level=0, deadline={"due_at": due_at, "request": request})

    def offer(self, minute: int, task: str, role: str) -> None:
        self.note(minute, EventKind.OFFERED, task, role=role)

    def complete(self, minute: int, task: str, happened: int | None = None, *, kept: bool = True) -> None:
        at = START + timedelta(minutes=minute if happened is None else happened)
        self.note(minute, EventKind.COMPLETED, task, happened_at=at.isoformat(), kept=kept)

    def used(self, until: int) -> UsedTime:
        found = used_time(self.events, START + timedelta(minutes=until))
        assert found is not None
        return found


def minutes(used: UsedTime, inside: str = "") -> dict[tuple[Party, str], float]:
    """The shares in minutes, of the whole or inside one promise."""
    shares = next(one.shares for one in used.promises if one.key == inside) if inside else used.shares
    return {(share.party, share.role): share.spent / timedelta(minutes=1) for share in shares}


def test_time_goes_to_the_party_and_the_department_that_a_step_waits_for() -> None:
    told = Told()
    told.offer(0, "contact_customer", "customer_service")
    told.complete(10, "contact_customer")
    told.offer(15, "assign_engineer", "dispatcher")
    told.complete(45, "assign_engineer")
    told.offer(45, "await_parts", "dispatcher")
    told.complete(105, "await_parts")
    told.note(105, EventKind.CLOSED)
    assert minutes(told.used(999)) == {
        (Party.CARRIER, "dispatcher"): 60,
        (Party.US, "dispatcher"): 30,
        (Party.CUSTOMER, "customer_service"): 10,
        (Party.US, ""): 5,
    }


def test_steps_side_by_side_share_and_a_reminder_takes_nothing_from_them() -> None:
    told = Told()
    told.offer(0, "assign_engineer", "dispatcher")
    told.offer(0, "factory_inspection", "factory")
    told.offer(0, "chase", "customer_service")
    told.complete(60, "assign_engineer")
    told.complete(60, "factory_inspection")
    told.complete(90, "chase")
    assert minutes(told.used(90)) == {
        (Party.US, "dispatcher"): 30,
        (Party.FACTORY, "factory"): 30,
        (Party.US, "customer_service"): 30,
    }


def test_what_happened_and_was_entered_later_is_ours_until_the_entry() -> None:
    told = Told()
    told.offer(0, "contact_customer", "customer_service")
    told.complete(65, "contact_customer", happened=5)
    assert minutes(told.used(65)) == {(Party.US, "customer_service"): 60, (Party.CUSTOMER, "customer_service"): 5}


def test_a_step_that_a_pause_suspends_is_the_customers_and_a_reassigned_one_the_new_departments() -> None:
    told = Told()
    told.offer(0, "assign_engineer", "dispatcher")
    told.note(10, EventKind.REASSIGNED, "assign_engineer", role="service_manager")
    told.note(30, EventKind.SUSPENDED, "assign_engineer")
    told.offer(90, "assign_engineer", "service_manager")
    assert minutes(told.used(100)) == {
        (Party.CUSTOMER, "service_manager"): 60,
        (Party.US, "service_manager"): 30,
        (Party.US, "dispatcher"): 10,
    }


def test_inside_a_promise_only_its_own_time_counts() -> None:
    told = Told()
    told.promise(0, "contact_customer", since=0, due=20)
    told.offer(0, "contact_customer", "customer_service")
    told.complete(30, "contact_customer", kept=False)
    due = (START + timedelta(minutes=200)).isoformat()
    told.note(40, EventKind.DATE_PROMISED, promised_for=due)
    told.promise(40, "assign_engineer", since=30, due=60)
    told.offer(40, "assign_engineer", "dispatcher")
    told.complete(50, "assign_engineer")
    told.note(70, EventKind.PROMISE_ENDED, ended_as="kept")
    told.note(80, EventKind.CLOSED)
    used = told.used(80)
    contact, assign, date = used.promises
    assert (contact.name, contact.kept) == ("contact_customer", False)
    assert minutes(used, "contact_customer") == {(Party.CUSTOMER, "customer_service"): 30}
    assert minutes(used, "assign_engineer") == {(Party.US, "dispatcher"): 10, (Party.US, ""): 10}
    assert (assign.kept, date.name, date.kept) == (True, PROMISED_DATE, True)
    assert sum(minutes(used, date.key).values()) == 30


def test_an_attempt_that_is_tried_again_keeps_its_promise_open() -> None:
    told = Told()
    told.promise(0, "contact_customer", since=0, due=20)
    told.offer(0, "contact_customer", "customer_service")
    told.note(5, EventKind.ATTEMPTED, "contact_customer", happened_at=(START + timedelta(minutes=5)).isoformat())
    told.offer(5, "contact_customer", "customer_service")
    (promise,) = told.used(50).promises
    assert promise.open
    assert minutes(told.used(50)) == {(Party.CUSTOMER, "customer_service"): 50}


def test_what_comes_after_the_end_uses_nothing() -> None:
    told = Told()
    told.note(10, EventKind.CLOSED)
    told.note(500, EventKind.MESSAGE_REFUSED)
    assert told.used(900).whole == timedelta(minutes=10)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 500), st.sampled_from(KINDS), st.integers(0, 4), st.integers(-100, 100), st.integers(-200, 300)
    ),
    max_size=60,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.integers(0, 700), st.booleans())
def test_the_shares_add_up_to_the_whole_time_whatever_happened(
    steps: list[tuple[int, str, int, int, int]], until: int, closed: bool
) -> None:
    told, moves = Told(), sorted(steps, key=lambda step: step[0])
    for minute, kind, move, before, due in moves:
        match move:
            case 0:
                told.offer(minute, kind, "role-of-" + kind)
            case 1:
                told.complete(minute, kind, happened=minute + min(before, 0))
            case 2:
                told.note(minute, EventKind.SUSPENDED, kind)
            case 3:
                told.promise(minute, kind, since=minute + before, due=minute + due)
            case _:
                told.note(minute, EventKind.OBSOLETE, kind)
    if closed:
        told.note(max([until, *(step[0] for step in moves)]), EventKind.CLOSED)
    used = told.used(until)
    assert sum((share.spent for share in used.shares), timedelta()) == used.whole
    assert all(share.spent > timedelta() for share in used.shares)
    for promise in used.promises:
        assert used.begins <= promise.begins <= promise.ends <= used.ends
        assert sum((share.spent for share in promise.shares), timedelta()) == promise.ends - promise.begins
