"""How a case has a person do a user task: offer, remind, breach, offer again, until it is done or not needed any more.

A task is one activity that a person completes by its id; its timeout is the time left to the deadline. Whatever ends
the activity first counts: a completion, the deadline, or the case itself by a waiting, reported cancellation.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from temporalio import workflow

from workflows.offering import offer_task, outcome_of, reached
from workflows.promised_date import PROMISED
from workflows.wait import CalledOff, Ended, Expired, Interrupted, Outcome, Scope, Wait

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain.case import Completion, Done, TaskState, TaskStatus, message_problem
    from domain.case.checks import outcome_problems
    from domain.clocks import Anchor, Budget, DeadlineRequest, Hold
    from domain.events import SYSTEM, Actor, EventKind
    from domain.tasks import Form, FormInvalid, UserTask

if TYPE_CHECKING:
    from workflows.case import Case

F = TypeVar("F", bound=Form)
_APPOINTED = ("appointment", "agreement")


async def wait_until_done(case: Case, wait: Wait, form: type[F]) -> F:
    """Waits until the task is done and returns its outcome.

    Raises Interrupted when the case left the way the task belongs to, CalledOff when this task alone is not needed.
    """
    while True:
        if _held(case, wait) and not _over(case, wait):
            _suspend(case, wait)
        await workflow.wait_condition(lambda: not _held(case, wait) or _over(case, wait))
        if _over(case, wait):
            _make_obsolete(case, wait)
            raise CalledOff(wait.called_off) if wait.called_off else Interrupted()
        if wait.deadline is None or _was_paused(case, wait):
            await _promise(case, wait)
        ended = await _offer(case, wait)
        match ended:
            case Outcome(raw):
                done = _accept(case, wait, form, raw)
                if done is not None:
                    return done
            case Expired():
                if wait.pausable and case.paused_at(wait.state.due_at):
                    wait.deadline = None  # the pause came first and was only heard of later; it may be over by now
                else:
                    _breach(case, wait)
            case Ended():
                if wait.stale:
                    wait.deadline = None


def _held(case: Case, wait: Wait) -> bool:
    return wait.pausable and case.pause is not None


def _was_paused(case: Case, wait: Wait) -> bool:
    """True when a pause is over that the deadline does not know of."""
    return wait.deadline is not None and wait.deadline.request.holds != _holds(case, wait)


def _over(case: Case, wait: Wait) -> bool:
    if case.sound() and wait.called_off:
        return True
    return case.closing if wait.scope is Scope.BESIDE else case.course != wait.course


async def _promise(case: Case, wait: Wait) -> None:
    """Computes the deadline and records it as promised, unless the task rests, moved or is over by then."""
    if not wait.moved and _slept_through(case, wait):
        # A pause outlasted the appointment, or the promised date: a new one is to be agreed, within the time the plan
        # gives for another try.
        wait.anchor, wait.agreed, wait.own_anchor = Anchor(name="resumption", at=case.record.now()), None, None
        wait.budget, wait.source = case.plan.attempts.again, case.plan.attempts.source
    wait.moved = False
    reason = wait.taken_reason()
    case.pump.computing += 1
    try:
        deadline = await case.promises.make(_request(case, wait))
        if case.promised.comes_first(wait, deadline.due_at) or wait.bound(deadline.due_at, case.record.now()):
            deadline = await case.promises.make(_request(case, wait))
    finally:
        case.pump.computing -= 1
    if _over(case, wait) or _held(case, wait) or wait.moved:  # said while the calendar was read: nothing to promise now
        wait.deadline, wait.stale = None, wait.stale or reason
        return
    task = wait.state
    replaces = task.due_at
    wait.deadline = deadline
    task.due_at, task.provisional = deadline.due_at, deadline.provisional
    if replaces is not None and replaces != deadline.due_at:
        wait.reminded_level = -1  # a reminder precedes every deadline, a moved one too (X1)
    if task.first_due_at is None or (replaces is not None and wait.level == 0):
        task.first_due_at = deadline.due_at
    task.remind_at = case.promises.reminder(deadline, case.record.now(), case.plan.escalation.remind_after)
    data: dict[str, Any] = {
        "source": wait.source,
        "remind_at": _iso(task.remind_at),
        "activity_id": wait.coming_activity_id,
        "level": wait.level,
        "deadline": deadline.model_dump(mode="json"),
    }
    if replaces:
        data["replaces"] = replaces.isoformat()
    if reason:
        data["reason"] = reason
    case.record.note(EventKind.PROMISED, task=task, data=data)


def _request(case: Case, wait: Wait) -> DeadlineRequest:
    return DeadlineRequest(
        anchor=wait.anchor,
        budget=None if wait.agreed else wait.budget,
        at=wait.agreed,
        calendar=case.plan.calendar,
        holds=_holds(case, wait),
    )


def _slept_through(case: Case, wait: Wait) -> bool:
    """True when the agreed instant, with or without a window after it, fell into a pause that is over.

    A promised date does so only for what waits for the customer: everything else went on in the pause.
    """
    agreed = wait.anchor.at if wait.anchor.name in _APPOINTED else wait.agreed if wait.pausable else None
    return agreed is not None and any(hold.ends and hold.begins <= agreed <= hold.ends for hold in case.state.holds)


def _holds(case: Case, wait: Wait) -> tuple[Hold, ...]:
    if wait.agreed:
        return ()  # an appointment is moved by agreement, never by a pause (X4)
    own = [
        Hold(begins=hold.begins, ends=hold.ends, reason=hold.reason)
        for hold in case.state.holds
        if wait.pausable and hold.ends is not None and hold.ends > max(hold.begins, wait.anchor.at)
    ]
    return (*own, *wait.extra_holds)


async def _offer(case: Case, wait: Wait) -> Outcome | Expired | Ended:
    """Offers the task as one activity and waits for whatever ends it first."""
    task, deadline = wait.state, wait.deadline
    if deadline is None:
        return Ended("no deadline")
    now = case.record.now()
    left = case.pace.real_length(deadline.due_at - now)
    task.activity_id = wait.next_activity_id()
    task.status = TaskStatus.READY
    task.offered_at = task.offered_at or now
    case.record.note(
        EventKind.OFFERED,
        task=task,
        data={"activity_id": task.activity_id, "role": task.role, "due_at": _iso(task.due_at)},
    )
    activity = offer_task(
        wait.task.name,
        _brief(wait),
        activity_id=task.activity_id,
        left=left,
        summary=f"{wait.task.title} · {task.role} · due {deadline.due_at:%Y-%m-%d %H:%M} UTC",
    )

    def stop() -> bool:
        moved = _held(case, wait) or _was_paused(case, wait) or wait.stale is not None
        return activity.done() or _over(case, wait) or moved

    if (
        task.remind_at
        and wait.reminded_level != wait.level
        and not await reached(stop, case.pace.real_length(task.remind_at - now))
    ):
        wait.reminded_level = wait.level
        task.reminded_at = case.record.now()
        case.record.note(EventKind.REMINDED, task=task, data={"due_at": _iso(task.due_at)})
        case.escalations.chase(wait)
    await workflow.wait_condition(stop)
    return await outcome_of(activity, task.activity_id)


def _brief(wait: Wait) -> dict[str, Any]:
    """What stands beside the activity in the history: enough to read it like the procedure, nothing personal."""
    task, deadline = wait.state, wait.deadline
    return {
        "task": task.key,
        "title": wait.task.title,
        "clause": wait.task.clause,
        "role": task.role,
        "due_at": _iso(task.due_at),
        "promise": str(wait.budget) if deadline and deadline.request.budget else "agreed",
        "counts_from": wait.anchor.name,
        "escalation_level": task.escalation_level,
    }


def _accept(case: Case, wait: Wait, form: type[F], raw: object) -> F | None:
    """Takes an outcome: returns the form when the task is done by it, None when the task goes on being offered."""
    task = wait.state
    try:
        completion = Completion.model_validate(raw)
        entered = form.read(completion.outcome)
    except (ValidationError, FormInvalid) as wrong:
        reason = message_problem(wrong) if isinstance(wrong, ValidationError) else str(wrong)
        _refuse(case, task, SYSTEM, reason)
        return None
    problems = outcome_problems(
        entered,
        task,
        case.state,
        case.plan,
        by=completion.by,
        happened_at=completion.happened_at,
        on_behalf_of=completion.on_behalf_of,
        others=case.record.tasks.values(),
    )
    if problems:
        _refuse(case, task, completion.by, str(FormInvalid(problems)))
        return None
    if completion.submission_id in wait.counted:
        reason = "the same submission counted before; it was sent again"
        case.record.note(EventKind.OUTCOME_REFUSED, completion.by, task, {"reason": reason})
        return None
    wait.counted.add(completion.submission_id)
    outcome = entered.model_dump(mode="json", exclude_none=True)
    first_due = task.first_due_at
    done = Done(
        by=completion.by,
        happened_at=completion.happened_at,
        entered_at=completion.entered_at,
        on_behalf_of=completion.on_behalf_of,
        submission_id=completion.submission_id,
        kept=first_due is None or completion.happened_at <= first_due,
        late_entry=first_due is not None and completion.happened_at <= first_due < completion.entered_at,
    )
    data = {"outcome": outcome, **done.model_dump(mode="json", exclude={"by"})}
    if entered.is_attempt:
        task.attempts += 1
        case.record.note(EventKind.ATTEMPTED, completion.by, task, {**data, "attempt": task.attempts})
        attempts = case.plan.attempts
        if task.attempts < attempts.limit:
            if attempts.meets_clock:
                wait.anchor, wait.budget, wait.agreed = (
                    Anchor(name="attempt", at=completion.happened_at),
                    attempts.again,
                    None,
                )
                wait.deadline, wait.source = None, attempts.source
            return None
    task.status, task.outcome, task.done, task.ended_at = TaskStatus.COMPLETED, outcome, done, case.record.now()
    if not entered.is_attempt:
        case.record.note(EventKind.COMPLETED, completion.by, task, data)
    return entered


def _refuse(case: Case, task: TaskState, by: Actor, reason: str) -> None:
    case.record.note(EventKind.OUTCOME_REFUSED, by, task, {"reason": reason[:1000]})


def _breach(case: Case, wait: Wait) -> None:
    """Records a deadline that passed, tells whoever the plan names, and gives the task the budget of the next level."""
    task, now = wait.state, case.record.now()
    task.escalation_level += 1
    task.breached_at = task.breached_at or now
    case.record.note(EventKind.BREACHED, task=task, data={"due_at": _iso(task.due_at), "level": task.escalation_level})
    if not wait.moved:  # an appointment moved in the same moment is the new promise
        wait.anchor, wait.agreed, wait.own_anchor = Anchor(name="breach", at=now), None, None
        wait.budget, wait.source = case.escalations.budget_after_breach(task), case.plan.escalation.source
    wait.deadline = None
    case.escalate(wait)


def _suspend(case: Case, wait: Wait) -> None:
    """A pause took effect: the task rests, its time left is kept, and it gets a new promise when the pause ends.

    However its offer ended (a pause, an attempt or the deadline in the same moment), nobody can complete it meanwhile.
    """
    task = wait.state
    if task.status is not TaskStatus.READY:
        return
    task.status = TaskStatus.SUSPENDED
    left = max((task.due_at - case.record.now()).total_seconds(), 0.0) if task.due_at else None
    case.record.note(EventKind.SUSPENDED, task=task, data={"due_at": _iso(task.due_at), "seconds_left": left})
    wait.deadline = None


def _make_obsolete(case: Case, wait: Wait) -> None:
    task = wait.state
    task.status, task.ended_at = TaskStatus.OBSOLETE, case.record.now()
    case.record.note(EventKind.OBSOLETE, task=task, data={"reason": wait.called_off or case.why_over})


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def new_wait(
    case: Case,
    task: UserTask[Any],
    *,
    scope: Scope,
    since: str | None = None,
    agreed: datetime | None = None,
    role: str | None = None,
    about: str | None = None,
    reason: str | None = None,
    holds: tuple[Hold, ...] = (),
    not_after: datetime | None = None,
) -> Wait:
    """Creates the task in the case's state and the wait for it."""
    rule = case.plan.rule(task.name)
    now = case.record.now()
    name = since or rule.since
    role = role or rule.role
    waits_for = case.plan.waits_for(task.name)
    state = TaskState(
        key=case.record.next_key(task.name),
        kind=task.name,
        stage=case.state.stage,
        role=role,
        assignee=case.state.engineer if role == "engineer" else None,
        waits_for=waits_for,
        about=about,
        reason=reason,
    )
    case.record.add_task(state)
    wait = Wait(
        task=task,
        state=state,
        scope=scope,
        course=case.stage_course,
        anchor=Anchor(name=name, at=case.state.instants.get(name, now)),
        budget=case.plan.escalation.then if isinstance(rule.within, str) else rule.within,
        source=rule.source,
        pausable=waits_for == "customer" and scope is Scope.STAGE,
        extra_holds=holds,
        not_after=not_after,
    )
    if rule.within == "agreed" and agreed is not None:
        appoint(wait, agreed, rule.window)
    if rule.within == PROMISED:
        case.promised.bind(wait)
    return wait


def appoint(wait: Wait, at: datetime, window: Budget | None) -> None:
    """Makes an agreed instant the deadline: itself, or the end of the window that begins with it."""
    wait.anchor = Anchor(name=_APPOINTED[0] if window else _APPOINTED[1], at=at)
    wait.agreed, wait.budget = (None, window) if window else (at, wait.budget)
