"""Reading a record beside its promises: which clause and clock each entry stands under, and by how much it was kept.

Everything comes from the entries themselves, so that it holds for a case of any age, whatever its plan says by now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from domain.clocks import Anchor, Budget
from domain.events import Event, EventKind
from domain.model import Frozen, Instant
from domain.record.erased import is_erased

_INSTANT: TypeAdapter[datetime | None] = TypeAdapter(Instant | None)
_ENDS = frozenset({EventKind.COMPLETED, EventKind.ATTEMPTED})


class Measured(Frozen):
    """The promise that an entry stands under.

    `source` is the clause its budget comes from, or `house`; `budget` is None for an agreed instant. `due_at` is the
    first deadline, the one that counts for people: later ones, after a breach, are ours alone. `actual` is when it was
    really done, `kept` what the record says of that.
    """

    source: str
    budget: Budget | None
    anchor: Anchor
    due_at: Instant
    provisional: bool
    promised_no: int
    """The entry that made the promise."""
    actual: Instant | None = None
    kept: bool | None = None

    @property
    def margin(self) -> timedelta | None:
        """How long before the deadline it was done, below zero how long after; None for what does not end a task."""
        return self.due_at - self.actual if self.actual is not None else None


def measures(events: Iterable[Event]) -> Mapping[int, Measured]:
    """Returns, by number, the promise that each entry of a task stands under; entries before any promise have none.

    Raises pydantic's ValidationError for a promise that this version cannot read.
    """
    found: dict[int, Measured] = {}
    promised: dict[str, Measured] = {}
    for event in events:
        if event.task is None:
            continue
        if event.kind is EventKind.PROMISED and not is_erased(event.data) and not event.data.get("level"):
            promised[event.task] = _promise(event)
        known = promised.get(event.task)
        if known is None:
            continue
        if event.kind in _ENDS:
            actual = _INSTANT.validate_python(event.data.get("happened_at")) or event.at
            known = known.model_copy(update={"actual": actual, "kept": event.data.get("kept")})
        found[event.no] = known
    return found


def _promise(event: Event) -> Measured:
    deadline = event.data["deadline"]
    request = deadline["request"]
    return Measured.model_validate(
        {
            "source": str(event.data.get("source") or "house"),
            "budget": request.get("budget"),
            "anchor": request["anchor"],
            "due_at": deadline["due_at"],
            "provisional": bool(deadline.get("provisional")),
            "promised_no": event.no,
        }
    )


def corrections(events: Iterable[Event]) -> Mapping[int, tuple[Event, ...]]:
    """Returns the corrections by the number of the entry that they correct, in their order."""
    found: dict[int, tuple[Event, ...]] = {}
    for event in events:
        if event.kind is EventKind.CORRECTED and isinstance(wrong := event.data.get("corrects"), int):
            found[wrong] = (*found.get(wrong, ()), event)
    return found
