"""What a user task is: a declaration that the form, the page, the API and the activity type follow from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from domain.tasks.form import Form, FormInvalid

F = TypeVar("F", bound=Form)


class WaitsFor(StrEnum):
    """Whose time a task takes. A pause stops the clocks that wait for the customer."""

    US = "us"
    CUSTOMER = "customer"
    FACTORY = "factory"


@dataclass(frozen=True)
class UserTask(Generic[F]):
    """A piece of work offered to a role.

    `name` is also the Temporal activity type. `title` and `guidance` are shown to the person who does it; `clause` is
    the obligation it fulfils. `speaks_for` names the party whose word the outcome records, if not the doer's own.
    """

    name: str
    title: str
    clause: str
    form: type[F]
    guidance: str = ""
    waits_for: WaitsFor = WaitsFor.US
    speaks_for: str | None = None

    def read(self, raw: Mapping[str, Any]) -> F:
        """Returns the validated outcome. Raises FormInvalid."""
        return self.form.read(raw)

    def accept(self, raw: Mapping[str, Any]) -> F | FormInvalid:
        """Returns the validated outcome, or what is wrong with it: a refusal is an answer here, not an error."""
        try:
            return self.form.read(raw)
        except FormInvalid as invalid:
            return invalid
