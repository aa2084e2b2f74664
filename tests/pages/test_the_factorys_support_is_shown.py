"""T2 to T10: the page of a case tells of the factory, its solution, the orders, and why each pays."""

from __future__ import annotations

from datetime import timedelta

from api.pages.factory_parts import factory_view
from domain.case.factory_support import FactorySupport, Solution, SupportGroup, Wishes
from domain.case.orders import Order, OrderKind, OrderState
from domain.tasks.hand_over import SolutionWay, Use
from tests.store.making import NOW, WEI, case


def test_a_case_without_a_factory_shows_nothing_of_it() -> None:
    assert factory_view(case(), NOW) is None


def test_wishes_solution_group_and_orders_are_told_in_words() -> None:
    support = FactorySupport(
        factory="Linjiang Machinery",
        wishes=Wishes(time_wanted="Before Friday", wanted_by=NOW + timedelta(days=2), use=Use.SUPPLIES),
        solution=Solution(
            at=NOW, way=SolutionWay.PARTS, items="Board DB-3", written="Mail 7", why_replaced=None, task="x"
        ),
        group=SupportGroup(name="LB-3 support", members="Su, Zhao, Chen", opened_at=NOW, dissolved_at=NOW),
    )
    order = Order(kind=OrderKind.PURCHASE, number="PO-7", items="Board DB-3", placed_at=NOW, placed_by=WEI)
    late = order.model_copy(update={"number": "PO-8", "state": OrderState.FAILED})
    shown = factory_view(case(support=support.model_dump(), orders=(order.model_dump(), late.model_dump())), NOW)
    assert shown
    facts = dict(shown.facts)
    assert facts["Factory"] == "Linjiang Machinery"
    assert facts["Equipment"] == "Supplies it to its own customers"
    assert (facts["Solution"], facts["In writing"]) == ("Replace parts", "Mail 7")
    assert facts["Repair time wanted"].startswith("Before Friday (by ")
    assert facts["Temporary group"].startswith("LB-3 support, dissolved ")
    assert [(one.title, one.state, one.is_open) for one in shown.orders] == [
        ("Purchase order PO-7", "placed", True),
        ("Purchase order PO-8", "wrong or lost, bought again", False),
    ]
    assert "Wei Li" in shown.orders[0].about
