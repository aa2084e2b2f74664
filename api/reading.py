"""Turning what was sent into a validated model, or into a refusal that names each wrong field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.problems import InvalidFields
from domain.tasks import FieldError

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def read(model: type[M], fields: Any) -> M:
    """Returns the model of what was sent. Raises InvalidFields."""
    try:
        return within_the_calendar(lambda: model.model_validate(fields), fields)
    except ValidationError as invalid:
        raise InvalidFields.of(invalid) from None


def within_the_calendar(validate: Callable[[], T], fields: Any, prefix: str = "") -> T:
    """Validates; an instant at the edge of the years 1 or 9999, which UTC cannot tell, is a wrong field too."""
    try:
        return validate()
    except OverflowError:
        found = [FieldError(path=path, message="is outside the calendar") for path in _outside(fields, prefix)]
        raise InvalidFields(found or [FieldError(path=prefix, message="a date is outside the calendar")]) from None


def _outside(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _outside(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from _outside(part, f"{path}.{place}")
    elif isinstance(value, str):
        try:
            datetime.fromisoformat(value).astimezone(UTC)
        except OverflowError:
            yield path
        except ValueError:
            return
