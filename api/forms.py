"""The form of a user task as a JSON Schema that is complete: engineers are listed by name, every choice has a title.

Ways of service that the plan does not offer are left out of the choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from api.parts import Parts
from core.errors import NotFound
from domain.factories import Factory, for_model
from domain.plan import Plan
from domain.tasks import TASKS
from domain.tasks.accept import SETTLEMENT
from store.factories import list_factories
from store.queries.cases import find_case
from store.users import Engineer, engineers

FACTORIES = "factories"
"""The choice among the factories that are known."""
_WAYS = ("ServiceMethod", "Way", "SolutionWay")
"""The names under which a schema defines the ways of service to choose from."""


@cache
def _declared(kind: str) -> dict[str, Any]:
    schema: dict[str, Any] = TASKS[kind].form.schema_for_people_and_programs()
    return schema


def declared_form(kind: str, plan: Plan | None) -> dict[str, Any]:
    """Returns the JSON Schema of a task's outcome in a plan, engineers left open; without a plan it has every way.

    Raises NotFound for a kind of task that is not declared (any more).
    """
    if kind not in TASKS:
        raise NotFound(f"the task {kind} is not declared")
    schema = _declared(kind)
    if plan is None:
        return schema
    definitions = schema.get("$defs", {})
    narrowed = {name: _offered(definitions[name], plan) for name in _WAYS if name in definitions}
    return {**schema, "$defs": {**definitions, **narrowed}} if narrowed else schema


def _offered(ways: dict[str, Any], plan: Plan) -> dict[str, Any]:
    offered = [way for way in ways["oneOf"] if way["const"] in plan.resolutions]
    # an empty oneOf is no valid schema; `not: {}` says that nothing can be chosen
    return {**ways, "oneOf": offered} if offered else {"not": {}}


def form_of(kind: str, choices: Iterable[tuple[str, str]], plan: Plan | None = None) -> dict[str, Any]:
    """Returns the JSON Schema of a task's outcome. `choices` are the engineers: pairs of sign-in name and title.

    Raises NotFound for a kind of task that is not declared (any more).
    """
    schema = declared_form(kind, plan)
    properties = dict(schema.get("properties", {}))
    offered = [{"const": user, "title": title} for user, title in choices]
    for name, field in properties.items():
        if field.get("x-choices") == "engineers":
            properties[name] = {**field, "oneOf": offered} if offered else {**field, "not": {}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "properties": properties}


def settling(schema: dict[str, Any], owed: Decimal) -> dict[str, Any]:
    """Narrows the form of a settlement to what is owed: nothing is due, or this amount was paid."""
    choice = schema["$defs"]["Payment"]
    fits = "paid" if owed else "nothing_due"
    payment = {**choice, "oneOf": [one for one in choice["oneOf"] if one["const"] == fits]}
    narrowed = {**schema, "$defs": {**schema["$defs"], "Payment": payment}}
    if owed:
        amount = schema["properties"]["amount"]
        texts = {name: amount[name] for name in ("title", "description") if name in amount}
        narrowed["properties"] = {**schema["properties"], "amount": {**texts, "type": "string", "const": f"{owed:.2f}"}}
    return narrowed


@cache
def needs_engineers(kind: str) -> bool:
    """True when the form offers a choice among the engineers."""
    fields = _declared(kind).get("properties", {}).values() if kind in TASKS else ()
    return any(field.get("x-choices") == "engineers" for field in fields)


def sources_of(kind: str) -> frozenset[str]:
    """What the form of a kind of task leaves to the moment to choose from."""
    fields = _declared(kind).get("properties", {}).values() if kind in TASKS else ()
    return frozenset(field["x-choices"] for field in fields if "x-choices" in field)


def with_factories(schema: dict[str, Any], known: Sequence[Factory]) -> dict[str, Any]:
    """Offers the known factories; while none is known, any name can be entered."""
    if not known:
        return schema
    offered = [{"const": one.name, "title": f"{one.name}, {one.city}"} for one in known]
    properties = {
        name: {**field, "oneOf": offered} if field.get("x-choices") == FACTORIES else field
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def attachment_fields(kind: str) -> tuple[str, ...]:
    """Names of the fields that hold identifiers of uploaded files."""
    fields = _declared(kind).get("properties", {}) if kind in TASKS else {}
    return tuple(name for name, field in fields.items() if field.get("x-kind") == "attachments")


async def form_schema(parts: Parts, kind: str, plan: str, case_id: str | None = None) -> dict[str, Any]:
    """Returns the form of a kind of task in the plan of that name, with the engineers as they are now.

    With the case, a settlement says what is owed in it. Raises NotFound.
    """
    if kind == SETTLEMENT.name and case_id:
        async with parts.database.reading() as session:
            view = await find_case(session, case_id)
        return settling(form_of(kind, ()), view.state.customer_owes() if view else Decimal(0))
    if FACTORIES in sources_of(kind):
        async with parts.database.reading() as session:
            view = await find_case(session, case_id) if case_id else None
            known_factories = await list_factories(session)
        model = view.state.application.product.model if view else ""
        return with_factories(form_of(kind, (), parts.plans.get(plan)), for_model(known_factories, model))
    if not needs_engineers(kind):
        return form_of(kind, (), parts.plans.get(plan))
    async with parts.database.reading() as session:
        known = await engineers(session)
    choices = [(engineer.user_id, _title(engineer)) for engineer in known]
    return form_of(kind, choices, parts.plans.get(plan))


def _title(engineer: Engineer) -> str:
    details = [", ".join(engineer.regions), ", ".join(engineer.skills), f"{engineer.open_load} open"]
    return f"{engineer.name} ({'; '.join(detail for detail in details if detail)})"
