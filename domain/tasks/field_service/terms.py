"""What decides who pays in field service, as far as somebody knows it: the plan's table does the rest (M9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.tasks.form import Choice
from domain.tasks.parts import CostEntry
from domain.tasks.verify import Conditions, Responsibility


class Cover(Choice):
    """What covers the product."""

    IN = "in", "In warranty"
    OUT = "out", "Out of warranty: paid service"
    CONTRACT = "contract", "Under a service contract: contracted service"
    UNKNOWN = "unknown", "Not known yet"


CoverField = Annotated[
    Cover | None,
    Field(title="Warranty or contract", description="As the register of products and the customer's papers say."),
]
ConditionsField = Annotated[
    Conditions | None,
    Field(title="Conditions of the warranty", description="Whether the product was used within them."),
]
ResponsibilityField = Annotated[
    Responsibility | None, Field(title="Responsibility", description="Who brought the fault about.")
]
CostsField = Annotated[
    tuple[CostEntry, ...],
    Field(
        title="Costs",
        max_length=30,
        description="One line for each cost; who bears it follows from what was said above, by the plan's rules.",
    ),
]
