"""Who could serve a case: engineers with the reasons that speak for each; a person picks (R5)."""

from __future__ import annotations

from collections.abc import Iterable

from api.pages.fields import Option
from domain.case import Application
from store.users import Engineer


def candidates(engineers: Iterable[Engineer], asked: Application) -> tuple[Option, ...]:
    """Engineers as choices: skill for the issue or product and the customer's region first, then the lighter load."""
    region = (asked.customer.region or "").casefold()
    wanted = {asked.problem.category.value, asked.product.model.casefold()}
    ranked = []
    for engineer in engineers:
        skills = {skill.casefold() for skill in engineer.skills}
        fits = sorted(skill for skill in skills if skill in wanted or _of_family(skill, asked.product.model))
        near = bool(region) and (engineer.region or "").casefold() == region
        notes = []
        if fits:
            notes.append(f"Knows {', '.join(skill.replace('_', ' ') for skill in fits)}")
        if engineer.region:
            notes.append(f"{engineer.region}, the customer's region" if near else engineer.region)
        load = engineer.open_load
        notes.append("no open task" if load == 0 else "1 open task" if load == 1 else f"{load} open tasks")
        score = (-(2 * bool(fits) + near), load, engineer.name)
        ranked.append((score, Option(engineer.user_id, engineer.name, (" · ".join(notes),))))
    return tuple(option for _, option in sorted(ranked, key=lambda one: one[0]))


def _of_family(skill: str, model: str) -> bool:
    return len(skill) >= 2 and any(char.isdigit() for char in skill) and model.casefold().startswith(skill)
