"""Corrective and preventive actions as their workflows wrote them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.actions import ActionState, ActionStatus, ActionWrite
from store.statements import insert_into
from store.tables import ActionRow

_OPEN = tuple(status.value for status in ActionStatus if status.is_open)
_MOST = 500


async def write_action(session: AsyncSession, run_id: str, scheduled_at: datetime, write: ActionWrite) -> None:
    """Writes an action. Of one run, a later revision replaces an earlier one; a run that began later replaces all."""
    state, step = write.state, write.state.open_step
    values = {
        "action_id": state.action_id,
        "run_id": run_id,
        "written_at": scheduled_at,
        "revision": write.revision,
        "status": state.status.value,
        "role": step.role if step else None,
        "opened_at": state.opened_at,
        "late_from": step.first_due_at if step else None,
        "state": state.model_dump(mode="json"),
    }
    statement = insert_into(session, ActionRow).values(**values)
    same_run = (ActionRow.run_id == run_id) & (ActionRow.revision < write.revision)
    later_run = (ActionRow.run_id != run_id) & (ActionRow.written_at < scheduled_at)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[ActionRow.action_id],
            set_={name: value for name, value in values.items() if name != "action_id"},
            where=or_(same_run, later_run),
        )
    )


async def find_action(session: AsyncSession, action_id: str) -> ActionState | None:
    """Returns an action, or None."""
    row = await session.get(ActionRow, action_id)
    return ActionState.model_validate(row.state) if row else None


async def list_actions(
    session: AsyncSession, *, open_only: bool = False, roles: Collection[str] | None = None
) -> tuple[ActionState, ...]:
    """Returns actions: open ones by what is due first, then what has ended, newest first.

    `roles` are those whose turn it is.
    """
    query = select(ActionRow.state).order_by(
        ActionRow.status.not_in(_OPEN), ActionRow.late_from, ActionRow.opened_at.desc(), ActionRow.action_id
    )
    if open_only:
        query = query.where(ActionRow.status.in_(_OPEN))
    if roles is not None:
        query = query.where(ActionRow.role.in_(sorted(roles)))
    return tuple(map(ActionState.model_validate, (await session.execute(query.limit(_MOST))).scalars()))
