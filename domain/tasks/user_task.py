"""What a user task is: a declaration that the form, the page, the API and the activity type follow from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from domain.tasks.form import Form, FormInvalid

F = TypeVar("F", bound=Form)


class WaitsFor(StrEnum):
    """Whose time a task takes. A pause stops the clocks that wait for the customer."""

    US = "us"
    CUSTOMER = "customer"
    FACTORY = "factory"


class Known(StrEnum):
    """What need not be asked of a customer who answers on their own page."""

    NAME = "name"
    """The name of whoever answers."""
    HOW = "how"
    """Who answered and how, in a line."""
    EVIDENCE = "evidence"
    """The same, with what was shown to them."""


@dataclass(frozen=True)
class Asked:
    """One field of a form in a customer's words; `answers` are those of a choice that are theirs to give."""

    title: str
    answers: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True)
class ByCustomer:
    """How a customer does a task themselves, on their own page.

    `asks` are the fields of the task's form that they fill in. `known` are further fields, filled in where the form
    needs them: what the page knows, or the one value they can have there. `signature` is the field of files that
    takes a signature drawn with a finger.
    """

    question: str
    asks: Mapping[str, Asked]
    known: Mapping[str, Known | str] = field(default_factory=dict)
    signature: str | None = None

    def may_answer(self, outcome: Mapping[str, Any]) -> bool:
        """True when every choice in an outcome is one that a customer may make."""
        return all(outcome.get(name) in (None, *asked.answers) for name, asked in self.asks.items() if asked.answers)


@dataclass(frozen=True)
class UserTask(Generic[F]):
    """A piece of work offered to a role.

    `name` is also the Temporal activity type. `title` and `guidance` are shown to the person who does it; `clause` is
    the obligation it fulfils. `speaks_for` names the party whose word the outcome records, if not the doer's own.
    `by_customer` says how the customer does it themselves, where it is theirs to do.
    """

    name: str
    title: str
    clause: str
    form: type[F]
    guidance: str = ""
    waits_for: WaitsFor = WaitsFor.US
    speaks_for: str | None = None
    by_customer: ByCustomer | None = None

    def read(self, raw: Mapping[str, Any]) -> F:
        """Returns the validated outcome. Raises FormInvalid."""
        return self.form.read(raw)

    def customers_outcome(self, answers: Mapping[str, Any], said: Mapping[Known, str]) -> dict[str, Any]:
        """Returns the outcome that a customer's own answers make, with what need not be asked of them filled in.

        Raises ValueError for a task that is not theirs to do.
        """
        own = self.by_customer
        if own is None:
            message = f"{self.name} is not the customer's to do"
            raise ValueError(message)
        outcome = {name: answers[name] for name in own.asks if answers.get(name) not in (None, "")}
        chosen = {**outcome, **own.known}
        needed = {name for name, one in self.form.model_fields.items() if one.is_required()}
        needed.update(
            name for (other, answer), names in self.form.needs.items() if chosen.get(other) == answer for name in names
        )
        for name, known in own.known.items():
            if name in needed:
                outcome[name] = said[known] if isinstance(known, Known) else known
        return outcome

    def accept(self, raw: Mapping[str, Any]) -> F | FormInvalid:
        """Returns the validated outcome, or what is wrong with it: a refusal is an answer here, not an error."""
        try:
            return self.form.read(raw)
        except FormInvalid as invalid:
            return invalid
