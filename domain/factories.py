"""Factories: who makes which product, where, and whom to ask (T2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.model import Frozen, Line
from domain.warranty.names import model_key

Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+() .\-/]{3,40}$")]


class Factory(Frozen):
    """A factory whose products the company supplies."""

    name: Line = Field(title="Factory", description="As people call it, up to 200 characters.")
    city: Line = Field(title="City", description="Where it delivers from: parts come sooner from the same city.")
    models: Annotated[tuple[Line, ...], Field(max_length=200)] = Field(
        (), title="Models", description="What it makes: models or the beginning of their names, 200 at most."
    )
    contact: Line | None = Field(None, title="Contact", description="Whom to ask for, up to 200 characters.")
    phone: Phone | None = Field(
        None, title="Phone", description="Digits, spaces and + ( ) . - / only, 3 to 40 characters."
    )
    signs_in: bool = Field(
        False, title="Its engineers sign in", description="Then they enter their answers themselves."
    )

    def makes(self, model: str) -> bool:
        """True when a model, or the family it belongs to, is made there."""
        asked = model_key(model)
        return any(asked.startswith(model_key(known)) for known in self.models)


def for_model(factories: Iterable[Factory], model: str) -> tuple[Factory, ...]:
    """Returns the factories by name, those that make the model first."""
    return tuple(sorted(factories, key=lambda one: (not one.makes(model), model_key(one.name))))
