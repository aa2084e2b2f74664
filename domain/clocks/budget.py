"""Budgets: the time that a task may take, written as people write it ("12 h", "5 bd")."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import Any

from pydantic import Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from domain.model import Frozen


class Unit(StrEnum):
    """What a budget is counted in.

    Wall-clock units run day and night (a `d` is 24 hours, also across a change to summer time);
    working units run while the office is open; `bd` ends at office closing on the nth working day
    after the day of the start.
    """

    SECOND = "s"
    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WORKING_MINUTE = "working min"
    WORKING_HOUR = "working h"
    BUSINESS_DAY = "bd"


_SECONDS = {
    Unit.SECOND: 1,
    Unit.MINUTE: 60,
    Unit.HOUR: 3_600,
    Unit.DAY: 86_400,
    Unit.WORKING_MINUTE: 60,
    Unit.WORKING_HOUR: 3_600,
}
_WALL_CLOCK = frozenset({Unit.SECOND, Unit.MINUTE, Unit.HOUR, Unit.DAY})
_TEN_YEARS = 3_660 * 86_400  # X2: no wait is without limit; also keeps every date computable
_MOST_BUSINESS_DAYS = 2_500
_MOST_WORKING_SECONDS = 20_000 * 3_600
_PATTERN = r"^[1-9][0-9]{0,8} (s|min|h|d|working min|working h|bd)$"


class Budget(Frozen):
    """An amount of time in one unit. Written and read as text: `Budget.parse("30 min")`."""

    amount: int = Field(gt=0)
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Read "12 h", "8 working h" or "5 bd". Raises ValueError (a ValidationError) otherwise."""
        return cls.model_validate(text)

    @property
    def needs_calendar(self) -> bool:
        """Whether the deadline depends on which days and hours are worked."""
        return self.unit not in _WALL_CLOCK

    @property
    def is_business_days(self) -> bool:
        """Whether whole working days are counted."""
        return self.unit is Unit.BUSINESS_DAY

    @property
    def length(self) -> timedelta:
        """Elapsed or working time of the budget. Raises ValueError for business days, which have no fixed length."""
        if self.is_business_days:
            raise ValueError("business days have no fixed length")
        return timedelta(seconds=self.amount * _SECONDS[self.unit])

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value}"

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if not re.match(_PATTERN, text := " ".join(value.split())):
            units = ", ".join(f'"{unit.value}"' for unit in Unit)
            raise ValueError(f'a budget is a whole number and one of {units}, such as "12 h"')
        amount, _, unit = text.partition(" ")
        return {"amount": int(amount), "unit": unit}

    @model_validator(mode="after")
    def _within_limits(self) -> Budget:
        if self.is_business_days:
            too_long = self.amount > _MOST_BUSINESS_DAYS
        else:
            limit = _MOST_WORKING_SECONDS if self.needs_calendar else _TEN_YEARS
            too_long = self.amount * _SECONDS[self.unit] > limit
        if too_long:
            raise ValueError("a budget is at most about ten years")
        return self

    @model_serializer
    def _to_text(self) -> str:
        return str(self)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "title": "Budget", "pattern": _PATTERN, "examples": ["12 h", "8 working h", "5 bd"]}
