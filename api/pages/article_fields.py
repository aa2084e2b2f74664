"""The form of an article: the fields that its declaration makes, lists typed as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.pages.article_parts import steps_as_text
from api.pages.entered import Entered
from api.pages.fields import Field, Kind, Option, fields_of
from api.pages.languages import _, lazy, say
from domain.case import FaultCategory
from domain.knowledge import ArticleContent
from domain.plan import Plan

_COMMAS = re.compile(r"[,，;；、\n]")
_NUMBERED = re.compile(r"^(?:\d{1,2}[.)、]|[-*•])\s*")
_HINTS = {
    "models": lazy("With commas between them. AX-200 stands for its variants too; none for every product."),
    "steps": lazy("One step a line; a line that begins with a blank goes on with the step above it."),
}


def article_fields(plans: Mapping[str, Plan]) -> tuple[Field, ...]:
    """The fields of an article."""
    return tuple(_field(one, plans) for one in fields_of(ArticleContent.model_json_schema()))


def _field(one: Field, plans: Mapping[str, Plan]) -> Field:
    match one.name:
        case "models":
            return replace(one, kind=Kind.LINE, hint=_HINTS["models"], longest=None, most=None)
        case "steps":
            return replace(one, kind=Kind.PROSE, hint=_HINTS["steps"], longest=None, most=None)
        case "plan":
            named = (Option(name, say(plan.title)) for name, plan in plans.items())
            return replace(one, kind=Kind.PICK, hint="", options=(Option("", _("every procedure")), *named))
        case "category":
            kinds = (Option(kind.value, say(kind.title_text)) for kind in FaultCategory)
            return replace(one, kind=Kind.PICK, options=(Option("", _("all that is known of the product")), *kinds))
    return one


def entered_of(content: ArticleContent, version: int) -> Entered:
    """An article as it would have been typed."""
    said = content.model_dump(mode="json")
    said |= {"models": ", ".join(content.models), "steps": steps_as_text(content.steps), "version": version}
    return Entered(texts={name: str(value) for name, value in said.items() if value is not None})


def values_of(entered: Entered) -> dict[str, Any]:
    """What was typed as the fields of an article."""
    found: dict[str, Any] = {
        name: text for name in ("title", "plan", "category", "symptom", "text") if (text := entered.text(name))
    }
    found["models"] = [model.strip() for model in _COMMAS.split(entered.text("models")) if model.strip()]
    found["steps"] = _steps(entered.texts.get("steps", ""))
    return found


def _steps(text: str) -> list[str]:
    steps: list[str] = []
    for line in text.splitlines():
        plain = line.strip()
        if not plain:
            continue
        if steps and line[0].isspace():
            steps[-1] += f"\n{plain}"
        elif step := _NUMBERED.sub("", plain):
            steps.append(step)
    return steps
