"""The piece of a case's page about the factory's support: factory, wishes, solution, group, terms and orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.pages.languages import _, lazy, say
from api.pages.times import day_and_time
from domain.case import CaseState
from domain.case.orders import Order, OrderKind, OrderState

_KINDS = {OrderKind.AFTER_SALES: lazy("After-sales order"), OrderKind.PURCHASE: lazy("Purchase order")}
_STATES = {
    OrderState.PLACED: lazy("placed"),
    OrderState.ARRIVED: lazy("delivered"),
    OrderState.FAILED: lazy("wrong or lost, bought again"),
    OrderState.CANCELLED: lazy("cancelled"),
    OrderState.KEPT: lazy("taken into stock"),
}


@dataclass(frozen=True)
class OrderLine:
    """An order in a line: what it is, what became of it, and the rest."""

    title: str
    state: str
    is_open: bool
    about: str


@dataclass(frozen=True)
class FactoryView:
    """What is known of the factory's support."""

    facts: tuple[tuple[str, str], ...]
    orders: tuple[OrderLine, ...]


def factory_view(case: CaseState, now: datetime) -> FactoryView | None:
    """What is known of the factory's support; nothing in a case that has none."""
    support = case.support
    if not (support.factory or support.solution or support.wishes or support.terms or case.orders):
        return None
    facts: list[tuple[str, str]] = []
    if support.factory:
        facts.append((_("Factory"), support.factory))
    if wishes := support.wishes:
        wanted = (
            " " + _("(by %(time)s)", time=day_and_time(wishes.wanted_by, case.time_zone, now))
            if wishes.wanted_by
            else ""
        )
        facts += [(_("Repair time wanted"), wishes.time_wanted + wanted), (_("Equipment"), say(wishes.use.title_text))]
    if solution := support.solution:
        facts.append((_("Solution"), say(solution.way.title_text)))
        facts += [(_("Parts or equipment"), solution.items)] if solution.items else []
        facts += [(_("In writing"), solution.written)] if solution.written else []
        facts += [(_("Why replaced"), say(solution.why_replaced.title_text))] if solution.why_replaced else []
    if group := support.group:
        until = day_and_time(group.dissolved_at, case.time_zone, now) if group.dissolved_at else ""
        facts.append(
            (_("Temporary group"), f"{group.name}, {_('dissolved %(time)s', time=until) if until else _('open')}")
        )
    if terms := support.terms:
        free = ", " + _("the work is free of charge") if terms.free_of_charge else ""
        facts.append((_("Warranty as quoted"), say(terms.warranty.title_text) + free))
    return FactoryView(tuple(facts), tuple(_order(one, case.time_zone, now) for one in case.orders))


def _order(order: Order, zone: str, now: datetime) -> OrderLine:
    placed = _("%(time)s by %(name)s", time=day_and_time(order.placed_at, zone, now), name=order.placed_by.name)
    expected = _("expected %(time)s", time=day_and_time(order.expected_at, zone, now)) if order.expected_at else ""
    about = " · ".join(one for one in (order.items, order.supplier or "", placed, expected) if one)
    return OrderLine(f"{_KINDS[order.kind]} {order.number}", _STATES[order.state], order.is_open, about)
