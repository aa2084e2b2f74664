"""What statistics know of one case, and how its tasks tell it: a repair, a return, the parts, the cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from domain.case import TaskState, TaskStatus
from domain.statistics.words import Sorted
from domain.tasks import TASKS
from domain.tasks.parts import CostKind
from domain.warranty.card import PARTS, REPAIR_REPORTS, WORK, work_told

_LONGEST_KEY = 120

REPAIRS = frozenset(name for name, task in TASKS.items() if {*WORK} & task.form.model_fields.keys()) | {*REPAIR_REPORTS}
"""Tasks that can tell of work on a product: those that the warranty card reads."""
RETURNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "receive_item": ("result", "received"),
        "factory_receipt": ("result", "received"),
        "hand_over": ("result", "taken_back"),
        "locate_item": ("result", "with_us"),
    }
)
"""Tasks by which an item came back, and the answer that says that it did."""
CAUSES = frozenset(name for name, task in TASKS.items() if {"cause", "responsibility"} & task.form.model_fields.keys())
"""Tasks that can tell what caused a fault, or who."""
PARTS_TOLD = frozenset(name for name, task in TASKS.items() if {*PARTS} & task.form.model_fields.keys())
"""Tasks that can tell which parts went in, besides the cost lines."""
_QUANTITY = re.compile(
    r"[\s,，;；]*[(（]?\s*(?:[x×*]\s*\d+|\d+\s*(?:x|×|pieces?|pcs?|units?|sets?|个|件|只|套|台|根|片|pezz[oi]|pz))\.?\s*[)）]?$",
    re.IGNORECASE,
)


def is_repair(task: TaskState) -> bool:
    """True when the task told of work on the product."""
    return task.status is TaskStatus.COMPLETED and bool(work_told(task))


def is_return(task: TaskState) -> bool:
    """True when an item came back to us or the factory by the task."""
    if task.status is not TaskStatus.COMPLETED or task.kind not in RETURNS:
        return False
    field, answer = RETURNS[task.kind]
    return (task.outcome or {}).get(field) == answer


def causes_of(tasks: Iterable[TaskState]) -> dict[Sorted, str]:
    """Returns the cause and who brought the fault about, as the tasks of a case said last."""
    done = [(task.done.happened_at, task) for task in tasks if task.done is not None and task.outcome]
    found: dict[Sorted, str] = {}
    for _, task in sorted(done, key=lambda pair: pair[0]):
        outcome = task.outcome or {}
        if cause := key_of(outcome.get("cause")):
            found[Sorted.CAUSE] = cause
        if said := outcome.get("responsibility"):
            found[Sorted.RESPONSIBILITY] = str(said)
    return found


def parts_of(costs: Iterable[Mapping[str, Any]], tasks: Iterable[TaskState]) -> tuple[str, ...]:
    """Returns the parts that went in, each once: cost lines for parts, and what the warranty card entries name."""
    told = [str(line.get("text") or "") for line in costs if line.get("kind") == CostKind.PARTS]
    for task in tasks:
        if task.status is TaskStatus.COMPLETED:
            told += [str((task.outcome or {}).get(name) or "") for name in PARTS]
    named = [part for text in told for line in re.split(r"[\n;；]", text) if (part := part_of(line))]
    return tuple({part.casefold(): part for part in reversed(named)}.values())[::-1]


def part_of(text: str) -> str:
    """Returns the name of a part without its quantity: `bearing 6204, 2 pieces` is `bearing 6204`."""
    return key_of(_QUANTITY.sub("", text.strip()))


def key_of(text: object) -> str:
    """Returns words as they are compared and shown: one line, single spaces, the first letter large."""
    line = " ".join(str(text or "").split()).rstrip(" .。")
    short = line if len(line) <= _LONGEST_KEY else f"{line[: _LONGEST_KEY - 1]}…"
    return short[:1].upper() + short[1:]
