"""What customers do on their own page: answer a step that is theirs, add information, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.actions.completion import Completed, complete_task
from api.actions.messages import Recorded, send_message
from api.parts import Parts
from api.rights import as_customer
from core.errors import NotFound
from domain.tasks import TASKS, Known

HOW = "on the customer's own page, by the tracking link"


async def answer_step(
    parts: Parts,
    case_id: str,
    key: str,
    answers: Mapping[str, Any],
    *,
    name: str,
    evidence: str,
    files: Sequence[str],
    submission_id: str,
) -> Completed:
    """Completes a step as its customer, who is named on record as the one who did it (X8).

    `evidence` says how the word was given and what was shown. Raises as `complete_task` does.
    """
    kind = key.rpartition("-")[0] if key.rpartition("-")[2].isdigit() else key
    task = TASKS.get(kind)
    if task is None or task.by_customer is None:
        raise NotFound("there is no such question in your case")
    said = {Known.NAME: name, Known.HOW: f"{name}, {HOW}", Known.EVIDENCE: evidence}
    outcome = task.customers_outcome(answers, said)
    if files and task.by_customer.signature:
        outcome[task.by_customer.signature] = list(files)
    return await complete_task(parts, as_customer(name), f"{case_id}.{key}", outcome, submission_id)


async def add_information(
    parts: Parts, case_id: str, *, name: str, text: str, files: Sequence[str], message_id: str
) -> Recorded:
    """Adds what the customer says for whoever holds the open task (X7). Raises as `send_message` does."""
    fields = {"id": message_id, "text": text or None, "attachments": list(files)}
    return await send_message(parts, as_customer(name), case_id, "add_information", fields)


async def withdraw(parts: Parts, case_id: str, *, name: str, reason: str, message_id: str) -> Recorded:
    """Withdraws the case for its customer, who says so themselves (X5). Raises as `send_message` does."""
    fields = {"id": message_id, "reason": reason, "told_by": name, "evidence": f"{name}, {HOW}"}
    return await send_message(parts, as_customer(name), case_id, "withdraw", fields)
