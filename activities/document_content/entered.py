"""What people entered, in the words of a document: fields in the order of their form, choices by their titles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from pydantic import AwareDatetime

from activities.document_texts import Texts
from domain.case import TaskState
from domain.tasks import TASKS, Choice
from domain.tasks.parts import Payer


class Entered:
    """Reads outcomes of tasks for one language."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def fields(self, kind: str, outcome: Mapping[str, Any], *, without: Collection[str] = ()) -> list[tuple[str, str]]:
        """Returns English label and value of what was entered; a field that the form lost keeps its name."""
        declared = TASKS[kind].form.model_fields if kind in TASKS else {}
        names = [*(name for name in declared if name in outcome), *(name for name in outcome if name not in declared)]
        return [
            (self.label(kind, name), self.value(kind, name, outcome[name])) for name in names if name not in without
        ]

    def label(self, kind: str, name: str) -> str:
        """Returns the English label of a field."""
        field = TASKS[kind].form.model_fields.get(name) if kind in TASKS else None
        return (field.title if field else None) or words(name)

    def value(self, kind: str, name: str, raw: Any) -> str:
        """Returns an entered value in words."""
        field = TASKS[kind].form.model_fields.get(name) if kind in TASKS else None
        if isinstance(raw, str) and field is not None:
            for choice in choices(field.annotation):
                if raw in {member.value for member in choice}:
                    return self._texts.say(choice(raw).title_text)
            kinds = _parts(field.annotation)
            if not {datetime, AwareDatetime}.isdisjoint(kinds):
                return self._texts.instant(datetime.fromisoformat(raw))
            if date in kinds:
                return self._texts.day(date.fromisoformat(raw))
        if isinstance(raw, (list, tuple)):
            return "\n".join(self._line(item) if isinstance(item, Mapping) else plain(item) for item in raw)
        return plain(raw)

    def _line(self, item: Mapping[str, Any]) -> str:
        """One line of several: a cost with its amount, anything else as it was entered."""
        if "amount" not in item:
            return " · ".join(plain(value) for value in item.values())
        try:
            amount = self._texts.money(Decimal(str(item.get("amount"))))
        except InvalidOperation:
            amount = plain(item.get("amount"))
        payer = item.get("payer")
        borne_by = self._texts.say(Payer(payer).title_text) if payer in {one.value for one in Payer} else None
        return " · ".join(filter(None, (plain(item.get("text")), amount, borne_by)))

    def who(self, task: TaskState) -> str:
        """Returns who completed a task, with the role they acted in."""
        if not task.done:
            return ""
        actor, role = task.done.by, self._texts.role
        return f"{actor.name}, {role(actor.role)}" + (f" → {role(actor.acting_for)}" if actor.acting_for else "")


def _parts(annotation: Any) -> list[Any]:
    """The types an annotation is made of, as far as they can be compared."""
    inner = [part for argument in get_args(annotation) for part in _parts(argument)]
    return [annotation, *inner] if isinstance(annotation, type) else inner


def choices(annotation: Any) -> list[type[Choice]]:
    """Returns the kinds of choice that a field's annotation names."""
    return [part for part in _parts(annotation) if issubclass(part, Choice)]


def plain(value: Any) -> str:
    """Returns a value as text, empty for none."""
    return "" if value is None else str(value)


def words(name: str) -> str:
    """Returns a short name as words: `work_done` is “Work done”."""
    return name.replace("_", " ").capitalize()
