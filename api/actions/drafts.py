"""Keeping what somebody typed into the form of a task, until it is sent in or thrown away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.ids import split_task_id
from api.parts import Parts
from api.rights import Person, require_task_role
from core.errors import NotFound, Refused, TooLarge
from store.drafts import Draft, drop_draft, save_draft
from store.queries.tasks import find_task

_LONGEST = 200_000
"""Characters of a draft: far more than any form takes, and too few to keep a film in."""


@dataclass(frozen=True)
class KeptDraft:
    """A draft that was kept: when (virtual UTC), and the zone of its case."""

    at: datetime
    zone: str


async def keep_draft(
    parts: Parts, person: Person, task_id: str, texts: Mapping[str, str], kept: Mapping[str, Sequence[str]]
) -> KeptDraft | None:
    """Keeps the draft of a person's task in the place of the one before; nothing typed is no draft, and None.

    Raises NotFound, Forbidden (another role's task), Refused (the task has ended), TooLarge.
    """
    split_task_id(task_id)
    typed = {name: text for name, text in texts.items() if text.strip()}
    files = {name: list(ids) for name, ids in kept.items() if ids}
    if len(json.dumps([typed, files], ensure_ascii=False)) > _LONGEST:
        raise TooLarge(f"a draft may have {_LONGEST} characters at most")
    async with parts.database.session() as session:
        view = await find_task(session, task_id)
        if view is None:
            raise NotFound("there is no such task")
        require_task_role(person, view.task.role, view.assignee)
        if not view.is_open or view.submitted_at is not None:
            raise Refused("this task was completed, so a draft of it is not kept any more")
        if not typed and not files:
            await drop_draft(session, task_id, person.user_id)
            return None
        now = parts.now()
        await save_draft(session, Draft(task_id, person.user_id, now, typed, files))
        return KeptDraft(now, view.case.time_zone)


async def discard_draft(parts: Parts, person: Person, task_id: str) -> None:
    """Throws a person's draft away; one that is gone already is no error."""
    async with parts.database.session() as session:
        await drop_draft(session, task_id, person.user_id)
