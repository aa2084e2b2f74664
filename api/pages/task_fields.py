"""The fields of a task's form in its case: engineers to choose from, what is owed, what was agreed before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.actions.engineers import propose
from api.forms import FACTORIES, declared_form, needs_engineers, settling, sources_of
from api.pages import words
from api.pages.fields import Field, Kind, Option, fields_of
from api.pages.languages import _, say
from domain.case import CaseState
from domain.factories import for_model
from domain.plan import Plan
from domain.tasks import TASKS
from domain.tasks.accept import SETTLEMENT
from store.factories import list_factories
from store.queries.tasks import TaskView

_PREFIX = "outcome."
_OF_A_PAYMENT = ("amount", "reference")


async def task_fields(
    session: AsyncSession, view: TaskView, case: CaseState, plan: Plan | None, now: datetime
) -> tuple[Field, ...]:
    """The fields that a task's declaration makes, narrowed to what fits its case; none for an unknown kind of task."""
    if view.task.kind not in TASKS:
        return ()
    schema = declared_form(view.task.kind, plan)
    if view.task.kind == SETTLEMENT.name and view.is_open:
        owed = case.customer_owes()
        left_out = () if owed else _OF_A_PAYMENT
        fields = fields_of(settling(schema, owed), prefix=_PREFIX, leave_out=left_out)
        return tuple(_owed(one, case) if one.only is not None else one for one in fields)
    if needs_engineers(view.task.kind):
        return await _with_proposal(session, schema, case, plan, now)
    fields = fields_of(schema, prefix=_PREFIX, choices=await _factories(session, view.task.kind, case))
    if case.costs and case.consents:
        return tuple(_only_new(one) if one.kind is Kind.ROWS else one for one in fields)
    return fields


async def _factories(session: AsyncSession, kind: str, case: CaseState) -> dict[str, tuple[Option, ...]]:
    """The factories to choose from where the form asks for one, those that make the model first."""
    if FACTORIES not in sources_of(kind):
        return {}
    model = case.application.product.model
    return {
        FACTORIES: tuple(
            Option(
                one.name, f"{one.name}, {one.city}", (_("makes %(model)s", model=model),) if one.makes(model) else ()
            )
            for one in for_model(await list_factories(session), model)
        )
    }


async def _with_proposal(
    session: AsyncSession, schema: dict[str, Any], case: CaseState, plan: Plan | None, now: datetime
) -> tuple[Field, ...]:
    """The fields with the engineers to choose from, best first with the reasons; how they are ranked stands above."""
    proposed = await propose(session, case, plan, now)
    options = tuple(Option(one.user, one.name, (" · ".join(map(say, one.reasons)),)) for one in proposed.items)
    fields = fields_of(schema, prefix=_PREFIX, choices={"engineers": options})
    last = _("Anybody can be chosen; say why if it is not the first.")
    told = " ".join((*map(say, proposed.remarks), say(proposed.order), last))
    return tuple(replace(one, hint=told) if options and one.options == options else one for one in fields)


def _owed(field: Field, case: CaseState) -> Field:
    owed = words.money(case.customer_owes(), case.currency)
    return replace(field, kind=Kind.AMOUNT, hint=_("The customer owes %(owed)s; this is what is received.", owed=owed))


def _only_new(field: Field) -> Field:
    kept = _("What the customer agreed to before stays, as “Who pays” shows it; enter only new costs.")
    return replace(field, hint=f"{kept} {field.hint}".strip())


def prefilled(fields: Iterable[Field]) -> dict[str, str]:
    """What a settlement leaves no choice about, by input name: a fixed value, and the only answer of a needed choice.

    An engineer is always picked by a person, so a list made for the moment is never filled in.
    """
    found = {}
    for one in fields:
        if one.only is not None:
            found[one.name] = one.only
        elif one.kind is Kind.CHOICE and one.required and len(one.options) == 1 and one.name.endswith(".payment"):
            found[one.name] = one.options[0].value
    return found
