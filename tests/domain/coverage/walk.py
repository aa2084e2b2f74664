"""The whole finite domain, walked one combination after the other, and the tables as their files say them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from domain.coverage import Conditions, CoverageTable, CustomerCanRepair, Facts, Responsibility
from domain.warranty import Cover

PLANS = Path(__file__).parents[3] / "plans"
NAMES = ("rapid-response", "maintenance-center", "factory-direct", "quality-procedure", "warranty-repair")
ROUTES = ("on_site", "factory_return", "parts", "video", "replacement_order")


@cache
def table(name: str) -> CoverageTable:
    """Returns the coverage table of a plan."""
    data = tomllib.loads((PLANS / f"{name}.toml").read_text(encoding="utf-8"))
    return CoverageTable.model_validate(data["coverage"])


def every_fact() -> Iterator[Facts]:
    """Yields every combination of facts."""
    sides = (Cover, Conditions, Responsibility, CustomerCanRepair, (*ROUTES, None), (False, True), (False, True))
    for warranty, conditions, responsibility, can, route, failed, urgent in product(*sides):
        yield Facts(
            warranty=warranty,
            conditions=conditions,
            responsibility=responsibility,
            customer_can_repair=can,
            route=route,
            repair_failed=failed,
            urgent=urgent,
        )
