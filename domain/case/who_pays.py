"""Who pays: what was said in a case that decides it, put to the plan's rules (R8, T10, W2, W7, M9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.case.state import CaseState, TaskState
from domain.coverage import Facts
from domain.tasks import Choice
from domain.tasks.hand_over import WhyReplaced
from domain.tasks.parts import Conditions, Cover, CustomerCanRepair, Responsibility

ASKED: Mapping[str, tuple[str, type[Choice]]] = {
    "warranty": ("warranty", Cover),
    "conditions": ("conditions_of_use", Conditions),
    "responsibility": ("responsibility", Responsibility),
    "customer_can_repair": ("can_repair", CustomerCanRepair),
}
"""For each fact the field that asks for it, in whatever form, and its answers."""
_LEFT_OPEN = {Cover.UNKNOWN, Conditions.UNKNOWN, Responsibility.UNCLEAR, CustomerCanRepair.UNKNOWN}


def facts_said(case: CaseState, tasks: Iterable[TaskState], newest: Mapping[str, Any] | None = None) -> Facts:
    """Returns what was established in a case; of each fact the newest definite word holds.

    What somebody left open takes back nothing that was said before. `newest` is an outcome that is no task's yet.
    """
    done = sorted(
        (task.done.entered_at, task.key, task.outcome) for task in tasks if task.done is not None and task.outcome
    )
    outcomes = [*(outcome for _, _, outcome in done), newest or {}]
    known: dict[str, Any] = {}
    for outcome in outcomes:
        for fact, (field, answers) in ASKED.items():
            if outcome.get(field) is not None and (word := answers(outcome[field])) not in _LEFT_OPEN:
                known[fact] = word
    why = case.support.solution.why_replaced if case.support.solution else None
    failed = any(outcome.get("result") == "not_repairable" for outcome in outcomes)
    return Facts(
        **known,
        route=case.resolution.value if case.resolution else None,
        repair_failed=failed or why is WhyReplaced.UNREPAIRABLE,
        urgent=why is WhyReplaced.URGENT,
    )
