"""The texts that the domain declares for people: titles of tasks and fields, answers of choices, titles of papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.documents.kinds import DocumentKind
from domain.tasks import TASKS


def domain_texts() -> dict[str, str]:
    """Returns each text the domain declares, with what declares it."""
    found: dict[str, str] = {}
    for text, where in _all():
        if text:
            found.setdefault(text, where)
    return found


def _all() -> Iterator[tuple[str, str]]:
    for kind in DocumentKind:
        yield kind.title_text, "the kinds of papers"
    for task in TASKS.values():
        yield task.title, f"the task {task.name}"
        yield from ((text, f"the form of {task.name}") for text in schema_texts(task.form.model_json_schema()))


def schema_texts(schema: Any) -> Iterator[str]:
    """Says every title of a form's fields and answers, and what it says about its fields."""
    for form in (schema, *schema.get("$defs", {}).values()):
        for field in form.get("properties", {}).values():
            yield field.get("title", "")
        for answer in form.get("oneOf", ()):
            yield answer.get("title", "")
